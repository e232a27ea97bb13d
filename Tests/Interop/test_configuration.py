"""Settings: from the environment, from a file, blank ones, wrong ones, and the two limits a host may set."""

import json

import pytest

from tools import refusal, success


def wrong(server, *says: str) -> None:
    """It starts and lists; its calls say which setting is wrong."""
    assert len(server.request("tools/list")["tools"]) == 9
    result = server.call("create_contact", {"full_name": "Ann", "phone": "2175550134"}, timeout=30)
    text = refusal("create_contact", result, "not_configured")
    assert all(word in text for word in says), text
    server.end()


@pytest.mark.parametrize("name, value", [("ATLAS_TIMEZONE", "Nowhere/Atall"), ("ATLAS_DEFAULT_REGION", "ZZ"), ("ATLAS_DB_POOL_SIZE", "many"), ("ATLAS_DB_PORT", "abc")])
def test_a_wrong_setting_is_told_by_name_when_it_is_needed(bare, database, name, value):
    place = {"ATLAS_DB_SOCKET_PATH": str(database.cluster.folder), "ATLAS_DB_DATABASE": database.name, "ATLAS_DB_USER": "app"}
    wrong(bare(env={**place, name: value}), name)


@pytest.mark.parametrize("name", ["ATLAS_TIMEZONE", "ATLAS_DEFAULT_REGION", "ATLAS_BUSINESS_CONTEXT", "ATLAS_DB_PORT", "ATLAS_TOOLSETS", "ATLAS_READ_ONLY", "ATLAS_CONFIG", "ATLAS_LOG_LEVEL"])
@pytest.mark.parametrize("value", ["", "   ", "${NOT_EXPANDED}"])
def test_a_value_that_a_host_left_unexpanded_or_blank_counts_as_unset(launch, name, value):
    server = launch(**{name: value})
    contact = success("create_contact", server.call("create_contact", {"full_name": "Ann", "phone": "2175550134"}))["contact"]
    assert contact["phone_e164"] == "+12175550134" and contact["business_context_id"] is None
    server.end()


def test_a_file_of_settings_and_the_environment_above_it(bare, database, folder):
    file = folder / "atlas.json"
    file.write_text(json.dumps({"ATLAS_DATABASE_URL": database.url, "ATLAS_BUSINESS_CONTEXT": "from-file", "ATLAS_DEFAULT_REGION": "GB"}))
    for arguments, env in ((["--config", str(file)], {}), ([], {"ATLAS_CONFIG": str(file)})):
        server = bare(*arguments, env=env)
        contact = success("create_contact", server.call("create_contact", {"full_name": "Ann", "phone": "020 7946 0018"}))["contact"]
        assert (contact["business_context_id"], contact["phone_e164"]) == ("from-file", "+442079460018")
        server.end()
    server = bare("--config", str(file), env={"ATLAS_BUSINESS_CONTEXT": "from-environment"})
    assert success("create_contact", server.call("create_contact", {"full_name": "Bo"}))["contact"]["business_context_id"] == "from-environment"
    server.end()


@pytest.mark.parametrize("content", [None, "not json", "[1]", '{"ATLAS_DEFAULT_REGION": {"a": 1}}'])
def test_a_file_that_cannot_be_read_is_told(bare, folder, content):
    file = folder / "atlas.json"
    if content is not None:
        file.write_text(content)
    server = bare("--config", str(file))
    server.close_input()
    code = server.wait(code=None)
    assert code not in (0, None) and str(file) in server.stderr and not server.lines


def test_the_business_zone_shows_in_every_time(launch):
    for zone, offset in (("Asia/Kolkata", "+05:30"), ("America/New_York", "-05:00"), ("UTC", "+00:00")):
        server = launch(ATLAS_TIMEZONE=zone)
        id = success("create_contact", server.call("create_contact", {"full_name": f"In {zone}"}))["contact"]["id"]
        arguments = {"contact_id": id, "interaction_type": "call", "summary": "x"}
        for given, shown in (("2026-12-01T09:00:00", f"2026-12-01T09:00:00{offset}"), ("2026-12-01 09:00", f"2026-12-01T09:00:00{offset}")):
            logged = success("log_interaction", server.call("log_interaction", {**arguments, "occurred_at": given}))
            assert logged["interaction"]["occurred_at"] == shown
        server.end()


def test_a_rate_limit_is_a_retryable_error_of_the_tool(launch):
    server = launch(ATLAS_RATE_LIMIT="5")
    ids = [server.begin("list_contacts") for _ in range(40)]
    results = [server.answer(id)["result"] for id in ids]
    refused = [r for r in results if r.get("isError")]
    assert 0 < len(refused) < 40
    refusal("list_contacts", refused[0], "rate_limited", says="again")
    assert refused[0]["_meta"]["atlas/error"]["retryable"] is True
    assert len(server.request("tools/list")["tools"]) == 9
    server.end()


def test_without_prepared_statements(launch):
    """As behind a pooler in transaction mode."""
    server = launch("--toolsets", "all", ATLAS_DB_PREPARED="0")
    for _ in range(3):
        id = success("create_contact", server.call("create_contact", {"full_name": "Ann", "phone": "2175550134", "tags": "a,b"}))["contact"]["id"]
        assert success("search_contacts", server.call("search_contacts", {"query": "ann"}))["count"] == 1
        success("log_interaction", server.call("log_interaction", {"contact_id": id, "interaction_type": "call", "summary": "x"}))
    server.end()
