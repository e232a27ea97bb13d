"""Calls, recordings and look-ups through the wire, at Twilio and at SignalWire: the contract's fields, and plain refusals."""

import base64
import re
import time
from email.utils import formatdate

import pytest

from telephone import ACCOUNT, OWN, PROJECT, TEN, THEM, TOKEN, schemas, wav
from tools import TIME

NOBODY = "CA" + "f" * 32


def test_a_call_says_a_message(phone):
    made = phone.call("make_call", to="(217) 555-0134", message="Tom & Jerry's <b>\"offer\"</b>")
    assert {k: made[k] for k in ("success", "status", "to", "from", "recording_enabled", "replayed")} == {
        "success": True, "status": "queued", "to": THEM, "from": OWN, "recording_enabled": True, "replayed": False}
    assert re.fullmatch(r"CA[0-9a-f]{32}", made["call_sid"])
    request = phone.double.requests("POST")[0]
    assert request.user == ACCOUNT and request.value("To") == THEM and request.value("From") == OWN
    assert request.value("Twiml") == "<Response><Say>Tom &amp; Jerry&apos;s &lt;b&gt;&quot;offer&quot;&lt;/b&gt;</Say></Response>"
    assert request.value("Record") == "true" and request.value("Url") is None


def test_a_call_is_left_to_the_webhook(dial):
    phone = dial(ATLAS_COMMS_WEBHOOK_BASE_URL="https://shop.example/hooks/", ATLAS_COMMS_RECORD_CALLS="0")
    made = phone.call("make_call", to=THEM, from_number="+1 217 555 0177", context_id="shop & co")
    request = phone.double.requests("POST")[0]
    assert made["recording_enabled"] is False and made["from"] == "+12175550177"
    assert request.value("Url") == "https://shop.example/hooks/api/v1/comms/voice/outbound?context_id=shop+%26+co"
    assert request.value("StatusCallback") == "https://shop.example/hooks/api/v1/comms/voice/status"
    assert request.values("StatusCallbackEvent") == ["initiated", "ringing", "answered", "completed"]
    assert request.value("Record") is None
    phone.call("make_call", to=THEM, record=True)
    assert phone.double.requests("POST")[1].value("RecordingStatusCallback").endswith("/voice/recording-status")


@pytest.mark.parametrize("arguments, parameter", [
    ({"to": "555-0134", "message": "Hi"}, "to"), ({"to": "anonymous", "message": "Hi"}, "to"), ({"to": "", "message": "Hi"}, "to"),
    ({"to": THEM, "message": "Hi", "from_number": "me"}, "from_number"), ({"to": THEM, "message": "Hi", "twiml": "<Response/>"}, "twiml"),
    ({"to": THEM, "twiml": "<Response><Say>Hi</Response>"}, "twiml"), ({"to": THEM, "twiml": "<Say>Hi</Say>"}, "twiml"),
    ({"to": THEM, "message": "Hi", "idempotency_key": "k" * 129}, "idempotency_key"), ({"to": THEM, "mesage": "Hi"}, "mesage"),
])
def test_a_call_that_cannot_be_is_refused_before_anything_leaves(phone, arguments, parameter):
    phone.refuses("invalid_argument", "make_call", parameter, says=parameter, **arguments)
    assert phone.double.journal == []


def test_a_call_without_words_and_webhook_is_not_configured(phone):
    phone.refuses("not_configured", "make_call", says="ATLAS_COMMS_WEBHOOK_BASE_URL", to=THEM)
    assert phone.double.journal == []


def test_calls_are_looked_up_and_ended(phone):
    call = phone.double.add_call(to=THEM, status="completed", duration=61, answered_by="human")
    seen = phone.call("get_call", call_sid=call["sid"])
    assert {k: seen[k] for k in ("success", "call_sid", "from", "to", "status", "direction", "duration", "answered_by")} == {
        "success": True, "call_sid": call["sid"], "from": OWN, "to": THEM, "status": "completed", "direction": "outbound-api",
        "duration": 61, "answered_by": "human"}
    assert TIME.fullmatch(seen["start_time"]) and TIME.fullmatch(seen["end_time"])
    live = phone.double.add_call(to=THEM, status="in-progress")
    assert phone.call("hangup_call", call_sid=live["sid"])["status"] == "completed"
    assert phone.double.requests("POST")[-1].form == [("Status", "completed")]


