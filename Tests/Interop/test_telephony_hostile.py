"""Hostile words, markup, answers and addresses: nothing becomes markup, the token goes nowhere else, and nothing large comes in."""

import base64
import xml.etree.ElementTree as ElementTree

import pytest

from client import Failure
from serving import Answer
from telephone import ACCOUNT, THEM, TOKEN, Telephony, wav

NOBODY = "CA" + "f" * 32
SEALED = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


# What is said

@pytest.mark.parametrize("message, spoken", [
    ("Fish & chips < 5 > 4 \"quoted\" 'so'", None), ("]]></Say><Hangup/><Say>", None), ("&lt;Say&gt; &#60; &#0; &quot;", None),
    ("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>&x;", None), ("<?xml version='1.0'?><!-- a -- b -->", None),
    ("Zoë 😀 日本語 e\u0301", None), ("a\u0001b\u0007c\u001bd", "abcd"), ("left\u202eright\u200b\u2066!", "leftright!"), ("x\ufffe\uffffy", "xy"),
])
def test_words_stay_words(phone, message, spoken):
    phone.call("make_call", to=THEM, message=message)
    root = ElementTree.fromstring(phone.double.requests("POST")[0].value("Twiml"))
    assert root.tag == "Response" and [child.tag for child in root] == ["Say"] and len(root[0]) == 0
    assert root[0].text.strip() == (spoken or message) and root[0].attrib == {}


BOMB = "<!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b \"" + "&a;" * 50 + "\"><!ENTITY c \"" + "&b;" * 50 + "\">]><Response><Say>&c;</Say></Response>"


@pytest.mark.parametrize("twiml", [
    "<Response>", "<Response/><Response/>", "<Response/> and more", "Hi", "<response/>", "<html/>", "<Response><Say>a & b</Say></Response>",
    "<Response a=1/>", "<Response a='1' a='2'/>", "<Response><Say>\x01</Say></Response>", "<Response>&nothing;</Response>", BOMB,
    "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><Response><Say>&x;</Say></Response>",
    "<Response>" + "<a>" * 800, "<Response>" + "x" * 4000 + "</Response>",
])
def test_markup_that_is_none_is_refused_before_anything_leaves(phone, twiml):
    text = phone.refuses("invalid_argument", "make_call", "twiml", says="twiml", to=THEM, twiml=twiml)
    assert phone.double.journal == [] and len(text) < 500


@pytest.mark.parametrize("twiml", [
    "<Response/>", " <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Say voice=\"alice\">Grüß &amp; Gott 😀</Say></Response>",
    "<!-- hello --><Response><Say><![CDATA[a < b]]></Say></Response>", "<Response><Say>&#x1F600;</Say><Pause length='1'/></Response>",
])
def test_markup_is_handed_on_as_it_is(phone, twiml):
    phone.call("make_call", to=THEM, twiml=twiml)
    assert phone.double.requests("POST")[0].value("Twiml") == twiml.strip()


# What comes back

@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b"[]", b"null", b'{"sid": 1}', b'{"calls": [{"sid": null}]}', b"[" * 5000, b'{"calls": [1]'])
def test_an_answer_that_cannot_be_read_is_the_providers_failure(phone, body):
    phone.double.fail("answer", 9, "GET", status=200, body=body)
    for tool, arguments in (("get_call", {"call_sid": NOBODY}), ("list_calls", {}), ("lookup_phone", {"phone_number": THEM})):
        phone.refuses("upstream_error", tool, **arguments)


def test_words_of_others_are_cleaned(phone):
    phone.double.numbers[THEM] = {"caller_name": {"caller_name": "EVIL\u202e\u200b\u0007 <b>CO</b>", "caller_type": "BUSINESS", "error_code": None}}
    seen = phone.call("lookup_phone", phone_number=THEM)
    assert seen["caller_name"] == "EVIL <b>CO</b>" and seen["untrusted"] is True
    phone.double.fail("answer", 1, "GET", status=400, body={"code": 1, "message": "No\u202e\u0000 " + "x" * 5000, "status": 400})
    text = phone.refuses("invalid_argument", "get_call", says="error 1", call_sid=NOBODY)
    assert "\u202e" not in text and "\0" not in text and len(text) < 600


