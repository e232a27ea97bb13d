"""Servers that lie, and letters that would harm: bounded, told, and survived. A man in the middle (`meddler`) answers for Dovecot."""

import random
import re
import time

import pytest

from mailroom import messages, reading
from meddler import Meddler, Scripted

# What a server's misdeeds may be called.
FAULTS = {"upstream_error", "unavailable", "timeout", "not_configured", "unauthenticated", "not_found"}


@pytest.fixture(scope="module")
def victim(mailserver):
    account = mailserver.account("victim@mail.test")
    messages.fill(account, 80)
    return account


@pytest.fixture(scope="module")
def meddler(mailserver):
    with Meddler("127.0.0.1", mailserver.imap) as meddler:
        yield meddler


@pytest.fixture
def mail(open_mail, victim, meddler):
    meddler.reset()
    yield open_mail({**reading(victim), "ATLAS_EMAIL_IMAP_SSL": "none", "ATLAS_EMAIL_IMAP_PORT": str(meddler.port)})
    meddler.reset()


def memory(mail) -> int:
    try:
        with open(f"/proc/{mail.server.process.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))
    except FileNotFoundError:
        return 0


def survives(mail, meddler, tool="list_inbox", **arguments):
    """The call ends, whatever it says, and the next one on an honest connection is served."""
    began = time.monotonic()
    result = mail.server.call(tool, arguments or {"query": "larger:0", "max_results": 50}, timeout=90)
    assert time.monotonic() - began < 80
    if result.get("isError"):
        assert result["_meta"]["atlas/error"]["code"] in FAULTS, result
    meddler.reset()
    assert len(mail.inbox(max_results=50)) == 50
    assert memory(mail) < 300 << 20, f"{memory(mail) >> 20} MB"
    return result


def flood(octets, count):
    return lambda: (octets for _ in range(count))


FETCHES = {
    "a literal of four gigabytes": b"* 1 FETCH (UID 1 BODY[HEADER] {4294967295}\r\nabc",
    "a literal without end": b"* 1 FETCH (UID 1 BODY[HEADER] {999999999999999999999999999}\r\n",
    "a negative literal": b"* 1 FETCH (UID 1 BODY[HEADER] {-5}\r\nabc)\r\n%T OK\r\n",
    "a literal of no number": b"* 1 FETCH (UID 1 BODY[HEADER] {abc}\r\nabc)\r\n%T OK\r\n",
    "a literal cut short": b"* 1 FETCH (UID 1 BODY[HEADER] {500}\r\nabc)\r\n%T OK done\r\n",
    "parentheses without end": b"* 1 FETCH (" + b"(" * 100_000 + b")\r\n%T OK\r\n",
    "a deep structure": b"* 1 FETCH (UID 1 BODYSTRUCTURE " + b"(" * 5000 + b'"text" "plain" NIL NIL NIL "7bit" 1 1' + b")" * 5000 + b")\r\n%T OK\r\n",
    "a wide structure": b"* 1 FETCH (UID 1 BODYSTRUCTURE (" + b'("text" "plain" NIL NIL NIL "7bit" 1 1)' * 50_000 + b' "mixed"))\r\n%T OK\r\n',
    "numbers too large": b"* 99999999999999999999 FETCH (UID 99999999999999999999 RFC822.SIZE 99999999999999999999)\r\n%T OK\r\n",
    "UID 0": b"* 1 FETCH (UID 0 FLAGS (\\Seen))\r\n* 0 FETCH (UID 1)\r\n%T OK\r\n",
    "messages that nobody asked for": b"".join(b"* %d FETCH (UID %d FLAGS ())\r\n" % (n, n + 1_000_000) for n in range(20_000)) + b"%T OK\r\n",
    "the same message twice": b"* 80 FETCH (UID 80 FLAGS ())\r\n* 80 FETCH (UID 80 FLAGS (\\Seen))\r\n%T OK\r\n",
    "nothing at all": b"%T OK\r\n",
    "no": b"%T NO [SERVERBUG] Internal error\r\n",
    "bad": b"%T BAD What?\r\n",
    "another tag": b"ZZZ99 OK\r\nA001 OK\r\n",
    "a farewell": b"* BYE Going down\r\n",
    "garbage": bytes(range(256)) * 50 + b"\r\n",
    "NUL": b"* 1 FETCH (UID 1 ENVELOPE (\x00 \x00\"\x00\"))\r\n%T OK\r\n",
    "a quoted string without end": b'* 1 FETCH (UID 1 ENVELOPE ("' + b"x" * 3_000_000 + b"\r\n%T OK\r\n",
    "flags of a hostile kind": b"* 80 FETCH (UID 80 FLAGS (" + b"\\Evil " * 20_000 + b"))\r\n%T OK\r\n",
    "an envelope of addresses": b"* 80 FETCH (UID 80 ENVELOPE (NIL NIL (" + b'(NIL NIL "a" "b")' * 50_000 + b") NIL NIL NIL NIL NIL NIL NIL))\r\n%T OK\r\n",
}


@pytest.mark.parametrize("what", FETCHES)
def test_a_fetch_that_answers_with(mail, meddler, what):
    meddler.answer(r"UID FETCH", FETCHES[what], times=3, close="without end" in what or "four gigabytes" in what or "cut short" in what or what in ("another tag", "a farewell"))
    survives(mail, meddler)


FLOODS = {
    "a line without end": (b"* OK " + b"x" * 65_536, 4000), "lines without end": (b"* OK still here, still here, still here\r\n" * 1000, 4000),
    "a literal that is really sent": (b"x" * 65_536, 8000),
}


@pytest.mark.parametrize("what", FLOODS)
def test_a_flood(mail, meddler, what):
    octets, count = FLOODS[what]
    head = [b"* 80 FETCH (UID 80 BODY[HEADER] {900000000}\r\n"] if "literal" in what else []
    meddler.answer(r"UID FETCH", lambda: [*head, *flood(octets, count)()], times=2, close=True)
    survives(mail, meddler)


SEARCHES = {
    "too many": b"* SEARCH" + b"".join(b" %d" % n for n in range(1, 600_000)) + b"\r\n* ESEARCH (TAG \"%T\") UID ALL 1:600000\r\n* SORT 1 2 3\r\n%T OK\r\n",
    "a range of all there could be": b'* ESEARCH (TAG "%T") UID MIN 1 MAX 4294967295 COUNT 4294967295 ALL 1:4294967295\r\n%T OK\r\n',
    "backwards": b'* ESEARCH (TAG "%T") UID ALL 80:1,5:3\r\n* SEARCH 0 -1 x 99999999999999999999\r\n%T OK\r\n',
    "no": b"%T NO Not today\r\n", "bad": b"%T BAD Unknown command\r\n", "a charset it does not know": b"%T NO [BADCHARSET (US-ASCII)] No\r\n",
    "nothing": b"%T OK\r\n", "messages that are not there": b"* SEARCH 4000 4001\r\n* SORT 4000 4001\r\n%T OK\r\n",
}


@pytest.mark.parametrize("what", SEARCHES)
def test_a_search_that_answers(mail, meddler, what):
    meddler.answer(r"UID (SEARCH|SORT)", SEARCHES[what], times=3)
    survives(mail, meddler)


EXAMINES = {
    "no UIDVALIDITY": b"* 80 EXISTS\r\n%T OK [READ-ONLY]\r\n", "UIDVALIDITY of no number": b"* OK [UIDVALIDITY x]\r\n%T OK\r\n",
    "no": b"%T NO [SERVERBUG] Broken\r\n", "EXISTS too large": b"* 99999999999999999999 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n%T OK\r\n", "a farewell": b"* BYE\r\n",
}


@pytest.mark.parametrize("what", EXAMINES)
def test_an_examine_that_answers(mail, meddler, what):
    meddler.answer(r"EXAMINE", EXAMINES[what], times=2, close=True)
    survives(mail, meddler)


GREETINGS = [b"* PREAUTH Welcome\r\n", b"* BYE Too many\r\n", b"220 smtp.example ESMTP\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 5000 + b"\r\n",
             b"* OK " + b"x" * 3_000_000 + b"\r\n", b"* OK [CAPABILITY " + b"X " * 100_000 + b"] Hi\r\n", b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] Hi\r\n"]


@pytest.mark.parametrize("greeting", GREETINGS, ids=[ascii(g[:20]) for g in GREETINGS])
def test_a_greeting(mail, meddler, greeting):
    with Scripted(greeting, [b"%T BAD no\r\n"] * 20, close=not greeting.startswith(b"* OK")) as scripted:
        meddler.target = ("127.0.0.1", scripted.port)
        try:
            result = mail.server.call("list_inbox", {}, timeout=60)
        finally:
            meddler.target = ("127.0.0.1", int(mail_port(meddler)))
    assert result.get("isError") and result["_meta"]["atlas/error"]["code"] in FAULTS, result
    assert len(mail.inbox(max_results=50)) == 50


def mail_port(meddler):
    return meddler.honest


@pytest.fixture(autouse=True)
def honest(meddler, mailserver):
    meddler.honest = mailserver.imap
    meddler.target = ("127.0.0.1", mailserver.imap)


@pytest.mark.parametrize("seed", range(12))
def test_octets_that_went_wrong(mail, meddler, seed):
    """Any mutation of what a real server says, for every tool that reads."""
    dice = random.Random(seed)
    listed = mail.inbox(max_results=20)
    ids = [(m["id"], m["thread_id"]) for m in listed]

    def mangle(octets):
        if dice.random() < 0.4:
            return octets
        octets = bytearray(octets)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(octets)) if octets else 0
            dice.choice([
                lambda: octets.__setitem__(slice(at, at + 1), bytes([dice.randrange(256)])), lambda: octets.__delitem__(slice(at, at + dice.randint(1, 40))),
                lambda: octets.__setitem__(slice(at, at), dice.choice([b"(", b")", b"{99}\r\n", b'"', b"\r\n", b"NIL", b"\x00", b"* 1 EXPUNGE\r\n", b"\\"])),
                lambda: octets.__setitem__(slice(at, at), octets[at:at + 50])])()
        return bytes(octets)

    meddler.mangle = mangle
    mail.server.process.poll()
    for tool, arguments in [("list_inbox", {"query": "larger:0"}), ("get_message", {"message_id": dice.choice(ids)[0]}), ("get_thread", {"thread_id": dice.choice(ids)[1]}),
                            ("list_folders", {}), ("search_inbox", {"query": "has:attachment"})]:
        id = mail.server.begin(tool, **arguments)
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline and not answered(mail, id):
            time.sleep(0.005)
        if not answered(mail, id):  # an answer that was mangled away: it waits for more, as it should
            mail.server.notify("notifications/cancelled", {"requestId": id})
            meddler.mangle = None
            continue
        result = mail.server.answer(id)
        assert "result" in result, result
        if result["result"].get("isError"):
            assert result["result"]["_meta"]["atlas/error"]["code"] in FAULTS | {"invalid_argument"}, result
    meddler.reset()
    assert mail.server.process.poll() is None, mail.server.tail()
    assert len(mail.inbox(max_results=50)) == 50


