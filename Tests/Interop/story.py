"""One customer's story with the business, told through all four servers: she calls, a visit is booked, an estimate is mailed, she answers, a
text message confirms. What happens is looked at where it happens: in the database, the calendar, the post office, the mailbox, at the provider."""

import contextlib
import datetime
import email.utils
import json
import time

import caldav

import tools
from diary import ZONE, moment, workday
from hosts import SERVERS
from keepers import CalDAV
from mailroom import BUSINESS, OFFICE, parse, reading, sending
from proxy import Proxy
from telephone import OWN, THEM, settings, wav
from test_call_pipeline import FACTS, SPOKEN

MARIA, ADDRESS, FROM = "maria@example.com", "5 Main St, Springfield", "+12175550199"
STEPS = ["call", "visit", "estimate", "reply", "sms"]
# What each step leaves in the context, oldest first, and in which part.
TRACES = {
    "call": ["call", "line of call"], "visit": ["appointment", "line of appointment", "generic", "line of generic"],
    "estimate": ["estimate", "line of estimate"], "reply": ["mail"], "sms": ["line of sms"]}
SMS = "Your visit is booked. See you then! Acme Cleaning & Co"
REPLY = "\r\n".join([
    f"From: Maria Gonzalez <{MARIA}>", f"To: {OFFICE}", "Subject: Re: Your estimate", "Message-ID: <reply@example.com>", "Date: {}", "",
    "That is fine. The key is under the mat.", ""])
# What there is at the end, wherever one looks, and however much went wrong on the way.
END = {
    "contacts": [("Maria Gonzalez", [THEM], [MARIA], ADDRESS, "active")],
    "calls": [("ready", SPOKEN, FACTS["summary"], True, None)],
    "appointments": [("confirmed", "deep clean", "Maria Gonzalez", THEM, MARIA, ADDRESS, True, True)],
    "history": ["call", "appointment", "email", "email", "sms"],
    "sent": [("generic", "sent"), ("estimate", "sent")],
    "outbox": [("email", "sent"), ("email", "sent"), ("sms", "sent")],
    "calendar": [(True, ADDRESS, "09:00")],
    "letters": [MARIA, MARIA], "filed": [MARIA, MARIA], "inbox": ["<reply@example.com>"], "texts": [(OWN, THEM, SMS)]}


