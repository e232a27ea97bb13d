"""The tools as a test calls them: success and refusal, each checked against the contract on the way."""

import functools
import json
import re
import time

import jsonschema

import validate
from client import COMMAND, Server

CODES = set("invalid_argument not_found conflict not_configured unauthenticated permission_denied rate_limited unavailable "
            "timeout upstream_error internal".split())
CONTACT = set("id full_name first_name last_name email phone phone_e164 phones emails address city state zip "
              "business_context_id contact_type status tags notes source source_ref created_at updated_at metadata".split())
DEFAULT = ["search_contacts", "get_contact", "create_contact", "update_contact", "delete_contact", "list_contacts",
           "log_interaction", "get_interactions", "get_contact_appointments"]
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


@functools.cache
def schemas(*command: str) -> dict[str, dict]:
    """Every tool of a server, the CRM's if no command is named."""
    with Server("--toolsets", "all", command=list(command or COMMAND)) as server:
        return {tool["name"]: tool for tool in server.request("tools/list")["tools"]}


def content(result: dict) -> dict:
    """What a successful result holds, also in the revisions that know only text."""
    return result.get("structuredContent") or json.loads(result["content"][0]["text"])


def success(tool: str, result: dict, tools: dict[str, dict] | None = None) -> dict:
    """The structured content of a result that must be a success."""
    assert not result.get("isError"), f"{tool} failed: {result['content'][0]['text']}"
    content = result["structuredContent"]
    blocks = [block for block in result["content"] if block["type"] == "text"]
    assert len(blocks) == 1 and json.loads(blocks[0]["text"]) == content, "the text block is the same JSON"
    jsonschema.Draft202012Validator((tools or schemas())[tool]["outputSchema"]).validate(content)
    return content


def refusal(tool: str, result: dict, code: str, parameter: str | None = None, says: str = "") -> str:
    """The sentence of a result that must be this error."""
    assert result.get("isError") is True, f"{tool} should have been refused: {result}"
    assert "structuredContent" not in result
    error = result["_meta"]["atlas/error"]
    text = result["content"][0]["text"]
    assert error["code"] == code, f"{error}: {text}"
    assert error["code"] in CODES and type(error["retryable"]) is bool
    assert set(error) <= {"code", "retryable", "parameter"}
    if parameter:
        assert error.get("parameter") == parameter, f"{error}: {text}"
        assert parameter in text, f"the text names {parameter}: {text}"
    assert re.search(says, text, re.I), f"{text!r} does not say {says!r}"
    assert len(text) < 1000
    return text


def is_contact(contact: dict) -> dict:
    assert CONTACT <= set(contact), f"missing {CONTACT - set(contact)}"
    assert UUID.fullmatch(contact["id"])
    for name in ("created_at", "updated_at"):
        assert TIME.fullmatch(contact[name]), contact[name]
    for name in ("phones", "emails", "tags"):
        assert isinstance(contact[name], list)
    assert isinstance(contact["metadata"], dict)
    assert contact["phone"] == (contact["phones"] or [None])[0] or contact["phone"], "phone shows the first of phones"
    return contact


class Tools:
    """The tools of one server process: `call` gives the structured content of a success, `refuses` the sentence of an error.

    Each server's says what its tools are, and what must never be shown.
    """

    schemas = staticmethod(schemas)
    secrets: list[str] = []

    def __init__(self, server: Server) -> None:
        self.server = server

    def call(self, tool: str, **arguments) -> dict:
        return self.succeeded(tool, self.server.call(tool, arguments))

    @classmethod
    def succeeded(cls, tool: str, result: dict) -> dict:
        found = success(tool, result, cls.schemas())
        size = len(result["content"][0]["text"].encode())
        assert size <= 64 * 1024, f"a result of {size} octets"
        return found

    def refuses(self, code: str, tool: str, parameter: str | None = None, says: str = "", retryable: bool | None = None, **arguments) -> str:
        return self.refused(self.server.call(tool, arguments), code, parameter, says, retryable)

    @classmethod
    def refused(cls, result: dict, code: str, parameter: str | None = None, says: str = "", retryable: bool | None = None) -> str:
        assert result.get("isError") is True, f"should have been refused: {result}"
        error, text = result["_meta"]["atlas/error"], result["content"][0]["text"]
        assert error["code"] == code and code in CODES, f"{error}: {text}"
        assert parameter is None or error.get("parameter") == parameter, f"{error}: {text}"
        assert says.lower() in text.lower(), f"{text!r} does not say {says!r}"
        assert retryable is None or error["retryable"] is retryable, f"{error}: {text}"
        assert not any(secret in text for secret in cls.secrets) and "structuredContent" not in result
        return text

    def end(self) -> None:
        """Ends the server, if it has not ended, and judges what it wrote."""
        if self.server.process.poll() is None:
            self.server.end()
        written = self.server.stderr + b"\n".join(self.server.lines).decode()
        shown = [secret for secret in self.secrets if secret in written]
        assert not shown, f"it shows {shown}"
        assert validate.LEAKS.search(self.server.stderr) is None


def wait_for(condition, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


class CRM:
    """`crm.search_contacts(query="Ann")` gives the structured content; `crm.refuses(...)` the sentence."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def __getattr__(self, tool: str):
        return lambda **arguments: success(tool, self.server.call(tool, arguments))

    def refuses(self, tool: str, code: str, arguments: dict, parameter: str | None = None, says: str = "") -> str:
        return refusal(tool, self.server.call(tool, arguments), code, parameter, says)

    def create(self, full_name: str = "Ann Example", **arguments) -> dict:
        """The contact that create_contact gives back."""
        return is_contact(self.create_contact(full_name=full_name, **arguments)["contact"])

    def get(self, id: str) -> dict:
        return is_contact(self.get_contact(contact_id=id)["contact"])
