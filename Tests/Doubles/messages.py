"""Deterministic messages of many shapes and charsets, each with the truth about it.

    fill(account, 10_000)                          into the INBOX of a `mailserver.Account`; the truths, oldest first
    make(7, newest)                                message 7 alone: its octets and its truth
    python3 messages.py 1000 FOLDER                as files and FOLDER/truth.jsonl

Message n is the same in every mailbox of its size whose newest message arrived at the same moment. All arrive between 15:00 and 21:00 UTC,
so that their day is the same in every zone of America and Europe. The words that are searched for (`WORDS`) stand nowhere else.
"""

import datetime
import json
import os
import random
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import shapes
from shapes import CRLF, encoded

WORDS = ["zephyr", "quartz", "juniper", "obelisk", "gazebo", "walnut", "fjord", "tundra", "cobalt", "sphinx", "marzipan", "yodel"]
# Searched for in UTF-8 whatever they are written in.
FOREIGN = {"latin": "Überraschung", "cyrillic": "Уборка", "japanese": "請求書", "chinese": "报价单", "korean": "견적서", "taiwan": "報價單"}
PEOPLE = [
    ("Maria Gonzalez", "maria.gonzalez@north.example"), ("José Núñez", "jose@north.example"), ("Bo Lee", "bo.lee@south.example"),
    ("", "noreply@shop.example"), ("O'Brien, Pat", "pat@obrien.example"), ("Анна Петрова", "anna@moscow.example"),
    ("山田太郎", "yamada@tokyo.example"), ("Zoë Müller", "zoe@berlin.example"), ("Dr. \"Doc\" Who", "doc@tardis.example"),
    ("Accounts (London)", "accounts@london.example")]
OFFICE = ("Atlas Office", "office@mail.test")
DAY = 86400
# How many arrive on a day.
A_DAY = 14


@dataclass
class Truth:
    """What a reader should find out about a message."""

    index: int
    kind: str
    subject: str
    sender: tuple[str, str] | None
    to: list[str]
    cc: list[str]
    date: int | None       # of its Date field, where that can be understood
    arrived: int
    message_id: str | None
    in_reply_to: str | None
    thread: str | None     # the Message-ID of the conversation's first message
    flags: str             # as Maildir has them
    size: int              # as IMAP counts it
    marker: str            # stands in its readable text
    subject_words: list[str]
    body_words: list[str]
    attachments: list[dict] | None = None  # filename, content_type, size; None: whether there is one is a matter of taste
    hidden: list[str] = field(default_factory=list)  # must not be in its readable text
    shows: list[str] = field(default_factory=list)   # must be in it, besides the marker
    searchable: bool = True  # whether every server finds its body words

    @property
    def unread(self):
        return "S" not in self.flags


def conversation(index):
    """Four of each twenty messages talk to each other: (place in the conversation, the places' indices)."""
    first, place = index - index % 20 + 3, (index % 20 - 3) // 5
    return (place, [first + 5 * n for n in range(4)]) if index % 5 == 3 else (None, [])


def id_of(index):
    return f"m{index:06}.{index * 7919 % 99991}@atlas.example"


