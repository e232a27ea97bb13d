"""Is this line a message its revision allows? Asked of every line that a server writes in this suite.

Two judges: the models of PyPI `mcp-types` in any clone, and the official JSON Schema of each revision where
`../shared/schema` stands beside the repository (with CI=true it must).
"""

import functools
import json
import os
import re
from pathlib import Path

import jsonschema
import pydantic
from mcp_types import jsonrpc, methods

REPOSITORY = Path(__file__).resolve().parents[2]
MODERN = "2026-07-28"
LEGACY = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId"
RESULTS = {
    "initialize": "InitializeResult", "ping": "EmptyResult", "tools/list": "ListToolsResult", "tools/call": "CallToolResult",
    "resources/list": "ListResourcesResult", "resources/templates/list": "ListResourceTemplatesResult",
    "resources/read": "ReadResourceResult", "resources/subscribe": "EmptyResult", "resources/unsubscribe": "EmptyResult",
    "prompts/list": "ListPromptsResult", "prompts/get": "GetPromptResult", "completion/complete": "CompleteResult",
    "logging/setLevel": "EmptyResult", "server/discover": "DiscoverResult", "subscriptions/listen": "SubscriptionsListenResult",
}
MODERN_ERRORS = {-32021: "MissingRequiredClientCapabilityError", -32022: "UnsupportedProtocolVersionError"}
NEVER = {-32002: "a resource not found is -32602 in 2026-07-28", -32042: "it is gone from 2026-07-28"}
LARGEST = 1 << 20  # bytes of a line: clients join what they read in quadratic time
# What must never leave a server on either stream, whatever happened: SQL, traces, the passwords of these tests.
LEAKS = re.compile(
    r"\bSELECT\b[^\"]{1,200}\bFROM\b|\bINSERT INTO\b|\bUPDATE \w+ SET\b|\bDELETE FROM\b|\$\d+::|PG_DIAG|SQLSTATE|at character \d"
    r"|Fatal error|Stack dump|\.swift:\d+|correct-horse-battery|hunter2-secret")

counted = {"lines": 0, "against the official schema": 0}


def schema_folder() -> Path | None:
    """`shared/schema` beside the repository, or beside the one it is a linked work tree of."""
    candidates = [os.environ.get("ATLAS_SCHEMA_DIR", ""), REPOSITORY.parent / "shared/schema"]
    link = REPOSITORY / ".git"
    if link.is_file():
        candidates.append(Path(link.read_text().split(":", 1)[1].strip()).parents[2].parent / "shared/schema")
    return next((Path(c) for c in candidates if c and (Path(c) / f"mcp-{MODERN}.json").is_file()), None)


@functools.cache
def official(revision: str, name: str) -> jsonschema.protocols.Validator | None:
    folder = schema_folder()
    if folder is None:
        assert not os.environ.get("CI"), "CI must validate against ../shared/schema, and it is not there"
        return None
    schema = json.loads((folder / f"mcp-{revision}.json").read_text())
    definitions = "definitions" if "definitions" in schema else "$defs"
    assert name in schema[definitions], f"{revision} has no {name}"
    schema = {k: v for k, v in schema.items() if k not in ("anyOf", "oneOf", "$ref")}
    schema["$ref"] = f"#/{definitions}/{name}"
    return jsonschema.validators.validator_for(schema)(schema)


def against_schema(revision: str, name: str, value) -> None:
    validator = official(revision, name)
    if validator is None:
        return
    counted["against the official schema"] += 1
    error = jsonschema.exceptions.best_match(validator.iter_errors(value))
    assert error is None, f"not a {name} of {revision}: {error.json_path}: {error.message[:300]}"


def strict(line: bytes):
    """The JSON of a line: UTF-8, whole, no lone surrogate, no duplicate key, no NaN."""
    text = line.decode("utf-8", errors="strict")

    def unique(pairs):
        assert len({k for k, _ in pairs}) == len(pairs), f"a key stands twice in {text[:200]}"
        return dict(pairs)

    def constant(name):
        raise ValueError(f"{name} is not JSON")

    value = json.loads(text, object_pairs_hook=unique, parse_constant=constant)
    json.dumps(value, ensure_ascii=False).encode("utf-8")  # fails on a lone surrogate
    return value


