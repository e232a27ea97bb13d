"""What Benchmarks/run does: CRMServer beside a minimal FastMCP server and beside pgbench, interleaved, in one run.

Every round starts the servers afresh and alternates short blocks of the same work, so that a busy moment of the machine hits
all alike. Ratios and differences are taken within a round; the table shows the median over the rounds.
"""

import argparse
import json
import os
import platform
import random
import re
import shlex
import shutil
import sys
import tempfile
import time

import calls
import mail
from database import ROOT, Cluster, wait_until_idle
from driver import Server, Trouble, percentile
from report import Report

PING = [("ping",)]
LIST = [("tools/list",)]
ECHO = [("tools/call", {"name": "echo", "arguments": {"text": "hello"}})]


def tell(text):
    print(text, file=sys.stderr, flush=True)


def p50(times):
    return percentile(times, 0.50)


def p99(times):
    return percentile(times, 0.99)


def yardstick():
    """How long this machine takes for always the same: if it varies, so does everything else."""
    begun = time.perf_counter()
    sum(number * number for number in range(1_000_000))
    return (time.perf_counter() - begun) * 1000


def call(tool, **arguments):
    return ("tools/call", {"name": tool, "arguments": arguments})


class Benchmark:
    def __init__(self, options):
        self.options, self.report = options, Report()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ATLAS_")}
        # The limits on calls a second are there for agents that run wild; here they would be what is measured.
        self.environment = clean | {"ATLAS_RATE_LIMIT": "0", "ATLAS_TIMEZONE": "America/Chicago"}
        self.crm = [os.path.abspath(options.crm)]
        python = os.path.join(ROOT, ".venv", "bin", "python")
        self.twilio = [os.path.abspath(options.twilio)]
        self.email = [os.path.abspath(options.email)]
        self.calendar = [os.path.abspath(options.calendar)]
        self.commands = {
            "CRMServer": self.crm, "EmailServer": self.email, "CalendarServer": self.calendar,
            "TwilioServer": self.twilio,
            "FastMCP": [python, os.path.join(ROOT, "Benchmarks", "echo.py")]}
        for other in options.other:
            name, _, command = other.partition("=")
            self.commands[name] = shlex.split(command)

    def start(self, name, **environment):
        return Server(name, self.commands[name], self.environment | environment)

    def orders(self, rounds):
        """The servers, each round beginning with another."""
        names = list(self.commands)
        for turn in range(rounds):
            shift = turn % len(names)
            yield turn, names[shift:] + names[:shift]

    # --- The protocol alone

    def protocol(self):
        note, options = self.report.note, self.options
        for turn, names in self.orders(options.starts + 1):
            for name in names:
                with self.start(name) as server:
                    cold = server.cold_start()
                    time.sleep(0.1)
                    if turn > 0:  # the first round fills the machine's caches
                        note("cold start", name, cold * 1000, "ms")
                        note("memory at start", name, server.memory(), "MB")
        tell(f"cold starts: {options.starts} of each")
        for turn, names in self.orders(options.rounds):
            note("the same loop every time", "Python", yardstick(), "ms")
            with Server("cat", ["cat"]) as server:
                times = server.sequential(PING, options.seconds / 2, check=False)
                note("driver and pipes alone, p50", "cat(1)", p50(times) * 1e6, "µs")
            for name in names:
                with self.start(name) as server:
                    server.cold_start()
                    server.concurrent(PING, 0.2, 8)  # to warm up
                    times = server.sequential(PING, options.seconds)
                    note("ping p50", name, p50(times) * 1e6, "µs")
                    note("ping p99", name, p99(times) * 1e6, "µs")
                    times = server.sequential(LIST, options.seconds / 2)
                    note("tools/list p50", name, p50(times) * 1e6, "µs")
                    for in_flight in (1, 8, 64):
                        rate, times = server.concurrent(PING, options.seconds, in_flight)
                        note(f"ping, {in_flight} in flight", name, rate, "/s")
                        note(f"ping p99, {in_flight} in flight", name, p99(times) * 1e6, "µs")
                    if name != "CRMServer":
                        if name == "FastMCP":
                            server.concurrent(ECHO, options.seconds, 64)
                        note("memory after load", name, server.memory(), "MB")
                        answered, code, _ = server.end_of_input(ECHO * 32 if name == "FastMCP" else PING * 32)
                        note("answered of 32 at end of input", name, answered, "")
            tell(f"protocol: round {turn + 1} of {options.rounds}")

    # --- Mail that is a network away

    def mail(self):
        mail.measure(self.report.note, self.email, mail.peer(), self.environment, self.options.rounds)
        tell("mail: done")

    # --- On a database

    def database(self, cluster, size):
        options, database = self.options, f"contacts_{size}"
        if not cluster.has(database):
            tell(f"{size:,} contacts: seeding")
            cluster.seed(database, size)
        url = cluster.url(database)
        with self.start("CRMServer", ATLAS_DATABASE_URL=url) as server:
            server.open()
            begun = time.perf_counter()
            self.first_answer(server)
            self.report.fact(f"migrations and first call at {size:,} contacts", f"{time.perf_counter() - begun:.1f} s")
            total = server.call("list_contacts", {"limit": 1})["structuredContent"]["total"]
            if total < size:
                raise SystemExit(f"{size:,} contacts were written, {total:,} are left")
        cluster.settle(database)
        probes = Probes(cluster, database, size)
        self.record(cluster, database, url, probes)
        linking = calls.Calls(cluster, database)

        def start():
            command = [*self.twilio, "--toolsets", "default,calls"]
            return Server("TwilioServer", command, self.environment | {"ATLAS_DATABASE_URL": url})

        script = linking.script(start)
        self.report.facts["SQL of linking a call"] = script
        wait_until_idle()
        for turn in range(options.rounds):
            self.report.note("the same loop every time", "Python", yardstick(), "ms", f"{size:,}")
            self.round(cluster, database, size, url, probes)
            calls.measure(self, cluster, database, f"{size:,}", linking, script, start)
            tell(f"{size:,} contacts: round {turn + 1} of {options.rounds}")

    @staticmethod
    def first_answer(server, limit=900):
        """Waits for the migrations: while they go on, calls are told to come back."""
        deadline = time.monotonic() + limit
        while True:
            try:
                return server.call("get_contact", {"contact_id": "00000000-0000-4000-8000-000000000000"}, timeout=limit)
            except Trouble:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def record(self, cluster, database, url, probes):
        """Asks the server for each probe once and keeps the SQL it ran, for pgbench to run the same."""

        def ask(requests):
            def action():
                with self.start("CRMServer", ATLAS_DATABASE_URL=url) as server:
                    server.open()
                    server.request(*requests[0])  # the first call of a connection sets things up
                    for request in requests:
                        server.request(*request)

            statements = cluster.record(database, action)
            reads = [text.rstrip("; \n") for text in statements if re.match(r"\s*(SELECT|WITH)\b", text, re.IGNORECASE)]
            each = len(reads) // (len(requests) + 1)
            return [";\n".join(reads[-each * turn :][:each]) + ";\n" for turn in range(len(requests), 0, -1)]

        probes.get_sql = ask(probes.get[:100])
        probes.phone_sql = ask(probes.phone[:50])
        probes.email_sql = ask(probes.email[:50])
        probes.name_sql = ask(probes.name[:50])
        probes.list_sql = ask([call("list_contacts")])
        self.report.facts["SQL of get_contact"] = probes.get_sql[0]
        self.report.facts["SQL of search_contacts by name"] = probes.name_sql[0]
        self.report.facts["SQL of list_contacts"] = probes.list_sql[0]

    def round(self, cluster, database, size, url, probes):
        seconds = self.options.seconds
        at = f"{size:,}"

        def note(what, name, value, unit):
            self.report.note(what, name, value, unit, at)

        def one_by_one(what, requests, seconds=seconds):
            used = server.processor()
            times = server.sequential(requests, seconds)
            note(f"{what} p50", "CRMServer", p50(times) * 1e6, "µs")
            note(f"{what} p99", "CRMServer", p99(times) * 1e6, "µs")
            note(f"{what} processor time", "CRMServer", (server.processor() - used) / len(times) * 1e6, "µs")

        def bare(what, scripts, who="pgbench", seconds=seconds):
            _, times = cluster.pgbench(database, scripts, seconds)
            note(f"{what} p50", who, p50(times) * 1e6, "µs")

        with self.start("CRMServer", ATLAS_DATABASE_URL=url) as server:
            server.cold_start()
            server.concurrent(probes.get, 0.5, 64)  # to warm up
            if self.options.sizes.index(size) == 0:
                before = server.memory()
                begun = time.perf_counter()
                server.request(*probes.phone[0])
                first = time.perf_counter() - begun
                note("first phone number, whose library is loaded then", "CRMServer", first * 1000, "ms")
                note("memory it adds", "CRMServer", server.memory() - before, "MB")

            bare("get_contact", probes.get_sql)
            one_by_one("get_contact", probes.get)
            one_by_one("search_contacts by phone", probes.phone)
            one_by_one("search_contacts by e-mail", probes.email)
            times = server.sequential(probes.get, seconds)
            note("get_contact p50 again", "CRMServer", p50(times) * 1e6, "µs")
            bare("search_contacts by phone", probes.phone_sql, seconds=1)
            bare("search_contacts by e-mail", probes.email_sql, seconds=1)

            bare("search_contacts by name", probes.name_sql)
            one_by_one("search_contacts by name", probes.name[: len(probes.name_sql)])
            one_by_one("list_contacts", [call("list_contacts")])
            bare("list_contacts", probes.list_sql, seconds=1)

            bare("create_contact", [INSERT], who="pgbench INSERT")
            one_by_one("create_contact", probes.newcomers(int(10000 * seconds)))

            rate, times = cluster.pgbench(database, probes.get_sql, seconds, clients=8)
            note("get_contact, many in flight", "pgbench, 8 clients", rate, "/s")
            for in_flight in (8, 64):
                rate, times = server.concurrent(probes.get, seconds, in_flight)
                note(f"get_contact, {in_flight} in flight", "CRMServer", rate, "/s")
                note(f"get_contact p99, {in_flight} in flight", "CRMServer", p99(times) * 1e6, "µs")
            rate, times = server.concurrent(probes.newcomers(int(20000 * seconds)), seconds, 64)
            note("create_contact, 64 in flight", "CRMServer", rate, "/s")

            rate, times = server.concurrent(probes.get, seconds, 63)
            note("p99 of 63 in flight", "alone", p99(times) * 1e6, "µs")
            held = cluster.hold(
                database, f"SELECT 1 FROM contacts WHERE id = '{probes.ids[0]}' FOR UPDATE", seconds + 0.5
            )
            slow = [call("update_contact", contact_id=probes.ids[0], city="Springfield")]
            rate, times = server.concurrent(probes.get[1:], seconds, 63, extra=slow)
            note("p99 of 63 in flight", "beside a slow one", p99(times) * 1e6, "µs")
            held.wait()

            note("memory after load", "CRMServer", server.memory(), "MB")
            answered, code, took = server.end_of_input(probes.get[:32])
            note("answered of 32 at end of input", "CRMServer", answered, "")
            note("exit code", "CRMServer", code, "")


