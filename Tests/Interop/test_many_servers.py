"""A hundred servers on one database that allows a hundred connections; two databases that share the businesses between them."""

import time
from pathlib import Path

import pytest

from client import COMMAND, Server
from diary import CALENDAR, workday
from mailroom import EMAIL
from postgres import Cluster, Database
from telephone import TWILIO
from tools import refusal, success, wait_for

KINDS = [COMMAND, CALENDAR, EMAIL, TWILIO]
SERVERS = 100


@pytest.fixture
def modest():
    """PostgreSQL as it comes: a hundred connections, three of them for superusers."""
    cluster = Cluster(max_connections=100)
    yield cluster
    cluster.stop()


@pytest.fixture
def business(modest):
    modest.create("atlas")
    database = Database(modest, "atlas")
    with Server(env={"ATLAS_DATABASE_URL": database.url}) as server:
        success("list_contacts", server.call("list_contacts", timeout=60))
    yield database
    database.close()


@pytest.fixture
def start():
    """Servers that are gone after the test: start(command, NAME=value)."""
    servers = []

    def start(command: list[str], **env: str) -> Server:
        servers.append(Server("--toolsets", "all", command=command, env=env))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.kill()


def connections(database: Database) -> int:
    return database.value("select count(*) from pg_stat_activity where datname = %s and usename = 'app'", database.name)


def own_memory(servers: list[Server]) -> list[int]:
    """What each takes of the machine's memory, shared pages divided among those that share them, in kB; Linux counts it."""
    sizes = []
    for server in servers:
        rollup = Path(f"/proc/{server.process.pid}/smaps_rollup")
        if rollup.exists():
            sizes += [int(line.split()[1]) for line in rollup.read_text().splitlines() if line.startswith("Pss:")]
    return sorted(sizes)


