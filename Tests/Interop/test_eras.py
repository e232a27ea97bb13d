"""Which revision serves a request, and what each one must refuse. (MCP.md 2, 3, 4 and the conformance list of 9)"""

import pytest

from client import ENV, Failure, modern_meta
from validate import LEGACY, MODERN

ALL = [MODERN, *reversed(LEGACY)]
VERSION, CAPABILITIES, INFO = ENV + "protocolVersion", ENV + "clientCapabilities", ENV + "clientInfo"


def fails(server, code: int, method: str, params: dict | None = None, says: str = "", **options):
    with pytest.raises(Failure) as caught:
        server.request(method, params, **options)
    assert caught.value.code == code, caught.value
    assert says.lower() in caught.value.message.lower(), caught.value
    return caught.value.data


@pytest.mark.parametrize("asked, agreed", [*((r, r) for r in LEGACY), (MODERN, LEGACY[-1]), ("2031-01-01", LEGACY[-1]), ("", LEGACY[-1])])
def test_initialize_agrees_on_the_revision_asked_for_or_the_newest_legacy_one(bare, asked, agreed):
    server = bare()
    result = server.initialize(asked)
    assert result["protocolVersion"] == agreed
    assert result["serverInfo"]["name"] == "atlas-crm" and result["serverInfo"]["version"]
    assert result["capabilities"].get("tools") is not None
    assert result.get("instructions")
    assert len(server.request("tools/list")["tools"]) == 9
    server.end()


@pytest.mark.parametrize("params", [None, {}, {"protocolVersion": "2025-11-25"}, {"protocolVersion": 5, "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}},
                                    {"protocolVersion": "2025-11-25", "capabilities": [], "clientInfo": {"name": "x", "version": "1"}},
                                    {"protocolVersion": "2025-11-25", "capabilities": {}}])
def test_an_incomplete_initialize_is_32602(bare, params):
    server = bare()
    fails(server, -32602, "initialize", params)
    server.end()


def test_unknown_capabilities_and_client_facts_are_tolerated(bare):
    server = bare()
    server.request("initialize", {"protocolVersion": "2025-11-25", "capabilities": {
        "roots": {"listChanged": True}, "extensions": {"a/b": {}}, "tasks": {"list": {}}, "experimental": {"x": {}}, "zzz": 5,
    }, "clientInfo": {"name": "x", "version": "1", "title": "X", "websiteUrl": "https://x.test", "icons": [], "description": "d"}})
    assert server.request("ping") == {}
    server.end()


def test_a_second_initialize_starts_the_session_anew(bare):
    server = bare()
    assert server.initialize("2024-11-05")["protocolVersion"] == "2024-11-05"
    assert server.initialize("2025-06-18")["protocolVersion"] == "2025-06-18"
    server.end()


def test_requests_pipelined_behind_initialize_are_served_in_its_revision(bare):
    server = bare()
    first = server.start("initialize", {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}})
    server.notify("notifications/initialized")
    server._asked[(int, "50")] = ("ping", "2025-03-26")
    server.line('[{"jsonrpc":"2.0","id":50,"method":"ping"}]')
    assert server.next()["id"] == first
    assert server.next() == [{"jsonrpc": "2.0", "id": 50, "result": {}}]
    server.end()


def test_before_initialized_the_server_says_nothing_of_its_own(bare):
    server = bare()
    server.request("initialize", {"protocolVersion": "2025-11-25", "capabilities": {"roots": {}, "sampling": {}, "elicitation": {}}, "clientInfo": {"name": "x", "version": "1"}})
    server.silent(0.3)
    server.end()


def test_a_bare_pipe_is_served_as_the_newest_legacy_revision(bare):
    server = bare()
    tools = server.request("tools/list")
    assert "resultType" not in tools and len(tools["tools"]) == 9 and tools["tools"][0]["outputSchema"]
    assert server.request("ping") == {}
    assert server.request("resources/templates/list")["resourceTemplates"]
    fails(server, -32601, "nope")
    server.end()


# What each revision knows of a tool (the table of MCP.md 3.10)