with open(os.path.join(ROOT, "Benchmarks", "sql", "insert.sql")) as file:
    INSERT = file.read()


class Probes:
    """What is asked: the same for every run on databases of the same size."""

    def __init__(self, cluster, database, size):
        dice = random.Random(size)
        numbers = sorted(dice.sample(range(1, size + 1), min(500, size)))
        dice.shuffle(numbers)
        rows = cluster.sql(
            database,
            "SELECT id, full_name, coalesce(email, ''), phone FROM contacts WHERE id IN "
            f"({', '.join(f'md5($$contact {number}$$)::uuid' for number in numbers)}) ORDER BY id",
        )
        people = [line.split("|") for line in rows.splitlines()]
        self.ids = [person[0] for person in people]
        self.get = [call("get_contact", contact_id=person[0]) for person in people]
        self.phone = [call("search_contacts", phone=self.retyped(person[3], dice)) for person in people]
        self.email = [call("search_contacts", email=person[2].upper()) for person in people if person[2]]
        self.name = [call("search_contacts", query=self.misspelt(person[1], dice)) for person in people]
        self.get_sql = self.phone_sql = self.email_sql = self.name_sql = self.list_sql = []
        self.next = time.time_ns() // 1000 % 990_000

    @staticmethod
    def retyped(phone, dice):
        """The number, in one of the ways people write it."""
        digits = "".join(character for character in phone if character.isdigit())[-10:]
        area, office, line = digits[:3], digits[3:6], digits[6:]
        ways = [f"({area}) {office}-{line}", f"{area}.{office}.{line}", f"+1{digits}", f"1-{area}-{office}-{line}", digits]
        return dice.choice(ways)

    @staticmethod
    def misspelt(name, dice):
        """The name with one typing error: a letter left out, doubled, or two swapped."""
        at = dice.randrange(1, len(name) - 1)
        return dice.choice(
            [name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:], name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]]
        )

    def newcomers(self, count):
        """People nobody has met: their numbers lie between those of the seed."""
        made = []
        for _ in range(count):
            self.next += 1
            turn, place = divmod(self.next, 990_000)
            number = 2_000_000_000 + place * 7919 + 1 + turn % 7900
            made.append(call("create_contact", full_name=f"Nova Person {self.next}", phone=str(number), email=f"n{number}@example.net"))
        return made


