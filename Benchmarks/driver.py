"""Drives any MCP server over its pipes and times it. Python's standard library only.

What is sent is made before the clock starts and what came back is looked at after it stopped, so that between the two there
are only `write` and `read`. Every answer is checked: an error is not a fast answer.
"""

import json
import os
import re
import select
import subprocess
import tempfile
import time

IDENTITY = re.compile(rb'"id" ?: ?(\d+)')
clock = time.perf_counter


class Trouble(Exception):
    """The server answered wrongly, or not at all."""


def percentile(values, share):
    """The value that `share` (0…1) of `values` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


class Server:
    """A running server. Times are in seconds."""

    def __init__(self, name, command, environment=None, timeout=60.0):
        self.name, self.timeout, self.last_id, self.spare = name, timeout, 0, b""
        self.log = tempfile.TemporaryFile()
        if "/" in command[0]:
            command = [os.path.abspath(command[0]), *command[1:]]
        self.started = clock()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, env=environment, cwd="/", bufsize=0
        )
        self.input, self.output = self.process.stdin.fileno(), self.process.stdout.fileno()

    # --- One at a time

    def line(self, method, params=None):
        """A request as bytes, with the next id."""
        self.last_id += 1
        request = {"jsonrpc": "2.0", "id": self.last_id, "method": method}
        if params is not None:
            request["params"] = params
        return json.dumps(request).encode() + b"\n"

    def request(self, method, params=None, timeout=None):
        """Sends a request and returns its result; for what is not timed."""
        self._write(self.line(method, params))
        return self._result(self._answer(timeout), method)

    def call(self, tool, arguments, timeout=None):
        return self.request("tools/call", {"name": tool, "arguments": arguments}, timeout)

    def open(self):
        """The handshake, in the revision that every server here speaks."""
        hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "benchmark", "version": "1"}}
        result = self.request("initialize", hello)
        self._write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
        return result

    def cold_start(self):
        """Seconds from the start of the process to the answer of the first tools/list."""
        self.open()
        tools = self.request("tools/list")
        took = clock() - self.started
        if not tools.get("tools"):
            raise Trouble(f"{self.name} lists no tools")
        return took

    # --- Timed

    def sequential(self, requests, seconds, check=True):
        """One call after the other, for about `seconds`. Returns the time each took."""
        lines = [self.line(*request) for request in requests]
        times, answers, index = [], [], 0
        write, read, output = os.write, os.read, self.output
        end = clock() + seconds
        while True:
            line = lines[index % len(lines)]
            index += 1
            start = clock()
            if write(self.input, line) != len(line):
                raise Trouble("a short write")
            answer = read(output, 1 << 16)
            while not answer.endswith(b"\n"):
                more = read(output, 1 << 16)
                if not more:
                    raise Trouble(self._why("it ended in the middle of an answer"))
                answer += more
            stop = clock()
            times.append(stop - start)
            if index <= 2000:
                answers.append(answer)
            if stop > end:
                break
        if check:
            for answer in answers:
                self._check(answer)
        return times

    def concurrent(self, requests, seconds, in_flight, extra=()):
        """A closed loop with `in_flight` calls under way. Returns (answers a second, the time each took).

        `extra` are further requests sent first and left to take as long as they like: they are waited for at the end, and
        counted in neither number.
        """
        bodies = [self._body(*request) for request in requests]
        sent, arrived, index = {}, [], 0
        slow = [self.line(*request) for request in extra]
        slow_ids = {int(IDENTITY.search(line)[1]) for line in slow}
        for line in slow:
            self._write(line)
        start = now = clock()
        end = start + seconds
        waiting, buffered = 0, b""
        os.set_blocking(self.input, False)
        try:
            due = in_flight
            while now < end:
                if due:
                    batch = []
                    for _ in range(due):
                        self.last_id += 1
                        body = bodies[index % len(bodies)]
                        index += 1
                        batch.append(b'{"jsonrpc":"2.0","id":%d,%b' % (self.last_id, body))
                        sent[self.last_id] = now
                    waiting += due
                    buffered += b"".join(batch)
                if buffered:
                    buffered = buffered[self._write_some(buffered) :]
                if not select.select([self.output], [self.input] if buffered else [], [], self.timeout)[0]:
                    if buffered:
                        due = 0
                        continue
                    raise Trouble(self._why("no answer under load"))
                chunk = os.read(self.output, 1 << 16)
                now = clock()
                if not chunk:
                    raise Trouble(self._why("it ended under load"))
                arrived.append((now, chunk))
                due = chunk.count(b"\n")
                waiting -= due
        finally:
            os.set_blocking(self.input, True)
        if buffered:
            self._write(buffered)
        took, timed = now - start, len(arrived)
        waiting += len(slow)
        while waiting > 0:  # the rest, and what was slow, untimed
            chunk = self._read_some()
            arrived.append((clock(), chunk))
            waiting -= chunk.count(b"\n")
        return self._account(arrived, timed, sent, slow_ids, took)

    def _account(self, arrived, timed, sent, slow_ids, took):
        """Puts answers to requests. An answer arrived when its newline did."""
        times, count, rest, checked = [], 0, b"", 0
        for position, (when, chunk) in enumerate(arrived):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                found = IDENTITY.search(line[:64]) or IDENTITY.search(line[-64:]) or IDENTITY.search(line)
                identity = int(found[1]) if found else None
                if identity in slow_ids:
                    self._check(line)
                    continue
                if identity not in sent:
                    raise Trouble(f"{self.name} answered what was not asked: {line[:200]!r}")
                if checked < 2000:
                    self._check(line)
                    checked += 1
                if position < timed:
                    times.append(when - sent.pop(identity))
                    count += 1
                else:
                    sent.pop(identity)
        if sent:
            raise Trouble(f"{self.name} left {len(sent)} calls without an answer")
        return count / took, times

    def end_of_input(self, requests):
        """Sends the requests and hangs up at once. Returns (how many were answered, exit code, seconds)."""
        lines = [self.line(*request) for request in requests]
        wanted = {int(IDENTITY.search(line)[1]) for line in lines}
        self._write(b"".join(lines))
        start = clock()
        self.process.stdin.close()
        answer = b""
        while chunk := self._read_some(may_end=True):
            answer += chunk
        code = self.process.wait(self.timeout)
        took = clock() - start
        answered = 0
        for line in answer.split(b"\n"):
            if line and json.loads(line).get("id") in wanted:
                self._check(line)
                answered += 1
        return answered, code, took

    # --- What it costs

    def memory(self):
        """Resident megabytes of the process."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

    def processor(self):
        """Seconds of processor time used so far."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        """End of input; the exit code."""
        if not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            code = self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process.stdout.close()
        self.log.close()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- Pipes

    @staticmethod
    def _body(method, params=None):
        """A request without its beginning, which carries the id."""
        request = {"method": method} | ({} if params is None else {"params": params})
        return json.dumps(request).encode()[1:] + b"\n"

    def _write(self, data):
        while data:
            data = data[os.write(self.input, data) :]

    def _write_some(self, data):
        try:
            return os.write(self.input, data[: 1 << 16])
        except BlockingIOError:
            return 0

    def _read_some(self, may_end=False, timeout=None):
        timeout = timeout or self.timeout
        if not select.select([self.output], [], [], timeout)[0]:
            raise Trouble(self._why(f"no answer in {timeout:.0f} s"))
        chunk = os.read(self.output, 1 << 16)
        if not chunk and not may_end:
            raise Trouble(self._why("it ended"))
        return chunk

    def _answer(self, timeout=None):
        """The answer to the last request; notifications before it are passed over."""
        while True:
            while b"\n" not in self.spare:
                self.spare += self._read_some(timeout=timeout)
            line, _, self.spare = self.spare.partition(b"\n")
            message = json.loads(line)
            if message.get("id") == self.last_id:
                return message

    def _result(self, message, what):
        if "error" in message:
            raise Trouble(f"{self.name}: {what}: {message['error']}")
        result = message["result"]
        if result.get("isError"):
            raise Trouble(f"{self.name}: {what}: {result['content'][0]['text']}")
        return result

    def _check(self, line):
        self._result(json.loads(line), "under measurement")

    def _why(self, what):
        self.log.seek(0)
        return f"{self.name}: {what}\n{self.log.read().decode(errors='replace')[-2000:]}"
