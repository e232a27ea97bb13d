"""Settings are looked at when they are first needed; what is wrong is named with its cause, and stops nothing else."""

import socket
import time

import pytest

from mailroom import EMAIL, gmail, reading, resending, sending, state

ANN = "ann@north.example"
LETTER = {"to": ANN, "subject": "Hello", "body": "Hi"}


def dead_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


READING = [
    ("unknown host", {"ATLAS_EMAIL_IMAP_HOST": "imap.nowhere.invalid"}, "unavailable", ["ATLAS_EMAIL_IMAP_HOST", "imap.nowhere.invalid"]),
    ("refused", {"ATLAS_EMAIL_IMAP_PORT": dead_port}, "unavailable", ["ATLAS_EMAIL_IMAP_PORT"]),
    ("another name", {"ATLAS_EMAIL_IMAP_HOST": "127.0.0.1"}, "not_configured", ["ATLAS_EMAIL_IMAP_HOST", "certificate is for another name"]),
    ("untrusted", {"ATLAS_CA_FILE": None}, "not_configured", ["ATLAS_CA_FILE", "certificate"]),
    ("wrong password", {"ATLAS_EMAIL_IMAP_PASSWORD": "hunter2-secret"}, "unauthenticated", ["ATLAS_EMAIL_IMAP_PASSWORD", "ATLAS_EMAIL_IMAP_USERNAME"]),
    ("no password", {"ATLAS_EMAIL_IMAP_PASSWORD": None}, "not_configured", ["ATLAS_EMAIL_IMAP_PASSWORD"]),
    ("no user", {"ATLAS_EMAIL_IMAP_USERNAME": "  "}, "not_configured", ["ATLAS_EMAIL_IMAP_USERNAME"]),
    ("left unexpanded", {"ATLAS_EMAIL_IMAP_PASSWORD": "${IMAP_PASSWORD}"}, "not_configured", ["ATLAS_EMAIL_IMAP_PASSWORD"]),
    ("port of letters", {"ATLAS_EMAIL_IMAP_PORT": "imaps"}, "not_configured", ["ATLAS_EMAIL_IMAP_PORT"]),
    ("port too large", {"ATLAS_EMAIL_IMAP_PORT": "70000"}, "not_configured", ["ATLAS_EMAIL_IMAP_PORT"]),
    ("security unknown", {"ATLAS_EMAIL_IMAP_SSL": "maybe"}, "not_configured", ["ATLAS_EMAIL_IMAP_SSL"]),
    ("in clear elsewhere", {"ATLAS_EMAIL_IMAP_SSL": "none", "ATLAS_EMAIL_IMAP_HOST": "imap.example.com"}, "not_configured", ["ATLAS_EMAIL_IMAP_SSL"]),
    ("a URL as host", {"ATLAS_EMAIL_IMAP_HOST": "imap://localhost/x"}, "not_configured", ["ATLAS_EMAIL_IMAP_HOST"]),
    ("mailbox unknown", {"ATLAS_EMAIL_IMAP_MAILBOX": "Nowhere"}, "not_found", ["Nowhere"]),
]


@pytest.mark.parametrize("wrong, code, says", [case[1:] for case in READING], ids=[case[0] for case in READING])
def test_what_is_wrong_with_reading_is_named(open_mail, account, smtp, wrong, code, says):
    wrong = {name: value() if callable(value) else value for name, value in wrong.items()}
    mail = open_mail({**reading(account), **wrong}, {} if "ATLAS_CA_FILE" in wrong else sending(smtp), **wrong)
    assert mail.server.request("tools/list")["tools"], "it starts and lists its tools"
    text = mail.refuses(code, "list_inbox", retryable=code in ("unavailable", "timeout"))
    assert all(word.lower() in text.lower() for word in says), text
    assert "hunter2" not in text and len(text) < 600
    assert mail.call("list_sent_history")["count"] == 0, "the other tools go on working"
    if "ATLAS_CA_FILE" not in wrong:
        assert mail.send()["accepted"] == [ANN]


