"""The doubles themselves, by Twilio's official SDK and by plain HTTP: what the other tests build on."""

import io
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
import wave
from pathlib import Path

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from serving import Answer
from telephone import ACCOUNT, OWN, PROJECT, THEM, TOKEN, Judged, Speech, wav
from test_telephony_wire import Redirected

DOUBLES = Path(__file__).resolve().parents[1] / "Doubles"


@pytest.fixture
def sdk(double) -> Client:
    return Client(ACCOUNT, TOKEN, http_client=Redirected(double.url))


def make(sdk):
    return sdk.calls.create(to=THEM, from_=OWN, twiml="<Response/>")


# The telephone company

def test_a_call_lives(double, sdk):
    call = make(sdk)
    assert (call.status, call.to, sdk.calls(call.sid).fetch().status) == ("queued", THEM, "queued") and call.date_created.year >= 2026
    double.calls[call.sid]["status"] = "in-progress"
    recording = sdk.calls(call.sid).recordings.create()
    assert recording.status == "in-progress" and sdk.recordings(recording.sid).fetch().call_sid == call.sid
    assert sdk.calls(call.sid).recordings(recording.sid).update(status="stopped").status == "stopped"
    assert sdk.calls(call.sid).update(status="completed").status == "completed"
    assert [r.sid for r in sdk.calls(call.sid).recordings.list()] == [recording.sid]


def test_a_message_lives(double, sdk):
    sent = sdk.messages.create(to=THEM, from_=OWN, body="Zoë 😀", media_url=["https://shop.example/a", "https://shop.example/b"])
    answer = double.receive(THEM, "STOP")
    assert sent.num_media == "2" and sdk.messages.list(from_=THEM, to=OWN, limit=1)[0].sid == answer["sid"]
    assert [m.sid for m in sdk.messages.list(to=THEM)] == [sent.sid]


@pytest.mark.parametrize("largest, pages", [(1000, 2), (7, 10)])
def test_lists_come_in_pages(double, sdk, largest, pages):
    sids = [double.add_call(to=THEM, status="completed")["sid"] for _ in range(70)]
    double.largest_page = largest
    assert [c.sid for c in sdk.calls.list(page_size=50)] == sids[::-1]
    asked = double.requests("GET")
    assert len(asked) == pages and [r.value("Page") for r in asked] == [None, *map(str, range(1, pages))]
    assert all(r.value("PageToken") for r in asked[1:]) and sdk.calls.list(status="busy") == []


@pytest.mark.parametrize("user, password", [(ACCOUNT, "wrong"), ("AC" + "f" * 32, TOKEN), ("", "")])
def test_strangers_are_refused_as_twilio_does(double, user, password):
    answer = requests.get(f"{double.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json", auth=(user, password))
    assert answer.status_code == 401
    assert answer.json() == {"code": 20003, "message": "Authenticate", "more_info": "https://www.twilio.com/docs/errors/20003", "status": 401}


@pytest.mark.parametrize("arguments, code", [
    ({"to": "555", "from_": OWN, "twiml": "<Response/>"}, 21211), ({"to": THEM, "from_": "me", "twiml": "<Response/>"}, 21212),
    ({"to": THEM, "from_": OWN}, 21205), ({"to": "", "from_": OWN, "url": "https://x.example"}, 21201),
])
def test_a_call_that_cannot_be_is_refused(double, sdk, arguments, code):
    with pytest.raises(TwilioRestException) as refused:
        sdk.calls.create(**arguments)
    assert refused.value.code == code and double.acted() == 0 and double.calls == {}


def test_a_message_that_cannot_be_is_refused(double, sdk):
    for body, code in (("", 21602), ("x" * 1601, 21617)):
        with pytest.raises(TwilioRestException) as refused:
            sdk.messages.create(to=THEM, from_=OWN, body=body)
        assert refused.value.code == code
    assert double.messages == {}


def test_audio_is_404_until_it_is_ready(double):
    sid = double.add_recording(double.add_call()["sid"], status="processing")["sid"]
    url = f"{double.url}/2010-04-01/Accounts/{ACCOUNT}/Recordings/{sid}"
    assert requests.get(url + ".wav", auth=(ACCOUNT, TOKEN)).json()["code"] == 20404
    double.audio[sid] = wav(seconds=2)
    answer = requests.get(url + ".wav", auth=(ACCOUNT, TOKEN))
    with wave.open(io.BytesIO(answer.content)) as audio:
        assert (audio.getframerate(), audio.getnframes(), answer.headers["Content-Type"]) == (8000, 16000, "audio/x-wav")
    assert requests.get(url + ".wav").status_code == 401


