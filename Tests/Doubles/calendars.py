"""Real CalDAV servers that others wrote, in a private folder on loopback and in clear: Radicale and Xandikos.

    python3 calendars.py radicale|xandikos      prints where it is as a line of JSON, and ends with its standard input

Radicale has users with passwords; a calendar whose name begins with `readonly-` can only be read by its own user, and is written by
ADMIN. Xandikos takes no passwords without TLS, and everybody for its one user. They run with the Python that this runs with.
"""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

USER, PASSWORD = "office", "calendar-Secret-3"  # must never be seen in any output
ADMIN = ("admin", "calendar-Secret-4")

RADICALE = """
[server]
hosts = 127.0.0.1:{port}
max_connections = 100
[auth]
type = htpasswd
htpasswd_filename = {folder}/htpasswd
htpasswd_encryption = plain
delay = 0
[rights]
type = from_file
file = {folder}/rights
[storage]
filesystem_folder = {folder}/data
[web]
type = none
[logging]
level = warning
"""
RIGHTS = """
[admin]
user: admin
collection: .*
permissions: RrWw
[root]
user: .+
collection:
permissions: R
[principal]
user: .+
collection: {user}
permissions: RW
[notices]
user: .+
collection: {user}/readonly-[^/]*
permissions: r
[calendars]
user: .+
collection: {user}/[^/]+
permissions: rw
"""


class Server:
    """A running server; `home` is where the user's calendars are."""

    host, user, password, home = "127.0.0.1", USER, PASSWORD, ""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="atlas-dav.", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.process = None
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    @property
    def url(self):
        return f"http://{self.host}:{self.port}/"

    def command(self):
        """The server's command line, whatever it reads written."""
        raise NotImplementedError

    def start(self):
        """Also after `stop`, with what it had."""
        for _ in range(3):  # another program may take the port first
            with socket.socket() as one:
                one.bind((self.host, 0))
                self.port = one.getsockname()[1]
            with open(self.folder / "log", "ab") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", *self.command()], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
            end = time.monotonic() + 20
            while time.monotonic() < end and self.process.poll() is None:
                try:
                    return socket.create_connection((self.host, self.port), 1).close()
                except OSError:
                    time.sleep(0.02)
            self.stop()
        raise RuntimeError(f"it did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Radicale(Server):
    home = f"/{USER}/"

    def command(self):
        (self.folder / "htpasswd").write_text("".join(f"{user}:{password}\n" for user, password in ((USER, PASSWORD), ADMIN)))
        (self.folder / "rights").write_text(RIGHTS)
        (self.folder / "configuration").write_text(RADICALE.format(port=self.port, folder=self.folder))
        return ["radicale", "--config", self.folder / "configuration"]


class Xandikos(Server):
    home = f"/{USER}/calendars/"

    def command(self):
        return ["xandikos", "serve", "-d", self.folder / "data", "--state-dir", self.folder / "state", "--no-detect-systemd", "-l", self.host, "-p", str(self.port),
                "--current-user-principal", f"/{USER}/", "--autocreate"]


if __name__ == "__main__":
    with {"radicale": Radicale, "xandikos": Xandikos}[sys.argv[1]]() as server:
        print(json.dumps({"url": server.url, "home": server.home, "user": server.user, "password": server.password}), flush=True)
        sys.stdin.read()
