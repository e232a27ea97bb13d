"""A primary is lost under load and its standby promoted: nothing accepted is gone or doubled, calls fail clearly, servers go on by themselves."""

import time

import pytest

from client import Server
from postgres import Database
from standby import Pair
from tools import refusal, success, wait_for
from writers import Booker, Historian, Writer

RECOVERY = 10  # seconds from the promotion


@pytest.fixture
def pair():
    pair = Pair()
    yield pair
    pair.stop()


@pytest.fixture
def business(pair) -> dict:
    """A migrated database on both, and the environment that leads to it."""
    pair.primary.create("atlas")
    env = {"ATLAS_DATABASE_URL": pair.url("atlas")}
    with Server(env=env) as server:
        success("list_contacts", server.call("list_contacts", timeout=60))
    return env


def known(env: dict) -> str:
    with Server(env=env) as server:
        return success("create_contact", server.call("create_contact", {"full_name": "Ann", "phone": "+12175550100"}, timeout=60))["contact"]["id"]


def crowd(env: dict) -> list[Writer]:
    """Four CRMServers and a CalendarServer, at work."""
    ann = known(env)
    writers = [*(Historian(env, number, ann) for number in range(4)), Booker(env, 4)]
    for writer in writers:
        writer.start()
    wait_for(lambda: all(len(writer.answers) > 20 for writer in writers), 60)
    return writers


def finish(writers: list[Writer], since: float) -> None:
    """Lets every server succeed after `since`, then ends them; whatever had failed was done again by then."""
    wait_for(lambda: all(writer.failure or writer.answers[-1].ended > since + 1 and writer.answers[-1].code == "success" for writer in writers), 60)
    for writer in writers:
        writer.stopped.set()
    for writer in writers:
        writer.join(60)
        assert not writer.is_alive(), "a call hangs"
        assert writer.failure is None, f"{writer.failure}"


def judge(writers: list[Writer], database: Database, lost: float, since: float) -> None:
    answers = [answer for writer in writers for answer in writer.answers]
    failed = [answer for answer in answers if answer.code != "success"]
    assert failed, "the outage was not noticed"
    for answer in failed:
        assert answer.code in ("unavailable", "timeout"), answer
        assert answer.retryable or "may or may not" in answer.text, answer
        assert "database" in answer.text and "try" in answer.text.lower(), answer
        assert answer.ended > lost, f"it failed before the outage: {answer}"
    slowest = max(answer.ended - answer.began for answer in answers)
    assert slowest < RECOVERY, f"a call took {slowest:.1f} s"
    recovery = max(writer.recovered(since) for writer in writers)
    print(f"{len(answers)} calls, {len(failed)} failed, the slowest took {slowest:.2f} s; all servers succeed {recovery:.2f} s after it is there")
    assert recovery < RECOVERY

    historians = [writer for writer in writers if isinstance(writer, Historian)]
    lines = {f"line {job}" for writer in historians for job in writer.accepted if job % 2 == 0}
    people = {f"Person {job}" for writer in historians for job in writer.accepted if job % 2}
    visitors = {f"Customer {job}" for writer in writers if isinstance(writer, Booker) for job in writer.accepted}
    found = [row[0] for row in database.sql("select summary from contact_interactions where summary like 'line %%'")]
    assert sorted(found) == sorted(lines), "each accepted line once"
    found = [row[0] for row in database.sql("select full_name from contacts where full_name like 'Person %%'")]
    assert sorted(found) == sorted(people), "each accepted contact once"
    found = [row[0] for row in database.sql("select customer_name from appointments where status = 'confirmed'")]
    assert sorted(found) == sorted(visitors), "each accepted visit once"
    assert database.value("select count(*) from (select from contacts group by phone_e164 having count(*) > 1) as doubled") == 0
    assert database.value("select count(*) from contacts") == len(people) + len(visitors) + 1


def test_the_primary_is_killed_under_load_and_the_standby_promoted(pair, business):
    writers = crowd(business)
    lost = time.monotonic()
    pair.lose_primary()
    time.sleep(1.5)
    promoted = pair.standby.promote()
    finish(writers, promoted)
    judge(writers, Database(pair.standby, "atlas"), lost, promoted)


def test_the_database_is_restarted_under_load(pair, business):
    writers = crowd(business)
    lost = time.monotonic()
    pair.primary.restart()
    back = time.monotonic()
    finish(writers, back)
    judge(writers, Database(pair.primary, "atlas"), lost, back)


def test_a_primary_that_is_frozen_does_not_keep_from_the_promoted_standby(pair, business):
    """It still takes connections, for the kernel does, and answers nothing."""
    with Server(env={**business, "ATLAS_DB_CONNECT_TIMEOUT": "1"}) as server:
        server.initialize()
        pair.freeze(pair.primary)
        promoted = pair.standby.promote()
        result = server.call("create_contact", {"full_name": "Bob"})
        success("create_contact", result)
        assert time.monotonic() - promoted < RECOVERY
        assert Database(pair.standby, "atlas").value("select count(*) from contacts") == 1


def test_only_a_standby_answers(pair, business):
    """It reads; a change is refused in words that say why, and can be tried again."""
    with Server(env=business) as server:
        ann = success("create_contact", server.call("create_contact", {"full_name": "Ann"}))["contact"]["id"]
    wait_for(lambda: Database(pair.standby, "atlas").value("select count(*) from contacts") == 1)
    with Server(env={"ATLAS_DATABASE_URL": pair.standby.url("atlas")}) as server:
        assert success("get_contact", server.call("get_contact", {"contact_id": ann}))["contact"]["full_name"] == "Ann"
        for _ in range(2):
            result = server.call("create_contact", {"full_name": "Bob"})
            refusal("create_contact", result, "unavailable", says="takes no changes.*standby")
            assert result["_meta"]["atlas/error"]["retryable"] is True
    pair.lose_primary()
    with Server(env=business) as server:
        result = server.call("list_contacts")
        refusal("list_contacts", result, "unavailable", says="takes no changes.*standby")
        pair.standby.promote()
        assert success("create_contact", server.call("create_contact", {"full_name": "Bob"}))["created"] is True


def test_a_commit_that_no_standby_confirms_is_not_called_a_success(pair, business):
    """PostgreSQL answers COMMIT with success when the wait for the standby is cancelled, as our time limit does."""
    ann = known(business)
    line = {"contact_id": ann, "interaction_type": "call", "summary": "x", "idempotency_key": "k"}
    with Server(env={**business, "ATLAS_DB_STATEMENT_TIMEOUT": "1"}) as server:
        server.initialize()
        success("list_contacts", server.call("list_contacts"))
        pair.freeze(pair.standby)
        result = server.call("log_interaction", line, timeout=60)
        refusal("log_interaction", result, "unavailable", says="no standby.*confirmed")
        assert result["_meta"]["atlas/error"]["retryable"] is False
        pair.thaw()
        assert success("log_interaction", server.call("log_interaction", line))["replayed"] is True
    pair.lose_primary()
    pair.standby.promote()
    assert Database(pair.standby, "atlas").value("select count(*) from contact_interactions") == 1
