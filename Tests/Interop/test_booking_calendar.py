"""Visits and a calendar that fails or is changed by others; the letter that confirms. The booking is the database's, and there is one event of it."""

import pytest

from diary import moment, said, workday
from mailroom import BUSINESS, parse, sending, text_of
from test_booking import counts

NOBODY = "00000000-0000-0000-0000-000000000000"
caldav = pytest.mark.parametrize("keeper", ["radicale", "xandikos"], indirect=True)


def sync(diary, visit, **more) -> dict:
    synced = diary.call("sync_appointment", appointment_id=visit["id"], **more)
    assert synced["appointment_id"] == visit["id"]
    return synced


@caldav
@pytest.mark.parametrize("kind, method", [("answer", "PUT"), ("cut", None), ("cut after", "PUT"), ("garbage", "PUT")])
def test_a_calendar_that_fails_takes_no_booking_down_and_is_healed_once(diary, keeper, database, kind, method):
    diary.events()
    keeper.relay.fail(kind, 99, method, status=503 if kind == "answer" else None)
    booked = diary.book()
    visit = booked["appointment"]
    # Of what was cut off after it was written, the server may find out by itself.
    assert (booked["calendar"] == "pending" and booked["warnings"]) or kind in ("cut after", "garbage"), booked
    assert counts(database) == (1, 1, 1)
    diary.refuses("conflict", "book_appointment", "time", **diary.wish()) if method else None
    keeper.relay.faults.clear()
    assert "09:00" not in diary.offered() and "09:00" not in diary.starts(workday(), workday()), "it blocks though the calendar may not show it"
    first = sync(diary, visit)
    assert (first["start"], first["end"]) == (visit["start_time"], visit["end_time"])
    again = sync(diary, visit)
    assert again["calendar_event_id"] == first["calendar_event_id"] and again["status"] == "updated"
    assert len(keeper.texts()) == 1 and [e["id"] for e in diary.events(workday(), workday())] == [first["calendar_event_id"]]
    assert database.value("select calendar_event_id from appointments") == first["calendar_event_id"]


@caldav
def test_what_was_missed_is_made_up_for_by_the_next_call(diary, keeper, database):
    """Whoever books next brings the calendar up to date, when the turn has come."""
    diary.events()
    keeper.relay.fail("answer", 99, "PUT", status=503)
    diary.book()
    keeper.relay.faults.clear()
    database.sql("update appointments set updated_at = now() - interval '1 day', created_at = now() - interval '1 day'")
    diary.book(time="11:00")
    times = [e["start"][11:16] for e in diary.events(workday(), workday())]
    assert times in (["09:00", "11:00"], ["11:00"]) and len(keeper.texts()) == len(times)


@caldav
def test_an_event_that_others_moved_or_deleted_is_put_right(diary, keeper):
    visit = diary.book(address="5 Main St")["appointment"]
    event = diary.change(visit["calendar_event_id"], start=f"{workday()}T15:00", description="Notes of mine")
    right = sync(diary, visit)
    assert right["status"] == "updated" and right["start"] == visit["start_time"]
    (shown,) = diary.events(workday(), workday())
    assert shown["start"] == visit["start_time"] and shown["description"] == "Notes of mine", "what people wrote into it stays"
    assert shown["id"] == event["id"]
    keeper.clear()
    assert diary.events(workday(), workday()) == []
    assert sync(diary, visit)["status"] == "created"
    assert len(keeper.texts()) == 1 and sync(diary, visit)["status"] == "updated" and len(keeper.texts()) == 1


@caldav
def test_moving_and_calling_off_while_the_calendar_is_down(diary, keeper, database):
    visit, other = diary.book()["appointment"], diary.book(time="11:00")["appointment"]
    keeper.relay.fail("answer", 99, status=503)
    moved = diary.call("reschedule_appointment", appointment_id=visit["id"], date=workday(1), time="09:00")
    gone = diary.call("cancel_appointment", appointment_id=other["id"])
    assert (moved["calendar"], gone["calendar"]) == ("pending", "pending") and moved["warnings"] and gone["warnings"]
    keeper.relay.faults.clear()
    sync(diary, visit)
    result = diary.server.call("sync_appointment", {"appointment_id": other["id"]})
    if result.get("isError"):
        diary.refused(result, "conflict")
    assert diary.events(workday(), workday()) == [] and [e["start"] for e in diary.events(workday(1), workday(1))] == [moved["appointment"]["start_time"]]
    assert database.value("select count(*) from appointments where status = 'confirmed'") == 1


