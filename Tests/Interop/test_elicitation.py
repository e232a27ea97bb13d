"""A tool that asks its user: merge_contacts, by a server request in a session and by input-required results without one.
(MCP.md 4.12, 4.13, 7; the input-required scenarios of the official conformance suite)"""

import pytest

from client import Failure, modern_meta
from tools import content, refusal, success

FORM = {"elicitation": {"form": {}, "url": {}}}


@pytest.fixture
def pair(crm):
    ids = [crm.create("Ann Example", phone="2175550101")["id"], crm.create("Anne Example", email="anne@example.test")["id"]]
    return {"keep_id": ids[0], "merge_id": ids[1]}


def merged(server, pair) -> bool:
    server.modern = None
    return content(server.call("get_contact", {"contact_id": pair["merge_id"]}))["contact"]["status"] == "archived"


def accept(answers) -> dict:
    return {"action": "accept", "content": answers}


def yes(request: dict) -> dict:
    """The content a willing user would send: every boolean true."""
    properties = request["params"]["requestedSchema"]["properties"]
    assert all(p["type"] == "boolean" for p in properties.values())
    return dict.fromkeys(properties, True)


# In a session

@pytest.mark.parametrize("revision", ["2025-06-18", "2025-11-25"])
@pytest.mark.parametrize("capability", [{"elicitation": {}}, FORM])
def test_a_session_is_asked_by_a_request(crm, pair, revision, capability):
    server = crm.server
    server.initialize(revision, capability)
    id = server.start("tools/call", {"name": "merge_contacts", "arguments": pair})
    question = server.message("elicitation/create")
    assert question["params"]["message"] and question["params"]["requestedSchema"]["type"] == "object"
    assert question["params"].get("mode", "form") == "form" and (revision != "2025-06-18" or "mode" not in question["params"])
    server.request("ping")  # it keeps reading while it waits
    server.send({"jsonrpc": "2.0", "id": question["id"], "result": accept(yes(question))})
    success("merge_contacts", server.answer(id)["result"])
    assert merged(server, pair)


@pytest.mark.parametrize("reply", [
    {"result": {"action": "decline"}}, {"result": {"action": "cancel"}}, {"result": accept({})}, {"result": accept({"confirm": False})},
    {"result": accept({"confirm": "yes"})}, {"result": {"action": "whatever"}}, {"result": {}},
    {"error": {"code": -32603, "message": "The dialog could not be shown"}}])
def test_no_consent_no_merge(crm, pair, reply):
    server = crm.server
    server.initialize("2025-11-25", FORM)
    id = server.start("tools/call", {"name": "merge_contacts", "arguments": pair})
    question = server.message("elicitation/create")
    server.send({"jsonrpc": "2.0", "id": question["id"], **reply})
    assert server.answer(id)["result"]["isError"] is True
    assert not merged(server, pair)


@pytest.mark.parametrize("capabilities", [{}, {"elicitation": {"url": {}}}, {"sampling": {}}])
@pytest.mark.parametrize("revision", ["2024-11-05", "2025-11-25"])
def test_a_client_that_cannot_be_asked_is_not_asked(crm, pair, capabilities, revision):
    server = crm.server
    server.initialize(revision, capabilities)
    result = server.call("merge_contacts", pair)
    assert (result.get("isError") is True) != merged(server, pair), "merged, or refused with a reason"
    server.silent(0.1)


def test_cancelling_the_call_ends_the_wait(crm, pair):
    server = crm.server
    server.initialize("2025-11-25", FORM)
    id = server.start("tools/call", {"name": "merge_contacts", "arguments": pair})
    question = server.message("elicitation/create")
    server.notify("notifications/cancelled", {"requestId": id})
    server.send({"jsonrpc": "2.0", "id": question["id"], "result": accept({"confirm": True})})
    server.silent(0.3)
    assert not merged(server, pair)


def test_end_of_input_while_a_user_thinks(crm, pair):
    server = crm.server
    server.initialize("2025-11-25", FORM)
    server.start("tools/call", {"name": "merge_contacts", "arguments": pair})
    server.message("elicitation/create")
    server.end(3)


def test_server_ids_do_not_collide_with_the_clients(crm, pair):
    server = crm.server
    server.initialize("2025-11-25", FORM)
    first = server.start("tools/call", {"name": "merge_contacts", "arguments": pair}, id=0)
    question = server.message("elicitation/create")
    server.start("ping", id=question["id"])
    assert server.answer(question["id"])["result"] == {}, "a request with that id is no answer to the question"
    server.send({"jsonrpc": "2.0", "id": question["id"], "result": {"action": "decline"}})
    assert server.answer(first)["result"]["isError"]


# Without one

def ask(server, pair, **options) -> dict:
    result = server.call("merge_contacts", pair, **options)
    assert result["resultType"] == "input_required", result
    return result


def again(server, pair, responses=None, state=None, **more) -> dict:
    params = {"name": "merge_contacts", "arguments": pair, **({} if responses is None else {"inputResponses": responses}), **more}
    if state is not None:
        params["requestState"] = state
    return server.request("tools/call", params)


@pytest.fixture
def modern(crm):
    return crm.server.speak_modern(FORM)


