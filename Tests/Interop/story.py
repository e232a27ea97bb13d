"""One customer's story with the business, told through all four servers: she calls, a visit is booked, an estimate is mailed, she answers, a
text message confirms. What happens is looked at where it happens: in the database, the calendar, the post office, the mailbox, at the provider."""

import contextlib
import email.utils
import re
import time

import caldav

import tools
from client import COMMAND
from diary import CALENDAR, moment, said, workday
from keepers import CalDAV
from mailroom import BUSINESS, EMAIL, OFFICE, parse, reading, sending, text_of
from proxy import Proxy
from telephone import OWN, THEM, TWILIO, settings, wav
from test_call_pipeline import FACTS, SPOKEN

SERVERS = {
    "crm": [*COMMAND, "--toolsets", "default,context"], "email": [*EMAIL, "--toolsets", "default"],
    "calendar": [*CALENDAR, "--toolsets", "default,scheduling"], "twilio": [*TWILIO, "--toolsets", "default,calls"]}
MARIA, ADDRESS, FROM = "maria@example.com", "5 Main St, Springfield", "+12175550199"
STEPS = ["call", "visit", "estimate", "reply", "sms"]
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
    "calendar": [f"Maria Gonzalez {ADDRESS}"],
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
                ("imap", self.account.server.host, self.account.server.imaps), ("smtp", "127.0.0.1", self.smtp.port),
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
            **self.trusted, **BUSINESS, **reading(self.account), **sending(self.smtp), **self.keeper.env, **settings(self.double),
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
            "outbox": sql("select channel, status from outbox order by created_at"),
            "calendar": [f"{name} {event.icalendar_component['LOCATION']}" for event in self.calendar()
                         for name in re.findall("Maria Gonzalez", event.icalendar_component["SUMMARY"])],
            "letters": [message["To"] for message in letters],
            "filed": [parse(octets)["To"] for octets, _ in self.account.messages("Sent")],
            "inbox": [parse(octets)["Message-ID"] for octets, _ in self.account.messages()],
            "texts": [(m["from"], m["to"], m["body"]) for m in self.double.messages.values()]}


class Story:
    """The steps, each a call of one server with its key. `use(server, tool, arguments)` gives the whole result, success or not."""

    def __init__(self, world: World, use) -> None:
        self.world, self.use, self.contact = world, use, None
        self.calls = {
            "call": ("twilio", "process_call", {"call_sid": world.call_sid}),
            "visit": ("calendar", "book_appointment", {
                "customer_name": "Maria Gonzalez", "customer_phone": "(217) 555-0134", "customer_email": MARIA, "date": world.day, "time": "09:00",
                "service_type": "deep clean", "address": ADDRESS, "idempotency_key": "visit"}),
            "estimate": ("email", "send_estimate", {
                "to": MARIA, "client_name": "Maria Gonzalez", "address": ADDRESS, "service_date": world.day, "service_time": "9:00", "price": "250",
                "client_type": "residential", "idempotency_key": "estimate"}),
            "reply": ("email", "list_inbox", {"query": f"from:{MARIA}"}),
            "sms": ("twilio", "send_sms", {"to": THEM, "body": SMS, "idempotency_key": "sms"})}

    def begin(self, step: str) -> tuple[str, str, dict]:
        """What is to be called; the customer's own part of the step is done."""
        if step == "reply" and not self.world.account.messages():
            self.world.account.deliver(REPLY.format(email.utils.format_datetime(moment(said_now()))).encode())
        return self.calls[step]

    def ask(self, step: str) -> dict:
        return self.use(*self.begin(step))

    def go(self, *steps: str) -> list[dict]:
        """Each of the steps must succeed."""
        return [self.did(step, self.ask(step)) for step in steps]

    def did(self, step: str, result: dict) -> dict:
        server, tool, _ = self.calls[step]
        found = tools.success(tool, result, tools.schemas(*SERVERS[server][:1]))
        if step == "call":
            assert found["contact"]["phones"] == [THEM] and found["call_transcript"]["status"] == "ready"
            self.contact = found["contact"]["id"]
        elif step == "visit":
            assert found["contact_id"] == self.contact and found["appointment"]["status"] == "confirmed"
            self.visit = found["appointment"]
        elif step == "reply":
            assert [m["message_id"].strip("<>") for m in found["messages"]] == ["reply@example.com"], found
        return found

    def refused(self, step: str, code: str, says: str = "", retryable: bool | None = None) -> str:
        """The step fails with this code of the contract."""
        result = self.ask(step)
        text = tools.refusal(self.calls[step][1], result, code, says=says)
        assert retryable is None or result["_meta"]["atlas/error"]["retryable"] is retryable, text
        return text

    def context(self) -> dict:
        arguments = {"phone": THEM, "detail": "detailed"}
        return tools.success("get_customer_context", self.use("crm", "get_customer_context", arguments))


def said_now() -> str:
    return said(moment(time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())))
