"""Whole conversations, one for each revision, one on the telephone and one with the calendar, as text a person can read: transcripts/*.txt

    > a line of the client            # a comment
    < a line the server must write
    ~ a request that must reach the telephone company, with its fields
    @ TwilioServer or CalendarServer, if that is who is spoken to; the first beside a telephone company on loopback (before the first line)
    $ an argument of the server's command line (before the first line)
    = <name> a piece of JSON that the client's lines may hold by this name

In the server's lines ids and times stand as <id-1>, <time> and so on, a listing is shortened to the names of its fields, and the
text block of a result that repeats the structured content stands as <the same>. A client's line may use what the server said
before: <id-1>, <state-1>. UPDATE=1 writes the server's lines anew: read the difference before you commit it.
"""

import json
import os
import re
from pathlib import Path

import pytest

from diary import CALENDAR
from telephone import ACCOUNT, TWILIO, settings

SERVERS = {"@ TwilioServer": TWILIO, "@ CalendarServer": CALENDAR}
FOLDER = Path(__file__).parent / "transcripts"
IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


class Names:
    """What changes from run to run, by a name that does not."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.counts: dict[str, int] = {}
        self.defined: dict[str, str] = {}
        self.places: dict[str, str] = {}

    def name(self, kind: str, value: str) -> str:
        if value not in self.names:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            self.names[value] = f"<{kind}-{self.counts[kind]}>"
        return self.names[value]

    def define(self, line: str) -> None:
        name, text = line.split(" ", 1)
        self.defined[json.dumps(name)] = text

    def known(self, line: str) -> str:
        """The client's line with the real values in it."""
        for name, text in self.defined.items():
            line = line.replace(name, text)
        for value, name in self.names.items():
            line = line.replace(name, value)
        return line

    def plain(self, message) -> str:
        """The server's message as the transcript shows it."""
        text = json.dumps(self.short(message), ensure_ascii=False)
        text = IDS.sub(lambda m: self.name("id", m.group()), text)
        return self.placed(TIMES.sub("<time>", text))

    def placed(self, text: str) -> str:
        for place, name in self.places.items():
            text = text.replace(place, name)
        return text

    def request(self, request) -> str:
        fields = "&".join(f"{name}={value}" for name, value in request.form)
        return self.placed(f"{request.method} {request.target} {fields}".rstrip())

    def short(self, value):
        if isinstance(value, list):
            return [self.short(v) for v in value]
        if not isinstance(value, dict):
            return value
        value = dict(value)
        content = value.get("structuredContent")
        if content is not None and len(value.get("content", [])) == 1 and json.loads(value["content"][0]["text"]) == content:
            value["content"] = [{**value["content"][0], "text": "<the same>"}]
        for name in ("tools", "resourceTemplates", "prompts"):
            if isinstance(value.get(name), list):
                value[name] = [f"<{tool['name']}: {' '.join(tool)}>" for tool in value[name]]
        if "serverInfo" in value or "io.modelcontextprotocol/serverInfo" in value:
            for name in ("serverInfo", "io.modelcontextprotocol/serverInfo"):
                if name in value:
                    value[name] = {**value[name], "version": "<version>"}
        if set(value.get("_meta", {})) == {"io.modelcontextprotocol/serverInfo"}:
            value["_meta"] = "<server>"
        if isinstance(value.get("instructions"), str):
            value["instructions"] = "<instructions>"
        if isinstance(value.get("requestState"), str):
            value["requestState"] = self.name("state", value["requestState"])
        return {k: self.short(v) for k, v in value.items()}


def blocks(text: str) -> list[tuple[str, list[str]]]:
    """Each line that is not the server's, with what follows of the server's lines and its requests."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith(("< ", "~ ")):
            found[-1][1].append(line)
        else:
            found.append((line, []))
    return found


def order(line: str) -> tuple:
    """Answers before notifications: which of them is written first is nobody's promise."""
    return ('"method"' in line, line)


def heard(server, names: Names, expected: int | None) -> list[str]:
    """What the server says to one line: as many messages as expected, or, to write a transcript, until it falls silent."""
    said = []
    while expected is None or len(said) < expected:
        try:
            said.append(server.next(0.7 if expected is None else 20))
        except AssertionError:
            if expected is None:
                break
            raise
    return sorted((f"< {names.plain(message)}" for message in said), key=order)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda p: p.stem)
def test_the_conversation_goes_as_written(path, launch, double):
    update = bool(os.environ.get("UPDATE"))
    script = blocks(path.read_text())
    command = next((SERVERS[line] for line, _ in script if line.startswith("@ ")), None)
    server = launch(*[line[2:] for line, _ in script if line.startswith("$ ")], command=command, **(settings(double) if command == TWILIO else {}))
    names, written, wrong = Names(), [], []
    names.places = {double.url: "<company>", ACCOUNT: "<account>"}
    for line, expected in script:
        written.append(line)
        if line.startswith("= "):
            names.define(line[2:])
        if not line.startswith("> "):
            assert not expected, f"{path.name}: a server's line after {line!r}"
            continue
        asked = len(double.journal)
        server.line(names.known(line[2:]))
        said = heard(server, names, None if update else sum(one.startswith("< ") for one in expected))
        said = [f"~ {names.request(request)}" for request in double.journal[asked:]] + said
        written += said
        if said != expected:
            wrong.append(f"{line}\nexpected {expected}\nheard    {said}")
    server.silent(0.1)
    server.end()
    if update:
        path.write_text("\n".join(written) + "\n")
    else:
        assert not wrong, "\n".join(wrong)


def test_every_revision_has_its_transcript():
    assert {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28", "pipe", "telephone", "calendar"} <= {p.stem for p in FOLDER.glob("*.txt")}
    for path in FOLDER.glob("*.txt"):
        assert path.read_text().count("\n< ") >= 5, f"{path.name} holds no conversation"
