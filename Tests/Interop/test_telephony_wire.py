"""The ten operations by Twilio's official SDK and by our tools put the same requests on the wire: method, path, fields, user."""

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from telephone import ACCOUNT, OWN, THEM, TOKEN, Judged

WEBHOOK = "https://shop.example"
VOICE = f"{WEBHOOK}/api/v1/comms/voice"
EVENTS = ["initiated", "ringing", "answered", "completed"]
CALL, RECORDING = "CA" + "a" * 32, "RE" + "b" * 32


class Redirected(TwilioHttpClient):
    """The SDK's own transport, led to the double."""

    def __init__(self, url):
        super().__init__()
        self.url = url

    def request(self, method, url, *arguments, **options):
        for host in ("https://api.twilio.com", "https://lookups.twilio.com"):
            url = url.replace(host, self.url)
        return super().request(method, url, *arguments, **options)


def furnish(double):
    double.add_call(sid=CALL, to=THEM, status="in-progress")
    double.add_recording(CALL, sid=RECORDING)
    for n in range(9):
        double.add_call(to=THEM, status="completed")


def last_inbound(sdk, to=OWN):
    """What our server does besides, to respect STOP."""
    sdk.messages.list(to=to, from_=THEM, limit=1)


def webhook_call(sdk):
    last_inbound(sdk)
    sdk.calls.create(
        to=THEM, from_=OWN, url=f"{VOICE}/outbound", status_callback=f"{VOICE}/status", status_callback_event=EVENTS, record=True,
        recording_status_callback=f"{VOICE}/recording-status")


def scripted_call(sdk):
    last_inbound(sdk, "+12175550177")
    sdk.calls.create(
        to=THEM, from_="+12175550177", twiml="<Response><Pause/></Response>", status_callback=f"{VOICE}/status", status_callback_event=EVENTS)


def message(sdk):
    last_inbound(sdk)
    sdk.messages.create(to=THEM, from_=OWN, body="Zoë: 20% off & more + “quotes” 😀")


def message_with_media(sdk):
    last_inbound(sdk)
    sdk.messages.create(to=THEM, from_=OWN, body="Look", media_url=["https://shop.example/a.jpg?x=1&y=2", "https://shop.example/b.png"])


OPERATIONS = [
    ("make_call", {"to": THEM}, webhook_call),
    ("make_call", {"to": THEM, "from_number": "+12175550177", "twiml": "<Response><Pause/></Response>", "record": False}, scripted_call),
    ("get_call", {"call_sid": CALL}, lambda sdk: sdk.calls(CALL).fetch()),
    ("list_calls", {"status": "completed", "to": THEM, "from_number": OWN, "limit": 6},
     lambda sdk: sdk.calls.list(status="completed", to=THEM, from_=OWN, limit=6)),
    ("list_calls", {}, lambda sdk: sdk.calls.list(limit=20)),
    ("hangup_call", {"call_sid": CALL}, lambda sdk: sdk.calls(CALL).update(status="completed")),
    ("start_recording", {"call_sid": CALL, "recording_status_callback": "https://shop.example/done"},
     lambda sdk: sdk.calls(CALL).recordings.create(recording_status_callback="https://shop.example/done")),
    ("stop_recording", {"call_sid": CALL, "recording_sid": RECORDING}, lambda sdk: sdk.calls(CALL).recordings(RECORDING).update(status="stopped")),
    ("list_recordings", {"call_sid": CALL}, lambda sdk: sdk.calls(CALL).recordings.list(limit=1000)),
    ("get_recording", {"recording_sid": RECORDING}, lambda sdk: sdk.recordings(RECORDING).fetch()),
    ("send_sms", {"to": THEM, "body": "Zoë: 20% off & more + “quotes” 😀"}, message),
    ("send_sms", {"to": THEM, "body": "Look", "media_urls": ["https://shop.example/a.jpg?x=1&y=2", "https://shop.example/b.png"]},
     message_with_media),
    ("lookup_phone", {"phone_number": THEM}, lambda sdk: sdk.lookups.v2.phone_numbers(THEM).fetch(fields="caller_name,line_type_intelligence")),
]


# Each as it is, and what follows pages also at a provider that gives small ones.
CASES = [(1000, *o) for o in OPERATIONS] + [(4, *o) for o in OPERATIONS if o[0].startswith("list_")]


@pytest.mark.parametrize("largest_page, tool, arguments, official", CASES, ids=[f"{c[1]}-{n}" for n, c in enumerate(CASES)])
def test_the_same_goes_over_the_wire(dial, largest_page, tool, arguments, official):
    phone = dial(ATLAS_COMMS_WEBHOOK_BASE_URL=WEBHOOK)
    phone.double.largest_page = largest_page
    furnish(phone.double)
    phone.call(tool, **arguments)
    with Judged() as other:
        other.largest_page = largest_page
        furnish(other)
        official(Client(ACCOUNT, TOKEN, http_client=Redirected(other.url)))
        theirs = [request.summary() for request in other.journal]
        assert not other.wrong, other.wrong
    assert theirs, "the SDK asked for something"
    assert [request.summary() for request in phone.double.journal] == theirs
