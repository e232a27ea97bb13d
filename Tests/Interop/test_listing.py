"""What the server offers: the committed snapshot, and rules that keep every host able to take it. (CONTRACT: Wire)"""

import json
import os
import re
from pathlib import Path

import jsonschema
import pytest

import diary
import mailroom
import telephone
from tools import DEFAULT

SNAPSHOTS = Path(__file__).parent / "snapshots"
SERVERS = {"crm": (None, 9), "twilio": (telephone.TWILIO, 10), "email": (mailroom.EMAIL, 8), "calendar": (diary.CALENDAR, 8)}


def listing(bare, *arguments, command=None, **env) -> list[dict]:
    server = bare(*arguments, env=env, command=command)
    result = server.request("tools/list")
    assert "nextCursor" not in result, "all tools in one page: many hosts never ask for a second"
    server.end()
    return result["tools"]


def names(tools) -> list[str]:
    return [tool["name"] for tool in tools]


@pytest.mark.parametrize("name", SERVERS)
def test_the_listing_is_the_committed_one(bare, name):
    """UPDATE=1 writes it anew: read the difference before you commit it."""
    text = json.dumps(listing(bare, "--toolsets", "all", command=SERVERS[name][0]), indent=2, ensure_ascii=False) + "\n"
    snapshot = SNAPSHOTS / f"{name}-tools.json"
    if os.environ.get("UPDATE"):
        SNAPSHOTS.mkdir(exist_ok=True)
        snapshot.write_text(text)
    assert snapshot.read_text() == text, "tools/list changed; if it was meant: UPDATE=1"


@pytest.mark.parametrize("name", SERVERS)
def test_the_default_is_what_the_contract_counts(bare, name):
    command, count = SERVERS[name]
    assert len(listing(bare, command=command)) == count < len(listing(bare, "--toolsets", "all", command=command))
    reading = listing(bare, "--read-only", command=command)
    assert reading and all(tool["annotations"]["readOnlyHint"] for tool in reading)


def test_the_nine_tools_in_the_contracts_order(bare):
    tools = listing(bare)
    assert names(tools) == DEFAULT
    assert listing(bare) == tools and listing(bare, ATLAS_TOOLSETS="default") == tools
    assert listing(bare, "--toolsets", "default") == tools


def test_toolsets_add_tools(bare):
    both = DEFAULT + ["find_duplicates", "merge_contacts"]
    assert names(listing(bare, "--toolsets", "default,dedup")) == both
    assert names(listing(bare, "--toolsets=all"))[:9] == DEFAULT
    assert set(both) <= set(names(listing(bare, ATLAS_TOOLSETS="all")))
    assert names(listing(bare, ATLAS_TOOLSETS=" default , dedup ")) == both
    assert names(listing(bare, ATLAS_TOOLSETS="  ")) == DEFAULT and names(listing(bare, ATLAS_TOOLSETS="${TOOLSETS}")) == DEFAULT


def test_an_unknown_toolset_is_a_clear_error_at_start(bare):
    server = bare("--toolsets", "default,dedupe")
    server.close_input()
    assert server.wait(code=None) not in (0, None)
    assert "dedupe" in server.stderr and "dedup" in server.stderr and not server.lines


@pytest.mark.parametrize("how", [(["--read-only"], {}), ([], {"ATLAS_READ_ONLY": "1"}), ([], {"ATLAS_READ_ONLY": "true"})])
def test_read_only_leaves_the_tools_that_only_read(bare, how):
    arguments, env = how
    tools = listing(bare, *arguments, **env)
    assert names(tools) == ["search_contacts", "get_contact", "list_contacts", "get_interactions", "get_contact_appointments"]
    assert all(tool["annotations"]["readOnlyHint"] for tool in tools)
    server = bare(*arguments, env=env)
    answer = server.answer(server.begin("create_contact", full_name="X"))
    assert answer["error"]["code"] == -32602 and "create_contact" in answer["error"]["message"]
    server.end()


@pytest.fixture(scope="module")
def every_tool():
    from tools import schemas
    return list(schemas().values())


@pytest.fixture(scope="module", params=SERVERS)
def each_listing(request, every_tool):
    """Every tool of one server."""
    schemas = {"twilio": telephone.schemas, "email": mailroom.schemas, "calendar": diary.schemas}
    return every_tool if request.param == "crm" else list(schemas[request.param]().values())


