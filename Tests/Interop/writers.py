"""Clients that keep writing whatever happens to the database, and remember each answer."""

import dataclasses
import itertools
import threading
import time

from client import Server
from diary import CALENDAR, workday


@dataclasses.dataclass
class Answer:
    """What one call was told."""

    job: int
    began: float
    ended: float
    code: str  # "success", or the error's
    retryable: bool
    text: str


class Writer(threading.Thread):
    """One server under load. A call that failed is made again, with the same key or the same person, until it is answered with success.

    A kind of writer says what job number `job` is.
    """

    in_flight = 6
    pause = 0.0

    def __init__(self, env: dict, number: int) -> None:
        super().__init__(daemon=True)
        self.server = Server("--toolsets", "default,scheduling" if self.command else "default", command=self.command, env=env)
        self.server.initialize()
        self.number, self.answers, self.failure = number, [], None
        self.stopped = threading.Event()
        self.jobs = itertools.count(number * 100_000)  # no two writers ever come to the same
        self.left: list[int] = []

    command: list[str] | None = None

    def job(self, job: int) -> tuple[str, dict]:
        raise NotImplementedError

    def run(self) -> None:
        try:
            flight: dict[object, tuple[int, float]] = {}
            while not self.stopped.is_set() or flight or self.left:
                while len(flight) < self.in_flight and (self.left or not self.stopped.is_set()):
                    job = self.left.pop(0) if self.left else next(self.jobs)
                    tool, arguments = self.job(job)
                    began = time.monotonic()
                    flight[self.server.begin(tool, **arguments)] = job, began
                message = self.server.next(60)
                job, began = flight.pop(message["id"])
                self.take(job, began, message["result"])
                time.sleep(self.pause)
            self.server.end()
        except BaseException as error:  # noqa: BLE001 - reported by the test
            self.failure = error

    def take(self, job: int, began: float, result: dict) -> None:
        error = result["_meta"]["atlas/error"] if result.get("isError") else {"code": "success", "retryable": False}
        text = result["content"][0]["text"]
        self.answers.append(Answer(job, began, time.monotonic(), error["code"], error["retryable"], text))
        if error["code"] != "success":
            self.left.append(job)
            time.sleep(0.05)

    @property
    def accepted(self) -> set[int]:
        return {answer.job for answer in self.answers if answer.code == "success"}

    def recovered(self, moment: float) -> float:
        """How long after `moment` the first call was answered with success."""
        return next(answer.ended for answer in self.answers if answer.code == "success" and answer.ended > moment) - moment


def phone(job: int) -> str:
    return f"+1217{2000000 + job}"


class Historian(Writer):
    """Every other job is a new contact, the others are lines in the history of one who is there."""

    def __init__(self, env: dict, number: int, contact: str) -> None:
        super().__init__(env, number)
        self.contact = contact

    def job(self, job: int) -> tuple[str, dict]:
        if job % 2:
            return "create_contact", {"full_name": f"Person {job}", "phone": phone(job)}
        return "log_interaction", {
            "contact_id": self.contact, "interaction_type": "call", "summary": f"line {job}", "idempotency_key": f"line-{job}"}


class Booker(Writer):
    """Visits, each at an hour of its own."""

    command = CALENDAR
    in_flight = 2
    pause = 0.04

    def job(self, job: int) -> tuple[str, dict]:
        day, hour = divmod(job % 1000, 8)
        return "book_appointment", {
            "customer_name": f"Customer {job}", "customer_phone": phone(job), "date": workday(day), "time": f"{8 + hour:02}:00",
            "idempotency_key": f"visit-{job}"}
