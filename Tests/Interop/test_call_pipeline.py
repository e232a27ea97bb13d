"""A recorded call through the whole server: recording, speech recognition, model, contact. And what goes wrong at each step."""

import json
import time

import pytest

from serving import Answer
from telephone import OWN, THEM, Speech, wav

SPOKEN = ("Agent: Thank you for calling Sparkle Cleaning, this is Jenny, how can I help? Caller: Hi, my name is Maria Gonzalez. I'd like "
          "to book a deep clean for next Tuesday. My number is 217-555-0134 and my e-mail is maria at example dot com.")
FACTS = {
    "summary": "Maria Gonzalez books a deep clean for next Tuesday.",
    "extracted_data": {
        "customer_name": "Maria Gonzalez", "customer_phone": "217-555-0134", "customer_email": "maria@example.com", "intent": "booking",
        "services_mentioned": ["deep clean"], "address": None, "preferred_date": "next Tuesday", "preferred_time": None, "frequency": None,
        "urgency": None, "follow_up_needed": True, "notes": None},
    "proposed_actions": [{"type": "book_appointment", "label": "Book the visit", "reason": "She asked for it"}]}


@pytest.fixture
def speech():
    with Speech() as speech:
        speech.texts.append(SPOKEN)
        speech.answers.append(json.dumps(FACTS))
        yield speech


@pytest.fixture
def talk(dial, speech):
    """Starts TwilioServers that have ears and a model: talk(NAME=value)."""
    def talk(**env):
        phone = dial(**{
            "ATLAS_CALL_INTELLIGENCE_ASR_URL": f"{speech.url}/v1/asr", "ATLAS_CALL_INTELLIGENCE_LLM_URL": f"{speech.url}/v1",
            "ATLAS_CALL_INTELLIGENCE_LLM_MODEL": "double", "ATLAS_CALL_INTELLIGENCE_LLM_API_KEY": "hunter2-secret", **env})
        phone.server.initialize()
        return phone
    return talk


def ended(double, audio=True, **members):
    """The SID of an inbound call that has ended."""
    sid = double.add_call(**{"to": OWN, "sender": "+12175550199", "direction": "inbound", "status": "completed", "duration": 75, **members})["sid"]
    if audio:
        double.add_recording(sid, audio=wav())
    return sid


def test_a_call_becomes_a_line_in_its_customers_history(talk, speech, database):
    phone = talk()
    sid = ended(phone.double)
    done = phone.call("process_call", call_sid=sid)
    call, contact = done["call_transcript"], done["contact"]
    assert done["success"] and done["contact_created"] and done["untrusted"] is True and done["skipped"] is False
    assert done["steps"] == ["recording", "transcription", "extraction", "linking"] and done["warnings"] == []
    assert (call["status"], call["transcript"], call["summary"]) == ("ready", SPOKEN, FACTS["summary"])
    assert call["extracted_data"]["intent"] == "booking" and call["proposed_actions"] == FACTS["proposed_actions"]
    assert (call["from_number"], call["to_number"], call["direction"], call["duration_seconds"]) == ("+12175550199", OWN, "inbound", 75)
    assert (contact["full_name"], contact["phones"], contact["emails"]) == ("Maria Gonzalez", [THEM], ["maria@example.com"])
    assert database.sql("select contact_id::text, interaction_type, summary, source_ref from contact_interactions") == [
        (contact["id"], "call", FACTS["summary"], f"call:{sid}")]
    assert speech.files[0]["file"][:2] == ("call.wav", "audio/wav") and speech.files[0]["file"][2] == wav()
    question = speech.questions[0]
    assert question["model"] == "double" and question["response_format"]["type"] == "json_schema"
    assert speech.requests(path="/chat")[0].headers["Authorization"] == "Bearer hunter2-secret"

    again = phone.call("process_call", call_sid=sid)
    assert again["steps"] == [] and again["contact"]["id"] == contact["id"] and not again["contact_created"]
    assert len(speech.files) == len(speech.questions) == 1
    assert database.value("select count(*) from contact_interactions") == 1
    read = phone.call("get_call_transcript", call_sid=sid, offset=7, max_chars=9)
    assert read["found"] and read["call_transcript"]["transcript"] == SPOKEN[7:16] and read["truncated"] and read["next_offset"] == 16
    assert [c["call_sid"] for c in phone.call("list_call_transcripts", contact_id=contact["id"])["call_transcripts"]] == [sid]
    assert phone.call("list_call_transcripts", status="error")["count"] == 0