SENDING = [
    ("unknown host", {"ATLAS_EMAIL_SMTP_HOST": "smtp.nowhere.invalid"}, "unavailable", ["ATLAS_EMAIL_SMTP_HOST", "smtp.nowhere.invalid"]),
    ("refused", {"ATLAS_EMAIL_SMTP_PORT": dead_port}, "unavailable", ["ATLAS_EMAIL_SMTP_PORT"]),
    ("untrusted", {"ATLAS_CA_FILE": None}, "not_configured", ["ATLAS_CA_FILE", "certificate"]),
    ("wrong password", {"ATLAS_EMAIL_SMTP_PASSWORD": "hunter2-secret"}, "unauthenticated", ["ATLAS_EMAIL_SMTP_PASSWORD"]),
    ("no password", {"ATLAS_EMAIL_SMTP_PASSWORD": None}, "not_configured", ["ATLAS_EMAIL_SMTP_PASSWORD"]),
    ("port of letters", {"ATLAS_EMAIL_SMTP_PORT": "x"}, "not_configured", ["ATLAS_EMAIL_SMTP_PORT"]),
    ("security unknown", {"ATLAS_EMAIL_SMTP_SECURITY": "ssl3"}, "not_configured", ["ATLAS_EMAIL_SMTP_SECURITY"]),
    ("in clear elsewhere", {"ATLAS_EMAIL_SMTP_SECURITY": "none", "ATLAS_EMAIL_SMTP_HOST": "smtp.example.com"}, "not_configured", ["ATLAS_EMAIL_SMTP_SECURITY"]),
    ("nobody writes", {"ATLAS_EMAIL_DEFAULT_FROM": None, "ATLAS_EMAIL_SMTP_USERNAME": "office"}, "not_configured", ["ATLAS_EMAIL_DEFAULT_FROM"]),
]


@pytest.mark.parametrize("wrong, code, says", [case[1:] for case in SENDING], ids=[case[0] for case in SENDING])
def test_what_is_wrong_with_sending_is_named(open_mail, account, smtp, database, wrong, code, says):
    wrong = {name: value() if callable(value) else value for name, value in wrong.items()}
    account.deliver(b"Subject: Here\r\n\r\ntext")
    mail = open_mail({} if "ATLAS_CA_FILE" in wrong else reading(account), sending(smtp), **wrong)
    text = mail.refuses(code, "send_email", retryable=code in ("unavailable", "timeout"), **LETTER)
    assert all(word.lower() in text.lower() for word in says), text
    assert "hunter2" not in text and smtp.messages == [] and set(state(database)) <= {"failed"}
    if "ATLAS_CA_FILE" not in wrong:
        assert mail.inbox()[0]["subject"] == "Here", "the other tools go on working"


def test_no_tls_is_no_conversation(open_mail, smtp, account):
    """STARTTLS that is not offered, for mail that is sent and for mail that is read: nothing of the log-in is said in clear."""
    from meddler import Meddler
    smtp.set(starttls=False, auth_in_clear=True)
    mail = open_mail(sending(smtp))
    assert "STARTTLS" in mail.refuses("not_configured", "send_email", **LETTER)
    assert "auth" not in [entry["stage"] for entry in smtp.journal]
    with Meddler("127.0.0.1", account.server.imap) as meddler:
        meddler.mangle = lambda octets: octets.replace(b" STARTTLS", b"")
        mail = open_mail({**reading(account, secure=False), "ATLAS_EMAIL_IMAP_PORT": str(meddler.port)})
        assert "STARTTLS" in mail.refuses("not_configured", "list_inbox")
        assert not any(word in line.upper() for line in meddler.lines for word in (b"LOGIN", b"AUTHENTICATE")), meddler.lines


def test_a_server_without_tls_is_told_from_one_that_went_away(open_mail, account):
    mail = open_mail({**reading(account), "ATLAS_EMAIL_IMAP_PORT": str(account.server.imap)})
    assert "does not speak TLS" in mail.refuses("not_configured", "list_inbox")


def test_words_put_behind_starttls_are_not_believed(open_mail, smtp):
    smtp.fail("starttls", "inject", text="250-AUTH PLAIN\r\n250 injected\r\n")
    mail = open_mail(sending(smtp))
    result = mail.server.call("send_email", LETTER)
    assert result["isError"] and result["_meta"]["atlas/error"]["code"] in ("upstream_error", "unavailable", "not_configured"), result
    assert smtp.messages == [] and "auth" not in [entry["stage"] for entry in smtp.journal]


def test_what_was_mended_works_without_a_new_start(open_mail, account):
    """A log-in that was refused once is tried again with the next call: the password may have been changed on the other side."""
    account.deliver(b"Subject: Here\r\n\r\ntext")
    mail = open_mail({**reading(account), "ATLAS_EMAIL_IMAP_PASSWORD": "mended-later"})
    mail.refuses("unauthenticated", "list_inbox")
    account.server.let_in(account.address, "mended-later")
    time.sleep(1.1)
    assert mail.inbox()[0]["subject"] == "Here"


