"""Series and their occurrences, the same wherever the calendar is kept; each listing held against `recurring-ical-events`."""

import datetime

import icalendar
import pytest

import truth
from diary import moment
from keepers import KEEPERS

pytestmark = pytest.mark.parametrize("keeper", KEEPERS, indirect=True)
WEEKLY = {"summary": "Weekly clean", "start": "2027-03-02T09:00", "end": "2027-03-02T11:00", "recurrence": "FREQ=WEEKLY;COUNT=5"}
# The clocks change on 14 March.
WEEKS = ["2027-03-02T09:00:00-06:00", "2027-03-09T09:00:00-06:00", "2027-03-16T09:00:00-05:00", "2027-03-23T09:00:00-05:00", "2027-03-30T09:00:00-05:00"]


def starts(events: list[dict]) -> list[str]:
    return [event["start"] for event in events]


@pytest.fixture
def weekly(diary):
    """A series on five Tuesdays, and its occurrences."""
    series = diary.create(**WEEKLY)
    return series, diary.events()


def test_a_series_is_listed_by_its_occurrences(diary, weekly):
    series, occurrences = weekly
    assert starts(occurrences) == WEEKS, "nine o'clock before and after the clocks change"
    assert len({e["id"] for e in occurrences}) == 5
    for event in occurrences:
        assert event["recurring"] is True and event["series_id"] == series["id"] and event["summary"] == "Weekly clean"
        assert diary.event(event["id"])["start"] == event["start"]
    assert series["recurring"] is True and "FREQ=WEEKLY" in series["recurrence"] and series["start"] == WEEKS[0]
    assert diary.event(series["id"])["recurrence"] == series["recurrence"]
    assert starts(diary.events("2027-03-09T10:59", "2027-03-16T09:00")) == WEEKS[1:2]


def test_an_occurrence_is_changed_alone_and_keeps_its_id(diary, weekly):
    series, occurrences = weekly
    third = occurrences[2]
    moved = diary.change(third["id"], start="2027-03-17T14:00", summary="Moved")
    assert (moved["id"], moved["start"], moved["end"]) == (third["id"], "2027-03-17T14:00:00-05:00", "2027-03-17T16:00:00-05:00")
    after = diary.events()
    assert starts(after) == WEEKS[:2] + ["2027-03-17T14:00:00-05:00"] + WEEKS[3:]
    assert [e["id"] for e in after] == [e["id"] for e in occurrences] and [e["summary"] for e in after].count("Weekly clean") == 4
    assert diary.event(third["id"])["summary"] == "Moved"
    again = diary.change(third["id"], end="2027-03-17T18:00")
    assert (again["summary"], again["start"], again["end"]) == ("Moved", moved["start"], "2027-03-17T18:00:00-05:00")
    assert diary.events("2027-03-16", "2027-03-16") == [], "nothing is left at its old time"
    assert diary.event(series["id"])["summary"] == "Weekly clean"


def test_an_occurrence_is_deleted_alone(diary, weekly):
    series, occurrences = weekly
    diary.change(occurrences[3]["id"], summary="Changed before")
    for gone in (occurrences[1], occurrences[3]):
        diary.delete(gone["id"])
        diary.refuses("not_found", "get_event", "event_id", event_id=gone["id"])
        diary.refuses("not_found", "delete_event", "event_id", event_id=gone["id"])
        diary.refuses("not_found", "update_event", "event_id", event_id=gone["id"], summary="X")
    assert starts(diary.events()) == [WEEKS[0], WEEKS[2], WEEKS[4]]
    assert diary.event(series["id"])["start"] == WEEKS[0]


def test_the_whole_series_is_changed_and_deleted_by_its_id(diary, weekly):
    series, occurrences = weekly
    changed = diary.change(series["id"], summary="Fortnight", location="7 Oak St")
    assert changed["id"] == series["id"]
    assert {(e["summary"], e["location"]) for e in diary.events()} == {("Fortnight", "7 Oak St")} and starts(diary.events()) == WEEKS
    diary.change(series["id"], start="2027-03-02T10:00")
    assert [e["start"][11:16] for e in diary.events()] == ["10:00"] * 5 and {e["end"][11:16] for e in diary.events()} == {"12:00"}
    diary.delete(series["id"])
    assert diary.events() == []
    diary.refuses("not_found", "get_event", "event_id", event_id=occurrences[0]["id"])


