"""A CalDAV server that is gone, slow, full of errors, or changed behind our back: clear errors in time, nothing lost, and it mends itself."""

import time

import pytest

import truth
from diary import agenda, manners, wait_for

pytestmark = pytest.mark.parametrize("keeper", ["radicale", "xandikos"], indirect=True)
VISIT = {"summary": "Visit", "start": "2027-03-02T09:00", "end": "2027-03-02T10:00"}
DAY = {"start": "2027-03-02", "end": "2027-03-02"}
LONGEST = 65  # seconds that a caller may have to wait


def failing(diary, keeper, tool: str, arguments: dict, codes: set[str], retryable: bool | None = None) -> str:
    """The call fails in time with one of the codes, and works when the fault is over, without a new start."""
    began = time.monotonic()
    result = diary.server.call(tool, arguments, timeout=LONGEST + 5)
    assert time.monotonic() - began < LONGEST, "a caller waits for ever"
    assert result.get("isError"), result
    error = result["_meta"]["atlas/error"]
    assert error["code"] in codes, f"{error}: {result['content'][0]['text']}"
    text = diary.refused(result, error["code"], retryable=retryable)
    keeper.relay.faults.clear()
    assert diary.events() is not None, "it did not recover"
    return text


@pytest.mark.parametrize("kind, codes", [
    ("cut", {"unavailable", "upstream_error"}), ("garbage", {"unavailable", "upstream_error"}), ("hang", {"timeout", "unavailable"}),
])
def test_a_server_that_does_not_answer_is_told_in_time(diary, keeper, kind, codes):
    diary.events()
    keeper.relay.fail(kind, 99, "REPORT")
    text = failing(diary, keeper, "list_events", DAY, codes, True if kind != "garbage" else None)
    assert "CalDAV" in text or "calendar" in text


@pytest.mark.parametrize("status, codes", [
    (401, {"unauthenticated"}), (403, {"permission_denied"}), (404, {"not_found", "not_configured"}), (429, {"rate_limited"}), (500, {"upstream_error", "unavailable"}),
    (503, {"unavailable", "rate_limited"}), (507, {"upstream_error", "unavailable"}), (200, {"upstream_error"}), (302, {"upstream_error", "not_configured"})])
def test_each_refusal_has_its_code(diary, keeper, status, codes):
    diary.events()
    keeper.relay.fail("answer", 99, "REPORT", status=status, body=b"<html>hunter2-secret</html>", headers={"Retry-After": "1"} if status in (429, 503) else {})
    text = failing(diary, keeper, "list_events", DAY, codes)
    assert "hunter2" not in text


def test_a_slow_answer_is_waited_for(diary, keeper):
    made = diary.create()
    keeper.relay.fail("slow", 2)
    assert diary.events() == [made]


def test_a_server_that_is_down_and_comes_back(diary, keeper):
    made = diary.create()
    keeper.proxy.is_refusing = True
    keeper.proxy.cut()
    began = time.monotonic()
    for tool, arguments in (("list_events", DAY), ("create_event", VISIT), ("update_event", {"event_id": made["id"], "summary": "X"}), ("find_free_slots", DAY)):
        diary.refuses("unavailable", tool, retryable=True if "event_id" not in arguments and "summary" not in arguments else None, **arguments)
    assert time.monotonic() - began < LONGEST
    assert len(diary.server.request("tools/list")["tools"]) >= 8
    keeper.proxy.is_refusing = False
    assert diary.events() == [made], "it did not recover"
    keeper.proxy.cut()
    assert diary.events() == [made], "a connection that was cut is made anew"


def test_what_was_cut_off_in_the_middle_of_writing_is_there_once(diary, keeper):
    """With the key a call can be repeated, whatever became of the first."""
    for number, kind in enumerate(("cut", "cut after", "garbage")):
        keeper.relay.fail(kind, 1, "PUT")
        visit = {**VISIT, "summary": f"Visit {number}"}
        result = diary.server.call("create_event", {**visit, "idempotency_key": kind})
        if result.get("isError"):
            assert result["_meta"]["atlas/error"]["code"] in ("unavailable", "upstream_error", "timeout"), result
        keeper.relay.faults.clear()
        diary.call("create_event", **visit, idempotency_key=kind)
    assert sorted(e["summary"] for e in diary.events()) == ["Visit 0", "Visit 1", "Visit 2"]


