"""The tools of events, the same wherever the calendar is kept. (CONTRACT: Calendar tools, Time, Doing things once, Text from outside)"""

import pytest

from diary import moment, wait_for
from keepers import KEEPERS

pytestmark = pytest.mark.parametrize("keeper", KEEPERS, indirect=True)


def test_an_event_is_made_listed_read_changed_and_deleted(diary):
    made = diary.create("Deep clean", location="5 Main St", description="Bring the oven kit.\nKey under the mat.")
    assert (made["summary"], made["location"], made["description"]) == ("Deep clean", "5 Main St", "Bring the oven kit.\nKey under the mat.")
    assert (made["start"], made["end"]) == ("2027-03-02T09:00:00-06:00", "2027-03-02T10:00:00-06:00")
    assert made["when"] == "Tue 2 Mar 2027, 09:00–10:00 CST"
    assert (made["all_day"], made["status"], made["busy"], made["recurring"]) == (False, "confirmed", True, False)
    assert diary.events() == [made] and diary.event(made["id"]) == made

    changed = diary.change(made["id"], summary="Windows", start="2027-03-02T14:00")
    assert (changed["summary"], changed["start"], changed["end"]) == ("Windows", "2027-03-02T14:00:00-06:00", "2027-03-02T15:00:00-06:00")
    assert (changed["location"], changed["description"]) == (made["location"], made["description"]), "what is left out stays"
    assert changed["id"] == made["id"] and diary.event(made["id"]) == changed and diary.events() == [changed]
    longer = diary.change(made["id"], end="2027-03-02T17:30")
    assert (longer["start"], longer["end"]) == (changed["start"], "2027-03-02T17:30:00-06:00")

    diary.delete(made["id"])
    assert diary.events() == []
    for tool in ("get_event", "delete_event"):
        diary.refuses("not_found", tool, "event_id", event_id=made["id"])
    diary.refuses("not_found", "update_event", "event_id", event_id=made["id"], summary="Again")


def test_texts_are_emptied_by_name_and_blank_ones_count_as_absent(diary):
    made = diary.create(location="5 Main St", description="Words")
    same = diary.change(made["id"], summary="New", location="  ", description="")
    assert (same["location"], same["description"]) == ("5 Main St", "Words")
    bare = diary.change(made["id"], clear=["location", "description"])
    assert not bare["location"] and not bare["description"] and bare["summary"] == "New"
    diary.refuses("invalid_argument", "update_event", "clear", event_id=made["id"], location="X", clear="location")
    diary.refuses("invalid_argument", "update_event", "summary", event_id=made["id"], summary=" ")


def test_people_are_invited_by_address(diary):
    made = diary.create(attendees="ann@north.example, Bo@South.example")
    assert [a.lower() for a in made["attendees"]] == ["ann@north.example", "bo@south.example"]
    assert diary.event(made["id"])["attendees"] == made["attendees"]
    diary.refuses("invalid_argument", "create_event", "attendees", summary="X", start="2027-03-02T09:00", end="2027-03-02T10:00", attendees=["nobody"])


def test_whole_days(diary):
    one = diary.create("Closed", "2027-03-02", "2027-03-02")
    assert one["all_day"] is True and one["when"] == "Tue 2 Mar 2027"
    assert (one["start"], one["end"]) == ("2027-03-02T00:00:00-06:00", "2027-03-03T00:00:00-06:00")
    # Two days, in the night between which the clocks change.
    two = diary.create("Fair", "2027-03-13T00:00", "2027-03-15T00:00", all_day=True)
    assert (two["start"], two["end"], two["when"]) == ("2027-03-13T00:00:00-06:00", "2027-03-15T00:00:00-05:00", "Sat 13 Mar 2027 – Sun 14 Mar 2027")
    same = diary.create("Fair again", "2027-03-13", "2027-03-14", all_day="true")
    assert (same["start"], same["end"]) == (two["start"], two["end"])
    assert [e["id"] for e in diary.events("2027-03-14", "2027-03-14")] == sorted([two["id"], same["id"]], key=[e["id"] for e in diary.events()].index)
    moved = diary.change(two["id"], start="2027-03-20")
    assert (moved["start"], moved["end"], moved["all_day"]) == ("2027-03-20T00:00:00-05:00", "2027-03-22T00:00:00-05:00", True)
    timed = diary.change(one["id"], start="2027-03-02T09:00", end="2027-03-02T11:00")
    assert timed["all_day"] is False and timed["end"] == "2027-03-02T11:00:00-06:00"
    back = diary.change(one["id"], start="2027-03-04", end="2027-03-05")
    assert back["all_day"] is True and back["end"] == "2027-03-06T00:00:00-06:00"
    diary.refuses("invalid_argument", "update_event", "start", event_id=two["id"], start="2027-03-20T09:00")


