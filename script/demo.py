"""The sessions that script/demo shows: an agent host's with all four servers, on a private PostgreSQL.

The mail server is a real Dovecot; the SMTP server, the telephone company, the speech recognition and the language model are doubles on
this machine (Tests/Doubles).
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time

from demo_calendar import calendar
from demo_mail import mail
from demo_phone import telephone
from stdio_client import Server, clean_environment
from walking import Session, expect, paint, short, title

MARIA = {"full_name": "Maria Gonzalez"}
# One person as four callers would type her, each bringing something new.
SPELLINGS = [
    MARIA | {"phone": "(217) 555-0134"},
    MARIA | {"phone": "+1 217 555 0134", "email": "Maria.Gonzalez@Example.com"},
    MARIA | {"phone": "1-217-555-0134", "city": "Springfield", "state": "IL"},
    MARIA | {"phone": "217.555.0134", "tags": ["weekly"], "notes": "Key under the mat"},
]


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
    programs = [os.path.join(os.path.abspath(options.folder), name) for name in ("CRMServer", "EmailServer", "TwilioServer", "CalendarServer")]
    print(f"servers   {', '.join(map(os.path.relpath, programs))}\ndatabase  a private PostgreSQL in {home}")

    def watch(direction, line):
        print(paint("2", f"    {direction} {line}"))

    environment = clean_environment(ATLAS_HOME=home)  # and, below, a folder without anybody's .env
    watch = watch if options.wire else lambda *_: None
    servers, done = [], False

    def start(command, **more):
        servers.append(Server(command, environment | more, "/", watch=watch))
        return servers[-1]

    try:
        crm, email, phone, diary = programs
        with start([crm]) as server:
            maria = walk(server, fresh)
            ends = [
                part(start, program, Session(server), maria)
                for part, program in ((mail, email), (telephone, phone), (calendar, diary))]
            title("13. The host hangs up")
            ends.append(server.close())
            expect(ends == [0, 0, 0, 0], "all servers end by themselves, with exit code 0")
            done = True
    except BaseException:
        for log in [one.log() for one in servers]:
            if log:
                print(f"\nA server's log:\n{log}", file=sys.stderr)
        raise
    finally:
        if given or options.keep:
            print(f"\nThe data is in {home}. To go on with it: ATLAS_HOME={home} {os.path.relpath(programs[0])}")
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
