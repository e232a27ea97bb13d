"""Visits that are moved and called off, and customers who are looked up."""

import pytest

from diary import moment, said, workday
from test_booking import ANN, counts

NOBODY = "00000000-0000-0000-0000-000000000000"


def test_a_visit_is_moved_and_its_event_with_it(diary, database):
    visit = diary.book(**ANN, address="5 Main St")["appointment"]
    moved = diary.call("reschedule_appointment", appointment_id=visit["id"], date=workday(1), time="2:30pm", reason="Rain")
    assert (moved["appointment"]["id"], moved["appointment"]["start_time"]) == (visit["id"], said(moment(f"{workday(1)}T14:30")))
    assert moved["changed"] is True and moved["previous_when"] == visit["when"] and moved["calendar"] == "synced" and moved["appointment"]["status"] == "confirmed"
    assert diary.events(workday(), workday()) == [] and "09:00" in diary.offered()
    (event,) = diary.events(workday(1), workday(1))
    assert event["start"] == moved["appointment"]["start_time"] and event["location"] == "5 Main St" and event["id"] == visit["calendar_event_id"]
    assert said(database.value("select start_time from appointments")) == event["start"]
    same = diary.call("reschedule_appointment", appointment_id=visit["id"], date=workday(1), time="14:30")
    assert same["changed"] is False and len(diary.events(workday(1), workday(1))) == 1
    assert database.value("select count(*) from contact_interactions") <= 2


def test_a_visit_may_move_into_its_own_time_but_not_into_anothers(diary, database):
    visit = diary.book()["appointment"]
    diary.book(time="11:00")
    diary.call("reschedule_appointment", appointment_id=visit["id"], date=workday(), time="09:30")
    rows = database.sql("select id, start_time from appointments order by 2")
    text = diary.refuses("conflict", "reschedule_appointment", "time", appointment_id=visit["id"], date=workday(), time="10:30")
    assert "10:00" in text or "09:" in text or "12:" in text, f"other times are offered: {text}"
    assert database.sql("select id, start_time from appointments order by 2") == rows
    assert [e["start"][11:16] for e in diary.events(workday(), workday())] == ["09:30", "11:00"]


def test_a_visit_is_called_off_and_its_time_is_free(diary, database):
    visit = diary.book(**ANN)["appointment"]
    gone = diary.call("cancel_appointment", appointment_id=visit["id"], reason="She moved away")
    assert gone["appointment"]["status"] == "cancelled" and gone["changed"] is True and gone["calendar"] == "removed"
    assert gone["appointment"]["cancellation_reason"] == "She moved away" and gone["appointment"]["cancelled_at"]
    assert diary.events(workday(), workday()) == [] and "09:00" in diary.offered() and "09:00" in diary.starts(workday(), workday())
    assert diary.call("cancel_appointment", appointment_id=visit["id"])["changed"] is False
    diary.refuses("conflict", "reschedule_appointment", appointment_id=visit["id"], date=workday(), time="11:00")
    diary.book()
    assert counts(database)[:2] == (2, 2)


def test_the_customers_phone_will_do_when_one_visit_is_to_come(diary):
    visit = diary.book(**ANN)["appointment"]
    moved = diary.call("reschedule_appointment", phone="+1 217 555 0134", date=workday(), time="10:00")
    assert moved["appointment"]["id"] == visit["id"]
    other = diary.book(workday(1), **ANN)["appointment"]
    result = diary.server.call("cancel_appointment", {"phone": ANN["customer_phone"]})
    text = diary.refused(result, result["_meta"]["atlas/error"]["code"], "phone")
    assert result["_meta"]["atlas/error"]["code"] in ("conflict", "invalid_argument") and visit["id"] in text and other["id"] in text, text
    diary.call("cancel_appointment", appointment_id=other["id"])
    assert diary.call("cancel_appointment", phone="217-555-0134")["appointment"]["id"] == visit["id"]
    diary.refuses("not_found", "cancel_appointment", "phone", phone=ANN["customer_phone"])


