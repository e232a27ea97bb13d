"""A private PostgreSQL for the tests: Unix socket only, no password for its own roles, gone at the end."""

import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
SCRATCH = "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"
PASSWORD = "correct-horse-battery"  # of the one role that needs one; must never be seen in any output


def binaries() -> str:
    """The folder with initdb and postgres: the one configured, the newest Debian has, Homebrew's, or the path's."""
    folders = [os.environ.get("ATLAS_POSTGRES_BIN", "")]
    folders += sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[4]), reverse=True)
    folders += sorted(glob.glob("/opt/homebrew/opt/postgresql*/bin") + glob.glob("/usr/local/opt/postgresql*/bin"))
    folders += [os.path.dirname(shutil.which("initdb") or "")]
    for folder in folders:
        if folder and os.access(f"{folder}/initdb", os.X_OK):
            return folder
    raise RuntimeError("PostgreSQL is not installed (initdb not found): run script/bootstrap")


def scratch(prefix: str) -> Path:
    """A short-named folder (socket paths are limited to about 100 bytes) that a daemon's user may enter."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=SCRATCH))
    folder.chmod(0o755)
    return folder


class Cluster:
    port = 5432  # it is in the socket's name only

    def __init__(self, max_connections: int = 200) -> None:
        self.folder = scratch("atlas-pg.")
        self.data = self.folder / "data"
        self.user = {"user": "postgres", "group": "postgres", "extra_groups": []} if ROOT else {}
        self.process: subprocess.Popen | None = None
        self.bin = binaries()
        self.data.mkdir(mode=0o700)
        if ROOT:
            for path in (self.folder, self.data):
                shutil.chown(path, "postgres", "postgres")
        command = [f"{self.bin}/initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust", "-N"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **self.user)
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(f"fsync = off\nmax_connections = {max_connections}\nlisten_addresses = ''\nshared_buffers = 32MB\n")
            conf.write(f"unix_socket_directories = '{self.folder}'\nlog_min_messages = fatal\n")
            conf.write("dynamic_shared_memory_type = mmap\ntimezone = 'UTC'\n")
        (self.data / "pg_hba.conf").write_text("local all locked scram-sha-256\nlocal all all trust\nlocal replication postgres trust\n")
        self.start()
        self.execute("postgres", "create role app login", f"create role locked login password '{PASSWORD}'")

    def start(self) -> None:
        """Starts the server; after a kill it may have to wait for the last of the old processes."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            self.process = subprocess.Popen(
                [f"{self.bin}/postgres", "-D", self.data, "-p", str(self.port)], cwd="/", stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **self.user)
            while time.monotonic() < deadline and self.process.poll() is None:
                try:
                    psycopg.connect(self.conninfo("postgres")).close()
                    return
                except psycopg.OperationalError:
                    time.sleep(0.02)
            time.sleep(0.1)
        raise RuntimeError("the tests' PostgreSQL did not start")

    def kill(self) -> None:
        """Ends it as a crash would: at once, without a checkpoint."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)

    def restart(self) -> None:
        """As an administrator does: those who are connected are sent away, and it is back after a moment."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        self.start()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def conninfo(self, database: str, user: str = "postgres") -> str:
        return f"host={self.folder} port={self.port} dbname={database} user={user} connect_timeout=5"

    def url(self, database: str, user: str = "app") -> str:
        return f"postgresql:///{database}?host={self.folder}&port={self.port}&user={user}"

    def connect(self, database: str, user: str = "postgres", **options) -> psycopg.Connection:
        return psycopg.connect(self.conninfo(database, user), **{"autocommit": True, **options})

    def execute(self, database: str, *statements: str) -> None:
        with self.connect(database) as connection:
            for statement in statements:
                connection.execute(statement)

    def create(self, name: str, template: str | None = None) -> None:
        """A database of the plain role `app`: the servers need no superuser."""
        self.execute("postgres", f"create database {name} owner app" + (f" template {template}" if template else ""))
        self.execute(name, "alter schema public owner to app")

    def drop(self, name: str) -> None:
        self.execute("postgres", f"drop database if exists {name} with (force)")


class Database:
    """One database of a cluster, as a test sees it."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster, self.name = cluster, name
        self.url = cluster.url(name)
        self.connection: psycopg.Connection | None = None

    def sql(self, statement: str, *values):
        """Runs one statement as the superuser; its rows, if it has any."""
        if self.connection is None or self.connection.closed:
            self.connection = self.cluster.connect(self.name)
        cursor = self.connection.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []

    def value(self, statement: str, *values):
        return self.sql(statement, *values)[0][0]

    def hold(self, statement: str, *values) -> psycopg.Connection:
        """Keeps the locks of a statement until the returned connection is closed: whoever needs them is slow."""
        connection = self.cluster.connect(self.name, autocommit=False)
        connection.execute(statement, values or None)
        return connection

    def running(self, user: str = "app") -> int:
        """Statements that the servers have running at this moment."""
        return self.value(
            "select count(*) from pg_stat_activity where datname = %s and usename = %s and state = 'active'", self.name, user)

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.cluster.drop(self.name)
