"""What only a CalDAV server with passwords, rights and much room can be asked."""

import time

import pytest

from diary import agenda

pytestmark = pytest.mark.parametrize("keeper", ["radicale"], indirect=True)
DAY = {"start": "2027-03-02", "end": "2027-03-02"}


def test_a_wrong_password_is_told_by_its_variable_and_shown_to_nobody(keep_diary, keeper):
    wrong = keep_diary(ATLAS_TOOLS_CALDAV_PASSWORD="hunter2-secret")
    text = wrong.refuses("unauthenticated", "list_events", says="ATLAS_TOOLS_CALDAV", retryable=False, **DAY)
    assert "hunter2" not in text


def test_five_thousand_events_are_listed_with_two_requests(diary, keeper):
    keeper.fill(agenda.objects(5000, seed=5))
    diary.create("Warm", "2027-08-01T09:00", "2027-08-01T10:00")
    keeper.relay.journal.clear()
    began = time.monotonic()
    found = diary.call("list_events", start="2027-02-01", end="2027-05-01", limit=500)
    assert found["count"] > 50 and time.monotonic() - began < 65
    asked = [(r.method, r.path) for r in keeper.relay.journal]
    assert len(asked) <= 2, asked