def test_a_large_answer_is_not_taken(phone):
    phone.double.fail("answer", 9, "GET", status=200, body=b'{"calls": ["' + b"x" * (40 << 20) + b'"]}')
    phone.refuses("upstream_error", "list_calls")


# Where the token goes

def test_the_token_is_in_no_log_and_no_answer(dial):
    phone = dial("twilio", "--log-level", "trace")
    phone.server.initialize()
    call = phone.double.add_call(status="in-progress")["sid"]
    phone.call("send_sms", to=THEM, body="Hi")
    phone.call("get_call", call_sid=call)
    phone.double.refuse(20003, 9, "GET")
    phone.refuses("unauthenticated", "get_call", says="ATLAS_COMMS_TWILIO_AUTH_TOKEN", call_sid=call)
    phone.double.faults.clear()
    for kind in ("cut", "garbage"):
        phone.double.fail(kind, 9, "GET")
        phone.server.call("get_call", {"call_sid": call})
        phone.double.faults.clear()
    phone.server.end()
    said = phone.server.stderr + b"\n".join(phone.server.lines).decode()
    assert TOKEN not in said and SEALED not in said and SEALED[8:40] not in said


def test_no_redirect_of_the_api_is_followed(phone):
    with Telephony() as elsewhere:
        for status, method in ((302, "GET"), (307, "POST"), (308, "POST")):
            phone.double.fail("answer", 9, method, path="/Calls", status=status, headers={"Location": elsewhere.url + "/x"})
            tool, arguments = ("get_call", {"call_sid": NOBODY}) if method == "GET" else ("make_call", {"to": THEM, "message": "Hi"})
            assert phone.server.call(tool, arguments)["isError"] is True
            phone.double.faults.clear()
        assert elsewhere.journal == [] and phone.asked_to_send == 2


def test_audio_may_be_kept_elsewhere_and_the_token_stays(phone):
    sid = phone.double.add_recording(phone.double.add_call()["sid"])["sid"]
    with Telephony() as store:
        store.respond = lambda request: Answer(200, wav(), type="audio/mpeg")
        phone.double.fail("answer", 1, "GET", path=f"/Recordings/{sid}.", status=302, headers={"Location": store.url + "/signed?key=1"})
        contents = phone.server.request("resources/read", {"uri": f"atlas://recordings/{sid}"})["contents"][0]
        assert base64.b64decode(contents["blob"]) == wav()
        assert store.journal[0].target == "/signed?key=1" and store.journal[0].headers.get("Authorization") is None


@pytest.mark.parametrize("url", [
    "http://192.0.2.1", "http://127.0.0.1.example", "ftp://127.0.0.1", "https://u:p@127.0.0.1", "http://127.0.0.1@192.0.2.1", "127.0.0.1", "file:///etc"])
def test_the_token_goes_over_no_plain_line(dial, url):
    phone = dial(ATLAS_COMMS_TWILIO_BASE_URL=url)
    result = phone.server.call("get_call", {"call_sid": NOBODY}, timeout=10)
    assert result["isError"] and result["_meta"]["atlas/error"]["code"] in ("not_configured", "invalid_argument"), result


# Recordings as resources

def test_recordings_that_cannot_be_read_are_told_apart(phone):
    def fails(uri: str) -> Failure:
        with pytest.raises(Failure) as failure:
            phone.server.request("resources/read", {"uri": uri})
        assert TOKEN not in failure.value.message and len(failure.value.message) < 500
        return failure.value

    assert fails(f"atlas://recordings/RE{'f' * 32}").code == -32002, "there is none, or none yet"
    asked = len(phone.double.journal)
    assert asked == 1
    for uri in (f"atlas://recordings/CA{'f' * 32}", "atlas://recordings/..", "atlas://recordings/RE1", "atlas://recordings/"):
        fails(uri)
    assert len(phone.double.journal) == asked, "what is no SID is not asked for"
    sid = phone.double.add_recording(phone.double.add_call()["sid"], audio=wav(seconds=45))["sid"]
    assert "700 KB" in fails(f"atlas://recordings/{sid}").message
    phone.double.audio[sid] = wav(seconds=40)
    contents = phone.server.request("resources/read", {"uri": f"atlas://recordings/{sid}"})["contents"][0]
    assert base64.b64decode(contents["blob"]) == wav(seconds=40)
