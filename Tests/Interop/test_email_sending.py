"""What leaves, octet for octet: taken by an SMTP server, read by Python's own parser, and found again in the sent mail."""

import datetime
import email
import email.utils
import json
import random
import re
import time
import unicodedata
from email.header import decode_header, make_header

import pytest

from mailroom import OFFICE, parse, reading, sending, state, text_of, wait_for

ANN, BO, CAROL = "ann@north.example", "bo@south.example", "carol@west.example"


def only(smtp):
    assert len(smtp.messages) == 1, f"{len(smtp.messages)} messages left"
    return smtp.messages[0]


def addresses(message, field):
    return [address for _, address in email.utils.getaddresses(message.get_all(field, []))]


def test_each_field_arrives(mail, smtp, database):
    sent = mail.send(
        to=[f"Ann Lee <{ANN}>", BO], cc=CAROL, bcc="secret@hidden.example", reply_to="Desk <desk@acme.example>", subject="Your windows – Köln 😀",
        body="Hello Ann,\n\nthe price is 12 €.\n.\n..two dots\nFrom here on\n\nRegards", html="<p>Hello <b>Ann</b></p>")
    assert sent["success"] and sent["provider"] == "smtp" and sent["warnings"] == [] and sent["rejected"] == [] and sent["replayed"] is False
    assert sent["accepted"] == [ANN, BO, CAROL, "secret@hidden.example"]
    taken = only(smtp)
    assert (taken.sender, taken.recipients, taken.user, taken.tls) == (OFFICE, [ANN, BO, CAROL, "secret@hidden.example"], OFFICE, True)
    message = parse(taken.octets)
    assert message["From"].addresses[0].display_name == "Acme Cleaning" and addresses(message, "From") == [OFFICE]
    assert addresses(message, "To") == [ANN, BO] and message["To"].addresses[0].display_name == "Ann Lee"
    assert addresses(message, "Cc") == [CAROL] and addresses(message, "Reply-To") == ["desk@acme.example"]
    assert message["Bcc"] is None and b"hidden.example" not in taken.octets
    assert message["Subject"] == "Your windows – Köln 😀"
    assert text_of(message).rstrip("\n") == "Hello Ann,\n\nthe price is 12 €.\n.\n..two dots\nFrom here on\n\nRegards"
    assert message.get_body(("html",)).get_content().strip() == "<p>Hello <b>Ann</b></p>"
    assert message.get_content_type() == "multipart/alternative" and [p.get_content_type() for p in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["MIME-Version"] == "1.0" and message["Message-ID"].strip("<>") == sent["message_id"].strip("<>")
    assert re.fullmatch(r"<[!-~]+@[a-z0-9.-]+>", message["Message-ID"])
    written = email.utils.parsedate_to_datetime(message["Date"])
    assert abs(written.timestamp() - time.time()) < 60 and written.utcoffset() is not None
    fields = [name.lower() for name in message.keys()]
    assert len(fields) == len(set(fields)), "no field twice"
    assert not {"x-mailer", "user-agent", "received", "x-originating-ip"} & set(fields), "nothing of this machine"
    row = database.sql("select to_addresses, cc_addresses, subject, body, id::text from sent_emails")
    assert [(r[0], r[1], r[2]) for r in row] == [([ANN, BO], [CAROL], "Your windows – Köln 😀")]
    assert row[0][3].startswith("Hello Ann,") and row[0][4] == sent["sent_email_id"] and state(database) == ["sent"]


@pytest.mark.parametrize("to, expected", [
    (ANN, [ANN]), (f"{ANN}, {BO}", [ANN, BO]), (f"Ann <{ANN}>,{BO}", [ANN, BO]), ([ANN, BO], [ANN, BO]), (json.dumps([ANN, BO]), [ANN, BO]),
    (f'"Lee, Ann" <{ANN}>, {BO}', [ANN, BO]), ([f"{ANN}, {BO}", CAROL], [ANN, BO, CAROL]), (f"  {ANN} ", [ANN]), ([ANN, ANN.upper()], [ANN])])
def test_recipients_come_in_many_ways(mail, smtp, to, expected):
    assert [a.lower() for a in mail.send(to=to)["accepted"]] == expected
    assert [a.lower() for a in only(smtp).recipients] == expected


@pytest.mark.parametrize("field", ["to", "cc", "bcc", "reply_to", "from_email"])
@pytest.mark.parametrize("wrong", ["nobody", "a@", "@b.example", "a b@c.example", "a@b@c.example", "a@b.example>", "<a@b.example", "x" * 400 + "@b.example",
                                   "a@b.example\r\nBcc: evil@x.example", "a@-b.example", "a@b..example", "ann@north.example; bo@south.example"])
def test_what_is_no_address_is_refused(mail, smtp, database, field, wrong):
    result = mail.server.call("send_email", {"to": ANN, "subject": "Hi", "body": "Hi", field: wrong})
    if not result.get("isError"):  # tolerance is fine, as long as nobody else is written to
        assert set(only(smtp).recipients) <= {ANN, BO, "a@b.example"} and b"evil" not in only(smtp).octets
        return
    assert result["_meta"]["atlas/error"]["code"] in ("invalid_argument", "permission_denied")
    assert result["_meta"]["atlas/error"].get("parameter") == field, result
    assert smtp.messages == [] and database.sql("select * from sent_emails") == []


INJECTED = "Hi\r\nBcc: evil@x.example\r\nX-Evil: yes\r\n\r\nevil body"


@pytest.mark.parametrize("arguments", [
    {"subject": INJECTED}, {"subject": INJECTED.replace("\r", "")}, {"subject": INJECTED.replace("\n", "")}, {"subject": "Hi\u2028Bcc: evil@x.example"},
    {"subject": "Hi\u0085Bcc: evil@x.example"}, {"subject": "=?utf-8?q?Hi=0D=0ABcc:_evil@x.example?="}, {"to": f'"Ann\r\nBcc: evil@x.example" <{ANN}>'},
    {"to": f"Ann\nX-Evil: yes <{ANN}>"}, {"reply_to": f"x\r\nX-Evil: yes <{ANN}>"}, {"from_email": f"Acme\r\nX-Evil: 1 <{OFFICE}>"},
    {"body": "Hi\r\n.\r\nMAIL FROM:<evil@x.example>\r\nRCPT TO:<evil@x.example>\r\nDATA\r\nevil\r\n.\r\n"}, {"body": "Hi\n.\nQUIT\n"},
    {"html": "<p>\r\n.\r\nQUIT\r\n</p>"}, {"reply_to_message_id": "x\r\nX-Evil: yes"}, {"body": "\r\n.\r\n"}, {"body": "a\r.\rb\n.\n"}], ids=lambda a: ascii(a)[:50])
def test_nobody_injects_a_header_or_a_command(mail, smtp, arguments):
    result = mail.server.call("send_email", {"to": ANN, "subject": "Hi", "body": "Hi", **arguments})
    stages = [entry["stage"] for entry in smtp.journal]
    assert stages.count("mail") <= 1 and stages.count("data") <= 2
    if result.get("isError"):
        assert result["_meta"]["atlas/error"]["code"] in ("invalid_argument", "not_found") and smtp.messages == []
        return
    message = parse(only(smtp).octets)
    assert only(smtp).recipients == [ANN]
    assert message["Bcc"] is None and message["X-Evil"] is None and len(message.get_all("From")) == 1
    if "body" in arguments:
        assert text_of(message).strip("\n") == re.sub(r"\r\n?", "\n", arguments["body"]).strip("\n")


ALPHABETS = ["abcXYZ 019", "äöüßéñ", "Привет", "日本語請求書", "한국어", "שלום", "سلام", "😀👩‍👩‍👧🏳️‍🌈", "e\u0301a\u0308", "\"\\(),:;<>@[]", "=?_=20", ".-_'!#$%&*+/^`{|}~", "İıſẞ", "𐍈𝄞"]


def random_text(dice, length):
    return "".join(dice.choice(dice.choice(ALPHABETS)) for _ in range(length))


def random_body(dice):
    lines = [random_text(dice, dice.choice([0, 1, 20, 60, 300, 1200])) for _ in range(dice.randint(1, 12))]
    lines += dice.sample([".", "..", "From x", "-- ", "\ttab", "trailing ", ">quoted", "=3D", "--boundary", " leading"], 4)
    dice.shuffle(lines)
    return dice.choice(["\n", "\r\n"]).join([*lines, "end"])


@pytest.mark.parametrize("seed", range(8))
def test_any_words_arrive_as_they_were_written(mail, smtp, seed):
    dice = random.Random(seed)
    for _ in range(12):
        subject, name, body = random_text(dice, dice.randint(1, 200)).strip() or "x", random_text(dice, dice.randint(1, 40)).strip(), random_body(dice)
        quoted = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        html = f"<p>{random_text(dice, 400)}</p>" if dice.random() < 0.3 else None
        smtp.messages.clear()
        mail.send(to=f"{quoted} <{ANN}>", subject=subject, body=body, **({"html": html} if html else {}))
        message = parse(only(smtp).octets)
        assert " ".join(message["Subject"].split()) == " ".join(subject.split())
        # By Python's older parser: the newer puts blanks between encoded words in names.
        shown, address = email.utils.parseaddr(email.message_from_bytes(only(smtp).octets)["To"].replace("\r\n", ""))
        assert " ".join(str(make_header(decode_header(shown))).split()) == " ".join(name.split()) and address == ANN
        assert text_of(message).rstrip("\n") == body.replace("\r\n", "\n").rstrip("\n")
        if html:
            assert message.get_body(("html",)).get_content().strip() == html
        assert all(len(line) <= 998 for line in only(smtp).octets.split(b"\r\n"))


def test_who_was_taken_and_who_was_not(mail, smtp, database):
    smtp.fail("rcpt", code=550, text="5.1.1 No such user here", pattern="bo@")
    smtp.fail("rcpt", code=452, text="4.2.2 Mailbox full", pattern="carol@")
    sent = mail.send(to=[ANN, BO], cc=CAROL)
    assert sent["accepted"] == [ANN] and sent["rejected"] == [BO, CAROL]
    assert [(r["address"], "No such user" in r["reason"]) for r in sent["rejections"]] == [(BO, True), (CAROL, False)]
    assert only(smtp).recipients == [ANN] and addresses(parse(only(smtp).octets), "To") == [ANN, BO]
    assert state(database) == ["sent"]


def test_nobody_was_taken(mail, smtp, database):
    smtp.fail("rcpt", code=550, text="5.1.1 No such user here", times=2)
    mail.refuses("invalid_argument", "send_email", "to", says="No such user here", retryable=False, to=[ANN, BO], subject="Hi", body="Hi")
    assert smtp.messages == [] and state(database) == ["failed"]


def test_tls_from_the_start(open_mail, smtp):
    assert open_mail(sending(smtp, secure=True)).send()["accepted"] == [ANN]
    assert only(smtp).tls and smtp.journal[0]["stage"] != "starttls" and "starttls" not in [e["stage"] for e in smtp.journal]


def test_a_message_of_eight_bits_goes_to_a_server_of_seven(mail, smtp):
    smtp.set(eightbitmime=False, pipelining=False, size=None, enhanced=False)
    mail.send(subject="Grüße", body="Grüße\n" * 100)
    assert only(smtp).octets.isascii() and "Grüße" in text_of(parse(only(smtp).octets))


# Answers

ORIGINAL = (
    b"Message-ID: <q2@x.example>\r\nReferences: <q0@x.example> <q1@x.example>\r\nSubject: %s\r\nFrom: Ann Lee <ann@north.example>\r\n"
    b"To: office@acme.example, bo@south.example\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n%s\r\nHow much is it, M\xc3\xbcller?\r\n")


@pytest.mark.parametrize("subject, more, to, replied", [
    (b"Windows", b"", ANN, "Re: Windows"), (b"Re: Windows", b"", ANN, "Re: Windows"), (b"RE: windows", b"", ANN, "Re: windows"), (b"AW: RE: Fenster", b"", ANN, "Re: Fenster"),
    (b"Windows", b"Reply-To: The Desk <desk@north.example>\r\n", "desk@north.example", "Re: Windows"),
    (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", b"", ANN, "Re: Grüße")])
def test_an_answer_stands_in_its_conversation(mail, account, smtp, subject, more, to, replied):
    account.deliver(ORIGINAL % (subject, more))
    listed = mail.inbox()[0]
    sent = mail.call("send_email", reply_to_message_id=listed["id"], body="Twelve each.")
    message = parse(only(smtp).octets)
    assert to in addresses(message, "To") and OFFICE not in addresses(message, "To") + addresses(message, "Cc"), "nobody answers himself"
    assert sent["accepted"] == only(smtp).recipients and to in sent["accepted"]
    assert message["Subject"] == replied and message["In-Reply-To"] == "<q2@x.example>"
    assert message["References"].split() == ["<q0@x.example>", "<q1@x.example>", "<q2@x.example>"]
    text = text_of(message)
    assert text.startswith("Twelve each.") and "> How much is it, Müller?" in text
    thread = mail.call("get_thread", thread_id=listed["thread_id"])["thread"]
    assert [m["message_id"] for m in thread["messages"]] == ["q2@x.example", sent["message_id"].strip("<>")]
    assert thread["messages"][1]["body_text"].strip() == "Twelve each."


def test_what_is_given_stands_instead(mail, account, smtp):
    account.deliver(ORIGINAL % (b"Windows", b""))
    mail.call("send_email", reply_to_message_id=mail.inbox()[0]["id"], body="Fine.", to=CAROL, subject="Other")
    message = parse(only(smtp).octets)
    assert addresses(message, "To") == [CAROL] and message["Subject"] == "Other" and message["In-Reply-To"] == "<q2@x.example>"


def test_an_answer_to_nothing_is_refused(mail, account, smtp, open_mail):
    account.deliver(ORIGINAL % (b"Windows", b""))
    id = mail.inbox()[0]["id"]
    with account.connect() as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", "\\Deleted")
        client.expunge()
    mail.refuses("not_found", "send_email", "reply_to_message_id", reply_to_message_id=id, body="Hi")
    mail.refuses("invalid_argument", "send_email", "to", says="is required", body="Hi", subject="Hi")
    mail.refuses("invalid_argument", "send_email", "subject", body="Hi", to=ANN)
    alone = open_mail(sending(smtp))
    alone.refuses("not_configured", "send_email", says="IMAP", reply_to_message_id=id, body="Hi")
    assert smtp.messages == []


# Attachments

@pytest.fixture
def files(folder):
    allowed = folder / "allowed"
    allowed.mkdir()
    (folder / "secret.txt").write_text("secret")
    (allowed / "offer.pdf").write_bytes(b"%PDF-1.4\n" + bytes(range(256)) * 20)
    (allowed / "Größe – 見積.txt").write_text("Grüße\n")
    (allowed / "out.txt").symlink_to(folder / "secret.txt")
    (allowed / "up").symlink_to(folder)
    (allowed / "big.bin").write_bytes(b"x" * (3 << 20))
    return allowed


@pytest.fixture
def attaching(open_mail, smtp, files):
    return open_mail(sending(smtp), ATLAS_EMAIL_ATTACHMENT_WHITELIST_DIRS=str(files), ATLAS_EMAIL_MAX_ATTACHMENT_SIZE_MB="2")


def test_files_are_sent_along(attaching, smtp, files):
    names = ["offer.pdf", "Größe – 見積.txt"]
    attaching.send(attachments=[str(files / name) for name in names], html="<p>x</p>")
    message = parse(only(smtp).octets)
    assert message.get_content_type() == "multipart/mixed"
    found = list(message.iter_attachments())
    assert [unicodedata.normalize("NFC", part.get_filename()) for part in found] == names
    assert [part.get_content_type() for part in found] == ["application/pdf", "text/plain"]
    assert [part.get_payload(decode=True) for part in found] == [(files / name).read_bytes() for name in names]
    assert text_of(message).strip() == "Hi" and message.get_body(("html",)).get_content().strip() == "<p>x</p>"


@pytest.mark.parametrize("path, code", [
    ("{files}/../secret.txt", "permission_denied"), ("{files}/out.txt", "permission_denied"), ("{files}/up/secret.txt", "permission_denied"),
    ("/etc/passwd", "permission_denied"), ("{files}/missing.pdf", "invalid_argument"), ("{files}", "permission_denied"),
    ("{files}/big.bin", "permission_denied"), ("{files}/offer.pdf\x00.txt", None), ("file://{files}/offer.pdf", None), ("https://x.example/a.pdf", None),
    ("/proc/self/environ", "permission_denied"), ("/dev/zero", "permission_denied")])
def test_a_file_that_may_not_leave_does_not(attaching, smtp, files, database, path, code):
    result = attaching.server.call("send_email", {"to": ANN, "subject": "Hi", "body": "Hi", "attachments": [path.format(files=files)]})
    assert result["isError"], result
    assert result["_meta"]["atlas/error"]["code"] in ((code, "invalid_argument", "not_found") if code != "permission_denied" else (code, "invalid_argument"))
    assert result["_meta"]["atlas/error"]["parameter"] == "attachments"
    assert smtp.messages == [] and "secret" not in result["content"][0]["text"].replace("secret.txt", "")
    assert database.sql("select * from sent_emails") == []


def test_nothing_may_be_attached_where_no_folder_is_allowed(mail, smtp, files):
    mail.refuses("permission_denied", "send_email", "attachments", says="ATLAS_EMAIL_ATTACHMENT_WHITELIST_DIRS", to=ANN, subject="Hi", body="Hi",
                 attachments=[str(files / "offer.pdf")])
    assert smtp.messages == []


# What is kept

def test_what_was_sent_is_in_the_sent_mail(mail, smtp, account):
    sent = mail.send(to=ANN, bcc="secret@hidden.example", subject="Für dich", body="Grüße")
    (octets, flags), = account.messages("Sent")
    assert flags - {"\\Recent"} == {"\\Seen"}
    kept, left = parse(octets), parse(only(smtp).octets)
    for field in ("From", "To", "Subject", "Date", "Message-ID"):
        assert kept[field] == left[field]
    assert text_of(kept) == text_of(left)
    assert mail.inbox("in:sent")[0]["message_id"] == sent["message_id"].strip("<>")
    assert account.messages("INBOX") == []


def test_a_sent_mailbox_that_cannot_be_written_takes_nothing_back(open_mail, smtp, account, database):
    mail = open_mail({**reading(account), "ATLAS_EMAIL_IMAP_PASSWORD": "wrong"}, sending(smtp))
    sent = mail.send()
    assert sent["success"] and sent["warnings"] and "sent" in " ".join(sent["warnings"]).lower()
    assert only(smtp) and state(database) == ["sent"]
    assert open_mail(sending(smtp)).send()["warnings"] == [], "without IMAP nothing is missed"


def test_the_history_of_contacts_knows_once(mail, smtp, database):
    ann, bo = (database.sql("insert into contacts (full_name, email) values (%s, %s) returning id", name, address)[0][0]
               for name, address in (("Ann Lee", ANN), ("Bo", BO)))
    smtp.fail("rcpt", code=550, text="5.1.1 No such user", pattern="bo@")
    for _ in range(2):
        mail.send(to=[ANN.upper().replace("NORTH.EXAMPLE", "north.example"), BO, CAROL], subject="Your windows", idempotency_key="k")
    history = database.sql("select contact_id, interaction_type, summary from contact_interactions")
    assert [(contact, kind) for contact, kind, _ in history] == [(ann, "email")], "nobody who did not get it, and once"
    assert "Your windows" in history[0][2] and bo
    mail.send(subject="Second")
    assert len(database.sql("select * from contact_interactions")) == 2


def test_the_history_of_letters(mail, smtp, database):
    assert mail.call("list_sent_history") == {**mail.call("list_sent_history"), "emails": [], "count": 0}
    smtp.fail("mail", code=550, text="5.7.1 No")
    mail.server.call("send_email", {"to": BO, "subject": "Refused", "body": "x"})
    for n in range(3):
        mail.send(subject=f"Number {n}")
    database.sql("update sent_emails set sent_at = now() - interval '30 hours' where subject = 'Number 0'")
    emails = mail.call("list_sent_history")["emails"]
    assert [e["subject"] for e in emails if e["subject"].startswith("Number")] == ["Number 2", "Number 1"]
    assert [e["status"] for e in emails] == ["sent"] * 2, "what never left is no history"
    assert [e["subject"] for e in mail.call("list_sent_history", hours=48, limit=1)["emails"]] == ["Number 2"]
    assert mail.call("list_sent_history", hours=48, template_type="estimate")["count"] == 0
    assert len([e for e in mail.call("list_sent_history", hours=48, template_type="generic")["emails"] if e["status"] == "sent"]) == 3
    mail.refuses("invalid_argument", "list_sent_history", "limit", limit=201)
    mail.refuses("invalid_argument", "list_sent_history", "template_type", template_type="invoice")


# Rules

RULES = [
    ({"ATLAS_EMAIL_BLOCKED_RECIPIENTS": "@south.example, carol@west.example"}, {"to": BO}, "to", "ATLAS_EMAIL_BLOCKED_RECIPIENTS"),
    ({"ATLAS_EMAIL_BLOCKED_RECIPIENTS": "@south.example, carol@west.example"}, {"cc": "Carol@West.Example"}, "cc", "ATLAS_EMAIL_BLOCKED_RECIPIENTS"),
    ({"ATLAS_EMAIL_ALLOWED_RECIPIENTS": "@north.example"}, {"bcc": BO}, "bcc", "ATLAS_EMAIL_ALLOWED_RECIPIENTS"),
    ({"ATLAS_EMAIL_ALLOWED_RECIPIENTS": "@north.example"}, {"to": "x@evil-north.example"}, "to", "ATLAS_EMAIL_ALLOWED_RECIPIENTS"),
    ({"ATLAS_EMAIL_MAX_RECIPIENTS": "2"}, {"to": [ANN, BO], "cc": CAROL}, None, "ATLAS_EMAIL_MAX_RECIPIENTS"),
    ({}, {"from_email": "boss@acme.example"}, "from_email", "ATLAS_EMAIL_ALLOWED_FROM"),
]


@pytest.mark.parametrize("rule, arguments, parameter, says", RULES, ids=[f"{r[3]}-{r[2]}" for r in RULES])
def test_a_rule_is_kept(open_mail, smtp, database, rule, arguments, parameter, says):
    mail = open_mail(sending(smtp), **rule)
    mail.refuses("permission_denied", "send_email", parameter, says=says, retryable=False, **{"to": ANN, "subject": "Hi", "body": "Hi", **arguments})
    assert smtp.messages == [] and smtp.journal == [] and database.sql("select * from sent_emails where status = 'sent'") == []
    assert mail.send()["accepted"] == [ANN]


def test_another_sender_that_is_allowed(open_mail, smtp):
    mail = open_mail(sending(smtp), ATLAS_EMAIL_ALLOWED_FROM="@acme.example")
    mail.send(from_email="The Boss <boss@acme.example>")
    assert addresses(parse(only(smtp).octets), "From") == ["boss@acme.example"]


@pytest.mark.parametrize("name, value", [
    ("ATLAS_EMAIL_BLOCKED_RECIPIENTS", "not an address"), ("ATLAS_EMAIL_ALLOWED_RECIPIENTS", "*"), ("ATLAS_EMAIL_MAX_RECIPIENTS", "many"),
    ("ATLAS_EMAIL_DAILY_LIMIT", "-1"), ("ATLAS_EMAIL_DEFAULT_FROM", "nobody")])
def test_a_rule_that_nobody_understands_lets_nothing_through(open_mail, smtp, name, value):
    mail = open_mail(sending(smtp), **{name: value})
    mail.refuses("not_configured", "send_email", says=name, to=ANN, subject="Hi", body="Hi")
    assert smtp.messages == []


def test_a_day_has_an_end(open_mail, smtp, database):
    mail = open_mail(sending(smtp), ATLAS_EMAIL_DAILY_LIMIT="2")
    mail.server.initialize()
    ids = [mail.server.begin("send_email", to=ANN, subject=f"{n}", body="Hi") for n in range(6)]
    results = [mail.server.answer(id)["result"] for id in ids]
    assert sum(not r.get("isError") for r in results) == 2 == len(smtp.messages)
    mail.refuses("permission_denied", "send_email", says="ATLAS_EMAIL_DAILY_LIMIT", to=ANN, subject="Hi", body="Hi")


@pytest.mark.parametrize("tag", ["do-not-contact", "Do_Not_Contact"])
def test_a_contact_can_be_left_alone(mail, smtp, database, tag):
    database.sql("insert into contacts (full_name, email, tags) values ('Ann', %s, %s)", ANN, [tag])
    mail.refuses("permission_denied", "send_email", "to", says="do-not-contact", retryable=False, to=[BO, ANN], subject="Hi", body="Hi")
    assert smtp.journal == []
    assert mail.send(to=BO)["accepted"] == [BO]


# Which way

def test_the_next_way_serves_where_the_first_fails_before_it_took_the_message(open_mail, smtp, google, resend, database):
    from mailroom import gmail, resending
    environment = [resending(resend), gmail(google), {**sending(smtp), "ATLAS_EMAIL_DEFAULT_FROM": OFFICE}]
    mail = open_mail(*environment)
    assert mail.send()["provider"] == "smtp"
    smtp.fail("mail", code=451, text="4.3.0 Later")
    second = mail.send(subject="Second")
    assert second["provider"] == "gmail" and any("SMTP" in w or "smtp" in w for w in second["warnings"])
    smtp.fail("mail", code=451, text="4.3.0 Later")
    google.refuse("accessNotConfigured", 5, "POST")
    third = mail.send(subject="Third")
    assert third["provider"] == "resend" and len(third["warnings"]) == 2
    assert len(smtp.messages) == 1 and len(google.sent) == 1
    assert len(resend.sent) == 1 and state(database) == ["sent"] * 3


def test_nothing_is_configured(open_mail):
    mail = open_mail()
    text = mail.refuses("not_configured", "send_email", to=ANN, subject="Hi", body="Hi")
    assert "ATLAS_EMAIL_SMTP_HOST" in text
    assert "ATLAS_EMAIL_IMAP_HOST" in mail.refuses("not_configured", "list_inbox")


def test_letters_in_parallel_all_leave_once(mail, smtp, account):
    ids = [mail.server.begin("send_email", to=f"p{n}@north.example", subject=f"Number {n}", body=f"Body {n}", idempotency_key=str(n)) for n in range(40)]
    outcomes = [mail.succeeded("send_email", mail.server.answer(id, 60)["result"]) for id in ids]
    assert len({o["message_id"] for o in outcomes}) == 40
    assert sorted((m.recipients[0], parse(m.octets)["Subject"]) for m in smtp.messages) == sorted((f"p{n}@north.example", f"Number {n}") for n in range(40))
    wait_for(lambda: len(account.messages("Sent")) == 40)


def test_now_is_the_businesss(mail, smtp):
    mail.send()
    zone = email.utils.parsedate_to_datetime(parse(only(smtp).octets)["Date"]).utcoffset()
    assert zone in (datetime.timedelta(hours=-5), datetime.timedelta(hours=-6)), "Chicago"
