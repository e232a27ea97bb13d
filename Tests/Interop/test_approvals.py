"""What happens only after a person's yes: by atlas approvals at a shell, or by a form in the host. It happens once, or not at all."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from client import Server
from operator_command import atlas
from telephone import THEM, TWILIO, settings
from tools import UUID, wait_for

SMS = {"to": THEM, "body": "See you at nine"}
KEYED = {**SMS, "idempotency_key": "k"}
FORM = {"elicitation": {"form": {}}}


@pytest.fixture
def env(database, double):
    return {"ATLAS_DATABASE_URL": database.url, **settings(double)}


@pytest.fixture
def gated(dial):
    """A TwilioServer that may write to nobody without a yes, on a host that cannot ask."""
    phone = dial(ATLAS_APPROVAL="sms")
    phone.server.initialize()
    return phone


def held(phone, arguments=KEYED, status="pending", code="permission_denied", says="") -> str:
    """The id of the request that a refused call is."""
    result = phone.server.call("send_sms", arguments)
    phone.refused(result, code, says=says, retryable=False)
    note = result["_meta"]["atlas/approval"]
    assert note["status"] == status and UUID.fullmatch(note["id"]), note
    return note["id"]


def status(database) -> list[str]:
    return [row[0] for row in database.sql("select status from approvals order by requested_at, id")]


# By the command


def test_a_message_waits_for_a_yes_and_leaves_once(gated, database, env):
    id = held(gated, says="atlas approvals approve")
    assert held(gated) == id, "a repeat is the same request"
    assert gated.sent == 0 and status(database) == ["pending"]
    [waiting] = atlas("approvals", "list", "--json", env=env).json["approvals"]
    assert waiting["id"] == id and waiting["tool"] == "send_sms" and waiting["server"] == "atlas-twilio"
    assert waiting["arguments"] == KEYED and waiting["client_name"]
    assert id in atlas("approvals", "list", env=env).out
    assert "See you at nine" in atlas("approvals", "show", id, env=env).out

    done = atlas("approvals", "approve", id, "--json", env=env).json
    assert done["success"] and done["result"]["message_sid"] and gated.sent == 1
    outcome = gated.call("send_sms", **KEYED)
    assert outcome == {**done["result"], "replayed": True}
    assert gated.sent == 1 and status(database) == ["done"]
    assert atlas("approvals", "list", "--json", env=env).json["approvals"] == []
    shown = atlas("approvals", "show", id, "--json", env=env).json
    assert shown["status"] == "done" and "atlas approvals" in shown["decided_by"]
    assert shown["outcome"]["structured"]["message_sid"] == outcome["message_sid"]
    atlas("approvals", "approve", id, env=env, exits=1)
    assert gated.sent == 1


def test_without_running_the_next_call_carries_it_out(gated, database, env):
    id = held(gated)
    atlas("approvals", "approve", id, "--no-run", env=env)
    assert gated.sent == 0
    assert gated.call("send_sms", **KEYED)["replayed"] is False
    assert gated.call("send_sms", **KEYED)["replayed"] is True
    assert gated.sent == 1 and status(database) == ["done"]


def test_without_a_key_the_arguments_name_the_call_until_its_end_is_told(gated, database, env):
    id = held(gated, SMS)
    assert held(gated, SMS) == id and held(gated, {**SMS, "body": "Other"}) != id
    atlas("approvals", "approve", id, env=env)
    assert gated.call("send_sms", **SMS)["replayed"] is True and gated.sent == 1
    other = held(gated, SMS)
    assert other != id, "told of: from now on it is a new wish"


def test_a_no_is_final(gated, database, env):
    id = held(gated)
    assert "Denied" in atlas("approvals", "deny", id, env=env).out
    for _ in range(2):
        assert held(gated, status="denied", says="denied by a person") == id
    ran = atlas("approvals", "approve", id, "--json", env=env, exits=1)
    assert ran.json["error"]["code"] == "conflict" and gated.sent == 0


def test_a_yes_can_be_taken_back_until_it_is_carried_out(gated, env):
    id = held(gated)
    atlas("approvals", "approve", id, "--no-run", env=env)
    atlas("approvals", "deny", id, env=env)
    held(gated, status="denied")
    assert gated.sent == 0


@pytest.mark.parametrize("decided", [False, True], ids=["pending", "approved"])
def test_after_a_day_it_is_void(gated, database, env, decided):
    id = held(gated)
    if decided:
        atlas("approvals", "approve", id, "--no-run", env=env)
    database.sql("update approvals set expires_at = now() - interval '1 second'")
    assert held(gated, status="expired", says="new idempotency_key") == id
    ran = atlas("approvals", "approve", id, "--json", env=env, exits=1)
    assert ran.json["error"]["code"] == "conflict" and "expired" in ran.json["error"]["message"]
    assert gated.sent == 0
    assert held(gated, {**KEYED, "idempotency_key": "k2"}) != id


def test_it_is_kept_for_a_day(gated, database):
    held(gated)
    assert database.value("select expires_at - requested_at = interval '1 day' from approvals")


def test_a_key_belongs_to_its_arguments(gated, database):
    held(gated)
    gated.refuses("conflict", "send_sms", "idempotency_key", **{**KEYED, "body": "Something else"})
    assert len(status(database)) == 1


def test_what_would_be_refused_anyway_bothers_nobody(gated, database):
    gated.refuses("invalid_argument", "send_sms", to=THEM, body="")
    gated.refuses("invalid_argument", "send_sms", to=THEM, body="x", nonsense=1)
    assert status(database) == []


def test_what_runs_is_what_was_approved(gated, database, env):
    id = held(gated, {**SMS, "idempotency_key": "k", "media_urls": ["https://example.test/a.png"]})
    atlas("approvals", "approve", id, env=env)
    [request] = [r for r in gated.double.requests("POST") if r.path.endswith("/Messages.json")]
    assert request.value("Body") == "See you at nine" and request.value("MediaUrl") == "https://example.test/a.png"


def test_sixteen_repeats_after_a_yes_carry_it_out_once(dial, database, env):
    phones = [dial(ATLAS_APPROVAL="send,sms") for _ in range(4)]
    for phone in phones:
        phone.server.initialize()
    id = held(phones[0])
    atlas("approvals", "approve", id, "--no-run", env=env)
    begun = [(phone, phone.server.begin("send_sms", **KEYED)) for phone in phones for _ in range(4)]
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda b: b[0].succeeded("send_sms", b[1]), [(p, p.server.answer(i)["result"]) for p, i in begun]))
    assert phones[0].sent == phones[0].asked_to_send == 1
    assert sum(not o["replayed"] for o in outcomes) == 1 and len({o["message_sid"] for o in outcomes}) == 1


def test_two_operators_and_the_agent_carry_it_out_once(gated, env):
    id = held(gated)
    with ThreadPoolExecutor(2) as pool:
        words = ("approvals", "approve", id, "--json")
        ran = list(pool.map(lambda _: subprocess.run(
            [sys.executable, "-c", APPROVE, json.dumps(words), json.dumps(env)], capture_output=True, text=True,
            cwd=Path(__file__).parent), range(2)))
    assert any(r.returncode == 0 for r in ran), [r.stdout + r.stderr for r in ran]
    assert gated.call("send_sms", **KEYED)["replayed"] is True and gated.sent == 1


APPROVE = """import json, subprocess, sys
from operator_command import ATLAS, environment
sys.exit(subprocess.run([ATLAS, *json.loads(sys.argv[1])], env=environment(json.loads(sys.argv[2])), stdin=subprocess.DEVNULL).returncode)
"""


def test_a_server_that_is_killed_meanwhile_leaves_it_unknown(dial, database, env):
    phone = dial(ATLAS_APPROVAL="sms")
    phone.server.initialize()
    atlas("approvals", "approve", held(phone), "--no-run", env=env)
    phone.double.fail("hang", 1, "POST")
    phone.server.begin("send_sms", **KEYED)
    wait_for(lambda: phone.asked_to_send == 1)
    phone.server.kill()
    assert status(database) == ["running"]
    database.sql("update approvals set alive_until = now() - interval '1 second'")
    other = dial(ATLAS_APPROVAL="sms")
    other.server.initialize()
    for _ in range(2):
        held(other, status="unknown", code="conflict", says="may or may not have happened")
    assert other.asked_to_send == 1 and status(database) == ["unknown"]


def test_a_cancelled_call_is_carried_out_to_its_end(gated, database, env):
    atlas("approvals", "approve", held(gated), "--no-run", env=env)
    gated.double.fail("slow", 1, "POST")
    id = gated.server.begin("send_sms", **KEYED)
    wait_for(lambda: gated.sent == 1)
    gated.server.notify("notifications/cancelled", {"requestId": id})
    assert gated.call("send_sms", **KEYED)["replayed"] is True and gated.sent == 1


def test_a_failure_that_did_nothing_leaves_the_yes_standing(gated, database, env):
    atlas("approvals", "approve", held(gated), "--no-run", env=env)
    gated.double.refuse(20429, 1, "POST")
    gated.refuses("rate_limited", "send_sms", **KEYED)
    assert status(database) == ["approved"] and gated.sent == 0
    assert gated.call("send_sms", **KEYED)["replayed"] is False and gated.sent == 1


def test_a_final_failure_is_the_outcome(gated, database, env):
    atlas("approvals", "approve", held(gated), "--no-run", env=env)
    gated.double.refuse(21610, 1, "POST")
    for _ in range(2):
        gated.refuses("permission_denied", "send_sms", "to", says="21610", **KEYED)
    assert gated.asked_to_send == 1 and status(database) == ["done"]
    ran = atlas("approvals", "show", database.value("select id::text from approvals"), "--json", env=env)
    assert ran.json["outcome"]["failure"]["code"] == "permission_denied"


# By a form in the host


@pytest.mark.parametrize("mode", ["legacy", "auto", "2026-07-28"])
@pytest.mark.parametrize("answer", ["yes", "no", "cancel"])
def test_an_official_client_asks_its_user(double, database, env, mode, answer):
    words = [f"{name}={value}" for name, value in {**env, "ATLAS_APPROVAL": "sms", "ATLAS_TIMEZONE": "America/Chicago"}.items()]
    script = str(Path(__file__).with_name("official_approval.py"))
    done = subprocess.run(
        [sys.executable, script, mode, answer, "--", "/usr/bin/env", *words, TWILIO[0]], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    sent = sum(r.acted for r in double.requests("POST") if r.path.endswith("/Messages.json"))
    assert "send_sms" in said["asked"][0] and "See you at nine" in said["asked"][0] and "217-555-0134" in said["asked"][0]
    if answer == "yes":
        assert said["failed"] == [False, False] and said["replayed"] == [False, True] and len(said["asked"]) == 1 and sent == 1
    elif answer == "no":
        assert said["failed"] == [True, True] and "denied by a person" in said["said"][1] and len(said["asked"]) == 1 and sent == 0
    else:
        assert said["failed"] == [True, True] and "atlas approvals approve" in said["said"][0] and len(said["asked"]) == 2 and sent == 0


@pytest.mark.parametrize("reply", [{"action": "accept", "content": {}}, {"action": "accept", "content": {"approve": "yes"}}, {}, {"action": "maybe"}])
def test_what_is_no_yes_sends_nothing(dial, database, reply):
    phone = dial(ATLAS_APPROVAL="sms")
    phone.server.initialize("2025-11-25", FORM)
    id = phone.server.begin("send_sms", **KEYED)
    question = phone.server.message("elicitation/create")
    phone.server.send({"jsonrpc": "2.0", "id": question["id"], "result": reply})
    assert phone.server.answer(id)["result"]["isError"] and phone.sent == 0


def test_a_sealed_yes_counts_once(dial, database):
    """Without a session the client carries the answer, and may bring it again."""
    phone = dial(ATLAS_APPROVAL="sms")
    phone.server.speak_modern(FORM)
    for arguments in (SMS, KEYED):
        before = phone.sent
        asked = phone.server.call("send_sms", arguments)
        [(key, question)] = asked["inputRequests"].items()
        more = {"inputResponses": {key: {"action": "accept", "content": {"approve": True}}}, "requestState": asked["requestState"]}
        results = [phone.server.request("tools/call", {"name": "send_sms", "arguments": arguments, **more}) for _ in range(3)]
        assert not results[0].get("isError") and phone.sent == before + 1, results
        assert all(r["resultType"] == "input_required" or r["structuredContent"]["replayed"] for r in results[1:])


def test_a_tool_that_asks_by_itself_asks_after_the_yes(launch, database):
    server = launch("--toolsets", "all", ATLAS_APPROVAL="delete")
    server.speak_modern(FORM)
    ids = [server.call("create_contact", {"full_name": name})["structuredContent"]["contact"]["id"] for name in ("Ann A", "Ann B")]
    call = {"name": "merge_contacts", "arguments": {"keep_id": ids[0], "merge_id": ids[1]}}
    result, questions = server.request("tools/call", call), 0
    while result["resultType"] == "input_required":
        questions += 1
        assert questions <= 2
        [(key, question)] = result["inputRequests"].items()
        content = dict.fromkeys(question["params"]["requestedSchema"]["properties"], True)
        result = server.request("tools/call", {
            **call, "inputResponses": {key: {"action": "accept", "content": content}}, "requestState": result["requestState"]})
    assert not result.get("isError"), result
    assert questions == 2 and database.value("select status from approvals") == "done"


def test_values_cannot_pretend_to_be_the_question(dial):
    phone = dial(ATLAS_APPROVAL="sms")
    phone.server.initialize("2025-11-25", FORM)
    phone.server.begin("send_sms", to=THEM, body="Hi\nto: \"+12175550199\"\nShall it be done?")
    message = phone.server.message("elicitation/create")["params"]["message"]
    assert [line.split(":")[0] for line in message.split("\n")] == [
        "atlas-twilio is asked to do send_sms", "to", "body", f"Shall it be done? (Request {message.rsplit(' ', 1)[1]}"]


# The policy


def test_what_is_not_named_does_not_wait(dial, database):
    phone = dial(ATLAS_APPROVAL="call")
    phone.server.initialize()
    assert phone.call("send_sms", **SMS)["success"] and phone.sent == 1
    phone.refuses("permission_denied", "make_call", to=THEM, message="Hi")
    assert phone.sent == 1


def test_all_waits_and_reading_never(dial, database):
    phone = dial(ATLAS_APPROVAL=" ALL , ")
    phone.server.initialize()
    phone.refuses("permission_denied", "send_sms", **SMS)
    assert phone.call("list_calls")["success"] is True


@pytest.mark.parametrize("server", ["CRMServer", "EmailServer", "CalendarServer", "TwilioServer"])
def test_every_tool_that_changes_something_can_be_named(bare, server):
    command = [str(Path(TWILIO[0]).with_name(server))]
    with Server("--toolsets", "all", command=command) as server:
        changing = [tool["name"] for tool in server.request("tools/list")["tools"] if not tool["annotations"]["readOnlyHint"]]
    assert changing
    named = bare("--toolsets", "all", command=command, env={"ATLAS_APPROVAL": ",".join(changing)})
    named.initialize()
    named.end()


@pytest.mark.parametrize("word", ["smss", "send sms", "list_calls", "none"])
def test_a_misspelt_policy_starts_no_server(bare, word):
    server = bare(command=TWILIO, env={"ATLAS_APPROVAL": f"call,{word}"})
    server.wait(code=78)
    assert "ATLAS_APPROVAL" in server.stderr and word in server.stderr


def test_nothing_is_sent_when_the_request_cannot_be_kept(dial, postgres):
    phone = dial(ATLAS_APPROVAL="sms", ATLAS_DATABASE_URL="postgresql://app@127.0.0.1:1/none")
    phone.server.initialize()
    phone.refuses("unavailable", "send_sms", retryable=True, **KEYED)
    assert phone.asked_to_send == 0


def test_ids_that_are_none_are_refused(env):
    atlas("approvals", "show", "nonsense", env=env, exits=64)
    ran = atlas("approvals", "approve", "00000000-0000-7000-8000-000000000000", "--json", env=env, exits=1)
    assert ran.json["error"]["code"] == "not_found"


def test_a_forged_id_carries_out_nothing(gated, database, env):
    """A host may put what it likes into _meta."""
    first = held(gated)
    for id in (first, "00000000-0000-7000-8000-000000000000", "nonsense", 5):
        result = gated.server.request("tools/call", {"name": "send_sms", "arguments": {**KEYED, "body": "Other"}, "_meta": {"atlas/approval": {"id": id}}})
        assert result["isError"]
    assert gated.sent == 0


# What goes wrong on the way


def test_an_outcome_that_cannot_be_written_down_is_written_later(gated, database, env):
    atlas("approvals", "approve", held(gated), "--no-run", env=env)
    gated.double.fail("slow", 1, "POST")
    id = gated.server.begin("send_sms", **KEYED)
    wait_for(lambda: gated.asked_to_send == 1)
    database.sql("alter table approvals rename to elsewhere")
    assert gated.succeeded("send_sms", gated.server.answer(id)["result"])["message_sid"], "it was done, and the caller hears so"
    database.sql("alter table elsewhere rename to approvals")
    wait_for(lambda: status(database) == ["done"])
    assert gated.call("send_sms", **KEYED)["replayed"] is True and gated.sent == 1


def test_a_yes_for_one_business_is_none_for_another(dial, database, env):
    ours, theirs, nobodys = dial(ATLAS_APPROVAL="sms", ATLAS_BUSINESS_CONTEXT="prairie"), dial(
        ATLAS_APPROVAL="sms", ATLAS_BUSINESS_CONTEXT="lakeside"), dial(ATLAS_APPROVAL="sms")
    for phone in (ours, theirs, nobodys):
        phone.server.initialize()
    id = held(ours)
    atlas("approvals", "approve", id, "--no-run", env=env)
    others = [held(theirs), held(nobodys)]
    assert id not in others and ours.asked_to_send == 0
    [request] = [r for r in atlas("approvals", "list", "--all", "--json", env=env).json["approvals"] if r["id"] == id]
    assert request["business_context_id"] == "prairie"
    atlas("approvals", "approve", id, env={**env, "ATLAS_BUSINESS_CONTEXT": "lakeside"})
    assert ours.sent == 1 and ours.call("send_sms", **KEYED)["replayed"] is True
    ran = atlas("approvals", "approve", others[1], "--json", env={**env, "ATLAS_BUSINESS_CONTEXT": "lakeside"}, exits=1)
    assert "ATLAS_BUSINESS_CONTEXT" in ran.json["error"]["message"] and ours.sent == 1


def test_who_closes_a_later_form_takes_no_yes_back(dial, database):
    phone = dial(ATLAS_APPROVAL="sms")
    phone.server.initialize("2025-11-25", FORM)
    phone.double.refuse(20429, 1, "POST")
    id = phone.server.begin("send_sms", **KEYED)
    question = phone.server.message("elicitation/create")
    phone.server.send({"jsonrpc": "2.0", "id": question["id"], "result": {"action": "accept", "content": {"approve": True}}})
    assert phone.server.answer(id)["result"]["_meta"]["atlas/approval"]["status"] == "approved"
    assert phone.call("send_sms", **KEYED)["replayed"] is False, "the yes stands, and nobody is asked again"
    assert phone.sent == 1 and status(database) == ["done"]


def test_what_cannot_be_kept_is_refused_in_words(gated, database):
    gated.refuses("invalid_argument", "send_sms", to=THEM, body="a\x00b")
    assert status(database) == [] and gated.sent == 0


def test_a_host_that_goes_meanwhile_leaves_nothing_half_done(gated, database, env):
    atlas("approvals", "approve", held(gated), "--no-run", env=env)
    gated.double.fail("slow", 1, "POST")
    gated.server.begin("send_sms", **KEYED)
    wait_for(lambda: gated.sent == 1)
    gated.server.end()
    assert status(database) == ["done"]
    assert database.value("select outcome from audit_log order by called_at desc limit 1") == "success"


def test_a_connection_that_is_lost_at_the_claim_does_nothing_and_leaves_the_yes(gated, database, env):
    """A trigger ends it the moment the request is taken."""
    atlas("approvals", "approve", held(gated), "--no-run", env=env)
    database.sql("""create function cut() returns trigger language plpgsql as $$ begin
        perform pg_terminate_backend(pg_backend_pid()); return null; end $$""")
    database.sql("""create trigger cut after update on approvals for each row
        when (old.status = 'approved' and new.status = 'running') execute function cut()""")
    result = gated.server.call("send_sms", KEYED)
    assert result["isError"] and gated.asked_to_send == 0, result
    database.sql("drop trigger cut on approvals")
    assert status(database) == ["approved"]
    assert gated.call("send_sms", **KEYED)["replayed"] is False and gated.sent == 1
