"""Reading a real mailbox: ten thousand messages in Dovecot, and what is known about each."""

import datetime
import email.utils
import re
import unicodedata
from zoneinfo import ZoneInfo

import pytest

from mailroom import EMAIL, Mail, messages, reading, wait_for
from client import Server

KINDS = messages.shapes.KINDS
# The newest hundred have every kind twice.
NEWEST = 100


def squeezed(text: str) -> str:
    return " ".join(text.split())


def seconds(time: str) -> int:
    return int(datetime.datetime.fromisoformat(time).timestamp())


@pytest.fixture(scope="module")
def newest(reader) -> list[dict]:
    return reader.inbox(max_results=NEWEST)


@pytest.fixture(scope="module")
def known(archive, newest) -> dict[str, tuple[dict, messages.Truth]]:
    """By kind: one of the newest messages as it was listed, and the truth about it."""
    return {truth.kind: (message, truth) for message, truth in zip(newest, reversed(archive.truths))}


def test_the_newest_come_first(newest, archive):
    expected = [truth.message_id for truth in reversed(archive.truths[-NEWEST:])]
    assert [message["message_id"] for message in newest] == expected
    assert len({message["id"] for message in newest}) == NEWEST


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_tells_the_truth_about(known, kind):
    message, truth = known[kind]
    assert squeezed(message["subject"]) == squeezed(truth.subject)
    if truth.sender is None:
        assert message["from"] is None
    else:
        assert email.utils.parseaddr(message["from"]) == truth.sender
    if len(truth.to) <= 25:
        assert [address for _, address in email.utils.getaddresses(message["to"])] == truth.to
    else:
        assert message["to"][:25] == truth.to[:25] and len(message["to"]) == 26 and re.fullmatch(r"and \d+ more", message["to"][25])
    assert [address for _, address in email.utils.getaddresses(message["cc"])] == truth.cc
    assert seconds(message["date"]) == (truth.date or truth.arrived)
    assert message["in_reply_to"] == truth.in_reply_to and message["mailbox"] == "INBOX"
    assert (message["unread"], message["flagged"]) == (truth.unread, "F" in truth.flags)
    if truth.attachments is not None:
        assert message["has_attachments"] is bool(truth.attachments)
    assert message["untrusted"] is True


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_says_all_of(reader, known, kind):
    listed, truth = known[kind]
    message = reader.message(listed["id"])
    text = unicodedata.normalize("NFC", message["body_text"])
    assert truth.marker in text
    for shown in truth.shows:
        assert squeezed(shown) in squeezed(text)
    for word in truth.body_words:
        assert word in text
    for hidden in truth.hidden:
        assert hidden not in text + message["subject"]
    assert not re.search(r"<(p|b|html|div|td|script)\b", text), "HTML is made readable"
    if truth.attachments is not None:
        assert [a["content_type"] for a in message["attachments"]] == [a["content_type"] for a in truth.attachments]
        for attachment, expected in zip(message["attachments"], truth.attachments):
            # What the server tells is the size in base64, whose end may be padding.
            assert abs(attachment["size"] - expected["size"]) <= 3
            assert expected["filename"] in (attachment["filename"], None)
            assert not re.search(r"[/\\\x00-\x1f]", attachment["filename"]) and not attachment["filename"].startswith(".")
            assert attachment["id"]
    assert {key: message[key] for key in ("id", "subject", "from", "date", "unread", "message_id")} == \
        {key: listed[key] for key in ("id", "subject", "from", "date", "unread", "message_id")}
    assert message["untrusted"] is True and message["truncated"] is False


def test_what_cannot_be_read_is_said(reader, known):
    for kind in ("unknown_charset", "lost_boundary"):
        message = reader.message(known[kind][0]["id"])
        assert message["problems"], kind
    assert not reader.message(known["alternative"][0]["id"])["problems"]


def test_quoted_history_is_told_from_what_is_new(reader, known):
    message = reader.message(known["reply"][0]["id"])
    new, old = message["body_text"][:message["quoted_from"]], message["body_text"][message["quoted_from"]:]
    assert known["reply"][1].marker in new and "of old" in old and "of old" not in new
    assert reader.message(known["plain"][0]["id"])["quoted_from"] is None


