"""Google Calendar on loopback: the OAuth token endpoint, for people and for service accounts, and the Calendar API (v3).

    .venv/bin/python googlecalendar.py [--judged]   prints its URLs and credentials and runs until its standard input ends; judged, it
                                                    refuses what Google's discovery document has no form for

In a test: `with GoogleCalendar() as google: google.put({"summary": …, "start": …, "end": …}) … google.url …`. It has Google's habits:
series are given out as instances, a deleted event keeps its id, ETags are compared, people who are named get invitations. It
misbehaves on command (see serving.Fault).
Another process says `POST /_control/put {"event": …, "calendar": …}` (an event that somebody else made), `/_control/change {"id": …,
"patch": …}` (somebody else changes it now), `/_control/meanwhile {"id": …, "patch": …, "times": 1}` (just before our next change of
it), `/_control/calendar {"id": …, "summary": …, "role": …, "listed": …}`, `/_control/robot` (answers with a service account's key file),
`/_control/delegate {"user": …}`, `/_control/page {"size":
…}`, `/_control/expire`, `/_control/revoke`, `/_control/scopes`, `/_control/refuse {"reason": "rateLimitExceeded"}`, `/_control/fail
{"kind": "hang"}`, and reads `GET /_control/journal`, `/_control/events {"calendar": …}` and `/_control/invitations`.
"""

import datetime
import re
import sys
import urllib.parse
from pathlib import Path

from googlediary import UTC, Calendar
from googlesite import CLIENT, REFRESH, SECRET, GoogleSite, Refused, error
from serving import Answer, run

ADDRESS = "office@acme.example"
JOBS = "jobs@group.calendar.google.com"
HOLIDAYS = "en.usa#holiday@group.v.calendar.google.com"
SCOPES = ("https://www.googleapis.com/auth/calendar",)
HOME = "/calendar/v3"
WRITERS = ("owner", "writer", "writerWithoutPrivateAccess")
# Who has no say in an event may only change how it shows in the own calendar.
ORGANIZERS = {"summary", "description", "location", "start", "end", "recurrence", "attendees"}