def line(raw: bytes, answers, session: str | None) -> None:
    """Judges one line. `answers(message)` tells (method, revision) of the request a response belongs to."""
    counted["lines"] += 1
    try:
        assert raw and raw == raw.strip(), "blank line, or blanks around the message"
        assert b"\r" not in raw, "a carriage return in the line"
        assert len(raw) <= LARGEST, f"a line of {len(raw)} bytes"
        value = strict(raw)
        leak = LEAKS.search(raw.decode())
        assert leak is None, f"the line shows {leak.group(0)!r}"
        if isinstance(value, list):
            assert session == "2025-03-26", f"an array was sent to a client of {session}"
            assert value, "an empty batch"
            # An element without a readable id: that revision's schema has no form for its error.
            against_schema(session, "JSONRPCBatchResponse", [v for v in value if "id" in v or "error" not in v])
        for message in value if isinstance(value, list) else [value]:
            envelope(message, answers(message), session)
    except (AssertionError, KeyError, ValueError, pydantic.ValidationError) as error:  # KeyError: no method of the revision
        raise AssertionError(f"{error}\nin the server's line: {raw[:2000]!r}") from None


def envelope(message, asked: tuple[str, str] | None, session: str | None) -> None:
    assert isinstance(message, dict), "not an object"
    unknown = set(message) - {"jsonrpc", "id", "method", "params", "result", "error"}
    assert not unknown, f"unknown members {unknown}"
    assert message.get("jsonrpc") == "2.0"
    if "method" in message:
        tagged = SUBSCRIPTION in ((message.get("params") or {}).get("_meta") or {})
        revision = MODERN if tagged or session is None else session
        return from_server(message, revision)
    assert ("result" in message) != ("error" in message), "a response has a result or an error, one of them"
    if "error" in message:
        return failure(message, asked)
    jsonrpc.JSONRPCResponse.model_validate(message)
    assert asked is not None, "a result for a request that was never sent"
    result(message, *asked)


def from_server(message, revision: str) -> None:
    body = (message["method"], revision, message.get("params"))
    if "id" in message:
        assert revision != MODERN, "a request to a modern client"
        jsonrpc.JSONRPCRequest.model_validate(message)
        methods.parse_server_request(*body)
        return against_schema(revision, "ServerRequest", message)
    jsonrpc.JSONRPCNotification.model_validate(message)
    methods.parse_server_notification(*body)
    against_schema(revision, "ServerNotification", message)


def failure(message, asked: tuple[str, str] | None) -> None:
    revision = asked[1] if asked else "2025-11-25"
    error = jsonrpc.JSONRPCError.model_validate({"id": None, **message}).error
    assert message.get("id", "absent") is not None, "id null: MCP leaves it out"
    assert type(message["error"]["code"]) is int and error.message.strip(), "an error has a code and a message"
    assert not -32019 <= error.code <= -32000 or error.code == -32002, f"{error.code} is not for new servers"
    if revision == MODERN:
        assert error.code not in NEVER, NEVER.get(error.code)
        assert not -32099 <= error.code <= -32020 or error.code in (-32020, -32021, -32022), f"{error.code} is MCP's own"
        if error.code in MODERN_ERRORS:
            against_schema(MODERN, MODERN_ERRORS[error.code], message)
    else:
        assert error.code not in (-32020, -32021), f"{error.code} is modern"
    if "id" not in message:
        revision = max(revision, "2025-11-25")  # earlier schemas have no form for an unreadable id
    against_schema(revision, "JSONRPCErrorResponse" if revision >= "2025-11-25" else "JSONRPCError", message)


@functools.lru_cache(maxsize=4096)
def _result(text: str, method: str, revision: str) -> None:
    value = json.loads(text)
    name = RESULTS.get(method)
    assert name is not None, f"a result for the unknown method {method}"
    if revision == MODERN:
        assert "resultType" in value, "every modern result says its resultType"
        if value["resultType"] == "input_required":
            assert method in ("tools/call", "prompts/get", "resources/read"), f"{method} asks for input"
            name = "InputRequiredResult"
        if method != "subscriptions/listen":
            server = value.get("_meta", {}).get("io.modelcontextprotocol/serverInfo", {})
            assert {"name", "version"} <= set(server), "no serverInfo in a modern result"
    else:
        assert "resultType" not in value, "resultType in a legacy result"
        if name == "EmptyResult":
            assert value == {}, f"{method} answers {{}}"
    methods.validate_server_result(method, revision, value)
    against_schema(revision, name, value)
    if method == "tools/call" and value.get("resultType") != "input_required":
        size = len(json.dumps(value.get("structuredContent"), ensure_ascii=False, separators=(",", ":")).encode())
        assert size <= 64 * 1024, f"a result of {size} bytes"


def result(message, method: str, revision: str) -> None:
    _result(json.dumps(message["result"], ensure_ascii=False), method, revision)
