"""Hostile and odd lines: each gets the right error or silence, and the server lives on. (MCP.md 1.3 to 1.11, 1.18)"""

import json
import random
import time

import pytest

from client import modern_meta
from validate import LEGACY

PARSE, INVALID, UNKNOWN, PARAMS = -32700, -32600, -32601, -32602


def alive(server) -> None:
    """Answers a ping, and had nothing else to say before it."""
    id = f"alive-{time.monotonic_ns()}"
    server.line(json.dumps({"jsonrpc": "2.0", "id": id, "method": "ping"}))
    answer = server.next(60)
    assert answer == {"jsonrpc": "2.0", "id": id, "result": {}}, answer


def error(server, code: int, **expected) -> dict:
    answer = server.next(60)
    assert isinstance(answer, dict) and "error" in answer, answer
    assert answer["error"]["code"] == code, answer
    assert {k: answer[k] for k in answer if k == "id"} == expected, answer
    return answer["error"]


def ping(id: str) -> bytes:
    return b'{"jsonrpc":"2.0","id":' + id.encode() + b',"method":"ping"}'


UNREADABLE = {
    "half an object": b"{", "words": b"hello there", "cut off": b'{"jsonrpc":"2.0","id":1,"method":"ping"',
    "two values": b'{"jsonrpc":"2.0","id":1,"method":"ping"} {}', "single quotes": b"{'jsonrpc':'2.0'}",
    "trailing comma": b'{"jsonrpc":"2.0","id":1,"method":"ping",}', "NaN": b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":NaN}}',
    "comment": b'{"jsonrpc":"2.0","id":1,"method":"ping"} // x', "leading zero": b'{"jsonrpc":"2.0","id":01,"method":"ping"}',
    "raw control character": b'{"jsonrpc":"2.0","id":1,"method":"pi\x01ng"}', "bad escape": b'{"jsonrpc":"2.0","id":1,"method":"\\x"}',
    "bad UTF-8": b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"\xff\xfe"}}',
    "overlong UTF-8": b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"\xc0\xaf"}}',
    "raw surrogate": b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"\xed\xa0\x80"}}',
    "only bytes": bytes(range(128, 200)), "NUL bytes": b"\x00\x00\x00",
}


@pytest.mark.parametrize("handshake", [False, True], ids=["pipe", "session"])
def test_unparsable_lines_are_32700_without_an_id(bare, handshake):
    server = bare()
    if handshake:
        server.initialize()
    for name, line in UNREADABLE.items():
        server.line(line)
        assert error(server, PARSE)["message"], name
    alive(server)
    server.end()


NOT_A_REQUEST = [
    (b'"text"', {}), (b"7", {}), (b"null", {}), (b"true", {}), (b"{}", {}), (b"[]", {}),
    (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', {}), (b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}', {}),
    (b'{"jsonrpc":"2.0","id":true,"method":"ping"}', {}), (b'{"jsonrpc":"2.0","id":{},"method":"ping"}', {}),
    (b'{"jsonrpc":"2.0","id":[1],"method":"ping"}', {}),
    (b'{"jsonrpc":"1.0","id":1,"method":"ping"}', {"id": 1}), (b'{"jsonrpc":2.0,"id":1,"method":"ping"}', {"id": 1}),
    (b'{"id":"a","method":"ping"}', {"id": "a"}), (b'{"jsonrpc":"2.0","id":0}', {"id": 0}),
    (b'{"jsonrpc":"2.0","id":3,"method":7}', {"id": 3}), (b'{"jsonrpc":"2.0","id":3,"method":null}', {"id": 3}),
    (b'{"jsonrpc":"2.0","id":4,"method":"ping","params":[]}', {"id": 4}),
    (b'{"jsonrpc":"2.0","id":4,"method":"ping","params":"x"}', {"id": 4}),
    (b'{"jsonrpc":"2.0","id":4,"method":"tools/list","params":5}', {"id": 4}),
]


@pytest.mark.parametrize("handshake", [False, True], ids=["pipe", "session"])
def test_what_is_not_a_request_is_32600_with_its_id_if_it_has_a_usable_one(bare, handshake):
    server = bare()
    if handshake:
        server.initialize()
    for line, id in NOT_A_REQUEST:
        server.line(line)
        error(server, INVALID, **id)
    alive(server)
    server.end()