FIELDS = {
    "2024-11-05": {"name", "description", "inputSchema"},
    "2025-03-26": {"name", "description", "inputSchema", "annotations"},
    "2025-06-18": {"name", "title", "description", "inputSchema", "outputSchema", "annotations", "_meta"},
    "2025-11-25": {"name", "title", "description", "inputSchema", "outputSchema", "annotations", "_meta", "icons", "execution"},
    MODERN: {"name", "title", "description", "inputSchema", "outputSchema", "annotations", "_meta", "icons"},
}


@pytest.mark.parametrize("revision", ALL)
def test_a_revision_gets_only_the_tool_fields_it_defines(bare, revision):
    server = bare()
    if revision == MODERN:
        server.speak_modern()
    else:
        server.initialize(revision)
    for tool in server.request("tools/list")["tools"]:
        assert set(tool) <= FIELDS[revision], f"{set(tool) - FIELDS[revision]} in {revision}"
        assert {"name", "description", "inputSchema"} <= set(tool)
    server.end()


@pytest.mark.parametrize("revision", LEGACY)
def test_capabilities_are_those_of_the_revision_and_work(bare, revision):
    server = bare()
    capabilities = server.initialize(revision)["capabilities"]
    assert set(capabilities) <= {"tools", "resources", "prompts", "logging"} | ({"completions"} if revision > "2024-11-05" else set())
    assert "tasks" not in capabilities and "extensions" not in capabilities
    for method in ("tasks/list", "tasks/get", "roots/list", "sampling/createMessage"):
        fails(server, -32601, method, {})
    if "logging" in capabilities:
        assert server.request("logging/setLevel", {"level": "info"}) == {}
        fails(server, -32602, "logging/setLevel", {"level": "loud"})
    else:
        fails(server, -32601, "logging/setLevel", {"level": "info"})
    if "resources" in capabilities:
        server.request("resources/list")
        server.request("resources/templates/list")
    if "prompts" in capabilities:
        server.request("prompts/list")
    else:
        fails(server, -32601, "prompts/list")
    if capabilities.get("resources", {}).get("subscribe"):
        uri = "atlas://contacts/00000000-0000-4000-8000-000000000000"
        assert server.request("resources/subscribe", {"uri": uri}) == {}
        assert server.request("resources/unsubscribe", {"uri": uri}) == {}
    server.end()


def test_a_task_parameter_is_ignored(server):
    result = server.request("tools/call", {"name": "list_contacts", "arguments": {}, "task": {"ttl": 60000}})
    assert result["structuredContent"]["total"] == 0


# Params of methods

@pytest.mark.parametrize("modern", [False, True], ids=["legacy", "modern"])
def test_unknown_names_and_bad_params_are_32602(bare, modern):
    server = bare()
    if modern:
        server.speak_modern()
    else:
        server.initialize()
    assert fails(server, -32602, "tools/call", {"name": "nope", "arguments": {}}, says="Unknown tool: nope") in (None, {})
    for params in ({}, {"name": 5}, {"name": "get_contact", "arguments": []}, {"name": "get_contact", "arguments": "x"}, {"arguments": {}}):
        fails(server, -32602, "tools/call", params)
    for method in ("tools/list", "resources/list", "resources/templates/list", "prompts/list"):
        fails(server, -32602, method, {"cursor": "made-up"}, says="cursor")
        fails(server, -32602, method, {"cursor": 7})
    fails(server, -32602, "prompts/get", {"name": "nope"})
    fails(server, -32602, "prompts/get", {})
    fails(server, -32602, "resources/read", {})
    for params in ({}, {"ref": {"type": "ref/prompt", "name": "nope"}, "argument": {"name": "x", "value": ""}},
                   {"ref": {"type": "ref/what"}, "argument": {"name": "x", "value": ""}},
                   {"ref": {"type": "ref/resource", "uri": "atlas://nope/{x}"}, "argument": {"name": "x", "value": ""}},
                   {"ref": {"type": "ref/resource", "uri": "atlas://contacts/{contact_id}"}}):
        fails(server, -32602, "completion/complete", params)
    fails(server, -32601, "tools/nope", {})
    server.end()


@pytest.mark.parametrize("uri", ["atlas://contacts/00000000-0000-4000-8000-000000000000", "atlas://nope/1", "file:///etc/passwd",
                                 "atlas://contacts/../../etc/passwd", "not a uri", "atlas://contacts/%00"])