def test_what_is_not_there_and_what_is_not_said(diary, database):
    visit = diary.book()["appointment"]
    for tool, more in (("reschedule_appointment", {"date": workday(), "time": "11:00"}), ("cancel_appointment", {})):
        diary.refuses("not_found", tool, "appointment_id", appointment_id=NOBODY, **more)
        diary.refuses("invalid_argument", tool, "appointment_id", appointment_id="x", **more)
        diary.refuses("invalid_argument", tool, "appointment_id", **more)
    for wrong, parameter in (({"date": "someday"}, "date"), ({"time": "07:00"}, "time"), ({"date": "2020-01-02"}, "date")):
        diary.refuses("invalid_argument", "reschedule_appointment", parameter, **{"appointment_id": visit["id"], "date": workday(), "time": "11:00", **wrong})
    assert database.value("select count(*) from appointments where status = 'confirmed'") == 1


@pytest.mark.parametrize("tool", ["reschedule_appointment", "cancel_appointment"])
def test_a_repeat_with_the_key_changes_nothing_more(diary, database, tool):
    visit = diary.book()["appointment"]
    arguments = {"appointment_id": visit["id"], **({"date": workday(), "time": "11:00"} if tool.startswith("re") else {"reason": "Rain"})}
    first = diary.call(tool, **arguments, idempotency_key="k")
    lines = database.value("select count(*) from contact_interactions")
    assert diary.call(tool, **arguments, idempotency_key="k") == {**first, "replayed": True} and first["replayed"] is False
    diary.refuses("conflict", tool, "idempotency_key", **{**arguments, "reason": "Snow"}, idempotency_key="k")
    assert database.value("select count(*) from contact_interactions") == lines


def test_a_customer_is_looked_up_by_phone_and_by_name(diary):
    visit = diary.book(**ANN, customer_email="ann@north.example", address="5 Main St")["appointment"]
    diary.call("cancel_appointment", appointment_id=diary.book(workday(1), **ANN)["appointment"]["id"])
    for who in ({"phone": "217.555.0134"}, {"name": "ann lee"}, {"phone": "+12175550134", "name": "Somebody"}):
        found = diary.call("lookup_customer", **who)
        assert found["found"] is True and found["source"] == "crm"
        customer = found["customer"]
        assert (customer["name"], customer["phone"], customer["email"]) == ("Ann Lee", "+12175550134", "ann@north.example") or customer["phone"]
        assert customer["contact_id"] == visit["contact_id"] == found["contact"]["id"]
        assert found["next_appointment"]["id"] == visit["id"] and len(found["appointments"]) == 2 and found["interactions"]
    assert diary.call("lookup_customer", phone="217.555.0134", include_history="false")["interactions"] == []
    for who in ({"phone": "217-555-9999"}, {"name": "Zebulon"}):
        found = diary.call("lookup_customer", **who)
        assert found["found"] is False and found["customer"] is None and found["appointments"] == []
    diary.refuses("invalid_argument", "lookup_customer")
    diary.refuses("invalid_argument", "lookup_customer", phone=" ", name="")


def test_two_of_a_name_are_told_apart(diary):
    diary.book(customer_name="Bo Lee", customer_phone="217-555-0166")
    diary.book(time="11:00", customer_name="Bo Lee", customer_phone="217-555-0167")
    found = diary.call("lookup_customer", name="Bo Lee")
    assert found["found"] is False and {m["phone"] for m in found["matches"]} == {"+12175550166", "+12175550167"}
    assert diary.call("lookup_customer", name="Bo Lee", phone="217-555-0167")["customer"]["phone"] == "+12175550167"


def test_a_customer_of_the_time_before_contacts_is_known_from_an_appointment(diary, database):
    database.sql(
        "insert into appointments (start_time, end_time, service_type, customer_name, customer_phone, business_context_id) values "
        "('2026-01-05 13:00-06', '2026-01-05 14:00-06', 'windows', 'Old Friend', '217-555-0177', '')")
    found = diary.call("lookup_customer", phone="+12175550177")
    assert found["found"] is True and found["customer"]["name"] == "Old Friend"
