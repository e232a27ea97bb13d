"""What the doubles have in common: a small HTTP server on loopback that keeps a journal and misbehaves on command. Standard library."""

import json
import select
import socket
import struct
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Fields of forms that the journal does not tell (RFC 6749, RFC 7521).
SECRETS = {"client_secret", "refresh_token", "assertion"}


class Request:
    """One request as it came, and what became of it."""

    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers = method, target, headers
        split = urllib.parse.urlsplit(target)
        self.path = split.path
        self.query = urllib.parse.parse_qsl(split.query, keep_blank_values=True)
        self.read(body)
        self.user = self.password = None
        self.acted, self.status, self.answer = False, None, None
        self.abandoned = threading.Event()  # set when the client goes away while it hangs

    def read(self, body):
        form = "application/x-www-form-urlencoded" in self.headers.get("Content-Type", "")
        self.body, self.form = body, urllib.parse.parse_qsl(body.decode(), keep_blank_values=True) if form else []

    def value(self, name, default=None):
        return next((v for k, v in self.form + self.query if k == name), default)

    def values(self, name):
        return [v for k, v in self.form if k == name]

    def summary(self):
        """What matters on the wire, the order of fields aside."""
        return self.method, self.path, tuple(sorted(self.form)), tuple(sorted(self.query)), self.user

    def entry(self):
        """As the journal shows it over HTTP: whose credentials came, never the credentials."""
        form = [(k, "…" if k in SECRETS else v) for k, v in self.form]
        return {
            "method": self.method, "path": self.path, "query": self.query, "form": form, "user": self.user, "acted": self.acted,
            "status": self.status}


class Answer:
    def __init__(self, status, body=b"", headers=None, type="application/json"):
        self.status, self.headers, self.type = status, dict(headers or {}), type
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.json = None if isinstance(body, bytes) else body


class Fault:
    """Something that goes wrong with the next `times` requests that `matches` takes.

    kind: "answer" (say `answer` instead of acting), "hang" (never answer), "cut unread" (close before the body is read), "cut"
    (close before the request is acted on), "cut after" (act, then close without an answer), "garbage" (act, then answer with what
    is no HTTP), "slow" (act, then let the body drip for two seconds).
    """

    def __init__(self, kind, times=1, method=None, path=None, answer=None):
        self.kind, self.times, self.method, self.path, self.answer = kind, times, method, path, answer

    def matches(self, request):
        return self.times > 0 and self.method in (None, request.method) and (self.path is None or self.path in request.path)


