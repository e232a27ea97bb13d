"""Calendar objects as programs of others write them: of every kind, deterministic, in 2027. Standard library.

    objects(500)      (UID, text), …: the kinds in turn
"""

import datetime
import random

ZONES = {
    "America/Chicago": ("-0600", "-0500", "CST", "CDT", "20070311T020000", "BYMONTH=3;BYDAY=2SU", "20071104T020000", "BYMONTH=11;BYDAY=1SU"),
    "Europe/Berlin": ("+0100", "+0200", "CET", "CEST", "19960331T020000", "BYMONTH=3;BYDAY=-1SU", "19961027T030000", "BYMONTH=10;BYDAY=-1SU")}
WORDS = ["Stand-up", "Größe prüfen", "顧客との打合せ", "Планирование", "Dentist\\; bring card\\, insurance", "Lunch \\\\ café ☕", "Two\\nlines", "Deploy " * 15]
DAY = datetime.timedelta(days=1)


def zone(name, tzid=None):
    """A VTIMEZONE."""
    standard, daylight, cold, warm, spring, march, autumn, november = ZONES[name]
    return [
        "BEGIN:VTIMEZONE", f"TZID:{tzid or name}", "BEGIN:DAYLIGHT", f"DTSTART:{spring}", f"RRULE:FREQ=YEARLY;{march}", f"TZOFFSETFROM:{standard}",
        f"TZOFFSETTO:{daylight}", f"TZNAME:{warm}", "END:DAYLIGHT", "BEGIN:STANDARD", f"DTSTART:{autumn}", f"RRULE:FREQ=YEARLY;{november}",
        f"TZOFFSETFROM:{daylight}", f"TZOFFSETTO:{standard}", f"TZNAME:{cold}", "END:STANDARD", "END:VTIMEZONE"]


