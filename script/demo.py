"""The sessions that script/demo shows: an agent host's with CRMServer and TwilioServer, on a private PostgreSQL.

The telephone company, the speech recognition and the language model are doubles on this machine (Tests/Doubles).
"""

import argparse
import json
import os
import secrets
import shutil
import sys
import tempfile
import time

from stdio_client import Server, clean_environment

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Tests", "Doubles"))
from speech import Speech  # noqa: E402
from telephony import ACCOUNT, OWN, TOKEN, Telephony, wav  # noqa: E402

colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ
MARIA = {"full_name": "Maria Gonzalez"}
# One person as four callers would type her, each bringing something new.
SPELLINGS = [
    MARIA | {"phone": "(217) 555-0134"},
    MARIA | {"phone": "+1 217 555 0134", "email": "Maria.Gonzalez@Example.com"},
    MARIA | {"phone": "1-217-555-0134", "city": "Springfield", "state": "IL"},
    MARIA | {"phone": "217.555.0134", "tags": ["weekly"], "notes": "Key under the mat"},
]


def paint(code, text):
    return f"\033[{code}m{text}\033[0m" if colours else text


def title(text):
    print(f"\n{paint('1', text)}")


def short(value):
    """JSON without what is empty, cut where it gets long."""
    text = json.dumps(filled(value), ensure_ascii=False)
    return text if len(text) <= 400 else text[:397] + "…"


def filled(value):
    if isinstance(value, dict):
        return {k: filled(v) for k, v in value.items() if v not in (None, [], {}, "")}
    if isinstance(value, list):
        return [filled(v) for v in value]
    return value


def expect(holds, what):
    """A promise: told when it holds, the end of the demo when it does not."""
    if not holds:
        print(paint("31", f"  ✗ {what}"))
        raise SystemExit(f"demo: this did not hold: {what}")
    print(paint("32", f"  ✓ {what}"))


class Session:
    def __init__(self, server):
        self.server = server

    def ask(self, method, params=None, show=short, said=None):
        """Sends one request, prints both sides, returns the result."""
        said = said or f"{method} {json.dumps(params, ensure_ascii=False) if params else ''}".rstrip()
        print(f"  {paint('36', '→')} {said}")
        started = time.perf_counter()
        result = self.server.request(method, params)
        took = (time.perf_counter() - started) * 1000
        print(f"  {paint('33', '←')} {show(result)} {paint('2', f'{took:.1f} ms')}")
        return result

    def use(self, tool, arguments):
        said = f"{tool} {json.dumps(arguments, ensure_ascii=False)}"
        params = {"name": tool, "arguments": arguments}
        return self.ask("tools/call", params, show=lambda r: short(answer(r)), said=said)

    def call(self, tool, **arguments):
        result = self.use(tool, arguments)
        if result.get("isError"):
            raise SystemExit(f"demo: {tool} failed: {answer(result)}")
        return result["structuredContent"]

    def refused(self, tool, **arguments):
        result = self.use(tool, arguments)
        expect(result.get("isError") is True, "refused, not half done")
        return result


def answer(result):
    if result.get("isError"):
        return {"isError": True, "text": result["content"][0]["text"], "_meta": result.get("_meta")}
    return result.get("structuredContent", result)


