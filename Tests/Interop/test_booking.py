"""Visits of customers: booked, moved, called off, and never two at once. (CONTRACT: Calendar tools, the toolset `scheduling`)"""

import datetime

import pytest

from diary import ZONE, moment, said, workday
from keepers import KEEPERS

ANN = {"customer_name": "Ann Lee", "customer_phone": "(217) 555-0134"}
COLUMNS = "start_time, end_time, duration_minutes, service_type, customer_name, customer_email, customer_address, notes, status, contact_id::text"


def counts(database) -> tuple:
    return tuple(database.value(f"select count(*) from {table}") for table in ("appointments", "contacts", "contact_interactions"))


@pytest.mark.parametrize("keeper", KEEPERS, indirect=True)
def test_a_visit_is_booked_with_its_customer_its_line_of_history_and_its_event(diary, database):
    assert "09:00" in diary.offered()
    booked = diary.book(**ANN, service_type="window cleaning", customer_email="Ann@North.example", address="5 Main St", notes="Two floors")
    visit = booked["appointment"]
    nine = said(moment(f"{workday()}T09:00"))
    assert (visit["start_time"], visit["end_time"]) == (nine, said(moment(f"{workday()}T10:00"))) and "09:00–10:00" in visit["when"]
    assert (visit["service_type"], visit["customer_name"], visit["customer_address"]) == ("window cleaning", "Ann Lee", "5 Main St")
    assert booked["contact_created"] is True and booked["calendar"] == "synced" and booked["replayed"] is False
    assert booked["confirmation"] == "not_configured"
    (row,) = database.sql(f"select {COLUMNS} from appointments")
    assert said(row[0]) == nine and row[2:] == (60, "window cleaning", "Ann Lee", "ann@north.example", "5 Main St", "Two floors", "confirmed", booked["contact_id"])
    assert database.sql("select full_name, phone_e164, email from contacts") == [("Ann Lee", "+12175550134", "ann@north.example")]
    ((type, contact),) = database.sql("select interaction_type, contact_id::text from contact_interactions")
    assert (type, contact) == ("appointment", booked["contact_id"])
    (event,) = diary.events(workday(), workday())
    assert (event["start"], event["end"], event["location"]) == (visit["start_time"], visit["end_time"], "5 Main St")
    assert "Ann Lee" in event["summary"] and "window cleaning" in event["summary"] and visit["calendar_event_id"] == event["id"]
    assert diary.offered()[:3] == diary.starts(workday(), workday())[:3] == ["08:00", "10:00", "10:15"]


def test_a_customer_who_is_known_is_not_made_again(diary, database):
    first = diary.book(**ANN)
    again = diary.book(time="11:00", customer_name="Ann Lee-Smith", customer_phone="217.555.0134", customer_email="ann@north.example")
    assert again["contact_id"] == first["contact_id"] and again["contact_created"] is False
    assert [c["field"] for c in again["conflicts"]] == ["full_name"]
    assert database.sql("select full_name, email from contacts") == [("Ann Lee", "ann@north.example")], "nothing is overwritten, blanks are filled"
    assert counts(database) == (2, 1, 2)


@pytest.mark.parametrize("time", ["09:00", "08:15", "9:59", "9:30am"])
def test_what_overlaps_is_refused_with_other_times_and_leaves_nothing(diary, database, time):
    diary.book()
    before = counts(database)
    text = diary.refuses("conflict", "book_appointment", "time", **diary.wish(time=time))
    assert "10:00" in text or "11:" in text or "08:00" in text, f"other times are offered: {text}"
    assert counts(database) == before and len(diary.events(workday(), workday())) == 1


def test_what_touches_is_booked(diary, database):
    for time in ("09:00", "10:00", "8am", "11:00 AM", "noon"):
        diary.book(time=time)
    assert [e["start"][11:16] for e in diary.events(workday(), workday())] == ["08:00", "09:00", "10:00", "11:00", "12:00"]


def test_what_is_in_the_calendar_blocks_a_visit_and_what_takes_no_time_does_not(diary):
    diary.create("Dentist", f"{workday()}T10:30", f"{workday()}T11:00")
    diary.create("Closed", workday(1), workday(1))
    diary.refuses("conflict", "book_appointment", "time", **diary.wish(time="10:00"))
    assert diary.offered(workday(1)) == []
    diary.refuses("conflict", "book_appointment", **diary.wish(workday(1)))
    diary.book(time="11:00")


@pytest.mark.parametrize("wrong, parameter", [
    ({"time": "07:00"}, "time"), ({"time": "17:30"}, "time"), ({"time": "23:00"}, "time"), ({"time": "whenever"}, "time"), ({"time": "25:00"}, "time"),
    ({"date": "2020-03-02"}, "date"), ({"date": "2099-03-02"}, "date"), ({"date": "someday"}, "date"), ({"date": "2027-02-30"}, "date"),
    ({"customer_name": "  "}, "customer_name"), ({"customer_phone": ""}, "customer_phone"), ({"customer_email": "nobody"}, "customer_email"),
    ({"customer_name": "x" * 257}, "customer_name"), ({"idempotency_key": "k" * 129}, "idempotency_key")],
    ids=lambda v: str(v)[:40])
def test_what_is_wrong_is_named_and_leaves_nothing(diary, database, wrong, parameter):
    diary.refuses("invalid_argument", "book_appointment", parameter, **{**diary.wish(), **wrong})
    assert counts(database) == (0, 0, 0)