class Double:
    """A server of canned behaviour: subclasses answer `respond(request)`, which must mark `request.acted` where it changes something."""

    def __init__(self):
        self.journal, self.faults, self.lock = [], [], threading.RLock()
        self.validator = None  # called with (request, answer)
        self.gone = threading.Event()
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or a body waits for the client to acknowledge the head

            def handle_any(self):
                if self.path.startswith("/_control/"):
                    return double.answer_control(self)
                request = Request(self.command, self.path, self.headers, b"")
                fault = double.begin(request)
                if fault and fault.kind == "cut unread":
                    return double.cut(self)
                length = int(self.headers.get("Content-Length") or 0)
                if "chunked" in self.headers.get("Transfer-Encoding", ""):
                    body = b""
                    while size := int(self.rfile.readline().split(b";")[0], 16):
                        body += self.rfile.read(size)
                        self.rfile.readline()
                    self.rfile.readline()
                else:
                    body = self.rfile.read(length)
                request.read(body)
                return double.serve(self, request, fault)

            do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = do_HEAD = handle_any
            do_OPTIONS = do_PROPFIND = do_PROPPATCH = do_REPORT = do_MKCALENDAR = handle_any  # WebDAV's (RFC 4918, 3253, 4791)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.gone.set()
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def fail(self, kind, times=1, method=None, path=None, status=None, body=None, headers=None):
        answer = Answer(status, body if body is not None else {}, headers) if status else None
        with self.lock:
            self.faults.append(Fault(kind, times, method, path, answer))

    def requests(self, method=None, path=None):
        with self.lock:
            return [r for r in self.journal if method in (None, r.method) and (path is None or path in r.path)]

    def acted(self, path=None):
        """How many requests changed something."""
        return sum(r.acted for r in self.requests(path=path))

    def begin(self, request):
        """Notes a request whose head has come; the fault that is its lot."""
        with self.lock:
            self.journal.append(request)
            fault = next((f for f in self.faults if f.matches(request)), None)
            if fault:
                fault.times -= 1
        return fault

    def serve(self, handler, request, fault):
        kind = fault.kind if fault else None
        if kind in ("cut", "hang"):
            self.validate(request, None)
            if kind == "hang":
                self.wait(handler, request)
            return self.cut(handler)
        answer = fault.answer if kind == "answer" else self.answer(request)
        self.validate(request, None if kind == "answer" else answer)
        request.status, request.answer = answer.status, answer.json
        if kind == "cut after":
            return self.cut(handler)
        if kind == "garbage":
            handler.wfile.write(b"%%% this is no HTTP %%%\r\n\r\n")
            handler.close_connection = True
            return None
        return self.send(handler, answer, 2 if kind == "slow" else 0)

    def send(self, handler, answer, seconds=0):
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Type", answer.type)
        handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        if handler.command == "HEAD":
            return
        step = max(1, len(answer.body) // 20) if seconds else max(1, len(answer.body))
        try:
            for start in range(0, len(answer.body), step):
                handler.wfile.write(answer.body[start:start + step])
                time.sleep(seconds / 20)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True

    def wait(self, handler, request):
        """Until the client goes away or the double ends, two minutes at most."""
        end = time.monotonic() + 120
        while not self.gone.wait(0.02) and time.monotonic() < end:
            if select.select([handler.connection], [], [], 0)[0]:
                try:
                    if handler.connection.recv(1, socket.MSG_PEEK):
                        continue
                except OSError:
                    pass
                return request.abandoned.set()

    def validate(self, request, answer):
        """Shows the validator the request, and the answer if it is the double's own and a success."""
        if self.validator:
            self.validator(request, answer if answer and answer.status < 400 else None)

    def answer(self, request):
        with self.lock:
            return self.respond(request)

    def answer_control(self, handler):
        """What a test in another process asks for: `GET /_control/journal`, and `POST /_control/NAME` with a JSON object."""
        name = handler.path.removeprefix("/_control/")
        order = json.loads(handler.rfile.read(int(handler.headers.get("Content-Length") or 0)) or b"{}")
        try:
            with self.lock:
                done = [r.entry() for r in self.journal] if (handler.command, name) == ("GET", "journal") else self.control(name, order)
            answer = Answer(200, {"done": True} if done is None else done)
        except (KeyError, TypeError, ValueError) as error:
            answer = Answer(400, {"error": repr(error)})
        self.send(handler, answer)

    def control(self, name, order):
        """One order of the control API; subclasses know more."""
        if name == "fail":
            return self.fail(**order)
        if name == "reset":
            self.journal.clear()
            self.faults.clear()
            return None
        raise ValueError(f"no such order: {name}")

    def respond(self, request):
        raise NotImplementedError

    @staticmethod
    def cut(handler):
        handler.close_connection = True
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()


def run(double, **said):
    """A double as a program: says where it is, and ends with its standard input."""
    with double:
        print(json.dumps({"url": double.url, **said}), flush=True)
        sys.stdin.read()


def parts(request):
    """The parts of a multipart/form-data body: {name: (filename, type, octets)}."""
    boundary = request.headers["Content-Type"].partition("boundary=")[2].strip('"').encode()
    found = {}
    for chunk in request.body.split(b"--" + boundary)[1:-1]:
        head, _, content = chunk.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().strip().split("\r\n"))
        fields = {name.lower(): value for name, value in fields.items()}
        words = dict(word.strip().split("=", 1) for word in fields["content-disposition"].split(";")[1:])
        name = words["name"].strip('"')
        found[name] = (words.get("filename", "").strip('"') or None, fields.get("content-type"), content[:-2])
    return found
