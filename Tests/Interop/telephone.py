"""TwilioServer beside a telephone company on loopback, as a test uses the two."""

import functools
import json
import os
import sys
from pathlib import Path

import jsonschema

import openapi
import validate
from client import BIN, Server
from tools import CODES

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Doubles"))
from speech import Speech  # noqa: E402, F401
from telephony import ACCOUNT, OWN, PROJECT, TOKEN, Telephony, wav  # noqa: E402, F401

TWILIO = [os.environ.get("ATLAS_TWILIO_SERVER") or f"{BIN}/TwilioServer"]
THEM = "+12175550134"
TEN = ["make_call", "get_call", "list_calls", "hangup_call", "start_recording", "stop_recording", "list_recordings",
       "get_recording", "send_sms", "lookup_phone"]


@functools.cache
def schemas() -> dict[str, dict]:
    with Server("--toolsets", "all", command=TWILIO) as server:
        return {tool["name"]: tool for tool in server.request("tools/list")["tools"]}


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


class Phone:
    """The tools of one server process."""

    def __init__(self, server: Server, double: Telephony):
        self.server, self.double = server, double

    def call(self, tool: str, **arguments) -> dict:
        """The structured content of a success."""
        return self.succeeded(tool, self.server.call(tool, arguments))

    @staticmethod
    def succeeded(tool: str, result: dict) -> dict:
        assert not result.get("isError"), f"{tool} failed: {result['content'][0]['text']}"
        content = result["structuredContent"]
        assert json.loads(result["content"][0]["text"]) == content
        jsonschema.Draft202012Validator(schemas()[tool]["outputSchema"]).validate(content)
        return content

    def refuses(self, code: str, tool: str, parameter: str | None = None, says: str = "", retryable: bool | None = None, **arguments) -> str:
        return self.refused(self.server.call(tool, arguments), code, parameter, says, retryable)

    @staticmethod
    def refused(result: dict, code: str, parameter: str | None = None, says: str = "", retryable: bool | None = None) -> str:
        assert result.get("isError") is True, f"should have been refused: {result}"
        error, text = result["_meta"]["atlas/error"], result["content"][0]["text"]
        assert error["code"] == code and code in CODES, f"{error}: {text}"
        assert parameter is None or error.get("parameter") == parameter, f"{error}: {text}"
        assert says.lower() in text.lower(), f"{text!r} does not say {says!r}"
        assert retryable is None or error["retryable"] is retryable, f"{error}: {text}"
        assert TOKEN not in text and "structuredContent" not in result
        return text

    @property
    def sent(self) -> int:
        """How many calls were made and messages sent."""
        return sum(r.acted for r in self.double.requests("POST") if r.path.endswith(("/Calls.json", "/Messages.json")))

    @property
    def asked_to_send(self) -> int:
        """How many requests to do so arrived, whatever became of them."""
        return sum(r.path.endswith(("/Calls.json", "/Messages.json")) for r in self.double.requests("POST"))


def end(server: Server) -> None:
    """Ends a server, if it has not ended, and judges what it wrote."""
    if server.process.poll() is None:
        server.end()
    assert TOKEN not in server.stderr and TOKEN not in b"\n".join(server.lines).decode()
    assert validate.LEAKS.search(server.stderr) is None