def ask(server: Server, number: int, round: int) -> object:
    """Begins a call that needs the database, of each kind of server its own."""
    kind = number % len(KINDS)
    if kind == 0:
        return server.begin("create_contact", full_name=f"Person {number} {round}", phone=f"+1217{5000000 + number * 10 + round}")
    if kind == 1:
        day, hour = divmod(number // 4 + 25 * round, 8)
        return server.begin("book_appointment", customer_name=f"Customer {number} {round}", customer_phone=f"+1217{6000000 + number * 10 + round}",
                            date=workday(day), time=f"{8 + hour:02}:00", idempotency_key=f"{number}-{round}")
    if kind == 2:
        return server.begin("list_sent_history")
    return server.begin("save_call_transcript", call_sid=f"CA{number:030x}{round:02x}", from_number=f"+1217{7000000 + number}", to_number="+12175550100",
                        transcript="Hello", idempotency_key=f"{number}-{round}")


def test_a_hundred_servers_of_the_four_kinds(business, start):
    began = time.monotonic()
    env = {"ATLAS_DATABASE_URL": business.url, "ATLAS_DB_POOL_SIZE": "1", "ATLAS_DB_IDLE_TIMEOUT": "2"}
    servers = [start(KINDS[number % 4], **env) for number in range(SERVERS)]
    for server in servers:
        server.initialize()
    started = time.monotonic()
    most, failed = 0, 0
    for round in range(2):
        open_jobs = {number: ask(server, number, round) for number, server in enumerate(servers)}
        while open_jobs:
            again = {}
            for number, id in open_jobs.items():
                result = servers[number].answer(id, 60)["result"]
                if result.get("isError"):
                    # The three servers too many may be told so, and are right to try again.
                    refusal("call", result, "unavailable", says="connections.*taken|busy with other calls")
                    assert result["_meta"]["atlas/error"]["retryable"] is True
                    failed += 1
                    again[number] = ask(servers[number], number, round)
                most = max(most, connections(business)) if number % 10 == 0 else most
            assert time.monotonic() - started < 60, "some server never gets a connection"
            open_jobs = again
    done = time.monotonic()
    assert business.value("select count(*) from contacts where full_name like 'Person %%'") == 50
    assert business.value("select count(*) from appointments where status = 'confirmed'") == 50
    assert business.value("select count(distinct call_sid) from call_transcripts") == 50
    sizes = own_memory(servers)
    wait_for(lambda: connections(business) == 0, 20)
    if sizes:
        print(f"PSS of a server: median {sizes[len(sizes) // 2] / 1024:.1f} MB, most {sizes[-1] / 1024:.1f} MB, all {sum(sizes) / 1024:.0f} MB")
    print(f"started in {started - began:.1f} s; 200 calls in {done - started:.1f} s, {failed} told to try again; at most {most} connections, none when idle")
    for server in servers:
        server.close_input()
    for server in servers:
        server.wait(20)


def test_a_server_that_finds_no_connection_waits_and_then_says_so(business, start):
    """All connections are somebody's; a call waits five seconds for one, succeeds when one comes free, and is told clearly otherwise."""
    taken = [business.cluster.connect("atlas", user="app") for _ in range(97)]
    server = start(COMMAND, ATLAS_DATABASE_URL=business.url, ATLAS_DB_CONNECT_TIMEOUT="1")
    patient = start(COMMAND, ATLAS_DATABASE_URL=business.url, ATLAS_DB_CONNECT_TIMEOUT="20")
    waiting = patient.begin("list_contacts")
    result = server.call("list_contacts")
    refusal("list_contacts", result, "unavailable", says="connections.*taken")
    assert result["_meta"]["atlas/error"]["retryable"] is True
    for connection in taken:
        connection.close()
    success("list_contacts", server.call("list_contacts"))
    success("list_contacts", patient.answer(waiting)["result"])


def test_two_databases_share_the_businesses(postgres, template, start):
    """One server for each business, each with its database: same people, same keys, same hours, and neither knows of the other."""
    shards = {}
    for name in ("plumber", "baker"):
        postgres.create(f"shard_{name}", template)
        shards[name] = Database(postgres, f"shard_{name}")
    visit = {"customer_name": "Ann", "customer_phone": "+12175550100", "date": workday(), "time": "09:00", "idempotency_key": "k"}
    contacts = {}
    for name, database in shards.items():
        env = {"ATLAS_DATABASE_URL": database.url, "ATLAS_BUSINESS_CONTEXT": name}
        crm, calendar = start(COMMAND, **env), start(CALENDAR, **env)
        contacts[name] = success("create_contact", crm.call("create_contact", {"full_name": "Ann", "phone": "+12175550100"}))["contact"]["id"]
        assert not calendar.call("book_appointment", visit).get("isError")
    assert contacts["plumber"] != contacts["baker"]
    for name, database in shards.items():
        for table in ("contacts", "contact_identities", "appointments", "calendars"):
            assert database.sql(f"select distinct business_context_id from {table}") == [(name,)], table
    for database in shards.values():
        database.close()


# Unique keys that a sharded schema may have: with the context in them, or led by an id that is unique in the world or belongs to a row that has the context.
WORLDWIDE = {
    "atlas_migrations_pkey", "atlas_settings_pkey",  # of the database itself, the same on each shard
    "idempotency_keys_pkey", "outbox_idempotency",  # a client's keys: its servers have one database
    "contact_interactions_source", "call_transcripts_worked",  # the provider's id of a call or message, unique in the world
}


def test_every_unique_key_can_be_sharded_by_the_business(database):
    keys = database.sql("""
        select i.relname, array_agg(coalesce(a.attname, pg_get_indexdef(x.indexrelid, k.n::int, true)) order by k.n),
               array_agg(coalesce(a.atttypid::regtype::text, '') order by k.n)
        from pg_index x join pg_class i on i.oid = x.indexrelid
        cross join lateral unnest(x.indkey::int[]) with ordinality k(attnum, n)
        left join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum
        where (x.indisunique or x.indisexclusion) and i.relnamespace = 'public'::regnamespace group by 1 order by 1""")
    assert len(keys) > 15
    hinder = {name: columns for name, columns, types in keys
              if not any("business_context_id" in column for column in columns) and types[0] != "uuid"}
    assert set(hinder) == WORLDWIDE, hinder