def test_an_expired_token_is_told_from_a_wrong_password(open_mail, account):
    mail = open_mail({**reading(account), "ATLAS_EMAIL_IMAP_PASSWORD": None,
                      "ATLAS_EMAIL_OAUTH_ACCESS_TOKEN": account.server.token(account.address, -60)})
    text = mail.refuses("unauthenticated", "list_inbox")
    assert "token" in text.lower() and "ATLAS_EMAIL_OAUTH_ACCESS_TOKEN" in text


FALLS = [{"ATLAS_EMAIL_IMAP_HOST": "imap.nowhere.invalid"}, {"ATLAS_EMAIL_IMAP_PASSWORD": "wrong"}, {"ATLAS_EMAIL_IMAP_PORT": "x"}]


@pytest.mark.parametrize("wrong", FALLS, ids=["unknown host", "log-in refused", "misconfigured"])
def test_gmail_serves_where_imap_does_not_and_the_result_says_so(open_mail, account, google, wrong):
    google.add(b"Subject: In Gmail\r\nFrom: ann@north.example\r\nMessage-ID: <g@x>\r\n\r\nWords of Gmail.\r\n")
    mail = open_mail(gmail(google), {**reading(account), **wrong})
    found = mail.call("list_inbox")
    assert found["provider"] == "gmail" and [m["subject"] for m in found["messages"]] == ["In Gmail"]
    assert len(found["warnings"]) == 1 and "IMAP" in found["warnings"][0].upper()
    read = mail.call("get_message", message_id=found["messages"][0]["id"])
    assert read["provider"] == "gmail" and "Words of Gmail." in read["message"]["body_text"]
    works = open_mail(gmail(google), reading(account)).call("list_inbox")
    assert works["provider"] == "imap" and works["warnings"] == [] and works["messages"] == []


@pytest.mark.parametrize("wrong, says", [
    ({"ATLAS_EMAIL_SMTP_HOST": "smtp.nowhere.invalid"}, "smtp.nowhere.invalid"), ({"ATLAS_EMAIL_SMTP_PASSWORD": "wrong"}, "ATLAS_EMAIL_SMTP_PASSWORD"),
    ({"ATLAS_EMAIL_SMTP_PORT": "x"}, "ATLAS_EMAIL_SMTP_PORT")], ids=["unknown host", "log-in refused", "misconfigured"])
def test_resend_serves_where_smtp_does_not_and_the_result_says_so(open_mail, smtp, resend, database, wrong, says):
    mail = open_mail(sending(smtp), resending(resend), **wrong)
    sent = mail.send(body="Grüße", bcc="secret@hidden.example")
    assert sent["provider"] == "resend" and says in " ".join(sent["warnings"])
    assert sent["accepted"] == [ANN, "secret@hidden.example"] and resend.sent[0]["recipients"] == sent["accepted"]
    assert state(database) == ["sent"] and smtp.messages == []


def test_nothing_is_touched_before_it_is_needed(open_mail, mailserver, smtp):
    account = mailserver.account()
    mail = open_mail(reading(account), sending(smtp))
    mail.server.initialize()
    for method in ("tools/list", "prompts/list", "resources/list", "resources/templates/list", "ping"):
        mail.server.request(method)
    assert smtp.journal == [] and account.sessions() == [] and account.address not in mailserver.log


def test_a_bare_server_lists_its_tools(bare):
    server = bare(command=EMAIL)
    server.initialize()
    assert len(server.request("tools/list")["tools"]) == 8
    for tool, arguments in (("list_inbox", {}), ("send_email", LETTER), ("get_message", {"message_id": "x"})):
        assert server.call(tool, arguments)["_meta"]["atlas/error"]["code"] == "not_configured"
    server.end()


def test_a_call_that_hangs_can_be_cancelled(open_mail, account, smtp):
    """A server that never answers holds up nobody but who asked it."""
    from meddler import Scripted
    with Scripted(b"", []) as silent:
        mail = open_mail({**reading(account), "ATLAS_EMAIL_IMAP_PORT": str(silent.port)}, sending(smtp))
        mail.server.initialize()
        began = time.monotonic()
        id = mail.server.begin("list_inbox")
        assert mail.call("list_sent_history")["count"] == 0
        mail.server.notify("notifications/cancelled", {"requestId": id})
        mail.server.silent(0.2)
        mail.server.end()
        assert time.monotonic() - began < 8
