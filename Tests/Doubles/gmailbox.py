"""A mailbox as Gmail sees one: messages with labels, threads, payload trees, and a search. Standard library."""

import base64
import email
import email.header
import email.policy
import email.utils
import html
import re
import time
from datetime import datetime, timezone

SYSTEM = (
    "INBOX", "SENT", "DRAFT", "TRASH", "SPAM", "UNREAD", "STARRED", "IMPORTANT", "CHAT", "CATEGORY_PERSONAL", "CATEGORY_PROMOTIONS",
    "CATEGORY_SOCIAL", "CATEGORY_UPDATES", "CATEGORY_FORUMS")


def encode64(octets):
    return base64.urlsafe_b64encode(octets).decode()


def decode64(text):
    return base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)


def decoded(value):
    """A header field as Gmail shows it: unfolded and decoded."""
    try:
        return str(email.header.make_header(email.header.decode_header(re.sub(r"\r?\n(?=[ \t])", "", str(value)))))
    except (LookupError, UnicodeError, ValueError):
        return str(value)


def address_list(parsed, name):
    return [address for _, address in email.utils.getaddresses([str(v) for v in parsed.get_all(name, [])]) if address]


class Message:
    def __init__(self, id, thread, labels, raw, date):
        self.id, self.thread, self.labels, self.raw, self.date = id, thread, list(labels), raw, date
        self.parsed = email.message_from_bytes(raw, policy=email.policy.compat32)

    @property
    def text(self):
        """The words of its text parts."""
        found = []
        for part in self.parsed.walk():
            if part.get_content_maintype() == "text" and not filename(part):
                words = part.get_payload(decode=True).decode(charset(part), "replace")
                found.append(re.sub(r"<[^>]*>", " ", words) if part.get_content_subtype() == "html" else words)
        return " ".join(found)

    def header(self, name):
        return " ".join(decoded(v) for v in self.parsed.get_all(name, []))


def charset(part):
    try:
        name = part.get_content_charset() or "utf-8"
        "".encode(name)
        return name
    except LookupError:
        return "utf-8"


def filename(part):
    return decoded(part.get_filename() or "")


class Mailbox:
    def __init__(self, address):
        self.address, self.messages, self.attachments, self.history = address, {}, {}, 1000
        self.labels = {name: name for name in SYSTEM}
        self.reads = 0

    def add_label(self, name):
        id = f"Label_{len(self.labels)}"
        self.labels[id] = name
        return id

    def add(self, raw, labels, thread=None, date=None):
        self.history += 1
        id = f"{0x18c0000000000000 + self.history:x}"
        message = Message(id, thread or id, labels, raw, 0)
        said = email.utils.parsedate_tz(str(message.parsed.get("Date", "")))
        message.date = int(date * 1000) if date else int((email.utils.mktime_tz(said) if said else time.time()) * 1000)
        if not thread:
            names = re.findall(r"<[^<>\s]+>", message.header("References") + message.header("In-Reply-To"))
            message.thread = next((m.thread for m in self.messages.values() if m.header("Message-ID").strip() in names), id)
        self.messages[id] = message
        return message

    def conversation(self, thread):
        return sorted((m for m in self.messages.values() if m.thread == thread), key=lambda m: (m.date, m.id))

    def label(self, id, counts=False):
        kind = "system" if id in SYSTEM else "user"
        label = {"id": id, "name": self.labels[id], "type": kind}
        if kind == "user":
            label |= {"messageListVisibility": "show", "labelListVisibility": "labelShow"}
        if counts:
            inside = [m for m in self.messages.values() if id in m.labels]
            unread = [m for m in inside if "UNREAD" in m.labels]
            label |= {
                "messagesTotal": len(inside), "messagesUnread": len(unread), "threadsTotal": len({m.thread for m in inside}),
                "threadsUnread": len({m.thread for m in unread})}
        return label

    # --- Resources

    def resource(self, message, form, names=()):
        self.reads += 1
        self.history += 1
        words = " ".join(message.text.split())
        shown = {
            "id": message.id, "threadId": message.thread, "labelIds": list(message.labels), "snippet": html.escape(words[:180]).replace("&#x27;", "&#39;"),
            "historyId": str(self.history), "internalDate": str(message.date), "sizeEstimate": len(message.raw)}
        if form == "raw":
            return {**shown, "raw": encode64(message.raw)}
        if form == "metadata":
            headers = [h for h in self.headers(message.parsed) if not names or h["name"].lower() in names]
            return {**shown, "payload": {"partId": "", "mimeType": message.parsed.get_content_type(), "headers": headers}}
        if form == "full":
            return {**shown, "payload": self.part(message, message.parsed, "")}
        return shown

    @staticmethod
    def headers(part):
        return [{"name": name, "value": decoded(value)} for name, value in part.items()]

    def part(self, message, part, id):
        shown = {"partId": id, "mimeType": part.get_content_type(), "filename": filename(part), "headers": self.headers(part), "body": {"size": 0}}
        below = part.get_payload() if part.is_multipart() else []
        content = b"" if below else part.get_payload(decode=True) or b""
        if part.get_content_type() == "message/rfc822" and below:
            content = below[0].as_bytes()
        if below:
            step = f"{id}." if id else ""
            shown["parts"] = [self.part(message, inner, f"{step}{number}") for number, inner in enumerate(below)]
        if part.get_content_maintype() == "multipart":
            return shown
        is_text = part.get_content_maintype() == "text" and not shown["filename"]
        if is_text:
            # Gmail gives text in UTF-8, whatever the header still says.
            content = content.decode(charset(part), "replace").encode()
            shown["body"] = {"size": len(content), "data": encode64(content)}
        elif content:
            token = f"ANGjdJ{self.reads}_{message.id}-{id or 'x'}"
            self.attachments[message.id, token] = content
            shown["body"] = {"attachmentId": token, "size": len(content)}
        return shown

    # --- Search

    def search(self, query, labels=(), with_trash=False):
        tokens = re.findall(r'-?\w+:"[^"]*"|-?"[^"]*"|-?[({]|[)}]|[^\s(){}"]+[({]?', query)
        test, everywhere = Parser(self, tokens).whole()
        found = []
        for message in self.messages.values():
            hidden = {"SPAM", "TRASH"} & set(message.labels) and not (with_trash or everywhere or {"SPAM", "TRASH"} & set(labels))
            if not hidden and all(label in message.labels for label in labels) and test(message):
                found.append(message)
        return sorted(found, key=lambda m: (m.date, m.id), reverse=True)


