"""Mail by the Gmail API, and by Resend: every request is held against the providers' own documents (fixtures `google`, `resend`)."""

import base64

import pytest

from mailroom import OFFICE, gmail, googles, parse, resending, state, text_of

ANN = "ann@north.example"
LETTER = {"to": ANN, "subject": "Grüße", "body": "Hallo 😀"}


def message(n, subject="Windows", more=b"", text="text"):
    return (f"Message-ID: <g{n}@x.example>\r\nSubject: {subject} {n}\r\nFrom: Ann Lee <{ANN}>\r\nTo: {OFFICE}\r\n"
            f"Date: Mon, {n % 20 + 1:02} Nov 2026 10:00:00 +0000\r\n").encode() + more + f"\r\n{text} {n}\r\n".encode()


@pytest.fixture
def box(open_mail, google):
    return open_mail(gmail(google))


def test_a_mailbox_is_read(box, google):
    for n in range(30):
        google.add(message(n), labels=("INBOX", "UNREAD") if n % 2 else ("INBOX", "STARRED"), date=(1_790_000_000 + n) * 1000)
    found = box.call("list_inbox")
    assert found["provider"] == "gmail" and found["warnings"] == []
    assert [m["subject"] for m in found["messages"]] == [f"Windows {n}" for n in range(29, 0, -2)]
    assert found["total_matched"] == 15 and all(m["unread"] and m["untrusted"] for m in found["messages"])
    assert [m["flagged"] for m in box.inbox("is:starred", max_results=2)] == [True, True]
    assert box.call("search_inbox", query="from:ann", max_results=7)["has_more"] is True
    read = box.message(found["messages"][0]["id"])
    assert read["body_text"].strip() == "text 29" and read["message_id"] == "g29@x.example" and read["from"] == f"Ann Lee <{ANN}>"
    box.refuses("not_found", "get_message", "message_id", message_id=read["id"][:-3] + "fff")
    box.refuses("invalid_argument", "search_inbox", "query", query="label:x")
    assert not [r for r in google.requests("POST") if "modify" in r.path], "reading changes nothing"


def test_a_list_costs_few_requests(box, google):
    for n in range(120):
        google.add(message(n))
    assert box.call("list_inbox", max_results=100)["count"] == 100
    assert len(google.requests("GET", "/messages")) <= 102
    assert len(google.requests("POST", "/token")) == 1


def test_a_conversation_and_an_attachment(box, google):
    from mailroom import messages
    part, _ = messages.shapes.file("Größe.csv", "text/csv", b"item,price\r\n", b"filename*=UTF-8''Gr%C3%B6%C3%9Fe.csv")
    fields, body = messages.shapes.multipart(b"mixed", [messages.shapes.part(b"text/plain", b"See below."), part])
    first = google.add(message(1))
    thread = google.box.messages[first].thread
    google.add(message(2, "Re: Windows", b"In-Reply-To: <g1@x.example>\r\n" + b"\r\n".join(fields) + b"\r\n").split(b"\r\n\r\n")[0] + b"\r\n\r\n" + body, thread=thread)
    listed = box.inbox()
    assert len({m["thread_id"] for m in listed}) == 1 and [m["has_attachments"] for m in listed].count(True) == 1
    conversation = box.call("get_thread", thread_id=listed[0]["thread_id"])["thread"]
    assert [m["message_id"] for m in conversation["messages"]] == ["g1@x.example", "g2@x.example"]
    second = box.message(conversation["messages"][1]["id"])
    assert second["attachments"][0]["filename"] == "Größe.csv"
    read = box.call("get_attachment", message_id=second["id"], attachment_id=second["attachments"][0]["id"])
    assert read["text"].strip() == "item,price"


def test_a_letter_leaves_by_gmail(box, google, database):
    sent = box.call("send_email", **LETTER, cc="bo@south.example", bcc="secret@hidden.example", idempotency_key="k")
    assert sent["provider"] == "gmail" and sent["accepted"] == [ANN, "bo@south.example", "secret@hidden.example"]
    assert box.call("send_email", **LETTER, cc="bo@south.example", bcc="secret@hidden.example", idempotency_key="k")["replayed"] is True
    assert len(google.sent) == 1 and google.sent[0]["recipients"] == sent["accepted"]
    left = parse(base64.urlsafe_b64decode(google.sent[0]["raw"] + "=="))
    assert left["Subject"] == "Grüße" and text_of(left).strip() == "Hallo 😀" and state(database) == ["sent"]


