"""The judge of every line is judged here: what it must let pass and what it must not."""

import json

import pytest

import validate

TOOL = {"name": "t", "inputSchema": {"type": "object"}}
INFO = {"_meta": {"io.modelcontextprotocol/serverInfo": {"name": "s", "version": "1"}}}
MODERN_LIST = {"tools": [TOOL], "resultType": "complete", "ttlMs": 0, "cacheScope": "private", **INFO}


def judge(message, method="tools/list", revision="2025-11-25", session=None):
    raw = message if isinstance(message, bytes) else json.dumps(message).encode()
    validate.line(raw, lambda m: (method, revision), session)


def answer(result) -> dict:
    return {"jsonrpc": "2.0", "id": 1, "result": result}


@pytest.mark.parametrize("message, options", [
    (answer({"tools": [TOOL]}), {}), (answer(MODERN_LIST), {"revision": validate.MODERN}), (answer({}), {"method": "ping"}),
    ({"jsonrpc": "2.0", "id": 1, "error": {"code": -32602, "message": "x"}}, {}), ({"jsonrpc": "2.0", "error": {"code": -32700, "message": "x"}}, {}),
    ({"jsonrpc": "2.0", "method": "notifications/resources/updated", "params": {"uri": "a://b"}}, {"session": "2025-11-25"}),
    ([answer({})], {"method": "ping", "revision": "2025-03-26", "session": "2025-03-26"}),
])
def test_what_passes(message, options):
    judge(message, **options)


def without(name: str) -> dict:
    return {k: v for k, v in MODERN_LIST.items() if k != name}


@pytest.mark.parametrize("message, options", [
    (b"", {}), (b" {}", {}), (b"hello", {}), (b'{"jsonrpc":"2.0","id":1,"result":{}}\r', {"method": "ping"}), (b'{"jsonrpc":"2.0","id":1,"result":{"a":"\xff"}}', {}),
    (b'{"jsonrpc":"2.0","id":1,"result":{"a":"\\ud800"}}', {}), (b'{"jsonrpc":"2.0","id":1,"id":1,"result":{}}', {"method": "ping"}), (b'{"jsonrpc":"2.0","id":1,"result":{"a":NaN}}', {}),
    ({"id": 1, "result": {}}, {"method": "ping"}), ({"jsonrpc": "2.0", "id": 1, "result": {}, "error": None}, {"method": "ping"}),
    ({"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "x"}}, {}), ({"jsonrpc": "2.0", "id": 1, "error": {"code": "x", "message": "x"}}, {}),
    ({"jsonrpc": "2.0", "id": 1, "error": {"code": -32000, "message": "x"}}, {}), ({"jsonrpc": "2.0", "id": 1, "error": {"code": -32002, "message": "x"}}, {"revision": validate.MODERN}),
    ({"jsonrpc": "2.0", "id": 1, "error": {"code": -32022, "message": "x"}}, {"revision": validate.MODERN}),
    ([answer({})], {"method": "ping", "session": "2025-11-25"}), (answer({"x": 1}), {"method": "ping"}), (answer({"tools": [{"name": "t"}]}), {}),
    (answer(MODERN_LIST), {}), *((answer(without(name)), {"revision": validate.MODERN}) for name in ("resultType", "ttlMs", "cacheScope", "_meta", "tools")),
    (answer({"content": []} | {"structuredContent": {"a": "x" * 70_000}}), {"method": "tools/call"}), (answer({"structuredContent": {}}), {"method": "tools/call"}),
    (answer({"content": [{"type": "strange"}]}), {"method": "tools/call"}), (answer({"content": [{"type": "text", "text": "SELECT a FROM b"}]}), {"method": "tools/call"}),
    ({"jsonrpc": "2.0", "id": 1, "method": "roots/list"}, {"session": None}), ({"jsonrpc": "2.0", "method": "notifications/nope"}, {"session": "2025-11-25"}),
    ({"jsonrpc": "2.0", "id": "s", "method": "elicitation/create", "params": {"message": "?", "requestedSchema": {"type": "object", "properties": {}}}}, {"session": "2024-11-05"}),
])
def test_what_does_not(message, options):
    with pytest.raises(AssertionError):
        judge(message, **options)


def test_an_answer_to_nothing_does_not():
    with pytest.raises(AssertionError, match="never sent"):
        validate.line(b'{"jsonrpc":"2.0","id":1,"result":{}}', lambda m: None, None)