def folded(line):
    """At 75 octets, no character cut in two (RFC 5545, 3.1)."""
    octets, pieces = line.encode(), []
    while len(octets) > 75:
        cut = 75
        while octets[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(octets[:cut])
        octets = b" " + octets[cut:]
    return b"\r\n".join([*pieces, octets]).decode()


def written(lines):
    return "".join(folded(line) + "\r\n" for line in lines)


def calendar(*events, zones=(), product="-//Atlas//Tests//EN"):
    return written(["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{product}", *(line for z in zones for line in zone(z)),
                    *(line for event in events for line in ("BEGIN:VEVENT", *event, "END:VEVENT")), "END:VCALENDAR"])


def stamp(time):
    return time.strftime("%Y%m%dT%H%M%S" if isinstance(time, datetime.datetime) else "%Y%m%d")


def timed(name, times, tzid):
    """A property of times: in a zone, in UTC, floating (None), or days."""
    times = times if isinstance(times, list) else [times]
    if not isinstance(times[0], datetime.datetime):
        return f"{name};VALUE=DATE:" + ",".join(map(stamp, times))
    if tzid in (None, "UTC"):
        return f"{name}:" + ",".join(stamp(t) + ("Z" if tzid else "") for t in times)
    return f"{name};TZID={tzid}:" + ",".join(map(stamp, times))


class Kind:
    """How one kind of event is written. `rule` and `more` are given the start; `overrides` gives (recurrence id, new start, more lines)."""

    def __init__(self, tzid="America/Chicago", day=False, rule=None, more=None, overrides=None, lasting=True, start=None):
        self.tzid, self.day, self.rule, self.more, self.overrides, self.lasting, self.start = tzid, day, rule, more, overrides, lasting, start


KINDS = {
    "plain": Kind(), "berlin": Kind("Europe/Berlin"), "utc": Kind("UTC"), "floating": Kind(None), "duration": Kind(lasting=False),
    "all day": Kind(day=True), "three days": Kind(day=True, more=lambda at: [f"DTEND;VALUE=DATE:{stamp(at + 3 * DAY)}"], lasting=None),
    "no end": Kind(day=True, lasting=None), "weekly": Kind(rule=lambda at: "FREQ=WEEKLY;COUNT=9"),
    "weekly in Berlin": Kind("Europe/Berlin", rule=lambda at: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=12", start=datetime.datetime(2027, 5, 3, 18, 0)),
    "two left out": Kind(rule=lambda at: "FREQ=WEEKLY;COUNT=6", more=lambda at: [timed("EXDATE", [at + 7 * DAY, at + 21 * DAY], "America/Chicago")]),
    "days left out": Kind(day=True, rule=lambda at: "FREQ=DAILY;COUNT=6", more=lambda at: [timed("EXDATE", at + 2 * DAY, None)]),
    "added dates": Kind(rule=lambda at: "FREQ=WEEKLY;COUNT=3", more=lambda at: [timed("RDATE", [at + 2 * DAY, at + 33 * DAY], "America/Chicago")]),
    "moved": Kind(rule=lambda at: "FREQ=WEEKLY;COUNT=5", overrides=lambda at: [
        (at + 7 * DAY, at + 8 * DAY + datetime.timedelta(hours=2), ["SUMMARY:Moved"]), (at + 14 * DAY, at + 14 * DAY, ["SUMMARY:Renamed", "LOCATION:Elsewhere"])]),
    "one cancelled": Kind("Europe/Berlin", rule=lambda at: "FREQ=WEEKLY;COUNT=4", overrides=lambda at: [(at + 14 * DAY, at + 14 * DAY, ["SUMMARY:Off", "STATUS:CANCELLED"])]),
    "until": Kind(rule=lambda at: f"FREQ=DAILY;UNTIL={stamp(at + 12 * DAY)[:8]}T235959Z"), "month end": Kind(rule=lambda at: "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=6", start=datetime.datetime(2027, 2, 28, 10, 0)),
    "second Tuesday": Kind(rule=lambda at: "FREQ=MONTHLY;BYDAY=2TU;COUNT=6", start=datetime.datetime(2027, 1, 12, 9, 30)),
    "last workday": Kind(rule=lambda at: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=8", start=datetime.datetime(2027, 1, 29, 16, 0)),
    "birthday": Kind(day=True, rule=lambda at: "FREQ=YEARLY", start=datetime.date(1980, 5, 17), more=lambda at: ["TRANSP:TRANSPARENT"]),
    "for ever": Kind(rule=lambda at: "FREQ=WEEKLY;BYDAY=FR", start=datetime.datetime(2015, 3, 6, 8, 0)),
    "skipped hour": Kind(rule=lambda at: "FREQ=DAILY;COUNT=5", start=datetime.datetime(2027, 3, 12, 2, 30)),
    "repeated hour": Kind(rule=lambda at: "FREQ=DAILY;COUNT=5", start=datetime.datetime(2027, 11, 5, 1, 30)),
    "tentative": Kind(more=lambda at: ["STATUS:TENTATIVE"]), "cancelled": Kind(more=lambda at: ["STATUS:CANCELLED"]),
    "transparent": Kind("UTC", more=lambda at: ["TRANSP:TRANSPARENT"]),
    "with people": Kind(more=lambda at: [
        "ORGANIZER;CN=Ann Lee:mailto:ann@north.example", 'ATTENDEE;PARTSTAT=ACCEPTED;CN="Lee, Bo":mailto:bo@south.example',
        "ATTENDEE;ROLE=OPT-PARTICIPANT;RSVP=TRUE:MAILTO:cy@south.example"]),
    "alarmed": Kind(more=lambda at: ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Soon", "TRIGGER:-PT15M", "END:VALARM"]),
}


def event(uid, kind, at, summary, length):
    about = KINDS[kind]
    start = about.start or (at.date() if about.day else at)
    length = DAY if about.day else length

    def lines(begin, own, more):
        end = [] if about.lasting is None else [timed("DTEND", begin + length, about.tzid)] if about.lasting else [f"DURATION:PT{length.seconds // 60}M"]
        return [f"UID:{uid}", "DTSTAMP:20261231T120000Z", timed("DTSTART", begin, about.tzid), *end, *own, *more]

    rule = [f"RRULE:{about.rule(start)}"] if about.rule else []
    series = lines(start, [*rule, f"SUMMARY:{summary}"], about.more(start) if about.more else [])
    overrides = [lines(new, [timed("RECURRENCE-ID", old, about.tzid), *more], []) for old, new, more in (about.overrides(start) if about.overrides else [])]
    return calendar(series, *overrides, zones=[about.tzid] if about.tzid in ZONES and not about.day else [])


def objects(count, seed=1, kinds=tuple(KINDS)):
    numbers = random.Random(seed)
    for number in range(count):
        at = datetime.datetime(2027, 1, 4) + datetime.timedelta(days=numbers.randrange(330), hours=numbers.randrange(6, 20), minutes=numbers.choice([0, 15, 30, 50]))
        length = datetime.timedelta(minutes=numbers.choice([15, 30, 45, 60, 90, 240]))
        uid = f"{kinds[number % len(kinds)].replace(' ', '-')}-{seed}-{number}@tests.example"
        yield uid, event(uid, kinds[number % len(kinds)], at, f"{WORDS[number % len(WORDS)]} #{number}", length)
