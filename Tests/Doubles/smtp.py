"""A mail server on loopback that takes messages (RFC 5321), keeps them, and misbehaves on command. Standard library, and `openssl`.

    python3 smtp.py [--spool FOLDER] [JSON]     prints a line of JSON that says where it is, and runs until its standard input ends

In a test: `with SMTPServer(pipelining=False) as server: … server.port, server.tls_port, server.ca_file … server.messages`. It listens
twice: in clear with STARTTLS (`port`), and with TLS from the beginning (`tls_port`). Accounts are `users` (AUTH PLAIN and LOGIN) and
`tokens` (AUTH XOAUTH2 and OAUTHBEARER), both `{name: secret}`.

As a program it takes orders on standard input, each a line of JSON answered by one:
`{"order": "messages"}` (envelope and content, base64), `{"order": "journal"}` (commands, without secrets), `{"order": "problems"}` (what
clients did that the standards forbid), `{"order": "set", "size": 1000}` (see Settings), `{"order": "fail", "stage": "rcpt", …}` (see
Fault), `{"order": "reset"}`. With `--spool`, each message is also written as `NNN.eml` into a folder, for people to look at.
"""

import base64
import json
import re
import select
import socket
import ssl
import struct
import sys
import threading
import time
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from certificates import Certificates

LONGEST_LINE = 16384  # AUTH with a token is the longest command
GARBAGE = b"\x00\xff%%% this is no SMTP %%%\r\n"


@dataclass
class Settings:
    """What the server offers, and to whom."""

    pipelining: bool = True
    eightbitmime: bool = True
    smtputf8: bool = False
    enhanced: bool = True
    starttls: bool = True
    size: int | None = 30_000_000  # None: the capability is not there; 0: it names no limit (RFC 1870)
    auth: list = field(default_factory=lambda: ["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"])
    auth_required: bool = False
    auth_in_clear: bool = True  # whether AUTH is offered before TLS
    ehlo: bool = True  # False: a server of the last century that knows HELO only
    users: dict = field(default_factory=lambda: {"maria@example.com": "s3cret-password"})
    tokens: dict = field(default_factory=lambda: {"maria@example.com": "s3cret-access-token"})


@dataclass
class Fault:
    """Something that goes wrong at a stage, `times` times.

    stage: connect ehlo starttls auth mail rcpt data body (in the middle of a message) end (after its final dot) quit.
    kind:
      answer        says `code` and `text` (a list makes a reply of several lines) instead of acting; then closes if `close`
      stall         never answers, and does not act;      stall after: acts, and never answers
      cut           closes, and does not act;             cut after: acts, and closes without an answer
      garbage       acts (but for data, which it answers before it acts), and answers with what is no SMTP
      flood         does not act, and answers without end
      drip          acts, and answers an octet every 10 ms
      inject        starttls: acts, and sends `text` in clear behind its answer
    pattern: only for arguments in which this regular expression is found (an address).
    after: at `body`, how many octets of the message are read before.
    skip: how many times it lets the step go well first.
    """

    stage: str
    kind: str = "answer"
    times: int = 1
    code: int = 450
    text: str | list = "Try again later"
    pattern: str | None = None
    after: int = 1000
    close: bool = False
    skip: int = 0


@dataclass
class Message:
    """A message that the server took responsibility for."""

    sender: str
    recipients: list
    octets: bytes
    parameters: list  # of MAIL: ["SIZE=1234", "BODY=8BITMIME"]
    user: str | None
    tls: bool
    connection: int

    def entry(self):
        return {**asdict(self), "octets": base64.b64encode(self.octets).decode()}


class Gone(Exception):
    """The connection is over."""


