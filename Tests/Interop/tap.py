"""Stands between an official client and a server: passes every byte on and keeps a copy of both ways in a file.

    python tap.py JOURNAL SERVER [ARGUMENT...]

The journal has one JSON array a line: ["<" or ">", line], and at the end ["exit", code].
"""

import json
import os
import subprocess
import sys
import threading


def main(journal: str, command: list[str]) -> int:
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    lock = threading.Lock()
    with open(journal, "w") as file:
        def note(way: str, what) -> None:
            with lock:
                file.write(json.dumps([way, what]) + "\n")
                file.flush()

        def pump(source: int, sink: int, way: str) -> None:
            rest = b""
            while chunk := os.read(source, 1 << 16):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    note(way, line.decode("utf-8", "backslashreplace"))
                os.write(sink, chunk)
            if rest:
                note(way, rest.decode("utf-8", "backslashreplace") + " (no line end)")

        def down() -> None:
            pump(0, server.stdin.fileno(), ">")
            server.stdin.close()

        threading.Thread(target=down, daemon=True).start()
        try:
            pump(server.stdout.fileno(), 1, "<")
        except BrokenPipeError:
            note("<", "(the client closed the pipe)")
        note("exit", server.wait())
    return server.returncode


if __name__ == "__main__":
    code = main(sys.argv[1], sys.argv[2:])
    os._exit(code if code >= 0 else 1)