def test_times_are_the_businesss(newest):
    for message in newest:
        moment = datetime.datetime.fromisoformat(message["date"])
        assert moment.utcoffset() == moment.astimezone(ZoneInfo("America/Chicago")).utcoffset()


def test_a_warm_list_costs_one_search_and_one_fetch(open_mail, archive):
    mail = open_mail(reading(archive))
    mail.inbox(max_results=1)
    wait_for(lambda: archive.count("FETCH") > 0)
    archive.forget()
    assert mail.call("list_inbox", max_results=100)["count"] == 100
    assert (archive.count("SEARCH", "SORT"), archive.count("FETCH")) == (1, 1), archive.sessions()
    sessions = archive.sessions()
    assert len(sessions) == 1 and sessions[0]["round_trips"] <= 3, sessions


def test_nothing_is_marked_as_read(open_mail, account):
    truths = messages.fill(account, 120)
    before = [flags - {"\\Recent"} for _, flags in account.messages()]
    account.forget()
    mail = open_mail(reading(account))
    for message in mail.inbox(max_results=100)[:45]:
        mail.message(message["id"])
    mail.call("get_thread", thread_id=mail.inbox(max_results=1)[0]["thread_id"])
    mail.call("search_inbox", query="body:zephyr")
    lines = [line for session in account.sessions() for line in session["lines"]]
    assert not [line for line in lines if re.search(r" (SELECT|STORE) ", line)]
    assert not [line for line in lines if re.search(r"BODY\[|RFC822(\.TEXT)?[ )]", line)], "a peek leaves no trace"
    assert [flags - {"\\Recent"} for _, flags in account.messages()] == before
    assert sum("S" not in truth.flags for truth in truths) == mail.call("list_inbox", max_results=1)["total_matched"]


def test_a_long_text_comes_in_pages(mail, account):
    lines = [f"Line {n} of a very long letter: é, 日本, 😀." for n in range(6000)]
    account.deliver("Subject: Long\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n".encode()
                    + "\r\n".join(lines).encode())
    id = mail.inbox()[0]["id"]
    first = mail.message(id)
    assert first["truncated"] and len(first["body_text"]) <= 20_000 and first["offset"] == 0
    assert mail.whole(id).splitlines() == lines
    part = mail.message(id, offset=first["next_offset"], max_chars=100)
    assert len(part["body_text"]) == 100 and part["offset"] == first["next_offset"]
    past = mail.message(id, offset=5_000_000)
    assert past["body_text"] == "" and not past["truncated"]
    for wrong in ({"max_chars": 0}, {"offset": -1}, {"max_chars": 10_000_000}):
        mail.refuses("invalid_argument", "get_message", next(iter(wrong)), message_id=id, **wrong)


@pytest.mark.parametrize("size", [100, 40])
def test_no_list_is_larger_than_hosts_take(mail, account, size):
    """Each subject and each name is a book: Mail.call measures the result."""
    for n in range(size):
        account.deliver(f"Subject: {'long ' * 500}{n}\r\nFrom: {'Name ' * 100}<a@b.example>\r\nTo: {', '.join(f'p{i}@q.example' for i in range(200))}"
                        f"\r\n\r\n{'text ' * 200}".encode())
    found = mail.call("list_inbox", max_results=100)
    assert 1 <= found["count"] == len(found["messages"]) <= size and found["total_matched"] == size
    assert found["has_more"] is (found["count"] < size)


def test_an_id_holds_until_its_message_is_gone(open_mail, account):
    for n in range(3):
        account.deliver(f"Subject: {n}\r\n\r\ntext {n}".encode())
    mail = open_mail(reading(account))
    ids = [message["id"] for message in mail.inbox()]
    with account.connect() as client:
        client.select("INBOX")
        client.store("2", "+FLAGS", "\\Deleted")
        client.expunge()
    assert [mail.message(ids[n])["subject"] for n in (0, 2)] == ["2", "0"]
    mail.refuses("not_found", "get_message", "message_id", message_id=ids[1])
    account.deliver(b"Subject: new\r\n\r\nnew")
    mail.refuses("not_found", "get_message", "message_id", message_id=ids[1])
    assert mail.inbox()[0]["subject"] == "new"


