"""Gmail's query language on a real IMAP server: what random queries find is held against what is known about ten thousand messages."""

import datetime
import random
import time

import pytest

from mailroom import messages, reading
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Chicago")
DAY = 86400
# Terms of which each says of a message: yes, no, or None for what servers may differ about.
UNITS = {"d": 1, "m": 30, "y": 365}


def contains(text: str):
    return lambda value: text.casefold() in value.casefold()


def either(answers):
    answers = list(answers)
    return True if True in answers else None if None in answers else False


def every(answers):
    return inverse(either(inverse(answer) for answer in answers))


def inverse(answer):
    return None if answer is None else not answer


class Term:
    def __init__(self, text, holds):
        self.text, self.holds = text, holds

    def __invert__(self):
        return Term(f"-{self.text}", lambda truth: inverse(self.holds(truth)))


def grouped(word, terms):
    """All of them, or one of them, in parentheses."""
    text = "(" + (" OR " if word == "or" else " ").join(term.text for term in terms) + ")"
    fold = either if word == "or" else every
    return Term(text, lambda truth: fold(term.holds(truth) for term in terms))


def age(truth, seconds, now):
    """Whether it is younger; None on the days at the edge: how long a month is depends on which it is."""
    old = now - truth.arrived
    return None if abs(old - seconds) < 3 * DAY + seconds / 40 else old < seconds


def simple(dice: random.Random, now: float) -> Term:
    """A term of any kind."""
    kind = dice.choice("from to cc subject body word phrase flag attachment younger older after before larger smaller foreign".split())
    word = dice.choice(messages.WORDS)
    name, address = dice.choice(messages.PEOPLE)
    if kind == "from":
        said = dice.choice([address, address.split("@")[1], *([name.split()[-1]] if name and name.isascii() and name.replace(" ", "").isalpha() else [])])
        return Term(f"from:{said}", lambda t: bool(t.sender) and any(map(contains(said), t.sender)))
    if kind in ("to", "cc"):
        return Term(f"{kind}:{address}", lambda t: address in getattr(t, kind))
    if kind == "subject":
        return Term(f"subject:{word}", lambda t: word in t.subject_words)
    if kind == "body":
        return Term(f"body:{dice.choice([word, word.upper()])}", lambda t: word in t.body_words or (None if not t.searchable else False))
    if kind == "foreign":
        foreign = dice.choice(list(messages.FOREIGN.values()))
        return Term(f"{dice.choice(['body:', ''])}{foreign}", lambda t: foreign in t.body_words)
    if kind == "word":
        return Term(word, lambda t: word in t.subject_words + t.body_words or (None if not t.searchable else False))
    if kind == "phrase":
        number = dice.randrange(3000, 9999)
        return Term(f'subject:"matter {number}"', lambda t: f"matter {number}" in t.subject)
    if kind == "flag":
        said = dice.choice(["unread", "read", "starred", "answered"])
        return Term(f"is:{said}", lambda t: {"unread": "S" not in t.flags, "read": "S" in t.flags, "starred": "F" in t.flags, "answered": "R" in t.flags}[said])
    if kind == "attachment":
        # The newest two thousand are tested one by one: the query says which those are.
        return grouped("and", [
            Term("has:attachment", lambda t: None if t.attachments is None else bool(t.attachments)),
            Term("newer_than:3m", lambda t: age(t, 90 * DAY, now))])
    if kind in ("younger", "older"):
        count, unit = dice.choice([(9, "d"), (40, "d"), (2, "m"), (7, "m"), (1, "y")])
        length = count * UNITS[unit] * DAY
        return Term(f"{'newer' if kind == 'younger' else 'older'}_than:{count}{unit}",
                    lambda t: age(t, length, now) if kind == "younger" else inverse(age(t, length, now)))
    if kind in ("after", "before"):
        day = datetime.datetime.fromtimestamp(now - dice.randrange(5, 700) * DAY, ZONE).date()
        midnight = datetime.datetime.combine(day, datetime.time(), ZONE).timestamp()
        said = day.strftime(dice.choice(["%Y/%m/%d", "%Y-%m-%d"]))
        return Term(f"{kind}:{said}", lambda t: (t.arrived >= midnight) is (kind == "after"))
    size = dice.choice([500, 1000, 2000, 4096, 9000])
    said = {4096: "4K"}.get(size, str(size))
    return Term(f"{kind}:{said}", lambda t: t.size > size if kind == "larger" else t.size < size)