class GoogleCalendar(GoogleSite):
    api = "/calendar/"
    address = ADDRESS

    def __init__(self):
        super().__init__(SCOPES)
        self.calendars = {
            c.id: c for c in (
                Calendar(ADDRESS, ADDRESS, primary=True), Calendar(JOBS, "Jobs", color="#16a765", role="writer"),
                Calendar(HOLIDAYS, "Holidays in United States", role="reader"))}
        self.invitations = []  # of each mail that guests get: {"event", "what", "to"}
        self.meanwhile = []  # what somebody else does before our next change: (event's id, patch)
        self.largest_page = 2500

    # --- What tests put there and ask for

    def put(self, event, calendar=ADDRESS):
        """An event that somebody made elsewhere; its id."""
        there = self.calendars[calendar]
        event = {"id": f"theirs{len(there.events):05d}", **event}
        return there.store(event)["id"]

    def change(self, id, patch, calendar=ADDRESS):
        """Somebody else changes an event, or an instance of one."""
        there = self.calendars[calendar]
        there.store(merged(there.get(id), patch))

    # --- Calendar API

    def route(self, request):
        path = request.path.removeprefix(HOME).strip("/")
        steps = [urllib.parse.unquote(step) for step in path.split("/")]
        self.may("calendar", *["calendar.events"] * (steps[2:3] == ["events"]))
        match request.method, *steps:
            case "GET", "users", "me", "calendarList":
                return self.list_calendars(request)
            case "GET", "users", "me", "calendarList", id:
                calendar = self.calendar(request, id)
                return Answer(200, self.entry(calendar)) if calendar.listed else error("notFound")
            case "GET", "calendars", id:
                calendar = self.calendar(request, id)
                return Answer(200, {
                    "kind": "calendar#calendar", "etag": '"1"', "id": calendar.id, "summary": calendar.summary, "timeZone": calendar.zone})
            case "GET", "calendars", id, "events":
                return self.list_events(request, self.calendar(request, id))
            case "POST", "calendars", id, "events":
                return self.insert(request, self.calendar(request, id))
            case "GET", "calendars", id, "events", event:
                calendar = self.calendar(request, id)
                return Answer(200, calendar.shown(self.event(calendar, event), request.value("timeZone")))
            case ("PATCH" | "PUT"), "calendars", id, "events", event:
                return self.update(request, self.calendar(request, id), event)
            case "DELETE", "calendars", id, "events", event:
                return self.delete(request, self.calendar(request, id), event)
        return error("notFound")

    def calendar(self, request, id):
        is_robot = self.robot and request.user == self.robot["email"]
        if id == "primary":
            id = request.user if is_robot else self.address
            if is_robot and id not in self.calendars:
                self.calendars[id] = Calendar(id, id, primary=True, listed=False)
        if id not in self.calendars:
            raise Refused(error("notFound"))
        return self.calendars[id]

    @staticmethod
    def event(calendar, id):
        event = calendar.get(id)
        if event is None:
            raise Refused(error("notFound"))
        return event

    def entry(self, calendar):
        return {
            "kind": "calendar#calendarListEntry", "etag": '"1"', "id": calendar.id, "summary": calendar.summary, "timeZone": calendar.zone,
            "backgroundColor": calendar.color, "accessRole": calendar.role, "selected": True, **({"primary": True} if calendar.primary else {})}

    def list_calendars(self, request):
        is_robot = self.robot and request.user == self.robot["email"]
        entries = [] if is_robot else [self.entry(c) for c in self.calendars.values() if c.listed]
        return self.page(request, entries, 100, 250, {"kind": "calendar#calendarList", "etag": '"1"'})

    def page(self, request, items, usual, most, about):
        text = request.value("maxResults", str(usual))
        if not text.isdecimal() or int(text) < 1:
            raise Refused(error("invalid", "Invalid value for: maxResults"))
        size = min(int(text), most, self.largest_page)
        token = request.value("pageToken", "page0")
        if not re.fullmatch(r"page\d+", token):
            raise Refused(error("invalid", "Invalid page token value."))
        start = int(token[4:])
        more = {"nextPageToken": f"page{start + size}"} if items[start + size:] else {"nextSyncToken": "sync"}
        return Answer(200, {**about, "items": items[start:start + size], **more})

    def list_events(self, request, calendar):
        def moment(name):
            text = request.value(name)
            if text is None:
                return None
            try:
                given = datetime.datetime.fromisoformat(text)
            except ValueError:
                raise Refused(error("invalid", f"Invalid value for: {name}"))
            if given.tzinfo is None:
                raise Refused(error("invalid", f"Missing time zone: {name}"))
            return given.astimezone(UTC)

        single, first, last = request.value("singleEvents") == "true", moment("timeMin"), moment("timeMax")
        if first and last and first >= last:
            return error("timeRangeEmpty")
        by_time = request.value("orderBy") == "startTime"
        if by_time and not single:
            return error("invalid", "The requested ordering is not available for the particular query.")
        found = list(calendar.overlapping(first, last, single))
        if request.value("showDeleted") != "true":
            found = [e for e in found if e["status"] != "cancelled"]
        if uid := request.value("iCalUID"):
            found = [e for e in found if e["iCalUID"] == uid]
        if by_time:
            found.sort(key=lambda e: calendar.moment(e["start"]) if "start" in e else datetime.datetime.max.replace(tzinfo=UTC))
        items = [calendar.shown(e, request.value("timeZone")) for e in found]
        about = {
            "kind": "calendar#events", "etag": '"1"', "summary": calendar.summary, "timeZone": request.value("timeZone") or calendar.zone,
            "updated": "2026-11-24T09:00:00.000Z", "accessRole": calendar.role, "defaultReminders": []}
        return self.page(request, items, 250, 2500, about)

    # --- What changes something

    @staticmethod
    def may_write(calendar):
        if calendar.role not in WRITERS:
            raise Refused(error("requiredAccessLevel"))

    def check(self, request, event):
        """Refuses what Google refuses of an event."""
        for name in ("start", "end"):
            edge = event.get(name) or {}
            if len(edge.keys() & {"date", "dateTime"}) != 1:
                raise Refused(error("required", f"Missing {name} time."))
            if "dateTime" in edge and datetime.datetime.fromisoformat(edge["dateTime"]).tzinfo is None and "timeZone" not in edge:
                raise Refused(error("required", f"Missing time zone definition for {name} time."))
        start, end = event["start"], event["end"]
        if ("date" in start) != ("date" in end):
            raise Refused(error("invalid", "Start and end times must either both be date or both be dateTime."))
        zone = Calendar("", "").moment
        if zone(start) > zone(end) or "date" in start and zone(start) == zone(end):
            raise Refused(error("timeRangeEmpty"))
        if event.get("recurrence") and "dateTime" in start and "timeZone" not in start:
            raise Refused(error("required", "Missing time zone definition for start time."))
        for line in event.get("recurrence") or []:
            if not re.match(r"(RRULE|EXRULE|RDATE|EXDATE)[:;]", line):
                raise Refused(error("invalid", "Invalid recurrence rule."))
        for guest in event.get("attendees") or []:
            if not re.fullmatch(r"[^@\s]+@[^@\s]+", guest.get("email", "")):
                raise Refused(error("invalid", "Invalid attendee email."))
        if event.get("attendees") and self.robot and request.user == self.robot["email"]:
            raise Refused(error("forbiddenForServiceAccounts"))

    def tell(self, request, event, what):
        guests = [g["email"] for g in event.get("attendees", []) if not g.get("self")]
        if guests and request.value("sendUpdates") == "all":
            self.invitations.append({"event": event["id"], "what": what, "to": guests})

    def insert(self, request, calendar):
        self.may_write(calendar)
        event = self.read_json(request)
        if "id" in event and not re.fullmatch(r"[a-v0-9]{5,1024}", event["id"]):
            return error("invalid", "Invalid resource id value.")
        if "id" in event and "iCalUID" in event:
            return error("invalid", "Only one of id and iCalUID may be given.")
        if event.get("id") in calendar.events:
            return error("duplicate")
        self.check(request, event)
        event.setdefault("id", f"google{len(calendar.events):020d}")
        request.acted = True
        self.answered(event)
        self.tell(request, calendar.store(event), "invited")
        return Answer(200, calendar.shown(event))

    @staticmethod
    def answered(event):
        for guest in event.get("attendees", []):
            guest.setdefault("responseStatus", "needsAction")

    def update(self, request, calendar, id):
        self.may_write(calendar)
        for entry in [m for m in self.meanwhile if m[0] == id][:1]:
            self.meanwhile.remove(entry)
            self.change(id, entry[1], calendar.id)
        event = self.event(calendar, id)
        self.match(request, event)
        patch = self.read_json(request)
        if not event["organizer"].get("self") and not event.get("guestsCanModify") and ORGANIZERS & patch.keys():
            return error("forbiddenForNonOrganizer")
        if event["status"] == "cancelled" and patch.get("status") not in ("confirmed", "tentative"):
            return error("forbidden")
        after = merged(event, patch) if request.method == "PATCH" else {**patch, "id": id, "iCalUID": event["iCalUID"]}
        self.check(request, after)
        request.acted = True
        self.answered(after)
        self.tell(request, calendar.store(after), "changed")
        return Answer(200, calendar.shown(after))

    def delete(self, request, calendar, id):
        self.may_write(calendar)
        event = self.event(calendar, id)
        if event["status"] == "cancelled":
            return error("deleted")
        self.match(request, event)
        request.acted = True
        self.tell(request, event, "cancelled")
        calendar.store(merged(event, {"status": "cancelled"}))
        return Answer(204, b"")

    @staticmethod
    def match(request, event):
        wanted = request.headers.get("If-Match")
        if wanted not in (None, "*", event["etag"]):
            raise Refused(error("conditionNotMet"))

    def control(self, name, order):
        if name == "put":
            return {"id": self.put(**order)}
        if name == "change":
            return self.change(**order)
        if name == "meanwhile":
            self.meanwhile += [(order["id"], order["patch"])] * order.get("times", 1)
            return None
        if name == "calendar":
            self.calendars[order["id"]] = Calendar(**order)
            return None
        if name == "robot":
            return self.add_service_account()
        if name == "delegate":
            self.delegated.add(order["user"])
            return None
        if name == "page":
            self.largest_page = order["size"]
            return None
        if name == "events":
            return list(self.calendars[order.get("calendar", ADDRESS)].events.values())
        if name == "invitations":
            return self.invitations
        return super().control(name, order)


def merged(event, patch):
    """A resource after a patch (RFC 7396): what is null goes, what is an object is merged, empty lists are none."""
    result = dict(event)
    for name, value in patch.items():
        if value is None or value == []:
            result.pop(name, None)
        elif isinstance(value, dict) and isinstance(result.get(name), dict):
            result[name] = merged(result[name], value)
        elif isinstance(value, dict):
            result[name] = merged({}, value)
        else:
            result[name] = value
    return result


class Judged(GoogleCalendar):
    """Refuses what the judge of the tests has no form for, so that no test passes by it."""

    def answer(self, request):
        import discovery

        answer = super().answer(request)
        try:
            discovery.check(request, answer if answer.status < 400 else None)
        except AssertionError as wrong:
            return error("invalid", f"The discovery document: {wrong}")
        return answer


if __name__ == "__main__":
    if "--judged" in sys.argv:
        sys.path.append(str(Path(__file__).resolve().parents[1] / "Interop"))
    google = Judged() if "--judged" in sys.argv else GoogleCalendar()
    run(
        google, token_url=google.token_url, address=ADDRESS, jobs=JOBS, holidays=HOLIDAYS, client_id=CLIENT, client_secret=SECRET,
        refresh_token=REFRESH)
