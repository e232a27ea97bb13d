"""What is known of a customer: get_customer_context beside pgbench, which runs the same statements.

    python3 -B Benchmarks/context.py                        # at 100,000 contacts
    python3 -B Benchmarks/context.py --sizes 1000000 --rounds 5

Twenty customers have 500 interactions, 200 appointments, 200 calls and 500 e-mails each. pgbench gets the SQL that the server was seen
to run, once one statement after the other, and once as a pipeline, as the server sends it. No mailbox is configured.
"""

import argparse
import os
import random
import re
import shutil
import statistics
import sys
import tempfile
import time

from database import ROOT, Cluster, wait_until_idle
from driver import Server, Trouble, percentile

CUSTOMERS = 20
DETAILS = ("concise", "detailed")


def request(customer, **arguments):
    return ("tools/call", {"name": "get_customer_context", "arguments": {"contact_id": customer, **arguments}})


class Context:
    def __init__(self, options, cluster, size):
        self.options, self.cluster, self.database = options, cluster, f"contacts_{size}"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ATLAS_")}
        self.environment = clean | {
            "ATLAS_RATE_LIMIT": "0", "ATLAS_TIMEZONE": "America/Chicago", "ATLAS_DATABASE_URL": cluster.url(self.database)}
        if not cluster.has(self.database):
            print(f"{size:,} contacts: seeding", file=sys.stderr, flush=True)
            cluster.seed(self.database, size)
        with self.start() as server:
            server.open()
            self.first_answer(server)
        if int(cluster.sql(self.database, "SELECT count(*) FROM appointments")) == 0:
            print(f"{size:,} contacts: filling in their history", file=sys.stderr, flush=True)
            history = os.path.join(ROOT, "Benchmarks", "sql", "history.sql")
            cluster.sql(self.database, file=history, customers=CUSTOMERS)
        cluster.settle(self.database)
        self.customers = cluster.sql(self.database, "SELECT contact_id FROM appointments GROUP BY 1 HAVING count(*) > 1 ORDER BY 1").splitlines()

    def start(self):
        return Server("CRMServer", [os.path.abspath(self.options.crm), "--toolsets", "default,context"], self.environment)

    @staticmethod
    def first_answer(server, limit=900):
        """Waits for the migrations: while they go on, calls are told to come back."""
        deadline = time.monotonic() + limit
        while True:
            try:
                return server.call("list_contacts", {"limit": 1}, timeout=limit)
            except Trouble:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def scripts(self, detail):
        """What the server runs for each customer, as scripts of pgbench."""

        def action():
            with self.start() as server:
                server.open()
                server.request(*request(self.customers[0], detail=detail))  # the first call of a connection sets things up
                for customer in self.customers:
                    server.request(*request(customer, detail=detail))

        statements = self.cluster.record(self.database, action)
        reads = [text.rstrip("; \n") for text in statements if re.match(r"\s*WITH RECURSIVE", text)]
        each = len(reads) // (len(self.customers) + 1)
        return [";\n".join(reads[-each * turn :][:each]) + ";\n" for turn in range(len(self.customers), 0, -1)]

    def check(self, script):
        """That each statement walks an index at this size."""
        for statement in script.split(";\n"):
            plan = self.cluster.sql(self.database, f"EXPLAIN {statement}") if statement.strip() else ""
            if "Seq Scan" in plan:
                raise SystemExit(f"{self.database}: a statement reads a whole table:\n{statement}\n{plan}")

    def measure(self, note):
        scripts = {detail: self.scripts(detail) for detail in DETAILS}
        for detail in DETAILS:
            self.check(scripts[detail][0])
        wait_until_idle()
        dice = random.Random(1)
        for _ in range(self.options.rounds):
            with self.start() as server:
                server.cold_start()
                requests = {detail: [request(customer, detail=detail) for customer in self.customers] for detail in DETAILS}
                for detail in DETAILS:
                    server.sequential(requests[detail], 0.5)  # to warm up
                blocks = [(detail, who) for detail in DETAILS for who in ("CRMServer", "statements", "pipeline")]
                dice.shuffle(blocks)
                for detail, who in blocks:
                    if who == "CRMServer":
                        times = server.sequential(requests[detail], self.options.seconds)
                    else:
                        texts = scripts[detail]
                        if who == "pipeline":
                            texts = [f"\\startpipeline\n{script}\\endpipeline\n" for script in texts]
                        _, times = self.cluster.pgbench(self.database, texts, self.options.seconds)
                    note((detail, who), percentile(times, 0.5) * 1e6)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crm", default=os.path.join(ROOT, ".build/release/CRMServer"))
    parser.add_argument("--sizes", default="100000", help="contacts in each database, like 100000,1000000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2, help="of each block")
    parser.add_argument("--data", help="keep the databases in this folder, and use those that are there")
    options = parser.parse_args()
    folder = options.data or tempfile.mkdtemp(prefix="atlas-bench-", dir="/var/tmp")
    cluster = Cluster(os.path.abspath(folder))
    try:
        for size in map(int, options.sizes.split(",")):
            values = {}
            Context(options, cluster, size).measure(lambda what, value: values.setdefault(what, []).append(value))
            print(f"{size:,} contacts, p50:")
            for detail in DETAILS:
                ours = values[detail, "CRMServer"]
                print(f"  {detail}: CRMServer {statistics.median(ours):.0f} µs")
                for who in ("statements", "pipeline"):
                    theirs = values[detail, who]
                    ratio = statistics.median(a / b for a, b in zip(ours, theirs))
                    print(f"    pgbench, {who}: {statistics.median(theirs):.0f} µs, {ratio:.2f} ×")
    finally:
        cluster.close()
        if not options.data:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
