"""The calendars of the Google Calendar double: events as resources, series taken apart into their instances by python-dateutil."""

import datetime
import itertools
import re
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

UTC = datetime.timezone.utc
INSTANCE = re.compile(r"(.+)_(\d{8}(?:T\d{6}Z)?)")
clock = itertools.count(1)


class Calendar:
    def __init__(self, id, summary, zone="America/Chicago", role="owner", primary=False, listed=True, color="#9fe1e7"):
        self.id, self.summary, self.zone, self.role = id, summary, zone, role
        self.primary, self.listed, self.color = primary, listed, color
        self.events = {}

    # --- Times

    def moment(self, edge):
        """An edge's instant; of a day, its first in the calendar's zone."""
        if "date" in edge:
            return datetime.datetime.combine(datetime.date.fromisoformat(edge["date"]), datetime.time(), ZoneInfo(self.zone)).astimezone(UTC)
        moment = datetime.datetime.fromisoformat(edge["dateTime"])
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(edge["timeZone"]))
        return moment.astimezone(UTC)

    def shown(self, event, zone=None):
        """The resource as it is given out: times with the offset of the zone that is asked for."""
        result = dict(event)
        for name in ("start", "end", "originalStartTime"):
            if "dateTime" in event.get(name, {}):
                local = self.moment(event[name]).astimezone(ZoneInfo(zone or self.zone))
                result[name] = {**event[name], "dateTime": local.isoformat().replace("+00:00", "Z")}
        if self.role == "freeBusyReader":
            kept = ("kind", "etag", "id", "status", "start", "end", "recurringEventId", "originalStartTime", "iCalUID")
            result = {name: result[name] for name in kept if name in result} | {"visibility": "private"}
        return result

    # --- Storing

    def store(self, event):
        event["etag"] = f'"{next(clock)}"'
        event["updated"] = datetime.datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event["kind"] = "calendar#event"
        event.setdefault("status", "confirmed")
        event.setdefault("iCalUID", event["id"] + "@google.com")
        event.setdefault("htmlLink", "https://www.google.com/calendar/event?eid=" + event["id"])
        event.setdefault("eventType", "default")
        event.setdefault("organizer", {"email": self.id, "self": True})
        event["sequence"] = event.get("sequence", -1) + 1
        self.events[event["id"]] = event
        return event

    def get(self, id):
        """An event, a series, or an instance of one; None when there is none and never was."""
        if id in self.events:
            return self.events[id]
        found = INSTANCE.fullmatch(id)
        series = self.events.get(found[1]) if found else None
        if not series or series["status"] == "cancelled" or not series.get("recurrence"):
            return None
        digits = found[2]
        if len(digits) == 8:
            start = datetime.datetime.strptime(digits, "%Y%m%d").replace(tzinfo=ZoneInfo(self.zone))
        else:
            start = datetime.datetime.strptime(digits, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        around = datetime.timedelta(hours=1)
        return next((e for e in self.instances(series, start - around, start + around) if e["id"] == id), None)

    # --- Expanding

    def starts(self, series, first, last):
        """When instances start, on the series' own clock, from `first` to `last`."""
        start = series["start"]
        if "date" in start:
            begin, zone = datetime.datetime.fromisoformat(start["date"]), None
        else:
            zone = ZoneInfo(start["timeZone"])
            begin = self.moment(start).astimezone(zone)
        rules = rrulestr("\n".join(series["recurrence"]), dtstart=begin, forceset=True)
        local = (lambda moment: moment.astimezone(zone)) if zone else (lambda m: m.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None))
        return rules.between(local(first), local(last), inc=True)

    def instances(self, series, first, last):
        """The instances that overlap a range, those left out that were changed."""
        length = self.moment(series["end"]) - self.moment(series["start"])
        days = "date" in series["start"]
        for start in self.starts(series, first - length, last):
            if days:
                edges = [{"date": start.date().isoformat()}, {"date": (start + length).date().isoformat()}]
                suffix = start.strftime("%Y%m%d")
            else:
                zone = series["start"]["timeZone"]
                end = (start.astimezone(UTC) + length).astimezone(ZoneInfo(zone))
                edges = [{"dateTime": edge.isoformat(), "timeZone": zone} for edge in (start, end)]
                suffix = start.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
            id = f"{series['id']}_{suffix}"
            if id in self.events:
                continue
            inherited = {name: value for name, value in series.items() if name not in ("recurrence", "start", "end")}
            yield {**inherited, "id": id, "start": edges[0], "end": edges[1], "recurringEventId": series["id"], "originalStartTime": edges[0]}

    def overlapping(self, first, last, single):
        """Events that end after `first` and start before `last`, deleted ones too."""
        far = datetime.timedelta(days=366 * 5)
        for event in list(self.events.values()):
            if event.get("recurrence") and single:
                if event["status"] != "cancelled":
                    yield from self.instances(event, first or self.moment(event["start"]), last or self.moment(event["start"]) + far)
            elif "start" not in event or not single and event.get("recurrence"):
                yield event
            else:
                ends = max(self.moment(event["end"]), self.moment(event["start"]) + datetime.timedelta(microseconds=1))
                if (not first or ends > first) and (not last or self.moment(event["start"]) < last):
                    series = self.events.get(event.get("recurringEventId"))
                    if not series or series["status"] != "cancelled":
                        yield event