def walk(server, fresh):
    session = Session(server)

    title("1. A host opens the session")
    hello = session.ask(
        "initialize",
        {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "demo", "version": "1"}},
        show=lambda r: f"{r['serverInfo']['name']} {r['serverInfo']['version']}, MCP {r['protocolVersion']}",
    )
    server.notify("notifications/initialized")
    expect(hello["serverInfo"]["name"] == "atlas-crm", "it is atlas-crm")
    tools = session.ask("tools/list", show=lambda r: ", ".join(tool["name"] for tool in r["tools"]))["tools"]
    expect(len(tools) == 9, "nine tools, and so far no database")

    title("2. The same person, in four phone formats (the first call also makes the database)")
    before = session.call("list_contacts", limit=1)["total"]
    met = [session.call("create_contact", **person) for person in SPELLINGS]
    maria = met[-1]["contact"]
    expect(len({one["contact"]["id"] for one in met}) == 1, "four calls, one contact")
    if fresh:
        expect([one["created"] for one in met] == [True, False, False, False], "created once, recognised three times")
    expect(maria["phone_e164"] == "+12175550134", "her phone is +12175550134")
    expect(
        (maria["email"] or "").lower() == "maria.gonzalez@example.com" and "weekly" in maria["tags"],
        "what each caller knew has come together",
    )
    other = session.call("create_contact", full_name="Anaïs Díaz", phone="312-555-0188", contact_type="lead")["contact"]

    title("3. Finding her: with a typo, and by the last seven digits")
    found = session.call("search_contacts", query="maria gonzales")
    expect(found["contacts"][0]["id"] == maria["id"], "a misspelt name finds her first")
    found = session.call("search_contacts", phone="555-0134")
    expect(maria["id"] in [one["id"] for one in found["contacts"]], "so do seven digits")
    found = session.call("search_contacts", query="diaz anais")
    expect(found["contacts"][0]["id"] == other["id"], "accents and word order do not matter")

    title("4. Writing down a call, once")
    note = {
        "contact_id": maria["id"],
        "interaction_type": "call",
        "summary": "Asked for a quote: three bedrooms, every second Friday",
        "idempotency_key": f"demo-{os.getpid()}-{int(time.time())}",
    }
    first = session.call("log_interaction", **note)
    again = session.call("log_interaction", **note)
    expect(first["interaction"]["id"] == again["interaction"]["id"], "said twice, written once")
    history = session.call("get_interactions", contact_id=maria["id"])["interactions"]
    expect(history[0]["id"] == first["interaction"]["id"], "and it opens her history")

    title("5. What cannot be is refused in plain words")
    session.refused("update_contact", contact_id=other["id"], phone="+1 (217) 555-0134")
    session.refused("list_contacts", limit=1000)

    title("6. Everybody, and her card as a resource")
    everybody = session.call("list_contacts")
    if fresh:
        expect(everybody["total"] == before + 2, "two people in the book")
    contents = session.ask(
        "resources/read",
        {"uri": f"atlas://contacts/{maria['id']}"},
        show=lambda r: short(json.loads(r["contents"][0]["text"])),
    )["contents"]
    expect(maria["id"] in contents[0]["text"], f"atlas://contacts/{maria['id']} is hers")


    return maria


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
    title("7. The telephone (a double of Twilio on this machine), and a call that has just ended")
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

    title("8. An answer, once")
    sms = {"to": "(217) 555-0134", "body": "Tuesday at 9 it is. See you then!", "idempotency_key": f"demo-{call['sid']}"}
    first, second = session.call("send_sms", **sms), session.call("send_sms", **sms)
    expect(second["replayed"] and first["message_sid"] == second["message_sid"], "asked twice, answered with the same message")
    expect(len([r for r in company.requests("POST", "/Messages.json") if r.acted]) == 1, "one message has left")
    company.receive("+12175550134", "STOP")
    session.refused("send_sms", to="+12175550134", body="One more thing")


def main():
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument("folder", help="where the built servers are")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the database")
    parser.add_argument("--wire", action="store_true", help="print every line on the wire")
    options = parser.parse_args()

    given = os.environ.get("ATLAS_HOME")
    home = given or tempfile.mkdtemp(prefix="atlas-demo-", dir="/tmp")
    if not given and os.getuid() == 0:
        os.chmod(home, 0o711)  # root's cluster runs as the user `postgres`, who must be able to enter
    fresh = not os.listdir(home) if os.path.isdir(home) else True
    crm, telephone = (os.path.join(os.path.abspath(options.folder), name) for name in ("CRMServer", "TwilioServer"))
    print(f"servers   {os.path.relpath(crm)}, {os.path.relpath(telephone)}\ndatabase  a private PostgreSQL in {home}")

    def watch(direction, line):
        print(paint("2", f"    {direction} {line}"))

    environment = clean_environment(ATLAS_HOME=home)  # and, below, a folder without anybody's .env
    watch = watch if options.wire else lambda *_: None
    servers, done = [], False

    def start(command, **more):
        servers.append(Server(command, environment | more, "/", watch=watch))
        return servers[-1]

    try:
        with Telephony() as company, Speech() as speech, start([crm]) as server:
            maria = walk(server, fresh)
            speech.texts.append(SPOKEN)
            speech.answers.append(json.dumps(UNDERSTOOD))
            with start(
                [telephone, "--toolsets", "all"], ATLAS_COMMS_TWILIO_BASE_URL=company.url, ATLAS_COMMS_TWILIO_ACCOUNT_SID=ACCOUNT,
                ATLAS_COMMS_TWILIO_AUTH_TOKEN=TOKEN, ATLAS_COMMS_FORWARD_TO_NUMBER=OWN,
                ATLAS_CALL_INTELLIGENCE_ASR_URL=f"{speech.url}/v1/asr", ATLAS_CALL_INTELLIGENCE_LLM_URL=f"{speech.url}/v1",
                ATLAS_CALL_INTELLIGENCE_LLM_MODEL="double",
            ) as phone:
                walk_telephone(phone, Session(server), company, maria)
                title("9. The host hangs up")
                expect([one.close() for one in (phone, server)] == [0, 0], "both servers end by themselves, with exit code 0")
                done = True
    except BaseException:
        for log in [one.log() for one in servers]:
            if log:
                print(f"\nA server's log:\n{log}", file=sys.stderr)
        raise
    finally:
        if given or options.keep:
            print(f"\nThe data is in {home}. To go on with it: ATLAS_HOME={home} {os.path.relpath(crm)}")
        else:
            settle(home)
            shutil.rmtree(home, ignore_errors=True)
    if done:
        print(f"\n{paint('1;32', 'All of it held.')}")


def settle(home):
    """The last server out stops the database; gives it a moment before its folder is removed."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        running = any("postmaster.pid" in files for _, _, files in os.walk(home))
        if not running:
            return
        time.sleep(0.05)


if __name__ == "__main__":
    main()
