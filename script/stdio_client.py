"""A host in a hundred lines: starts an MCP server and talks to it over its pipes. Python's standard library only."""

import json
import os
import queue
import subprocess
import threading


class Refused(Exception):
    """The server answered with a JSON-RPC error."""


class Server:
    """A server process. Use it in a `with`; `close()` says end of input and gives the exit code."""

    def __init__(self, command, environment, folder, timeout=60.0, watch=lambda direction, line: None):
        """Started in `folder`; `watch` sees every line that goes out ("→") and comes in ("←")."""
        self.timeout, self.watch = timeout, watch
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=folder
        )
        self.lines, self.errors, self.last_id = queue.Queue(), [], 0
        self.readers = [threading.Thread(target=self._read, daemon=True), threading.Thread(target=self._log, daemon=True)]
        for reader in self.readers:
            reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def _log(self):
        for line in self.process.stderr:
            self.errors.append(line.decode(errors="replace"))

    def log(self):
        """What the server wrote to stderr."""
        return "".join(self.errors)

    def _send(self, message):
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        self.watch("→", line)
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise SystemExit(f"The server has gone away.\n{self.log()}") from None

    def notify(self, method, params=None):
        self._send({"jsonrpc": "2.0", "method": method} | ({"params": params} if params else {}))

    def request(self, method, params=None):
        """Sends a request and waits for its result; notifications that come before it are passed over."""
        self.last_id += 1
        request = {"jsonrpc": "2.0", "id": self.last_id, "method": method}
        self._send(request | ({"params": params} if params is not None else {}))
        while True:
            try:
                line = self.lines.get(timeout=self.timeout)
            except queue.Empty:
                raise SystemExit(f"No answer to {method} in {self.timeout:.0f} s.\n{self.log()}") from None
            if line is None:
                code = self.process.wait()
                raise SystemExit(f"The server ended (code {code}) before it answered {method}.\n{self.log()}")
            self.watch("←", line.decode().rstrip("\n"))
            try:
                message = json.loads(line)
            except ValueError:
                raise SystemExit(f"Something other than JSON on the wire: {line!r}\n{self.log()}") from None
            if message.get("id") != self.last_id:
                continue
            if "error" in message:
                raise Refused(f"{method}: {message['error']}")
            return message["result"]

    def open(self, name, version="1"):
        """The handshake of the 2025-11-25 revision. Returns what the server says of itself."""
        hello = self.request(
            "initialize",
            {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": name, "version": version}},
        )
        self.notify("notifications/initialized")
        return hello

    def call(self, tool, **arguments):
        """The whole result of a tool call: `structuredContent`, or `isError` and a text."""
        return self.request("tools/call", {"name": tool, "arguments": arguments})

    def close(self):
        """End of input. Returns the exit code, or None if the server had to be killed."""
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            code = self.process.wait(self.timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = None
        for reader in self.readers:
            reader.join(5)
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.close()


def clean_environment(**extra):
    """This process's environment without any of Atlas's own variables, so that no real database is ever touched."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ATLAS_")} | extra