def test_a_modern_client_is_asked_by_a_result(modern, pair):
    asked = ask(modern, pair)
    [(key, question)] = asked["inputRequests"].items()
    assert question["method"] == "elicitation/create" and not {"jsonrpc", "id"} & set(question)
    assert isinstance(asked["requestState"], str) and "structuredContent" not in asked and "ttlMs" not in asked
    modern.silent(0.1)  # no request on the wire
    answers = {key: accept(yes(question)), "something else": accept({})}
    success("merge_contacts", again(modern, pair, answers, asked["requestState"]))
    assert merged(modern, pair)


def test_another_process_can_finish_what_one_began(modern, pair, launch):
    asked = ask(modern, pair)
    [(key, question)] = asked["inputRequests"].items()
    other = launch("--toolsets", "all").speak_modern(FORM)
    try:
        result = again(other, pair, {key: accept(yes(question))}, asked["requestState"])
        assert result["resultType"] in ("complete", "input_required")
    except Failure as failure:
        assert failure.code == -32602, "its key may be another: then the state is refused, and the client starts anew"
    other.end()


@pytest.mark.parametrize("damage", [lambda s: s + "-TAMPERED", lambda s: s[:-4] + ("AAAA" if s[-4:] != "AAAA" else "BBBB"), lambda s: s[1:],
                                    lambda s: "nonsense", lambda s: "", lambda s: s[:len(s) // 2]])
def test_a_damaged_state_is_a_json_rpc_error(modern, pair, damage):
    asked = ask(modern, pair)
    [(key, question)] = asked["inputRequests"].items()
    with pytest.raises(Failure) as caught:
        again(modern, pair, {key: accept(yes(question))}, damage(asked["requestState"]))
    assert caught.value.code == -32602
    assert not merged(modern, pair)


def test_a_state_serves_no_other_arguments(modern, pair):
    asked = ask(modern, pair)
    [(key, question)] = asked["inputRequests"].items()
    turned = {"keep_id": pair["merge_id"], "merge_id": pair["keep_id"]}
    with pytest.raises(Failure) as caught:
        again(modern, turned, {key: accept(yes(question))}, asked["requestState"])
    assert caught.value.code == -32602
    assert not merged(modern, pair)


def test_wrong_or_missing_answers_are_asked_for_again(modern, pair):
    asked = ask(modern, pair)
    [(key, question)] = asked["inputRequests"].items()
    for responses in (None, {}, {"wrong": accept({"x": True})}, {key: accept({"confirm": 12345})}, {key: accept({})}, {key: {"action": "maybe"}}):
        try:
            result = again(modern, pair, responses, asked["requestState"])
            assert result["resultType"] == "input_required" or result.get("isError"), f"{responses} was taken for consent"
        except Failure as failure:
            assert failure.code == -32602
    for bad in (5, [], "x", {key: None}, {key: "yes"}):
        try:
            assert again(modern, pair, bad, asked["requestState"])["resultType"] == "input_required"
        except Failure as failure:
            assert failure.code == -32602
    assert not merged(modern, pair)


def test_answers_on_the_first_call_are_no_consent(modern, pair):
    """Legal traffic: answers without a state. Nothing was asked yet, so nothing was agreed to."""
    result = again(modern, pair, {"wrong": accept({"x": 1})})
    assert result["resultType"] == "input_required"
    with pytest.raises(Failure) as caught:
        modern.request("tools/call", {"name": "merge_contacts", "arguments": pair, "inputResponses": None, "requestState": "x"})
    assert caught.value.code == -32602
    assert not merged(modern, pair)


@pytest.mark.parametrize("action", ["decline", "cancel"])
def test_a_modern_no(modern, pair, action):
    asked = ask(modern, pair)
    [key] = asked["inputRequests"]
    result = again(modern, pair, {key: {"action": action}}, asked["requestState"])
    refusal("merge_contacts", result, "permission_denied")
    assert not merged(modern, pair)


@pytest.mark.parametrize("capabilities", [{}, {"sampling": {}}, {"elicitation": {"url": {}}}])
def test_only_what_this_request_declares_is_asked(crm, pair, capabilities):
    server = crm.server
    server.initialize("2025-11-25", FORM)  # the session's capabilities are not this request's
    server.speak_modern(capabilities)
    try:
        result = server.call("merge_contacts", pair)
        assert result["resultType"] == "complete"
    except Failure as failure:
        assert failure.code == -32021 and failure.data["requiredCapabilities"] == {"elicitation": {}}
    server.silent(0.1)


def test_a_consent_merges_once(modern, pair):
    """The same answer sent again finds the merge done; it does not do another."""
    asked = ask(modern, pair)
    [(key, question)] = asked["inputRequests"].items()
    again(modern, pair, {key: accept(yes(question))}, asked["requestState"])
    try:
        again(modern, pair, {key: accept(yes(question))}, asked["requestState"])
    except Failure as failure:
        assert failure.code == -32602
    modern.modern = None
    assert modern.call("list_contacts")["structuredContent"]["total"] == 1


def test_other_tools_never_ask(modern):
    for tool, arguments in (("list_contacts", {}), ("delete_contact", {"contact_id": "00000000-0000-4000-8000-000000000000"})):
        assert modern.request("tools/call", {"name": tool, "arguments": arguments}, meta=modern_meta(FORM))["resultType"] == "complete"