def test_a_list_follows_the_pages_up_to_the_limit(phone):
    sids = [phone.double.add_call(to=THEM if i % 2 else "+12175550199", status="completed")["sid"] for i in range(70)]
    phone.double.add_call(to=THEM, status="busy")
    found = phone.call("list_calls", status="completed", to="217-555-0134", from_number=OWN, limit=30)
    assert [c["call_sid"] for c in found["calls"]] == sids[::-1][::2][:30] and found["count"] == 30
    assert phone.call("list_calls")["count"] == 20
    # A provider that gives smaller pages than it was asked for.
    phone.double.largest_page = 7
    assert phone.call("list_calls", limit=50)["count"] == 50
    assert len(phone.double.requests("GET")) == 2 + 8


@pytest.mark.parametrize("tool, arguments, parameter", [
    ("get_call", {"call_sid": "CA123"}, "call_sid"), ("get_call", {"call_sid": "../../Accounts"}, "call_sid"),
    ("hangup_call", {"call_sid": "RE" + "0" * 32}, "call_sid"), ("get_recording", {"recording_sid": NOBODY}, "recording_sid"),
    ("stop_recording", {"call_sid": NOBODY, "recording_sid": "x"}, "recording_sid"), ("list_recordings", {"call_sid": "all"}, "call_sid"),
    ("list_calls", {"limit": 101}, "limit"), ("list_calls", {"limit": 0}, "limit"), ("list_calls", {"status": "done"}, "status"),
    ("list_calls", {"to": "nobody"}, "to"), ("lookup_phone", {"phone_number": "12"}, "phone_number"),
    ("start_recording", {"call_sid": NOBODY, "recording_status_callback": "https://u:p@x.example/"}, "recording_status_callback"),
    ("start_recording", {"call_sid": NOBODY, "recording_status_callback": "file:///etc/passwd"}, "recording_status_callback"),
])
def test_what_cannot_be_never_leaves(phone, tool, arguments, parameter):
    phone.refuses("invalid_argument", tool, parameter, says=parameter, **arguments)
    assert phone.double.journal == []


def test_recordings_from_start_to_audio(phone):
    call = phone.double.add_call(to=THEM, status="in-progress")["sid"]
    started = phone.call("start_recording", call_sid=call, recording_status_callback="https://shop.example/done")
    assert started["status"] == "in-progress" and started["call_sid"] == call
    assert phone.double.requests("POST")[-1].form == [("RecordingStatusCallback", "https://shop.example/done")]
    sid = started["recording_sid"]
    assert phone.call("stop_recording", call_sid=call, recording_sid=sid) == {
        "success": True, "call_sid": call, "recording_sid": sid, "status": "stopped"}
    phone.double.add_recording(call)
    listed = phone.call("list_recordings", call_sid=call)
    assert listed["count"] == 2 and listed["call_sid"] == call and listed["recordings"][1]["recording_sid"] == sid
    assert set(listed["recordings"][0]) == {"recording_sid", "status", "duration", "date_created", "media_url"}
    seen = phone.call("get_recording", recording_sid=sid)
    assert seen["duration"] == 9 and seen["media_url"].endswith(f"/Recordings/{sid}") and TIME.fullmatch(seen["date_created"])

    phone.double.audio[sid] = wav()
    contents = phone.server.request("resources/read", {"uri": f"atlas://recordings/{sid}"})["contents"][0]
    assert contents["mimeType"] == "audio/mpeg" and base64.b64decode(contents["blob"]) == wav()


def test_a_look_up_tells_what_is_known(phone):
    assert phone.call("lookup_phone", phone_number="217.555.0134") == {
        "success": True, "phone_number": THEM, "country_code": "US", "national_format": "(217) 555-0134", "valid": True,
        "caller_name": "MARIA GONZALEZ", "line_type": "mobile", "carrier": "Double Wireless", "untrusted": True}