def test_a_look_up_tells_only_what_was_asked_for(double, sdk):
    plain = sdk.lookups.v2.phone_numbers(THEM).fetch()
    assert plain.valid and plain.caller_name is None and plain.line_type_intelligence is None
    asked = sdk.lookups.v2.phone_numbers(THEM).fetch(fields="caller_name,line_type_intelligence")
    assert asked.caller_name["caller_name"] == "MARIA GONZALEZ" and asked.line_type_intelligence["type"] == "mobile"
    url = f"{double.url}/api/relay/rest/lookup/phone_number/{THEM}"
    assert "cnam" not in requests.get(url, auth=(PROJECT, TOKEN)).json()
    assert set(requests.get(url + "?include=carrier,cnam", auth=(PROJECT, TOKEN)).json()) >= {"cnam", "carrier"}


def test_signalwire_gives_uuids_and_keeps_to_its_path(double):
    base = f"{double.url}/api/laml/2010-04-01/Accounts/{PROJECT}"
    made = [requests.post(base + "/Calls.json", {"To": THEM, "From": OWN, "Url": "https://x.example"}, auth=(PROJECT, TOKEN)).json() for _ in range(3)]
    assert all(len(call["sid"]) == 36 and call["account_sid"] == PROJECT for call in made)
    page = requests.get(base + "/Calls.json?PageSize=2", auth=(PROJECT, TOKEN)).json()
    assert page["next_page_uri"].startswith(f"/api/laml/2010-04-01/Accounts/{PROJECT}/Calls.json?")
    assert len(requests.get(double.url + page["next_page_uri"], auth=(PROJECT, TOKEN)).json()["calls"]) == 1
    assert requests.get(base.replace(PROJECT, ACCOUNT) + "/Calls.json", auth=(PROJECT, TOKEN)).status_code == 404


# What goes wrong on command

@pytest.mark.parametrize("code, status", [(20003, 401), (20404, 404), (21211, 400), (21610, 400), (20429, 429)])
def test_any_of_twilios_errors(double, sdk, code, status):
    double.refuse(code, 1, "POST", Retry_After="7")
    with pytest.raises(TwilioRestException) as refused:
        make(sdk)
    assert (refused.value.code, refused.value.status) == (code, status) and double.acted() == 0
    assert make(sdk).sid and double.acted() == 1, "once is once"


@pytest.mark.parametrize("kind, acts, has_body", [("cut unread", 0, False), ("cut", 0, True), ("cut after", 1, True), ("garbage", 1, True)])
def test_a_connection_breaks_where_it_is_told_to(double, sdk, kind, acts, has_body):
    double.fail(kind, 1, "POST", "/Calls.json")
    with pytest.raises(requests.exceptions.RequestException):
        make(sdk)
    assert len(double.journal) == 1 and bool(double.journal[0].form) is has_body
    assert double.acted() == len(double.calls) == acts
    make(sdk)
    assert double.acted() == acts + 1


def test_an_answer_drips_and_an_answer_is_no_json(double, sdk):
    double.fail("slow", 1, "POST")
    started = time.monotonic()
    assert make(sdk).sid and time.monotonic() - started > 1
    double.fail("answer", 1, "GET", status=200, body=b"<html>Bad gateway</html>")
    with pytest.raises(ValueError):
        sdk.calls.list(limit=1)


def test_a_hang_knows_who_gave_up(double, sdk):
    double.fail("hang", 1, "POST")
    with pytest.raises(requests.exceptions.Timeout):
        requests.post(f"{double.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json", {"To": THEM, "From": OWN, "Twiml": "x"}, auth=(ACCOUNT, TOKEN), timeout=0.2)
    assert double.journal[0].abandoned.wait(5) and double.acted() == 0


# The doubles as programs

