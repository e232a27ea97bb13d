"""Bringing contacts in from a file: atlas contacts import beside the database's own INSERT … SELECT of the same rows.

    script/build && python3 -B Benchmarks/imports.py                       # 200,000 rows
    python3 -B Benchmarks/imports.py --rows 1000000 --atlas .build/release/atlas

The reference has the rows ready in a table and inserts two hundred in a transaction, on as many connections as there are processors, into the same
tables with the same triggers: it reads no file, normalises no phone and looks nobody up. Then the same file is imported a second time
(everybody is known, nothing is new), and one in which every tenth person has another address and a further e-mail address. At last all
come into a database in which somebody is already, where the indexes cannot be left for the end.
"""

import argparse
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

from database import ROOT, Cluster, binary, wait_until_idle

FIRST = "Ann Bob Carla David Elena Frank Grace Hugo Ines Jack Karin Luis Maria Nora Oscar Paula Quentin Rosa Sam Tina Uwe Vera".split()
SYLLABLES = [a + b for a in "bdkrlmnst" for b in "aeiou"]
TARGET = 20_000


def write(path, rows, changed=False):
    chance = random.Random(7)
    numbers = list(range(rows))
    chance.shuffle(numbers)
    with open(path, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Full Name", "Phone", "Email", "Address", "City", "State", "Zip", "Tags", "Notes"])
        for index, number in enumerate(numbers):
            first, last = chance.choice(FIRST), "".join(chance.choice(SYLLABLES) for _ in range(3)).capitalize()
            other = changed and index % 10 == 0
            email = f"other{number}@example.com" if other else f"{first}.{last}.{number}@example.com".lower()
            table.writerow([
                f"{first} {last}", f"({200 + number // 8_000_000}) {200 + number // 10_000 % 800}-{number % 10_000:04d}", email,
                f"{number % 900 + 1} {'Oak Ave' if other else 'Main St'}", "Springfield", "IL", 62_000 + number % 700,
                "vip" if index % 10 == 0 else "", "" if index % 3 else "prefers mornings"])


REFERENCE = """
SELECT nextval('batch') - 1 AS b \\gset
INSERT INTO contacts (id, full_name, first_name, last_name, email, email_normalized, emails, phone, phone_e164, phones, address, city, state, zip,
    contact_type, status, tags, notes, source, metadata, search_name)
SELECT id, name, split_part(name, ' ', 1), split_part(name, ' ', 2), email, email, ARRAY[email], phone, phone, ARRAY[phone], address, city, state,
    zip, 'customer', 'active', CASE WHEN tags <> '' THEN ARRAY[tags] ELSE '{}' END, nullif(notes, ''), 'import', '{}', atlas_search_name(name)
FROM ready WHERE i > :b * 200 AND i <= (:b + 1) * 200;
"""


def fresh(cluster, name, atlas):
    cluster.sql("postgres", f"CREATE DATABASE {name}")
    subprocess.run([atlas, "db", "migrate"], env=environment(cluster, name), check=True, stdout=subprocess.DEVNULL)


def environment(cluster, name):
    clean = {key: value for key, value in os.environ.items() if not key.startswith("ATLAS_")}
    return clean | {"ATLAS_DATABASE_URL": cluster.url(name)}


def reference(cluster, atlas, path, rows):
    fresh(cluster, "reference", atlas)
    cluster.sql("reference", f"""
        CREATE UNLOGGED TABLE ready (name text, phone text, email text, address text, city text, state text, zip text, tags text, notes text);
        \\copy ready FROM '{path}' WITH CSV HEADER
        ALTER TABLE ready ADD i serial, ADD id uuid;
        UPDATE ready SET phone = '+1' || regexp_replace(phone, '[^0-9]', '', 'g'),
            id = (lpad(to_hex(i), 8, '0') || substr(gen_random_uuid()::text, 9))::uuid;
        CREATE INDEX ON ready (i);
        CREATE SEQUENCE batch;""")
    cluster.settle("reference")
    clients = os.cpu_count() or 1
    with tempfile.NamedTemporaryFile("w", suffix=".sql", dir="/tmp") as script:
        script.write(REFERENCE)
        script.flush()
        batches = -(-rows // 200)
        start = time.monotonic()
        done = subprocess.run(
            [binary("pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", str(clients), "-t", str(-(-batches // clients)), "-h", cluster.folder,
             "-U", "atlas", "-f", script.name, "reference"], capture_output=True, text=True)
        seconds = time.monotonic() - start
    count = int(cluster.sql("reference", "SELECT count(*) FROM contacts"))
    if done.returncode or count != rows:
        raise SystemExit(f"pgbench: {done.stdout}{done.stderr} ({count} rows)")
    return rows / seconds


def imported(cluster, atlas, path, rows, name="imported"):
    start = time.monotonic()
    subprocess.run(
        [atlas, "contacts", "import", path], env=environment(cluster, name), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return rows / (time.monotonic() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--atlas", default=os.path.join(ROOT, ".build", "release", "atlas"))
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="atlas-import.", dir="/tmp")
    os.chmod(folder, 0o755)  # PostgreSQL may run as somebody else
    cluster = Cluster(os.path.join(folder, "pg"))
    try:
        path, changed = os.path.join(folder, "people.csv"), os.path.join(folder, "changed.csv")
        write(path, options.rows)
        write(changed, options.rows, changed=True)
        wait_until_idle()
        fresh(cluster, "imported", options.atlas)
        new = imported(cluster, options.atlas, path, options.rows)
        again = imported(cluster, options.atlas, path, options.rows)
        updating = imported(cluster, options.atlas, changed, options.rows)
        cluster.sql("postgres", "DROP DATABASE imported")
        fresh(cluster, "inhabited", options.atlas)
        cluster.sql("inhabited", "INSERT INTO contacts (full_name, phone) VALUES ('Ann Lee', '+12015550123')")
        beside = imported(cluster, options.atlas, path, options.rows, "inhabited")
        cluster.sql("postgres", "DROP DATABASE inhabited")
        own = reference(cluster, options.atlas, path, options.rows)
    finally:
        cluster.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{options.rows:,} rows            a second    beside the database's own")
    for name, rate in [("all new", new), ("all known", again), ("a tenth changed", updating), ("new beside others", beside), ("INSERT … SELECT", own)]:
        print(f"{name:18}  {rate:10,.0f}    {rate / own:6.2f}")
    print(f"target: {TARGET:,} a second: {'reached' if new >= TARGET else 'MISSED'}")


if __name__ == "__main__":
    sys.exit(main())
