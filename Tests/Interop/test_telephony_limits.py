"""The telephone where things end: lists that are cut, doors that close, hosts that hang up, books that cannot be written in."""

import threading
import time
from http.server import ThreadingHTTPServer

import pytest

from client import Server
from telephone import TEN, THEM, schemas
from test_bad_arguments import barrage

SENDING = [("make_call", {"to": THEM, "message": "Hi"}), ("send_sms", {"to": THEM, "body": "Hi"})]
both = pytest.mark.parametrize("tool, arguments", SENDING, ids=["call", "message"])


def when(double, method: str, path: str, act) -> None:
    """Does something the next time that such a request has come, before it is answered."""
    judge, done = double.validator, []

    def validator(request, answer):
        if request.method == method and request.path.endswith(path) and not done:
            done.append(True)
            act()
        judge(request, answer)

    double.validator = validator


# Lists

def test_a_list_that_is_not_whole_says_so(phone):
    """Size: no list is cut without a word."""
    call = phone.double.add_call(status="completed")["sid"]
    sids = [phone.double.add_recording(call)["sid"] for _ in range(150)]
    result = phone.call("list_recordings", call_sid=call)
    listed = [r["recording_sid"] for r in result["recordings"]]
    assert listed == sids[::-1][:len(listed)] and result["count"] == len(listed)
    assert len(listed) == len(sids) or result["truncated"] is True, f"{len(listed)} of {len(sids)} recordings, and not a word"


def test_calls_that_are_too_long_for_a_result_are_cut_and_counted(phone):
    sids = [phone.double.add_call(sender=f"sip:{'x' * 900}@example.test")["sid"] for _ in range(100)]
    result = phone.call("list_calls", limit=100)
    assert result["truncated"] is True and 0 < result["count"] == len(result["calls"]) < 100
    assert [call["call_sid"] for call in result["calls"]] == sids[::-1][:result["count"]]


# Arguments and settings

@pytest.mark.parametrize("seed", range(2))
def test_random_arguments_never_break_the_telephone(phone, seed):
    """And what leaves is always a request that the provider documents: the judge hears all of them."""
    call = phone.double.add_call(status="in-progress")["sid"]
    recording = phone.double.add_recording(call)["sid"]
    known = {"to": THEM, "phone_number": THEM, "call_sid": call, "recording_sid": recording, "body": "x", "message": "x"}
    barrage(phone.server, {tool: schemas()[tool] for tool in TEN}, known, seed)
    assert phone.asked_to_send > 5


@pytest.mark.parametrize("url", ["https://shop.example/hooks?key=1", "https://shop.example/#hooks"])
def test_a_webhook_with_a_query_has_nothing_below_it(dial, url):
    """Paths are written behind it: what came out of that would be a URL that nobody meant."""
    phone = dial(ATLAS_COMMS_WEBHOOK_BASE_URL=url)
    phone.refuses("not_configured", "make_call", says="ATLAS_COMMS_WEBHOOK_BASE_URL", to=THEM)
    assert phone.double.journal == []


@both
def test_a_redirect_is_not_the_callers_fault(phone, tool, arguments):
    """No argument can be mended: the address of the service is wrong, or the service is."""
    phone.double.fail("answer", 9, "POST", status=307, headers={"Location": phone.double.url + "/elsewhere"})
    result = phone.server.call(tool, arguments)
    assert result["_meta"]["atlas/error"]["code"] in ("upstream_error", "not_configured"), result["content"][0]["text"]
    assert phone.asked_to_send == 1


# Once

@both
def test_a_door_that_closes_between_the_look_and_the_send(phone, tool, arguments):
    """Nobody took the connection, so it is certain that nothing left, and the key is free."""
    double = phone.double

    def shut():
        double.server.shutdown()
        double.server.server_close()

    when(double, "GET", "/Messages.json", shut)
    phone.refuses("unavailable", tool, retryable=True, **arguments, idempotency_key="k")
    assert phone.asked_to_send == 0
    double.server = ThreadingHTTPServer(double.server.server_address, double.server.RequestHandlerClass)
    double.server.daemon_threads = True
    threading.Thread(target=double.server.serve_forever, args=(0.05,), daemon=True).start()
    assert phone.call(tool, **arguments, idempotency_key="k")["replayed"] is False and phone.sent == 1


