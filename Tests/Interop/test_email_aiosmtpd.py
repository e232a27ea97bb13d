"""Mail handed to an SMTP server that others wrote (aiosmtpd), with TLS, log-in, and refusals of single recipients."""

import sys
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from mailroom import OFFICE, SMTP_PASSWORD, parse, state, text_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Doubles"))
from certificates import Certificates  # noqa: E402
from mailserver import free_ports  # noqa: E402

ANN, BO, CAROL = "ann@north.example", "bo@south.example", "carol@west.example"


class Office:
    """Takes what it is given, but for some recipients and one hour of the day."""

    def __init__(self):
        self.taken, self.refused, self.verdict, self.users = [], {}, "250 2.0.0 taken", []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.verdict.startswith("250"):
            secure = server.transport.get_extra_info("sslcontext") is not None
            self.taken.append((secure, envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return self.verdict

    def login(self, server, session, envelope, mechanism, data):
        self.users.append((mechanism, data.login.decode()))
        return AuthResult(success=(data.login.decode(), data.password.decode()) == (OFFICE, SMTP_PASSWORD), handled=False)


@pytest.fixture(scope="module")
def authority():
    with Certificates() as made:
        yield made


@pytest.fixture(params=["starttls", "tls"])
def office(request, authority):
    office, context = Office(), authority.server_context()
    office.security, office.ca = request.param, authority.ca_file
    settings = {"authenticator": office.login, "auth_required": True, "hostname": "127.0.0.1", "port": free_ports(1)[0], "ready_timeout": 30}
    if request.param == "tls":
        controller = Controller(office, ssl_context=context, auth_require_tls=False, **settings)
    else:
        controller = Controller(office, tls_context=context, require_starttls=True, **settings)
    controller.start()
    office.port = controller.port
    yield office
    controller.stop()


@pytest.fixture
def mail(open_mail, office):
    return open_mail({
        "ATLAS_EMAIL_SMTP_HOST": "localhost", "ATLAS_EMAIL_SMTP_PORT": str(office.port), "ATLAS_EMAIL_SMTP_SECURITY": office.security,
        "ATLAS_EMAIL_SMTP_USERNAME": OFFICE, "ATLAS_EMAIL_SMTP_PASSWORD": SMTP_PASSWORD, "ATLAS_CA_FILE": office.ca})


def test_a_letter_arrives_whole_and_in_secret(mail, office):
    sent = mail.send(to=[ANN, BO], bcc=CAROL, subject="Köln 😀", body="One\n.\n..two\nFrom three")
    assert sent["accepted"] == [ANN, BO, CAROL] and sent["provider"] == "smtp"
    (secure, sender, recipients, octets), = office.taken
    assert secure and sender == OFFICE and recipients == [ANN, BO, CAROL] and office.users[-1][1] == OFFICE
    message = parse(octets)
    assert message["Subject"] == "Köln 😀" and text_of(message).rstrip("\n") == "One\n.\n..two\nFrom three" and CAROL.encode() not in octets


def test_who_is_refused_is_told_apart(mail, office, database):
    office.refused = {BO: "550 5.1.1 no such mailbox", CAROL: "451 4.2.1 greylisted"}
    sent = mail.send(to=[ANN, BO, CAROL], subject="Hi", body="Hi")
    assert sent["accepted"] == [ANN] and sent["rejected"] == [BO, CAROL]
    assert "no such mailbox" in sent["rejections"][0]["reason"] and "greylisted" in sent["rejections"][1]["reason"]
    assert [recipients for _, _, recipients, _ in office.taken] == [[ANN]] and state(database) == ["sent"]


@pytest.mark.parametrize("verdict, code, retryable", [
    ("451 4.3.0 come back later", "unavailable", True), ("554 5.7.1 this is spam", "permission_denied", False)])
def test_what_is_refused_at_the_end_has_not_left(mail, office, database, verdict, code, retryable):
    office.verdict = verdict
    mail.refuses(code, "send_email", says=verdict[10:], retryable=retryable, to=ANN, subject="Hi", body="Hi", idempotency_key="k")
    assert office.taken == [] and state(database) == ["failed"]
    office.verdict = "250 2.0.0 taken"
    assert mail.send(to=ANN, subject="Hi", body="Hi", idempotency_key="k")["replayed"] is False
    assert len(office.taken) == 1 and state(database) == ["sent"]


def test_a_wrong_password_is_told(open_mail, office):
    mail = open_mail({
        "ATLAS_EMAIL_SMTP_HOST": "localhost", "ATLAS_EMAIL_SMTP_PORT": str(office.port), "ATLAS_EMAIL_SMTP_SECURITY": office.security,
        "ATLAS_EMAIL_SMTP_USERNAME": OFFICE, "ATLAS_EMAIL_SMTP_PASSWORD": "wrong-one", "ATLAS_CA_FILE": office.ca})
    text = mail.refuses("unauthenticated", "send_email", says="ATLAS_EMAIL_SMTP_PASSWORD", to=ANN, subject="Hi", body="Hi")
    assert "wrong-one" not in text and office.taken == []