def test_a_missing_resource_is_32002_in_the_legacy_era_and_32602_in_the_modern_one(server, uri):
    assert fails(server, -32002, "resources/read", {"uri": uri})["uri"] == uri
    server.speak_modern()
    assert fails(server, -32602, "resources/read", {"uri": uri})["uri"] == uri


# 2026-07-28

def test_discover(bare):
    server = bare()
    result = server.request("server/discover", meta=modern_meta())
    assert result["supportedVersions"] == ALL
    assert result["resultType"] == "complete" and type(result["ttlMs"]) is int and result["ttlMs"] >= 0
    assert result["cacheScope"] in ("public", "private")
    info = result["_meta"][ENV + "serverInfo"]
    assert info["name"] == "atlas-crm" and "serverInfo" not in result and "protocolVersion" not in result
    assert result["instructions"]
    server.end()


def test_what_discover_advertises_works_and_the_rest_is_32601(bare):
    server = bare().speak_modern()
    capabilities = server.request("server/discover")["capabilities"]
    assert not set(capabilities) & {"tasks", "logging"}
    for capability, methods in {"tools": ["tools/list"], "prompts": ["prompts/list"], "resources": ["resources/list", "resources/templates/list"]}.items():
        for method in methods:
            if capability in capabilities:
                server.request(method)
            else:
                fails(server, -32601, method)
    for method in ("tasks/get", "tasks/update", "tasks/cancel", "tasks/list", "tasks/result"):
        fails(server, -32601, method, {"taskId": "x"})
    server.end()


PARTIAL = {
    "no capabilities": ({VERSION: MODERN}, "clientCapabilities"), "no version": ({CAPABILITIES: {}}, "protocolVersion"),
    "only info": ({INFO: {"name": "x", "version": "1"}}, "protocolVersion"), "only log level": ({ENV + "logLevel": "info"}, "protocolVersion"),
    "version a number": ({VERSION: 20260728, CAPABILITIES: {}}, "protocolVersion"), "capabilities a list": ({VERSION: MODERN, CAPABILITIES: []}, "clientCapabilities"),
    "unknown level": ({VERSION: MODERN, CAPABILITIES: {}, ENV + "logLevel": "loud"}, ""),
}


@pytest.mark.parametrize("case", PARTIAL)
@pytest.mark.parametrize("method", ["server/discover", "tools/list"])
def test_a_partial_envelope_is_32602_and_says_what_is_missing(bare, case, method):
    meta, says = PARTIAL[case]
    server = bare()
    fails(server, -32602, method, {"_meta": meta}, says=says)
    server.end()


@pytest.mark.parametrize("method", ["server/discover", "subscriptions/listen"])
@pytest.mark.parametrize("handshake", [False, True])
def test_a_modern_method_without_its_envelope_is_32602(bare, method, handshake):
    server = bare()
    if handshake:
        server.initialize()
    for params in (None, {}, {"_meta": {}}, {"_meta": {"progressToken": 1}}):
        fails(server, -32602, method, params, says="protocolVersion")
    server.end()


