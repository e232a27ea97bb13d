"""Is the judge of the telephone company awake? What it must let pass, and what it must not."""

import copy

import pytest

import openapi
from serving import Answer, Request
from telephone import ACCOUNT, OWN, PROJECT, THEM, Telephony

ROOT = f"/2010-04-01/Accounts/{ACCOUNT}"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CALL = b"To=%2B12175550134&From=%2B12175550100&Twiml=%3CResponse%2F%3E"

pytestmark = pytest.mark.skipif(not openapi.are_there(), reason="../shared/schema is not there")


@pytest.fixture(scope="module")
def resources() -> dict[str, dict]:
    """What the double answers, and the judge must like."""
    with Telephony() as double:
        call = double.add_call(to=THEM, status="completed", duration=3)
        recording, message = double.add_recording(call["sid"]), double.receive(THEM, "Hello")
        page = double.page(Request("GET", f"{ROOT}/Calls.json", {}, b""), "calls", [call]).json
        lookup = double.look_up(Request("GET", "/v2/PhoneNumbers/x?Fields=caller_name", {}, b""), THEM).json
    return {"call": call, "recording": recording, "message": message, "calls": page, "lookup": lookup}


def check(method: str, target: str, body: bytes = b"", answer: dict | None = None, status: int = 200, headers: dict = FORM) -> None:
    openapi.check(Request(method, target, headers if body else {}, body), None if answer is None else Answer(status, answer))


def test_what_is_right_passes(resources):
    check("POST", f"{ROOT}/Calls.json", CALL + b"&Record=true&StatusCallbackEvent=initiated&StatusCallbackEvent=completed", resources["call"], 201)
    check("GET", f"{ROOT}/Calls.json?Status=no-answer&To=%2B12175550134&PageSize=20&Page=1&PageToken=PA1", b"", resources["calls"])
    check("GET", f"{ROOT}/Messages.json?From=%2B12175550134&To=%2B12175550100&PageSize=1")
    check("POST", f"{ROOT}/Messages.json", b"To=1&From=2&Body=x&MediaUrl=a&MediaUrl=b", resources["message"], 201)
    check("GET", "/v2/PhoneNumbers/+12175550134?Fields=caller_name%2Cline_type_intelligence", b"", resources["lookup"])


@pytest.mark.parametrize("method, target, body, says", [
    ("POST", f"{ROOT}/Calls.json", CALL + b"&Twimml=x", "Twimml"), ("POST", f"{ROOT}/Calls.json", b"From=%2B1&Twiml=x", "needs"),
    ("POST", f"{ROOT}/Calls.json", CALL + b"&Record=yes", "Record"), ("POST", f"{ROOT}/Calls.json", CALL + b"&Timeout=soon", "Timeout"),
    ("POST", f"{ROOT}/Calls.json", CALL + b"&To=%2B12175550199", "2 times"), ("POST", f"{ROOT}/Calls.json", CALL + b"&StatusCallbackMethod=FETCH", "Method"),
    ("POST", f"{ROOT}/Calls.json?To=x", CALL, "takes no"), ("POST", f"{ROOT}/Calls.json", b"", "needs"),
    ("GET", f"{ROOT}/Calls.json?Status=done", b"", "Status"), ("GET", f"{ROOT}/Calls.json?PageSize=many", b"", "PageSize"),
    ("GET", f"{ROOT}/Calls.json?from=x", b"", "from"), ("GET", f"{ROOT}/Calls.json", b"a=b", "takes no"),
    ("PUT", f"{ROOT}/Calls.json", CALL, "there is no PUT"), ("GET", f"{ROOT}/Call.json", b"", "there is no GET"),
    ("GET", f"{ROOT}/Calls/CA1/Recordings.json/x", b"", "there is no GET"), ("GET", "/v1/PhoneNumbers/+1", b"", "there is no GET"),
    ("POST", f"{ROOT}/Calls/CA1.json", b"Status=gone", "Status"), ("GET", "/v2/PhoneNumbers/+1?Type=carrier", b"", "Type"),
    ("POST", f"{ROOT}/Calls/CA1/Recordings/RE1.json", b"", "needs"),
])
def test_a_wrong_request_is_caught(method, target, body, says):
    with pytest.raises(AssertionError, match=says):
        check(method, target, body)