class SMTPServer:
    def __init__(self, spool=None, **settings):
        self.settings, self.spool = Settings(), Path(spool) if spool else None
        self.lock, self.gone = threading.RLock(), threading.Event()
        self.messages, self.journal, self.problems, self.faults = [], [], [], []
        self.connections = 0
        self.set(**settings)
        self.certificates = Certificates()
        self.ca_file, self.context = self.certificates.ca_file, self.certificates.server_context()
        self.listeners = [self.listener(), self.listener()]
        self.port, self.tls_port = (listener.getsockname()[1] for listener in self.listeners)
        for listener, is_tls in zip(self.listeners, (False, True)):
            threading.Thread(target=self.accept, args=(listener, is_tls), daemon=True).start()

    @staticmethod
    def listener():
        listener = socket.socket()
        # A small window, so that a client notices within a message that nobody reads it.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 << 10)
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        return listener

    def accept(self, listener, is_tls):
        while not self.gone.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                session = Session(self, connection, self.connections, is_tls)
            threading.Thread(target=session.run, daemon=True).start()

    def close(self):
        self.gone.set()
        for listener in self.listeners:
            try:
                listener.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            listener.close()
        self.certificates.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- What tests ask for

    def set(self, **settings):
        known = {entry.name for entry in fields(Settings)}
        for name, value in settings.items():
            if name not in known:
                raise ValueError(f"no such setting: {name}")
            setattr(self.settings, name, value)

    def fail(self, stage, kind="answer", **said):
        with self.lock:
            self.faults.append(Fault(stage, kind, **said))

    def fault(self, stage, argument=""):
        """The fault that is the lot of this step."""
        with self.lock:
            for fault in self.faults:
                if fault.times > 0 and fault.stage == stage and (not fault.pattern or re.search(fault.pattern, argument)):
                    if fault.skip > 0:
                        fault.skip -= 1
                        continue
                    fault.times -= 1
                    return fault
        return None

    def reset(self):
        with self.lock:
            for kept in (self.messages, self.journal, self.problems, self.faults):
                kept.clear()
            self.settings = Settings()

    def keep(self, message):
        with self.lock:
            self.messages.append(message)
            if self.spool:
                (self.spool / f"{len(self.messages):03}.eml").write_bytes(message.octets)

    def control(self, name, order):
        """One order of another process."""
        with self.lock:
            if name == "messages":
                return [message.entry() for message in self.messages]
            if name in ("journal", "problems"):
                return list(getattr(self, name))
        if name in ("set", "fail", "reset"):
            getattr(self, name)(**order)
            return {"done": True}
        raise ValueError(f"no such order: {name}")


