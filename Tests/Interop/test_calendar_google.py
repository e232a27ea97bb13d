"""Google Calendar, each request and answer held against Google's own document: what only Google does, and what goes wrong there."""

import json

import pytest

from diary import moment
from mailservices import HOLIDAYS, JOBS, calendar_settings

pytestmark = pytest.mark.parametrize("keeper", ["google"], indirect=True)
VISIT = {"summary": "Visit", "start": "2027-03-02T09:00", "end": "2027-03-02T10:00"}
DAY = {"start": "2027-03-02", "end": "2027-03-02"}
CHICAGO = "America/Chicago"


def theirs(**more) -> dict:
    """An event that somebody made elsewhere, with what only Google knows of."""
    return {
        "summary": "Theirs", "start": {"dateTime": "2027-03-02T09:00:00-06:00", "timeZone": CHICAGO},
        "end": {"dateTime": "2027-03-02T10:00:00-06:00", "timeZone": CHICAGO}, "colorId": "7", "visibility": "private",
        "extendedProperties": {"private": {"ours": "1"}, "shared": {"theirs": "2"}}, "reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]},
        "attendees": [{"email": "ann@north.example", "displayName": "Ann Lee", "responseStatus": "accepted", "comment": "Gladly"}], **more}


def test_the_calendars_of_the_account(diary):
    found = diary.call("list_calendars")["calendars"]
    assert [(c["name"], c["primary"], c["read_only"]) for c in found] == [
        (found[0]["name"], True, False), ("Jobs", False, False), ("Holidays in United States", False, True)]
    diary.create(calendar_id=JOBS)
    assert len(diary.events(calendar_id=JOBS)) == 1 and diary.events() == []
    diary.refuses("permission_denied", "create_event", calendar_id=HOLIDAYS, **VISIT)


def test_time_is_free_where_all_of_several_calendars_are(diary):
    diary.create("Here", "2027-03-02T08:00", "2027-03-02T12:00")
    diary.create("There", "2027-03-02T13:00", "2027-03-02T17:00", calendar_id=JOBS)
    primary = diary.call("list_calendars")["calendars"][0]["id"]
    assert diary.starts(calendar_id=f"{primary}, {JOBS}") == ["12:00", "17:00"]
    assert diary.free(calendar_id=JOBS)["total_found"] > 2
    diary.refuses("not_found", "find_free_slots", "calendar_id", calendar_id=f"{primary},nobody", **DAY)


