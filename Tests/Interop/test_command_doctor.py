"""atlas doctor, beside real servers and doubles: all well, each part wrong in turn, and nothing changed anywhere."""

import contextlib
import email.utils
import os
import pty
import socket
import subprocess
import time

import pytest

from client import Server
from keepers import CalDAV
from mailroom import OFFICE, SECRETS, gmail, reading, resending, sending
from mailservices import JudgedCalendar, calendar_settings
from operator_command import ATLAS, atlas, environment
from postgres import PASSWORD
from telephone import OWN, TOKEN, Speech, settings
from tools import success

PARTS = ["configuration", "zone", "approval", "home", "libraries", "database", "imap", "smtp", "gmail", "resend", "calendar",
         "telephony", "speech", "model", "clock"]
CHECK = {"name", "status", "message", "variable", "fix", "milliseconds"}
MODEL_KEY = "sk-double-S3cret-key"
HIDDEN = [*SECRETS, TOKEN, MODEL_KEY, PASSWORD]


class Found:
    """What one run found."""

    def __init__(self, env, *words, home="/dev/null/none", exits=0, **run):
        self.ran = atlas("doctor", "--json", *words, env=env, home=home, exits=exits, **run)
        document = self.ran.json
        assert document["success"] is (exits == 0) and set(document) == {"success", "checks"}
        self.checks = document["checks"]
        for check in self.checks:
            assert set(check) == CHECK and check["name"] in PARTS and check["milliseconds"] >= 0, check
            assert check["status"] in ("ok", "warning", "failed", "not_configured") and check["message"]
            assert check["status"] not in ("failed", "warning") or check["fix"], f"nothing to do: {check}"
        for secret in HIDDEN:
            assert secret not in self.ran.out + self.ran.err

    def of(self, part: str) -> list[dict]:
        return [check for check in self.checks if check["name"] == part]

    def one(self, part: str, status: str) -> dict:
        found = [check for check in self.of(part) if check["status"] == status]
        assert len(found) == 1, f"{status}: {self.of(part)}"
        return found[0]

    @property
    def wrong(self) -> set[str]:
        return {check["name"] for check in self.checks if check["status"] == "failed"}