def arrival(index, count, newest):
    """Message `count - 1` arrives at about `newest`, those before it on the days before it."""
    day, place = divmod(count - 1 - index, A_DAY)
    return newest - day * DAY - place * (5 * 3600 // A_DAY)


def last_afternoon(now=None):
    """20:30 UTC of the day before: nothing arrives after it."""
    now = int(now or time.time())
    return now - now % DAY - DAY + 20 * 3600 + 1800


def make(index, newest, count=None):
    """The octets and the truth of message `index` of `count`."""
    dice = random.Random(index * 2654435761 % (1 << 32))
    # Each forty messages shift by one, so that every kind takes part in conversations; those need a header.
    kind = shapes.KINDS[(index + index // len(shapes.KINDS)) % len(shapes.KINDS)]
    sender = PEOPLE[dice.randrange(len(PEOPLE))]
    arrived = arrival(index, count or index + 1, newest)
    place, members = conversation(index)
    if members and kind == "no_header":
        kind = "plain"
    subject_words = dice.sample(WORDS, dice.randint(0, 2))
    body_words = dice.sample(WORDS, dice.randint(0, 3))
    foreign = FOREIGN.get(shapes.SCRIPTS.get(kind, ""))
    if foreign:
        body_words.append(foreign)
    subject = " ".join([*subject_words, f"matter {members[0] if members else index}"])
    if dice.random() < 0.3 and not members:
        subject = f"{dice.choice(['Grüße aus Köln', 'Счёт', '御見積', 'Ré-sumé 😀', '안녕하세요'])} {subject}"
    if place:
        subject_words = []
        subject = f"Re: matter {members[0]}"
    truth = Truth(
        index, kind, subject, sender, [OFFICE[1]], [], arrived - 60, arrived, id_of(index), id_of(members[place - 1]) if place else None,
        id_of(members[0]) if members else id_of(index),
        "".join(flag for flag, share in (("F", 0.05), ("R", 0.1), ("S", 0.6)) if dice.random() < share), 0, f"marker-{index:06}",
        subject_words, body_words, [])
    if dice.random() < 0.2:
        truth.to.append(PEOPLE[dice.randrange(len(PEOPLE))][1])
    if dice.random() < 0.2:
        truth.cc.append(PEOPLE[dice.randrange(len(PEOPLE))][1])
    shape = getattr(shapes, kind)(truth, dice)
    octets = head(truth, shape, dice, [id_of(m) for m in members[:place]] if place else []) + shape.octets
    truth.size = len(octets) + octets.replace(CRLF, b"").count(b"\n")
    truth.attachments = shape.attachments
    return octets, truth


def head(truth, shape, dice, references):
    """The fields of a header, those that the shape writes itself aside."""
    if shape.whole:
        return b""
    name, address = truth.sender
    style = dice.choice(["b", "q"])
    plain = name.isascii()
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    lines = [
        b"Return-Path: <" + address.encode() + b">",
        b"Received: from mx.example (mx.example [192.0.2.1]) by mail.test;" + CRLF + b"\t" + stamp(truth.arrived).encode(),
        b"From: " + (b"" if not name else (quoted.encode() if plain else encoded(name, "utf-8", style)) + b" ") + b"<" + address.encode() + b">",
        b"To: " + f"{OFFICE[0]} <{truth.to[0]}>".encode() + b"".join(b"," + CRLF + b"  " + to.encode() for to in truth.to[1:]),
        *([b"Cc: " + ", ".join(truth.cc).encode()] if truth.cc else []),
        b"Subject: " + (truth.subject.encode() if truth.subject.isascii() else encoded(truth.subject, "utf-8", style)),
        b"Message-ID: <" + truth.message_id.encode() + b">",
        b"Date: " + stamp(truth.arrived - 60).encode()]
    if truth.in_reply_to:
        lines.append(b"In-Reply-To: <" + truth.in_reply_to.encode() + b">")
    if len(references) > 1 or (references and truth.index % 2):  # some say In-Reply-To alone
        lines.append(b"References: " + (CRLF + b" ").join(f"<{r}>".encode() for r in references))
    named = {line.partition(b":")[0].lower() for line in shape.fields}
    lines = [line for line in lines if line.partition(b":")[0].lower() not in named | shape.without]
    return CRLF.join([*lines, *shape.fields]) + CRLF * 2


def stamp(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone(datetime.timedelta(hours=seconds % 5 - 2)))
    return moment.strftime("%a, %d %b %Y %H:%M:%S %z")


def fill(account, count, mailbox="INBOX", newest=None):
    """Writes so many messages straight into a mailbox that is empty and not open; their truths, oldest first: UID 1 and on."""
    folder = account.make(mailbox) / "cur"
    newest = newest or last_afternoon()
    truths = []
    for index in range(count):
        octets, truth = make(index, newest, count)
        path = folder / f"{truth.arrived}.M{index:09}P1.atlas,S={len(octets)},W={truth.size}:2,{truth.flags}"
        with open(path, "wb", 0) as file:
            file.write(octets)
        os.utime(path, (truth.arrived, truth.arrived))
        account.own(path)
        truths.append(truth)
    return truths


def write(truths, path):
    path.write_text("".join(json.dumps(asdict(truth), ensure_ascii=False) + "\n" for truth in truths))


def main():
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    made = [make(index, last_afternoon(), count) for index in range(count)]
    for octets, truth in made:
        (folder / f"{truth.index:06}-{truth.kind}.eml").write_bytes(octets)
    write([truth for _, truth in made], folder / "truth.jsonl")


if __name__ == "__main__":
    main()
