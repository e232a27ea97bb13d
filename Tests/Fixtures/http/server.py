"""An HTTP server for tests, on loopback, that remembers what it was asked and misbehaves on demand.

The first element of a path is a key under which the request is remembered, the second names the answer (answers.py, http2.py).
Orders come as lines on standard input, each is answered by a line of JSON; the server ends when its input does:

    requests KEY        what arrived under that key, and whether its connection has been closed since
    connections NAME    how many connections that listener has seen, and how many are open
    drop NAME           ends all connections of that listener, without a word
"""

import asyncio
import base64
import json
import logging
import os
import shutil
import ssl
import sys
import tempfile
import threading
import time

import answers
import certificates
import http2


class House:
    """What all listeners share."""

    def __init__(self):
        self.requests = {}
        self.connections = {}
        self.next_connection = 0

    def opened(self, listener, writer):
        self.next_connection += 1
        connection = Connection(self.next_connection, writer)
        self.connections[listener].append(connection)
        return connection

    def remember(self, key, connection, method, target, headers, body):
        request = {
            "method": method, "target": target, "headers": headers, "body": base64.b64encode(body).decode(),
            "connection": connection.number, "of": connection,
        }
        self.requests.setdefault(key, []).append(request)
        return request

    def count(self, key):
        return len(self.requests.get(key, []))

    def obey(self, order):
        verb, name = order.split()
        if verb == "requests":
            return [
                {**{k: v for k, v in request.items() if k != "of"}, "closed": request["of"].closed}
                for request in self.requests.get(name, [])
            ]
        connections = self.connections[name]
        if verb == "drop":
            for connection in connections:
                connection.writer.transport.abort()
        return {"opened": len(connections), "open": sum(not connection.closed for connection in connections)}


class Connection:
    def __init__(self, number, writer):
        self.number = number
        self.writer = writer
        self.closed = False


async def listen(house, name, context=None, serve=answers.serve):
    house.connections[name] = []

    async def handle(reader, writer):
        connection = house.opened(name, writer)
        try:
            await serve(house, connection, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, TimeoutError):
            pass
        finally:
            connection.closed = True
            writer.transport.abort()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context, limit=1 << 20, backlog=512)
    return server, server.sockets[0].getsockname()[1]


def watch(parent, folder):
    """Ends the server when the process that started it has gone, also while the loop is busy."""
    while os.getppid() == parent:
        time.sleep(0.5)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


async def main(papers):
    house = House()
    kinds = {
        "http": (None, answers.serve),
        "https": (certificates.context(papers, "good"), answers.serve),
        "wrongName": (certificates.context(papers, "other"), answers.serve),
        "selfSigned": (certificates.context(papers, "alone"), answers.serve),
        "expired": (certificates.context(papers, "expired"), answers.serve),
        "old": (certificates.context(papers, "good", old=True), answers.serve),
        "http2": (certificates.context(papers, "good", protocols=["h2", "http/1.1"]), http2.serve),
        "mute": (None, answers.say_nothing),
    }
    servers = {name: await listen(house, name, context, serve) for name, (context, serve) in kinds.items()}
    ports = {name: port for name, (_, port) in servers.items()}
    print(json.dumps({"ports": ports, "authority": papers["authority"]}), flush=True)

    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while order := await orders.readline():
        print(json.dumps(house.obey(order.decode())), flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="atlas-http-") as folder:
        threading.Thread(target=watch, args=(os.getppid(), folder), daemon=True).start()
        loop = asyncio.new_event_loop()
        # Connections that a test leaves hanging, or ends rudely, are no news.
        loop.set_exception_handler(lambda loop, context: None)
        logging.disable()
        # The papers that another server made will do: making them takes longer than all else.
        papers = certificates.found(sys.argv[1]) if len(sys.argv) > 1 else certificates.make(folder)
        loop.run_until_complete(main(papers))
    os._exit(0)
