"""CalendarServer beside the places where calendars are kept, as a test uses them: the database, real CalDAV servers, a double of Google."""

import datetime
import functools
import itertools
import os
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import tools
from client import BIN
from tools import Tools, wait_for  # noqa: F401

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Doubles"))
import agenda  # noqa: E402, F401
import calendars  # noqa: E402
import googlecalendar  # noqa: E402
import manners  # noqa: E402, F401

CALENDAR = [os.environ.get("ATLAS_CALENDAR_SERVER") or f"{BIN}/CalendarServer"]
EIGHT = ["list_calendars", "list_events", "get_event", "create_event", "update_event", "delete_event", "find_free_slots", "sync_appointment"]
# The contract's: required, and others with their defaults.
ARGUMENTS = {
    "list_calendars": ("", {}),
    "list_events": ("start end", {"calendar_id": None, "limit": 100}),
    "get_event": ("event_id", {"calendar_id": None}),
    "create_event": ("summary start end", dict.fromkeys(
        "calendar_id location description attendees recurrence idempotency_key".split()) | {"all_day": False}),
    "update_event": ("event_id", dict.fromkeys("summary start end calendar_id location description".split())),
    "delete_event": ("event_id", {"calendar_id": None}),
    "find_free_slots": ("start end", {"duration_minutes": 60, "calendar_id": None, "start_hour": 8, "end_hour": 18, "buffer_minutes": 0}),
    "sync_appointment": ("appointment_id", {"calendar_id": None}),
    "check_availability": ("date", {"days_ahead": 7}),
    "book_appointment": ("customer_name customer_phone date time", dict.fromkeys(
        "service_type customer_email address notes idempotency_key".split())),
    "lookup_customer": ("", {"phone": None, "name": None, "include_history": True})}
SCHEDULING = ["check_availability", "book_appointment", "reschedule_appointment", "cancel_appointment", "lookup_customer"]
READING = ["list_calendars", "list_events", "get_event", "find_free_slots", "check_availability", "lookup_customer"]
customers = itertools.count(1000)
EVENT = set("id calendar_id summary start end all_day location description status busy recurring html_link when untrusted".split())
ZONE = ZoneInfo("America/Chicago")  # of the business, as `Server` configures it
schemas = functools.partial(tools.schemas, *CALENDAR)


def moment(text: str) -> datetime.datetime:
    """A time as the business says it: without an offset it is Chicago's."""
    read = datetime.datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=ZONE)


def said(time: datetime.datetime) -> str:
    """As results say it."""
    return time.astimezone(datetime.timezone.utc).astimezone(ZONE).isoformat(timespec="seconds")


def workday(number: int = 0) -> str:
    """One of the Mondays to Fridays from a week ahead on, the first of them a Monday: the policy as it comes lets visits be booked then."""
    today = datetime.datetime.now(ZONE).date()
    monday = today + datetime.timedelta(days=14 - today.weekday())
    return (monday + datetime.timedelta(weeks=number // 5, days=number % 5)).isoformat()


class Diary(Tools):
    """The tools of one CalendarServer."""

    schemas = staticmethod(schemas)
    secrets = [calendars.PASSWORD, calendars.ADMIN[1], googlecalendar.SECRET, googlecalendar.REFRESH, "ya29.double", "PRIVATE KEY"]

    def create(self, summary: str = "Visit", start: str = "2027-03-02T09:00", end: str = "2027-03-02T10:00", **arguments) -> dict:
        """The event that create_event gives back."""
        return is_event(self.call("create_event", summary=summary, start=start, end=end, **arguments)["event"])

    def events(self, start: str = "2027-01-01", end: str = "2027-12-31", **arguments) -> list[dict]:
        found = self.call("list_events", start=start, end=end, **arguments)
        assert found["count"] == len(found["events"]) and found["warnings"] == [], found["warnings"]
        starts = [moment(is_event(event)["start"]) for event in found["events"]]
        assert starts == sorted(starts), "by start"
        return found["events"]

    def all(self, start: str = "2027-01-01", end: str = "2027-12-31") -> list[dict]:
        """Every event, page by page as the tool says: a listing that has more is asked for again from the last one's start on."""
        found: dict[str, dict] = {}
        for _ in range(100):
            page = self.call("list_events", start=start, end=end, limit=500)
            assert page["warnings"] == []
            found |= {event["id"]: is_event(event) for event in page["events"]}
            if not page["has_more"]:
                return list(found.values())
            assert moment(page["events"][-1]["start"]) > moment(start), "the next page is this one"
            start = page["events"][-1]["start"]
        raise AssertionError("the listing has no end")

    def event(self, id: str, **arguments) -> dict:
        return is_event(self.call("get_event", event_id=id, **arguments)["event"])

    def change(self, id: str, **arguments) -> dict:
        return is_event(self.call("update_event", event_id=id, **arguments)["event"])

    def delete(self, id: str, **arguments) -> None:
        gone = self.call("delete_event", event_id=id, **arguments)
        assert gone["deleted"] is True and gone["event_id"] == id

    def free(self, start: str = "2027-03-02", end: str = "2027-03-02", **arguments) -> dict:
        found = self.call("find_free_slots", start=start, end=end, **arguments)
        assert len(found["free_slots"]) == min(20, found["total_found"])
        assert found["duration_minutes"] == arguments.get("duration_minutes", 60) and found["timezone"] == ZONE.key
        for slot in found["free_slots"]:
            length = moment(slot["end"]) - moment(slot["start"])
            assert length == datetime.timedelta(minutes=found["duration_minutes"]) and slot["when"]
            assert moment(slot["start"]).timestamp() % 900 == 0, "on the quarter hour"
        return found

    def starts(self, *arguments, **more) -> list[str]:
        """When the free slots begin, as the wall clock shows it: `09:15`."""
        return [slot["start"][11:16] for slot in self.free(*arguments, **more)["free_slots"]]

    # Visits

    def book(self, date: str | None = None, time: str = "09:00", **arguments) -> dict:
        """What book_appointment gives back, for somebody who is somebody else each time unless told."""
        booked = self.call("book_appointment", **self.wish(date, time, **arguments))
        assert booked["appointment"]["status"] == "confirmed" and booked["appointment"]["contact_id"] == booked["contact_id"]
        return booked

    def wish(self, date: str | None = None, time: str = "09:00", **arguments) -> dict:
        number = next(customers)
        return {"customer_name": f"Customer {number}", "customer_phone": f"+1217555{number:04}", "date": date or workday(), "time": time, **arguments}

    def offered(self, date: str | None = None, **arguments) -> list[str]:
        """When check_availability says that there could be a visit on a day: `09:15`."""
        found = self.call("check_availability", date=date or workday(), days_ahead=1, **arguments)
        return [free["start"][11:16] for day in found["days"] for free in day["free"]]


def is_event(event: dict) -> dict:
    assert EVENT <= set(event), f"missing {EVENT - set(event)}"
    for name in ("start", "end"):
        assert tools.TIME.fullmatch(event[name]), event[name]
        assert said(moment(event[name])) == event[name], f"{event[name]} is not said in the business's zone"
    assert moment(event["start"]) <= moment(event["end"])
    assert event["status"] in ("confirmed", "tentative", "cancelled") and event["untrusted"] is True and event["when"]
    assert event["id"] and event["calendar_id"]
    return event