def moment(text):
    """`after:` and `before:`: seconds since 1970, or a day."""
    if re.fullmatch(r"\d{6,}", text):
        return int(text) * 1000
    if match := re.fullmatch(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})", text):
        return int(datetime(*map(int, match.groups()), tzinfo=timezone.utc).timestamp() * 1000)
    raise ValueError(f"no moment: {text}")


def octets(text):
    match = re.fullmatch(r"(\d+)([KkMm]?)", text)
    if not match:
        raise ValueError(f"no size: {text}")
    return int(match[1]) * {"": 1, "k": 1 << 10, "m": 1 << 20}[match[2].lower()]


class Parser:
    """The part of Gmail's search language that is known here; each result is a test of a message."""

    def __init__(self, box, tokens):
        self.box, self.tokens, self.at, self.everywhere = box, tokens, 0, False

    def whole(self):
        test = self.all_of("")
        if self.at < len(self.tokens):
            raise ValueError(f"what is {self.tokens[self.at]!r} for?")
        return test, self.everywhere

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def all_of(self, end):
        """Terms side by side; OR binds its two neighbours."""
        groups = []
        joins = False
        while (token := self.peek()) is not None and token != end and token not in ")}":
            if token in ("OR", "|"):
                self.at += 1
                joins = True
                continue
            if token == "AND":
                self.at += 1
                continue
            term = self.term()
            if joins and groups:
                groups[-1].append(term)
            else:
                groups.append([term])
            joins = False
        return lambda m: all(any(test(m) for test in group) for group in groups)

    def any_of(self):
        terms = []
        while (token := self.peek()) is not None and token != "}":
            if token == "OR":
                self.at += 1
                continue
            terms.append(self.term())
        return lambda m: any(test(m) for test in terms)

    def term(self):
        token = self.tokens[self.at]
        self.at += 1
        if token.startswith("-"):
            self.at -= 1
            self.tokens[self.at] = token[1:]
            test = self.term()
            return lambda m: not test(m)
        if token in "({":
            test = self.all_of(")") if token == "(" else self.any_of()
            if self.peek() != {"(": ")", "{": "}"}[token]:
                raise ValueError(f"{token} does not end")
            self.at += 1
            return test
        if match := re.fullmatch(r"(\w+):([({])", token):
            self.at -= 1
            self.tokens[self.at] = match[2]
            end = {"(": ")", "{": "}"}[match[2]]
            at, depth = self.at + 1, 1
            while at < len(self.tokens) and self.tokens[at] != end:
                if self.tokens[at] != "OR":
                    self.tokens[at] = f"{match[1]}:{self.tokens[at]}"
                at += 1
            return self.term()
        name, colon, value = token.partition(":")
        if colon and re.fullmatch(r"\w+", name):
            return self.operator(name.lower(), value.strip('"').lower())
        words = token.strip('"').lower()
        return lambda m: words in f"{m.header('Subject')} {m.header('From')} {m.header('To')} {m.header('Cc')} {m.text}".lower()

    def operator(self, name, value):
        if name in ("from", "to", "cc", "bcc", "subject"):
            fields = ("to", "cc", "bcc") if name == "to" else (name,)
            return lambda m: any(value in m.header(field).lower() for field in fields)
        if name == "rfc822msgid":
            return lambda m: m.header("Message-ID").strip().strip("<>").lower() == value.strip("<>")
        if name in ("after", "newer"):
            return lambda m: m.date >= moment(value)
        if name in ("before", "older"):
            return lambda m: m.date < moment(value)
        if name in ("larger", "larger_than", "size"):
            return lambda m: len(m.raw) > octets(value)
        if name in ("smaller", "smaller_than"):
            return lambda m: len(m.raw) < octets(value)
        if (name, value) == ("has", "attachment"):
            return lambda m: any(filename(part) for part in m.parsed.walk())
        if name == "is" and value in ("read", "unread", "starred", "important"):
            return lambda m: ("UNREAD" in m.labels) == (value == "unread") if value in ("read", "unread") else value.upper() in m.labels
        if name in ("in", "label"):
            return self.place(value)
        raise ValueError(f"the operator {name}:{value} is not known")

    def place(self, value):
        if value == "anywhere":
            self.everywhere = True
            return lambda m: True
        aliases = {"drafts": "DRAFT", "draft": "DRAFT", "all": None, "archive": None}
        if value in aliases and aliases[value] is None:
            return lambda m: not {"INBOX", "SPAM", "TRASH", "SENT", "DRAFT"} & set(m.labels)
        id = aliases.get(value) or next((i for i, n in self.box.labels.items() if re.sub(r"[\s/]", "-", n).lower() == re.sub(r"[\s/]", "-", value)), None)
        if id in ("SPAM", "TRASH"):
            self.everywhere = True
        return lambda m: id in m.labels