class World:
    """The services that the four servers use, real but for the post office, the telephone company and the ears, each behind a line that may be cut."""

    def __init__(self, database, double, speech, account, smtp, radicale, trusted) -> None:
        self.database, self.double, self.speech, self.account, self.smtp = database, double, speech, account, smtp
        self.trusted, self.radicale, self.lines = trusted, radicale, {}
        self.day = workday()

    def __enter__(self) -> "World":
        self.open = contextlib.ExitStack()
        self.keeper = self.open.enter_context(CalDAV(self.radicale))
        self.lines["caldav"] = self.keeper.proxy
        for name, host, port in (
                ("imap", self.account.server.host, self.account.server.imap), ("smtp", "127.0.0.1", self.smtp.port),
                ("phone", *self.double.server.server_address), ("speech", *self.speech.server.server_address)):
            self.lines[name] = self.open.enter_context(Proxy(host, port))
        self.call_sid = self.double.add_call(
            to=OWN, sender=FROM, direction="inbound", status="completed", duration=75)["sid"]
        self.double.add_recording(self.call_sid, audio=wav())
        return self

    def __exit__(self, *problem) -> None:
        self.open.__exit__(*problem)

    def port(self, name: str) -> str:
        return str(self.lines[name].port)

    @property
    def env(self) -> dict[str, str]:
        """The same of all four servers, as an operator has one file for them."""
        phone, ears = f"http://127.0.0.1:{self.port('phone')}", f"http://127.0.0.1:{self.port('speech')}"
        return {
            **self.trusted, **BUSINESS, **reading(self.account, secure=False), **sending(self.smtp), **self.keeper.env, **settings(self.double),
            "ATLAS_DATABASE_URL": self.database.url, "ATLAS_TIMEZONE": "America/Chicago",
            "ATLAS_EMAIL_IMAP_PORT": self.port("imap"), "ATLAS_EMAIL_SMTP_PORT": self.port("smtp"),
            "ATLAS_COMMS_TWILIO_BASE_URL": phone, "ATLAS_COMMS_TWILIO_LOOKUPS_URL": phone,
            "ATLAS_CALL_INTELLIGENCE_ASR_URL": f"{ears}/v1/asr", "ATLAS_CALL_INTELLIGENCE_LLM_URL": f"{ears}/v1",
            "ATLAS_CALL_INTELLIGENCE_LLM_MODEL": "double"}

    def cut(self, name: str) -> None:
        """From now on nobody gets through."""
        self.lines[name].is_refusing = True
        self.lines[name].cut()

    def mend(self, name: str) -> None:
        self.lines[name].is_refusing = False

    def later(self) -> None:
        """Time passes: claims of servers that died have run out, and what is to be tried again is due."""
        tools.wait_for(lambda: self.database.running() == 0)
        time.sleep(0.05)  # what a server had asked of the database before it was killed may begin a moment later
        self.database.sql("update outbox set created_at = created_at - interval '1 hour' where status = 'sending'")
        self.database.sql("update call_transcripts set claimed_until = now() where claimed_until > now()")
        self.database.sql("update appointments set due_at = now(), sync_until = now() where due_at is not null")

    def forget(self, contact: str) -> None:
        """As if somebody else had never been there."""
        for table in ("appointments", "contact_interactions"):
            self.database.sql(f"delete from {table} where contact_id = %s", contact)
        self.database.sql("delete from contacts where id = %s", contact)

    def calendar(self) -> list[caldav.Event]:
        """The visits of that day, as another program sees the calendar."""
        start = moment(f"{self.day}T00:00")
        return self.keeper.calendar().search(event=True, start=start, end=start.replace(hour=23), expand=False)

    def state(self) -> dict[str, list]:
        """What there is of the customer, without ids and times."""
        sql = self.database.sql
        letters = [parse(letter.octets) for letter in self.smtp.messages]
        return {
            "contacts": sql("select full_name, phones, emails, address, status from contacts"),
            "calls": sql("select status, transcript, summary, contact_id is not null, failed_step from call_transcripts"),
            "appointments": sql(
                "select status, service_type, customer_name, customer_phone, customer_email, customer_address, contact_id is not null, "
                "calendar_event_id is not null from appointments"),
            "history": [row[0] for row in sql("select interaction_type from contact_interactions order by occurred_at")],
            "sent": sql("select template_type, status from sent_emails order by sent_at"),
            "outbox": sql("select channel, status from outbox order by channel, status"),
            "calendar": [("Maria Gonzalez" in event["SUMMARY"], str(event["LOCATION"]), f"{event['DTSTART'].dt.astimezone(ZONE):%H:%M}")
                         for event in (found.icalendar_component for found in self.calendar())],
            "letters": [message["To"] for message in letters],
            "filed": [parse(octets)["To"] for octets, _ in self.account.messages("Sent")],
            "inbox": [parse(octets)["Message-ID"] for octets, _ in self.account.messages()],
            "texts": [(m["from"], m["to"], m["body"]) for m in self.double.messages.values()]}


