"""A TCP proxy on loopback that delays, cuts and counts. Standard library.

    python3 proxy.py HOST:PORT [--delay SECONDS]     prints a line of JSON {"port": …} and runs until its standard input ends

Every octet arrives `delay` seconds later than it would, each way, and no octet makes another wait: a round trip through it takes twice
`delay` longer, and the rate stays what it was.
"""

import argparse
import asyncio
import contextlib
import json
import socket
import struct
import sys
import threading


class Proxy:
    """In a test: `with Proxy("localhost", 993) as proxy: … proxy.port … proxy.cut()`."""

    def __init__(self, host, port, delay=0.0):
        self.target, self.delay = (host, port), delay
        self.opened, self.is_refusing = 0, False
        self.pairs = set()
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(ready,), daemon=True)
        self.thread.start()
        ready.wait(10)

    def run(self, ready):
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(asyncio.start_server(self.accept, "127.0.0.1", 0))
        self.port = self.server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()

    async def accept(self, reader, writer):
        if self.is_refusing:
            return self.reset(writer)
        try:
            upstream = await asyncio.open_connection(*self.target)
        except OSError:
            return self.reset(writer)
        self.opened += 1
        pair = (writer, upstream[1])
        for one in pair:
            one.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pairs.add(pair)
        await asyncio.gather(self.carry(reader, upstream[1]), self.carry(upstream[0], writer))
        self.pairs.discard(pair)
        return None

    async def carry(self, reader, writer):
        """What is read goes on when its time has come; reading does not wait for that."""
        waiting = asyncio.Queue()

        async def deliver():
            while True:
                due, octets = await waiting.get()
                await asyncio.sleep(max(0, due - self.loop.time()))
                if not octets:
                    break
                writer.write(octets)
                await writer.drain()
            writer.close()

        delivery = asyncio.ensure_future(deliver())
        try:
            while octets := await reader.read(1 << 16):
                waiting.put_nowait((self.loop.time() + self.delay, octets))
        except OSError:
            pass
        waiting.put_nowait((self.loop.time() + self.delay, b""))
        await asyncio.gather(delivery, return_exceptions=True)

    @staticmethod
    def reset(writer):
        with contextlib.suppress(OSError):  # it is closed already
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    def cut(self):
        """Ends every connection that is open, with no farewell."""
        async def all_of_them():
            for pair in list(self.pairs):
                for writer in pair:
                    self.reset(writer)

        asyncio.run_coroutine_threadsafe(all_of_them(), self.loop).result(5)

    def close(self):
        self.is_refusing = True
        self.cut()

        async def end():
            self.server.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("target")
    words.add_argument("--delay", type=float, default=0)
    options = words.parse_args()
    host, _, port = options.target.rpartition(":")
    with Proxy(host, int(port), options.delay) as proxy:
        print(json.dumps({"port": proxy.port}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