def main():
    parser = argparse.ArgumentParser(prog="Benchmarks/run", description=__doc__)
    parser.add_argument("--crm", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--email", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--calendar", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--twilio", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="one short round at a thousand contacts")
    parser.add_argument("--sizes", default="1000,100000,1000000", help="contacts in each database; 0 for the protocol only")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="of each block")
    parser.add_argument("--starts", type=int, default=20, help="cold starts of each server")
    parser.add_argument("--no-mail", action="store_true", help="leave the mail server out (it needs Dovecot)")
    parser.add_argument("--pin", type=int, metavar="CPU", help="driver and servers share this core; PostgreSQL does not")
    parser.add_argument("--data", help="keep the databases in this folder, and use those that are there")
    parser.add_argument("--other", action="append", default=[], metavar="NAME=COMMAND", help="one more server to ping")
    parser.add_argument("--output", default=os.path.join(ROOT, "Benchmarks", "results"), help="where the results go")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.starts, options.sizes = 1, 1, 5, "1000"
    options.sizes = [int(size) for size in options.sizes.split(",") if int(size) > 0]

    benchmark = Benchmark(options)
    begun, load = time.time(), os.getloadavg()[0]
    folder = options.data or tempfile.mkdtemp(prefix="atlas-bench-", dir="/var/tmp")
    cluster = Cluster(os.path.abspath(folder)) if options.sizes else None
    try:
        if options.pin is not None:
            os.sched_setaffinity(0, {options.pin})
        benchmark.protocol()
        if not options.no_mail:
            benchmark.mail()
        for size in options.sizes:
            benchmark.database(cluster, size)
    finally:
        if cluster:
            cluster.close()
        if not options.data:
            shutil.rmtree(folder, ignore_errors=True)
        publish(benchmark.report, options, begun, load)


def publish(report, options, begun, load):
    """Prints and writes what there is, also when something went wrong on the way."""
    report.fact("machine", f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}")
    report.fact("command", shlex.join(["Benchmarks/run", *sys.argv[5:]]))
    report.fact("rounds", f"{options.rounds} of {options.seconds:g} s blocks, {options.starts} cold starts")
    report.fact("when", f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime(begun))} UTC, {time.time() - begun:.0f} s, load {load:.1f} before")
    text = report.markdown(options.sizes)
    print(text)
    os.makedirs(options.output, exist_ok=True)
    for name, content in (("latest.md", text), ("latest.json", json.dumps(report.everything(), indent=1, ensure_ascii=False))):
        with open(os.path.join(options.output, name), "w") as file:
            file.write(content + "\n")


if __name__ == "__main__":
    main()
