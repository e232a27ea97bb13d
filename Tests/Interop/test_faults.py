"""The database goes away, comes back, is full, is wrong: calls fail clearly, nothing hangs, and it mends itself."""

import threading
import time

import pytest

from client import Server
from postgres import PASSWORD, Cluster, Database
from tools import refusal, success


@pytest.fixture(scope="module")
def fragile():
    """A PostgreSQL that may be killed."""
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest.fixture
def doomed(fragile):
    fragile.create("doomed")
    database = Database(fragile, "doomed")
    yield database
    if fragile.process.poll() is not None:
        fragile.start()
    fragile.drop("doomed")


def outcome(result: dict) -> str:
    return result["_meta"]["atlas/error"]["code"] if result.get("isError") else "success"


def test_postgres_killed_and_restarted_under_load(doomed, fragile):
    server = Server(env={"ATLAS_DATABASE_URL": doomed.url})
    server.initialize()
    contact = success("create_contact", server.call("create_contact", {"full_name": "Ann"}, timeout=60))["contact"]["id"]
    outcomes, stop = [], threading.Event()

    def load():
        n = 0
        while not stop.is_set():
            n += 1
            key = f"load-{n}"
            ids = [server.begin("log_interaction", contact_id=contact, interaction_type="call", summary="x", idempotency_key=f"{key}-{i}") for i in range(8)]
            for i, id in enumerate(ids):
                outcomes.append((f"{key}-{i}", outcome(server.answer(id, 30)["result"]), time.monotonic()))

    thread = threading.Thread(target=load, daemon=True)
    thread.start()
    time.sleep(0.5)
    fragile.kill()
    time.sleep(1)
    fragile.start()
    time.sleep(2)
    stop.set()
    thread.join(40)
    assert not thread.is_alive(), "a call hangs"
    codes = {code for _, code, _ in outcomes}
    assert codes <= {"success", "unavailable", "timeout"} and "success" in codes, codes
    assert "unavailable" in codes, "the outage was not noticed"
    result = server.call("get_interactions", {"contact_id": contact})
    assert outcome(result) == "success", "it did not recover by itself"
    acknowledged = sum(code == "success" for _, code, _ in outcomes)
    assert doomed.value("select count(*) from contact_interactions") >= acknowledged, "an acknowledged interaction is gone"
    assert server.request("ping") == {}
    server.end()


def test_an_error_of_the_outage_says_it_can_be_retried_and_shows_nothing(doomed, fragile):
    server = Server(env={"ATLAS_DATABASE_URL": doomed.url})
    server.initialize()
    server.call("list_contacts", timeout=60)
    fragile.kill()
    started = time.monotonic()
    result = server.call("list_contacts")
    assert time.monotonic() - started < 10
    text = refusal("list_contacts", result, "unavailable", says="database")
    assert result["_meta"]["atlas/error"]["retryable"] is True and str(fragile.folder) not in text
    assert len(server.request("tools/list")["tools"]) == 9
    fragile.start()
    success("list_contacts", server.call("list_contacts"))
    server.end()


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "postgresql:///none?host=/nonexistent", "postgresql://user:hunter2-secret@127.0.0.1:1/x"])
def test_a_database_that_is_down_at_the_start(bare, url):
    server = bare(env={"ATLAS_DATABASE_URL": url})
    server.initialize()
    assert len(server.request("tools/list")["tools"]) == 9
    for _ in range(2):
        started = time.monotonic()
        result = server.call("list_contacts", timeout=30)
        refusal("list_contacts", result, "unavailable", says="database")
        assert result["_meta"]["atlas/error"]["retryable"] is True and time.monotonic() - started < 15
    server.end()  # the password is looked for in every line and in stderr


@pytest.mark.parametrize("url", ["not a url", "mysql://x/y", "postgresql:///x?nonsense=1", "postgresql://x:99999999/y"])
def test_a_wrong_url_is_told_without_repeating_it(bare, url):
    server = bare(env={"ATLAS_DATABASE_URL": url.replace("x", "hunter2-secret")})
    server.initialize()
    result = server.call("list_contacts", timeout=30)
    assert result["isError"] and result["_meta"]["atlas/error"]["code"] in ("not_configured", "unavailable", "invalid_argument")
    server.end()


