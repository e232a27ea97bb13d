"""PgBouncer in transaction mode in front of a test's PostgreSQL: every transaction may run on another of few connections."""

import os
import re
import shutil
import subprocess
import time

import psycopg

from postgres import Cluster, scratch

PORT = 6432  # it is in the socket's name only


def program() -> str:
    for path in (shutil.which("pgbouncer"), "/usr/sbin/pgbouncer", "/opt/homebrew/bin/pgbouncer", "/usr/local/bin/pgbouncer"):
        if path and os.access(path, os.X_OK):
            return path
    raise RuntimeError("PgBouncer is not installed: run script/bootstrap --test")


def keeps_prepared() -> bool:
    """Whether it can keep prepared statements in transaction mode: since 1.21."""
    said = subprocess.run([program(), "--version"], check=True, capture_output=True, text=True).stdout
    return tuple(map(int, re.search(r"(\d+)\.(\d+)", said).groups())) >= (1, 21)


class Pooler:
    def __init__(self, cluster: Cluster, size: int = 4) -> None:
        self.folder = scratch("atlas-pb.")
        prepared = "max_prepared_statements = 200" if keeps_prepared() else ""
        (self.folder / "users.txt").write_text('"app" ""\n"postgres" ""\n')
        (self.folder / "pgbouncer.ini").write_text(f"""
[databases]
* = host={cluster.folder} port={cluster.port}
[pgbouncer]
listen_addr =
unix_socket_dir = {self.folder}
listen_port = {PORT}
auth_type = trust
auth_file = {self.folder}/users.txt
admin_users = postgres
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 1000
server_check_delay = 2
server_login_retry = 1
{prepared}
""")
        if cluster.user:
            for path in (self.folder, *self.folder.iterdir()):
                shutil.chown(path, "postgres", "postgres")
        self.process = subprocess.Popen(
            [program(), "-q", self.folder / "pgbouncer.ini"], cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True, **cluster.user)
        deadline = time.monotonic() + 20
        while True:
            try:
                psycopg.connect(f"host={self.folder} port={PORT} user=app dbname=postgres", connect_timeout=5, prepare_threshold=None).close()
                return
            except psycopg.OperationalError:
                assert time.monotonic() < deadline and self.process.poll() is None, "PgBouncer did not start"
                time.sleep(0.02)

    def url(self, database: str) -> str:
        return f"postgresql:///{database}?host={self.folder}&port={PORT}&user=app"

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)