def test_a_body_of_another_kind_is_caught():
    with pytest.raises(AssertionError, match="needs|takes no body"):
        check("POST", f"{ROOT}/Calls.json", b'{"To": "+12175550134"}', headers={"Content-Type": "application/json"})
    with pytest.raises(AssertionError, match="takes no body of text/plain"):
        check("POST", f"{ROOT}/Calls/CA1/Recordings.json", b"x", headers={"Content-Type": "text/plain"})


@pytest.mark.parametrize("kind, member, value", [
    ("call", "status", "done"), ("call", "to", 12175550134), ("call", "duration", 3), ("call", "sid", "CA1"), ("call", "color", "red"),
    ("call", "date_created", "2026-11-26T09:00:00Z"), ("call", "start_time", "Thu, 26 Nov 2026 09:00:00 GMT"), ("call", "subresource_uris", []),
    ("message", "num_segments", 1), ("message", "direction", "out"), ("message", "error_code", "30003"), ("message", "status", "gone"),
    ("lookup", "valid", "yes"), ("lookup", "validation_errors", ["TOO_TALL"]), ("lookup", "url", 1),
])
def test_a_wrong_answer_is_caught(resources, kind, member, value):
    target = {"call": f"{ROOT}/Calls/CA1.json", "message": f"{ROOT}/Messages/SM1.json", "lookup": "/v2/PhoneNumbers/+1"}[kind]
    check("GET", target, b"", resources[kind])
    with pytest.raises(AssertionError, match="color" if member == "color" else rf"\$\.{member}"):
        check("GET", target, b"", {**resources[kind], member: value})


def test_what_is_wrong_inside_a_page_is_caught(resources):
    for change in ({"status": "done"}, {"colour": "red"}, {"sid": 1}):
        page = copy.deepcopy(resources["calls"])
        page["calls"][0] |= change
        with pytest.raises(AssertionError, match=r"\$\.calls\[0\]"):
            check("GET", f"{ROOT}/Calls.json", b"", page)


def test_an_answer_with_another_status_is_caught(resources):
    with pytest.raises(AssertionError, match="not answered with 200"):
        check("POST", f"{ROOT}/Calls.json", CALL, resources["call"], 200)


def test_signalwires_ids_are_its_own_and_the_rest_is_not(resources):
    call = {**resources["call"], "sid": "5f0c1f34-7b5c-4bd4-9a35-0f9a6f5b0d11", "account_sid": PROJECT}
    target = f"/2010-04-01/Accounts/{PROJECT}/Calls/5f0c1f34-7b5c-4bd4-9a35-0f9a6f5b0d11.json"
    check("GET", "/api/laml" + target, b"", call)
    with pytest.raises(AssertionError, match="sid"):
        check("GET", target, b"", call)
    with pytest.raises(AssertionError, match="status"):
        check("GET", "/api/laml" + target, b"", {**call, "status": "done"})


def test_a_test_with_a_wrong_request_fails(double, resources):
    """The whole way: SDK or server, double, judge."""
    import urllib.request
    from base64 import b64encode

    from telephone import TOKEN
    head = {"Authorization": "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode(), **FORM}
    for fault in (None, "cut after"):
        if fault:
            double.fail(fault)
        try:
            urllib.request.urlopen(urllib.request.Request(f"{double.url}{ROOT}/Calls.json", CALL + b"&Colour=red", head)).read()
        except OSError:
            assert fault, "the double itself takes it"
    assert len(double.wrong) == 2 and all("Colour" in wrong for wrong in double.wrong), double.wrong
    double.wrong.clear()
    assert double.journal[0].value("From") == OWN