def meddle(keeper, change) -> list:
    """Somebody else changes the object just before our next PUT or DELETE arrives."""
    done = []

    def before(request):
        if request.method in ("PUT", "DELETE") and not done:
            done.append(request)
            keeper.put("theirs", change(keeper.get("theirs")))

    keeper.relay.before = before
    return done


def test_somebody_elses_change_between_our_reading_and_writing_is_not_lost(diary, keeper):
    keeper.put("theirs", manners.APPLE)
    event = diary.events()[0]
    done = meddle(keeper, lambda text: text.replace("TRANSP:OPAQUE", "TRANSP:TRANSPARENT"))
    result = diary.server.call("update_event", {"event_id": event["id"], "summary": "Ours"})
    assert done, "nothing was written"
    keeper.relay.before = None
    (left,) = truth.expanded(keeper.get("theirs"), "2027-03-02", "2027-03-02")
    assert left["busy"] is False, "their change is gone"
    if result.get("isError"):
        diary.refused(result, "conflict")
        diary.change(event["id"], summary="Ours")
        (left,) = truth.expanded(keeper.get("theirs"), "2027-03-02", "2027-03-02")
    assert left["summary"] == "Ours" and left["busy"] is False


def test_a_deletion_of_what_somebody_else_has_just_changed_is_no_surprise(diary, keeper):
    keeper.put("theirs", manners.GOOGLE)
    last = diary.events()[-1]
    done = meddle(keeper, lambda text: text.replace("SUMMARY:Google meeting\r\n", "SUMMARY:Renamed\r\n"))
    result = diary.server.call("delete_event", {"event_id": last["id"]})
    keeper.relay.before = None
    left = truth.expanded(keeper.get("theirs"), "2027-01-01", "2027-12-31")
    assert done and "Renamed" in [e["summary"] for e in left], "their change is gone"
    if result.get("isError"):
        diary.refused(result, "conflict")
        diary.delete(last["id"])
    assert len(diary.events()) == 2


@pytest.mark.parametrize("wrong, code, says", [
    ({"URL": "not a url"}, "not_configured", "ATLAS_TOOLS_CALDAV_URL"), ({"URL": "ftp://localhost/"}, "not_configured", "ATLAS_TOOLS_CALDAV_URL"),
    ({"URL": "http://calendar.example/"}, "not_configured", "ATLAS_TOOLS_CALDAV_URL"), ({"URL": "http://127.0.0.1:1/"}, "unavailable", ""),
    ({"CALENDAR_URL": "/nobody/nothing/"}, None, "ATLAS_TOOLS_CALDAV_CALENDAR_URL"),
    ({"CALENDAR_URL": "http://elsewhere.example/cal/"}, "not_configured", "ATLAS_TOOLS_CALDAV_CALENDAR_URL"),
], ids=["none", "ftp", "in clear", "nobody there", "no such calendar", "another server's"])
def test_wrong_settings_are_named(keep_diary, keeper, wrong, code, says):
    diary = keep_diary(**{f"ATLAS_TOOLS_CALDAV_{name}": value for name, value in wrong.items()})
    result = diary.server.call("list_events", DAY)
    found = result["_meta"]["atlas/error"]["code"]
    assert found == code or code is None and found in ("not_configured", "permission_denied"), result
    diary.refused(result, found, says=says if found == "not_configured" else "")
    assert len(diary.server.request("tools/list")["tools"]) >= 8


def test_a_bare_listing_touches_nobody(diary, keeper):
    diary.server.request("tools/list")
    diary.server.request("prompts/list")
    assert keeper.relay.journal == []


def test_a_listing_costs_two_requests_from_the_start(keep_diary, keeper):
    for uid, text in agenda.objects(56):
        keeper.put(uid, text)
    cold = keep_diary()
    cold.call("list_events", start="2027-02-01", end="2027-05-01", limit=500)
    assert len(keeper.relay.journal) <= 2, [(r.method, r.path) for r in keeper.relay.journal]
    wait_for(lambda: all(r.status for r in keeper.relay.journal))