def answered(mail, id) -> bool:
    with mail.server._changed:
        return any(m.get("id") == id and "method" not in m for m in mail.server._inbox if isinstance(m, dict))


def test_news_in_the_middle_of_an_answer_moves_nothing(mail, meddler):
    """A message that another client deletes meanwhile: the UIDs say what is what."""
    before = [m["message_id"] for m in mail.inbox(max_results=20)]

    def mangle(octets):
        return octets.replace(b"\r\n* 7", b"\r\n* 3 EXPUNGE\r\n* 5 EXISTS\r\n* FLAGS (\\Seen)\r\n* 7", 1)

    meddler.mangle = mangle
    assert [m["message_id"] for m in mail.inbox(max_results=20)] == before


# Letters

LETTERS = {
    "ten thousand levels": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(10_000)),
    "rfc822 in rfc822": b"Content-Type: message/rfc822\r\n\r\n" * 3000,
    "a hundred thousand parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000 + b"--b--\r\n",
    "fifty thousand groups": b"To: " + b"a:" * 50_000 + b"x@y.example" + b";" * 50_000 + b"\r\n\r\ntext",
    "a million quotes": b"\r\n" + b">" * 1_000_000 + b" deep\r\n",
    "a hundred thousand fields": b"".join(b"X-%d: y\r\n" % n for n in range(100_000)) + b"\r\ntext",
    "comments in comments": b"From: " + b"(" * 100_000 + b"\r\n\r\ntext",
    "encoded words without end": b"Subject: " + b"=?utf-8?b?QQ==?=\r\n " * 50_000 + b"\r\n\r\ntext",
    "an HTML of tables": b"Content-Type: text/html\r\n\r\n" + b"<table><tr><td>" * 50_000 + b"deep",
    "an HTML of one tag": b"Content-Type: text/html\r\n\r\n<p " + b"a=b " * 500_000,
    "a charset bomb": b"Content-Type: text/plain; charset=utf-7\r\n\r\n" + b"+AAA" * 200_000,
    "2231 continuations": b"Content-Type: application/x; " + b"".join(b"name*%d=a;\r\n " % n for n in range(20_000)) + b"x=y\r\n\r\ntext",
    "quoted-printable of nothing": b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n" * 500_000,
}


