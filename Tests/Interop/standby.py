"""A primary and a standby that every commit waits for, to be torn apart."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from postgres import Cluster


class Standby(Cluster):
    """A streaming copy of `primary`, in the same folder of sockets."""

    port = 5433

    def __init__(self, primary: Cluster) -> None:
        self.primary, self.folder, self.user, self.bin = primary, primary.folder, primary.user, primary.bin
        self.data, self.process = primary.folder / "standby", None
        command = [f"{self.bin}/pg_basebackup", "-h", self.folder, "-p", str(primary.port), "-U", "postgres", "-D", self.data, "-R",
                   "-d", "application_name=standby", "--checkpoint=fast", "--no-sync", "-X", "stream"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **self.user)
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write("wal_retrieve_retry_interval = 200ms\n")  # 5 s otherwise, for which commits wait when the primary was restarted
        self.start()

    def promote(self) -> float:
        """Makes it the primary; when it was one, by the monotonic clock."""
        subprocess.run([f"{self.bin}/pg_ctl", "-D", self.data, "-s", "-w", "promote"], check=True, cwd="/", **self.user)
        return time.monotonic()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(20)


class Pair:
    """Both, and how a server is told of them."""

    def __init__(self) -> None:
        self.primary = Cluster()
        self.standby = Standby(self.primary)
        self.frozen: list[int] = []
        # Not before there is one: every commit would wait for it.
        self.primary.execute("postgres", "alter system set synchronous_standby_names = 'standby'", "select pg_reload_conf()")
        deadline = time.monotonic() + 10
        while not self.primary.connect("postgres").execute("select 1 from pg_stat_replication where sync_state = 'sync'").fetchone():
            assert time.monotonic() < deadline, "the standby does not follow"
            time.sleep(0.02)

    def url(self, database: str) -> str:
        """All hosts; libpq looks for the one that takes changes."""
        ports = f"{self.primary.port},{self.standby.port}"
        return f"postgresql:///{database}?host={self.primary.folder},{self.primary.folder}&port={ports}&user=app&target_session_attrs=read-write"

    def lose_primary(self) -> None:
        """SIGKILL: no word to anybody, and its processes end when they notice."""
        self.primary.process.kill()
        self.primary.process.wait(20)

    def freeze(self, cluster: Cluster) -> None:
        """None of its processes does anything any more; it says goodbye to nobody, and the kernel goes on taking connections for it."""
        children = Path(f"/proc/{cluster.process.pid}/task/{cluster.process.pid}/children")
        self.frozen = [cluster.process.pid, *map(int, children.read_text().split())]
        for number in self.frozen:
            os.kill(number, signal.SIGSTOP)

    def thaw(self) -> None:
        for number in self.frozen:
            os.kill(number, signal.SIGCONT)
        self.frozen = []

    def stop(self) -> None:
        self.thaw()
        for cluster in (self.standby, self.primary):
            if cluster.process and cluster.process.poll() is None:
                cluster.kill()
        memory = (self.primary.data / "postmaster.pid")
        if memory.exists():  # of one that was killed: its key to the shared memory is still there
            line = memory.read_text().splitlines()[6:7]
            for number in (line[0].split()[1:2] if line else []):
                subprocess.run(["ipcrm", "-m", number], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.primary.folder, ignore_errors=True)
