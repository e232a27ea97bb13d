"""A man between an IMAP client and a real server, on loopback and in clear: he answers for the server, and changes what it says.

    with Meddler("127.0.0.1", dovecot.imap) as meddler:
        meddler.answer(r"UID FETCH", b"* 1 FETCH (UID 1 BODY[] {99999999999}\\r\\n")     instead of passing the command on; %T is its tag
        meddler.mangle = lambda octets: octets.replace(b"{", b"{9")                     of all that the server says after log-in

Standard library.
"""

import re
import socket
import ssl
import threading
import time


class Meddler:
    def __init__(self, host, port):
        self.target, self.rules, self.mangle, self.lines = (host, port), [], None, []
        self.greeting = None       # instead of the server's
        self.context = None        # of TLS after STARTTLS, which the meddler then speaks himself
        self.gone = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def answer(self, pattern, octets, times=1, close=False, hang=False):
        """What the next `times` commands that the pattern finds are answered with; b"" for nothing at all."""
        self.rules.append({"pattern": re.compile(pattern, re.I), "octets": octets, "times": times, "close": close, "hang": hang})

    def reset(self):
        self.rules, self.mangle, self.greeting, self.context = [], None, None, None
        self.lines.clear()

    def accept(self):
        while not self.gone.is_set():
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.session, args=(client,), daemon=True).start()

    def session(self, client):
        try:
            with client, socket.create_connection(self.target, 10) as server:
                server.settimeout(None)
                if self.greeting is not None:
                    server.recv(4096)
                    client.sendall(self.greeting)
                threading.Thread(target=self.back, args=(server, client), daemon=True).start()
                self.forth(client, server)
        except (OSError, ValueError):
            pass

    def back(self, server, client):
        try:
            while octets := server.recv(1 << 16):
                client.sendall(self.mangle(octets) if self.mangle else octets)
        except (OSError, ValueError):
            pass
        for one in (client, server):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def forth(self, client, server):
        buffer, literal = b"", 0
        while octets := client.recv(1 << 16):
            buffer += octets
            while buffer:
                if literal:
                    piece, buffer = buffer[:literal], buffer[literal:]
                    literal -= len(piece)
                    server.sendall(piece)
                    continue
                line, found, rest = buffer.partition(b"\r\n")
                if not found:
                    break
                buffer = rest
                self.lines.append(line)
                if not self.meddle(line, client):
                    server.sendall(line + b"\r\n")
                    size = re.search(rb"\{(\d+)\+?\}$", line)
                    literal = int(size[1]) if size else 0

    def meddle(self, line, client):
        text = line.decode("latin-1")
        rule = next((r for r in self.rules if r["times"] > 0 and r["pattern"].search(text)), None)
        if rule is None:
            return False
        rule["times"] -= 1
        tag = line.split(b" ")[0]
        octets = rule["octets"]
        for piece in octets() if callable(octets) else [octets]:
            client.sendall(piece.replace(b"%T", tag))
        if rule["hang"]:
            self.gone.wait(120)
        if rule["close"]:
            raise ValueError("closed")
        return True

    def close(self):
        self.gone.set()
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Scripted:
    """A server that says `greeting`, then for each line of the client the next of `answers` (%T is the line's tag), then nothing more.

    An answer may be the word "TLS": the connection then goes on under `context`. With `close` the greeting is all.
    """

    def __init__(self, greeting, answers, context=None, close=False):
        self.greeting, self.answers, self.context, self.lines, self.is_closing = greeting, answers, context, [], close
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.session, args=(client,), daemon=True).start()

    def session(self, client):
        try:
            with client:
                client.sendall(self.greeting)
                if self.is_closing:
                    client.shutdown(socket.SHUT_WR)
                for answer in self.answers:
                    line = b""
                    while not line.endswith(b"\n"):
                        octet = client.recv(1)
                        if not octet:
                            return
                        line += octet
                    self.lines.append(line.strip())
                    tag = line.split(b" ")[0]
                    for piece in [answer] if isinstance(answer, (bytes, str)) else answer:
                        if piece == "TLS":
                            client = self.context.wrap_socket(client, server_side=True)
                        else:
                            client.sendall(piece.replace(b"%T", tag))
                while client.recv(4096):
                    time.sleep(0.001)
        except (OSError, ssl.SSLError):
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