def test_an_appointment_of_another_program_is_shown(diary, database):
    id = database.value(
        "insert into appointments (start_time, end_time, service_type, customer_name, customer_phone, customer_address, business_context_id) values "
        "(%s, %s, 'windows', 'Ann\u202e Lee', '+12175550134', '5 Main St', '') returning id::text", moment(f"{workday()}T13:00"), moment(f"{workday()}T14:00"))
    assert "13:00" not in diary.offered() and "12:30" not in diary.starts(workday(), workday(), start_hour=12)
    diary.refuses("conflict", "book_appointment", "time", **diary.wish(time="13:30"))
    synced = sync(diary, {"id": id})
    assert synced["status"] == "created" and "windows" in synced["summary"] and "\u202e" not in synced["summary"]
    (event,) = diary.events(workday(), workday())
    assert event["start"] == said(moment(f"{workday()}T13:00")) and event["location"] == "5 Main St"
    database.sql("update appointments set end_time = end_time + interval '1 hour'")
    assert sync(diary, {"id": id})["end"] == said(moment(f"{workday()}T15:00"))
    diary.refuses("not_found", "sync_appointment", "appointment_id", appointment_id=NOBODY)


def test_a_confirmation_leaves_once(keep_diary, smtp, trusted, database):
    diary = keep_diary(**trusted, **sending(smtp), **BUSINESS)
    wish = diary.wish(customer_email="ann@north.example", address="5 Main St")
    booked = diary.call("book_appointment", **wish, idempotency_key="k")
    assert booked["confirmation"] == "sent"
    assert diary.call("book_appointment", **wish, idempotency_key="k") == {**booked, "replayed": True}
    (letter,) = smtp.messages
    message = parse(letter.octets)
    assert letter.recipients == ["ann@north.example"] and "Acme Cleaning & Co" in text_of(message)
    assert booked["appointment"]["when"].split(",")[0].split(" ", 1)[1].split(" ")[0] in text_of(message), "the day"
    assert database.value("select confirmation_sent from appointments") is True
    moved = diary.call("reschedule_appointment", appointment_id=booked["appointment"]["id"], date=workday(1), time="11:00")
    assert moved["notice"] == "sent" and len(smtp.messages) == 2
    gone = diary.call("cancel_appointment", appointment_id=booked["appointment"]["id"])
    assert gone["notice"] == "sent" and len(smtp.messages) == 3
    assert diary.book(time="15:00")["confirmation"] == "no_address" and len(smtp.messages) == 3


@pytest.mark.parametrize("stage, code", [("connect", 421), ("rcpt", 550), ("end", 451)])
def test_a_letter_that_cannot_leave_takes_no_booking_down(keep_diary, smtp, trusted, database, stage, code):
    diary = keep_diary(**trusted, **sending(smtp), **BUSINESS)
    smtp.fail(stage, code=code, text="No", times=9)
    booked = diary.book(customer_email="ann@north.example")
    assert booked["confirmation"] == ("failed" if code >= 500 else "pending") and booked["warnings"] and booked["calendar"] == "synced"
    assert counts(database)[0] == 1 and smtp.messages == [] and not database.value("select confirmation_sent from appointments")
    assert len(diary.events(workday(), workday())) == 1
    smtp.faults.clear()
    database.sql("update appointments set due_at = now() where due_at is not null")
    for time in ("11:00", "13:00"):
        diary.book(time=time)
    assert [m.recipients for m in smtp.messages] == ([] if code >= 500 else [["ann@north.example"]]), "what may be tried again is, once"


def test_a_letter_that_lacks_a_setting_is_told_by_it(keep_diary, smtp, trusted):
    booked = keep_diary(**trusted, **sending(smtp)).book(customer_email="ann@north.example")
    assert booked["confirmation"] == "not_configured" and any("ATLAS_" in warning for warning in booked["warnings"]), booked["warnings"]
    assert smtp.messages == []
