"""atlas smoke and atlas call."""

import json
import os
import pty
import stat
import subprocess
import sys

import pytest

from operator_command import ATLAS, SERVERS, atlas, environment

COUNTS = {"crm": 9, "email": 8, "calendar": 8, "twilio": 10}


def test_smoke_counts_the_tools_of_all_four():
    said = atlas("smoke", "--json").json
    assert said["success"] and {s["server"]: s["count"] for s in said["servers"]} == COUNTS
    assert all(s["problems"] == [] and os.path.isabs(s["path"]) for s in said["servers"])
    assert said["milliseconds"] < 1000
    told = atlas("smoke").out
    assert all(f"atlas-{name}: {count} tools" in told for name, count in COUNTS.items())


def test_smoke_gives_the_servers_no_settings(tmp_path):
    # A setting that would make every server refuse to start.
    (tmp_path / ".env").write_text("ATLAS_TOOLSETS=nonsense\n")
    assert atlas("smoke", env={"ATLAS_TOOLSETS": "nonsense"}, cwd=tmp_path).code == 0


SILENT = "import sys, time\nfor line in sys.stdin: pass\ntime.sleep(600)\n"
MAD = "print('hello')\n"
DEAD = "import sys\nsys.stderr.write('no licence\\n')\nsys.exit(3)\n"
LIAR = """import json, sys
for line in sys.stdin:
    m = json.loads(line)
    if 'id' in m:
        r = {'serverInfo': {'name': 'other', 'version': '0'}, 'tools': [{'name': 'x'}, {'name': 'x'}]}
        print(json.dumps({'jsonrpc': '2.0', 'id': m['id'], 'result': r}), flush=True)
sys.exit(5)
"""


@pytest.mark.parametrize("script, says", [
    (MAD, "not JSON"), (DEAD, "no licence"), (LIAR, "exit code 5"), (SILENT, "did not answer initialize"), (None, "is not there")],
    ids=["mad", "dead", "liar", "silent", "missing"])
def test_smoke_says_what_is_wrong_with_a_server(tmp_path, script, says):
    for product in SERVERS.values():
        if script is not None:
            (tmp_path / product).write_text(f"#!{sys.executable}\n{script}")
            (tmp_path / product).chmod(0o755)
    said = atlas("smoke", "--json", "--bin", str(tmp_path), exits=1).json
    assert not said["success"] and all(says in " ".join(s["problems"]) for s in said["servers"]), said
    left = subprocess.run(["ps", "-ax", "-o", "args"], capture_output=True, text=True).stdout
    assert str(tmp_path) not in left, "a server outlived the command"


def test_a_tool_is_called_with_words_of_a_shell(database):
    env = {"ATLAS_DATABASE_URL": database.url}
    made = atlas("call", "crm", "create_contact", "full_name=Ann Lee", "phone=217-555-0134", "tags=vip", "tags=new", env=env).json
    assert made["contact"]["full_name"] == "Ann Lee" and made["contact"]["tags"] == ["vip", "new"]
    found = atlas("call", "crm", "list_contacts", "limit=1", "--json", env=env).json
    assert found["total"] == 1 and found["contacts"][0]["id"] == made["contact"]["id"]
    # The document first, then the words; opt-in tools are there.
    document = json.dumps({"contact_id": "x", "interaction_type": "note", "summary": "from the file"})
    logged = atlas("call", "crm", "log_interaction", f"contact_id={made['contact']['id']}", "--arguments-json", "-", env=env, given=document).json
    assert logged["interaction"]["summary"] == "from the file"
    assert atlas("call", "crm", "find_duplicates", env=env).json["groups"] == []


def test_errors_are_sentences_and_exit_codes(database):
    env = {"ATLAS_DATABASE_URL": database.url}
    ran = atlas("call", "crm", "create_contact", "phone=12", "--json", env=env, exits=1)
    assert ran.json["success"] is False and ran.json["error"]["code"] == "invalid_argument" and ran.json["error"]["message"] in ran.err
    assert "search_contacts" in atlas("call", "crm", "serch_contacts", env=env, exits=64).err
    assert "limit" in atlas("call", "crm", "list_contacts", "limit=many", env=env, exits=1).err
    assert "key=value" in atlas("call", "crm", "list_contacts", "limit", env=env, exits=64).err
    gone = atlas("call", "crm", "list_contacts", env={"ATLAS_DATABASE_URL": "postgresql://x@/y?host=/nowhere"}, exits=1)
    assert "database" in gone.err
    assert "ATLAS_COMMS" in atlas("call", "twilio", "list_calls", env=env, exits=78).err
    atlas("call", "fax", exits=64)