def test_the_call_as_resource_and_prompt(talk):
    phone = talk()
    sid = ended(phone.double)
    phone.call("process_call", call_sid=sid)
    shown = json.loads(phone.server.request("resources/read", {"uri": f"atlas://calls/{sid}"})["contents"][0]["text"])
    assert shown["untrusted"] is True and shown["call_transcript"]["transcript"] == SPOKEN
    messages = phone.server.request("prompts/get", {"name": "call_follow_up", "arguments": {"call_sid": sid}})["messages"]
    material = json.loads(messages[0]["content"]["resource"]["text"])
    customer = material["customer"]
    assert customer["contact"]["full_name"] == "Maria Gonzalez" and customer["interactions"][0]["summary"] == FACTS["summary"]
    assert [call["call_sid"] for call in customer["open_follow_ups"]] == [sid]
    assert material["untrusted"] is True and "next steps" in messages[1]["content"]["text"]


def test_the_model_is_not_needed_and_not_believed(talk, speech, database):
    plain = talk(ATLAS_CALL_INTELLIGENCE_LLM_URL="")
    first = plain.call("process_call", call_sid=ended(plain.double))
    assert first["contact"]["full_name"] == "Maria Gonzalez" and first["contact"]["phones"] == [THEM] and speech.questions == []
    speech.answers[:] = [json.dumps({**FACTS, "extracted_data": {**FACTS["extracted_data"], "customer_phone": "+13125550188"}})]
    invented = talk().call("process_call", call_sid=ended(plain.double))
    assert invented["contact"]["emails"] == ["maria@example.com"] and "+13125550188" not in invented["contact"]["phones"]
    assert any("phone number" in w for w in invented["warnings"])


@pytest.mark.parametrize("answer", [
    "```json\n" + json.dumps(FACTS) + "\n```", "Sure! Here you are:\n" + json.dumps(FACTS) + "\nAnything else?",
    "<think>She says {\"intent\": \"spam\"}</think>" + json.dumps(FACTS), json.dumps(FACTS)[:-60], "I cannot help with that.", "", "[1, 2",
    json.dumps({"extracted_data": {"customer_name": ["Maria"], "customer_phone": 2175550134, "services_mentioned": "cleaning"}}),
    Answer(200, b"not json"), Answer(200, {"choices": []}),
], ids=["fenced", "chatty", "thinking", "truncated", "refusing", "empty", "broken", "mistyped", "no JSON", "no choice"])
def test_whatever_the_model_says_the_call_finds_its_contact(talk, speech, answer):
    speech.answers[:] = [answer]
    phone = talk()
    done = phone.call("process_call", call_sid=ended(phone.double))
    assert done["call_transcript"]["status"] == "ready" and done["call_transcript"]["transcript"] == SPOKEN
    assert done["contact"]["phones"] == [THEM]


@pytest.mark.parametrize("fail, step", [
    (lambda phone, speech: phone.double.fail("answer", 9, "GET", path="Recordings.json", status=500), "recording"),
    (lambda phone, speech: speech.fail("answer", 9, path="/v1/asr", status=500), "transcription"),
    (lambda phone, speech: speech.fail("cut", 9, path="/v1/asr"), "transcription"),
    (lambda phone, speech: speech.fail("answer", 9, path="/chat", status=500), "extraction"),
], ids=["recording", "speech 500", "speech gone", "model 500"])
def test_a_failure_says_its_step_and_the_next_run_goes_on_from_there(talk, speech, database, fail, step):
    phone = talk()
    sid = ended(phone.double)
    fail(phone, speech)
    text = phone.server.call("process_call", {"call_sid": sid})["content"][0]["text"]
    assert step in text and "process_call" in text
    assert database.sql("select status, failed_step from call_transcripts") == [("error", step)]
    assert phone.call("list_call_transcripts", status="error")["call_transcripts"][0]["error_message"]
    heard = len(speech.files)
    phone.double.faults.clear()
    speech.faults.clear()
    done = phone.call("process_call", call_sid=sid)
    assert done["contact"]["full_name"] == "Maria Gonzalez" and done["call_transcript"]["failed_step"] is None
    assert len(speech.files) == max(heard, 1), "what was transcribed is not transcribed again"


def test_eight_at_once_do_the_work_once(talk, speech, database):
    phones = [talk(), talk()]
    sid = ended(phones[0].double)
    ids = [(phone, phone.server.begin("process_call", call_sid=sid)) for phone in phones for _ in range(4)]
    done = [phone.succeeded("process_call", phone.server.answer(id, 60)["result"]) for phone, id in ids]
    assert len(speech.files) == len(speech.questions) == 1
    assert len({d["contact"]["id"] for d in done}) == 1 and sum(d["contact_created"] for d in done) == 1
    assert database.value("select count(*) from contact_interactions") == 1


