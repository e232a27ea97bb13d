"""What only a CalDAV server with passwords, rights and much room can be asked."""

import time

import pytest

from diary import agenda, manners
from keepers import calendars

pytestmark = pytest.mark.parametrize("keeper", ["radicale"], indirect=True)
VISIT = {"summary": "Visit", "start": "2027-03-02T09:00", "end": "2027-03-02T10:00"}
DAY = {"start": "2027-03-02", "end": "2027-03-02"}


def test_a_wrong_password_is_told_by_its_variable_and_shown_to_nobody(keep_diary, keeper):
    wrong = keep_diary(ATLAS_TOOLS_CALDAV_PASSWORD="hunter2-secret")
    text = wrong.refuses("unauthenticated", "list_events", says="ATLAS_TOOLS_CALDAV", retryable=False, **DAY)
    assert "hunter2" not in text


def test_a_calendar_that_may_only_be_read(diary, keeper):
    path = keeper.add("readonly", calendars.ADMIN)
    keeper.put(path + "theirs.ics", manners.APPLE, calendars.ADMIN)
    found = next(c for c in diary.call("list_calendars")["calendars"] if c["read_only"])
    (event,) = diary.events(calendar_id=found["id"])
    assert event["summary"] == "Apfel – Besprechung" and not found["primary"]
    for tool, more in (("create_event", VISIT), ("update_event", {"event_id": event["id"], "summary": "X"}), ("delete_event", {"event_id": event["id"]})):
        diary.refuses("permission_denied", tool, retryable=False, calendar_id=found["id"], **more)
    assert diary.events(calendar_id=found["id"]) == [event]
    assert "09:00" not in diary.starts(calendar_id=found["id"])


def test_the_calendar_is_found_from_the_servers_address_alone(keep_diary, keeper):
    diary = keep_diary(ATLAS_TOOLS_CALDAV_CALENDAR_URL="")
    primary = diary.call("list_calendars")["calendars"][0]
    assert primary["primary"] and not primary["read_only"]
    made = diary.create()
    assert made["calendar_id"] == primary["id"]
    diary.delete(made["id"])


def test_five_thousand_events_are_listed_with_two_requests(diary, keeper):
    keeper.fill(agenda.objects(5000, seed=5, kinds=["plain", "weekly", "all day", "utc"]))
    diary.create("Warm", "2027-08-01T09:00", "2027-08-01T10:00")
    keeper.relay.journal.clear()
    began = time.monotonic()
    found = diary.call("list_events", start="2027-02-01", end="2027-05-01", limit=500)
    assert found["count"] > 50 and time.monotonic() - began < 65
    asked = [(r.method, r.path) for r in keeper.relay.journal]
    assert len(asked) <= 2, asked