def test_an_event_over_midnight_and_several_days(diary):
    night = diary.create("Night shift", "2027-03-02T22:00", "2027-03-03T06:00")
    trip = diary.create("Trip", "2027-03-02T12:00", "2027-03-05T12:00")
    assert trip["when"] == "Tue 2 Mar 2027, 12:00 – Fri 5 Mar 2027, 12:00 CST"
    assert [e["id"] for e in diary.events("2027-03-03", "2027-03-03")] == [trip["id"], night["id"]]
    assert [e["id"] for e in diary.events("2027-03-04T00:00", "2027-03-04T01:00")] == [trip["id"]]
    assert diary.events("2027-03-05T12:00", "2027-03-05T13:00") == [], "the end is exclusive"
    assert [e["id"] for e in diary.events("2027-03-05T11:59", "2027-03-05T12:00")] == [trip["id"]]


@pytest.mark.parametrize("start, end, expected", [
    ("2027-07-06T09:00", "2027-07-06T10:00", ("2027-07-06T09:00:00-05:00", "2027-07-06T10:00:00-05:00")),
    ("2027-03-02T16:00:00+01:00", "2027-03-02T16:00:00Z", ("2027-03-02T09:00:00-06:00", "2027-03-02T10:00:00-06:00")),
    ("2027-03-02 09:00", "2027-03-02T09:00:30-06:00", ("2027-03-02T09:00:00-06:00", "2027-03-02T09:00:30-06:00")),
    ("2027-03-14T01:30", "2027-03-14T03:30", ("2027-03-14T01:30:00-06:00", "2027-03-14T03:30:00-05:00")),
    ("2027-11-07T01:30-05:00", "2027-11-07T01:30-06:00", ("2027-11-07T01:30:00-05:00", "2027-11-07T01:30:00-06:00")),
], ids=["summer", "offsets", "seconds", "spring", "autumn"])
def test_times_are_meant_in_the_businesss_zone(diary, start, end, expected):
    made = diary.create("Visit", start, end)
    assert (made["start"], made["end"]) == expected
    assert [e["id"] for e in diary.events(*expected)] == [made["id"]]


def test_a_listing_has_a_limit_and_says_that_there_is_more(diary):
    for hour in range(9, 15):
        diary.create(f"Visit {hour}", f"2027-03-02T{hour:02}:00", f"2027-03-02T{hour:02}:30")
    page = diary.call("list_events", start="2027-03-02", end="2027-03-02", limit="4")
    assert [e["summary"] for e in page["events"]] == ["Visit 9", "Visit 10", "Visit 11", "Visit 12"] and page["has_more"] is True
    rest = diary.call("list_events", start=page["events"][-1]["end"], end="2027-03-02", limit=4)
    assert [e["summary"] for e in rest["events"]] == ["Visit 13", "Visit 14"] and rest["has_more"] is False


def test_a_large_listing_stays_within_what_hosts_take(diary):
    for number in range(25):
        diary.create("S" * 500, f"2027-03-{number + 2:02}T09:00", f"2027-03-{number + 2:02}T10:00", location="L" * 1000, description="é" * 8000)
    listed = diary.all()  # the size of each page is looked at there
    assert len(listed) == 25
    whole = diary.event(listed[0]["id"])
    assert whole["summary"] == "S" * 500 and whole["description"] == "é" * 8000