def test_signalwire_speaks_the_same_dialect(dial):
    phone = dial("signalwire")
    made = phone.call("make_call", to=THEM, message="Hi")
    request = phone.double.requests("POST")[0]
    assert request.user == PROJECT and request.path == f"/api/laml/2010-04-01/Accounts/{PROJECT}/Calls.json"
    assert phone.call("get_call", call_sid=made["call_sid"])["status"] == "queued"
    call = phone.double.add_call(sid="5f0c1f34-7b5c-4bd4-9a35-0f9a6f5b0d11")["sid"]
    assert phone.call("get_call", call_sid=call)["call_sid"] == call, "its ids are UUIDs"
    assert phone.call("send_sms", to=THEM, body="Hi")["status"] == "queued"
    seen = phone.call("lookup_phone", phone_number=THEM)
    assert (seen["line_type"], seen["caller_name"], seen["country_code"], seen["valid"]) == ("wireless", "MARIA GONZALEZ", "US", True)


@pytest.mark.parametrize("company, missing, named", [
    ("twilio", "ATLAS_COMMS_TWILIO_AUTH_TOKEN", "ATLAS_COMMS_TWILIO_AUTH_TOKEN"),
    ("twilio", "ATLAS_COMMS_TWILIO_ACCOUNT_SID", "ATLAS_COMMS_TWILIO_ACCOUNT_SID"),
    ("signalwire", "ATLAS_COMMS_SIGNALWIRE_API_TOKEN", "ATLAS_COMMS_SIGNALWIRE_API_TOKEN"),
])
def test_missing_credentials_are_named(dial, company, missing, named):
    phone = dial(company, **{missing: "${UNEXPANDED}"})
    for tool in ("get_call", "hangup_call"):
        phone.refuses("not_configured", tool, says=named, call_sid=NOBODY)
    assert phone.double.journal == []


def test_a_provider_that_is_not_configured_takes_no_server_down(dial):
    phone = dial(ATLAS_COMMS_PROVIDER="carrier pigeon")
    phone.refuses("not_configured", "get_call", says="ATLAS_COMMS_PROVIDER", call_sid=NOBODY)
    assert phone.call("list_call_transcripts")["count"] == 0


@pytest.mark.parametrize("code, ours, says", [
    (20003, "unauthenticated", "20003"), (20404, "not_found", "20404"), (21220, "conflict", "21220"), (20429, "rate_limited", "Wait 7 s"),
])
def test_the_providers_own_code_and_meaning_are_told(phone, code, ours, says):
    call = phone.double.add_call(status="in-progress")["sid"]
    phone.double.refuse(code, times=9, Retry_After="7")
    phone.refuses(ours, "hangup_call", says=says, call_sid=call)
    assert len(phone.double.requests("POST")) == 1


def test_reads_are_repeated_and_changes_are_not(phone):
    call = phone.double.add_call(status="in-progress")["sid"]
    phone.double.fail("answer", 1, "GET", status=503)
    phone.double.fail("answer", 1, "GET", status=429, headers={"Retry-After": "1"})
    assert phone.call("get_call", call_sid=call)["status"] == "in-progress"
    assert len(phone.double.requests("GET")) == 3
    phone.double.fail("cut", 1, "GET")
    assert phone.call("get_call", call_sid=call)["status"] == "in-progress"
    phone.double.fail("answer", 1, "POST", status=503)
    phone.refuses("upstream_error", "hangup_call", retryable=True, call_sid=call)
    assert len(phone.double.requests("POST")) == 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("wait", ["1", "date"])
def test_a_read_waits_as_long_as_it_is_told(phone, status, wait):
    call = phone.double.add_call()["sid"]
    # A date has no fractions of a second, so it may be up to one second nearer than it says.
    after = formatdate(time.time() + 2, usegmt=True) if wait == "date" else wait
    phone.double.fail("answer", 1, "GET", status=status, headers={"Retry-After": after})
    started = time.monotonic()
    assert phone.call("get_call", call_sid=call)["status"] == "queued"
    assert 0.9 < time.monotonic() - started < 6 and len(phone.double.journal) == 2


@pytest.mark.parametrize("status, code", [(429, "rate_limited"), (503, "upstream_error")])
def test_nobody_waits_for_a_minute(phone, status, code):
    phone.double.fail("answer", 9, "GET", status=status, headers={"Retry-After": "60"})
    started = time.monotonic()
    phone.refuses(code, "get_call", retryable=True, call_sid=NOBODY)
    assert time.monotonic() - started < 5 and len(phone.double.journal) == 1


