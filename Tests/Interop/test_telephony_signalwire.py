"""The same tools at SignalWire: its path, its ids and its credentials, and the same promises."""

import base64
import re

import pytest

from telephone import OWN, PROJECT, THEM, TOKEN, wav
from tools import UUID

ROOT = f"/api/laml/2010-04-01/Accounts/{PROJECT}"


@pytest.fixture
def phone(dial):
    phone = dial("signalwire")
    phone.server.initialize()
    return phone


def test_the_ten_tools_from_call_to_recording(phone):
    made = phone.call("make_call", to="217-555-0134", message="Hi")
    sid = made["call_sid"]
    assert UUID.fullmatch(sid) and (made["status"], made["to"], made["from"]) == ("queued", THEM, OWN)
    phone.double.calls[sid]["status"] = "in-progress"
    assert phone.call("get_call", call_sid=sid)["status"] == "in-progress"
    assert [c["call_sid"] for c in phone.call("list_calls", status="in-progress")["calls"]] == [sid]
    recording = phone.call("start_recording", call_sid=sid)["recording_sid"]
    assert UUID.fullmatch(recording)
    assert phone.call("stop_recording", call_sid=sid, recording_sid=recording)["status"] == "stopped"
    assert phone.call("hangup_call", call_sid=sid)["status"] == "completed"
    assert [r["recording_sid"] for r in phone.call("list_recordings", call_sid=sid)["recordings"]] == [recording]
    seen = phone.call("get_recording", recording_sid=recording)
    assert seen["media_url"] == f"{phone.double.url}{ROOT}/Recordings/{recording}"
    contents = phone.server.request("resources/read", {"uri": f"atlas://recordings/{recording}"})["contents"][0]
    assert base64.b64decode(contents["blob"]) == wav()
    sent = phone.call("send_sms", to=THEM, body="Hi", media_urls="https://shop.example/a.jpg")
    assert UUID.fullmatch(sent["message_sid"]) and sent["segments"] == 1
    assert phone.call("lookup_phone", phone_number=THEM)["carrier"] == "DOUBLE WIRELESS"
    assert {r.user for r in phone.double.journal} == {PROJECT} and len(phone.double.journal) == 13
    assert all(r.path.startswith(ROOT + "/") for r in phone.double.journal[:-1])
    assert phone.double.journal[-1].target == f"/api/relay/rest/lookup/phone_number/{THEM}?include=carrier%2Ccnam"


def test_pages_are_followed_below_its_own_path(phone):
    sids = [phone.double.add_call(sid=f"5f0c1f34-7b5c-4bd4-9a35-{n:012x}")["sid"] for n in range(30)]
    phone.double.largest_page = 9
    assert [c["call_sid"] for c in phone.call("list_calls", limit=25)["calls"]] == sids[::-1][:25]
    assert [r.path for r in phone.double.journal] == [ROOT + "/Calls.json"] * 3


@pytest.mark.parametrize("tool, arguments, parameter", [
    ("get_call", {"call_sid": "CA1"}, "call_sid"), ("get_call", {"call_sid": "5f0c1f34-7b5c-4bd4-9a35"}, "call_sid"),
    ("get_recording", {"recording_sid": "../Calls"}, "recording_sid"), ("hangup_call", {"call_sid": "5f0c1f34-7b5c-4bd4-9a35-0f9a6f5b0d11.json"}, "call_sid"),
])
def test_an_id_of_another_shape_is_refused(phone, tool, arguments, parameter):
    phone.refuses("invalid_argument", tool, parameter, says="UUID", **arguments)
    assert phone.double.journal == []


@pytest.mark.parametrize("code, ours, says", [
    (20003, "unauthenticated", "ATLAS_COMMS_SIGNALWIRE_API_TOKEN"), (20404, "not_found", "20404"), (21610, "permission_denied", "21610"),
    (20429, "rate_limited", "Wait 7 s"), (21211, "invalid_argument", "21211"),
])
def test_its_refusals_are_told(phone, code, ours, says):
    phone.double.refuse(code, 1, "POST", Retry_After="7")
    assert re.search("SignalWire", phone.refuses(ours, "send_sms", says=says, to=THEM, body="Hi"))
    assert phone.asked_to_send == 1 and phone.sent == 0


@pytest.mark.parametrize("tool, arguments", [("make_call", {"message": "Hi"}), ("send_sms", {"body": "Hi"})], ids=["call", "message"])
def test_once_and_not_twice(phone, database, tool, arguments):
    database.sql("insert into contacts (full_name, phone) values ('Maria Gonzalez', '217-555-0134')")
    phone.double.fail("cut after", 1, "POST")
    phone.refuses("upstream_error", tool, says="may or may not", retryable=False, to=THEM, **arguments, idempotency_key="a")
    phone.refuses("conflict", tool, "idempotency_key", retryable=False, to=THEM, **arguments, idempotency_key="a")
    first = phone.call(tool, to=THEM, **arguments, idempotency_key="b")
    assert phone.call(tool, to=THEM, **arguments, idempotency_key="b") == {**first, "replayed": True}
    assert phone.sent == phone.asked_to_send == 2
    kind, sid = ("call", first["call_sid"]) if tool == "make_call" else ("sms", first["message_sid"])
    assert database.sql("select interaction_type, source_ref from contact_interactions") == [(kind, f"{kind}:{sid}")]
    phone.double.receive(THEM, "STOP")
    phone.refuses("permission_denied", tool, "to", to=THEM, **arguments)
    assert phone.asked_to_send == 2


@pytest.mark.parametrize("name, value, says", [
    ("ATLAS_COMMS_SIGNALWIRE_PROJECT_ID", "AC" + "0" * 32, "ATLAS_COMMS_SIGNALWIRE_PROJECT_ID"),
    ("ATLAS_COMMS_SIGNALWIRE_PROJECT_ID", "", "ATLAS_COMMS_SIGNALWIRE_PROJECT_ID"),
    ("ATLAS_COMMS_SIGNALWIRE_API_TOKEN", "", "ATLAS_COMMS_SIGNALWIRE_API_TOKEN"), ("ATLAS_COMMS_SIGNALWIRE_BASE_URL", "http://192.0.2.1", "https"),
])
def test_a_wrong_setting_is_named(dial, name, value, says):
    phone = dial("signalwire", **{name: value})
    phone.refuses("not_configured", "list_calls", says=says)
    assert phone.double.journal == []


def test_a_space_is_its_host(dial):
    phone = dial("signalwire", ATLAS_COMMS_SIGNALWIRE_BASE_URL="", ATLAS_COMMS_SIGNALWIRE_SPACE="evil.example/path?x=")
    phone.refuses("not_configured", "list_calls", says="ATLAS_COMMS_SIGNALWIRE_SPACE")
    phone = dial("signalwire", ATLAS_COMMS_SIGNALWIRE_BASE_URL="", ATLAS_COMMS_SIGNALWIRE_SPACE="")
    phone.refuses("not_configured", "list_calls", says="ATLAS_COMMS_SIGNALWIRE_SPACE")
    assert phone.double.journal == [] and TOKEN not in phone.server.stderr
