"""Businesses where clocks change by half an hour, at midnight, or not at all: a day is that day there, nine o'clock is nine o'clock."""

import datetime

import pytest

from keepers import KEEPERS

pytestmark = pytest.mark.parametrize("keeper", KEEPERS, indirect=True)
# Zones, and days on which something happens there: half an hour less and more; no midnight; two hours at once.
PLACES = [
    ("Australia/Lord_Howe", "2027-04-04"), ("Australia/Lord_Howe", "2027-10-03"), ("Asia/Kathmandu", "2027-03-02"), ("Pacific/Apia", "2027-03-02"), ("UTC", "2027-03-02"),
    ("Africa/Cairo", "2027-04-30"), ("Asia/Beirut", "2027-03-28"), ("Antarctica/Troll", "2027-03-28"), ("America/Sao_Paulo", "2027-03-02")]


@pytest.mark.parametrize("zone, day", PLACES, ids=[" ".join(place) for place in PLACES])
def test_the_wall_clock_of_the_business_holds(keep_diary, zone, day):
    diary, middle = keep_diary(ATLAS_TIMEZONE=zone), datetime.date.fromisoformat(day)
    first, last = ((middle + datetime.timedelta(days=days)).isoformat() for days in (-2, 2))

    def listed(start: str = first, end: str = last) -> list[dict]:
        return diary.call("list_events", start=start, end=end)["events"]

    diary.call("create_event", summary="Daily", start=f"{first}T09:00", end=f"{first}T10:30", recurrence="FREQ=DAILY;COUNT=5")
    daily = listed()
    assert [event["start"][11:16] for event in daily] == ["09:00"] * 5
    whole = diary.call("create_event", summary="Closed", start=day, end=day)["event"]
    assert whole["all_day"] is True and whole["start"][:10] == day and whole["end"][:10] == (middle + datetime.timedelta(days=1)).isoformat()
    assert diary.call("get_event", event_id=whole["id"])["event"] == whole
    assert {event["id"] for event in listed(day, day)} == {whole["id"], daily[2]["id"]}
    free = diary.call("find_free_slots", start=last, end=last, start_hour=0, end_hour=24, duration_minutes=15)
    assert free["total_found"] == 90 and free["timezone"] == zone and free["free_slots"][0]["start"][11:16] == "00:00"
    moved = diary.call("update_event", event_id=daily[2]["id"], start=f"{day}T11:00")["event"]
    assert (moved["start"][:16], moved["end"][11:16]) == (f"{day}T11:00", "12:30")
    diary.call("delete_event", event_id=daily[3]["id"])
    assert len(listed()) == 5