@contextlib.contextmanager
def silence():
    """The port of a server that takes connections and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        yield server.getsockname()[1]


@pytest.fixture
def speech():
    with Speech() as speech:
        speech.key = MODEL_KEY
        yield speech


@pytest.fixture
def dav(radicale):
    with CalDAV(radicale) as keeper:
        yield keeper


@pytest.fixture
def env(database, double, account, smtp, google, resend, dav, speech, trusted):
    """Everything there is, and all of it well. The database lets nobody write."""
    return {
        "ATLAS_DATABASE_URL": database.url + "&options=-c%20default_transaction_read_only%3Don", **trusted, **settings(double),
        **gmail(google), **resending(resend), **reading(account), **sending(smtp), **dav.env, "ATLAS_APPROVAL": "send,call",
        "ATLAS_CALL_INTELLIGENCE_ASR_URL": f"{speech.url}/v1/asr", "ATLAS_CALL_INTELLIGENCE_LLM_URL": f"{speech.url}/v1",
        "ATLAS_CALL_INTELLIGENCE_LLM_MODEL": "double", "ATLAS_CALL_INTELLIGENCE_LLM_API_KEY": MODEL_KEY}


def test_all_is_well_and_nothing_is_changed_anywhere(env, home, database, double, account, smtp, google, resend, dav, speech):
    data = dav.server.folder / "data/collection-root"

    def kept():
        return {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file() and ".Radicale" not in str(path)}

    before = kept()
    found = Found(env, home=home)
    assert [check["status"] for check in found.checks] == ["ok"] * len(PARTS), found.checks
    assert [check["name"] for check in found.checks] == PARTS, "each once, in one order"
    said = {check["name"]: check["message"] for check in found.checks}
    assert database.name in said["database"] and "applied" in said["database"] and "pending" not in said["database"]
    assert account.address not in SECRETS and "SORT, MOVE, UIDPLUS" in said["imap"]
    assert OFFICE in said["gmail"] and "logged in" in said["smtp"] and "acme.example is verified" in said["resend"]
    assert "Acme Cleaning" in said["telephony"] and f"{OWN} belongs to it" in said["telephony"]
    assert "events go to" in said["calendar"] and "has the model double" in said["model"] and "America/Chicago" in said["zone"]
    assert "send,call" in said["approval"] and "libcurl" in said["libraries"] and str(home) in said["home"]

    assert list(home.iterdir()) == [] and kept() == before
    assert double.acted() == google.acted("/gmail/") == resend.acted() == 0 and speech.files == speech.questions == []
    assert {request.method for request in double.requests()} == {request.method for request in resend.requests()} == {"GET"}
    assert smtp.messages == [] and not [entry for entry in smtp.journal if entry["stage"] in ("mail", "rcpt", "data")]
    assert account.count("EXAMINE") == 1 and account.count("SELECT", "STORE", "APPEND", "MOVE", "COPY", "CREATE", "EXPUNGE") == 0


def test_people_read_a_line_for_each_and_the_count(env, home):
    ran = atlas("doctor", env=env, home=home)
    lines = ran.out.splitlines()
    assert lines[-1] == "15 well, 0 warnings, 0 failed, 0 not configured." and len(lines) == 16
    assert sorted(line.split()[1] for line in lines[:-1]) == sorted(PARTS) and all(line.startswith("✓ ") for line in lines[:-1])
    assert lines[-2].startswith("✓ clock"), "it is the last, for it hears the others"
    assert ran.err == "" and not any(secret in ran.out for secret in HIDDEN)


def test_nothing_configured_is_nothing_wrong(home):
    found = Found({"ATLAS_TIMEZONE": ""}, home=home)
    unset = {check["name"] for check in found.checks if check["status"] == "not_configured"}
    assert unset == set(PARTS) - {"configuration", "home", "libraries", "database"}
    assert "is made in" in found.one("database", "ok")["message"] and str(home) in found.one("database", "ok")["message"]
    assert list(home.iterdir()) == [], "looking makes nothing"
    text = atlas("doctor", env={"ATLAS_TIMEZONE": ""}, home=home).out
    assert "– imap" in text and "ATLAS_EMAIL_IMAP_HOST" in text


# What is changed, which part fails or warns, what is to be looked at, and how the command ends.
WRONG = {
    "database host": ({"ATLAS_DATABASE_URL": "postgresql://u:correct-horse-battery@127.0.0.1:1/x"}, "database", "ATLAS_DATABASE_URL", 1),
    "database url": ({"ATLAS_DATABASE_URL": "postgresql://u:correct-horse-battery@host:x/y"}, "database", "ATLAS_DATABASE_URL", 78),
    "imap password": ({"ATLAS_EMAIL_IMAP_PASSWORD": "wr0ng-passw0rd"}, "imap", "ATLAS_EMAIL_IMAP_PASSWORD", 1),
    "imap host": ({"ATLAS_EMAIL_IMAP_HOST": "nowhere.invalid"}, "imap", "ATLAS_EMAIL_IMAP_HOST", 1),
    "imap port": ({"ATLAS_EMAIL_IMAP_PORT": "1"}, "imap", "ATLAS_EMAIL_IMAP_HOST", 1),
    "imap port is none": ({"ATLAS_EMAIL_IMAP_PORT": "many"}, "imap", "ATLAS_EMAIL_IMAP_PORT", 78),
    "imap mailbox": ({"ATLAS_EMAIL_IMAP_MAILBOX": "Elsewhere"}, "imap", "ATLAS_EMAIL_IMAP_MAILBOX", 78),
    "imap user": ({"ATLAS_EMAIL_IMAP_USERNAME": ""}, "imap", "ATLAS_EMAIL_IMAP_USERNAME", 78),
    "smtp password": ({"ATLAS_EMAIL_SMTP_PASSWORD": "wr0ng-passw0rd"}, "smtp", "ATLAS_EMAIL_SMTP_PASSWORD", 1),
    "smtp port": ({"ATLAS_EMAIL_SMTP_PORT": "1"}, "smtp", "ATLAS_EMAIL_SMTP_HOST", 1),
    "smtp in clear": ({"ATLAS_EMAIL_SMTP_SECURITY": "none", "ATLAS_EMAIL_SMTP_HOST": "mail.example.com"}, "smtp", "ATLAS_EMAIL_SMTP_SECURITY", 78),
    "gmail token": ({"ATLAS_TOOLS_GMAIL_REFRESH_TOKEN": "1//wr0ng-t0ken"}, "gmail", "ATLAS_TOOLS_GMAIL_REFRESH_TOKEN", 1),
    "gmail secret": ({"ATLAS_TOOLS_GMAIL_CLIENT_SECRET": ""}, "gmail", "ATLAS_TOOLS_GMAIL_CLIENT_SECRET", 78),
    "gmail url": ({"ATLAS_GMAIL_URL": "http://127.0.0.1:1"}, "gmail", "ATLAS_GMAIL_URL", 1),
    "resend key": ({"ATLAS_EMAIL_API_KEY": "re_wr0ng-key"}, "resend", "ATLAS_EMAIL_API_KEY", 1),
    "resend url": ({"ATLAS_RESEND_URL": "http://127.0.0.1:1"}, "resend", "ATLAS_RESEND_URL", 1),
    "caldav password": ({"ATLAS_TOOLS_CALDAV_PASSWORD": "wr0ng-passw0rd"}, "calendar", "ATLAS_TOOLS_CALDAV_PASSWORD", 1),
    "caldav url": ({"ATLAS_TOOLS_CALDAV_URL": "http://127.0.0.1:1/"}, "calendar", "ATLAS_TOOLS_CALDAV_URL", 1),
    "caldav in clear": ({"ATLAS_TOOLS_CALDAV_URL": "http://dav.example.com/"}, "calendar", "ATLAS_TOOLS_CALDAV_URL", 78),
    "caldav calendar": ({"ATLAS_TOOLS_CALDAV_CALENDAR_URL": "/office/no-such/"}, "calendar", "ATLAS_TOOLS_CALDAV_CALENDAR_URL", 78),
    "twilio token": ({"ATLAS_COMMS_TWILIO_AUTH_TOKEN": "wr0ng-t0ken"}, "telephony", "ATLAS_COMMS_TWILIO_AUTH_TOKEN", 1),
    "twilio account": ({"ATLAS_COMMS_TWILIO_ACCOUNT_SID": "ACxyz"}, "telephony", "ATLAS_COMMS_TWILIO_ACCOUNT_SID", 78),
    "twilio url": ({"ATLAS_COMMS_TWILIO_BASE_URL": "http://127.0.0.1:1"}, "telephony", "ATLAS_COMMS_TWILIO_BASE_URL", 1),
    "another's number": ({"ATLAS_COMMS_FORWARD_TO_NUMBER": "+12175559999"}, "telephony", "ATLAS_COMMS_FORWARD_TO_NUMBER", 78),
    "company": ({"ATLAS_COMMS_PROVIDER": "pigeons"}, "telephony", "ATLAS_COMMS_PROVIDER", 78),
    "asr url": ({"ATLAS_CALL_INTELLIGENCE_ASR_URL": "http://127.0.0.1:1/v1/asr"}, "speech", "ATLAS_CALL_INTELLIGENCE_ASR_URL", 1),
    "model key": ({"ATLAS_CALL_INTELLIGENCE_LLM_API_KEY": "sk-wr0ng"}, "model", "ATLAS_CALL_INTELLIGENCE_LLM_API_KEY", 1),
    "model url": ({"ATLAS_CALL_INTELLIGENCE_LLM_URL": "http://127.0.0.1:1/v1"}, "model", "ATLAS_CALL_INTELLIGENCE_LLM_URL", 1),
    "model's name": ({"ATLAS_CALL_INTELLIGENCE_LLM_MODEL": ""}, "model", "ATLAS_CALL_INTELLIGENCE_LLM_MODEL", 78),
    "zone": ({"ATLAS_TIMEZONE": "Mars/Olympus"}, "zone", "ATLAS_TIMEZONE", 78),
    "approval": ({"ATLAS_APPROVAL": "send,cal"}, "approval", "ATLAS_APPROVAL", 78),
    "home": ({"ATLAS_HOME": "/dev/null/none"}, "home", "ATLAS_HOME", 78),
    "authorities": ({"ATLAS_CA_FILE": "/nowhere.pem", **dict.fromkeys(
        ["ATLAS_EMAIL_SMTP_HOST", "ATLAS_EMAIL_API_KEY", "ATLAS_TOOLS_GMAIL_CLIENT_ID", "ATLAS_TOOLS_GMAIL_CLIENT_SECRET",
         "ATLAS_TOOLS_GMAIL_REFRESH_TOKEN", "ATLAS_TOOLS_CALDAV_URL", "ATLAS_COMMS_TWILIO_ACCOUNT_SID", "ATLAS_COMMS_TWILIO_AUTH_TOKEN",
         "ATLAS_CALL_INTELLIGENCE_ASR_URL", "ATLAS_CALL_INTELLIGENCE_LLM_URL"], "")}, "imap", "ATLAS_CA_FILE", 78),
    "log level": ({"ATLAS_LOG_LEVEL": "loud"}, "configuration", "ATLAS_LOG_LEVEL", 78),
    "a limit": ({"ATLAS_COMMS_DAILY_CALL_LIMIT": "few"}, "configuration", "ATLAS_COMMS_DAILY_CALL_LIMIT", 78),
    "hours": ({"ATLAS_BUSINESS_HOURS": "always"}, "configuration", "ATLAS_BUSINESS_HOURS", 78),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_variable(name, env, home):
    change, part, variable, code = WRONG[name]
    found = Found({**env, **change}, home=home, exits=code)
    failed = found.one(part, "failed")
    assert failed["variable"] == variable and (variable in failed["message"] + failed["fix"]), failed
    # The calendar's times are the business's: it cannot do without the zone. Nothing else is drawn into it.
    assert found.wrong - {part} <= ({"calendar"} if part == "zone" else set()), found.checks
    assert "wr0ng" not in found.ran.out
    text = atlas("doctor", "--only", part, env={**env, **change}, home=home, exits=code).out
    assert f"✗ {part}" in text and "→" in text and variable in text


SILENT = {
    "database": lambda port: {"ATLAS_DATABASE_URL": f"postgresql://u@127.0.0.1:{port}/x"},
    "imap": lambda port: {"ATLAS_EMAIL_IMAP_PORT": str(port)},
    "smtp": lambda port: {"ATLAS_EMAIL_SMTP_PORT": str(port)},
    "gmail": lambda port: {"ATLAS_GOOGLE_TOKEN_URL": f"http://127.0.0.1:{port}/token"},
    "resend": lambda port: {"ATLAS_RESEND_URL": f"http://127.0.0.1:{port}"},
    "calendar": lambda port: {"ATLAS_TOOLS_CALDAV_URL": f"http://127.0.0.1:{port}/"},
    "telephony": lambda port: {"ATLAS_COMMS_TWILIO_BASE_URL": f"http://127.0.0.1:{port}"},
    "speech": lambda port: {"ATLAS_CALL_INTELLIGENCE_ASR_URL": f"http://127.0.0.1:{port}/v1/asr"},
    "model": lambda port: {"ATLAS_CALL_INTELLIGENCE_LLM_URL": f"http://127.0.0.1:{port}/v1"},
}


def test_those_who_say_nothing_hold_nobody_up(env, home):
    """All of them at once: each has its own deadline, and they run beside each other."""
    with silence() as port:
        changed = {name: value for change in SILENT.values() for name, value in change(port).items()}
        found = Found({**env, **changed}, "--timeout", "2", home=home, exits=1, timeout=30)
    assert found.wrong == set(SILENT)
    for part, change in SILENT.items():
        failed = found.one(part, "failed")
        # Where it is about the port, TLS may be what the server waits for.
        assert any(name in failed["fix"] for name in change(0)) or failed["variable"] in ("ATLAS_EMAIL_IMAP_HOST", "ATLAS_EMAIL_SMTP_HOST"), failed
        assert failed["fix"] and failed["milliseconds"] < 10_000
    assert found.one("clock", "not_configured") and found.one("zone", "ok")


@pytest.mark.parametrize("part, change", [
    ("imap", {}), ("smtp", {}), ("calendar", {"ATLAS_TOOLS_CALDAV_URL": "https://localhost:{port}/"}),
    ("telephony", {"ATLAS_COMMS_TWILIO_BASE_URL": "https://localhost:{port}"})])
def test_whose_authority_nobody_trusts(part, change, env, home, post_office):
    change = {name: text.format(port=post_office.tls_port) for name, text in change.items()}
    found = Found({**env, **change, "ATLAS_CA_FILE": ""}, "--only", part, home=home, exits=78)
    assert found.one(part, "failed")["variable"] == "ATLAS_CA_FILE"


def test_the_password_of_a_role_is_wrong(postgres, database):
    url = database.cluster.url(database.name, "locked")
    failed = Found({"ATLAS_DATABASE_URL": url.replace("user=locked", "user=locked&password=wr0ng")}, "--only", "database", exits=1)
    assert failed.one("database", "failed")["variable"] == "ATLAS_DATABASE_URL" and "wr0ng" not in failed.ran.out
    parts = {"ATLAS_DB_SOCKET_PATH": str(postgres.folder), "ATLAS_DB_DATABASE": database.name, "ATLAS_DB_USER": "locked", "ATLAS_DB_PASSWORD": "wr0ng"}
    assert Found(parts, "--only", "database", exits=1).one("database", "failed")["variable"] == "ATLAS_DB_PASSWORD"
    missing = Found({"ATLAS_DATABASE_URL": postgres.url("nowhere")}, "--only", "database", exits=78)
    assert missing.one("database", "failed")["variable"] == "ATLAS_DATABASE_URL"


def test_pending_migrations_are_told_and_not_applied(empty):
    found = Found({"ATLAS_DATABASE_URL": empty.url}, "--only", "database")
    warning = found.one("database", "warning")
    assert "pending" in warning["message"] and "atlas db migrate" in warning["fix"] and warning["variable"] == "ATLAS_DATABASE_URL"
    assert empty.value("select count(*) from pg_class where relnamespace = 'public'::regnamespace") == 0
    assert empty.value("select count(*) from pg_extension where extname = 'pg_trgm'") == 0


def test_an_extension_that_may_not_be_created_is_told(empty):
    empty.sql(f"revoke create on database {empty.name} from app")
    empty.sql(f"alter database {empty.name} owner to postgres")
    found = Found({"ATLAS_DATABASE_URL": empty.url}, "--only", "database", exits=1)
    failed = [check for check in found.of("database") if check["status"] == "failed"]
    assert len(failed) == 4 and "CREATE EXTENSION pg_trgm" in failed[0]["fix"]


def test_an_edited_and_a_newer_migration_are_told(database):
    database.sql("update atlas_migrations set checksum = 'x' where name like '037%'")
    database.sql("insert into atlas_migrations (name, checksum) values ('999_later.sql', 'y')")
    found = Found({"ATLAS_DATABASE_URL": database.url}, "--only", "database", exits=1)
    assert "037" in found.one("database", "failed")["message"] and "999_later" in found.one("database", "warning")["message"]


def test_a_private_database_is_left_as_it_is(home):
    server = Server(home=home, env={"HOME": str(home)})
    server.initialize()
    success("create_contact", server.call("create_contact", {"full_name": "Ann"}, timeout=90))
    running = Found({}, "--only", "database,clock", home=home)
    assert "applied" in running.one("database", "ok")["message"] and "the database" in running.one("clock", "ok")["message"]
    assert server.call("list_contacts")["structuredContent"]["total"] == 1, "it was not stopped under the server"
    server.kill()
    assert "applied" in Found({}, "--only", "database", home=home).one("database", "ok")["message"]
    assert list(home.rglob("postmaster.pid")), "one that a killed server left runs on"
    atlas("db", "stop", home=home)
    resting = Found({}, "--only", "database", home=home).one("database", "ok")["message"]
    assert "rests" in resting and not list(home.rglob("postmaster.pid"))


def test_without_postgresql_a_private_database_cannot_be(home):
    found = Found({"ATLAS_POSTGRES_BIN": "/nowhere"}, "--only", "database", home=home, exits=78)
    assert found.one("database", "failed")["variable"] == "ATLAS_POSTGRES_BIN"


def test_misspelt_names_lead_to_the_nearest(tmp_path):
    (tmp_path / ".env").write_text("ATLAS_COMMS_ALOWED_NUMBERS=+1\nATLAS_SOMETHING_QUITE_DIFFERENT=1\n")
    found = Found({"ATLAS_TIMEZON": "Europe/Berlin"}, "--only", "configuration", cwd=tmp_path)
    fixes = {check["variable"]: check["fix"] for check in found.checks}
    assert "ATLAS_TIMEZONE" in fixes["ATLAS_TIMEZON"] and "ATLAS_COMMS_ALLOWED_NUMBERS" in fixes["ATLAS_COMMS_ALOWED_NUMBERS"]
    assert "Remove it" in fixes["ATLAS_SOMETHING_QUITE_DIFFERENT"] and len(fixes) == 3
    (tmp_path / "settings.json").write_text('{"ATLAS_DATABASE_URI": "x"}')
    failed = Found({}, "--config", str(tmp_path / "settings.json"), exits=78)
    assert [check["variable"] for check in failed.checks] == ["ATLAS_DATABASE_URI"] and "ATLAS_DATABASE_URL" in failed.checks[0]["fix"]
    away = Found({"ATLAS_CONFIG": "/nowhere.json"}, exits=78).one("configuration", "failed")
    assert "/nowhere.json" in away["message"] and away["variable"] == "ATLAS_CONFIG"


def test_a_file_with_a_secret_is_its_owners_alone(tmp_path):
    file = tmp_path / ".env"
    file.write_text("ATLAS_EMAIL_API_KEY=re_d0uble_s3cret-key\n")
    file.chmod(0o644)
    warning = Found({}, "--only", "configuration", cwd=tmp_path).one("configuration", "warning")
    assert "chmod 600" in warning["fix"] and warning["variable"] == "ATLAS_EMAIL_API_KEY"
    file.chmod(0o600)
    assert Found({}, "--only", "configuration", cwd=tmp_path).one("configuration", "ok")
    file.write_text("ATLAS_EMAIL_ATTACHMENT_WHITELIST_DIRS=/nowhere\n")
    assert Found({}, "--only", "configuration", cwd=tmp_path).one("configuration", "warning")["variable"].endswith("WHITELIST_DIRS")
    file.unlink()
    file.mkdir()
    assert ".env" in Found({}, "--only", "configuration", cwd=tmp_path, exits=78).one("configuration", "failed")["message"]


@pytest.mark.parametrize("state", ["suspended", "trial", "mute", "verified", "numberless"])
def test_the_telephone_account_may_be_less_than_it_should(state, double):
    env = settings(double)
    if state == "suspended":
        double.state = state
        assert "suspended" in Found(env, "--only", "calls", exits=1).one("telephony", "failed")["message"]
        return
    if state == "trial":
        double.kind = "Trial"
    if state == "mute":
        double.owned[OWN]["sms"] = False
    if state == "verified":
        double.owned.clear()
        double.verified.append(OWN)
    if state == "numberless":
        env["ATLAS_COMMS_FORWARD_TO_NUMBER"] = ""
    found = Found(env, "--only", "calls")
    warning = found.one("telephony", "warning")
    assert found.one("telephony", "ok") and (state == "trial" or warning["variable"] == "ATLAS_COMMS_FORWARD_TO_NUMBER")


def test_signalwire_is_asked_as_twilio_is(double):
    found = Found(settings(double, "signalwire"), "--only", "telephony")
    assert "SignalWire" in found.one("telephony", "ok")["message"]
    wrong = Found({**settings(double, "signalwire"), "ATLAS_COMMS_SIGNALWIRE_API_TOKEN": "wr0ng"}, "--only", "telephony", exits=1)
    assert wrong.one("telephony", "failed")["variable"] == "ATLAS_COMMS_SIGNALWIRE_API_TOKEN"


def test_a_resend_key_that_may_only_send_is_enough(resend):
    resend.may_only_send = True
    assert "may send" in Found(resending(resend), "--only", "resend").one("resend", "ok")["message"]
    resend.may_only_send, resend.domain_status = False, "pending"
    assert "pending" in Found(resending(resend), "--only", "resend").one("resend", "warning")["message"]


def test_google_calendar_by_its_token(home):
    with JudgedCalendar() as google:
        env = calendar_settings(google)
        found = Found(env, "--only", "calendar", home=home)
        assert "Google has" in found.one("calendar", "ok")["message"] and google.acted("/calendar/") == 0
        wrong = Found({**env, "ATLAS_TOOLS_CALENDAR_REFRESH_TOKEN": "1//wr0ng"}, "--only", "calendar", exits=1)
        assert wrong.one("calendar", "failed")["variable"] == "ATLAS_TOOLS_CALENDAR_REFRESH_TOKEN"
        other = Found({**env, "ATLAS_TOOLS_CALENDAR_CALENDAR_ID": "nobody@group.calendar.google.com"}, "--only", "calendar", exits=1)
        assert other.one("calendar", "failed")["variable"] == "ATLAS_TOOLS_CALENDAR_CALENDAR_ID"
        off = Found({**env, "ATLAS_TOOLS_CALENDAR_ENABLED": "0"}, "--only", "calendar")
        assert off.one("calendar", "warning")["variable"] == "ATLAS_TOOLS_CALENDAR_ENABLED"
        assert not google.wrong


def test_a_calendar_that_can_only_be_read_is_told(dav):
    path = dav.add("readonly", login=("admin", "calendar-Secret-4"))
    warning = Found({**dav.env, "ATLAS_TOOLS_CALDAV_CALENDAR_URL": path}, "--only", "calendar").one("calendar", "warning")
    assert "can only be read" in warning["message"] and warning["variable"] == "ATLAS_TOOLS_CALDAV_CALENDAR_URL"


def test_a_model_that_is_not_listed_and_a_server_of_few_words(speech, few_mailserver, trusted):
    speech.models = ["other"]
    env = {"ATLAS_CALL_INTELLIGENCE_LLM_URL": f"{speech.url}/v1", "ATLAS_CALL_INTELLIGENCE_LLM_MODEL": "double",
           "ATLAS_CALL_INTELLIGENCE_LLM_API_KEY": MODEL_KEY, "ATLAS_CALL_INTELLIGENCE_ASR_URL": f"{speech.url}/elsewhere"}
    found = Found({**env, **trusted, **reading(few_mailserver.account())}, "--only", "calls,imap")
    assert found.one("model", "warning")["variable"] == "ATLAS_CALL_INTELLIGENCE_LLM_MODEL"
    assert found.one("speech", "warning")["variable"] == "ATLAS_CALL_INTELLIGENCE_ASR_URL"
    assert "no SORT, MOVE, UIDPLUS" in found.one("imap", "ok")["message"]


def test_what_others_say_cannot_touch_the_terminal(double):
    double.refuse(20003, times=9)
    double.faults[-1].answer.json["message"] = "Go \x1b[31maway\x07"
    double.faults[-1].answer.body = double.faults[-1].answer.body.replace(b"Authenticate", b"Go \\u001b[31maway\\u0007")
    ran = atlas("doctor", "--only", "telephony", env=settings(double), exits=1)
    assert "\x07" not in ran.out and "away" in ran.out


@pytest.mark.parametrize("seconds, status, side", [(600, "failed", "behind"), (-20, "warning", "ahead of")])
def test_a_clock_that_goes_wrong_is_told(seconds, status, side, double):
    double.server.RequestHandlerClass.date_time_string = lambda *_: email.utils.formatdate(time.time() + seconds, usegmt=True)
    found = Found(settings(double), "--only", "telephony,clock", exits=1 if status == "failed" else 0)
    told = found.one("clock", status)
    assert side in told["message"] and "127.0.0.1" in told["message"] and "timedatectl" in told["fix"]


def test_wrong_words_are_refused():
    for words in (["--only", "datbase"], ["--only", ","], ["--timeout", "0"], ["--timeout", "never"]):
        ran = atlas("doctor", *words, exits=64)
        assert words[0] in ran.err
    assert "database" in atlas("doctor", "--only", "datbase", exits=64).err
    assert [check["name"] for check in Found({}, "--only", "zone,mail", home="/dev/null/none").checks] == ["zone", "imap", "smtp", "gmail", "resend"]


def test_colours_only_on_a_terminal():
    def on_a_terminal(**env) -> str:
        parent, child = pty.openpty()
        process = subprocess.Popen(
            [ATLAS, "doctor", "--only", "zone,imap"], env=environment({"TERM": "xterm", **env}), stdin=child, stdout=child, stderr=child)
        os.close(child)
        text = b""
        with contextlib.suppress(OSError):
            while chunk := os.read(parent, 4096):
                text += chunk
        os.close(parent)
        assert process.wait(30) == 0
        return text.decode()

    assert "\x1b[32m✓\x1b[0m" in on_a_terminal() and "\x1b" not in on_a_terminal(NO_COLOR="1")