def test_client_info_is_optional_and_other_meta_is_ignored(bare):
    server = bare()
    meta = {VERSION: MODERN, CAPABILITIES: {"roots": {"listChanged": True}, "x": {"y": [1]}}, "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "tracestate": "a=b", "baggage": "c=d", "vendor.test/x": 1}
    assert server.request("server/discover", {"_meta": meta})["supportedVersions"] == ALL
    assert len(server.request("tools/list", {"_meta": meta})["tools"]) == 9
    server.end()


@pytest.mark.parametrize("version", ["2031-01-01", "2025-11-25", "2024-11-05", "nonsense", ""])
def test_another_version_is_32022_with_the_supported_list(bare, version):
    server = bare()
    says = "initialize" if version in LEGACY else ""
    data = fails(server, -32022, "server/discover", {"_meta": {VERSION: version, CAPABILITIES: {}}}, says=says)
    assert data["requested"] == version
    assert set(data["supported"]) <= set(ALL) and MODERN in data["supported"]
    fails(server, -32022, "tools/list", {"_meta": {VERSION: version, CAPABILITIES: {}}})
    server.end()


@pytest.mark.parametrize("method", ["initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "nope/nope"])
def test_methods_that_the_modern_era_removed_are_32601(bare, method):
    server = bare().speak_modern()
    fails(server, -32601, method, {"protocolVersion": MODERN, "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}, "uri": "atlas://contacts/1", "level": "info"})
    server.end()


@pytest.mark.parametrize("method", ["server/discover", "tools/list", "resources/list", "resources/templates/list", "prompts/list"])
def test_modern_lists_carry_cache_hints_and_never_ask_for_input(bare, method):
    server = bare().speak_modern({"elicitation": {}})
    result = server.request(method)
    assert result["resultType"] == "complete" and type(result["ttlMs"]) is int and result["ttlMs"] >= 0
    assert result["cacheScope"] in ("public", "private")
    assert server.request(method) == result, "the same request has the same answer"
    server.end()


def test_a_resource_read_carries_cache_hints_and_its_uri(crm):
    uri = f"atlas://contacts/{crm.create(phone='217-555-0101')['id']}"
    legacy = crm.server.request("resources/read", {"uri": uri})
    assert legacy["contents"][0]["uri"] == uri and "ttlMs" not in legacy
    result = crm.server.speak_modern().request("resources/read", {"uri": uri})
    assert type(result["ttlMs"]) is int and result["cacheScope"] == "private" and result["contents"] == legacy["contents"]


def test_both_eras_in_one_process(bare):
    server = bare()
    meta = modern_meta()
    assert server.request("server/discover", meta=meta)["resultType"] == "complete"
    assert server.initialize("2025-06-18")["protocolVersion"] == "2025-06-18"
    assert server.request("tools/list", meta=meta)["resultType"] == "complete"
    assert "resultType" not in server.request("tools/list")
    assert server.request("ping") == {}
    fails(server, -32601, "ping", meta=meta)
    assert server.request("ping") == {}, "the modern request left the session as it was"
    server.end()


def test_modern_requests_share_nothing_with_the_session(bare):
    """The elicitation capability of a session does not count for a modern request beside it, and lists do not change."""
    server = bare("--toolsets", "all")
    before = server.request("tools/list", meta=modern_meta())
    server.initialize("2025-11-25", {"elicitation": {}})
    assert server.request("tools/list", meta=modern_meta()) == before
    server.end()


def test_a_stray_modern_response_is_dropped(bare):
    server = bare().speak_modern()
    server.send({"jsonrpc": "2.0", "id": 1, "result": {"resultType": "complete"}})
    server.request("tools/list")
    server.silent(0.1)
    server.end()


def test_an_id_may_come_back_once_it_was_answered(bare):
    server = bare().speak_modern()
    for _ in range(3):
        server.request("tools/list", id=1)
    server.end()


def test_listen_acknowledges_first_what_it_will_honour(bare):
    server = bare().speak_modern()
    capabilities = server.request("server/discover")["capabilities"]
    assert capabilities["resources"].get("subscribe"), "contacts can be watched"
    for id in ("L1", 0):
        server.start("subscriptions/listen", {"notifications": {"toolsListChanged": True, "promptsListChanged": False,
                                                              "resourceSubscriptions": ["atlas://contacts/1"], "whatever": True}}, id=id)
        first = server.next()
        assert first["method"] == "notifications/subscriptions/acknowledged"
        assert first["params"]["_meta"][ENV + "subscriptionId"] == id and type(first["params"]["_meta"][ENV + "subscriptionId"]) is type(id)
        honoured = first["params"]["notifications"]
        assert set(honoured) <= {"toolsListChanged", "resourceSubscriptions"}
        assert ("toolsListChanged" in honoured) == bool(capabilities["tools"].get("listChanged"))
    server.silent(0.2)
    server.notify("notifications/cancelled", {"requestId": "L1"})
    assert server.request("server/discover")
    server.silent(0.1)
    server.end()


def test_listen_wants_its_filter(bare):
    server = bare().speak_modern()
    for params in ({}, {"notifications": []}, {"notifications": {"toolsListChanged": "yes"}}, {"notifications": {"resourceSubscriptions": "x"}}):
        fails(server, -32602, "subscriptions/listen", params)
    server.end()
