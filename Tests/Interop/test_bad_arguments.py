"""Whatever a model puts into an argument, the answer is a result it can read: never an internal error, never a crash."""

import random

import pytest

from tools import CODES, schemas, success

NUL, BIDI, ZERO_WIDTH = "a\x00b", "safe\u202egnp.exe", "in\u200bvis\ufeffible"
ODD = [
    None, True, False, 0, -1, 1.5, 1e300, 10**40, "", " ", "0", "x", "x" * 300, "é" * 70_000, NUL, BIDI, ZERO_WIDTH, "%", "'; --", "\\", "\ud7ff", "\uffff", "😀" * 50,
    "null", "true", "2026-02-30", "00000000-0000-0000-0000-000000000000", "+1 217 555 0134", "a@b.test", [], [None], [[]], ["a", 1], ["x"] * 2000, {}, {"a": {"b": []}},
]


def readable(tool: str, response: dict, tools: dict[str, dict] | None = None) -> str:
    """The outcome of a call: `success` or the code of its error. `tools`: those of another server than the CRM's."""
    assert "result" in response, f"{tool}: {response}"
    result = response["result"]
    if not result.get("isError"):
        success(tool, result, tools)
        return "success"
    error = result["_meta"]["atlas/error"]
    assert error["code"] in CODES - {"internal", "unavailable", "timeout"}, f"{tool}: {error} {result['content'][0]['text']}"
    assert 0 < len(result["content"][0]["text"]) < 4000
    return error["code"]


def barrage(server, tools: dict[str, dict], known: dict, seed: int) -> None:
    """Three hundred calls of the tools with what is `known` by an argument's name, and something odd in every third argument."""
    numbers, outcomes = random.Random(seed), set()
    for _ in range(10):
        asked = []
        for _ in range(30):
            tool = numbers.choice(list(tools))
            properties = tools[tool]["inputSchema"]["properties"]
            arguments = {name: known[name] for name in properties if name in known}
            arguments |= {name: numbers.choice(ODD + properties[name].get("enum", [])) for name in properties if numbers.random() < 0.3}
            asked.append((tool, arguments, server.begin(tool, **arguments)))
        for tool, arguments, request in asked:
            try:
                outcomes.add(readable(tool, server.answer(request, 30), tools))
            except AssertionError as error:
                raise AssertionError(f"{tool} {str(arguments)[:500]}: {error}") from None
    assert {"success", "invalid_argument"} <= outcomes


@pytest.mark.parametrize("seed", range(4))
def test_random_arguments_never_break_a_tool(crm, seed):
    id = crm.create("Ann Example", phone="2175550134")["id"]
    barrage(crm.server, schemas(), {"contact_id": id, "keep_id": id, "full_name": "B"}, seed)
    assert crm.get(id)["id"] == id


@pytest.mark.parametrize("seed", range(4))
def test_random_arguments_never_break_the_calendar(diary, seed):
    known = {"summary": "B", "start": "2027-03-02", "end": "2027-03-03", "event_id": diary.create()["id"]}
    barrage(diary.server, diary.schemas(), known, seed)
    assert diary.create()


@pytest.mark.parametrize("field, limit", [("full_name", 256), ("email", 256), ("city", 128), ("state", 64), ("zip_code", 16), ("source", 64), ("business_context_id", 64)])
def test_a_text_longer_than_its_column_is_refused_with_the_limit(crm, field, limit):
    crm.refuses("create_contact", "invalid_argument", {"full_name": "Ann", field: "x" * (limit + 1)}, field, str(limit) if field != "email" else "")


@pytest.mark.parametrize("field", ["full_name", "notes", "address", "city", "tags"])
def test_control_characters_are_never_given_back(crm, field):
    for text in (NUL, "bell\x07", "esc\x1b[31m", BIDI, ZERO_WIDTH):
        result = crm.server.call("create_contact", {"full_name": "Ann", field: [text] if field == "tags" else text})
        if result.get("isError"):
            assert result["_meta"]["atlas/error"]["code"] == "invalid_argument"
        else:
            assert not set(result["content"][0]["text"]) & set("\x00\x07\x1b"), text
            assert not {"\\u0000", "\\u0007", "\\u001b"} & {result["content"][0]["text"][i:i + 6] for i in range(len(result["content"][0]["text"]))}


def test_the_object_of_arguments_may_be_absent_but_nothing_else(server):
    for params in ({"name": "list_contacts"}, {"name": "list_contacts", "arguments": {}}):
        assert server.request("tools/call", params)["structuredContent"]["total"] == 0
    answer = server.answer(server.start("tools/call", {"name": "list_contacts", "arguments": None}))
    assert answer.get("error", {}).get("code", -32602) == -32602
    for bad in ([], "x", 5):
        assert server.answer(server.start("tools/call", {"name": "list_contacts", "arguments": bad}))["error"]["code"] == -32602


def test_a_key_given_twice_is_no_way_around_a_check(server):
    server.line('{"jsonrpc":"2.0","id":"twice","method":"tools/call","params":{"name":"list_contacts","arguments":{"limit":1,"limit":100000}}}')
    answer = server.answer("twice")
    assert "error" in answer or answer["result"].get("isError") or answer["result"]["structuredContent"]["count"] <= 200
