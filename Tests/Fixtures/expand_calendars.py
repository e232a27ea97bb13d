"""Random calendars, and how PyPI's recurring-ical-events expands them: one JSON object a line, `{ics, from, until, zone, occurrences}`.

    python expand_calendars.py COUNT SEED

Left out of what is made, because the reference or RFC 5545 leaves it open: occurrences that last across a change of clocks (the reference
adds their length on the wall clock, the RFC says exactly), starts in the hours at which clocks change, rules that do not mean
their own start, and weeks by number with an interval.
"""

import json
import random
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

ZONES = ["America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def text(moment, zone):
    if not isinstance(moment, datetime):
        return moment.strftime("%Y%m%d")
    return moment.strftime("%Y%m%dT%H%M%S") + ("Z" if zone == "UTC" else "")


def line(name, moment, zone):
    if not isinstance(moment, datetime):
        return f"{name};VALUE=DATE:{text(moment, zone)}"
    return f"{name}:{text(moment, zone)}" if zone in (None, "UTC") else f"{name};TZID={zone}:{text(moment, zone)}"


def matches(rule, start):
    """Whether the rule means its own start, as the reference reads it."""
    from dateutil.rrule import rrulestr
    naive = start if isinstance(start, datetime) else datetime.combine(start, datetime.min.time())
    found = rrulestr(";".join(part for part in rule.split(";") if not part.startswith("UNTIL")), dtstart=naive)
    return next(iter(found), None) == naive


def rule(rnd, start, zone):
    while True:
        frequency = rnd.choice(["DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"])
        parts = [f"FREQ={frequency}"]
        weekday = DAYS[start.weekday()]
        if rnd.random() < 0.4:
            parts.append(f"INTERVAL={rnd.randint(1, 4)}")
        if frequency == "DAILY" and rnd.random() < 0.3:
            parts.append("BYDAY=" + ",".join(sorted({weekday, *rnd.sample(DAYS, 3)})))
        if frequency == "DAILY" and rnd.random() < 0.2:
            parts.append("BYMONTH=" + ",".join(map(str, sorted({start.month, *rnd.sample(range(1, 13), 4)}))))
        if frequency == "WEEKLY" and rnd.random() < 0.7:
            parts.append("BYDAY=" + ",".join({weekday, *rnd.sample(DAYS, rnd.randint(0, 3))}))
        if frequency == "WEEKLY" and rnd.random() < 0.3:
            parts.append("WKST=" + rnd.choice(DAYS))
        if frequency in ("MONTHLY", "YEARLY"):
            kind = rnd.choice(["plain", "monthday", "nth", "last", "position", "month", "workday"])
            nth = (start.day - 1) // 7 + 1
            if kind == "monthday":
                parts.append("BYMONTHDAY=" + ",".join(map(str, {start.day, *rnd.sample([*range(1, 29), -1, -2], 2)})))
            elif kind == "nth":
                parts.append(f"BYDAY={nth}{weekday}" + (f";BYMONTH={start.month}" if frequency == "YEARLY" else ""))
            elif kind == "last":
                parts.append(f"BYDAY=-1{weekday},{nth}{weekday}" + (f";BYMONTH={start.month}" if frequency == "YEARLY" else ""))
            elif kind == "position":
                parts.append("BYDAY=MO,TU,WE,TH,FR" + (f";BYMONTH={start.month}" if frequency == "YEARLY" else ""))
                parts.append("BYSETPOS=" + ",".join(map(str, {rnd.choice([1, 2, -1, -2]), rnd.choice([3, -3])})))
            elif kind == "month":
                parts.append("BYMONTH=" + ",".join(map(str, sorted({start.month, *rnd.sample(range(1, 13), 3)}))))
            elif kind == "workday" and frequency == "YEARLY":
                parts = ["FREQ=YEARLY", rnd.choice([f"BYYEARDAY={start.timetuple().tm_yday},-1,100", f"BYWEEKNO={start.isocalendar()[1]},20;BYDAY={weekday}",
                                                    "BYMONTHDAY=13;BYDAY=FR", f"BYDAY=20MO,{weekday}"])]
        end = rnd.random()
        if end < 0.35:
            parts.append(f"COUNT={rnd.randint(1, 30)}")
        elif end < 0.7:
            last = start + timedelta(days=rnd.randint(0, 900))
            if not isinstance(last, datetime):
                parts.append(f"UNTIL={last:%Y%m%d}")
            elif zone is None:
                parts.append(f"UNTIL={last:%Y%m%dT%H%M%S}")
            else:
                parts.append(f"UNTIL={last.replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc):%Y%m%dT%H%M%SZ}")
        found = ";".join(parts)
        if matches(found, start):
            return found


def component(uid, start, end, zone, summary, *more):
    return ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", line("DTSTART", start, zone), line("DTEND", end, zone), f"SUMMARY:{summary}", *more, "END:VEVENT"]


def calendar(rnd, number):
    zone = rnd.choice([*ZONES, *ZONES, "UTC", None, "day"])
    day = date(2026, 1, 1) + timedelta(days=rnd.randrange(-900, 500))
    if zone == "day":
        zone, start, length = None, day, timedelta(days=rnd.randint(1, 3))
    else:
        start = datetime(day.year, day.month, day.day, rnd.randint(6, 20), rnd.choice([0, 15, 30, 45]))
        length = timedelta(minutes=rnd.choice([15, 30, 60, 90, 180]))
    more = []
    if rnd.random() < 0.85:
        more.append(f"RRULE:{rule(rnd, start, zone)}")
    if more and rnd.random() < 0.3:
        more += [line("RDATE", start + timedelta(days=rnd.randint(1, 200)), zone) for _ in range(rnd.randint(1, 3))]
    uid = f"random-{number}@example.com"
    lines = component(uid, start, start + length, zone, "series", *more)
    if more:
        base = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", *lines, "END:VCALENDAR", ""])
        some = [event["DTSTART"].dt for event in expand(base, *window(start))]
        rnd.shuffle(some)
        some = [moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment for moment in some]
        for moment in some[: rnd.choice([0, 0, 1, 2])]:
            lines.insert(-1, line("EXDATE", moment, zone))
        for moment in some[2: 2 + rnd.choice([0, 0, 1, 2])]:
            new = moment + timedelta(days=rnd.randint(-3, 3)) if rnd.random() < 0.7 else moment
            status = [rnd.choice(["STATUS:CANCELLED", "STATUS:TENTATIVE", "TRANSP:TRANSPARENT"])] if rnd.random() < 0.4 else []
            lines += component(uid, new, new + length, zone, f"override {moment}", line("RECURRENCE-ID", moment, zone), *status)
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", *lines, "END:VCALENDAR", ""]), start, zone


def window(start):
    day = start.date() if isinstance(start, datetime) else start
    first = datetime(day.year, day.month, day.day, tzinfo=timezone.utc) + timedelta(days=-30)
    return first, first + timedelta(days=430)


def expand(ics, first, last):
    return recurring_ical_events.of(icalendar.Calendar.from_ical(ics)).between(first, last)


def occurrence(event):
    def value(moment):
        if not isinstance(moment, datetime):
            return moment.isoformat()
        return f"{moment.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}" if moment.tzinfo else moment.isoformat()
    return [value(event["DTSTART"].dt), value(event["DTEND"].dt), str(event["SUMMARY"]), str(event.get("STATUS", "CONFIRMED"))]


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    rnd = random.Random(seed)
    for number in range(count):
        ics, start, zone = calendar(rnd, number)
        shift = rnd.choice([0, 0, 120, 400])
        first, last = (moment + timedelta(days=shift) for moment in window(start))
        found = sorted(occurrence(event) for event in expand(ics, first, last))
        print(json.dumps({"ics": ics, "from": f"{first:%Y-%m-%dT%H:%M:%SZ}", "until": f"{last:%Y-%m-%dT%H:%M:%SZ}", "occurrences": found}))


if __name__ == "__main__":
    main()
