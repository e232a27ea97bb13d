"""Calendars: series expanded beside PyPI's recurring-ical-events, and free time found, in one run.

    .venv/bin/python Benchmarks/calendar_speed.py [--calendar .build/release/CalendarServer]

*Expansion*: a thousand series of every frequency stand in the built-in calendar. `list_events` over a year reads, expands and sorts them
all, and answers with the first event; the reference parses and expands the same texts over the same year. That ours also asks
PostgreSQL and answers over a pipe counts against us.

*Free time*: `find_free_slots` over 90 days with two thousand events beside `list_events` of one event over the same days, which fetches and
expands the same. Nearly all of the difference is what the listing leaves out, two thousand events in full; finding the slots takes a
tenth of a millisecond.
"""

import argparse
import base64
import datetime
import os
import statistics
import tempfile
import time

from database import ROOT, Cluster
from driver import Server

ROUNDS, SERIES, SINGLE = 7, 1_000, 2_000
RULES = [
    "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=DAILY;COUNT=60", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=WEEKLY;INTERVAL=2", "FREQ=YEARLY",
    "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20271231T235959Z", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"]
START = datetime.datetime(2027, 1, 4, 8)


def timed(work):
    begun = time.perf_counter()
    answer = work()
    return (time.perf_counter() - begun) * 1000, answer


def median(name, work):
    values = [timed(work)[0] for _ in range(ROUNDS)]
    print(f"{name:68} {statistics.median(values):10.2f} ms", flush=True)
    return statistics.median(values)


def listing(server, start, end, **more):
    return server.call("list_events", {"start": start, "end": end, "limit": 1} | more)["structuredContent"]


def create(server, count, moment, **more):
    """Events, one after the other."""
    for n in range(count):
        server.call("create_event", {"summary": f"Event {n}"} | moment(n) | {name: value(n) for name, value in more.items()})


def expansion(server, cluster):
    import icalendar
    import recurring_ical_events

    def moment(n):
        start = START + datetime.timedelta(days=n % 28, minutes=15 * (n % 36))
        return {"start": start.isoformat(), "end": (start + datetime.timedelta(minutes=45)).isoformat()}

    create(server, SERIES, moment, recurrence=lambda n: RULES[n % len(RULES)])
    texts = [base64.b64decode(line) for line in cluster.sql(
        "bench", "SELECT replace(encode(icalendar, 'base64'), E'\\n', '') FROM calendar_events").splitlines()]
    assert len(texts) == SERIES
    year = (datetime.datetime(2027, 1, 1, tzinfo=datetime.timezone.utc), datetime.datetime(2028, 1, 1, tzinfo=datetime.timezone.utc))
    ours = median(f"list_events, {SERIES} series over a year", lambda: listing(server, "2027-01-01T00:00Z", "2028-01-01T00:00Z"))
    values = []
    for _ in range(3):
        took, found = timed(lambda: sum(len(recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(*year)) for text in texts))
        values.append(took)
    theirs = statistics.median(values)
    print(f"{'recurring-ical-events, the same texts':68} {theirs:10.2f} ms   ({found} occurrences)")
    print(f"{'  expansion, of the time of recurring-ical-events (target 1/10)':68}      1/{theirs / ours:.0f}\n")


def free_time(server):
    def moment(n):
        start = datetime.datetime(2030, 1, 1, 6) + datetime.timedelta(minutes=n * 64)
        return {"start": f"{start.isoformat()}Z", "end": f"{(start + datetime.timedelta(minutes=30)).isoformat()}Z"}

    create(server, SINGLE, moment)
    span = {"start": "2030-01-01", "end": "2030-03-31"}
    fetching = median(f"list_events, {SINGLE} events in 90 days, one shown", lambda: listing(server, **span))
    finding = median("find_free_slots over the same days", lambda: server.call("find_free_slots", span))
    print(f"{'  more than a listing that shows one event':68} {finding - fetching:10.2f} ms\n")


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--calendar", default=os.path.join(ROOT, ".build/release/CalendarServer"))
    command = [os.path.abspath(words.parse_args().calendar)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ATLAS_")}
    environment = clean | {"ATLAS_RATE_LIMIT": "0", "ATLAS_TIMEZONE": "America/Chicago"}
    with tempfile.TemporaryDirectory(prefix="atlas-bench-", dir="/var/tmp", ignore_cleanup_errors=True) as folder:
        cluster = Cluster(folder)
        cluster.sql("postgres", "CREATE DATABASE bench")
        with Server("CalendarServer", command, environment | {"ATLAS_DATABASE_URL": cluster.url("bench")}) as server:
            server.open()
            expansion(server, cluster)
            free_time(server)
        cluster.close()


if __name__ == "__main__":
    main()