def test_when_the_last_occurrence_is_deleted_nothing_is_left(diary):
    series = diary.create(**{**WEEKLY, "recurrence": "FREQ=WEEKLY;COUNT=2"})
    for event in diary.events():
        diary.delete(event["id"])
    assert diary.events() == []
    result = diary.server.call("get_event", {"event_id": series["id"]})
    assert not result.get("isError") or result["_meta"]["atlas/error"]["code"] == "not_found", result


def test_a_series_moved_to_another_hour_keeps_what_was_deleted_and_changed(diary, weekly):
    if diary.provider == "google":
        pytest.skip("what becomes of exceptions then is Google's own business")
    series, occurrences = weekly
    diary.delete(occurrences[1]["id"])
    diary.change(occurrences[2]["id"], summary="Windows too")
    result = diary.server.call("update_event", {"event_id": series["id"], "start": "2027-03-02T10:00"})
    if result.get("isError"):
        return diary.refused(result, "invalid_argument")
    listed = diary.events()
    assert len(listed) == 4 and [e["summary"] for e in listed].count("Windows too") == 1, "what was deleted stays deleted, what was changed stays changed"


def test_an_occurrence_that_the_series_never_had_is_not_there(diary, weekly):
    series, occurrences = weekly
    for old, new in (("20270309", "20270310"), ("20270309", "20280309")):
        id = occurrences[1]["id"]
        if old in id:
            diary.refuses("not_found", "get_event", "event_id", event_id=id.replace(old, new))
            diary.refuses("not_found", "delete_event", "event_id", event_id=id.replace(old, new))
    assert len(diary.events()) == 5


RULES = [
    ("2027-01-04T09:00", "FREQ=DAILY;COUNT=400"), ("2027-01-04T09:00", "FREQ=DAILY;INTERVAL=3"), ("2027-01-04T23:30", "FREQ=WEEKLY;BYDAY=MO,WE,FR;UNTIL=20270601T045959Z"),
    ("2027-01-31T09:00", "FREQ=MONTHLY"), ("2027-01-31T09:00", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=9"), ("2027-01-05T09:00", "FREQ=MONTHLY;BYDAY=1TU"),
    ("2027-01-29T09:00", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=20"), ("2027-01-29T09:00", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
    ("2024-02-29T09:00", "FREQ=YEARLY"), ("2027-03-10T02:30", "FREQ=DAILY;COUNT=8"), ("2027-11-04T01:30", "FREQ=DAILY;COUNT=8"),
    ("2027-01-04T09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU"), ("2027-01-04T09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=MO"),
    ("2026-01-05", "FREQ=WEEKLY;BYDAY=MO"), ("2027-02-27", "FREQ=DAILY;UNTIL=20270303"), ("2020-11-26T09:00", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"),
    ("2027-01-13T09:00", "freq=monthly;bymonthday=13;byday=we"), ("2027-01-04T09:00", "RRULE:FREQ=DAILY;COUNT=3"),
]


def written(start: str, end: str, rule: str) -> str:
    """The series as another program writes it."""
    event = icalendar.Event()
    days = datetime.timedelta(days=len(start) == 10)
    for name, text in (("DTSTART", start), ("DTEND", end)):
        event.add(name, moment(text) if len(text) > 10 else datetime.date.fromisoformat(text) + (days if name == "DTEND" else days * 0))
    event.add("UID", "x")
    event.add("SUMMARY", "Series")
    event.add("RRULE", icalendar.vRecur.from_ical(rule.upper().removeprefix("RRULE:")))
    calendar = icalendar.Calendar()
    calendar.add_component(event)
    return calendar.to_ical().decode()


@pytest.mark.parametrize("start, rule", RULES, ids=[f"{start} {rule}" for start, rule in RULES])
def test_a_rule_means_what_it_means_to_others(diary, start, rule):
    end = start if len(start) == 10 else (moment(start) + datetime.timedelta(hours=1)).isoformat()[:16]
    diary.create("Series", start, end, recurrence=rule)
    assert truth.shown(diary.all()) == truth.expanded(written(start, end, rule), "2027-01-01", "2027-12-31")