def test_an_answer_joins_its_conversation(box, google):
    google.add(message(1))
    listed = box.inbox()[0]
    box.call("send_email", reply_to_message_id=listed["id"], body="Twelve each.")
    assert google.sent[0]["thread"] == next(iter(google.box.messages.values())).thread
    left = parse(base64.urlsafe_b64decode(google.sent[0]["raw"] + "=="))
    assert left["In-Reply-To"] == "<g1@x.example>" and left["Subject"] == "Re: Windows 1"


def test_tokens_that_are_expired_revoked_and_limited_are_told_apart(box, google):
    google.add(message(1))
    assert len(box.inbox()) == 1
    google.expire()
    assert len(box.inbox()) == 1 and len(google.requests("POST", "/token")) == 2, "an expired one is made anew, unasked"
    google.refuse("userRateLimitExceeded", 20)
    box.refuses("rate_limited", "list_inbox", retryable=True)
    google.faults.clear()
    google.scopes = ["https://www.googleapis.com/auth/gmail.send"]
    box.refuses("permission_denied", "list_inbox", says="gmail.modify", retryable=False)
    google.scopes = list(googles.SCOPES)
    google.expire()
    google.is_revoked = True
    text = box.refuses("unauthenticated", "list_inbox", says="ATLAS_TOOLS_GMAIL_REFRESH_TOKEN", retryable=False)
    assert "revoked" in text or "expired" in text


@pytest.mark.parametrize("wrong, code, says", [
    ({"ATLAS_TOOLS_GMAIL_CLIENT_SECRET": "wrong"}, "unauthenticated", "ATLAS_TOOLS_GMAIL_CLIENT_"),
    ({"ATLAS_TOOLS_GMAIL_REFRESH_TOKEN": "wrong"}, "unauthenticated", "ATLAS_TOOLS_GMAIL_REFRESH_TOKEN"),
    ({"ATLAS_TOOLS_GMAIL_REFRESH_TOKEN": None}, "not_configured", "ATLAS_TOOLS_GMAIL_REFRESH_TOKEN"),
    ({"ATLAS_GMAIL_URL": "http://gmail.example.com"}, "not_configured", "ATLAS_GMAIL_URL must be an https URL"),
    ({"ATLAS_GOOGLE_TOKEN_URL": "ftp://x"}, "not_configured", "ATLAS_GOOGLE_TOKEN_URL")])
def test_what_is_wrong_with_gmail_is_named(open_mail, google, wrong, code, says):
    mail = open_mail(gmail(google), **wrong)
    for tool, arguments in (("list_inbox", {}), ("send_email", LETTER)):
        mail.refuses(code, tool, says=says, **arguments)
    assert google.sent == []


@pytest.mark.parametrize("kind", ["cut after", "garbage", "cut"])
def test_no_clear_answer_is_never_sent_again(open_mail, google, resend, database, kind):
    mail = open_mail(resending(resend), gmail(google))
    google.fail(kind, 1, "POST", "/send")
    mail.refuses("upstream_error", "send_email", says="may or may not", retryable=False, **LETTER, idempotency_key="k")
    mail.refuses("conflict", "send_email", "idempotency_key", **LETTER, idempotency_key="k")
    assert len(google.requests("POST", "/send")) == 1 and resend.sent == [] and state(database) == ["unknown"]


def test_a_letter_leaves_by_resend(open_mail, resend, database):
    mail = open_mail(resending(resend))
    sent = mail.call("send_email", **LETTER, bcc="secret@hidden.example", html="<p>Hallo</p>", reply_to="desk@acme.example", idempotency_key="k")
    assert sent["provider"] == "resend" and sent["accepted"] == [ANN, "secret@hidden.example"]
    left, = resend.sent
    assert left["email"]["subject"] == "Grüße" and left["email"]["text"].strip() == "Hallo 😀" and left["email"]["html"] == "<p>Hallo</p>"
    assert left["key"], "Resend, too, is told which letter it is"
    assert mail.call("send_email", **LETTER, bcc="secret@hidden.example", html="<p>Hallo</p>", reply_to="desk@acme.example", idempotency_key="k")["replayed"]
    assert len(resend.sent) == 1 and database.sql("select resend_message_id from sent_emails") == [(left["id"],)]


@pytest.mark.parametrize("name, code, retryable", [
    ("invalid_api_key", "unauthenticated", False), ("unverified_domain", "permission_denied", False), ("daily_quota_exceeded", "rate_limited", None),
    ("rate_limit_exceeded", "rate_limited", True), ("validation_error", "invalid_argument", False)])
def test_what_resend_refuses_is_told(open_mail, resend, database, name, code, retryable):
    mail = open_mail(resending(resend))
    resend.refuse(name, 5)
    mail.refuses(code, "send_email", retryable=retryable, **LETTER)
    assert resend.sent == [] and state(database) == ["failed"]
    assert len(resend.requests("POST")) == 1
