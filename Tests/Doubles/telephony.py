"""A telephone company on loopback: Twilio's REST API (2010-04-01) and Lookup v2, and SignalWire's copy of them.

    python3 telephony.py      prints its URL and credentials and runs until its standard input ends

In a test: `with Telephony() as phone: … phone.url …`. It keeps calls, recordings and messages in memory, lists them in pages as
Twilio does, checks the credentials and what Twilio checks of a call or message, and misbehaves on command (see serving.Fault).
Another process says `POST /_control/call {"call": {…}, "audio": true}`, `/_control/receive {"sender": …, "body": …}`,
`/_control/refuse {"code": 21610, "times": 1}`, `/_control/fail {"kind": "hang"}`, and reads `GET /_control/journal`.
"""

import base64
import re
import struct
import urllib.parse
import uuid
from email.utils import formatdate, parsedate_to_datetime

from serving import Answer, Double, run

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "s3cret-auth-token-of-the-double"
PROJECT = "b3877c40-da60-4998-90ad-b792e98472af"
OWN = "+12175550100"

# What Twilio says of the errors that tests ask for (Twilio, "Error and Warning Dictionary").
MESSAGES = {
    20003: (401, "Authenticate"), 20404: (404, "The requested resource was not found"), 20429: (429, "Too Many Requests"),
    21211: (400, "The 'To' number is not a valid phone number."), 21212: (400, "The 'From' number is not a valid phone number."),
    21215: (400, "Account not authorized to call that number."), 21606: (400, "The 'From' phone number is not valid for this message."),
    21610: (400, "Attempt to send to unsubscribed recipient"), 21220: (400, "Invalid call state"),
    21201: (400, "No 'To' number is specified"), 21205: (400, "Url is not a valid URL"), 21213: (400, "A 'From' phone number is required."),
    21602: (400, "Message body is required."), 21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."), 21617: (400, "The concatenated message body exceeds the 1600 character limit."),
}
E164 = re.compile(r"\+[1-9]\d{6,14}")


def wav(seconds=1, octet=0):
    """A small real WAV file: 8 kHz, 16 bit, one channel."""
    samples = struct.pack("<h", octet) * (8000 * seconds)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", len(samples))
    return head + samples