class Story:
    """The steps, each a call of one server with its key, by whoever talks to the servers."""

    def __init__(self, world: World, hosts) -> None:
        self.world, self.hosts, self.contact = world, hosts, None
        self.calls = {
            "call": ("twilio", "process_call", {"call_sid": world.call_sid}),
            "visit": ("calendar", "book_appointment", {
                "customer_name": "Maria Gonzalez", "customer_phone": "(217) 555-0134", "customer_email": MARIA, "date": world.day, "time": "09:00",
                "service_type": "deep clean", "address": ADDRESS, "idempotency_key": "visit"}),
            "estimate": ("email", "send_estimate", {
                "to": MARIA, "client_name": "Maria Gonzalez", "address": ADDRESS, "service_date": world.day, "service_time": "9:00", "price": "250",
                "client_type": "residential", "idempotency_key": "estimate"}),
            "reply": ("email", "list_inbox", {"query": f"from:{MARIA}"}),
            "sms": ("twilio", "send_sms", {"to": THEM, "body": SMS, "idempotency_key": "sms"}),
            "context": ("crm", "get_customer_context", {"phone": THEM, "detail": "detailed"})}

    def begin(self, step: str) -> tuple[str, str, dict]:
        """What is to be called; the customer's own part of the step is done."""
        if step == "reply" and not self.world.account.messages():
            now = datetime.datetime.now(datetime.timezone.utc)
            self.world.account.deliver(REPLY.format(email.utils.format_datetime(now)).encode())
        return self.calls[step]

    def ask(self, step: str) -> dict:
        """The step's result, success or not."""
        return self.hosts.call(*self.begin(step))

    def go(self, *steps: str) -> dict | None:
        """Each of the steps must succeed; what the last one told."""
        found = None
        for step in steps:
            found = self.did(step, self.ask(step))
        return found

    def use(self, server: str, tool: str, **arguments) -> dict:
        """Something besides."""
        return tools.success(tool, self.hosts.call(server, tool, arguments), tools.schemas(SERVERS[server][0]))

    def did(self, step: str, result: dict) -> dict:
        server, tool, _ = self.calls[step]
        found = tools.success(tool, result, tools.schemas(SERVERS[server][0]))
        if step == "call":
            assert found["contact"]["phones"] == [THEM] and found["call_transcript"]["status"] == "ready"
            assert self.contact in (None, found["contact"]["id"])
            self.contact = found["contact"]["id"]
        elif step == "visit":
            assert found["contact_id"] == self.contact and found["appointment"]["status"] == "confirmed"
        elif step == "reply":
            assert [m["message_id"] for m in found["messages"]] == ["reply@example.com"]
        return found

    def refused(self, step: str, code: str, says: str = "", retryable: bool = True) -> str:
        """The step fails with this code of the contract."""
        result = self.ask(step)
        text = tools.refusal(self.calls[step][1], result, code, says=says)
        assert result["_meta"]["atlas/error"]["retryable"] is retryable, text
        return text

    # What is known of her

    def shows(self, *steps: str, without: str | None = None) -> dict:
        """The context, which must show these steps, in order and once each, and say what it could not ask."""
        found = self.go("context")
        assert list(found["unavailable"]) == ([without] if without else []), found["unavailable"]
        if not found["found"]:
            assert "call" not in steps
            return found
        assert found["contact"]["id"] == self.contact
        kept = [trace for step in steps for trace in TRACES[step] if not (trace == "mail" and without == "inbox_emails")]
        told = self.traces(found)
        assert sorted(told) == sorted(kept)
        when = [told[trace] for trace in kept]
        assert when == sorted(when), f"in another order: {told}"
        for part, stamp in (("interactions", "occurred_at"), ("sent_emails", "sent_at"), ("call_transcripts", "started_at")):
            times = [item[stamp] for item in found[part]]
            assert times == sorted(times, reverse=True) and found["counts"][part] == len(times), part
        assert found["last_contact_at"] == max(when), "the customer was last heard of"
        assert (found["next_appointment"] or {}).get("id") == next((a["id"] for a in found["appointments"]), None)
        return found

    @staticmethod
    def traces(found: dict) -> dict[str, str]:
        """What the context tells, and when it was; what is told twice has no name."""
        told = [("call", c["started_at"]) for c in found["call_transcripts"]]
        told += [(f"line of {i['metadata'].get('template_type', i['interaction_type'])}", i["occurred_at"]) for i in found["interactions"]]
        told += [("appointment", a["created_at"]) for a in found["appointments"]]
        told += [(e["template_type"], e["sent_at"]) for e in found["sent_emails"]] + [("mail", m["date"]) for m in found["inbox_emails"]]
        assert len(dict(told)) == len(told), f"twice: {sorted(told)}"
        return dict(told)

    def resource(self) -> dict:
        return json.loads(self.hosts.read("crm", f"atlas://contacts/{self.contact}/context"))