def test_what_a_change_does_not_concern_stays(diary, keeper):
    id = keeper.double.put(theirs())
    before = dict(keeper.double.calendars["office@acme.example"].get(id))
    (event,) = diary.events()
    diary.change(event["id"], summary="Ours", location="5 Main St")
    after = keeper.double.calendars["office@acme.example"].get(id)
    assert after["summary"] == "Ours" and after["location"] == "5 Main St"
    same = set(before) - {"summary", "etag", "updated", "sequence"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


def test_free_time_that_google_calls_transparent_takes_none(diary, keeper):
    keeper.double.put(theirs(transparency="transparent"))
    keeper.double.put(theirs(status="tentative", start={"dateTime": "2027-03-02T12:00:00-06:00"}, end={"dateTime": "2027-03-02T13:00:00-06:00"}))
    assert [(e["busy"], e["status"]) for e in diary.events()] == [(False, "confirmed"), (True, "tentative")]
    assert "09:00" in diary.starts() and "12:00" not in diary.starts()


def test_somebody_elses_change_in_between_is_not_lost(diary, keeper):
    id = keeper.double.put(theirs())
    event = diary.events()[0]
    keeper.double.meanwhile.append((id, {"location": "Elsewhere"}))
    result = diary.server.call("update_event", {"event_id": event["id"], "summary": "Ours"})
    if result.get("isError"):
        diary.refused(result, "conflict", retryable=True)
        diary.change(event["id"], summary="Ours")
    after = diary.event(event["id"])
    assert (after["summary"], after["location"]) == ("Ours", "Elsewhere")


REFUSALS = [
    ("authError", "unauthenticated"), ("insufficientPermissions", "permission_denied"), ("accessNotConfigured", "permission_denied"), ("rateLimitExceeded", "rate_limited"),
    ("userRateLimitExceeded", "rate_limited"), ("dailyLimitExceeded", "rate_limited"), ("tooManyRequests", "rate_limited"), ("backendError", "upstream_error"),
    ("unavailable", "unavailable"), ("invalid_grant", "unauthenticated"), ("invalid_client", "unauthenticated"), ("internal_failure", "upstream_error")]


@pytest.mark.parametrize("reason, code", REFUSALS)
def test_each_refusal_has_its_code_and_mends_itself(diary, keeper, reason, code):
    keeper.double.refuse(reason, 99)
    result = diary.server.call("list_events", DAY, timeout=65)
    found = result["_meta"]["atlas/error"]["code"] if result.get("isError") else "success"
    assert found in {code, *({"unavailable", "upstream_error"} if code in ("upstream_error", "unavailable") else {"not_configured"})}, result
    diary.refused(result, found)
    keeper.double.faults.clear()
    assert diary.events() == []


@pytest.mark.parametrize("kind", ["cut", "hang", "garbage"])
def test_google_that_does_not_answer_is_told_in_time(diary, keeper, kind):
    diary.events()
    keeper.double.fail(kind, 99, path="/calendar/")
    result = diary.server.call("list_events", DAY, timeout=65)
    diary.refused(result, result["_meta"]["atlas/error"]["code"])
    assert result["_meta"]["atlas/error"]["code"] in ("timeout", "unavailable", "upstream_error")
    keeper.double.faults.clear()
    assert diary.events() == []


@pytest.mark.parametrize("kind", ["cut after", "garbage", "cut"])
def test_what_was_cut_off_in_the_middle_of_writing_is_there_once(diary, keeper, kind):
    keeper.double.fail(kind, 1, "POST", "/events")
    diary.server.call("create_event", {**VISIT, "idempotency_key": "k"})
    keeper.double.faults.clear()
    diary.call("create_event", **VISIT, idempotency_key="k")
    assert len(diary.events()) == 1


def test_a_token_that_is_no_longer_good_is_replaced_unseen(diary, keeper):
    made = diary.create()
    keeper.double.expire()
    assert diary.events() == [made]
    keeper.double.is_revoked = True
    keeper.double.expire()
    text = diary.refuses("unauthenticated", "list_events", says="ATLAS_TOOLS_CALENDAR", **DAY)
    assert "ya29" not in text and "1//" not in text


def test_a_service_account_keeps_a_calendar_too(keep_diary, keeper, tmp_path):
    key = tmp_path / "key.json"
    key.write_text(json.dumps(keeper.double.add_service_account()))
    settings = {name: None for name in keeper.env if name.startswith("ATLAS_TOOLS_CALENDAR_")} | calendar_settings(keeper.double, str(key))
    diary = keep_diary(**settings, ATLAS_TOOLS_CALENDAR_CALENDAR_ID=JOBS)
    made = diary.create()
    assert diary.events() == [made] and made["calendar_id"] == JOBS
    assert moment(made["start"])


def test_a_listing_costs_one_request(keep_diary, keeper):
    for _ in range(40):
        keeper.double.put(theirs())
    diary = keep_diary()
    assert len(diary.events()) == 40
    assert len(keeper.double.journal) <= 3, "a token, the calendar's id, the events"
    keeper.double.journal.clear()
    diary.events()
    assert len(keeper.double.journal) == 1


@pytest.mark.parametrize("missing", ["CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN"])
def test_a_setting_that_is_missing_is_named(keep_diary, missing):
    keep_diary(**{f"ATLAS_TOOLS_CALENDAR_{missing}": ""}).refuses("not_configured", "list_events", says=f"ATLAS_TOOLS_CALENDAR_{missing}", **DAY)
