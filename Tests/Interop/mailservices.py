"""Google's mail and calendar, and Resend, on loopback, each request and answer held against their own documents, as tests use them."""

import sys
from email.message import EmailMessage
from pathlib import Path

import discovery
import resendapi

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Doubles"))
from gmail import ADDRESS, CLIENT, REFRESH, SECRET, Google  # noqa: E402
from googlecalendar import HOLIDAYS, JOBS, GoogleCalendar  # noqa: E402, F401
from googlecalendar import SCOPES as CALENDAR_SCOPES  # noqa: E402, F401
from resend import DOMAIN, KEY, Resend  # noqa: E402, F401


class Judged:
    """What is wrong with any request or answer fails the test at its end: `assert not google.wrong`."""

    held_against = None

    def __init__(self):
        super().__init__()
        self.wrong = []
        self.validator = self.judge

    def judge(self, request, answer):
        try:
            self.held_against(request, answer)
        except Exception as error:  # a judge that falls over is a failure, too
            self.wrong.append(f"{request.method} {request.target}: {error}")


class JudgedGoogle(Judged, Google):
    held_against = staticmethod(discovery.check)


class JudgedCalendar(Judged, GoogleCalendar):
    held_against = staticmethod(discovery.check)


class JudgedResend(Judged, Resend):
    held_against = staticmethod(resendapi.check)


def gmail_settings(google: Google) -> dict[str, str]:
    """The environment that leads a server's Gmail to the double."""
    return {
        "ATLAS_TOOLS_GMAIL_CLIENT_ID": CLIENT, "ATLAS_TOOLS_GMAIL_CLIENT_SECRET": SECRET, "ATLAS_TOOLS_GMAIL_REFRESH_TOKEN": REFRESH,
        "ATLAS_GMAIL_URL": google.url, "ATLAS_GOOGLE_TOKEN_URL": google.token_url}


def calendar_settings(google: GoogleCalendar, key_file: str | None = None) -> dict[str, str]:
    """The environment that leads a server's calendar to the double, as a person, or by the key file of a service account."""
    account = {"ATLAS_TOOLS_CALENDAR_SERVICE_ACCOUNT_FILE": key_file} if key_file else {
        "ATLAS_TOOLS_CALENDAR_CLIENT_ID": CLIENT, "ATLAS_TOOLS_CALENDAR_CLIENT_SECRET": SECRET, "ATLAS_TOOLS_CALENDAR_REFRESH_TOKEN": REFRESH}
    return {**account, "ATLAS_TOOLS_CALENDAR_ENABLED": "1", "ATLAS_GOOGLE_CALENDAR_URL": google.url, "ATLAS_GOOGLE_TOKEN_URL": google.token_url}


def resend_settings(resend: Resend) -> dict[str, str]:
    return {"ATLAS_EMAIL_API_KEY": KEY, "ATLAS_RESEND_URL": resend.url}


def letter(subject="Estimate", text="Hello", to=ADDRESS, sender="Maria Gonzalez <maria@example.com>", **headers) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = headers.pop("Date", "Tue, 24 Nov 2026 09:00:00 -0600")
    message["Message-ID"] = headers.pop("Message_ID", f"<{abs(hash((subject, text)))}@example.com>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message
