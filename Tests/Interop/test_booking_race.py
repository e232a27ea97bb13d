"""Eight servers, twenty-five bookings in flight each, servers killed in the middle: never two visits at a time, and none forgotten."""

import pytest

from client import Server
from diary import CALENDAR, Diary, said, workday
from racing import Racer, race

SERVERS, IN_FLIGHT, SLOTS = 8, 25, 40
OVERLAPPING = """
    select count(*) from appointments a join appointments b on a.id < b.id and a.start_time < b.end_time and b.start_time < a.end_time
    where a.status = 'confirmed' and b.status = 'confirmed'"""


def customer(number: int) -> dict:
    """Two hundred of them; every tenth calls from the phone of the one before."""
    line = number - 1 if number % 10 == 0 and number else number
    return {"customer_name": f"Customer {line}", "customer_phone": [f"217-555-{1000 + line}", f"+1 217 555 {1000 + line}"][number % 2]}


def wanted(number: int) -> dict:
    """Each slot is wanted by five, three of them to the minute, two with a part of it."""
    slot = number % SLOTS
    minute = [0, 0, 0, 30, 15][number // SLOTS]
    hour = 8 + slot % 8
    return {"date": workday(slot // 8), "time": f"{hour:02}:{minute:02}"}


class Caller(Racer):
    """Books for twenty-five customers, with a key for each, until each has an answer."""

    in_flight = IN_FLIGHT

    def __init__(self, number: int, env: dict) -> None:
        super().__init__(number, [n for n in range(SERVERS * IN_FLIGHT) if n % SERVERS == number])
        self.env, self.booked, self.refused = env, {}, {}

    def start_server(self) -> Server:
        return Server("--toolsets", "default,scheduling", command=CALENDAR, env=self.env)

    def begin(self, server: Server, job: int) -> object:
        return server.begin("book_appointment", **customer(job), **wanted(job), idempotency_key=f"customer-{job}")

    def settle(self, job: int, result: dict) -> None:
        if not result.get("isError"):
            self.booked[job] = result["structuredContent"]
            return
        error, text = result["_meta"]["atlas/error"], result["content"][0]["text"]
        if error["retryable"]:
            self.jobs.append(job)
            return
        assert error["code"] == "conflict" and error.get("parameter") == "time", f"{job}: {error} {text}"
        self.refused[job] = text


def race_for_visits(env: dict) -> tuple[dict[int, dict], int]:
    callers = [Caller(number, env) for number in range(SERVERS)]
    race(callers, range(20, 180, 20), 240)
    assert sum(c.kills for c in callers) >= 4, "the kills came too late to prove anything"
    booked = {job: answer for c in callers for job, answer in c.booked.items()}
    refused = {job for c in callers for job in c.refused}
    assert len(booked) + len(refused) == SERVERS * IN_FLIGHT and not set(booked) & refused
    return booked, sum(c.kills for c in callers)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("keeper", ["local", "radicale"], indirect=True)
def test_eight_servers_with_kills_never_book_two_visits_at_a_time(database, keeper):
    env = {"ATLAS_DATABASE_URL": database.url, **keeper.env}
    booked, _ = race_for_visits(env)
    assert database.value(OVERLAPPING) == 0, "two visits at a time"
    rows = {row[0]: row[1:] for row in database.sql("select id::text, contact_id::text, status, start_time, end_time from appointments")}
    accepted = {answer["appointment"]["id"]: answer for answer in booked.values()}
    assert len(accepted) == len(booked), "two customers were told the same appointment"
    assert set(accepted) == set(rows), "an accepted booking is gone, or a row belongs to nobody who was told so"
    assert SLOTS // 2 < len(rows) <= SLOTS * 2 and all(row[1] == "confirmed" for row in rows.values())
    assert all(rows[id][0] == answer["contact_id"] for id, answer in accepted.items()), "each with its contact"
    phones = {customer(job)["customer_phone"][-4:] for job in booked}
    assert database.value("select count(*) from contacts where phone_e164 is not null") == len(phones), "one contact for each phone"
    lines = dict(database.sql("select contact_id::text, count(*) from contact_interactions group by 1"))
    visits = dict(database.sql("select contact_id::text, count(*) from appointments group by 1"))
    assert lines == visits, "one line of history for each visit"

    # A server that died while it showed a visit has its claim on it for some minutes.
    database.sql("update appointments set sync_until = now(), due_at = now() where sync_until is not null")
    diary = Diary(Server("--toolsets", "default,scheduling", command=CALENDAR, env=env))
    events = {diary.call("sync_appointment", appointment_id=id)["calendar_event_id"] for id in rows}
    listed = [e for day in range(5) for e in diary.events(workday(day), workday(day))]
    assert len(events) == len(rows) and sorted(e["id"] for e in listed) == sorted(events), "an event for each visit, and no other"
    taken = sorted((e["start"], e["end"]) for e in listed)
    assert all(first[1] <= second[0] for first, second in zip(taken, taken[1:]))
    diary.end()


@pytest.mark.timeout(300)
def test_visits_that_are_moved_at_once_never_meet(database, keep_diary):
    """Twelve visits, all of them moved about over twelve times by four servers."""
    diaries = [keep_diary() for _ in range(4)]
    times = [f"{8 + n // 2:02}:{n % 2 * 30:02}" for n in range(12)]
    visits = [diaries[0].book(workday(day), f"{8 + hour:02}:00")["appointment"]["id"] for day in range(2) for hour in range(6)]
    asked = []
    for number in range(240):
        one = diaries[number % 4]
        where = {"appointment_id": visits[number * 7 % 12], "date": workday(number % 2), "time": times[number * 5 % 12]}
        asked.append((one, one.server.begin("reschedule_appointment", **where)))
    codes = set()
    for one, id in asked:
        result = one.server.answer(id, 90)["result"]
        codes.add(result["_meta"]["atlas/error"]["code"] if result.get("isError") else "moved")
    assert "moved" in codes and codes <= {"moved", "conflict"}, codes
    assert database.value(OVERLAPPING) == 0 and database.value("select count(*) from appointments where status = 'confirmed'") == 12
    for id in visits:
        diaries[0].call("sync_appointment", appointment_id=id)
    listed = [e for day in (0, 1) for e in diaries[0].events(workday(day), workday(day))]
    shown = sorted(e["start"] for e in listed)
    starts = [row[0] for row in database.sql("select start_time from appointments")]
    assert shown == sorted(map(said, starts)), "the calendar shows them where they are"