class Program:
    def __init__(self, name: str, packages: bool = False) -> None:
        alone = [] if packages else ["-S"]  # without any package that is installed
        self.process = subprocess.Popen(
            ["/usr/bin/env", "-i", sys.executable, *alone, "-B", DOUBLES / f"{name}.py"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.said = json.loads(self.process.stdout.readline())

    def order(self, name: str, order=None):
        data = None if order is None else json.dumps(order).encode()
        with urllib.request.urlopen(f"{self.said['url']}/_control/{name}", data) as answer:
            return json.load(answer)

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_) -> None:
        self.process.stdin.close()
        assert self.process.wait(10) == 0


def test_the_telephone_company_is_a_program_of_the_standard_library():
    with Program("telephony") as program:
        auth, base = (program.said["account"], program.said["token"]), f"{program.said['url']}/2010-04-01/Accounts/{ACCOUNT}"
        sid = program.order("call", {"call": {"to": THEM, "status": "completed", "duration": 30}, "audio": True})["call_sid"]
        recording = requests.get(f"{base}/Calls/{sid}/Recordings.json", auth=auth).json()["recordings"][0]["sid"]
        assert requests.get(f"{base}/Recordings/{recording}.wav", auth=auth).content.startswith(b"RIFF")
        program.order("receive", {"sender": THEM, "body": "STOP"})
        assert requests.get(f"{base}/Messages.json", auth=auth).json()["messages"][0]["body"] == "STOP"
        program.order("refuse", {"code": 21610, "method": "POST"})
        assert requests.post(f"{base}/Messages.json", {"To": THEM, "From": OWN, "Body": "Hi"}, auth=auth).json()["code"] == 21610
        program.order("fail", {"kind": "cut after", "method": "POST"})
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.post(f"{base}/Messages.json", {"To": THEM, "From": OWN, "Body": "Hi"}, auth=auth)
        journal = program.order("journal")
        assert journal[-1] == {
            "method": "POST", "path": f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", "query": [], "acted": True, "status": 201, "user": ACCOUNT,
            "form": [["To", THEM], ["From", OWN], ["Body", "Hi"]]}
        assert TOKEN not in json.dumps(journal) and [e["acted"] for e in journal] == [False, False, False, False, True]
        program.order("reset", {})
        assert program.order("journal") == []
        with pytest.raises(urllib.error.HTTPError):
            program.order("nonsense", {})


def test_speech_is_a_program_of_the_standard_library():
    with Program("speech") as program:
        program.order("say", {"text": "Hello", "answer": "{}"})
        url = program.said["url"]
        assert requests.post(url + "/v1/asr", files={"file": ("a.wav", wav())}).json() == {"text": "Hello"}
        asked = {"model": "m", "messages": [], "response_format": {"type": "json_object"}}
        assert requests.post(url + "/v1/chat/completions", json=asked).json()["choices"][0]["message"]["content"] == "{}"
        assert program.order("journal")[0]["path"] == "/v1/asr"


# Speech

def test_speech_by_its_octets_and_in_turn():
    with Speech() as speech:
        speech.texts += ["first", "second"]
        speech.heard[wav(octet=9)] = "known"

        def hear(path, audio, **fields):
            return requests.post(speech.url + path, fields, files={"file": ("a.wav", audio, "audio/wav")})

        said = [hear("/v1/audio/transcriptions", audio, model="m").json()["text"] for audio in (wav(), wav(octet=9), wav(), wav())]
        assert said == ["first", "known", "second", "second"]
        assert hear("/v1/audio/transcriptions", wav()).status_code == 400, "the OpenAI dialect wants a model"
        assert hear("/v1/asr", b"no audio").status_code == 400 and hear("/v1/asr", wav()).json() == {"text": "second"}


def test_the_model_says_what_it_is_told_to():
    with Speech() as speech:
        speech.answers += ["```json\n{}\n```", Answer(500, {"error": {"message": "overloaded"}}), Answer(200, b"<html>"), "{"]
        asked = {"model": "m", "messages": [{"role": "user", "content": "x"}], "response_format": {"type": "json_schema"}}
        answers = [requests.post(speech.url + "/v1/chat/completions", json=asked) for _ in range(4)]
        assert [a.status_code for a in answers] == [200, 500, 200, 200] and answers[2].content == b"<html>"
        assert answers[3].json()["choices"][0]["message"]["content"] == "{"
        assert [q["response_format"]["type"] for q in speech.questions] == ["json_schema"] * 4


def test_a_judge_that_falls_over_is_heard(monkeypatch):
    monkeypatch.setattr("openapi.check", lambda *_: {}["nothing"])
    with Judged() as double:
        requests.get(f"{double.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json", auth=(ACCOUNT, TOKEN))
        assert len(double.wrong) == 1