class Session:
    """One connection, from greeting to end."""

    def __init__(self, server, connection, number, is_tls):
        self.server, self.connection, self.number = server, connection, number
        self.is_tls, self.user, self.has_greeted = is_tls, None, False
        self.buffer = bytearray()
        self.forget()

    def forget(self):
        self.sender, self.recipients, self.parameters = None, [], []

    @property
    def settings(self):
        return self.server.settings

    def run(self):
        try:
            self.connection.settimeout(120)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.is_tls:
                self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
            self.step("connect", "", lambda: (220, "localhost ESMTP double"))
            while True:
                self.serve(self.line())
        except (Gone, OSError, ssl.SSLError):
            pass
        finally:
            self.connection.close()

    def serve(self, line):
        verb, _, argument = line.partition(" ")
        verb = verb.upper()
        does = {
            "EHLO": self.ehlo, "HELO": self.helo, "STARTTLS": self.starttls, "AUTH": self.auth, "MAIL": self.mail, "RCPT": self.rcpt,
            "DATA": self.data, "RSET": self.rset, "NOOP": lambda _: (250, "2.0.0 OK"), "QUIT": self.quit,
        }.get(verb)
        if verb in ("EHLO", "STARTTLS", "AUTH", "DATA", "QUIT") and self.buffer or self.buffer and not self.settings.pipelining:
            self.problem(f"{verb} was not waited for")
        stage = {"HELO": "ehlo"}.get(verb, verb.lower())
        self.step(stage, "" if verb == "AUTH" else argument, (lambda: does(argument)) if does else (lambda: (500, "5.5.2 What?")))
        if verb == "QUIT":
            raise Gone

    def step(self, stage, argument, act):
        """Acts and answers, or does what a fault says."""
        fault = self.server.fault(stage, argument)
        kind = fault.kind if fault else None
        if kind == "answer":
            self.note(stage, argument, fault.code)
            self.reply(fault.code, fault.text)
            if fault.close:
                self.close()
        elif kind in ("stall", "cut", "flood"):
            self.note(stage, argument, kind)
            self.misbehave(kind)
        elif kind == "garbage" and stage == "data":
            self.note(stage, argument, kind)
            self.connection.sendall(GARBAGE)
        else:
            answer = act()
            if kind or answer:
                self.note(stage, argument, kind or answer[0])
            if kind in ("stall after", "cut after"):
                self.misbehave(kind.removesuffix(" after"))
            elif kind == "garbage":
                self.connection.sendall(GARBAGE)
            elif answer:
                self.reply(*answer, drip=kind == "drip", injected=fault.text if kind == "inject" else None)
                if stage == "starttls" and answer[0] == 220:
                    self.protect()

    def misbehave(self, kind):
        if kind == "stall":
            self.wait()
        if kind == "flood":
            while True:
                self.connection.sendall(b"250-" + b"x" * 1000 + b"\r\n")
        self.cut()

    # --- The commands

    def ehlo(self, name):
        if not self.settings.ehlo:
            return 502, "5.5.1 Not here"
        if not re.fullmatch(r"[A-Za-z0-9.-]+|\[[A-Za-z0-9.:]+\]", name):
            self.problem(f"EHLO with {name!r}")
        self.forget()
        self.has_greeted = True
        offered = ["localhost"]
        given = self.settings
        offered += ["PIPELINING"] if given.pipelining else []
        offered += ["8BITMIME"] if given.eightbitmime else []
        offered += ["SMTPUTF8"] if given.smtputf8 else []
        offered += ["ENHANCEDSTATUSCODES"] if given.enhanced else []
        offered += ["STARTTLS"] if given.starttls and not self.is_tls else []
        offered += [f"SIZE {given.size}"] if given.size is not None else []
        offered += ["AUTH " + " ".join(given.auth)] if given.auth and (self.is_tls or given.auth_in_clear) else []
        return 250, offered

    def helo(self, _):
        self.forget()
        self.has_greeted = True
        return 250, "localhost"

    def starttls(self, _):
        if self.is_tls or not self.settings.starttls:
            return 502, "5.5.1 Not here"
        return 220, "2.0.0 Go ahead"

    def protect(self):
        self.buffer.clear()  # RFC 3207, 4.2: nothing of before is known
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.is_tls, self.has_greeted, self.user = True, False, None
        self.forget()

    def auth(self, argument):
        mechanism, _, initial = argument.partition(" ")
        mechanism = mechanism.upper()
        if self.user or mechanism not in self.settings.auth or not (self.is_tls or self.settings.auth_in_clear):
            return 504, "5.5.4 Not here"
        if mechanism == "LOGIN":
            user = self.decoded(initial) if initial else self.ask(b"Username:")
            return self.admit(user, self.settings.users.get(user), self.ask(b"Password:"))
        said = self.decoded(initial) if initial else self.ask(b"")
        if mechanism == "PLAIN":
            user, secret = (said.split("\0") + ["", ""])[1:3]
            return self.admit(user, self.settings.users.get(user), secret)
        found = re.search(r"(?:user|a)=([^\x01,]*)[\x01,].*auth=Bearer ([^\x01]*)\x01", said, re.DOTALL)
        user, secret = found.groups() if found else ("", "")
        if secret != self.settings.tokens.get(user):
            # RFC 7628, 3.2.3: the client hears why, and says something before it is refused.
            self.ask(b'{"status":"invalid_token"}')
        return self.admit(user, self.settings.tokens.get(user), secret)

    def admit(self, user, known, secret):
        if known is None or secret != known:
            return 535, "5.7.8 Username and Password not accepted"
        self.user = user
        return 235, "2.7.0 Accepted"

    def ask(self, prompt):
        self.reply(334, base64.b64encode(prompt).decode())
        return self.decoded(self.line())

    @staticmethod
    def decoded(text):
        try:
            return base64.b64decode("" if text == "=" else text, validate=True).decode()
        except ValueError:
            return ""

    def mail(self, argument):
        found = re.fullmatch(r"(?i)FROM:<([^<>\s]*)>((?: [^\s]+)*)", argument)
        if not self.has_greeted or self.sender is not None:
            return 503, "5.5.1 Not now"
        if self.settings.auth_required and not self.user:
            return 530, "5.7.0 Authentication required"
        if not found:
            return 501, "5.5.4 Syntax"
        self.parameters = found[2].split()
        for parameter in self.parameters:
            name, _, value = parameter.upper().partition("=")
            offered = {"SIZE": self.settings.size is not None, "BODY": self.settings.eightbitmime, "SMTPUTF8": self.settings.smtputf8}
            if not offered.get(name):
                return 555, f"5.5.4 {name} is not known here"
            if name == "SIZE" and 0 < (self.settings.size or 0) < int(value):
                return 552, f"5.3.4 Message size exceeds the limit of {self.settings.size}"
        self.sender = found[1]
        return 250, "2.1.0 OK"

    def rcpt(self, argument):
        found = re.fullmatch(r"(?i)TO:<([^<>\s]+)>", argument)
        if self.sender is None:
            return 503, "5.5.1 Not now"
        if not found:
            return 501, "5.1.3 Syntax"
        self.recipients.append(found[1])
        return 250, "2.1.5 OK"

    def rset(self, _):
        self.forget()
        return 250, "2.0.0 OK"

    def quit(self, _):
        return 221, "2.0.0 Bye"

    def data(self, _):
        if not self.recipients:
            return (554, "5.5.1 No valid recipients") if self.sender is not None else (503, "5.5.1 Not now")
        self.note("data", "", 354)
        self.reply(354, "Go ahead")
        octets = self.content()
        self.check(octets)
        self.step("end", "", lambda: self.take(octets))
        self.forget()
        return None

    def take(self, octets):
        if 0 < (self.settings.size or 0) < len(octets):
            return 552, f"5.3.4 Message size exceeds the limit of {self.settings.size}"
        self.server.keep(Message(self.sender, self.recipients, octets, self.parameters, self.user, self.is_tls, self.number))
        return 250, f"2.0.0 Queued as {len(self.server.messages):06}"

    def content(self):
        """The message up to its final dot, without the dots that were put before others (RFC 5321, 4.5.2)."""
        fault = self.server.fault("body")
        while True:
            if fault and len(self.buffer) >= fault.after:
                self.note("body", "", fault.kind if fault.kind != "answer" else fault.code)
                if fault.kind == "answer":
                    self.reply(fault.code, fault.text)
                    self.close()
                self.misbehave(fault.kind)
            start = max(0, len(self.buffer) - (64 << 10) - 5)
            end = 0 if self.buffer.startswith(b".\r\n") else self.buffer.find(b"\r\n.\r\n", start) + 2
            if end != 1:
                break
            self.fill()
        found = bytes(self.buffer[:end])
        del self.buffer[:end + 3]
        return re.sub(rb"(^|\r\n)\.", rb"\1", found)

    def check(self, octets):
        """Notes what no message may be (RFC 5321, 2.3.8 and 4.5.3.1.6)."""
        if re.search(rb"\r(?!\n)|(?<!\r)\n", octets):
            self.problem("a message with a bare CR or LF")
        if b"\0" in octets:
            self.problem("a message with NUL")
        if any(len(line) > 998 for line in octets.split(b"\r\n")):
            self.problem("a message with a line of more than 998 octets")
        if not octets.isascii() and "BODY=8BITMIME" not in self.parameters:
            self.problem("a message with 8 bits that nobody announced")

    # --- Octets

    def fill(self):
        received = self.connection.recv(64 << 10)
        if not received:
            raise Gone
        self.buffer += received

    def line(self):
        while b"\n" not in self.buffer:
            if len(self.buffer) > LONGEST_LINE:
                self.problem("a command without end")
                raise Gone
            self.fill()
        end = self.buffer.index(b"\n")
        line = bytes(self.buffer[:end])
        del self.buffer[:end + 1]
        if not line.endswith(b"\r"):
            self.problem("a command that ends with a bare LF")
        return line.rstrip(b"\r").decode("utf-8", "backslashreplace")

    def reply(self, code, text, drip=False, injected=None):
        lines = [text] if isinstance(text, str) else list(text)
        marks = ["-"] * (len(lines) - 1) + [" "]
        octets = "".join(f"{code}{mark}{line}\r\n" for mark, line in zip(marks, lines)).encode("utf-8", "surrogateescape")
        if injected:
            octets += injected.encode()
        for part in ([octets[i:i + 1] for i in range(len(octets))] if drip else [octets]):
            self.connection.sendall(part)
            if drip:
                time.sleep(0.01)

    def wait(self):
        """Reads nothing and says nothing until the client goes away or the server ends, three minutes at most."""
        watched = select.poll()
        watched.register(self.connection.fileno(), getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR)
        end = time.monotonic() + 180
        while not self.server.gone.wait(0.01) and time.monotonic() < end and not watched.poll(10):
            pass

    def cut(self):
        """Closes without a farewell: the client reads a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone

    def close(self):
        """Closes in order, after what was said has been read."""
        try:
            (self.connection.unwrap() if self.is_tls else self.connection).shutdown(socket.SHUT_WR)
            self.connection.settimeout(1)
            while self.connection.recv(64 << 10):
                pass
        except (OSError, ValueError):
            pass
        raise Gone

    def note(self, stage, argument, answer):
        with self.server.lock:
            self.server.journal.append({"connection": self.number, "stage": stage, "argument": argument, "answer": answer})

    def problem(self, words):
        with self.server.lock:
            self.server.problems.append(words)


def main():
    arguments = sys.argv[1:]
    spool = None
    if arguments[:1] == ["--spool"]:
        spool, arguments = arguments[1], arguments[2:]
    with SMTPServer(spool, **json.loads(arguments[0] if arguments else "{}")) as server:
        place = {"host": "127.0.0.1", "port": server.port, "tls_port": server.tls_port, "ca_file": server.ca_file}
        print(json.dumps({**place, "users": server.settings.users}), flush=True)
        for line in sys.stdin:
            try:
                order = json.loads(line)
                answer = server.control(order.pop("order"), order)
            except (KeyError, TypeError, ValueError) as error:
                answer = {"error": repr(error)}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