def test_an_id_of_a_mailbox_that_was_made_anew_is_not_mistaken(open_mail, account):
    account.deliver(b"Subject: old\r\n\r\nold", "Projects")
    mail = open_mail(reading(account))
    id = mail.inbox(mailbox="Projects")[0]["id"]
    with account.connect() as client:
        assert client.delete("Projects")[0] == "OK" and client.create("Projects")[0] == "OK"
        assert client.append("Projects", None, None, b"Subject: other\r\n\r\nother")[0] == "OK"
    other = Mail(Server(command=EMAIL, env={"ATLAS_CA_FILE": str(account.server.ca), **reading(account)}))
    for one in (mail, other):
        one.refuses("not_found", "get_message", "message_id", message_id=id)
    assert other.inbox(mailbox="Projects")[0]["subject"] == "other"
    other.end()


@pytest.mark.parametrize("id", ["nonsense", "INBOX", "INBOX/1/1", "../../etc/passwd", "0", "99999999", "i.1.1.SU5CT1g", "i.0.0.", "\r\nA1 LOGOUT", "é" * 50, "a" * 999, "imap:1:2:3", "%00"])
def test_an_id_that_is_none_finds_nothing(reader, id):
    for tool, parameter in (("get_message", "message_id"), ("get_thread", "thread_id")):
        result = reader.server.call(tool, {parameter: id})
        assert result["isError"] and result["_meta"]["atlas/error"]["code"] in ("not_found", "invalid_argument"), result


def test_folders_by_name_and_by_what_they_are_for(mail, account):
    names = ["Büro/Angebote 2026", "日本語", "Rock & Roll", 'He said "so"', "INBOX-not"]
    for n, name in enumerate(names):
        if "/" in name or name.isascii() is False or name in ("Rock & Roll", "INBOX-not"):
            account.deliver(f"Subject: in {n}\r\n\r\ntext".encode(), name)
        else:
            with account.connect() as client:
                assert client.create('"He said \\"so\\""')[0] == "OK"
                client.append('"He said \\"so\\""', None, None, f"Subject: in {n}\r\n\r\ntext".encode())
    account.deliver(b"Subject: gone out\r\n\r\ntext", "Sent", "S")
    for n, name in enumerate(names):
        found = mail.call("search_inbox", query="larger:0", mailbox=name)["results"]
        assert [(m["subject"], m["mailbox"]) for m in found] == [(f"in {n}", name)]
        assert mail.message(found[0]["id"])["body_text"].strip() == "text"
    assert [m["subject"] for m in mail.inbox('in:"Büro/Angebote 2026"')] == ["in 0"]
    for role in ("sent", "Sent", "SENT"):
        assert [m["subject"] for m in mail.inbox(mailbox=role)] == ["gone out"]
    assert [m["subject"] for m in mail.inbox("in:sent")] == ["gone out"]
    assert mail.inbox(mailbox="drafts") == []
    mail.refuses("not_found", "list_inbox", "mailbox", says="Nowhere", mailbox="Nowhere")


def test_the_mailbox_of_the_configuration_is_read(open_mail, account):
    account.deliver(b"Subject: leads\r\n\r\ntext", "Leads")
    account.deliver(b"Subject: inbox\r\n\r\ntext")
    mail = open_mail(reading(account), ATLAS_EMAIL_IMAP_MAILBOX="Leads")
    assert [m["subject"] for m in mail.inbox()] == ["leads"]
    assert [m["subject"] for m in mail.inbox(mailbox="INBOX")] == ["inbox"]


def test_a_conversation_is_told_in_order(reader, archive, known, newest):
    whole = [t for t in archive.truths[-NEWEST:] if messages.conversation(t.index)[0] == 3]
    listed = {message["message_id"]: message for message in newest}
    for last in whole[-2:]:
        members = messages.conversation(last.index)[1]
        thread = reader.call("get_thread", thread_id=listed[last.message_id]["thread_id"])["thread"]
        assert [m["message_id"] for m in thread["messages"]] == [archive.truths[m].message_id for m in members]
        assert [seconds(m["date"]) for m in thread["messages"]] == sorted(seconds(m["date"]) for m in thread["messages"])
        if len(thread["participants"]) <= 25:
            assert {address for _, address in email.utils.getaddresses(thread["participants"])} >= {archive.truths[m].sender[1] for m in members}
        assert {listed[archive.truths[m].message_id]["thread_id"] for m in members if archive.truths[m].message_id in listed} == {thread["thread_id"]}, \
            "each message knows its conversation"


