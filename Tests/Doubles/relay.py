"""A man between an HTTP client and a real HTTP server, on loopback and in clear: he keeps a journal, counts, and misbehaves on command.

    with Relay("127.0.0.1", radicale.port) as relay:
        relay.url, relay.requests("REPORT"), relay.fail("cut after", method="PUT")
        relay.before = lambda request: …            what somebody else does between two requests of ours

Standard library.
"""

import http.client

from serving import Answer, Double

# Of one connection, not of the message (RFC 9110, 7.6.1).
HOP = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "content-length"}


class Relay(Double):
    def __init__(self, host, port):
        super().__init__()
        self.target, self.before = (host, port), None
        self.server.handle_error = lambda *_: None  # clients go away, and are killed

    def answer(self, request):
        """Requests are not held up by each other, unlike a double's own."""
        if self.before:
            self.before(request)
        connection = http.client.HTTPConnection(*self.target, timeout=60)
        try:
            head = {name: value for name, value in request.headers.items() if name.lower() not in HOP}
            connection.request(request.method, request.target, request.body, head)
            said = connection.getresponse()
            body = said.read()
        except OSError as error:  # it is gone, or has too much to do
            return Answer(502, {"error": str(error)})
        finally:
            connection.close()
        request.acted = said.status < 300 and request.method in ("PUT", "DELETE", "POST", "MKCALENDAR", "PROPPATCH")
        kept = {name: value for name, value in said.getheaders() if name.lower() not in HOP | {"content-type"}}
        return Answer(said.status, body, kept, said.getheader("Content-Type", "text/plain"))
