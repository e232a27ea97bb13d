"""Many callers at once, on servers that are killed in the middle: what races have in common."""

import random
import subprocess
import threading
import time

from client import KILL, Server


class Racer(threading.Thread):
    """Keeps calls in flight on one server, and goes on with another process when that one is killed.

    A kind of race says how a server is started, how a job is begun on it, and what an answer means.
    """

    in_flight = 16

    def __init__(self, number: int, jobs: list) -> None:
        super().__init__(daemon=True)
        self.number, self.jobs, self.numbers = number, jobs, random.Random(number)
        self.server, self.failure = None, None
        self.kills = self.settled = 0

    def start_server(self) -> Server:
        raise NotImplementedError

    def begin(self, server: Server, job) -> object:
        """Sends the call and gives its id."""
        raise NotImplementedError

    def settle(self, job, result: dict) -> None:
        """Takes the answer; appends to `self.jobs` what is to be done next."""
        raise NotImplementedError

    def run(self) -> None:
        try:
            while self.jobs:
                self.converse()
        except BaseException as error:  # noqa: BLE001 - reported by the test
            self.failure = error

    def converse(self) -> None:
        self.server = server = self.start_server()
        flight: dict[object, object] = {}
        try:
            while self.jobs or flight:
                while self.jobs and len(flight) < self.in_flight:
                    job = self.jobs.pop(self.numbers.randrange(len(self.jobs)))
                    flight[None] = job  # should the server be gone before it is asked
                    flight[self.begin(server, job)] = flight.pop(None)
                message = server.next(60)
                job = flight.pop(message["id"])
                self.settle(job, message["result"])
                self.settled += 1
        except (BrokenPipeError, AssertionError) as error:
            try:
                killed = server.process.wait(5) == -KILL
            except subprocess.TimeoutExpired:
                killed = False
            if not killed:
                raise error
            self.jobs += flight.values()  # nobody knows what became of these: again
            self.kills += 1
            return
        server.end()


def race(racers: list[Racer], marks, seconds: float = 90) -> None:
    """Lets all of them run, kills one's server whenever so many answers have come, and waits for the end."""
    for racer in racers:
        racer.start()
    numbers = random.Random(7)
    for mark in marks:
        while sum(r.settled for r in racers) < mark and any(r.is_alive() for r in racers):
            time.sleep(0.002)
        running = [r for r in racers if r.server and r.is_alive()]
        if running:
            numbers.choice(running).server.process.kill()
    deadline = time.monotonic() + seconds
    for racer in racers:
        racer.join(max(0, deadline - time.monotonic()))
        assert not racer.is_alive(), "a racer hangs"
        assert racer.failure is None, f"{racer.failure}"
