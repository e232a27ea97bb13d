"""The double of Google Calendar: by Google's official client, as a person and as a service account, and its judge."""

import json

import pytest
import requests
from google.auth.exceptions import RefreshError
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from httplib2 import Http

from mailservices import ADDRESS, CLIENT, HOLIDAYS, JOBS, REFRESH, SECRET, JudgedCalendar
from mailservices import CALENDAR_SCOPES as SCOPES
from test_doubles import Program

VISIT = {
    "summary": "Deep clean", "start": {"dateTime": "2026-11-24T09:00:00-06:00"}, "end": {"dateTime": "2026-11-24T11:00:00-06:00"}}
WEEKLY = {
    "summary": "Team", "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"],
    "start": {"dateTime": "2026-10-27T09:00:00-05:00", "timeZone": "America/Chicago"}, "end": {"dateTime": "2026-10-27T09:30:00-05:00", "timeZone": "America/Chicago"}}
NOVEMBER = {"timeMin": "2026-11-01T00:00:00Z", "timeMax": "2026-12-01T00:00:00Z"}


@pytest.fixture
def google():
    with JudgedCalendar() as google:
        yield google
        assert not google.wrong, "\n".join(google.wrong)


def client(google, credentials=None):
    """Google's own client, led to the double by its address alone."""
    credentials = credentials or Credentials(None, refresh_token=REFRESH, token_uri=google.token_url, client_id=CLIENT, client_secret=SECRET)
    return build(
        "calendar", "v3", http=AuthorizedHttp(credentials, http=Http(timeout=10)), static_discovery=True,
        client_options={"api_endpoint": google.url + "/calendar/v3/"})


def refusal(request):
    with pytest.raises(HttpError) as raised:
        request.execute()
    return raised.value.status_code, json.loads(raised.value.content)["error"]["errors"][0]["reason"]


def test_the_official_client_lists_calendars(google):
    google.largest_page = 2
    calendars, request, found = client(google).calendarList(), client(google).calendarList().list(), []
    while request is not None:
        page = request.execute()
        found += [(c["id"], c["accessRole"]) for c in page["items"]]
        request = calendars.list_next(request, page)
    assert found == [(ADDRESS, "owner"), (JOBS, "writer"), (HOLIDAYS, "reader")]
    assert client(google).calendars().get(calendarId="primary").execute()["id"] == ADDRESS


def test_the_official_client_makes_changes_and_deletes_an_event(google):
    events = client(google).events()
    made = events.insert(calendarId="primary", body={**VISIT, "id": "atlas012345"}, sendUpdates="none").execute()
    assert made["iCalUID"] == "atlas012345@google.com" and made["status"] == "confirmed" and made["organizer"]["self"]
    assert refusal(events.insert(calendarId="primary", body={**VISIT, "id": "atlas012345"})) == (409, "duplicate")
    patched = events.patch(calendarId="primary", eventId=made["id"], body={"summary": "Windows"}).execute()
    assert (patched["summary"], patched["start"]) == ("Windows", made["start"]) and patched["etag"] != made["etag"]
    stale = events.patch(calendarId="primary", eventId=made["id"], body={"summary": "x"})
    stale.headers["If-Match"] = made["etag"]
    assert refusal(stale) == (412, "conditionNotMet")
    assert events.delete(calendarId="primary", eventId=made["id"]).execute() == ""
    assert refusal(events.delete(calendarId="primary", eventId=made["id"])) == (410, "deleted")
    assert events.get(calendarId="primary", eventId=made["id"]).execute()["status"] == "cancelled"
    assert refusal(events.insert(calendarId="primary", body={**VISIT, "id": "atlas012345"})) == (409, "duplicate"), "the id stays taken"
    events.patch(calendarId="primary", eventId=made["id"], body={"status": "confirmed"}).execute()
    assert len(events.list(calendarId="primary").execute()["items"]) == 1
    assert events.list(calendarId="primary", iCalUID=made["iCalUID"]).execute()["items"][0]["id"] == made["id"]


def test_a_series_is_given_out_in_instances_that_can_be_changed(google):
    events = client(google).events()
    series = events.insert(calendarId="primary", body=WEEKLY).execute()

    def instances():
        return events.list(calendarId="primary", singleEvents=True, orderBy="startTime", **NOVEMBER).execute()["items"]

    first = instances()[0]
    assert [i["start"]["dateTime"] for i in instances()] == [
        f"2026-11-{day}T09:00:00-06:00" for day in ("03", "10", "17")], "the clocks changed on 1 November, and the series with them"
    assert first["id"] == series["id"] + "_20261103T150000Z" and first["recurringEventId"] == series["id"] and "recurrence" not in first
    moved = {"start": {"dateTime": "2026-11-04T10:00:00-06:00"}, "end": {"dateTime": "2026-11-04T11:00:00-06:00"}}
    events.patch(calendarId="primary", eventId=first["id"], body=moved).execute()
    events.delete(calendarId="primary", eventId=instances()[1]["id"]).execute()
    assert [i["start"]["dateTime"][8:13] for i in instances()] == ["04T10", "17T09"]
    assert refusal(events.get(calendarId="primary", eventId=series["id"] + "_20261104T150000Z")) == (404, "notFound")
    assert [e["id"] for e in events.list(calendarId="primary").execute()["items"]] == [series["id"], first["id"]]
    events.delete(calendarId="primary", eventId=series["id"]).execute()
    assert instances() == []


