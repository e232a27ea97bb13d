"""Says what icalendar and recurring-ical-events read in calendars: each line of the input is one in JSON with a range, each line printed
is what they find.
"""

import json
import sys

import icalendar

from expand_calendars import expand


def main():
    for line in sys.stdin:
        asked = json.loads(line)
        calendar = icalendar.Calendar.from_ical(asked["text"])
        event = next(iter(calendar.walk("VEVENT")))
        print(json.dumps({
            "summary": str(event["SUMMARY"]), "location": str(event.get("LOCATION", "")),
            "description": str(event.get("DESCRIPTION", "")), "uid": str(event["UID"]),
            "attendees": [str(one) for one in (event.get("ATTENDEE", []) if isinstance(event.get("ATTENDEE", []), list) else [event["ATTENDEE"]])],
            "errors": [str(error) for component in calendar.walk() for error in component.errors],
            "components": [component.name for component in calendar.walk()],
            "longest": max(len(line) for line in asked["text"].encode().split(b"\r\n")),
            "occurrences": expand(asked["text"], asked["start"], asked["end"], asked["zone"])}), flush=True)


if __name__ == "__main__":
    main()
