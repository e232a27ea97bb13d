"""The mail server of the tests, its messages and what is said about them, by imaplib, smtplib and Python's own parser."""

import email
import email.policy
import imaplib
import json
import smtplib
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mailroom import OFFICE, SMTP_PASSWORD, messages
from meddler import Meddler
from proxy import Proxy

DOUBLES = Path(__file__).resolve().parents[1] / "Doubles"
NEWEST = 1_795_552_200
# What Python's parser does not read, or reads otherwise than people would.
BEYOND_PYTHON = {"cp1252_mislabelled", "unknown_charset", "unlabelled", "flowed", "controls", "broken_encoding", "utf16"}


def test_messages_are_the_same_every_time():
    assert [messages.make(n, NEWEST, 80) for n in range(80)] == [messages.make(n, NEWEST, 80) for n in range(80)]
    assert len(messages.shapes.KINDS) == 40 == len({messages.make(n, NEWEST, 80)[1].kind for n in range(80)})


@pytest.mark.parametrize("index", range(100, 140))
def test_what_is_said_about_a_message_is_true(index):
    octets, truth = messages.make(index, NEWEST, 10_000)
    parsed = email.message_from_bytes(octets, policy=email.policy.default)
    if truth.kind not in BEYOND_PYTHON:
        assert " ".join((parsed["Subject"] or "").split()) == " ".join(truth.subject.split())
        body = parsed.get_body(("plain", "html"))
        assert truth.marker in (body.get_content() if body else "")
    if truth.sender and truth.kind not in ("lost_boundary",):
        assert parsed["From"].addresses[0].addr_spec == truth.sender[1]
    if truth.attachments and truth.kind != "path_filename":
        found = [(p.get_filename(), p.get_content_type(), len(p.get_payload(decode=True))) for p in parsed.iter_attachments()]
        assert found == [(a["filename"], a["content_type"], a["size"]) for a in truth.attachments]
    assert truth.size == len(octets) + octets.replace(b"\r\n", b"").count(b"\n")


def test_ten_thousand_messages_are_found_as_they_should_be(archive):
    with archive.connect() as client:
        assert client.select("INBOX", readonly=True) == ("OK", [b"10000"])
        for word in (messages.WORDS[0], messages.FOREIGN["japanese"]):
            client.literal = word.encode()
            found = client.uid("SEARCH", "CHARSET", "UTF-8", "BODY")[1][0].split()
            assert [int(uid) for uid in found] == [truth.index + 1 for truth in archive.truths if word in truth.body_words]
        unseen = client.uid("SEARCH", "UNSEEN")[1][0].split()
        assert len(unseen) == sum(truth.unread for truth in archive.truths)


def test_the_log_tells_what_was_asked(account):
    account.deliver(b"Subject: One\r\n\r\ntext", "Büro/Angebote", "FS")
    account.forget()
    with account.connect(secure=False) as client:
        client.select('"B&APw-ro/Angebote"', readonly=True)
        client.uid("SEARCH", "SUBJECT", "one")
        client.search(None, "ALL")
        client.append("Drafts", None, None, b"Subject: A1 FETCH\r\n\r\nA2 FETCH 1\r\n")
    assert (account.count("SEARCH"), account.count("FETCH"), account.count("EXAMINE", "APPEND")) == (2, 0, 2)
    assert account.sessions()[0]["round_trips"] in (6, 7)
    assert [flags - {"\\Recent"} for _, flags in account.messages("Büro/Angebote")] == [{"\\Flagged", "\\Seen"}]


@pytest.mark.parametrize("seconds, wanted", [(60, "OK"), (-60, "NO")])
def test_tokens_are_good_until_they_expire(account, seconds, wanted):
    token = account.server.token(account.address, seconds)
    client = account.connect()
    client.logout()
    client = imaplib.IMAP4_SSL("localhost", account.server.imaps, ssl_context=ssl.create_default_context(cafile=account.server.ca))
    try:
        said = client.authenticate("XOAUTH2", lambda _: f"user={account.address}\x01auth=Bearer {token}\x01\x01".encode())[0]
    except imaplib.IMAP4.error:
        said = "NO"
    assert said == wanted


def test_the_certificate_fits_one_name(account):
    context = ssl.create_default_context(cafile=account.server.ca)
    with pytest.raises(ssl.SSLCertVerificationError):
        imaplib.IMAP4_SSL("127.0.0.1", account.server.imaps, ssl_context=context)


def test_the_mail_server_as_a_program():
    with subprocess.Popen([sys.executable, "-B", DOUBLES / "mailserver.py", "--few", "--messages", "3"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        where = json.loads(process.stdout.readline())

        def order(**words):
            process.stdin.write(json.dumps(words) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        assert len(order(order="messages")["messages"]) == 3 and order(order="user", address="x@y.example")["address"] == "x@y.example"
        assert order(order="count", commands=["FETCH"]) == {"count": 1} and "error" in order(order="dance")
        process.stdin.close()
        assert process.wait(10) == 0
    assert not Path(where["folder"]).exists(), "nothing is left behind"


def test_the_post_office_by_smtplib(smtp):
    context = ssl.create_default_context(cafile=smtp.ca_file)
    with smtplib.SMTP("localhost", smtp.port) as client:
        with pytest.raises(smtplib.SMTPException):
            client.sendmail(OFFICE, ["a@b.example"], b"x")
        client.starttls(context=context)
        client.login(OFFICE, SMTP_PASSWORD)
        smtp.fail("rcpt", code=550, text="5.1.1 No", pattern="^TO:<no")
        refused = client.sendmail(OFFICE, ["no@b.example", "a@b.example"], b"Subject: x\r\n\r\n.dot\r\n")
    assert refused == {"no@b.example": (550, b"5.1.1 No")} and smtp.messages[0].octets == b"Subject: x\r\n\r\n.dot\r\n"


def test_a_proxy_makes_a_round_trip_longer_and_nothing_else(account):
    with Proxy("127.0.0.1", account.server.imaps, 0.02) as proxy:
        client = imaplib.IMAP4_SSL("localhost", proxy.port, ssl_context=ssl.create_default_context(cafile=account.server.ca))
        client.login(account.address, account.password)
        began = time.monotonic()
        for _ in range(5):
            client.noop()
        assert 0.2 <= time.monotonic() - began < 1.5
        proxy.cut()
        with pytest.raises((imaplib.IMAP4.abort, OSError)):
            client.noop()


def test_a_man_in_the_middle_answers_for_the_server(account):
    with Meddler("127.0.0.1", account.server.imap) as meddler:
        meddler.answer("SEARCH", b"* SEARCH 7 8\r\n%T OK done\r\n")
        client = imaplib.IMAP4("localhost", meddler.port)
        client.login(account.address, account.password)
        client.select("INBOX", readonly=True)
        assert client.uid("SEARCH", "ALL")[1] == [b"7 8"] and client.uid("SEARCH", "ALL")[1] == [b""]
        client.logout()
