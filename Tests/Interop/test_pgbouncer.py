"""PgBouncer in transaction mode stands between: everything works, with the settings that the documentation names."""

import threading

import pytest

from client import Server
from diary import CALENDAR, Diary, workday
from pooler import Pooler, keeps_prepared
from tools import CRM, success

SETTINGS = {
    "as documented": {"ATLAS_DB_STATEMENT_TIMEOUT": "0", "ATLAS_DB_PREPARED": "1" if keeps_prepared() else "0"},
    "not prepared": {"ATLAS_DB_STATEMENT_TIMEOUT": "0", "ATLAS_DB_PREPARED": "0"},
    "with a time limit": {"ATLAS_DB_PREPARED": "0"}}
CONNECTIONS = 4


@pytest.fixture(scope="module")
def pooler(postgres):
    pooler = Pooler(postgres, CONNECTIONS)
    yield pooler
    pooler.stop()


@pytest.fixture(params=SETTINGS)
def pooled(request, pooler, database) -> dict:
    """The environment that leads to this test's database through the pooler."""
    return {"ATLAS_DATABASE_URL": pooler.url(database.name), **SETTINGS[request.param]}


@pytest.fixture
def start(launch):
    """Servers that are started together: start(env, 3, command=CALENDAR)."""

    def start(env: dict, count: int, *arguments, command=None) -> list[Server]:
        servers = [launch(*(arguments or ("--toolsets", "all")), command=command, **env) for _ in range(count)]
        for server in servers:
            server.initialize()
        return servers

    return start


def at_once(jobs) -> list:
    """What each gives, all begun at the same time; the first failure is everybody's."""
    jobs, found, failed = list(jobs), {}, []

    def run(number: int, job) -> None:
        try:
            found[number] = job()
        except BaseException as error:  # noqa: BLE001 - raised below
            failed.append(error)

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert not failed, failed[0]
    assert len(found) == len(jobs), "a call hangs"
    return [found[number] for number in range(len(jobs))]


def work(server: Server, number: int) -> None:
    """Each tool of the CRM, so often that its statements meet all of the pooler's connections."""
    crm = CRM(server)
    for round in range(6):
        name = f"Person {number} {round}"
        made = crm.create(name, phone=f"+1217{3000000 + number * 100 + round}", email=f"p{number}-{round}@example.com")
        assert crm.get(made["id"])["full_name"] == name
        assert crm.update_contact(contact_id=made["id"], city="Springfield")["contact"]["city"] == "Springfield"
        line = {"contact_id": made["id"], "interaction_type": "call", "summary": name, "idempotency_key": f"{number}-{round}"}
        assert crm.log_interaction(**line)["replayed"] is False and crm.log_interaction(**line)["replayed"] is True
        assert [line["summary"] for line in crm.get_interactions(contact_id=made["id"])["interactions"]] == [name]
        assert [one["id"] for one in crm.search_contacts(phone=made["phone"])["contacts"]] == [made["id"]]
        assert crm.get_contact_appointments(contact_id=made["id"])["appointments"] == []
        assert crm.list_contacts()["total"] > 0
        if round % 2:
            crm.delete_contact(contact_id=made["id"])


def test_the_tools_of_eight_servers_share_four_connections(database, start, pooled):
    servers = start(pooled, 8)
    at_once(lambda number=number, server=server: work(server, number) for number, server in enumerate(servers))
    assert database.value("select count(*) from contacts") == 48
    assert database.value("select count(*) from contact_interactions where summary like 'Person %%'") == 48
    used = database.value("select count(*) from pg_stat_activity where datname = %s and usename = 'app'", database.name)
    assert used <= CONNECTIONS, "they went around the pooler"
    for server in servers:
        server.end()


def test_eight_servers_that_meet_the_same_person_make_one_contact(database, start, pooled):
    servers = start(pooled, 8, "--toolsets", "default")
    ways = ["+12175550177", "(217) 555-0177", "217.555.0177", "1-217-555-0177"]

    def meet(number: int, server: Server) -> set[str]:
        answers = [server.begin("create_contact", full_name="Ann Example", phone=ways[(number + n) % 4]) for n in range(8)]
        return {success("create_contact", server.answer(id, 60)["result"])["contact"]["id"] for id in answers}

    met = at_once(lambda number=number, server=server: meet(number, server) for number, server in enumerate(servers))
    assert len(set.union(*met)) == 1 and database.value("select count(*) from contacts") == 1
    for server in servers:
        server.end()


def test_four_servers_that_want_the_same_hours_book_each_once(database, start, pooled):
    servers = start(pooled, 4, "--toolsets", "default,scheduling", command=CALENDAR)

    def book(number: int, server: Server) -> list[str]:
        asked = [server.begin("book_appointment", customer_name=f"Customer {number} {hour}", customer_phone=f"+1217{4000000 + number * 10 + hour}",
                              date=workday(), time=f"{9 + hour:02}:00", idempotency_key=f"{number}-{hour}") for hour in range(6)]
        results = [server.answer(id, 60)["result"] for id in asked]
        return [result["_meta"]["atlas/error"]["code"] if result.get("isError") else "booked" for result in results]

    codes = sum(at_once(lambda number=number, server=server: book(number, server) for number, server in enumerate(servers)), [])
    assert codes.count("booked") == 6 and set(codes) == {"booked", "conflict"}, codes
    assert database.value("select count(distinct start_time) from appointments where status = 'confirmed'") == 6
    assert database.value("select count(*) from appointments where status = 'confirmed'") == 6
    diary = Diary(servers[0])
    assert len(diary.events(workday(), workday())) == 6, "and each stands in the calendar"
    for server in servers:
        server.end()


@pytest.mark.parametrize("settings", SETTINGS)
def test_eight_servers_migrate_an_empty_database_through_it(empty, pooler, settings):
    env = {"ATLAS_DATABASE_URL": pooler.url(empty.name), **SETTINGS[settings]}
    servers = [Server(env=env) for _ in range(8)]
    asked = [server.begin("create_contact", full_name="Ann", phone="+12175550100") for server in servers]
    ids = {success("create_contact", server.answer(id, 60)["result"])["contact"]["id"] for server, id in zip(servers, asked)}
    assert len(ids) == 1
    assert empty.value("select count(*) = count(distinct name) and count(*) > 15 from atlas_migrations")
    for server in servers:
        server.end()


def test_nothing_belongs_to_a_session(database, pooled, pooler):
    """What a pooler in transaction mode breaks: locks, settings, temporary tables and LISTEN of a session. None is left on its connections."""
    with Server("--toolsets", "all", env=pooled) as server:
        work(server, 1)
        with Server("--toolsets", "default,scheduling", command=CALENDAR, env=pooled) as calendar:
            calendar.initialize()
            Diary(calendar).book()
            held = database.value("""
                select count(*) from pg_locks l join pg_stat_activity a using (pid)
                where a.datname = %s and a.usename = 'app' and l.locktype = 'advisory'""", database.name)
    assert held == 0
