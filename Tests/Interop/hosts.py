"""Who talks to all four servers at once: our own client, which judges every line, or the official one of PyPI mcp 2.x."""

import asyncio
import contextlib
import sys
import threading
from pathlib import Path

import mcp

from client import COMMAND, Server
from diary import CALENDAR
from mailroom import EMAIL
from telephone import TWILIO

SERVERS = {
    "crm": [*COMMAND, "--toolsets", "default,context"], "email": [*EMAIL, "--toolsets", "default"],
    "calendar": [*CALENDAR, "--toolsets", "default,scheduling"], "twilio": [*TWILIO, "--toolsets", "default,calls"]}


class Hosts:
    """Four servers, each started when it is first needed, by `launch` of conftest."""

    def __init__(self, launch, env: dict[str, str]) -> None:
        self.launch, self.env, self.servers = launch, env, {}

    def server(self, name: str) -> Server:
        if name not in self.servers:
            program, *words = SERVERS[name]
            self.servers[name] = self.launch(*words, command=[program], **self.env)
            self.servers[name].initialize()
        return self.servers[name]

    def call(self, name: str, tool: str, arguments: dict) -> dict:
        return self.server(name).call(tool, arguments, timeout=60)

    def start(self, name: str, tool: str, arguments: dict):
        """Asks and does not wait; the result comes of calling what is given back."""
        server = self.server(name)
        asked = server.begin(tool, **arguments)
        return lambda: server.answer(asked, 60)["result"]

    def read(self, name: str, uri: str) -> str:
        return self.server(name).request("resources/read", {"uri": uri})["contents"][0]["text"]

    def kill(self, name: str) -> None:
        """SIGKILL; the next call starts a fresh one."""
        self.server(name).kill()
        del self.servers[name]

    def end(self) -> None:
        for server in self.servers.values():
            server.end()


class OfficialHosts:
    """Four official clients in a thread of their own, each with its server; `journals` is what went over the wire."""

    def __init__(self, folder: Path, mode: str, env: dict[str, str]) -> None:
        self.folder, self.mode, self.env = folder, mode, env
        self.journals = [folder / name for name in SERVERS]
        self.loop, self.clients, self.problem = asyncio.new_event_loop(), {}, None
        self.ready, self.over = threading.Event(), asyncio.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        assert self.ready.wait(60) and not self.problem, self.problem

    def run(self) -> None:
        try:
            self.loop.run_until_complete(self.converse())
        except BaseException as problem:  # noqa: BLE001 - reported by the test
            self.problem = problem
        self.ready.set()

    async def converse(self) -> None:
        async with contextlib.AsyncExitStack() as open:
            for name, command in SERVERS.items():
                # Official clients hand down only a filtered environment, so it stands in the command.
                words = [*(f"{k}={v}" for k, v in self.env.items()), sys.executable, str(Path(__file__).parent / "tap.py"), str(self.folder / name), *command]
                parameters = mcp.StdioServerParameters(command="/usr/bin/env", args=words, env=None)
                self.clients[name] = await open.enter_async_context(mcp.Client(parameters, mode=self.mode, read_timeout_seconds=60))
            self.ready.set()
            await self.over.wait()

    def wait(self, question):
        return asyncio.run_coroutine_threadsafe(question, self.loop).result(90)

    def call(self, name: str, tool: str, arguments: dict) -> dict:
        result = self.wait(self.clients[name].call_tool(tool, arguments))
        return result.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"structured_content"}) | (
            {} if result.is_error else {"structuredContent": result.structured_content})

    def read(self, name: str, uri: str) -> str:
        return self.wait(self.clients[name].read_resource(uri)).contents[0].text

    def end(self) -> None:
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join(30)
        assert not self.thread.is_alive() and self.problem is None, self.problem
