"""A client that hides nothing: raw lines both ways, everything kept, everything timed, every answer validated."""

import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import validate

ENV = "io.modelcontextprotocol/"
BIN = os.environ.get("ATLAS_BIN") or str(validate.REPOSITORY / ".build/release")
NOWHERE = "/dev/null/none"  # a home that not even root can make
COMMAND = [os.environ.get("ATLAS_CRM_SERVER") or f"{BIN}/CRMServer"]
# What official clients hand down, and nothing of the developer's own configuration.
KEPT = ("PATH", "TERM", "USER", "LOGNAME", "LANG", "LD_LIBRARY_PATH", "ATLAS_POSTGRES_BIN", "SWIFT_BACKTRACE")


def dumps(message) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def modern_meta(capabilities=None, **extra) -> dict:
    return {
        ENV + "protocolVersion": validate.MODERN,
        ENV + "clientInfo": {"name": "atlas-tests", "version": "1"},
        ENV + "clientCapabilities": capabilities if capabilities is not None else {},
        **extra,
    }


class Failure(Exception):
    """A JSON-RPC error, as the server sent it."""

    def __init__(self, error: dict) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code, self.message, self.data = error["code"], error["message"], error.get("data")


class Server:
    """One server process and the conversation with it."""

    def __init__(self, *arguments: str, env: dict | None = None, home: Path | str = NOWHERE, reading: bool = True,
                 command: list[str] | None = None, **popen) -> None:
        kept = {key: os.environ[key] for key in KEPT if key in os.environ}
        environment = {**kept, "HOME": str(home), "ATLAS_HOME": str(home), "ATLAS_TIMEZONE": "America/Chicago", **(env or {})}
        environment = {key: value for key, value in environment.items() if value is not None}
        self.process = subprocess.Popen(
            [*(command or COMMAND), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment, bufsize=0, start_new_session=True, **popen)
        self.journal: list[tuple[float, str, bytes]] = []  # (time, ">" or "<", line), in order
        self.revision: str | None = None                   # what `initialize` agreed on
        self.modern: dict | None = None                    # the `_meta` of every request, once it speaks 2026-07-28
        self.trust = True                                  # judge the lines at the end
        self._asked: dict[tuple[type, object], tuple[str, str]] = {}
        self._judged: list[tuple[bytes, dict, str | None]] = []
        self._inbox: list[dict] = []
        self._changed = threading.Condition()
        self._next = 0
        self._stderr: list[bytes] = []
        self._may_read = threading.Event()
        self._eof = False
        if reading:
            self._may_read.set()
        self._threads = [threading.Thread(target=t, daemon=True) for t in (self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()

    # Writing

    def write(self, data: bytes) -> None:
        """Exactly these bytes."""
        view = memoryview(data)
        while view:
            view = view[os.write(self.process.stdin.fileno(), view):]

    def line(self, line: bytes | str) -> None:
        """One line, as it is."""
        line = line.encode() if isinstance(line, str) else line
        self._remember(line)
        self.journal.append((time.monotonic(), ">", line))
        self.write(line + b"\n")

    def send(self, message) -> None:
        self.line(dumps(message))

    def notify(self, method: str, params: dict | None = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, **({} if params is None else {"params": params})})

    def start(self, method: str, params: dict | None = None, *, id=None, meta: dict | None = None) -> object:
        """Sends a request and does not wait: the id to ask `answer` for."""
        if id is None:
            self._next += 1
            id = self._next
        if meta is not None or self.modern is not None:
            params = {**(params or {}), "_meta": {**(self.modern or {}), **(meta or {})}}
        self.send({"jsonrpc": "2.0", "id": id, "method": method, **({} if params is None else {"params": params})})
        return id

    # Reading

    def answer(self, id, timeout: float = 20) -> dict:
        """The whole response with this id, of exactly its JSON type."""
        return self.take(lambda m: "method" not in m and "id" in m and m["id"] == id and type(m["id"]) is type(id), timeout,
                         f"an answer to {id!r}")

    def message(self, method: str, timeout: float = 20) -> dict:
        """The next notification or request of the server with this method."""
        return self.take(lambda m: m.get("method") == method, timeout, method)

    def next(self, timeout: float = 20) -> dict | list:
        """The next message, whatever it is."""
        return self.take(lambda m: True, timeout, "a message")

    def take(self, wanted, timeout: float, what: str):
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                for index, message in enumerate(self._inbox):
                    if wanted(message if isinstance(message, dict) else {}) or (what == "a message"):
                        return self._inbox.pop(index)
                left = deadline - time.monotonic()
                if left <= 0 or self._eof:
                    state = "the end of its output" if self._eof else f"{timeout} s"
                    raise AssertionError(f"no {what} until {state}\n{self.tail()}")
                self._changed.wait(left)

    def silent(self, seconds: float = 0.2) -> None:
        """Nothing comes for this long, and nothing had come."""
        time.sleep(seconds)
        with self._changed:
            assert not self._inbox, f"unexpected: {self._inbox[:3]}"

    def resume_reading(self) -> None:
        self._may_read.set()

    # Requests and tools

    def request(self, method: str, params: dict | None = None, *, timeout: float = 20, **options) -> dict:
        """The result; raises `Failure` for an error."""
        response = self.answer(self.start(method, params, **options), timeout)
        if "error" in response:
            raise Failure(response["error"])
        return response["result"]

    def initialize(self, revision: str = "2025-11-25", capabilities: dict | None = None) -> dict:
        result = self.request("initialize", {
            "protocolVersion": revision, "capabilities": capabilities or {}, "clientInfo": {"name": "atlas-tests", "version": "1"}})
        self.notify("notifications/initialized")
        return result

    def speak_modern(self, capabilities: dict | None = None) -> "Server":
        self.modern = modern_meta(capabilities)
        return self

    def call(self, tool: str, arguments: dict | None = None, **options) -> dict:
        """The result of a tools/call, success or not."""
        return self.request("tools/call", {"name": tool, "arguments": arguments or {}}, **options)

    def begin(self, tool: str, **arguments) -> object:
        return self.start("tools/call", {"name": tool, "arguments": arguments})

    # The end

    def close_input(self) -> None:
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()

    def end(self, timeout: float = 10, code: int | None = 0) -> int:
        """Closes stdin, waits for the process and judges every line it wrote."""
        self.close_input()
        return self.wait(timeout, code)

    def wait(self, timeout: float = 10, code: int | None = 0) -> int:
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not end within {timeout} s\n{self.tail()}") from None
        self._may_read.set()
        for thread in self._threads:
            thread.join(5)
        if self.trust:
            self.judge()
        if code is not None:
            assert self.process.returncode == code, f"exit code {self.process.returncode}\n{self.tail()}"
        return self.process.returncode

    def judge(self) -> None:
        for raw, context, session in self._judged:
            validate.line(raw, lambda m: context.get(key(m)), session)
        self._judged = []
        leak = validate.LEAKS.search(self.stderr)
        assert leak is None, f"stderr shows {leak.group(0)!r}:\n{self.stderr[:2000]}"

    def signal(self, number: int) -> None:
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """SIGKILL, and no judgement of half a line."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        self._may_read.set()
        for thread in self._threads:
            thread.join(5)
        self.close_input()

    @property
    def stderr(self) -> str:
        return b"".join(self._stderr).decode("utf-8", "replace")

    @property
    def lines(self) -> list[bytes]:
        """What the server wrote so far."""
        return [line for _, way, line in self.journal if way == "<"]

    def tail(self) -> str:
        last = "\n".join(f"{way} {line[:400].decode('utf-8', 'replace')}" for _, way, line in self.journal[-8:])
        return f"--- the last lines\n{last}\n--- stderr\n{self.stderr[-1500:]}"

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, kind, *_) -> None:
        if kind is None and self.process.poll() is None:
            self.end()
        elif kind is None:
            self.wait(code=None)
        else:
            self.kill()

    # Threads

    def _remember(self, line: bytes) -> None:
        """Notes what was asked, so that the answer can be judged by its method and revision."""
        if len(line) > 8 << 20:
            return
        try:
            messages = json.loads(line)
        except (ValueError, RecursionError):
            return
        for message in messages if isinstance(messages, list) else [messages]:
            if not isinstance(message, dict) or not isinstance(message.get("method"), str) or "id" not in message:
                continue
            params = message.get("params")
            meta = params.get("_meta") if isinstance(params, dict) else None
            modern = isinstance(meta, dict) and any(k.startswith(ENV) and k != ENV + "related-task" for k in meta)
            revision = validate.MODERN if modern else self.revision or "2025-11-25"
            self._asked[key(message)] = (message["method"], revision)

    def _read(self) -> None:
        rest = b""
        while True:
            self._may_read.wait()
            try:
                chunk = os.read(self.process.stdout.fileno(), 1 << 18)
            except (OSError, ValueError):  # a test closed it
                chunk = b""
            if not chunk:
                break
            *lines, rest = (rest + chunk).split(b"\n")
            now = time.monotonic()
            arrived = []
            for line in lines:
                self.journal.append((now, "<", line))
                try:
                    message = json.loads(line)
                except ValueError:
                    message = {"not JSON": line}
                context = {}
                for one in message if isinstance(message, list) else [message]:
                    if isinstance(one, dict):
                        context[key(one)] = self._note(one)
                self._judged.append((line, context, self.revision))
                arrived.append(message)
            with self._changed:
                self._inbox += arrived
                self._changed.notify_all()
        if rest:
            self._judged.append((rest + b" (no line end)", {}, self.revision))
        with self._changed:
            self._eof = True
            self._changed.notify_all()

    def _note(self, message: dict) -> tuple[str, str] | None:
        asked = self._asked.get(key(message)) if "method" not in message else None
        if asked and asked[0] == "initialize" and isinstance(message.get("result"), dict):
            self.revision = message["result"].get("protocolVersion")
            asked = ("initialize", self.revision)
        return asked

    def _read_errors(self) -> None:
        while chunk := os.read(self.process.stderr.fileno(), 1 << 16):
            self._stderr.append(chunk)


def key(message: dict) -> tuple[type, object]:
    id = message.get("id")
    return (type(id), json.dumps(id))


TERM, INT, KILL = signal.SIGTERM, signal.SIGINT, signal.SIGKILL
