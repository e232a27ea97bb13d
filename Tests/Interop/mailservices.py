"""Google and Resend on loopback, each request and answer held against their own documents, as tests use them."""

import sys
from email.message import EmailMessage
from pathlib import Path

import discovery
import resendapi

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Doubles"))
from gmail import ADDRESS, CLIENT, REFRESH, SECRET, Google  # noqa: E402
from resend import DOMAIN, KEY, Resend  # noqa: E402, F401


class JudgedGoogle(Google):
    """What is wrong with any request or answer fails the test at its end: `assert not google.wrong`."""

    def __init__(self):
        super().__init__()
        self.wrong = []
        self.validator = self.judge

    def judge(self, request, answer):
        try:
            # Of a part of an answer the document says nothing.
            discovery.check(request, answer if request.value("fields") is None else None)
        except Exception as error:  # a judge that falls over is a failure, too
            self.wrong.append(f"{request.method} {request.target}: {error}")


class JudgedResend(Resend):
    def __init__(self):
        super().__init__()
        self.wrong = []
        self.validator = self.judge

    def judge(self, request, answer):
        try:
            resendapi.check(request, answer)
        except Exception as error:
            self.wrong.append(f"{request.method} {request.target}: {error}")


def gmail_settings(google: Google) -> dict[str, str]:
    """The environment that leads a server's Gmail to the double."""
    return {
        "ATLAS_TOOLS_GMAIL_CLIENT_ID": CLIENT, "ATLAS_TOOLS_GMAIL_CLIENT_SECRET": SECRET, "ATLAS_TOOLS_GMAIL_REFRESH_TOKEN": REFRESH,
        "ATLAS_GMAIL_URL": google.url, "ATLAS_GOOGLE_TOKEN_URL": google.token_url}


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