def compound(dice: random.Random, now: float) -> Term:
    terms = [simple(dice, now) for _ in range(dice.randint(1, 4))]
    terms = [~term if dice.random() < 0.25 else term for term in terms]
    while len(terms) > 1:
        size = dice.randint(2, len(terms))
        joined = grouped(dice.choice(["or", "and"]), terms[:size])
        terms = [~joined if dice.random() < 0.2 else joined, *terms[size:]]
    return terms[0]


@pytest.mark.parametrize("seed", range(60))
def test_a_random_query_finds_what_there_is(reader, archive, seed):
    dice, now = random.Random(seed), time.time()
    query = compound(dice, now)
    text = query.text[1:-1] if query.text[0] == "(" and query.text.count("(") == 1 and query.text[-1] == ")" else query.text
    answers = [(truth, query.holds(truth)) for truth in reversed(archive.truths)]
    yes = [truth.index for truth, answer in answers if answer]
    maybe = {truth.index for truth, answer in answers if answer is None}
    found = reader.call("search_inbox", query=text, max_results=100)
    assert len(yes) <= found["total_matched"] <= len(yes) + len(maybe), f"{text}: {found['total_matched']} of {len(yes)} to {len(yes) + len(maybe)}"
    by_id = {truth.message_id: truth.index for truth in archive.truths if truth.message_id}
    shown = [by_id[m["message_id"]] for m in found["results"] if m["message_id"]]
    assert shown == sorted(shown, reverse=True), "newest first"
    surely = [index for index in shown if index not in maybe]
    assert surely == [i for i in yes if archive.truths[i].message_id][:len(surely)], text
    assert found["count"] == len(found["results"]) == min(100, found["total_matched"]) or found["has_more"]


def test_the_default_is_what_has_not_been_read(reader, archive):
    found = reader.call("list_inbox")
    unread = [t.message_id for t in reversed(archive.truths) if t.unread]
    assert [m["message_id"] for m in found["messages"]] == unread[:20]
    assert found["count"] == 20 and found["has_more"] and found["total_matched"] == len(unread)
    assert all(m["unread"] for m in found["messages"])


EXACT = [
    ('subject:"matter 9876"', lambda t: "matter 9876" in t.subject),
    ("from:maria subject:zephyr", lambda t: t.sender and "maria" in t.sender[1] and "zephyr" in t.subject_words),
    ("from:(maria OR zoe) subject:zephyr", lambda t: t.sender and t.sender[1].split("@")[0].split(".")[0] in ("maria", "zoe") and "zephyr" in t.subject_words),
    ("SUBJECT:ZEPHYR IS:STARRED", lambda t: "zephyr" in t.subject_words and "F" in t.flags),
    ("subject:zephyr -subject:quartz is:unread", lambda t: "zephyr" in t.subject_words and "quartz" not in t.subject_words and t.unread),
    ("subject:fjord OR subject:tundra is:starred", lambda t: ("fjord" in t.subject_words or "tundra" in t.subject_words) and "F" in t.flags),
    ("-(subject:fjord OR is:read)", lambda t: not ("fjord" in t.subject_words or not t.unread)),
    ("請求書", lambda t: "請求書" in t.body_words),
    ("body:Überraschung is:starred", lambda t: "Überraschung" in t.body_words and "F" in t.flags),
    ("to:person149@long.example is:starred", lambda t: "person149@long.example" in t.to and "F" in t.flags),
    ("subject:Köln is:starred", lambda t: "Köln" in t.subject and "F" in t.flags),
    ("larger:1K smaller:2K is:starred", lambda t: 1024 < t.size < 2048 and "F" in t.flags),
    ("larger:1M", lambda t: False),
    ("nothingofthekind", lambda t: False),
]