def test_a_wrong_password_and_a_missing_database(bare, postgres):
    url = f"postgresql://locked:hunter2-secret@/postgres?host={postgres.folder}"
    for wrong in (url, postgres.url("no_such_database")):
        server = bare(env={"ATLAS_DATABASE_URL": wrong})
        server.initialize()
        result = server.call("list_contacts")
        assert outcome(result) in ("unauthenticated", "unavailable", "not_configured", "permission_denied"), result
        server.end()


def test_separate_variables_and_a_password(bare, postgres, database):
    postgres.execute(database.name, "grant app to locked")
    variables = {"ATLAS_DB_HOST": str(postgres.folder), "ATLAS_DB_DATABASE": database.name, "ATLAS_DB_USER": "locked", "ATLAS_DB_PASSWORD": PASSWORD,
                 "ATLAS_DATABASE_URL": "${DATABASE_URL}"}
    server = bare(env=variables)
    success("list_contacts", server.call("list_contacts"))
    server.end()
    variables["ATLAS_DB_SOCKET_PATH"] = variables.pop("ATLAS_DB_HOST")
    server = bare(env=variables)
    success("list_contacts", server.call("list_contacts"))
    server.end()


def test_a_crowd_waits_for_connections_and_gets_them(launch, database):
    """Sixty-four calls on a pool that is smaller: all are served."""
    server = launch()
    server.call("list_contacts")
    ids = [server.begin("create_contact", full_name=f"Person {n}", phone=f"217555{n:04}") for n in range(64)]
    assert {outcome(server.answer(id, 30)["result"]) for id in ids} == {"success"}
    server.end()


def test_an_exhausted_pool_is_an_error_in_seconds_and_mends_itself(launch, database):
    with Server(env={"ATLAS_DATABASE_URL": database.url}) as first:
        contact = first.call("create_contact", {"full_name": "Ann"})["structuredContent"]["contact"]["id"]
    lock = database.hold("select * from contacts where id = %s for update", contact)
    server = launch()
    server.initialize()
    ids = [server.begin("update_contact", contact_id=contact, city="X") for _ in range(80)]
    started = time.monotonic()
    assert server.request("ping") == {} and len(server.request("tools/list")["tools"]) == 9
    assert time.monotonic() - started < 1, "what needs no database does not wait for it"
    result = server.call("list_contacts", timeout=60)
    assert outcome(result) in ("success", "unavailable", "timeout")
    assert time.monotonic() - started < 35, "a caller waits for ever"
    lock.rollback()
    lock.close()
    codes = [outcome(server.answer(id, 60)["result"]) for id in ids]
    assert set(codes) <= {"success", "unavailable", "timeout"}, set(codes)
    success("list_contacts", server.call("list_contacts"))
    server.end()


def test_connections_that_were_cut_are_replaced(launch, database):
    server = launch()
    server.initialize()
    for _ in range(3):
        success("list_contacts", server.call("list_contacts"))
        database.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app' and datname = %s", database.name)
        time.sleep(0.1)
        success("list_contacts", server.call("list_contacts"))  # a read on a dead connection is done again
    server.end()


def test_a_full_server_is_unavailable_and_mends_itself(fragile, doomed):
    Server(env={"ATLAS_DATABASE_URL": doomed.url}).call("list_contacts", timeout=60)
    fragile.execute("postgres", "alter database doomed connection limit 0")
    server = Server(env={"ATLAS_DATABASE_URL": doomed.url})
    assert outcome(server.call("list_contacts", timeout=30)) == "unavailable"
    fragile.execute("postgres", "alter database doomed connection limit -1")
    assert outcome(server.call("list_contacts", timeout=30)) == "success"
    server.end()


def test_a_tool_never_half_writes(launch, database):
    """The interactions table cannot be written: the call fails as internal, and shows no SQL."""
    server = launch()
    contact = server.call("create_contact", {"full_name": "Ann"})["structuredContent"]["contact"]["id"]
    database.sql("create function refuse() returns trigger language plpgsql as $$ begin raise exception 'hunter2-secret in %', tg_table_name; end $$")
    database.sql("create trigger refuse before insert on contact_interactions for each row execute function refuse()")
    result = server.call("log_interaction", {"contact_id": contact, "interaction_type": "call", "summary": "x", "idempotency_key": "k"})
    refusal("log_interaction", result, "internal")
    database.sql("drop trigger refuse on contact_interactions")
    again = server.call("log_interaction", {"contact_id": contact, "interaction_type": "call", "summary": "x", "idempotency_key": "k"})
    success("log_interaction", again)
    assert database.value("select count(*) from contact_interactions") == 1
    server.end()
