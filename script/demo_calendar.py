"""The calendar's part of script/demo: what the call asked for is booked, shown in the calendar, and its time is nobody else's."""

from demo_phone import UNDERSTOOD
from walking import Session, expect, title


def walk_calendar(server, crm, maria):
    session = Session(server)
    title("11. The calendar (the built-in one), and the visit that she asked for on the telephone")
    hello = server.open("demo")
    expect(hello["serverInfo"]["name"] == "atlas-calendar", "it is atlas-calendar")
    wish = UNDERSTOOD["extracted_data"]
    free = offered(session, wish["preferred_date"])
    morning = [one for one in free if "09" <= one["start"][11:13] < "12"]
    expect(morning, f"{wish['preferred_date']} in the {wish['preferred_time']} there is room")
    start = morning[0]["start"]
    booking = {
        "customer_name": wish["customer_name"], "customer_phone": wish["customer_phone"], "date": start[:10], "time": start[11:16],
        "service_type": wish["services_mentioned"][0], "notes": UNDERSTOOD["summary"], "idempotency_key": f"demo-{maria['id']}-{start}"}
    booked, again = session.call("book_appointment", **booking), session.call("book_appointment", **booking)
    visit = booked["appointment"]
    expect(booked["contact_id"] == maria["id"] and not booked["contact_created"], "the visit is Maria's, who was known by her phone")
    expect(again["replayed"] and again["appointment"]["id"] == visit["id"], "asked twice, booked once")
    expect(shown(session, visit) == [visit["start_time"]], "the calendar shows it, once")
    expect(start not in [one["start"] for one in offered(session, start[:10])], "its time is offered to nobody any more")

    title("12. A second customer for that time, and Maria moves")
    session.refused(
        "book_appointment", customer_name="Anaïs Díaz", customer_phone="312-555-0188", date=start[:10], time=start[11:16])
    later = next(one["start"] for one in offered(session, start[:10]) if one["start"] >= visit["end_time"])
    moved = session.call(
        "reschedule_appointment", appointment_id=visit["id"], date=later[:10], time=later[11:16], reason="She asked for a later hour")
    expect(moved["appointment"]["start_time"] == later, f"she comes at {later[11:16]} instead")
    expect(shown(session, visit) == [later], "the calendar shows it there, and nowhere else")
    expect(start in [one["start"] for one in offered(session, start[:10])], "and her old time is free again")
    visits = crm.call("get_contact_appointments", contact_id=maria["id"])["appointments"]
    expect([one["id"] for one in visits if one["start_time"] == later] == [visit["id"]], "CRMServer shows the visit in her history")


def offered(session, date):
    """When there could be a visit on that day."""
    return [free for day in session.call("check_availability", date=date, days_ahead=1)["days"] for free in day["free"]]


def shown(session, visit):
    """When the calendar shows the visit, on the day for which it was booked."""
    day = visit["start_time"][:10]
    events = session.call("list_events", start=day, end=day)["events"]
    return [one["start"] for one in events if one["id"] == visit["calendar_event_id"]]


def calendar(start, server, crm, maria):
    """Starts the server on the database that the others share, walks, and ends it."""
    with start([server, "--toolsets", "default,scheduling"]) as process:
        walk_calendar(process, crm, maria)
        return process.close()
