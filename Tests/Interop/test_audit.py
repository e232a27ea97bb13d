"""What the servers were made to do is remembered, without what was written to people, and nobody waits for it."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from operator_command import atlas
from telephone import THEM, settings
from tools import wait_for

SMS = {"to": THEM, "body": "The door code is 4711", "idempotency_key": "k"}


def rows(database, columns="tool, outcome"):
    return database.sql(f"select {columns} from audit_log order by called_at, id")


def test_what_changes_something_is_remembered_and_reading_is_not(crm, database):
    crm.server.call("list_contacts")
    id = crm.create("Ann Example", phone="217-555-0134", notes="Has a key under the mat")["id"]
    crm.refuses("update_contact", "invalid_argument", {"contact_id": "nonsense"})
    crm.refuses("update_contact", "not_found", {"contact_id": "00000000-0000-4000-8000-000000000000", "city": "X"})
    crm.delete_contact(contact_id=id)
    wait_for(lambda: len(rows(database)) == 4)
    assert rows(database) == [
        ("create_contact", "success"), ("update_contact", "invalid_argument"), ("update_contact", "not_found"), ("delete_contact", "success")]
    [(server, client, version, arguments, milliseconds, approval)] = rows(
        database, "server, client_name, client_version, arguments, milliseconds, approval_id")[:1]
    assert server == "atlas-crm" and client and version and approval is None and 0 < milliseconds < 60_000
    assert arguments["full_name"] == "Ann Example" and arguments["phone"] == "217-555-0134"
    assert "mat" not in json.dumps(arguments) and arguments["notes"]["characters"] == 23


def test_pending_denied_approved_and_replayed_calls_are_told_apart(dial, double, database):
    env = {"ATLAS_DATABASE_URL": database.url, **settings(double)}
    phone = dial(ATLAS_APPROVAL="sms")
    phone.server.initialize()
    first = phone.server.call("send_sms", SMS)["_meta"]["atlas/approval"]["id"]
    atlas("approvals", "approve", first, env=env)
    phone.call("send_sms", **SMS)
    other = {**SMS, "idempotency_key": "k2"}
    second = phone.server.call("send_sms", other)["_meta"]["atlas/approval"]["id"]
    atlas("approvals", "deny", second, env=env)
    phone.server.call("send_sms", other)
    wait_for(lambda: len(rows(database)) == 5)
    assert rows(database, "outcome, approval_id::text") == [
        ("pending", first), ("success", first), ("replayed", first), ("pending", second), ("denied", second)]
    assert {client for client, in rows(database, "client_name")} == {"atlas", rows(database, "client_name")[0][0]}
    assert "4711" not in json.dumps([a for a, in rows(database, "arguments")])
    assert all(a["to"] == THEM for a, in rows(database, "arguments"))

    said = atlas("audit", "--json", env=env).json["calls"]
    assert [c["outcome"] for c in said] == ["denied", "pending", "replayed", "success", "pending"], "the newest first"
    assert [c["outcome"] for c in atlas("audit", "--outcome", "denied", "--json", env=env).json["calls"]] == ["denied"]
    assert atlas("audit", "--tool", "make_call", "--json", env=env).json["calls"] == []
    assert len(atlas("audit", "--since", "1h", "--tool", "send_sms", "--limit", "2", "--json", env=env).json["calls"]) == 2
    assert atlas("audit", "--since", "2100-01-01", "--json", env=env).json["calls"] == []
    assert "denied" in atlas("audit", env=env).out
    atlas("audit", "--since", "yesterdayish", env=env, exits=64)


def test_a_repeat_by_the_tools_own_key_is_a_replay(phone, database):
    phone.call("send_sms", **SMS)
    phone.call("send_sms", **SMS)
    wait_for(lambda: rows(database, "outcome") == [("success",), ("replayed",)])


def test_hostile_arguments_are_remembered_harmlessly(crm, database):
    crm.server.call("create_contact", {
        "full_name": "A\x00\x1b[31m‮" + "x" * 200, "source_ref": "https://user:pass@example.test/a?token=hunter2#frag",
        "metadata": {"api_key": "hunter2", "deep": [[[[[[[[["hunter3"]]]]]]]]], "list": list(range(500))}})
    crm.server.call("create_contact", {"nonsense_password": "hunter2", "full_name": 5, "n" * 5000: "m" * 50_000})
    wait_for(lambda: len(rows(database)) == 2)
    kept = json.dumps([a for a, in rows(database, "arguments")])
    assert "hunter" not in kept and "\\u0000" not in kept and "\\u001b" not in kept and len(kept) < 20_000


def test_it_can_be_switched_off(launch, database):
    server = launch(ATLAS_AUDIT="0")
    server.initialize()
    assert not server.call("create_contact", {"full_name": "Ann"}).get("isError")
    server.end()
    assert rows(database) == []


def test_what_was_done_last_is_written_before_the_end(launch, database):
    server = launch()
    server.initialize()
    for n in range(30):
        server.call("create_contact", {"full_name": f"Ann {n}"})
    server.end()
    assert len(rows(database)) == 30


def test_many_at_once_are_all_remembered(launch, database):
    server = launch("--toolsets", "all", ATLAS_RATE_LIMIT="0")
    server.initialize()
    ids = [server.begin("create_contact", full_name=f"Ann {n}", phone=f"217555{n:04}") for n in range(300)]
    with ThreadPoolExecutor(8) as pool:
        assert all(not r["result"].get("isError") for r in pool.map(lambda id: server.answer(id, 60), ids))
    wait_for(lambda: database.value("select count(*) from audit_log") == 300)


def test_a_log_that_cannot_be_written_fails_no_call(crm, database):
    database.sql("alter table audit_log rename to elsewhere")
    begun = time.monotonic()
    crm.create("Ann Example")
    assert time.monotonic() - begun < 5
    wait_for(lambda: "missing from the audit log" in crm.server.stderr)


def test_an_answer_does_not_wait_for_it(crm, database):
    held = database.hold("lock table audit_log in access exclusive mode")
    for n in range(5):
        crm.create(f"Ann {n}")
    assert rows_seen(held) == 0
    held.rollback()
    wait_for(lambda: len(rows(database)) == 5)


def rows_seen(connection) -> int:
    return connection.execute("select count(*) from audit_log").fetchone()[0]


@pytest.mark.parametrize("value", ["maybe", "2"])
def test_a_setting_that_is_neither_on_nor_off_is_told(bare, value):
    server = bare(env={"ATLAS_AUDIT": value})
    server.wait(code=78)
    assert "ATLAS_AUDIT" in server.stderr


def test_it_makes_no_private_database(bare, folder):
    """Marking a mail needs no database, and remembering it is no reason to make one."""
    from mailroom import EMAIL
    server = bare("--toolsets", "all", command=EMAIL, home=folder)
    server.initialize()
    assert server.call("mark_messages", {"message_ids": ["x"], "read": True}).get("isError")
    server.end()
    assert not (folder / "postgres").exists() and "audit" not in server.stderr
