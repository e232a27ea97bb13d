"""The official clients of both eras hold whole conversations with the real server, with no exception and exit code 0."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import validate
from client import COMMAND, ENV, Server, key
from diary import CALENDAR
from mailroom import BUSINESS, EMAIL, reading, sending
from telephone import OWN, TWILIO, Speech, settings, wav

HERE = Path(__file__).parent
LEGACY_PYTHON = os.environ.get("ATLAS_LEGACY_PYTHON") or str(validate.REPOSITORY / ".venv-legacy/bin/python")


each_client = pytest.mark.parametrize("python, mode", [
    (sys.executable, "auto"), (sys.executable, "legacy"), (sys.executable, "2026-07-28"), (LEGACY_PYTHON, "1.x")], ids=lambda v: v.rsplit("/")[-1])


def judge(journal: Path) -> list[dict]:
    """Validates every line the server wrote to that client; the client's own messages."""
    entries = [json.loads(line) for line in journal.read_text().splitlines()]
    assert entries[-1] == ["exit", 0], f"the server ended with {entries[-1]}"
    asked, revision, sent = {}, None, []
    for way, text in entries[:-1]:
        message = json.loads(text)
        if way == ">":
            sent.append(message)
            meta = (message.get("params") or {}).get("_meta") or {}
            if "method" in message and "id" in message:
                asked[key(message)] = (message["method"], validate.MODERN if ENV + "protocolVersion" in meta else revision or "2025-11-25")
            continue
        if asked.get(key(message), ("",))[0] == "initialize" and "result" in message:
            revision = message["result"]["protocolVersion"]
            asked[key(message)] = ("initialize", revision)
        validate.line(text.encode(), lambda m: asked.get(key(m)) if "method" not in m else None, revision)
    return sent


def speak(python: str, script: str, arguments: list[str], env: dict[str, str], server: list[str], folder) -> list[dict]:
    """One conversation with a server in that environment: official clients hand down only a filtered one, so it stands in the command."""
    journal = folder / "journal"
    command = ["/usr/bin/env", *(f"{k}={v}" for k, v in env.items()), sys.executable, str(HERE / "tap.py"), str(journal), *server]
    done = subprocess.run([python, str(HERE / script), *arguments, "--", *command], capture_output=True, text=True, timeout=90)
    assert done.returncode == 0 and done.stdout.endswith("DONE\n"), f"{done.stdout}\n{done.stderr[-4000:]}"
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr, done.stderr[-4000:]
    return judge(journal)


def converse(python: str, script: str, arguments: list[str], database, folder) -> list[dict]:
    with Server(env={"ATLAS_DATABASE_URL": database.url}) as server:
        ids = [server.call("create_contact", {"full_name": name})["structuredContent"]["contact"]["id"] for name in ("Read Me", "Locked Away")]
    lock = database.hold("select * from contacts where id = %s for update", ids[1])
    try:
        return speak(python, script, [*arguments, *ids], {"ATLAS_DATABASE_URL": database.url}, [*COMMAND, "--toolsets", "all"], folder)
    finally:
        lock.rollback()
        lock.close()


@pytest.mark.parametrize("mode", ["auto", "legacy", "2026-07-28"])
def test_the_current_client(database, folder, mode):
    sent = converse(sys.executable, "official_modern.py", [mode], database, folder)
    assert sent[0]["method"] == {"auto": "server/discover", "legacy": "initialize", "2026-07-28": "tools/list"}[mode]
    assert sum(m.get("method") == "notifications/cancelled" for m in sent) >= 2, "its two cancelled calls"


def test_the_client_of_the_handshake_era(database, folder):
    assert os.access(LEGACY_PYTHON, os.X_OK), f"{LEGACY_PYTHON} is missing: script/bootstrap --test"
    sent = converse(LEGACY_PYTHON, "official_legacy.py", [], database, folder)
    assert sent[0]["method"] == "initialize"


@each_client
def test_the_official_clients_on_the_telephone(database, folder, double, python, mode):
    call = double.add_call(to=OWN, sender="+12175550166", direction="inbound", status="in-progress", duration=60)["sid"]
    recording = double.add_recording(call, audio=wav())["sid"]
    with Speech() as speech:
        speech.texts.append("Hello, my name is Bo Lee, I'd like to book a cleaning.")
        env = {**settings(double), "ATLAS_DATABASE_URL": database.url, "ATLAS_CALL_INTELLIGENCE_ASR_URL": f"{speech.url}/v1/asr",
               "ATLAS_CALL_INTELLIGENCE_MIN_DURATION_SECONDS": "5"}
        speak(python, "official_phone.py", [mode, call, recording], env, [*TWILIO, "--toolsets", "all"], folder)
    assert database.sql("select full_name from contacts") == [("Bo Lee",)]


@each_client
def test_the_official_clients_at_the_mail(database, folder, account, smtp, trusted, python, mode):
    account.deliver("Message-ID: <q@x.example>\r\nSubject: Wie viel? 😀\r\nFrom: Ann Lee <ann@north.example>\r\nTo: office@acme.example\r\n"
                    "Date: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\nHow much is it?\r\n".encode())
    env = {**trusted, **reading(account), **sending(smtp), **BUSINESS, "ATLAS_DATABASE_URL": database.url}
    speak(python, "official_mail.py", [mode], env, EMAIL, folder)
    assert len(smtp.messages) == 3


@each_client
def test_the_official_clients_at_the_calendar(database, folder, python, mode):
    appointment = database.value(
        "insert into appointments (start_time, end_time, service_type, customer_name, customer_phone, business_context_id) values "
        "('2027-03-02 13:00-06', '2027-03-02 14:00-06', 'windows', 'Ann Lee', '+12175550134', '') returning id::text")
    env = {"ATLAS_DATABASE_URL": database.url, "ATLAS_TIMEZONE": "America/Chicago"}
    speak(python, "official_calendar.py", [mode, appointment], env, CALENDAR, folder)
    assert database.value("select calendar_event_id is not null from appointments")