def test_a_conversation_goes_on_in_the_sent_mail(mail, account):
    account.deliver(b"Message-ID: <q@x>\r\nSubject: Windows\r\nFrom: ann@north.example\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\nHow much?")
    account.deliver(b"Message-ID: <a@x>\r\nIn-Reply-To: <q@x>\r\nReferences: <q@x>\r\nSubject: Re: Windows\r\nFrom: office@acme.example\r\n"
                    b"Date: Mon, 2 Nov 2026 11:00:00 +0000\r\n\r\nTwelve each.\r\n\r\nOn Monday Ann wrote:\r\n> How much?\r\n", "Sent", "S")
    account.deliver(b"Message-ID: <b@x>\r\nIn-Reply-To: <a@x>\r\nReferences: <q@x> <a@x>\r\nSubject: Re: Windows\r\nFrom: ann@north.example\r\n"
                    b"Date: Mon, 2 Nov 2026 12:00:00 +0000\r\n\r\nFine.")
    account.deliver(b"Message-ID: <other@x>\r\nSubject: Windows\r\nFrom: bo@x\r\nDate: Mon, 2 Nov 2026 13:00:00 +0000\r\n\r\nOther windows.")
    for listed in mail.inbox():
        thread = mail.call("get_thread", thread_id=listed["thread_id"])["thread"]
        ids = [m["message_id"] for m in thread["messages"]]
        if listed["message_id"] == "other@x":
            assert ids == ["other@x"], "the same subject is no conversation"
        else:
            assert ids == ["q@x", "a@x", "b@x"]
            assert "Twelve" in thread["messages"][1]["body_text"] and "How much" not in thread["messages"][1]["body_text"]
            assert mail.message(thread["messages"][1]["id"])["mailbox"] == "Sent"
    by_message = mail.call("get_thread", thread_id=mail.inbox()[1]["id"])["thread"]
    assert [m["message_id"] for m in by_message["messages"]] == ["q@x", "a@x", "b@x"], "a message's id is as good"


WAYS = {
    "STARTTLS": lambda account: reading(account, secure=False),
    "a token": lambda account: {
        **reading(account), "ATLAS_EMAIL_IMAP_PASSWORD": None, "ATLAS_EMAIL_OAUTH_ACCESS_TOKEN": account.server.token(account.address)},
}


@pytest.mark.parametrize("way", WAYS)
def test_logged_in_by(open_mail, account, way):
    account.deliver(b"Subject: Here\r\n\r\ntext")
    mail = open_mail(WAYS[way](account))
    assert [m["subject"] for m in mail.inbox()] == ["Here"]
    assert f"user=<{account.address}>" in account.server.log
    said = [line for line in account.server.log.splitlines() if f"Login: user=<{account.address}>" in line]
    assert said and all(", TLS" in line for line in said), said
    assert way == "STARTTLS" or all("method=OAUTHBEARER" in line or "method=XOAUTH2" in line for line in said)


def test_a_server_that_can_do_little_is_read_all_the_same(open_mail, few_mailserver):
    account = few_mailserver.account()
    truths = messages.fill(account, 200)
    account.deliver(b"Subject: sent\r\n\r\ntext", "Sent", "S")
    mail = open_mail(reading(account))
    found = mail.call("search_inbox", query="body:zephyr OR is:starred", max_results=100)
    expected = [t.message_id for t in reversed(truths) if "zephyr" in t.body_words or "F" in t.flags]
    assert [m["message_id"] for m in found["results"]] == expected and found["total_matched"] == len(expected)
    listed = mail.inbox(max_results=100)
    assert [m["message_id"] for m in listed] == [t.message_id for t in reversed(truths[100:])]
    place = next(n for n, t in enumerate(reversed(truths)) if messages.conversation(t.index)[0] == 3)
    thread = mail.call("get_thread", thread_id=listed[place]["thread_id"])["thread"]
    assert len(thread["messages"]) == 4
    assert [m["subject"] for m in mail.inbox(mailbox="sent")] == ["sent"], "without SPECIAL-USE, by the usual names"
    folders = {f["name"]: f for f in mail.call("list_folders")["folders"]}
    assert folders["INBOX"]["total"] == 200 and folders["Sent"]["role"] == "sent"
    assert mail.call("mark_messages", message_ids=[listed[0]["id"]], mark="flagged")["count"] == 1
    assert mail.call("move_message", message_ids=[listed[0]["id"]], to_mailbox="archive")["count"] == 1
    # Without UIDPLUS nothing can be expunged by itself: it stays, marked as deleted.
    assert len(account.messages("Archive")) == 1 and sum("\\Deleted" not in flags for _, flags in account.messages()) == 199
    lines = [line for session in account.sessions() for line in session["lines"]]
    asked = [line for line in lines if re.search(r"^\S+ (UID )?(SORT|THREAD|MOVE|ENABLE|UNSELECT|EXPUNGE|ID|IDLE) | RETURN \(|\{\d+[+-]\}", line)]
    assert not asked, "it was not offered"