@pytest.mark.parametrize("said, left", [(b"y\n", 1), (b"n\n", 2), (b"\n", 2)], ids=["yes", "no", "nothing"])
def test_a_person_at_a_terminal_is_asked(database, said, left):
    env = {"ATLAS_DATABASE_URL": database.url}
    ids = [atlas("call", "crm", "create_contact", f"full_name={name}", env=env).json["contact"]["id"] for name in ("Ann Lee", "Anne Lee")]
    ours, theirs = pty.openpty()
    words = [ATLAS, "call", "crm", "merge_contacts", f"keep_id={ids[0]}", f"merge_id={ids[1]}"]
    process = subprocess.Popen(words, env={**environment(env), "NO_COLOR": "1"}, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE)
    os.close(theirs)
    seen = b""
    while b"[y/n]" not in seen:
        seen += os.read(ours, 1000)
    assert b"Merge Anne Lee into Ann Lee?" in seen and b"\x1b" not in seen
    os.write(ours, said)
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == (0 if left == 1 else 1), out
    assert atlas("call", "crm", "list_contacts", env=env).json["total"] == left


def test_tools_are_listed_and_described():
    lines = atlas("call", "twilio").out.splitlines()
    assert any(line.startswith("make_call to=") for line in lines)
    assert any(line.startswith("process_call") for line in lines), "tools of opt-in toolsets, too"
    assert "limit: integer from 1 to 200" in atlas("call", "crm", "search_contacts", "--help-tool").out
    assert atlas("call", "crm", "search_contacts", "--help-tool", "--json").json["name"] == "search_contacts"


def test_settings_are_shown_with_their_sources_and_without_secrets(tmp_path):
    (tmp_path / ".env").write_text("ATLAS_DEFAULT_REGION=DE\nATLAS_DB_PASSWORD=hunter2-secret\n")
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"ATLAS_RATE_LIMIT": 7, "ATLAS_DEFAULT_REGION": "FR"}))
    ran = atlas("config", "--json", "--config", str(file), cwd=tmp_path)
    found = {s["name"]: (s["value"], s["source"]) for s in ran.json["settings"]}
    assert found["ATLAS_DEFAULT_REGION"] == ("DE", ".env") and found["ATLAS_RATE_LIMIT"] == ("7", str(file))
    assert found["ATLAS_DB_PASSWORD"] == (None, ".env") and found["ATLAS_TIMEZONE"] == ("America/Chicago", "environment")
    assert "hunter2" not in ran.out + ran.err + atlas("config", "--all", "--config", str(file), cwd=tmp_path).out
    assert "nothing.json" in atlas("config", "--config", "nothing.json", exits=78).err


def test_help_version_and_completions():
    assert atlas("--version").out.strip() and "smoke" in atlas("--help").out
    for shell in ("bash", "zsh", "fish"):
        assert "install" in atlas("--generate-completion-script", shell).out


def test_a_host_is_told_of_the_servers(tmp_path):
    file = tmp_path / ".claude.json"
    text = '{\n  "numStartups": 3,\n  "mcpServers": {}\n}\n'
    file.write_text(text)
    file.chmod(0o600)
    arguments = ("install", "--client", "claude-code", "--env", "ATLAS_TIMEZONE=UTC", "--env", "ATLAS_DATABASE_URL")
    dry = atlas(*arguments, "--dry-run", "--json", home=tmp_path)
    assert dry.json["would_change"] and not dry.json["changed"] and file.read_text() == text
    done = atlas(*arguments, "--json", home=tmp_path, env={"ATLAS_DATABASE_URL": "postgresql://u:hunter2-secret@h/d"})
    servers = json.loads(file.read_text())["mcpServers"]
    assert set(servers) == {f"atlas-{name}" for name in SERVERS} and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert all(os.access(s["command"], os.X_OK) for s in servers.values())
    assert servers["atlas-crm"]["env"] == {"ATLAS_TIMEZONE": "UTC", "ATLAS_DATABASE_URL": "${ATLAS_DATABASE_URL}"}
    assert "hunter2" not in done.out + done.err + file.read_text()
    assert open(done.json["backup"]).read() == text
    assert not atlas(*arguments, "--json", home=tmp_path).json["changed"]
    refused = atlas("install", "--client", "cursor", "--env", "ATLAS_DB_PASSWORD=hunter2-secret", home=tmp_path, exits=64)
    assert "ATLAS_DB_PASSWORD" in refused.err and "hunter2" not in refused.out + refused.err
    atlas("install", "--client", "claude-code", "--uninstall", home=tmp_path)
    assert file.read_text() == text
