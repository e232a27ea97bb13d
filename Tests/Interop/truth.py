"""What a calendar object means, as `icalendar` and `recurring-ical-events` read it."""

import datetime

import icalendar
import recurring_ical_events

from diary import ZONE, said

MIDNIGHT = datetime.time(tzinfo=ZONE)


def instant(time: datetime.date) -> datetime.datetime:
    """Days and floating times are meant in the business's zone."""
    if not isinstance(time, datetime.datetime):
        return datetime.datetime.combine(time, MIDNIGHT)
    return time if time.tzinfo else time.replace(tzinfo=ZONE)


def line(text) -> str:
    """Summary and place are one line in our tools."""
    return " ".join(str(text or "").split())


def address(of) -> str:
    return str(of).lower().removeprefix("mailto:")


def facts(event: icalendar.Event, recurs: bool = False) -> dict:
    """An event in the words of our tools.

    Each occurrence of a series lasts exactly as long as the first, whatever the clocks do meanwhile (RFC 5545, 3.8.5.3).
    """
    begin = event["DTSTART"].dt
    day = not isinstance(begin, datetime.datetime)
    end = event["DTEND"].dt if "DTEND" in event else begin + (event["DURATION"].dt if "DURATION" in event else datetime.timedelta(days=day))
    if recurs and not day:
        end = instant(begin).astimezone(datetime.timezone.utc) + (end - begin)
    status = str(event.get("STATUS", "CONFIRMED")).lower()
    people = event.get("ATTENDEE", [])
    return {
        "summary": line(event.get("SUMMARY")), "start": said(instant(begin)), "end": said(instant(end)), "all_day": day,
        "location": line(event.get("LOCATION")) or None, "status": status,
        "busy": status != "cancelled" and event.get("TRANSP", "OPAQUE") != "TRANSPARENT",
        "attendees": [address(one) for one in (people if isinstance(people, list) else [people])]}


def expanded(text: str, first: str, last: str) -> list[dict]:
    """The occurrences that overlap the days from `first` to `last`, by start."""
    begin, end = instant(datetime.date.fromisoformat(first)), instant(datetime.date.fromisoformat(last) + datetime.timedelta(days=1))
    found = [facts(event, "RRULE" in text) for event in recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(begin, end)]
    return sorted(found, key=order)


def order(event: dict) -> tuple:
    return datetime.datetime.fromisoformat(event["start"]), event["summary"], event["end"]


def shown(events: list[dict]) -> list[dict]:
    """The same facts of what list_events shows."""
    names = ("summary", "start", "end", "all_day", "location", "status", "busy", "attendees")
    found = [{name: event[name] for name in names} for event in events]
    for event in found:
        event["summary"], event["location"] = line(event["summary"]), line(event["location"]) or None
        event["attendees"] = [address(one) for one in event["attendees"]]
    return sorted(found, key=order)
