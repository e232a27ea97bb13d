"""Calls and messages leave once or not at all, whatever the provider, the client or the operating system does meanwhile."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from telephone import OWN, THEM

SENDING = [("make_call", {"to": THEM, "message": "Hi"}), ("send_sms", {"to": THEM, "body": "Hi"})]
both = pytest.mark.parametrize("tool, arguments", SENDING, ids=["call", "message"])


def row(database, column="status"):
    return [r[0] for r in database.sql(f"select {column} from outbox order by created_at, id")]


@both
@pytest.mark.parametrize("kind, code, retryable, status", [
    ("cut after", "upstream_error", False, "unknown"), ("garbage", "upstream_error", False, "unknown"),
    ("cut", "upstream_error", False, "unknown"), ("cut unread", "upstream_error", False, "unknown"),
])
def test_no_clear_answer_is_told_and_never_sent_again(phone, database, tool, arguments, kind, code, retryable, status):
    phone.double.fail(kind, 1, "POST")
    text = phone.refuses(code, tool, says="may or may not", retryable=retryable, **arguments, idempotency_key="k")
    assert "again" in text
    for _ in range(2):
        phone.refuses("conflict", tool, "idempotency_key", says="may or may not", retryable=False, **arguments, idempotency_key="k")
    assert phone.asked_to_send == 1 and row(database) == [status]


@both
def test_a_fault_of_the_providers_is_not_repeated(phone, database, tool, arguments):
    phone.double.fail("answer", 1, "POST", status=500, body={"code": 20500, "message": "Internal Server Error", "status": 500})
    phone.refuses("upstream_error", tool, says="may or may not", retryable=False, **arguments, idempotency_key="k")
    phone.refuses("conflict", tool, "idempotency_key", **arguments, idempotency_key="k")
    assert phone.asked_to_send == 1 and row(database) == ["unknown"]


@both
@pytest.mark.parametrize("code, ours, parameter", [
    (21211, "invalid_argument", "to"), (21606, "invalid_argument", "from_number"), (21610, "permission_denied", "to"),
    (21215, "permission_denied", "to"), (20003, "unauthenticated", None), (20429, "rate_limited", None),
])
def test_a_refusal_is_final_until_it_is_asked_again(phone, database, tool, arguments, code, ours, parameter):
    phone.double.refuse(code, 1, "POST", Retry_After="3")
    text = phone.refuses(ours, tool, parameter, says=str(code), retryable=ours == "rate_limited", **arguments, idempotency_key="k")
    assert ours != "rate_limited" or "Wait 3 s" in text
    assert phone.asked_to_send == 1 and phone.sent == 0 and row(database) == ["failed"]
    # Nothing left, so the same key may try again.
    assert phone.call(tool, **arguments, idempotency_key="k")["replayed"] is False
    assert phone.sent == 1 and row(database) == ["sent"]


@both
def test_a_repeat_gets_the_first_outcome(phone, database, tool, arguments):
    first = phone.call(tool, **arguments, idempotency_key="k")
    again = phone.call(tool, **arguments, idempotency_key="k")
    assert again == {**first, "replayed": True} and first["replayed"] is False and phone.sent == 1
    phone.refuses("conflict", tool, "idempotency_key", **{**arguments, "to": "+12175550199"}, idempotency_key="k")
    assert phone.call(tool, **arguments)["replayed"] is False and phone.sent == 2, "without a key each call sends"


@both
def test_eight_at_once_with_one_key_send_once(dial, database, tool, arguments):
    phones = [dial() for _ in range(2)]
    for phone in phones:
        phone.server.initialize()
    ids = [(phone, phone.server.begin(tool, **arguments, idempotency_key="k")) for phone in phones for _ in range(4)]
    outcomes = [phone.succeeded(tool, phone.server.answer(id)["result"]) for phone, id in ids]
    assert phones[0].sent == 1 and sum(not o["replayed"] for o in outcomes) == 1
    assert len({o.get("call_sid") or o.get("message_sid") for o in outcomes}) == 1


@both
def test_a_cancelled_call_is_not_sent_twice(phone, database, tool, arguments):
    phone.double.fail("hang", 1, "POST")
    id = phone.server.begin(tool, **arguments, idempotency_key="k")
    wait_for(lambda: phone.asked_to_send == 1)
    phone.server.notify("notifications/cancelled", {"requestId": id})
    phone.server.silent(0.3)
    phone.server.kill()
    assert phone.asked_to_send == 1 and row(database) == ["sending"]


@both
@pytest.mark.parametrize("status, body, code, outcome", [
    (500, {"code": 20500, "message": "Internal Server Error", "status": 500}, "upstream_error", "unknown"), (503, b"", "upstream_error", "unknown"),
    (504, b"<html>", "upstream_error", "unknown"), (201, b"<html>Created</html>", "upstream_error", "unknown"), (200, b"{}", "upstream_error", "unknown"),
    (429, b"", "rate_limited", "failed"), (404, b"", "not_found", "failed"), (403, b"", "permission_denied", "failed"), (401, b"", "unauthenticated", "failed"),
])
def test_whatever_is_answered_one_request_leaves(phone, database, tool, arguments, status, body, code, outcome):
    phone.double.fail("answer", 9, "POST", status=status, body=body, headers={"Retry-After": "1"})
    phone.refuses(code, tool, retryable=code == "rate_limited", **arguments)
    assert phone.asked_to_send == 1 and row(database) == [outcome]


@both
def test_a_cancelled_call_goes_on_and_its_record_tells_the_truth(phone, database, tool, arguments):
    phone.double.fail("slow", 1, "POST")
    id = phone.server.begin(tool, **arguments, idempotency_key="k")
    wait_for(lambda: phone.sent == 1)
    phone.server.notify("notifications/cancelled", {"requestId": id})
    # The next with the same key waits for what became of it.
    assert phone.call(tool, **arguments, idempotency_key="k")["replayed"] is True
    assert phone.asked_to_send == 1 and row(database) == ["sent"]


@both
def test_a_call_that_is_cancelled_before_it_leaves_does_not_leave(phone, database, tool, arguments):
    phone.double.fail("hang", 1, "GET", "/Messages.json")  # the look for STOP
    id = phone.server.begin(tool, **arguments, idempotency_key="k")
    wait_for(lambda: phone.double.requests("GET"))
    phone.server.notify("notifications/cancelled", {"requestId": id})
    assert phone.double.requests("GET")[0].abandoned.wait(5), "the transfer is aborted"
    wait_for(lambda: row(database) == ["failed"])
    assert phone.asked_to_send == 0
    assert phone.call(tool, **arguments, idempotency_key="k")["replayed"] is False and phone.sent == 1


@both
def test_after_a_kill_a_repeat_sends_nothing(dial, database, tool, arguments):
    phone = dial()
    phone.server.initialize()
    phone.double.fail("cut after", 1, "POST")
    phone.double.fail("hang", 9, "POST")
    phone.server.begin(tool, **arguments, idempotency_key="k")
    wait_for(lambda: phone.sent == 1)
    phone.server.kill()
    phones = [dial() for _ in range(3)]
    for other in phones:
        other.server.begin(tool, **arguments, idempotency_key="k")
    time.sleep(1)
    assert phone.asked_to_send == 1, "it may have been sent"
    for other in phones:
        other.server.kill()


@both
def test_a_server_that_is_killed_leaves_an_unknown_outcome(dial, database, tool, arguments):
    phone = dial()
    phone.server.initialize()
    phone.double.fail("hang", 1, "POST")
    phone.server.begin(tool, **arguments, idempotency_key="k")
    wait_for(lambda: phone.asked_to_send == 1)
    phone.server.kill()
    assert row(database) == ["sending"]
    database.sql("update outbox set created_at = now() - interval '3 minutes'")
    other = dial()
    other.refuses("conflict", tool, "idempotency_key", says="may or may not", retryable=False, **arguments, idempotency_key="k")
    assert other.asked_to_send == 1 and row(database) == ["unknown"]


@both
def test_a_provider_that_is_away_has_got_nothing(dial, database, tool, arguments):
    phone = dial(ATLAS_COMMS_TWILIO_BASE_URL="http://127.0.0.1:1")
    phone.refuses("unavailable", tool, says="cannot be reached", retryable=True, **arguments, idempotency_key="k")
    assert row(database) == ["failed"]


def test_a_key_belongs_to_its_tool(phone):
    for tool, arguments in SENDING:
        assert phone.call(tool, **arguments, idempotency_key="same")["replayed"] is False
    assert phone.sent == 2


def test_messages_in_parallel_all_leave_once(phone, database):
    with ThreadPoolExecutor(16) as pool:
        ids = [phone.server.begin("send_sms", to=f"+121755501{n:02}", body=f"Number {n}", idempotency_key=str(n)) for n in range(60)]
        outcomes = list(pool.map(lambda id: phone.succeeded("send_sms", phone.server.answer(id)["result"]), ids))
    assert len({o["message_sid"] for o in outcomes}) == 60 == phone.sent
    bodies = [r.value("Body") for r in phone.double.requests("POST")]
    assert sorted(bodies) == sorted(f"Number {n}" for n in range(60))


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_what_left_is_in_the_history_of_its_contact_once(phone, database):
    contact = database.sql(
        "insert into contacts (full_name, phone) values ('Maria Gonzalez', '217-555-0134') returning id")[0][0]
    made = phone.call("make_call", to=THEM, message="We are on our way", idempotency_key="c")
    phone.call("make_call", to=THEM, message="We are on our way", idempotency_key="c")
    sent = phone.call("send_sms", to="(217) 555-0134", body="See you at nine")
    phone.call("send_sms", to="+12175550199", body="Nobody we know")
    history = database.sql(
        "select contact_id, interaction_type, summary, source_ref from contact_interactions order by created_at, id")
    assert history == [
        (contact, "call", f"Called {THEM}: We are on our way", f"call:{made['call_sid']}"),
        (contact, "sms", "Text message sent: See you at nine", f"sms:{sent['message_sid']}")]
    assert [r for r in database.sql("select distinct status from outbox")] == [("sent",)]
    assert made["from"] == OWN
