"""Free time, the same wherever the calendar is kept. (CONTRACT: Calendar tools)"""

import datetime

import pytest

from diary import ZONE, moment
from keepers import KEEPERS

pytestmark = pytest.mark.parametrize("keeper", KEEPERS, indirect=True)


def quarters(first: str, last: str) -> list[str]:
    """Every quarter hour from the one to the other."""
    time, end = datetime.datetime.fromisoformat(f"2027-03-02T{first}"), datetime.datetime.fromisoformat(f"2027-03-02T{last}")
    found = []
    while time <= end:
        found.append(time.strftime("%H:%M"))
        time += datetime.timedelta(minutes=15)
    return found


def test_an_empty_day_is_free_from_the_first_hour_to_the_last(diary):
    found = diary.free()
    assert found["total_found"] == len(quarters("08:00", "17:00")) == 37 and len(found["free_slots"]) == 20
    assert [s["start"][11:16] for s in found["free_slots"]] == quarters("08:00", "12:45")
    assert found["free_slots"][0]["when"] == "Tue 2 Mar 2027, 08:00–09:00 CST"
    assert diary.free("2027-03-02", "2027-03-04")["total_found"] == 3 * 37
    assert diary.free("2027-03-02T09:07", "2027-03-02T11:00")["free_slots"][0]["start"][11:16] == "09:15"
    assert diary.starts("2027-03-02T09:07", "2027-03-02T10:30") == ["09:15", "09:30"]
    assert diary.free(duration_minutes=600)["total_found"] == 1 and diary.free(duration_minutes=601)["total_found"] == 0
    assert diary.starts(start_hour=0, end_hour=1, duration_minutes=45) == ["00:00", "00:15"]
    assert diary.free(start_hour=0, end_hour=24, duration_minutes=1440)["total_found"] == 1


def test_what_is_planned_takes_time_and_a_buffer_more(diary):
    diary.create("Visit", "2027-03-02T10:00", "2027-03-02T11:00")
    day = {"start_hour": 9, "end_hour": 13}
    assert diary.starts(**day) == ["09:00"] + quarters("11:00", "12:00")
    assert diary.starts(**day, buffer_minutes=15) == quarters("11:15", "12:00")
    assert diary.starts(**day, buffer_minutes=15, duration_minutes=45) == ["09:00"] + quarters("11:15", "12:15")
    assert diary.starts(**day, buffer_minutes=20) == quarters("11:30", "12:00"), "the next quarter after the distance"
    # What lies outside of the hours or of the range asked for wants its distance, too.
    assert diary.starts("2027-03-02T11:00", "2027-03-02T13:00", buffer_minutes=30) == quarters("11:30", "12:00")
    assert diary.starts("2027-03-02T08:00", "2027-03-02T10:00", buffer_minutes=30) == quarters("08:00", "08:30")


def test_an_odd_minute_is_rounded_to_the_next_quarter(diary):
    diary.create("Visit", "2027-03-02T09:50", "2027-03-02T10:01")
    assert diary.starts(start_hour=9, end_hour=12, duration_minutes=30) == ["09:00", "09:15"] + quarters("10:15", "11:30")


def test_a_day_off_and_a_night_take_what_they_take(diary):
    diary.create("Closed", "2027-03-02", "2027-03-02")
    assert diary.free()["total_found"] == 0 and diary.free("2027-03-03", "2027-03-03")["total_found"] == 37
    diary.create("Night", "2027-03-03T22:00", "2027-03-04T09:00")
    assert diary.starts("2027-03-04", "2027-03-04", end_hour=11) == quarters("09:00", "10:00")


def test_series_and_their_exceptions_take_time(diary):
    diary.create("Daily", "2027-03-01T08:00", "2027-03-01T17:00", recurrence="FREQ=DAILY;COUNT=5")
    assert diary.starts() == ["17:00"]
    second = diary.events("2027-03-02", "2027-03-02")[0]
    diary.delete(second["id"])
    assert diary.free()["total_found"] == 37
    third = diary.events("2027-03-03", "2027-03-03")[0]
    diary.change(third["id"], start="2027-03-03T09:00")
    assert diary.starts("2027-03-03", "2027-03-03") == ["08:00"]


@pytest.mark.parametrize("day, hours", [("2027-03-14", 23), ("2027-11-07", 25), ("2027-03-02", 24)])
def test_hours_are_the_wall_clocks(diary, day, hours):
    found = diary.free(day, day)
    assert found["total_found"] == 37 and found["free_slots"][0]["start"][11:16] == "08:00"
    all_day = diary.free(day, day, start_hour=0, end_hour=24)
    assert all_day["total_found"] == hours * 4 - 3
    first, last = (moment(all_day["free_slots"][i]["start"]) for i in (0, -1))
    assert (last - first).total_seconds() == 19 * 900, "a quarter hour after the other, whatever the clocks show"
    assert first.astimezone(ZONE).strftime("%H:%M") == "00:00"


def test_overlapping_and_touching_events_leave_what_is_between(diary):
    for start, end in (("08:00", "09:00"), ("08:30", "09:30"), ("09:30", "10:00"), ("10:45", "12:00"), ("11:00", "11:30"), ("13:00", "18:00")):
        diary.create("Visit", f"2027-03-02T{start}", f"2027-03-02T{end}")
    assert diary.starts(duration_minutes=45) == ["10:00", "12:00", "12:15"]
    assert diary.starts(duration_minutes=60) == ["12:00"]


def test_years_are_looked_at_but_not_decades(diary):
    assert diary.free("2027-01-01", "2031-12-31", duration_minutes=600)["total_found"] == 5 * 365 + 1
    diary.refuses("invalid_argument", "find_free_slots", "end", start="2027-01-01", end="2037-01-01")