def test_words_are_data_without_tricks(diary):
    made = diary.create("Vi\u200bsit \u202eecivres\u202c\x07", location="5\u2066 Main\ufeff St", description="One\x1b[31m\r\nTwo\u200d\n\tThree")
    for event in (made, diary.event(made["id"]), *diary.events()):
        text = event["summary"] + event["location"] + event["description"]
        assert not set(text) & set("\u200b\u202e\u202c\x07\u2066\ufeff\x1b\u200d"), ascii(text)
        assert event["summary"].startswith("Visit") and "Two" in event["description"].splitlines()[1]
    emoji = diary.create("Grüße 🧹, 你好; \\n \"quoted\" a,b;c:d", description="x" * 70 + "é" * 70 + "\\;,\n😀" * 9)
    assert diary.event(emoji["id"])["summary"] == "Grüße 🧹, 你好; \\n \"quoted\" a,b;c:d"
    assert diary.event(emoji["id"])["description"] == "x" * 70 + "é" * 70 + "\\;,\n😀" * 9


VISIT = {"summary": "Visit", "start": "2027-03-02T09:00", "end": "2027-03-02T10:00"}


def test_a_repeat_with_the_key_makes_nothing(diary):
    first = diary.call("create_event", **VISIT, idempotency_key="k")
    again = diary.call("create_event", **VISIT, idempotency_key="k")
    assert first["replayed"] is False and again == {**first, "replayed": True} and first["status"] == "created"
    diary.refuses("conflict", "create_event", "idempotency_key", **{**VISIT, "summary": "Other"}, idempotency_key="k")
    diary.refuses("conflict", "create_event", "idempotency_key", **{**VISIT, "end": "2027-03-02T11:00"}, idempotency_key="k")
    diary.refuses("invalid_argument", "create_event", "idempotency_key", **VISIT, idempotency_key="k" * 129)
    assert len(diary.events()) == 1
    assert diary.create()["id"] != first["event"]["id"] and len(diary.events()) == 2, "without a key each call makes one"


def test_eight_at_once_with_one_key_make_one(diary, keep_diary):
    both = [diary, keep_diary()]
    asked = [(one, one.server.begin("create_event", **VISIT, idempotency_key="k")) for one in both for _ in range(4)]
    ids = set()
    for one, id in asked:
        result = one.server.answer(id)["result"]
        if result.get("isError"):
            one.refused(result, "conflict", "idempotency_key", says="running")
        else:
            ids.add(one.succeeded("create_event", result)["event"]["id"])
    assert len(ids) == 1 and [e["id"] for e in diary.events()] == list(ids)


def test_a_repeat_after_a_kill_makes_one(diary, keep_diary, database):
    """Killed at whatever moment: with the key it can be asked again."""
    for number in range(6):
        victim = keep_diary()
        victim.server.begin("create_event", **{**VISIT, "summary": f"Visit {number}"}, idempotency_key=f"k{number}")
        if number % 2:
            wait_for(lambda: database.sql("select 1 from idempotency_keys where key = %s", f"k{number}"))
        victim.server.kill()
        diary.call("create_event", **{**VISIT, "summary": f"Visit {number}"}, idempotency_key=f"k{number}")
    assert sorted(e["summary"] for e in diary.events()) == [f"Visit {n}" for n in range(6)]


