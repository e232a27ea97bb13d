"""A PostgreSQL of the benchmark's own, databases of contacts in it, and pgbench beside it."""

import csv
import glob
import os
import pwd
import re
import shutil
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# The tables as another program made them; the server's own migrations take it from there.
BEFORE = ["012", "016", "030", "034", "035", "036"]


def binary(name):
    """The newest PostgreSQL's program, from where Debian and Homebrew put it, else from the PATH."""
    places = [*glob.glob("/usr/lib/postgresql/*/bin"), *glob.glob("/opt/homebrew/opt/postgresql@*/bin")]
    places.sort(key=lambda place: int(re.search(r"(\d+)/bin$", place)[1]))
    for place in reversed(places):
        if os.access(os.path.join(place, name), os.X_OK):
            return os.path.join(place, name)
    return shutil.which(name) or name


class Cluster:
    """A PostgreSQL under `folder`, on a Unix socket, durable, with the settings of the one that Atlas starts for itself."""

    def __init__(self, folder):
        self.folder, self.data = folder, os.path.join(folder, "data")
        # PostgreSQL refuses to run as root.
        self.user = pwd.getpwnam("postgres").pw_name if os.getuid() == 0 else None
        os.makedirs(folder, exist_ok=True)
        if self.user:
            os.chmod(folder, 0o711)
            shutil.chown(folder, self.user)
        if not os.path.exists(os.path.join(self.data, "PG_VERSION")):
            self._run("initdb", "-D", self.data, "-U", "atlas", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-k")
        self._run(
            "pg_ctl", "-D", self.data, "-w", "-s", "-l", os.path.join(folder, "log"), "start", "-o",
            f"-c listen_addresses= -c unix_socket_directories={folder} -c unix_socket_permissions=0777 -c fsync=on "
            "-c shared_buffers=64MB -c max_connections=150 -c jit=off "
            "-c logging_collector=on -c log_destination=csvlog -c log_directory=log -c log_filename=all.log",
        )

    def _run(self, name, *arguments):
        done = subprocess.run(
            [binary(name), *arguments], user=self.user, group=self.user, cwd="/", stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, extra_groups=[] if self.user else None,
        )
        if done.returncode:
            raise SystemExit(f"{name}: {done.stderr}")

    def url(self, database):
        return f"postgresql:///{database}?host={self.folder}&user=atlas"

    def sql(self, database, text=None, file=None, **variables):
        """Runs SQL and returns what it prints, unaligned."""
        command = [binary("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "atlas", "-d", database]
        for name, value in variables.items():
            command += ["-v", f"{name}={value}"]
        if file:
            command += ["-f", file]
        done = subprocess.run(command, input=text, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"psql: {done.stderr}")
        return done.stdout.strip()

    def has(self, database):
        return self.sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{database}'") == "1"

    def seed(self, database, size):
        """Makes `database` with `size` contacts, as another program would have left them."""
        self.sql("postgres", f"CREATE DATABASE {database}_new")
        for number in BEFORE:
            (file,) = glob.glob(os.path.join(ROOT, "migrations", f"{number}_*.sql"))
            self.sql(f"{database}_new", file=file)
        self.sql(f"{database}_new", file=os.path.join(ROOT, "Benchmarks", "sql", "seed.sql"), size=size)
        self.sql("postgres", f"ALTER DATABASE {database}_new RENAME TO {database}")

    def settle(self, database):
        """What a database in use has had long ago."""
        self.sql(database, "VACUUM (ANALYZE)")
        self.sql(database, "CHECKPOINT")

    def record(self, database, action):
        """The statements that connections opened by `action` run, values filled in: a list of SQL texts, in order."""
        log = os.path.join(self.data, "log", "all.csv")
        self.sql("postgres", f"ALTER DATABASE {database} SET log_statement = 'all'")
        before = os.path.getsize(log)
        action()
        self.sql("postgres", f"ALTER DATABASE {database} RESET log_statement")
        time.sleep(0.3)  # the collector writes behind
        with open(log, newline="") as file:
            file.seek(before)
            rows = list(csv.reader(file))
        statements = []
        for row in rows:
            found = re.match(r"(?:execute [^:]*|statement): (.*)", row[13], re.DOTALL)
            if row[2] == database and found:
                statements.append(filled_in(found[1], row[14]))
        return statements

    def hold(self, database, statement, seconds):
        """Runs `statement` in a transaction that keeps its locks for `seconds`; returns when it has them."""
        session = subprocess.Popen(
            [binary("psql"), "-XqAt", "-h", self.folder, "-U", "atlas", "-d", database], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )
        session.stdin.write(f"BEGIN; {statement};\n\\echo held\nSELECT pg_sleep({seconds}); COMMIT;\n")
        session.stdin.close()
        while line := session.stdout.readline():
            if line == "held\n":
                return session
        raise SystemExit("psql ended before it had the lock")

    def pgbench(self, database, scripts, seconds, clients=1, **variables):
        """Runs the scripts (picked at random) with prepared statements. Returns (transactions a second, seconds each took)."""
        work = os.path.join("/tmp", f"atlas-pgbench-{os.getpid()}")
        os.makedirs(work, mode=0o700, exist_ok=True)
        try:
            command = [
                binary("pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, os.cpu_count() or 1)),
                "-T", str(max(1, round(seconds))), "-h", self.folder, "-U", "atlas", "--log", "--log-prefix=times",
            ]
            for index, script in enumerate(scripts):
                path = os.path.join(work, f"{index}.sql")
                with open(path, "w") as file:
                    file.write(script)
                command += ["-f", path]
            for name, value in variables.items():
                command += ["-D", f"{name}={value}"]
            done = subprocess.run([*command, database], capture_output=True, text=True, cwd=work)
            rate = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
            if done.returncode or not rate:
                raise SystemExit(f"pgbench: {done.stdout}{done.stderr}")
            times = []
            for log in glob.glob(os.path.join(work, "times.*")):
                with open(log) as file:
                    times += [int(line.split()[2]) / 1e6 for line in file]
            return float(rate[1]), times
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def close(self):
        self._run("pg_ctl", "-D", self.data, "-w", "-s", "-m", "fast", "stop")


def filled_in(statement, detail):
    """A logged statement with its parameters in their places."""
    values = {}
    for number, text in re.findall(r"\$(\d+) = ('(?:[^']|'')*'|NULL)", detail.removeprefix("parameters: ")):
        values[number] = text
    return re.sub(r"\$(\d+)", lambda place: values.get(place[1], place[0]), statement)


def wait_until_idle(limit=30):
    """Waits until the machine has calmed down a little, so that one part's aftermath is not measured in the next."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        with open("/proc/stat") as stat:
            before = [int(x) for x in stat.readline().split()[1:]]
        time.sleep(0.5)
        with open("/proc/stat") as stat:
            after = [int(x) for x in stat.readline().split()[1:]]
        passed = [b - a for a, b in zip(before, after)]
        if (passed[3] + passed[4]) / max(1, sum(passed)) > 0.9:
            return
