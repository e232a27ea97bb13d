"""HTTP/1.1, written by hand so that every rule can be broken."""

import asyncio
import gzip
import json
import zlib
from urllib.parse import parse_qs, urlsplit


async def say_nothing(house, connection, reader, writer):
    await reader.read()
    await asyncio.sleep(3600)


class Exchange:
    """One request, and the means to answer it."""

    def __init__(self, house, reader, writer, request, key, query):
        self.reader, self.writer, self.request = reader, writer, request
        self.query = {name: values[-1] for name, values in query.items()}
        self.number = house.count(key)

    def raw(self, octets):
        self.writer.write(octets)

    def head(self, code=200, headers=(), length=None):
        lines = [f"HTTP/1.1 {code} Word", *(f"{name}: {value}" for name, value in headers)]
        if length is not None:
            lines.append(f"Content-Length: {length}")
        self.raw("\r\n".join([*lines, "", ""]).encode("latin-1"))

    def answer(self, body=b"", code=200, headers=()):
        self.head(code, headers, len(body))
        if self.request["method"] != "HEAD":
            self.raw(body)

    async def hang_up(self):
        await self.writer.drain()
        self.writer.close()
        raise ConnectionError


async def serve(house, connection, reader, writer):
    while True:
        first = await reader.readline()
        if not first:
            return
        method, target, _ = first.decode("latin-1").split()
        headers = []
        while (line := (await reader.readline()).decode("latin-1").rstrip("\r\n")) != "":
            name, value = line.split(":", 1)
            headers.append([name, value.strip()])
        url = urlsplit(target)
        _, key, action = url.path.split("/", 2)
        query = parse_qs(url.query)
        if action == "close-early":
            house.remember(key, connection, method, target, headers, b"")
            return
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        body = await reader.readexactly(length)
        request = house.remember(key, connection, method, target, headers, body)
        await actions[action](Exchange(house, reader, writer, request, key, query))
        await writer.drain()


def description(exchange):
    return json.dumps({k: v for k, v in exchange.request.items() if k != "of"}).encode()


async def echo(exchange):
    exchange.answer(description(exchange), headers=[("Content-Type", "application/json")])


async def status(exchange):
    headers = [("Retry-After", exchange.query["retry"])] if "retry" in exchange.query else []
    exchange.answer(exchange.query.get("body", "").encode(), int(exchange.query["code"]), headers)


async def flaky(exchange):
    """`code` for the first `times`, then what echo says."""
    await (status if exchange.number <= int(exchange.query["times"]) else echo)(exchange)


async def flaky_close(exchange):
    if exchange.number <= int(exchange.query["times"]):
        await exchange.hang_up()
    await echo(exchange)


async def flaky_half(exchange):
    """Half a body for the first `times`, then a whole one."""
    exchange.head(length=10)
    exchange.raw(b"first" if exchange.number <= int(exchange.query["times"]) else b"0123456789")
    if exchange.number <= int(exchange.query["times"]):
        await exchange.hang_up()


async def delay(exchange):
    await asyncio.sleep(float(exchange.query["seconds"]))
    await echo(exchange)


async def hang(exchange):
    # Reads on, to see the other side leave.
    await exchange.writer.drain()
    await exchange.reader.read()
    raise ConnectionError


async def stall(exchange):
    """The beginning of an answer, and no more."""
    exchange.head(length=1000)
    exchange.raw(b"x" * 10)
    await hang(exchange)


async def close(exchange):
    await exchange.hang_up()


async def half(exchange):
    exchange.head(length=1000)
    exchange.raw(b"x" * 500)
    await exchange.hang_up()


async def half_chunked(exchange):
    exchange.head(headers=[("Transfer-Encoding", "chunked")])
    exchange.raw(b"5\r\nhello\r\n")
    await exchange.hang_up()


async def raw(exchange):
    """Nonsense, and what lies between it and HTTP."""
    exchange.raw(nonsense[exchange.query["kind"]])
    await exchange.hang_up()


nonsense = {
    "garbage": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "no-head": b"<html>Hello</html>",
    "no-colon": b"HTTP/1.1 200 OK\r\nthis is no field\r\nContent-Length: 0\r\n\r\n",
    "two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 3\r\n\r\nhello",
    "negative-length": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
    "bad-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n",
    "bad-gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
    "endless-head": b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-Field-%d: %s\r\n" % (i, b"y" * 1000) for i in range(400)),
    "long-field": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000 + b"\r\nContent-Length: 0\r\n\r\n",
}


async def fields(exchange):
    """An interim answer, repeated and folded fields, a trailer."""
    exchange.raw(b"HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n")
    exchange.raw(
        b"HTTP/1.1 200 OK\r\nX-Twice: one\r\nx-twice: two\r\nX-Folded: first\r\n  second\r\nX-Empty:\r\n"
        b"X-Blanks:  \t padded \t\r\nX-UTF8: gr\xc3\xbc\xc3\x9fe\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5\r\nhello\r\n0\r\nX-Trailer: late\r\n\r\n"
    )


async def redirect(exchange):
    exchange.answer(b"moved", int(exchange.query.get("code", 302)), [("Location", exchange.query["to"])])


async def bomb(exchange):
    """`megabytes` of nothing, a thousandth of that on the wire."""
    packer = zlib.compressobj(9, wbits=31)
    octets = b"".join(packer.compress(bytes(1 << 20)) for _ in range(int(exchange.query["megabytes"]))) + packer.flush()
    exchange.answer(octets, headers=[("Content-Encoding", "gzip")])


async def packed(exchange):
    exchange.answer(gzip.compress(b"hello " * 100), headers=[("Content-Encoding", "gzip")])


async def large(exchange):
    """`size` octets 0, 1 … 250, 0 …; in chunks of unknown sum when `chunked` is there."""
    octets = (bytes(range(251)) * (int(exchange.query["size"]) // 251 + 1))[: int(exchange.query["size"])]
    if "chunked" not in exchange.query:
        return exchange.answer(octets)
    exchange.head(headers=[("Transfer-Encoding", "chunked")])
    for start in range(0, len(octets), 10_000):
        piece = octets[start : start + 10_000]
        exchange.raw(b"%x\r\n%s\r\n" % (len(piece), piece))
        await exchange.writer.drain()
    exchange.raw(b"0\r\n\r\n")


async def endless(exchange):
    exchange.head(headers=[("Transfer-Encoding", "chunked")])
    while not exchange.writer.is_closing():
        exchange.raw(b"10000\r\n%s\r\n" % bytes(0x10000))
        await exchange.writer.drain()
        # A client that reads as fast as we write would leave nobody else a turn.
        await asyncio.sleep(0.001)
    raise ConnectionError


actions = {
    "echo": echo, "status": status, "flaky": flaky, "flaky-close": flaky_close, "flaky-half": flaky_half, "delay": delay,
    "hang": hang, "stall": stall, "close": close, "half": half, "half-chunked": half_chunked, "raw": raw, "fields": fields,
    "redirect": redirect, "bomb": bomb, "packed": packed, "large": large, "endless": endless,
}