WRONG = [
    ("create_event", {"end": "2027-03-02T09:00"}, "end"), ("create_event", {"end": "2027-03-01T10:00"}, "end"),
    ("create_event", {"start": "2027-03-03", "end": "2027-03-02"}, "end"), ("create_event", {"start": "tomorrow"}, "start"),
    ("create_event", {"start": "2027-02-30T09:00"}, "start"), ("create_event", {"start": "2027-03-14T02:30", "end": "2027-03-14T05:00"}, "start"),
    ("create_event", {"start": "2027-11-07T00:30", "end": "2027-11-07T01:30"}, "end"), ("create_event", {"summary": "  "}, "summary"),
    ("create_event", {"summary": "x" * 501}, "summary"), ("create_event", {"description": "x" * 8001}, "description"),
    ("create_event", {"location": "x" * 1001}, "location"), ("create_event", {"all_day": "perhaps"}, "all_day"),
    ("create_event", {"recurrence": "every Tuesday"}, "recurrence"), ("create_event", {"recurrence": "FREQ=SECONDLY"}, "recurrence"),
    ("create_event", {"recurrence": "FREQ=DAILY;COUNT=0"}, "recurrence"), ("create_event", {"recurrence": "FREQ=DAILY;COUNT=2;UNTIL=20280101"}, "recurrence"),
    ("create_event", {"recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "recurrence"), ("create_event", {"recurrence": "FREQ=DAILY\r\nATTENDEE:x"}, "recurrence"),
    ("list_events", {"limit": 0}, "limit"), ("list_events", {"limit": 501}, "limit"), ("list_events", {"end": "2027-03-02T09:00"}, "end"),
    ("list_events", {"start": " "}, "start"), ("list_events", {"end": "2099-01-01"}, "end"), ("get_event", {"event_id": " "}, "event_id"),
    ("find_free_slots", {"duration_minutes": 4}, "duration_minutes"), ("find_free_slots", {"duration_minutes": 1441}, "duration_minutes"),
    ("find_free_slots", {"start_hour": 12, "end_hour": 12}, "end_hour"), ("find_free_slots", {"start_hour": 18, "end_hour": 8}, "end_hour"),
    ("find_free_slots", {"end_hour": 25}, "end_hour"), ("find_free_slots", {"start_hour": -1}, "start_hour"),
    ("find_free_slots", {"buffer_minutes": -1}, "buffer_minutes"), ("find_free_slots", {"end": "2027-03-01"}, "end"),
    ("sync_appointment", {"appointment_id": "x"}, "appointment_id"),
]


def test_what_is_wrong_is_named(diary):
    for tool, wrong, parameter in WRONG:
        given = {key: value for key, value in {**VISIT, "event_id": "x"}.items() if key in diary.schemas()[tool]["inputSchema"]["properties"]}
        diary.refuses("invalid_argument", tool, parameter, **{**given, **wrong})
    assert "offset" in diary.refuses("invalid_argument", "create_event", "start", **{**VISIT, "start": "2027-11-07T01:30", "end": "2027-11-07T03:00"})
    assert "start_hour" in diary.refuses("invalid_argument", "find_free_slots", start="2027-03-02", end="2027-03-03", start_hour=9, end_hour=9)
    assert diary.events() == []


@pytest.mark.parametrize("id", ["nonsense", "../../etc/passwd", "%00", "é" * 50, "a" * 1999, "http://evil.example/x.ics", "/", "?", "#", "\r\nX: y", "' or 1=1 --"])
def test_an_id_that_is_none_finds_nothing_and_harms_nothing(diary, id):
    made = diary.create()
    for tool, more in (("get_event", {}), ("delete_event", {}), ("update_event", {"summary": "X"})):
        result = diary.server.call(tool, {"event_id": id, **more})
        assert result["_meta"]["atlas/error"]["code"] in ("not_found", "invalid_argument"), result
        assert result["_meta"]["atlas/error"]["parameter"] == "event_id"
    assert diary.events() == [made]


def test_calendars(diary):
    found = diary.call("list_calendars")
    assert found["count"] == len(found["calendars"]) >= 1
    primary = found["calendars"][0]
    assert primary["primary"] and not primary["read_only"] and primary["provider"] == diary.provider
    assert sum(c["primary"] for c in found["calendars"]) == 1
    made = diary.create(calendar_id=primary["id"])
    assert made["calendar_id"] == primary["id"] and diary.events(calendar_id=" ") == diary.events(calendar_id=primary["id"]) == [made]
    assert diary.event(made["id"], calendar_id=primary["id"]) == made
    for tool, more in (("list_events", {"start": "2027-03-02", "end": "2027-03-02"}), ("create_event", VISIT), ("find_free_slots", {"start": "2027-03-02", "end": "2027-03-02"})):
        diary.refuses("not_found", tool, "calendar_id", calendar_id="no-such-calendar", **more)
    assert moment(made["start"]) and len(diary.events()) == 1