def error(code, **headers):
    status, message = MESSAGES[code]
    return Answer(
        status, {"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status},
        {name.replace("_", "-"): value for name, value in headers.items()})


def day(stamp):
    """2010-08-18, in UTC, where all stamps are."""
    return parsedate_to_datetime(stamp).date().isoformat()


class Telephony(Double):
    def __init__(self):
        super().__init__()
        self.calls, self.recordings, self.messages, self.audio = {}, {}, {}, {}
        self.state, self.kind = "active", "Full"  # of the account
        self.owned = {OWN: {"voice": True, "sms": True, "mms": True, "fax": False}}  # its numbers, and what they can
        self.verified = []  # numbers that are others', and may be shown as the caller
        self.numbers = {}  # what look-ups say: {E.164: members}
        self.count, self.largest_page = 0, 1000
        self.account, self.home = ACCOUNT, f"/2010-04-01/Accounts/{ACCOUNT}"  # of the request that is answered

    # --- What tests put there and ask for

    def refuse(self, code, times=1, method=None, path=None, **headers):
        answer = error(code, **headers)
        self.fail("answer", times, method, path)
        self.faults[-1].answer = answer

    def add_call(self, sid=None, **members):
        call = self.call_resource(sid or self.sid("CA"), **members)
        self.calls[call["sid"]] = call
        return call

    def add_recording(self, call_sid, sid=None, audio=None, **members):
        """`audio`: the octets, or None for a recording whose audio is not ready."""
        recording = self.recording_resource(sid or self.sid("RE"), call_sid, **members)
        self.recordings[recording["sid"]] = recording
        if audio is not None:
            self.audio[recording["sid"]] = audio
        return recording

    def receive(self, sender, body, to=OWN):
        """A message that somebody wrote to the business."""
        message = self.message_resource(self.sid("SM"), sender, to, body, "inbound", "received")
        self.messages[message["sid"]] = message
        return message

    # --- Resources, as the real API has them

    def sid(self, prefix):
        """Twilio's ids say what they are; SignalWire's are UUIDs."""
        self.count += 1
        return f"{prefix}{self.count:032x}" if self.account == ACCOUNT else str(uuid.UUID(int=self.count + (4 << 76) + (8 << 60)))

    def stamp(self):
        return formatdate(1_790_000_000 + self.count, usegmt=False)

    def call_resource(self, sid, to="+12175550134", sender=OWN, status="queued", direction="outbound-api", duration=None, **more):
        ended = status in ("completed", "busy", "failed", "no-answer", "canceled")
        return {
            "sid": sid, "date_created": self.stamp(), "date_updated": self.stamp(), "parent_call_sid": None, "account_sid": self.account,
            "to": to, "to_formatted": to, "from": sender, "from_formatted": sender, "phone_number_sid": None, "status": status,
            "start_time": self.stamp() if ended or status == "in-progress" else None, "end_time": self.stamp() if ended else None,
            "duration": str(duration) if duration is not None else None, "price": None, "price_unit": "USD", "direction": direction,
            "answered_by": None, "api_version": "2010-04-01", "forwarded_from": None, "group_sid": None,
            "caller_name": None, "queue_time": "0", "trunk_sid": None, "uri": f"{self.home}/Calls/{sid}.json",
            "subresource_uris": {}, **more}

    def recording_resource(self, sid, call_sid, status="completed", duration=42, **more):
        return {
            "account_sid": self.account, "api_version": "2010-04-01", "call_sid": call_sid, "conference_sid": None,
            "date_created": self.stamp(), "date_updated": self.stamp(), "start_time": self.stamp(),
            "duration": str(duration) if status == "completed" else None, "sid": sid, "price": None, "price_unit": "USD",
            "status": status, "channels": 1, "source": "StartCallRecordingAPI", "track": "both", "error_code": None, "encryption_details": None,
            "uri": f"{self.home}/Recordings/{sid}.json", **more}

    def message_resource(self, sid, sender, to, body, direction="outbound-api", status="queued", media=0):
        return {
            "body": body, "num_segments": "1", "direction": direction, "from": sender, "to": to, "date_updated": self.stamp(),
            "price": None, "error_message": None, "uri": f"{self.home}/Messages/{sid}.json", "account_sid": self.account,
            "num_media": str(media), "status": status, "messaging_service_sid": None, "sid": sid, "date_sent": None,
            "date_created": self.stamp(), "error_code": None, "price_unit": "USD", "api_version": "2010-04-01", "subresource_uris": {}}

    # --- Answers

    def respond(self, request):
        scheme, _, sealed = request.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            request.user, _, request.password = base64.b64decode(sealed).decode().partition(":")
        if (request.user, request.password) not in ((ACCOUNT, TOKEN), (PROJECT, TOKEN)):
            return error(20003)
        for pattern, method, name in self.routes:
            found = re.fullmatch(pattern, request.path)
            if found and request.method == method:
                if found.groupdict().get("account", request.user) != request.user:
                    return error(20404)
                self.account, self.home = request.user, request.path.partition("/Accounts/")[0] + f"/Accounts/{request.user}"
                return getattr(self, name)(request, **{k: v for k, v in found.groupdict().items() if k != "account"})
        return error(20404)

    base = r"(?:/api/laml)?/2010-04-01/Accounts/(?P<account>[\w-]+)"
    routes = [
        (r"(?:/api/laml)?/2010-04-01/Accounts/(?P<account>[\w-]+)\.json", "GET", "fetch_account"),
        (base + r"/IncomingPhoneNumbers\.json", "GET", "list_numbers"), (base + r"/OutgoingCallerIds\.json", "GET", "list_verified"),
        (base + r"/Calls\.json", "POST", "create_call"), (base + r"/Calls\.json", "GET", "list_calls"),
        (base + r"/Calls/(?P<sid>[\w-]+)\.json", "GET", "fetch_call"), (base + r"/Calls/(?P<sid>[\w-]+)\.json", "POST", "update_call"),
        (base + r"/Calls/(?P<sid>[\w-]+)/Recordings\.json", "POST", "create_recording"),
        (base + r"/Calls/(?P<sid>[\w-]+)/Recordings\.json", "GET", "list_recordings"),
        (base + r"/Calls/(?P<call>[\w-]+)/Recordings/(?P<sid>[\w-]+)\.json", "POST", "update_recording"),
        (base + r"/Recordings\.json", "GET", "list_all_recordings"),
        (base + r"/Recordings/(?P<sid>[\w-]+)\.json", "GET", "fetch_recording"),
        (base + r"/Recordings/(?P<sid>[\w-]+)\.(?P<form>wav|mp3)", "GET", "fetch_audio"),
        (base + r"/Messages\.json", "POST", "create_message"), (base + r"/Messages\.json", "GET", "list_messages"),
        (r"/v2/PhoneNumbers/(?P<number>[^/]+)", "GET", "look_up"),
        (r"/api/relay/rest/lookup/phone_number/(?P<number>[^/]+)", "GET", "look_up_at_signalwire"),
    ]

    def page(self, request, name, items):
        size, page = min(int(request.value("PageSize", 50)), self.largest_page), int(request.value("Page", 0))
        shown = items[page * size:(page + 1) * size]

        def uri(number):
            kept = [(k, v) for k, v in request.query if k not in ("PageSize", "Page", "PageToken")]
            kept += [("PageSize", size), ("Page", number), ("PageToken", f"PA{number}")]
            return f"{request.path}?{urllib.parse.urlencode(kept)}"

        more = (page + 1) * size < len(items)
        return Answer(200, {
            name: shown, "page": page, "page_size": size, "start": page * size, "end": page * size + max(0, len(shown) - 1),
            "uri": uri(page), "first_page_uri": uri(0), "next_page_uri": uri(page + 1) if more else None,
            "previous_page_uri": uri(page - 1) if page else None})

    def fetch_account(self, request):
        return Answer(200, {
            "sid": self.account, "owner_account_sid": self.account, "friendly_name": "Acme Cleaning", "status": self.state, "type": self.kind,
            "auth_token": TOKEN, "date_created": self.stamp(), "date_updated": self.stamp(), "uri": f"{self.home}.json", "subresource_uris": {}})

    def list_numbers(self, request):
        wanted = request.value("PhoneNumber")
        found = [
            {"sid": f"PN{number[1:]:0>32}", "account_sid": self.account, "phone_number": number, "friendly_name": number, "capabilities": can,
             "origin": "twilio", "uri": f"{self.home}/IncomingPhoneNumbers/PN{number[1:]:0>32}.json"}
            for number, can in self.owned.items() if wanted in (None, number)]
        return self.page(request, "incoming_phone_numbers", found)

    def list_verified(self, request):
        wanted = request.value("PhoneNumber")
        found = [
            {"sid": f"PN{number[1:]:0>32}", "account_sid": self.account, "phone_number": number, "friendly_name": number,
             "date_created": self.stamp(), "date_updated": self.stamp(), "uri": f"{self.home}/OutgoingCallerIds/PN{number[1:]:0>32}.json"}
            for number in self.verified if wanted in (None, number)]
        return self.page(request, "outgoing_caller_ids", found)

    @staticmethod
    def unreachable(request, no_to, no_sender):
        """What Twilio says of the numbers of a call or message, if it takes no such."""
        for name, missing, wrong in (("To", no_to, 21211), ("From", no_sender, 21212)):
            if not request.value(name):
                return error(missing)
            if not E164.fullmatch(request.value(name)):
                return error(wrong)
        return None

    def create_call(self, request):
        if wrong := self.unreachable(request, 21201, 21213):
            return wrong
        if not (request.value("Url") or request.value("Twiml")):
            return error(21205)
        request.acted = True
        call = self.add_call(to=request.value("To"), sender=request.value("From"))
        return Answer(201, call)

    def list_calls(self, request):
        wanted = {"to": request.value("To"), "from": request.value("From"), "status": request.value("Status")}
        found = [c for c in reversed(self.calls.values()) if all(v in (None, c[k]) for k, v in wanted.items())]
        return self.page(request, "calls", found)

    def fetch_call(self, request, sid):
        return Answer(200, self.calls[sid]) if sid in self.calls else error(20404)

    def update_call(self, request, sid):
        if sid not in self.calls:
            return error(20404)
        request.acted = True
        self.calls[sid] |= {"status": request.value("Status"), "end_time": self.stamp(), "duration": "7"}
        for recording in self.recordings.values():  # they end with their call, and their audio is soon there
            if recording["call_sid"] == sid and recording["status"] != "completed":
                self.complete(recording, duration="7")
        return Answer(200, self.calls[sid])

    def create_recording(self, request, sid):
        if sid not in self.calls:
            return error(20404)
        if self.calls[sid]["status"] != "in-progress":
            return error(21220)
        request.acted = True
        return Answer(201, self.add_recording(sid, status="in-progress"))

    def list_recordings(self, request, sid):
        if sid not in self.calls:
            return error(20404)
        return self.page(request, "recordings", [r for r in reversed(self.recordings.values()) if r["call_sid"] == sid])

    def list_all_recordings(self, request):
        """Of the whole account, made on or after midnight UTC of the day that DateCreated> names."""
        since = request.value("DateCreated>")
        found = [self.by_itself(r) for r in reversed(self.recordings.values()) if not since or day(r["date_created"]) >= since]
        return self.page(request, "recordings", found)

    def update_recording(self, request, call, sid):
        if sid not in self.recordings or self.recordings[sid]["call_sid"] != call:
            return error(20404)
        request.acted = True
        answer = self.recordings[sid] | {"status": request.value("Status"), "duration": "9"}
        self.complete(self.recordings[sid], duration="9")
        return Answer(200, answer)

    def complete(self, recording, duration):
        """The provider has processed it: from now on there is audio."""
        recording |= {"status": "completed", "duration": duration}
        self.audio.setdefault(recording["sid"], wav())

    def fetch_recording(self, request, sid):
        if sid not in self.recordings:
            return error(20404)
        return Answer(200, self.by_itself(self.recordings[sid]))

    def by_itself(self, recording):
        """Not among those of its call, a recording says where its audio is and not which side of the call it has."""
        seen = {name: value for name, value in recording.items() if name != "track"}
        return {**seen, "media_url": f"{self.url}{self.home}/Recordings/{recording['sid']}", "subresource_uris": {}}

    def fetch_audio(self, request, sid, form):
        if sid not in self.audio:
            return error(20404)
        return Answer(200, self.audio[sid], type="audio/x-wav" if form == "wav" else "audio/mpeg")

    def create_message(self, request):
        if wrong := self.unreachable(request, 21604, 21603):
            return wrong
        if not (request.value("Body") or request.value("MediaUrl")):
            return error(21602)
        if len(request.value("Body", "")) > 1600:
            return error(21617)
        request.acted = True
        message = self.message_resource(
            self.sid("SM"), request.value("From"), request.value("To"), request.value("Body"), media=len(request.values("MediaUrl")))
        self.messages[message["sid"]] = message
        return Answer(201, message)

    def list_messages(self, request):
        wanted = {"to": request.value("To"), "from": request.value("From")}
        found = [m for m in reversed(self.messages.values()) if all(v in (None, m[k]) for k, v in wanted.items())]
        return self.page(request, "messages", found)

    def look_up(self, request, number):
        """Lookup v2: what is not asked for in Fields is null."""
        number = urllib.parse.unquote(number)
        asked = request.value("Fields", "").split(",")
        packages = dict.fromkeys(
            "caller_name sim_swap call_forwarding line_status line_type_intelligence identity_match reassigned_number "
            "sms_pumping_risk phone_number_quality_score pre_fill".split())
        if "caller_name" in asked:
            packages["caller_name"] = {"caller_name": "MARIA GONZALEZ", "caller_type": "CONSUMER", "error_code": None}
        if "line_type_intelligence" in asked:
            packages["line_type_intelligence"] = {
                "mobile_country_code": "310", "mobile_network_code": "456", "carrier_name": "Double Wireless", "type": "mobile",
                "error_code": None}
        return Answer(200, {
            "calling_country_code": "1", "country_code": "US", "phone_number": number, "national_format": "(217) 555-0134",
            "valid": True, "validation_errors": [], **packages, "url": f"https://lookups.twilio.com/v2/PhoneNumbers/{number}",
            **self.numbers.get(number, {})})

    def look_up_at_signalwire(self, request, number):
        number = urllib.parse.unquote(number)
        asked = request.value("include", "").split(",")
        packages = {
            "carrier": {"lrn": number[2:], "spid": "6529", "ocn": "6529", "lata": "520", "city": "SPRINGFIELD", "state": "IL",
                        "jurisdiction": "INDETERMINATE", "lec": "DOUBLE WIRELESS", "linetype": "wireless"},
            "cnam": {"caller_id": "MARIA GONZALEZ"}}
        return Answer(200, {
            "country_code_number": 1, "national_number": int(number[2:]), "possible_number": True, "valid_number": True,
            "national_number_formatted": "(217) 555-0134", "international_number_formatted": "+1 217-555-0134", "e164": number,
            "location": "Illinois", "country_code": "US", "timezones": ["America/Chicago"],
            **{name: value for name, value in packages.items() if name in asked}, **self.numbers.get(number, {})})

    def control(self, name, order):
        if name == "call":
            call = self.add_call(**order["call"])
            if order.get("audio"):
                self.add_recording(call["sid"], audio=wav())
            return {"call_sid": call["sid"]}
        if name == "receive":
            return {"message_sid": self.receive(**order)["sid"]}
        if name == "refuse":
            return self.refuse(**order)
        return super().control(name, order)


if __name__ == "__main__":
    run(Telephony(), account=ACCOUNT, token=TOKEN)