def test_a_read_that_fails_and_fails_is_given_up(phone):
    for kind, code in (("cut", "unavailable"), ("cut after", "unavailable")):
        phone.double.fail(kind, 99, "GET")
        phone.refuses(code, "get_call", retryable=True, call_sid=NOBODY)
        phone.double.faults.clear()
    phone.double.fail("answer", 99, "GET", status=500)
    phone.refuses("upstream_error", "get_call", retryable=True, call_sid=NOBODY)
    assert len(phone.double.journal) == 9


def test_a_cancelled_read_ends_its_transfer(phone):
    phone.double.fail("hang", 1, "GET")
    id = phone.server.begin("list_calls")
    while not phone.double.journal:
        time.sleep(0.01)
    phone.server.notify("notifications/cancelled", {"requestId": id})
    assert phone.double.journal[0].abandoned.wait(5)
    phone.server.silent(0.2)
    phone.double.fail("slow", 1, "GET")
    assert phone.call("list_calls")["count"] == 0, "a slow answer is waited for"


FIELDS = {  # what the contract names, of each success
    "make_call": "success call_sid status to from recording_enabled", "hangup_call": "success call_sid status",
    "get_call": "success call_sid from to status direction duration start_time end_time answered_by", "list_calls": "success calls count",
    "start_recording": "success call_sid recording_sid status", "stop_recording": "success call_sid recording_sid status",
    "list_recordings": "success call_sid recordings count", "send_sms": "success message_sid status to from segments",
    "get_recording": "success recording_sid call_sid status duration date_created media_url",
    "lookup_phone": "success phone_number country_code national_format valid caller_name line_type carrier",
}


def test_every_success_has_the_contracts_fields(phone):
    call = phone.double.add_call(status="in-progress")["sid"]
    recording = phone.double.add_recording(call)["sid"]
    arguments = {
        "make_call": {"to": THEM, "message": "Hi"}, "list_calls": {}, "send_sms": {"to": THEM, "body": "Hi"}, "lookup_phone": {"phone_number": THEM},
        "get_recording": {"recording_sid": recording}, "stop_recording": {"call_sid": call, "recording_sid": recording}}
    for tool in [name for name in TEN if name != "hangup_call"] + ["hangup_call"]:
        content = phone.call(tool, **arguments.get(tool, {"call_sid": call}))
        assert set(FIELDS[tool].split()) <= set(content) and content["success"] is True, tool
        assert set(FIELDS[tool].split()) <= set(schemas()[tool]["outputSchema"]["required"]) | {"caller_name"}, f"{tool}: always there, null at most"
    listed = phone.call("list_calls")["calls"][0]
    assert set("call_sid from to status direction duration start_time end_time answered_by".split()) <= set(listed)


def test_an_answer_that_is_none_is_no_success(phone):
    call = phone.double.add_call()["sid"]
    phone.double.fail("garbage", 9, "GET")
    phone.refuses("upstream_error", "get_call", call_sid=call)
    phone.double.faults.clear()
    phone.double.fail("answer", 1, "GET", status=200, body={"calls": "none"})
    phone.refuses("upstream_error", "list_calls", says="cannot be read")


def test_the_token_goes_only_where_it_belongs(phone):
    phone.double.add_call()
    original = phone.double.page

    def elsewhere(request, name, items):
        answer = original(request, name, items)
        answer.body = answer.body.replace(b'"next_page_uri": null', b'"next_page_uri": "//evil.example/2010-04-01/Accounts/x"')
        return answer
    phone.double.page = elsewhere
    phone.refuses("upstream_error", "list_calls", limit=5)
    assert TOKEN not in phone.server.stderr


def test_there_are_ten_and_they_tell_the_truth():
    listed = schemas()
    assert list(listed)[:10] == TEN
    reading = {"get_call", "list_calls", "list_recordings", "get_recording", "lookup_phone", "get_call_transcript", "list_call_transcripts"}
    for name, tool in listed.items():
        hints = tool["annotations"]
        assert hints["readOnlyHint"] is (name in reading), name
        assert hints["openWorldHint"] is (name in TEN or name == "process_call"), name
        for path in ("inputSchema", "outputSchema"):
            assert not re.search(r'"(\$ref|\$defs|oneOf|anyOf|allOf)"', str(tool[path])), name
