"""TwilioServer beside a telephone company on loopback, as a test uses the two."""

import functools
import os
import sys
from pathlib import Path

import openapi
import tools
from client import BIN, Server
from tools import Tools

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Doubles"))
from speech import Speech  # noqa: E402, F401
from telephony import ACCOUNT, OWN, PROJECT, TOKEN, Telephony, wav  # noqa: E402, F401

TWILIO = [os.environ.get("ATLAS_TWILIO_SERVER") or f"{BIN}/TwilioServer"]
THEM = "+12175550134"
TEN = ["make_call", "get_call", "list_calls", "hangup_call", "start_recording", "stop_recording", "list_recordings",
       "get_recording", "send_sms", "lookup_phone"]
schemas = functools.partial(tools.schemas, *TWILIO)



def settings(double: Telephony, company: str = "twilio") -> dict[str, str]:
    """The environment that leads a server to the double."""
    if company == "signalwire":
        return {
            "ATLAS_COMMS_PROVIDER": "signalwire", "ATLAS_COMMS_SIGNALWIRE_PROJECT_ID": PROJECT, "ATLAS_COMMS_SIGNALWIRE_API_TOKEN": TOKEN,
            "ATLAS_COMMS_SIGNALWIRE_SPACE": "example", "ATLAS_COMMS_SIGNALWIRE_BASE_URL": double.url, "ATLAS_COMMS_FORWARD_TO_NUMBER": OWN}
    return {
        "ATLAS_COMMS_TWILIO_ACCOUNT_SID": ACCOUNT, "ATLAS_COMMS_TWILIO_AUTH_TOKEN": TOKEN, "ATLAS_COMMS_TWILIO_BASE_URL": double.url,
        "ATLAS_COMMS_TWILIO_LOOKUPS_URL": double.url, "ATLAS_COMMS_FORWARD_TO_NUMBER": OWN}


class Judged(Telephony):
    """The double, each request and answer held against Twilio's documents; what is wrong fails the test at its end."""

    def __init__(self):
        super().__init__()
        self.wrong = []
        self.validator = self.judge

    def judge(self, request, answer):
        try:
            openapi.check(request, answer)
        except Exception as error:  # a judge that falls over is a failure, too
            self.wrong.append(f"{request.method} {request.target} {request.form}: {error}")


class Phone(Tools):
    """The tools of one server process."""

    schemas, secrets = staticmethod(schemas), [TOKEN]

    def __init__(self, server: Server, double: Telephony):
        super().__init__(server)
        self.double = double

    @property
    def sent(self) -> int:
        """How many calls were made and messages sent."""
        return sum(r.acted for r in self.double.requests("POST") if r.path.endswith(("/Calls.json", "/Messages.json")))

    @property
    def asked_to_send(self) -> int:
        """How many requests to do so arrived, whatever became of them."""
        return sum(r.path.endswith(("/Calls.json", "/Messages.json")) for r in self.double.requests("POST"))
