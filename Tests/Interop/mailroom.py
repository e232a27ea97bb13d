"""EmailServer beside a mail server, as a test uses the two: Dovecot to read from, doubles of SMTP, Google and Resend to send by."""

import email
import email.policy
import functools
import os
import sys
from pathlib import Path

import discovery
import resendapi
import tools
from client import BIN
from tools import Tools, wait_for  # noqa: F401

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Doubles"))
import gmail as googles  # noqa: E402
import resend as resends  # noqa: E402
import messages  # noqa: E402, F401
from mailserver import FEW, PASSWORD, Account, MailServer  # noqa: E402, F401
from smtp import SMTPServer  # noqa: E402, F401

EMAIL = [os.environ.get("ATLAS_EMAIL_SERVER") or f"{BIN}/EmailServer"]
EIGHT = ["send_email", "send_estimate", "send_proposal", "list_inbox", "get_message", "search_inbox", "get_thread", "list_sent_history"]
OPTIONAL = ["list_folders", "save_draft", "get_attachment", "mark_messages", "move_message"]
# The contract's: required, and others.
ARGUMENTS = {
    "send_email": ("body", "to subject from_email cc bcc reply_to html reply_to_message_id attachments idempotency_key"),
    "send_estimate": ("to client_name address service_date service_time price client_type", "idempotency_key"),
    "send_proposal": (
        "to client_name contact_name address areas_to_clean cleaning_description price client_type", "frequency contact_phone idempotency_key"),
    "list_inbox": ("", "query max_results mailbox"), "get_message": ("message_id", "mailbox offset max_chars"),
    "search_inbox": ("query", "max_results mailbox"), "get_thread": ("thread_id", "mailbox"),
    "list_sent_history": ("", "hours template_type limit")}
# Who writes, and logs in to send.
OFFICE, SMTP_PASSWORD = "office@acme.example", "posting-Secret-5"
SECRETS = [PASSWORD, SMTP_PASSWORD, googles.SECRET, googles.REFRESH, resends.KEY, "ya29.double"]
schemas = functools.partial(tools.schemas, *EMAIL)
BUSINESS = {"ATLAS_BUSINESS_NAME": "Acme Cleaning & Co", "ATLAS_BUSINESS_PHONE": "+1 217 555 0100"}


def reading(account: Account, secure: bool = True) -> dict[str, str]:
    """The environment that leads a server to that mailbox."""
    return {
        "ATLAS_EMAIL_IMAP_HOST": account.server.host, "ATLAS_EMAIL_IMAP_PORT": str(account.server.imaps if secure else account.server.imap),
        "ATLAS_EMAIL_IMAP_SSL": "1" if secure else "0", "ATLAS_EMAIL_IMAP_USERNAME": account.address, "ATLAS_EMAIL_IMAP_PASSWORD": account.password}


def sending(smtp: SMTPServer, secure: bool = False) -> dict[str, str]:
    """The environment that leads a server to the SMTP double."""
    return {
        "ATLAS_EMAIL_SMTP_HOST": "localhost", "ATLAS_EMAIL_SMTP_PORT": str(smtp.tls_port if secure else smtp.port),
        "ATLAS_EMAIL_SMTP_SECURITY": "tls" if secure else "starttls", "ATLAS_EMAIL_SMTP_USERNAME": OFFICE,
        "ATLAS_EMAIL_SMTP_PASSWORD": SMTP_PASSWORD, "ATLAS_EMAIL_DEFAULT_FROM": f"Acme Cleaning <{OFFICE}>"}


def gmail(google: googles.Google) -> dict[str, str]:
    return {
        "ATLAS_TOOLS_GMAIL_CLIENT_ID": googles.CLIENT, "ATLAS_TOOLS_GMAIL_CLIENT_SECRET": googles.SECRET,
        "ATLAS_TOOLS_GMAIL_REFRESH_TOKEN": googles.REFRESH, "ATLAS_GMAIL_URL": google.url, "ATLAS_GOOGLE_TOKEN_URL": google.token_url,
        "ATLAS_EMAIL_DEFAULT_FROM": f"Acme Cleaning <{OFFICE}>"}


def resending(resend: resends.Resend) -> dict[str, str]:
    return {"ATLAS_EMAIL_API_KEY": resends.KEY, "ATLAS_RESEND_URL": resend.url, "ATLAS_EMAIL_DEFAULT_FROM": f"Acme Cleaning <{OFFICE}>"}


class Judging:
    """Holds each request to a double, and its answer, against the provider's own document; what is wrong fails the test at its end."""

    def __init__(self, double, check):
        self.wrong, self.check = [], check
        double.validator = self

    def __call__(self, request, answer):
        try:
            self.check(request, answer)
        except Exception as error:  # a judge that falls over is a failure, too
            self.wrong.append(f"{request.method} {request.target}: {error!r}")


def judged(double):
    return Judging(double, discovery.check if isinstance(double, googles.Google) else resendapi.check)


class Mail(Tools):
    """The tools of one server process."""

    schemas, secrets = staticmethod(schemas), SECRETS

    def inbox(self, query: str = "", **arguments) -> list[dict]:
        """The messages that list_inbox finds."""
        return self.call("list_inbox", query=query or "larger:0", **arguments)["messages"]

    def message(self, id: str, **arguments) -> dict:
        return self.call("get_message", message_id=id, **arguments)["message"]

    def whole(self, id: str) -> str:
        """The whole text, page by page."""
        text, offset = "", 0
        for _ in range(1000):
            page = self.message(id, offset=offset)
            text += page["body_text"]
            if not page["truncated"]:
                return text
            assert page["next_offset"] > offset
            offset = page["next_offset"]
        raise AssertionError("the text has no end")

    def send(self, **arguments) -> dict:
        return self.call("send_email", **{"to": "ann@north.example", "subject": "Hello", "body": "Hi", **arguments})


def parse(octets: bytes) -> email.message.EmailMessage:
    """As Python reads it."""
    message = email.message_from_bytes(octets, policy=email.policy.default)
    assert not message.defects, message.defects
    return message


def text_of(message: email.message.EmailMessage) -> str:
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def state(database) -> list[str]:
    """What the outbox says of each letter, oldest first."""
    return [row[0] for row in database.sql("select status from outbox order by created_at, id")]