def test_pages_days_and_what_is_refused(google):
    events = client(google).events()
    for day in range(1, 6):
        google.put({"summary": str(day), "start": {"date": f"2026-11-0{day}"}, "end": {"date": f"2026-11-0{day + 1}"}})
    request, found = events.list(calendarId="primary", singleEvents=True, orderBy="startTime", maxResults=2, timeMin="2026-11-02T06:00:00Z"), []
    while request is not None:
        page = request.execute()
        found += [e["summary"] for e in page["items"]]
        request = events.list_next(request, page)
    assert found == ["2", "3", "4", "5"] and page["nextSyncToken"]
    day = {"start": {"date": "2026-11-01"}, "end": {"date": "2026-11-02"}}
    assert refusal(events.insert(calendarId="primary", body={"start": day["start"]})) == (400, "required")
    assert refusal(events.insert(calendarId="primary", body={**day, "end": day["start"]})) == (400, "timeRangeEmpty")
    assert refusal(events.insert(calendarId="primary", body={**day, "id": "WRONG"})) == (400, "invalid")
    assert refusal(events.insert(calendarId="primary", body={**day, "id": "right", "iCalUID": "x"})) == (400, "invalid")
    assert refusal(events.insert(calendarId="primary", body={**VISIT, "recurrence": ["RRULE:FREQ=DAILY"]})) == (400, "required")
    assert refusal(events.insert(calendarId=HOLIDAYS, body=day)) == (403, "requiredAccessLevel")
    assert refusal(events.list(calendarId="nobody@acme.example")) == (404, "notFound")
    assert refusal(events.list(calendarId="primary", orderBy="startTime")) == (400, "invalid")
    theirs = google.put({**day, "organizer": {"email": "maria@example.com"}})
    assert refusal(events.patch(calendarId="primary", eventId=theirs, body={"summary": "x"})) == (403, "forbiddenForNonOrganizer")
    google.refuse("userRateLimitExceeded")
    assert refusal(events.list(calendarId="primary")) == (403, "userRateLimitExceeded")


def test_guests_are_told_when_that_is_asked_for(google):
    events = client(google).events()
    body = {**VISIT, "attendees": [{"email": "maria@example.com"}]}
    made = events.insert(calendarId="primary", body=body, sendUpdates="all").execute()
    assert made["attendees"][0]["responseStatus"] == "needsAction"
    events.patch(calendarId="primary", eventId=made["id"], body={"summary": "x"}, sendUpdates="none").execute()
    events.delete(calendarId="primary", eventId=made["id"], sendUpdates="all").execute()
    assert [i["what"] for i in google.invitations] == ["invited", "cancelled"]


def test_a_service_account_by_the_official_client(google):
    key = google.add_service_account()
    credentials = service_account.Credentials.from_service_account_info(key, scopes=SCOPES)
    service = client(google, credentials)
    assert service.calendarList().list().execute()["items"] == []
    assert service.events().insert(calendarId=JOBS, body=VISIT).execute()["organizer"]["email"] == JOBS
    body = {**VISIT, "attendees": [{"email": "maria@example.com"}]}
    assert refusal(service.events().insert(calendarId=JOBS, body=body)) == (403, "forbiddenForServiceAccounts")
    with pytest.raises(RefreshError, match="unauthorized_client"):
        client(google, credentials.with_subject(ADDRESS)).calendarList().list().execute()
    google.delegated.add(ADDRESS)
    assert len(client(google, credentials.with_subject(ADDRESS)).calendarList().list().execute()["items"]) == 3
    other = {**google.add_service_account(), "private_key": key["private_key"]}
    with pytest.raises(RefreshError, match="invalid_grant"):
        client(google, service_account.Credentials.from_service_account_info(other, scopes=SCOPES)).calendarList().list().execute()


def test_the_judge_refuses_what_the_document_has_no_form_for(google):
    form = {"grant_type": "refresh_token", "client_id": CLIENT, "client_secret": SECRET, "refresh_token": REFRESH}
    headers = {"Authorization": "Bearer " + requests.post(google.token_url, form).json()["access_token"]}
    events = google.url + "/calendar/v3/calendars/primary/events"
    requests.get(events, params={"timeMin": "2026-11-24"}, headers=headers)
    requests.get(events, params={"fields": "items(organizer(mail))"}, headers=headers)
    requests.get(events, params={"since": "x"}, headers=headers)
    requests.post(events, json={**VISIT, "title": "x"}, headers=headers)
    requests.post(events, json={**VISIT, "location": None}, headers=headers)
    wrong, google.wrong = google.wrong, []
    assert len(wrong) == 5, "\n".join(wrong)
    id = google.put(VISIT)
    requests.patch(f"{events}/{id}", json={"start": {"date": None, "dateTime": "2026-11-24T09:00:00Z"}}, headers=headers)


def test_the_calendar_as_a_program():
    with Program("googlecalendar", packages=True) as program:
        key = program.order("robot", {})
        credentials = service_account.Credentials.from_service_account_info(key, scopes=SCOPES)
        assert key["token_uri"] == program.said["token_url"]
        service = build(
            "calendar", "v3", http=AuthorizedHttp(credentials, http=Http(timeout=10)), static_discovery=True,
            client_options={"api_endpoint": program.said["url"] + "/calendar/v3/"})
        assert program.order("put", {"event": VISIT, "calendar": JOBS})["id"]
        assert len(service.events().list(calendarId=JOBS).execute()["items"]) == 1
