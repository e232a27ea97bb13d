"""Calendars made of a seed, and the occurrences that recurring-ical-events finds in them: a line of JSON each.

    expand_calendars.py SEED COUNT      calendars of the seeds from SEED on
    expand_calendars.py speed COUNT     one line: the texts, and how long the libraries took for them

Only what RFC 5545 defines is made. What the libraries read otherwise than the RFC is left out here, each with its reason:

- DTSTART is always an occurrence of its rule (3.8.5.3 calls anything else undefined).
- UNTIL is of the form that DTSTART asks for (3.3.10).
- Events that end by DTEND do not last over a change of the clocks: 3.8.5.3 keeps the exact duration, the library the one on the wall.
- No start at a local time that a change of the clocks skips: the library and zoneinfo keep the skipped time.
"""

import json
import random
import sys
import time
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from dateutil.rrule import rrulestr

ZONES = ["America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]
DAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]


def rule(rng):
    """A rule without COUNT and UNTIL."""
    frequency = rng.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = {"FREQ": frequency}
    if rng.random() < 0.5:
        parts["INTERVAL"] = rng.choice([1, 2, 3, 4, 5, 7])
    if rng.random() < 0.25:
        parts["WKST"] = rng.choice(DAYS)
    days = rng.sample(DAYS, rng.randint(1, 4))
    month_days = sorted(rng.sample([*range(1, 32), -1, -2, -5, -31], rng.randint(1, 4)))
    months = sorted(rng.sample(range(1, 13), rng.randint(1, 5)))
    by = lambda values: ",".join(map(str, values))
    kind = rng.random()
    if frequency == "DAILY":
        if kind < 0.2:
            parts["BYDAY"] = by(days)
        elif kind < 0.4:
            parts["BYMONTH"] = by(months)
        elif kind < 0.5:
            parts["BYMONTHDAY"] = by(month_days)
        elif kind < 0.6:
            parts["BYHOUR"] = by(sorted(rng.sample(range(5, 23), 2)))
    elif frequency == "WEEKLY":
        if kind < 0.7:
            parts["BYDAY"] = by(days)
        if kind < 0.15:
            parts["BYMONTH"] = by(months)
        elif kind < 0.25 and len(days) > 1:
            parts["BYSETPOS"] = rng.choice([1, -1, 2])
    elif frequency == "MONTHLY":
        if kind < 0.3:
            parts["BYMONTHDAY"] = by(month_days)
        elif kind < 0.6:
            parts["BYDAY"] = by(f"{rng.choice([1, 2, 3, 4, 5, -1, -2])}{day}" for day in days[:2])
        elif kind < 0.8:
            parts["BYDAY"] = by(days)
            parts["BYSETPOS"] = by(sorted(rng.sample([1, 2, 3, -1, -2], rng.randint(1, 2))))
        elif kind < 0.9:
            parts["BYDAY"] = by(days)
            parts["BYMONTHDAY"] = by(month_days)
        if rng.random() < 0.2:
            parts["BYMONTH"] = by(months)
    else:
        if kind < 0.2:
            parts["BYMONTH"] = by(months)
        elif kind < 0.35:
            parts["BYMONTH"] = by(months)
            parts["BYDAY"] = by(f"{rng.choice([1, 2, 3, 4, -1])}{day}" for day in days[:2])
        elif kind < 0.45:
            parts["BYDAY"] = by(f"{rng.choice([1, 2, 10, 20, 52, -1])}{day}" for day in days[:2])
        elif kind < 0.55:
            parts["BYYEARDAY"] = by(sorted(rng.sample([1, 50, 100, 200, 300, 365, -1, -100], rng.randint(1, 3))))
        elif kind < 0.7:
            parts["BYWEEKNO"] = by(sorted(rng.sample(range(2, 52), rng.randint(1, 3))))
            parts["BYDAY"] = by(days)
        elif kind < 0.8:
            parts["BYMONTH"] = by(months)
            parts["BYMONTHDAY"] = by(month_days)
        elif kind < 0.9:
            parts["BYMONTH"] = by(months)
            parts["BYDAY"] = by(days)
            parts["BYSETPOS"] = rng.choice([1, -1, 3])
    return parts


def text(parts):
    return ";".join(f"{name}={value}" for name, value in parts.items())


def skipped(local, zone):
    """Whether the clocks there never show this time."""
    there = local.replace(tzinfo=zone)
    return there.astimezone(timezone.utc).astimezone(zone).replace(tzinfo=None) != local