def test_a_connection_that_breaks_is_made_anew(open_mail, account):
    from proxy import Proxy
    account.deliver(b"Subject: Here\r\n\r\ntext")
    with Proxy("127.0.0.1", account.server.imaps) as proxy:
        mail = open_mail({**reading(account), "ATLAS_EMAIL_IMAP_PORT": str(proxy.port)})
        id = mail.inbox()[0]["id"]
        for _ in range(3):
            proxy.cut()
            assert mail.message(id)["subject"] == "Here"
        assert proxy.opened >= 4
        proxy.cut()
        proxy.is_refusing = True
        # The server goes away within the TLS handshake, as one does that is being started again.
        assert "while TLS was being set up" in mail.refuses("unavailable", "list_inbox", retryable=True)
        proxy.is_refusing = False
        assert mail.inbox()[0]["id"] == id, "what failed is not remembered"


def test_connections_are_kept_few_and_closed_at_the_end(open_mail, account):
    account.deliver(b"Subject: Here\r\n\r\ntext")
    account.deliver(b"Subject: There\r\n\r\ntext", "Sent", "S")
    mail = open_mail(reading(account))
    for _ in range(10):
        mail.inbox()
        mail.inbox(mailbox="Sent")
    assert len(account.sessions()) <= 2, "one for each mailbox in use"
    ids = [mail.server.begin("list_inbox", query="larger:0") for _ in range(20)]
    assert all(not mail.server.answer(id)["result"].get("isError") for id in ids)
    assert len(account.sessions()) <= 6
    mail.server.end()
    wait_for(lambda: all(session["commands"][-1] == "LOGOUT" for session in account.sessions()), 5)


def memory(pid: int, field: str) -> int:
    """Octets, of /proc: VmRSS now, VmHWM at most so far."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field + ":"))


BIG = {
    "an attachment": lambda: b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere it is.\r\n--b\r\n"
    b"Content-Type: application/zip; name=big.zip\r\nContent-Disposition: attachment; filename=big.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU2Nzg5QUJDREVGR0hJSktMTU5PUFFSU1RVVldY\r\n" * (25 * 1024 * 1024 // 78) + b"\r\n--b--\r\n",
    "a text": lambda: b"Content-Type: text/plain; charset=utf-8\r\n\r\nHere it is.\r\n" + b"The same line again and again, and no end of it.\r\n" * (25 * 1024 * 1024 // 49),
    "a page": lambda: b"Content-Type: text/html\r\n\r\n<p>Here it is.</p>" + b"<div><b>The same</b> again and again.</div>\r\n" * (25 * 1024 * 1024 // 46),
}


@pytest.mark.skipif(not __import__("os").path.exists("/proc/self/status"), reason="memory is measured by /proc")
@pytest.mark.parametrize("what", BIG)
def test_a_message_of_25_megabytes_is_read_in_little_memory(open_mail, account, what):
    account.deliver(b"Subject: small\r\n\r\nsmall")
    account.deliver(b"Subject: big\r\nFrom: a@b.example\r\nMIME-Version: 1.0\r\n" + BIG[what]())
    mail = open_mail(reading(account))
    big, small = mail.inbox()
    mail.message(small["id"])
    before = memory(mail.server.process.pid, "VmRSS")
    message = mail.message(big["id"])
    extra = memory(mail.server.process.pid, "VmHWM") - before
    assert "Here it is." in message["body_text"]
    assert extra < 60 * 1024 * 1024, f"{extra >> 20} MB more"
    if what == "an attachment":
        assert message["attachments"][0]["filename"] == "big.zip" and message["attachments"][0]["size"] > 18_000_000