@pytest.mark.parametrize("revision", [None, *LEGACY], ids=lambda r: r or "pipe")
def test_an_array_is_a_batch_in_2025_03_26_only(bare, revision):
    server = bare()
    if revision:
        server.initialize(revision)
    batch = [{"jsonrpc": "2.0", "id": 1, "method": "ping"}, {"jsonrpc": "2.0", "method": "notifications/x"},
             {"jsonrpc": "2.0", "id": "b", "method": "tools/list"}, 7, {"jsonrpc": "2.0", "id": 3, "method": "nope"}]
    server.send(batch)
    if revision != "2025-03-26":
        error(server, INVALID)
    else:
        answers = server.next()
        assert isinstance(answers, list) and len(answers) == 4, answers
        by_id = {a.get("id"): a for a in answers}
        assert by_id[1]["result"] == {} and len(by_id["b"]["result"]["tools"]) == 9
        assert by_id[None]["error"]["code"] == INVALID and by_id[3]["error"]["code"] == UNKNOWN
        server.send([{"jsonrpc": "2.0", "method": "notifications/x"}, {"jsonrpc": "2.0", "method": "notifications/initialized"}])
        server.send([{"jsonrpc": "2.0", "id": 1, "result": {}}])
        server.send([])
        error(server, INVALID)
        server.send([{"jsonrpc": "2.0", "id": 9, "method": "initialize", "params": {
            "protocolVersion": revision, "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}}])
        refused = server.next()
        refused = refused[0] if isinstance(refused, list) else refused
        assert refused["error"]["code"] == INVALID, "initialize must not be in a batch"
    alive(server)
    server.end()


def test_a_modern_array_is_refused(bare):
    server = bare()
    server.send([{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": modern_meta()}}])
    error(server, INVALID)
    server.end()


@pytest.mark.parametrize("id", ["0", "-1", "7", '"7"', '""', "9007199254740993", "-9223372036854775808", "18446744073709551616",
                                "123456789012345678901234567890", '"ü€😀"', '"\\u2028"', '"a\\"b\\\\c"', '"' + "x" * 5000 + '"'])
def test_an_id_comes_back_as_it_was(bare, id):
    server = bare()
    server.line(ping(id))
    answer = server.next()
    assert answer["id"] == json.loads(id) and type(answer["id"]) is type(json.loads(id))
    if id.lstrip("-").isdigit():
        assert b'"id":' + id.encode() in server.lines[0], "not through a Double"
    server.end()


def test_tolerated_forms_of_a_line(bare):
    server = bare()
    server.write(b"\xef\xbb\xbf" + ping('"bom"') + b"\n\n   \n\r\n" + ping('"crlf"') + b"\r\n  " + ping('"blanks"') + b" \t\n")
    server.write(b'{"method":"ping","id":"order","params":null,"jsonrpc":"2.0"}\n')
    server.write(b'{"jsonrpc":"2.0","id":"extra","method":"ping","x":1,"params":{"unknown":[1,{"a":"\\u0000\\u2028\\ud83d\\ude00"}]}}\n')
    for id in ("bom", "crlf", "blanks", "order", "extra"):
        server._asked[(str, json.dumps(id))] = ("ping", "2025-11-25")
    server.write(ping('"last, without a line end"'))
    server._asked[(str, '"last, without a line end"')] = ("ping", "2025-11-25")
    server.close_input()
    assert sorted(server.next()["id"] for _ in range(6)) == sorted(["bom", "crlf", "blanks", "order", "extra", "last, without a line end"])
    server.end()


SILENT = [
    {"method": "notifications/initialized"}, {"method": "notifications/unknown", "params": {"a": 1}}, {"method": "tools/list"},
    {"method": "tools/call", "params": {"name": "nope"}}, {"method": "nope"}, {"method": "notifications/cancelled"},
    {"method": "notifications/cancelled", "params": {}}, {"method": "notifications/cancelled", "params": {"requestId": None}},
    {"method": "notifications/cancelled", "params": {"requestId": 12345, "reason": 5}},
    {"method": "notifications/cancelled", "params": {"requestId": {"a": 1}}},
    {"method": "notifications/progress", "params": {"progressToken": 1, "progress": 1}},
    {"method": "notifications/roots/list_changed"}, {"id": 99, "result": {}}, {"id": "srv-1", "result": {"action": "accept"}},
    {"id": 99, "error": {"code": -32601, "message": "Method not found"}}, {"id": None, "error": {"code": -32700, "message": "x"}},
]


@pytest.mark.parametrize("handshake", [False, True], ids=["pipe", "session"])
def test_notifications_and_responses_are_never_answered(bare, handshake):
    server = bare()
    if handshake:
        server.initialize()
    for message in SILENT:
        server.send({"jsonrpc": "2.0", **message})
    alive(server)
    server.silent(0.1)
    server.end()


def test_an_escaped_lone_surrogate_neither_crashes_nor_comes_back(bare):
    server = bare()
    for text in (r"\ud800", r"\udc00 x", r"\ud800\ud800", r"a\ud83d"):
        server.line('{"jsonrpc":"2.0","id":"s","method":"tools/call","params":{"name":"%s"}}' % text)
        assert server.next()["error"]["code"] in (PARSE, PARAMS)
    server.line(r'{"jsonrpc":"2.0","id":"\ud800","method":"ping"}')
    server.next()  # judged: valid Unicode only
    alive(server)
    server.end()


@pytest.mark.parametrize("nest", [("[", "]"), ('{"a":', "}")], ids=["arrays", "objects"])
@pytest.mark.parametrize("depth", [100_000, 5_000_000])
def test_deep_nesting_is_an_error(bare, nest, depth):
    opening, closing = nest
    server = bare()
    for line in (opening * depth, '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":' + opening * depth + "1" + closing * depth + "}}"):
        server.line(line)
        answer = server.next(60)
        assert answer["error"]["code"] in (PARSE, INVALID), answer
    alive(server)
    server.end()


def test_a_line_over_64_mib_is_refused_and_skipped(bare):
    server = bare()
    mebibyte = b"a" * (1 << 20)
    server.write(b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"')
    for _ in range(70):
        server.write(mebibyte)
    server.write(b'"}}\n')
    answer = server.next(60)
    assert answer["error"]["code"] == INVALID and "id" not in answer
    alive(server)
    server.end()


def test_a_line_of_48_mib_is_read(bare):
    server = bare()
    server.line(b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"' + b"a" * (48 << 20) + b'"}}')
    server._asked[(int, "1")] = ("ping", "2025-11-25")
    assert server.next(60)["result"] == {}
    server.end()


def test_a_huge_argument_is_an_error_of_the_tool_and_not_echoed(bare):
    server = bare()
    server.send({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search_contacts", "arguments": {"query": "x" * (4 << 20)}}})
    result = server.answer(1)["result"]
    assert result["isError"] and result["_meta"]["atlas/error"]["code"] == "invalid_argument"
    assert len(server.lines[-1]) < 4096
    server.end()


REAL = [
    b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{"form":{}}},"clientInfo":{"name":"mcp","version":"0.1.0"}}}',
    b'{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"cursor":"abc"}}',
    b'{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"get_contact","arguments":{"contact_id":"\xc3\xa9\\u00e9"},"_meta":{"progressToken":3}}}',
    b'{"jsonrpc":"2.0","id":4,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}',
    b'[{"jsonrpc":"2.0","id":5,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}]',
    b'{"jsonrpc":"2.0","id":"6","method":"completion/complete","params":{"ref":{"type":"ref/resource","uri":"atlas://contacts/{contact_id}"},"argument":{"name":"contact_id","value":"a"}}}',
]


def mangled(random: random.Random) -> bytes:
    if random.random() < 0.2:
        return bytes(random.randrange(256) for _ in range(random.randrange(200)))
    line = bytearray(random.choice(REAL))
    for _ in range(random.randrange(1, 6)):
        at = random.randrange(len(line) or 1)
        match random.randrange(5):
            case 0: line[at:at + 1] = bytes([random.randrange(256)])
            case 1: del line[at:at + random.randrange(1, 40)]
            case 2: line[at:at] = random.choice([b"{", b"}", b"[", b"]", b'"', b"\\", b",", b"null", b"1e999", b"\\ud800", b"-", b"\xff"])
            case 3: line[at:at] = line[at:at + random.randrange(1, 60)]
            case 4: line = line[:at] or bytearray(b"{")
    return bytes(line)


def test_random_and_mutated_lines_for_five_seconds(bare):
    """No line crashes it, hangs it or brings a word onto stdout that is no message; every line is answered at most once."""
    server = bare()
    numbers = random.Random(20260728)
    server.trust = False  # a mangled line may ask for anything under any id: only the envelope can be judged
    started, sent = time.monotonic(), 0
    while time.monotonic() - started < 5:
        lines = [mangled(numbers).replace(b"\n", b" ") for _ in range(200)]
        server.write(b"\n".join(lines) + b"\n")
        sent += len(lines)
        server.write(ping(f'"after {sent}"') + b"\n")
        server.answer(f"after {sent}", 30)
    server.end()
    import validate
    for line in server.lines:
        message = validate.strict(line)
        for one in message if isinstance(message, list) else [message]:
            assert one["jsonrpc"] == "2.0" and ("method" in one or ("result" in one) != ("error" in one)), one
    assert sent > 1000 and len(server.lines) <= sent * 2