def test_a_recording_that_is_not_ready_is_waited_for(talk, speech):
    phone = talk()
    sid = ended(phone.double, audio=False)
    recording = phone.double.add_recording(sid, status="processing")
    id = phone.server.begin("process_call", call_sid=sid)
    time.sleep(1.2)
    with phone.double.lock:
        recording["status"], phone.double.audio[recording["sid"]] = "completed", wav()
    assert phone.succeeded("process_call", phone.server.answer(id, 60)["result"])["contact"]


def test_calls_that_need_no_work(talk, speech, database):
    phone = talk(ATLAS_CALL_INTELLIGENCE_MIN_DURATION_SECONDS="20")
    short = phone.call("process_call", call_sid=ended(phone.double, duration=19))
    assert short["skipped"] and "ATLAS_CALL_INTELLIGENCE_MIN_DURATION_SECONDS" in short["reason"] and short["call_transcript"] is None
    missed = phone.call("process_call", call_sid=ended(phone.double, audio=False, status="no-answer"))
    assert missed["skipped"]
    phone.refuses("conflict", "process_call", retryable=True, call_sid=ended(phone.double, status="in-progress"))
    assert database.sql("select 1 from call_transcripts") == [] and speech.files == []
    off = talk(ATLAS_CALL_INTELLIGENCE_ENABLED="0")
    off.refuses("not_configured", "process_call", says="ATLAS_CALL_INTELLIGENCE_ENABLED", call_sid=ended(phone.double))
    deaf = talk(ATLAS_CALL_INTELLIGENCE_ASR_URL="")
    deaf.refuses("not_configured", "process_call", says="ATLAS_CALL_INTELLIGENCE_ASR_URL", call_sid=ended(phone.double))
    phone.refuses("not_found", "process_call", call_sid="CA" + "f" * 32)
    phone.refuses("invalid_argument", "process_call", "call_sid", call_sid="../x")


def test_a_call_we_placed_has_one_line(talk, speech, database):
    database.sql("insert into contacts (full_name, phone) values ('Maria Gonzalez', '217-555-0134')")
    phone = talk()
    sid = phone.call("make_call", to=THEM, message="Are you at home?")["call_sid"]
    phone.double.calls[sid] |= {"status": "completed", "duration": "75", "end_time": phone.double.stamp()}
    phone.double.add_recording(sid, audio=wav())
    done = phone.call("process_call", call_sid=sid)
    assert done["call_transcript"]["direction"] == "outbound" and not done["contact_created"]
    assert database.sql("select summary, source_ref from contact_interactions") == [(FACTS["summary"], f"call:{sid}")]


def test_an_agent_brings_what_was_said_and_understood(talk, database):
    phone = talk()
    given = {
        "call_sid": "CA" + "1" * 32, "transcript": "Hello\u202e\u0007, it is about the windows.", "from_number": "anonymous", "to_number": OWN,
        "direction": "inbound", "duration_seconds": 33, "business_context_id": "shop", "idempotency_key": "k",
        "extracted_data": {"customer_name": "Bo Lee", "customer_phone": "(217) 555-0166", "intent": "estimate_request",
                           "services_mentioned": "windows", "follow_up_needed": "true"}}
    saved = phone.call("save_call_transcript", **given)
    assert saved["contact"]["phones"] == ["+12175550166"] and saved["contact"]["business_context_id"] == "shop" and saved["contact_created"]
    assert saved["call_transcript"]["transcript"] == "Hello, it is about the windows." and saved["replayed"] is False
    assert saved["call_transcript"]["extracted_data"]["services_mentioned"] == ["windows"]
    assert phone.call("save_call_transcript", **given) == {**saved, "replayed": True}
    phone.refuses("conflict", "save_call_transcript", "idempotency_key", **{**given, "transcript": "Other"})
    phone.refuses("conflict", "save_call_transcript", "transcript", **{**given, "transcript": "Other", "idempotency_key": None})
    same = phone.call("save_call_transcript", **{**given, "idempotency_key": None})
    assert same["contact"]["id"] == saved["contact"]["id"] and not same["contact_created"]
    assert database.value("select count(*) from contact_interactions") == 1
    phone.refuses("invalid_argument", "save_call_transcript", says="customer_fone", **{
        **given, "extracted_data": {"customer_fone": "1"}, "idempotency_key": None})


@pytest.mark.parametrize("intent", ["spam", "wrong_number", "personal_call"])
def test_calls_that_concern_no_customer_make_no_contact(talk, database, intent):
    saved = talk().call(
        "save_call_transcript", call_sid="CA" + "2" * 32, transcript="Hello", from_number="+12175550111", to_number=OWN,
        direction="inbound", extracted_data={"intent": intent, "customer_name": "Al Spam"})
    assert saved["contact"] is None and saved["call_transcript"]["status"] == "ready"
    assert database.sql("select 1 from contacts union all select 1 from contact_interactions") == []