def calendar(rng):
    """The text of a calendar; None where the seed gives no sound one."""
    form = rng.choice(["zoned", "zoned", "zoned", "day", "floating", "utc"])
    zone = rng.choice(ZONES)
    first = datetime(rng.randint(2019, 2026), rng.randint(1, 12), rng.randint(1, 28), rng.randint(4, 21), rng.choice([0, 15, 30]))
    if form == "day":
        first = first.replace(hour=0, minute=0)
    parts = rule(rng)
    if form == "day":
        parts.pop("BYHOUR", None)
    # The first match: dateutil needs a start to count from, and then counts anew from what it found.
    for _ in range(3):
        found = next(iter(rrulestr(text(parts), dtstart=first).xafter(first, count=1, inc=True)), None) if may_match(parts, first) else None
        if found is None:
            return None
        if found == first:
            break
        first = found
    else:
        return None
    if form == "zoned" and skipped(first, ZoneInfo(zone)):
        return None
    some = list(rrulestr(text(parts), dtstart=first).xafter(first, count=rng.randint(3, 40), inc=True))
    end = rng.random()
    counted = dict(parts)
    if end < 0.3:
        counted["COUNT"] = rng.randint(1, 40)
    elif end < 0.6:
        last = some[-1]
        if form == "day":
            counted["UNTIL"] = f"{last:%Y%m%d}"
        elif form == "floating":
            counted["UNTIL"] = f"{last:%Y%m%dT%H%M%S}"
        else:
            there = last.replace(tzinfo=ZoneInfo(zone) if form == "zoned" else timezone.utc)
            counted["UNTIL"] = f"{there.astimezone(timezone.utc):%Y%m%dT%H%M%SZ}"

    def stamp(local):
        if form == "day":
            return ";VALUE=DATE", f"{local:%Y%m%d}"
        if form == "zoned":
            return f";TZID={zone}", f"{local:%Y%m%dT%H%M%S}"
        return "", f"{local:%Y%m%dT%H%M%S}" + ("Z" if form == "utc" else "")

    def line(name, local):
        return "{}{}:{}".format(name, *stamp(local))

    length = timedelta(days=rng.choice([1, 1, 2, 5])) if form == "day" else timedelta(minutes=rng.choice([15, 30, 60, 90]))
    lines = ["UID:series", "DTSTAMP:20260101T000000Z", "SUMMARY:Series", line("DTSTART", first), line("DTEND", first + length)]
    lines.append("RRULE:" + text(counted))
    sound = [local for local in some if form != "zoned" or not skipped(local, ZoneInfo(zone))]
    for local in rng.sample(sound, min(len(sound), rng.choice([0, 0, 1, 3]))):
        lines.append(line("EXDATE", local))
    for _ in range(rng.choice([0, 0, 1, 2])):
        extra = first + timedelta(days=rng.randint(1, 500))
        if form != "zoned" or not skipped(extra, ZoneInfo(zone)):
            lines.append(line("RDATE", extra))
    events = [lines]
    for number, local in enumerate(rng.sample(sound, min(len(sound), rng.choice([0, 0, 1, 2])))):
        if any(other.startswith("EXDATE") and other.endswith(stamp(local)[1]) for other in lines):
            continue
        moved = local + timedelta(days=rng.choice([0, 1, -1, 30]), minutes=0 if form == "day" else rng.choice([0, 30, 120]))
        if form == "zoned" and skipped(moved, ZoneInfo(zone)):
            continue
        single = [
            "UID:series", "DTSTAMP:20260101T000000Z", f"SUMMARY:Override {number}", line("RECURRENCE-ID", local),
            line("DTSTART", moved), line("DTEND", moved + length), "SEQUENCE:1"]
        if rng.random() < 0.3:
            single.append("STATUS:CANCELLED")
        events.append(single)
    if rng.random() < 0.2:
        events.reverse()
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN"]
        + [line for event in events for line in ["BEGIN:VEVENT", *event, "END:VEVENT"]] + ["END:VCALENDAR", ""])


def may_match(parts, first):
    """dateutil looks for the next match until the year 9999; a rule that matches does so within forty years."""
    until = dict(parts, UNTIL=f"{first + timedelta(days=366 * 40):%Y%m%dT%H%M%S}")
    return next(iter(rrulestr(text(until), dtstart=first)), None) is not None


def moment(value, zone):
    """Seconds since 1970; what has no zone is meant in the business's."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if value.tzinfo is None:
        value = value.replace(tzinfo=ZoneInfo(zone))
    return int(value.timestamp())


def expand(octets, start, end, zone):
    """The occurrences in a range of moments, for a business in `zone`: start, end, summary."""
    there = ZoneInfo(zone)
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(octets)).between(
        datetime.fromtimestamp(start, there), datetime.fromtimestamp(end, there))
    return sorted([moment(event.start, zone), moment(event.end, zone), str(event["SUMMARY"])] for event in found)


def speed(count):
    """How long the libraries take for the first `count` calendars and the year 2026, reading included."""
    texts = list(filter(None, (calendar(random.Random(seed)) for seed in range(2 * count))))[:count]
    start, end = 1767225600, 1767225600 + 365 * 86400
    began = time.perf_counter()
    found = sum(len(expand(octets, start, end, "America/Chicago")) for octets in texts)
    print(json.dumps({
        "seconds": time.perf_counter() - began, "texts": texts, "start": start, "end": end, "zone": "America/Chicago",
        "occurrences": found}))


def main():
    if sys.argv[1] == "speed":
        return speed(int(sys.argv[2]))
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    business = "America/Chicago"
    made = 0
    while made < count:
        rng = random.Random(seed)
        seed += 1
        octets = calendar(rng)
        if octets is None:
            continue
        made += 1
        start = int(datetime(rng.randint(2020, 2027), rng.randint(1, 12), 1, tzinfo=timezone.utc).timestamp())
        end = start + 86400 * rng.choice([7, 60, 400])
        print(json.dumps({
            "seed": seed - 1, "text": octets, "start": start, "end": end, "zone": business,
            "occurrences": expand(octets, start, end, business)}), flush=True)


if __name__ == "__main__":
    main()