@pytest.mark.parametrize("query, holds", EXACT, ids=[query for query, _ in EXACT])
def test_a_query_is_understood_as_gmail_does(reader, archive, query, holds):
    expected = [t.message_id for t in reversed(archive.truths) if holds(t)]
    found = reader.call("search_inbox", query=query, max_results=100)
    assert found["total_matched"] == len(expected)
    assert [m["message_id"] for m in found["results"]] == expected[:len(found["results"])]


@pytest.mark.parametrize("query, token", [
    ("label:work", "label"), ("frm:ann", "frm"), ("is:nice", "nice"), ("has:drive", "drive"), ("newer_than:d", "d"),
    ("after:yesterday", "yesterday"), ("after:2026/13/01", "2026/13/01"), ("after:2026/02/30", "2026/02/30"), ("larger:big", "big"), ("larger:-1", "-1"),
    ('subject:"open', '"open'), ("(from:ann", "("), ("from:ann)", ")"), ("from:", "from"), ("OR from:ann", "OR"), ("from:ann OR", "OR"), ("()", "("),
    ("filename:pdf", "filename")])
def test_what_is_not_understood_is_an_error_that_points_at_it(reader, query, token):
    text = reader.refuses("invalid_argument", "search_inbox", "query", says=token, retryable=False, query=query)
    assert reader.refuses("invalid_argument", "list_inbox", "query", query=query) == text


HOSTILE = [
    'subject:"\r\nA1 DELETE INBOX\r\n"', "x\r\nA1 LOGOUT", 'subject:") (OR', "{5}", "{3+}\r\nabc", 'from:"\\"', "subject:\\", "\x00", "body:%s%n", "* OK",
    'subject:"a\\" b"', "😀", "subject:\ud7ff", "a" * 1900, "(" * 200 + "a" + ")" * 200, "-" * 300 + "a", " OR ".join(["subject:zephyr"] * 100)]


@pytest.mark.parametrize("query", HOSTILE, ids=[ascii(query)[:30] for query in HOSTILE])
def test_no_query_reaches_the_server_as_a_command(reader, archive, query):
    result = reader.server.call("search_inbox", {"query": query, "max_results": 1})
    if result.get("isError"):
        assert result["_meta"]["atlas/error"]["code"] == "invalid_argument", result
    assert reader.inbox("subject:zephyr", max_results=1), "the conversation goes on"
    lines = [line for session in archive.sessions() for line in session["lines"]]
    assert not [line for line in lines if line.startswith("A1 ")] and not any(v in archive_verbs(archive) for v in ("DELETE", "STORE", "CREATE"))


def archive_verbs(archive) -> set[str]:
    return {command for session in archive.sessions() for command in session["commands"]}


def test_days_are_the_businesss(open_mail, account):
    """A message of 3 Nov 2026, 23:30 in Chicago: the 4th in UTC and in Berlin."""
    moment = datetime.datetime(2026, 11, 3, 23, 30, tzinfo=ZONE).timestamp()
    account.deliver(b"Subject: late\r\n\r\ntext", date=moment)
    for zone, day in (("America/Chicago", "2026/11/03"), ("Europe/Berlin", "2026/11/04")):
        mail = open_mail(reading(account), ATLAS_TIMEZONE=zone)
        following = datetime.datetime.strptime(day, "%Y/%m/%d") + datetime.timedelta(days=1)
        assert mail.inbox(f"after:{day} before:{following:%Y/%m/%d}"), zone
        assert not mail.inbox(f"after:{following:%Y/%m/%d}") and not mail.inbox(f"before:{day}"), zone