@pytest.mark.parametrize("what", LETTERS)
def test_a_letter_made_to_harm(open_mail, account, what):
    account.deliver(b"Subject: before\r\n\r\nfine")
    account.deliver(b"MIME-Version: 1.0\r\n" + LETTERS[what])
    mail = open_mail(reading(account))
    began = time.monotonic()
    listed = mail.inbox()
    assert len(listed) == 2
    read = mail.message(listed[0]["id"])
    mail.call("get_thread", thread_id=listed[0]["thread_id"])
    assert time.monotonic() - began < 20 and memory(mail) < 400 << 20
    assert isinstance(read["body_text"], str) and mail.message(listed[1]["id"])["body_text"].strip() == "fine"


def test_words_that_look_like_the_protocol_are_words(open_mail, account):
    evil = b"Subject: A1 OK\r\n\r\n* 1 FETCH (UID 1 FLAGS (\\Seen))\r\nA0001 OK done\r\n* BYE\r\n)\r\n" + b"".join(b"A%03d OK x\r\n" % n for n in range(100))
    account.deliver(evil)
    mail = open_mail(reading(account))
    message = mail.message(mail.inbox()[0]["id"])
    assert message["unread"] and "* BYE" in message["body_text"] and len(re.findall("OK x", message["body_text"])) == 100
