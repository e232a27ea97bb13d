"""The telephone's part of script/demo: a recorded call ends in the right history; an answer goes out once."""

import json
import os
import secrets
import sys

from walking import Session, expect, title

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Tests", "Doubles"))
from speech import Speech  # noqa: E402
from telephony import ACCOUNT, OWN, TOKEN, Telephony, wav  # noqa: E402

SPOKEN = (
    "Agent: Thank you for calling Sparkle Cleaning, this is Jenny, how can I help? Caller: Hi, it's Maria Gonzalez. I'd like to book a "
    "deep clean for next Tuesday morning. I'm calling from work, my number is 217-555-0134."
)
UNDERSTOOD = {
    "summary": "Maria Gonzalez asks for a deep clean next Tuesday morning.",
    "extracted_data": {
        "customer_name": "Maria Gonzalez", "customer_phone": "217-555-0134", "customer_email": None, "intent": "booking",
        "services_mentioned": ["deep clean"], "address": None, "preferred_date": "next Tuesday", "preferred_time": "morning",
        "frequency": None, "urgency": None, "follow_up_needed": True, "notes": None},
    "proposed_actions": [{"type": "book_appointment", "label": "Book the deep clean", "reason": "She asked for it"}],
}


def walk_telephone(server, crm, company, maria):
    """A recorded call ends in the right history; an answer goes out once."""
    session = Session(server)
    title("9. The telephone (a double of Twilio on this machine), and a call that has just ended")
    hello = server.open("demo")
    expect(hello["serverInfo"]["name"] == "atlas-twilio", "it is atlas-twilio")
    call = company.add_call("CA" + secrets.token_hex(16), to=OWN, sender="+12175550199", direction="inbound", status="completed", duration=48)
    company.add_recording(call["sid"], audio=wav())
    done = session.call("process_call", call_sid=call["sid"])
    expect(done["steps"] == ["recording", "transcription", "extraction", "linking"], "fetched, transcribed, understood, linked")
    expect(
        done["contact"]["id"] == maria["id"] and not done["contact_created"],
        "she called from another phone, and it is the same Maria: nobody was doubled")
    again = session.call("process_call", call_sid=call["sid"])
    expect(again["steps"] == [], "a second time there is nothing to do")
    history = crm.call("get_interactions", contact_id=maria["id"], interaction_type="call")["interactions"]
    lines = [one for one in history if one["metadata"].get("call_sid") == call["sid"]]
    expect(len(lines) == 1 and lines[0]["summary"] == UNDERSTOOD["summary"], "CRMServer shows the call, one line in her history")

    title("10. An answer, once")
    sms = {"to": "(217) 555-0134", "body": "Tuesday at 9 it is. See you then!", "idempotency_key": f"demo-{call['sid']}"}
    first, second = session.call("send_sms", **sms), session.call("send_sms", **sms)
    expect(second["replayed"] and first["message_sid"] == second["message_sid"], "asked twice, answered with the same message")
    expect(len([r for r in company.requests("POST", "/Messages.json") if r.acted]) == 1, "one message has left")
    company.receive("+12175550134", "STOP")
    session.refused("send_sms", to="+12175550134", body="One more thing")


def settings(company, speech):
    """The environment that leads a server to the doubles."""
    return {
        "ATLAS_COMMS_TWILIO_BASE_URL": company.url, "ATLAS_COMMS_TWILIO_ACCOUNT_SID": ACCOUNT, "ATLAS_COMMS_TWILIO_AUTH_TOKEN": TOKEN,
        "ATLAS_COMMS_FORWARD_TO_NUMBER": OWN, "ATLAS_CALL_INTELLIGENCE_ASR_URL": f"{speech.url}/v1/asr",
        "ATLAS_CALL_INTELLIGENCE_LLM_URL": f"{speech.url}/v1", "ATLAS_CALL_INTELLIGENCE_LLM_MODEL": "double"}


def telephone(start, server, crm, maria):
    """Starts the server and its doubles, walks, and ends them."""
    with Telephony() as company, Speech() as speech:
        speech.texts.append(SPOKEN)
        speech.answers.append(json.dumps(UNDERSTOOD))
        with start([server, "--toolsets", "all"], **settings(company, speech)) as phone:
            walk_telephone(phone, crm, company, maria)
            return phone.close()