def test_a_closed_day_is_no_day_for_a_visit(diary):
    saturday = (datetime.date.fromisoformat(workday(4)) + datetime.timedelta(days=1)).isoformat()
    found = diary.call("check_availability", date=workday(), days_ahead="7")
    assert found["total"] == sum(day["total"] for day in found["days"]) == 5 * 37 and found["duration_minutes"] == 60
    assert saturday in found["closed"] and len(found["closed"]) == 2
    diary.refuses("invalid_argument", "book_appointment", says="closed", **diary.wish(saturday))
    for wrong in (0, 32):
        diary.refuses("invalid_argument", "check_availability", "days_ahead", date=workday(), days_ahead=wrong)


ALWAYS = {"ATLAS_BUSINESS_HOURS": "mon-sun 00:00-24:00", "ATLAS_BOOKING_NOTICE_MINUTES": "0"}


def ordinal(day):
    return f"{day}" + ("th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th"))


# On that day itself a weekday may be today or the one to come, and "next" may be this week's while it is ahead: these are clear on every day.
@pytest.mark.parametrize("words, days", [
    ("tomorrow", 1), ("{weekday}", 2), ("on {weekday}", 3), ("next {weekday}", 7), ("in 3 days", 3), ("the {ordinal}", 20), ("{day} {month}", 20),
    ("{month} {day}", 20), ("{m}/{day}/{year}", 20)])
def test_dates_as_people_say_them(keep_diary, words, days):
    diary, today = keep_diary(**ALWAYS), datetime.datetime.now(ZONE).date()
    day = today + datetime.timedelta(days=days)
    said_so = words.format(
        weekday=day.strftime("%A"), ordinal=ordinal(day.day), day=day.day, month=day.strftime("%B"), m=day.month, year=day.year)
    visit = moment(diary.book(said_so, "2pm")["appointment"]["start_time"])
    assert visit.hour == 14 and visit.date() == day


def test_services_take_their_time_and_visits_their_distance(keep_diary):
    diary = keep_diary(ATLAS_BOOKING_SERVICES="deep clean=180, windows=90", ATLAS_BOOKING_MINUTES="30", ATLAS_BOOKING_BUFFER_MINUTES="15",
                       ATLAS_BUSINESS_HOURS="mon-fri 08:00-12:00 13:00-17:00, sat 09:00-13:00")
    long = diary.book(time="13:00", service_type="Deep Clean")["appointment"]
    assert long["duration_minutes"] == 180 and long["end_time"][11:16] == "16:00"
    diary.refuses("conflict", "book_appointment", "time", **diary.wish(time="16:00"))
    assert diary.book(time="16:15")["appointment"]["duration_minutes"] == 30
    diary.refuses("invalid_argument", "book_appointment", "time", **diary.wish(time="11:00", service_type="windows"))
    assert diary.book(time="08:00", service_type="windows")["appointment"]["end_time"][11:16] == "09:30"
    assert diary.offered()[0] == "09:45" and not set(diary.offered()) & {"12:00", "12:15", "12:30", "12:45"}


@pytest.mark.parametrize("wrong", [{"ATLAS_BUSINESS_HOURS": "whenever"}, {"ATLAS_BOOKING_SERVICES": "deep clean"}, {"ATLAS_BOOKING_MINUTES": "soon"},
                                   {"ATLAS_BOOKING_NOTICE_MINUTES": "-5"}], ids=lambda v: next(iter(v)))
def test_settings_that_are_none_are_named(keep_diary, wrong):
    keep_diary(**wrong).refuses("not_configured", "book_appointment", says=next(iter(wrong)), customer_name="Ann", customer_phone="2175550134", date=workday(), time="9:00")


def test_a_repeat_with_the_key_books_nothing(diary, database):
    wish = diary.wish(**ANN)
    first = diary.call("book_appointment", **wish, idempotency_key="k")
    assert diary.call("book_appointment", **wish, idempotency_key="k") == {**first, "replayed": True} and first["replayed"] is False
    diary.refuses("conflict", "book_appointment", "idempotency_key", **{**wish, "time": "11:00"}, idempotency_key="k")
    diary.refuses("conflict", "book_appointment", "time", **wish)
    assert counts(database) == (1, 1, 1) and len(diary.events(workday(), workday())) == 1


def test_eight_at_once_with_one_key_book_once(diary, keep_diary, database):
    wish, both = diary.wish(), [diary, keep_diary()]
    asked = [(one, one.server.begin("book_appointment", **wish, idempotency_key="k")) for one in both for _ in range(4)]
    ids = set()
    for one, id in asked:
        result = one.server.answer(id)["result"]
        if result.get("isError"):
            one.refused(result, "conflict", "idempotency_key", says="running")
        else:
            ids.add(one.succeeded("book_appointment", result)["appointment"]["id"])
    assert len(ids) == 1 and counts(database) == (1, 1, 1) and len(diary.events(workday(), workday())) == 1


def test_the_tools_of_visits_come_by_their_toolset(bare):
    from diary import CALENDAR, EIGHT, SCHEDULING
    server = bare("--toolsets", "default,scheduling", command=CALENDAR)
    assert [tool["name"] for tool in server.request("tools/list")["tools"]] == EIGHT + SCHEDULING
    server.end()