def walk(schema, path="$"):
    """Every schema inside a schema, with where it stands."""
    yield path, schema
    for name, inner in schema.get("properties", {}).items():
        yield from walk(inner, f"{path}.{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from walk(schema[key], f"{path}.{key}")
    for key in ("anyOf", "oneOf", "allOf"):
        for index, inner in enumerate(schema.get(key, [])):
            yield from walk(inner, f"{path}.{key}[{index}]")


def test_every_tool_says_what_it_is_and_when_to_use_it(each_listing):
    assert len({t["name"] for t in each_listing}) == len(each_listing) >= 11
    for tool in each_listing:
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", tool["name"])
        assert tool["title"].strip() and tool["title"] != tool["name"]
        assert len(tool["description"]) >= 40, f"{tool['name']} tells a model too little"
        assert {"inputSchema", "outputSchema", "annotations"} <= set(tool)


def test_every_input_schema_is_one_that_all_hosts_accept(each_listing):
    for tool in each_listing:
        schema = tool["inputSchema"]
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object" and schema["additionalProperties"] is False, tool["name"]
        assert not {"anyOf", "oneOf", "allOf", "not", "if", "$ref", "enum"} & set(schema), f"{tool['name']}: a union at the top"
        text = json.dumps(schema)
        for word in ("$defs", "definitions", "$ref", "x-mcp-header", "$schema"):
            assert f'"{word}"' not in text, f"{tool['name']}: {word}"
        assert set(schema.get("required", [])) <= set(schema["properties"])
        for path, inner in walk(schema):
            where = f"{tool['name']} {path}"
            assert isinstance(inner, dict) and "type" in inner, where
            if inner["type"] == "array" or "array" in inner["type"]:
                assert isinstance(inner.get("items"), dict) and inner["items"], f"{where}: an array without items"
            if path != "$":
                assert path.endswith(("items", "]")) or inner.get("description", "").strip(), f"{where}: not described"
                assert all(re.fullmatch("[a-z0-9_]+", part) for part in path[2:].split(".")), where
            if "default" in inner:
                jsonschema.Draft202012Validator(inner).validate(inner["default"])


def test_every_output_schema_is_an_object_that_stands_alone(each_listing):
    for tool in each_listing:
        schema = tool["outputSchema"]
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object" and schema["properties"], tool["name"]
        assert not {"$ref", "$defs", "$schema"} & set(re.findall(r'"(\$\w+)"', json.dumps(schema)))
        for path, inner in walk(schema):
            if "array" in inner.get("type", []):
                assert isinstance(inner.get("items"), dict), f"{tool['name']} {path}"


def test_annotations_tell_the_truth(every_tool):
    by_name = {tool["name"]: tool["annotations"] for tool in every_tool}
    reading = {"search_contacts", "get_contact", "list_contacts", "get_interactions", "get_contact_appointments", "find_duplicates", "get_customer_context"}
    for name, hints in by_name.items():
        assert {"readOnlyHint", "openWorldHint"} <= set(hints), name
        assert hints["readOnlyHint"] is (name in reading), name
        assert hints["openWorldHint"] is (name == "get_customer_context"), f"{name} stays in our own database"
        if not hints["readOnlyHint"]:
            assert {"destructiveHint", "idempotentHint"} <= set(hints), name
    assert by_name["create_contact"]["destructiveHint"] is False
    assert by_name["delete_contact"]["idempotentHint"] is True


ARGUMENTS = {  # name: (required, {name: default})
    "search_contacts": ([], {"query": None, "phone": None, "email": None, "business_context_id": None, "limit": 20, "offset": 0}),
    "get_contact": (["contact_id"], {"contact_id": None}),
    "create_contact": (["full_name"], dict.fromkeys(
        "full_name phone email address city state zip_code business_context_id notes tags".split()) | {"contact_type": "customer", "source": "manual"}),
    "update_contact": (["contact_id"], dict.fromkeys(
        "contact_id full_name phone email address city state zip_code contact_type notes status tags clear".split())),
    "delete_contact": (["contact_id"], {"contact_id": None}),
    "list_contacts": ([], {"business_context_id": None, "status": "active", "contact_type": None, "tag": None, "limit": 50, "offset": 0}),
    "log_interaction": (["contact_id", "interaction_type", "summary"], dict.fromkeys("contact_id interaction_type summary occurred_at idempotency_key".split())),
    "get_interactions": (["contact_id"], {"contact_id": None, "limit": 20, "interaction_type": None}),
    "get_contact_appointments": (["contact_id"], {"contact_id": None}),
}
ENUMS = {
    ("create_contact", "contact_type"): "customer lead prospect vendor", ("update_contact", "contact_type"): "customer lead prospect vendor",
    ("list_contacts", "contact_type"): "customer lead prospect vendor", ("update_contact", "status"): "active inactive archived",
    ("list_contacts", "status"): "active inactive archived", ("log_interaction", "interaction_type"): "call email appointment sms note meeting",
    ("get_interactions", "interaction_type"): "call email appointment sms note meeting",
}


@pytest.mark.parametrize("name", DEFAULT)
def test_arguments_are_the_contracts(every_tool, name):
    schema = next(t for t in every_tool if t["name"] == name)["inputSchema"]
    required, arguments = ARGUMENTS[name]
    assert sorted(schema.get("required", [])) == sorted(required)
    assert set(arguments) <= set(schema["properties"])
    for argument, default in arguments.items():
        assert (schema["properties"][argument].get("default") or None) == (default or None), argument
    for argument in ("limit",):
        if argument in arguments:
            assert (schema["properties"][argument]["minimum"], schema["properties"][argument]["maximum"]) == (1, 200)
    for (tool, argument), values in ENUMS.items():
        if tool == name:
            assert schema["properties"][argument]["enum"] == values.split(), argument


def test_the_mail_tools_are_the_contracts(bare):
    tools = {tool["name"]: tool for tool in listing(bare, command=mailroom.EMAIL)}
    assert list(tools) == mailroom.EIGHT
    assert list(mailroom.schemas()) == mailroom.EIGHT + mailroom.OPTIONAL
    for name, (required, optional) in mailroom.ARGUMENTS.items():
        schema = tools[name]["inputSchema"]
        assert sorted(schema.get("required", [])) == sorted(required.split()), name
        assert set(required.split() + optional.split()) <= set(schema["properties"]), name
    assert tools["list_inbox"]["inputSchema"]["properties"]["query"]["default"] == "is:unread"
    for name, argument, least, most, default in (
            ("list_inbox", "max_results", 1, 100, 20), ("search_inbox", "max_results", 1, 100, 20), ("list_sent_history", "limit", 1, 200, 20)):
        about = tools[name]["inputSchema"]["properties"][argument]
        assert (about["minimum"], about["maximum"], about["default"]) == (least, most, default), name
    reading = [name for name, tool in mailroom.schemas().items() if tool["annotations"]["readOnlyHint"]]
    assert reading == ["list_inbox", "get_message", "search_inbox", "get_thread", "list_sent_history", "list_folders", "get_attachment"]
    assert all(tool["annotations"]["openWorldHint"] for name, tool in mailroom.schemas().items() if name != "list_sent_history")


def test_the_calendars_tools_are_the_contracts(bare):
    tools = {tool["name"]: tool for tool in listing(bare, command=diary.CALENDAR)}
    assert list(tools) == diary.EIGHT
    assert list(diary.schemas()) == diary.EIGHT + diary.SCHEDULING == names(listing(bare, "--toolsets", "default,scheduling", command=diary.CALENDAR))
    for name, (required, optional) in diary.ARGUMENTS.items():
        schema = diary.schemas()[name]["inputSchema"]
        assert sorted(schema.get("required", [])) == sorted(required.split()), name
        assert set(required.split()) | set(optional) <= set(schema["properties"]), name
        for argument, default in optional.items():
            assert (schema["properties"][argument].get("default") or None) == (default or None), f"{name} {argument}"
    for name, argument, least, most in (
            ("list_events", "limit", 1, 500), ("find_free_slots", "duration_minutes", 5, 1440), ("find_free_slots", "start_hour", 0, 23)):
        about = tools[name]["inputSchema"]["properties"][argument]
        assert (about["minimum"], about["maximum"]) == (least, most), name
    hints = {name: tool["annotations"] for name, tool in diary.schemas().items()}
    assert [name for name, about in hints.items() if about["readOnlyHint"]] == diary.READING
    assert hints["delete_event"]["destructiveHint"] is True and hints["create_event"]["destructiveHint"] is False
    assert hints["sync_appointment"]["idempotentHint"] is True and hints["create_event"]["idempotentHint"] is False


def test_prompts_resources_and_templates_are_always_there_and_do_not_count_as_tools(bare):
    server = bare()
    prompts = server.request("prompts/list")["prompts"]
    brief = next(p for p in prompts if p["name"] == "customer_brief")
    assert brief["description"] and [a["name"] for a in brief["arguments"]] == ["contact"] and brief["arguments"][0]["required"]
    templates = {t["uriTemplate"]: t for t in server.request("resources/templates/list")["resourceTemplates"]}
    assert "atlas://contacts/{contact_id}" in templates
    assert all(t["name"] and t.get("description") for t in templates.values())
    assert "resources" in server.request("resources/list")
    server.end()


def test_help_and_version(bare):
    for flag, word in (("--help", "--toolsets"), ("--version", ".")):
        server = bare(flag)
        server.trust = False  # a person asked: this is no conversation
        server.close_input()
        server.wait()
        assert word in b"\n".join(server.lines).decode()
    server = bare("--nope")
    server.trust = False
    server.close_input()
    assert server.wait(code=None) != 0 and "--nope" in server.stderr and not server.lines