@both
def test_eight_at_once_that_end_in_doubt_send_once(dial, tool, arguments):
    phones = [dial() for _ in range(2)]
    phones[0].double.fail("cut after", 99, "POST")
    asked = [(phone, phone.server.begin(tool, **arguments, idempotency_key="k")) for phone in phones for _ in range(4)]
    errors = [phone.server.answer(id)["result"]["_meta"]["atlas/error"] for phone, id in asked]
    assert phones[0].asked_to_send == 1 and not any(error["retryable"] for error in errors)
    assert sorted(error["code"] for error in errors)[:7] == ["conflict"] * 7


@both
def test_a_host_that_hangs_up_in_the_middle(phone, database, tool, arguments):
    """The server sees it through, writes it down and ends."""
    def hang_up():
        phone.server.close_input()
        time.sleep(0.3)

    when(phone.double, "POST", "s.json", hang_up)
    phone.server.begin(tool, **arguments, idempotency_key="k")
    phone.server.wait(10)
    assert database.sql("select status from outbox") == [("sent",)] and phone.sent == 1


def test_what_was_sent_and_cannot_be_written_down_is_told(phone, database):
    """It reached a person: that no row says so is a warning and no failure, and its key sends nothing more."""
    arguments = {"to": THEM, "body": "Hi", "idempotency_key": "k"}
    when(phone.double, "POST", "/Messages.json", lambda: database.sql("revoke update on outbox from app"))
    sent = phone.call("send_sms", **arguments)
    assert sent["message_sid"] in phone.double.messages and len(sent["warnings"]) == 1
    database.sql("grant update on outbox to app")
    database.sql("update outbox set created_at = created_at - interval '1 hour'")
    phone.refuses("conflict", "send_sms", "idempotency_key", retryable=False, **arguments)
    assert phone.asked_to_send == 1


@both
def test_an_outage_of_the_database_lets_nothing_out(dial, database, tool, arguments):
    """What cannot be written down before it leaves does not leave."""
    phone = dial(ATLAS_DATABASE_URL=database.url.replace(f"/{database.name}?", "/gone?"))
    result = phone.server.call(tool, arguments)
    assert result["isError"] and phone.asked_to_send == 0


# Contacts

def contact(database, **arguments) -> str:
    with Server(env={"ATLAS_DATABASE_URL": database.url}) as crm:
        return crm.call("create_contact", {"full_name": "Ann Example", **arguments})["structuredContent"]["contact"]["id"]


def history(database) -> list[str]:
    return [row[0] for row in database.sql("select contact_id::text from contact_interactions order by created_at")]


@both
def test_a_further_number_is_the_contacts_too(phone, database, tool, arguments):
    ann = contact(database, phone=THEM, email="ann@example.test")
    assert contact(database, phone="312-555-0177", email="ann@example.test") == ann
    phone.call(tool, **{**arguments, "to": "(312) 555-0177"})
    assert history(database) == [ann]
    database.sql("update contacts set tags = '{do-not-contact}'")
    for to in (THEM, "312-555-0177"):
        phone.refuses("permission_denied", tool, "to", says="do-not-contact", **{**arguments, "to": to})
    assert phone.asked_to_send == 1


@both
def test_who_is_archived_still_wants_to_be_left_alone(phone, database, tool, arguments):
    ann = contact(database, phone=THEM, tags=["vip", "do-not-contact"])
    with Server(env={"ATLAS_DATABASE_URL": database.url}) as crm:
        crm.call("delete_contact", {"contact_id": ann})
    phone.refuses("permission_denied", tool, "to", says="do-not-contact", **arguments)
    assert phone.double.journal == []


@pytest.mark.parametrize("context", ["north", "south", None])
def test_a_number_of_two_businesses_is_written_down_where_it_belongs(dial, database, context):
    people = {name: contact(database, phone=THEM, business_context_id=name) for name in ("north", "south")}
    assert len(set(people.values())) == 2
    dial(ATLAS_BUSINESS_CONTEXT=context).call("send_sms", to=THEM, body="Hi")
    assert history(database) == ([people[context]] if context else []), "of two strangers' numbers nobody guesses"


def test_a_number_abroad_is_read_as_the_region_says(dial):
    assert dial().call("send_sms", to="+44 20 7946 0958", body="Hi")["to"] == "+442079460958"
    assert dial(ATLAS_DEFAULT_REGION="GB").call("send_sms", to="020 7946 0958", body="Hi")["to"] == "+442079460958"


@both
def test_read_only_has_neither(dial, tool, arguments):
    phone = dial("twilio", "--read-only")
    assert phone.server.answer(phone.server.begin(tool, **arguments))["error"]["code"] == -32602
    assert phone.double.journal == []
