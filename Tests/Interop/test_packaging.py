"""What registries, hosts and packagers get: current, valid, installed and taken away again."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest

from client import BIN
from operator_command import ATLAS

ROOT = Path(__file__).parents[2]
KINDS = {"crm": 9, "email": 8, "calendar": 8, "twilio": 10}

TEXT = {"type": "string", "minLength": 1}
VERSION = {"type": "string", "pattern": r"^\d+\.\d+\.\d+$", "maxLength": 255}
# What the registry's schema of 2025-12-11 asks of an entry like ours, and no member that it does not know.
REGISTRY = {
    "type": "object", "additionalProperties": False,
    "required": ["$schema", "name", "title", "description", "version", "repository", "packages"],
    "properties": {
        "$schema": {"const": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"},
        "name": {"type": "string", "minLength": 3, "maxLength": 200, "pattern": "^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$"},
        "title": TEXT | {"maxLength": 100}, "description": TEXT | {"maxLength": 100}, "version": VERSION,
        "repository": {
            "type": "object", "additionalProperties": False, "required": ["url", "source"],
            "properties": {"url": {"type": "string", "pattern": "^https://"}, "source": {"enum": ["github", "gitlab"]}}},
        "packages": {"type": "array", "minItems": 1, "items": {
            "type": "object", "additionalProperties": False,
            "required": ["registryType", "identifier", "fileSha256", "transport"],
            "properties": {
                "registryType": {"const": "mcpb"}, "version": VERSION,
                # The official registry takes bundles from releases of these, whose address says mcp.
                "identifier": {"type": "string", "pattern": r"^https://(github|gitlab)\.com/.*mcp.*\.mcpb$"},
                "fileSha256": {"type": "string", "pattern": "^[a-f0-9]{64}$"},
                "transport": {"const": {"type": "stdio"}},
                "environmentVariables": {"type": "array", "items": {
                    "type": "object", "additionalProperties": False, "required": ["name", "description"],
                    "properties": {
                        "name": {"type": "string", "pattern": "^ATLAS_[A-Z_]+$"}, "description": TEXT, "default": TEXT,
                        "isRequired": {"type": "boolean"}, "isSecret": {"type": "boolean"}}}}}}},
    },
}
# What MANIFEST.md of version 0.3 asks of a bundle with a program.
BUNDLE = {
    "type": "object", "additionalProperties": False,
    "required": ["manifest_version", "name", "version", "description", "author", "server"],
    "properties": {
        "manifest_version": {"const": "0.3"}, "name": {"type": "string", "pattern": "^[a-z0-9-]+$"}, "version": VERSION,
        "display_name": TEXT, "description": TEXT, "long_description": TEXT, "license": TEXT,
        "author": {"type": "object", "required": ["name"], "properties": {"name": TEXT}},
        "keywords": {"type": "array", "items": TEXT},
        "server": {
            "type": "object", "additionalProperties": False, "required": ["type", "entry_point", "mcp_config"],
            "properties": {
                "type": {"const": "binary"}, "entry_point": {"type": "string", "pattern": "^server/[A-Za-z]+$"},
                "mcp_config": {"type": "object", "required": ["command"], "properties": {
                    "command": {"type": "string", "pattern": r"^\$\{__dirname\}/"}, "args": {"type": "array", "items": TEXT},
                    "env": {"type": "object", "additionalProperties": TEXT}}}}},
        "tools": {"type": "array", "items": {
            "type": "object", "additionalProperties": False, "required": ["name"],
            "properties": {"name": TEXT, "description": TEXT}}},
        "tools_generated": {"type": "boolean"}, "prompts_generated": {"type": "boolean"},
        "compatibility": {"type": "object", "properties": {
            "platforms": {"type": "array", "items": {"enum": ["darwin", "win32", "linux"]}}}},
        "user_config": {"type": "object", "additionalProperties": {
            "type": "object", "additionalProperties": False, "required": ["type", "title", "description"],
            "properties": {
                "type": {"enum": ["string", "number", "boolean", "directory", "file"]}, "title": TEXT, "description": TEXT,
                "required": {"type": "boolean"}, "default": {"type": ["string", "number", "boolean"]},
                "sensitive": {"type": "boolean"}}}},
    },
}


def document(kind: str, name: str) -> dict:
    return json.loads((ROOT / "packaging" / kind / name).read_text())


def script(name: str, *words, exits: int = 0, **environment) -> str:
    ran = subprocess.run(
        [ROOT / "script" / name, *map(str, words)], capture_output=True, text=True, timeout=120, env={**os.environ, **environment})
    assert ran.returncode == exits, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


@pytest.fixture
def binaries(tmp_path):
    """Everything that is installed, in one folder, wherever it was built."""
    folder = tmp_path / "built"
    folder.mkdir()
    for program in ("CRMServer", "EmailServer", "CalendarServer", "TwilioServer"):
        (folder / program).symlink_to(Path(BIN, program).resolve())
    if not os.access(ATLAS, os.X_OK):
        pytest.skip(f"{ATLAS} is not built")
    (folder / "atlas").symlink_to(Path(ATLAS).resolve())
    return folder


def test_the_committed_files_are_what_the_servers_say():
    script("manifests", "--check", "--bin", BIN)


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_and_a_manifest_are_valid(kind):
    entry, manifest = document(kind, "server.json"), document(kind, "manifest.json")
    jsonschema.validate(entry, REGISTRY)
    jsonschema.validate(manifest, BUNDLE)
    assert len(manifest["tools"]) == KINDS[kind] and entry["version"] == manifest["version"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_secret_is_told_as_one_and_has_no_default(kind):
    variables = document(kind, "server.json")["packages"][0]["environmentVariables"]
    manifest = document(kind, "manifest.json")
    secrets = {variable["name"] for variable in variables if variable["isSecret"]}
    assert "ATLAS_DATABASE_URL" in secrets
    assert {variable["name"] for variable in variables if variable["name"].endswith(("_PASSWORD", "_TOKEN", "_SECRET", "_KEY"))} <= secrets
    for name, value in manifest["server"]["mcp_config"]["env"].items():
        option = manifest["user_config"][value.removeprefix("${user_config.").removesuffix("}")]
        assert option.get("sensitive", False) == (name in secrets)
        assert not (option.get("sensitive") and "default" in option)


def test_what_is_installed_runs_and_uninstalling_leaves_nothing(tmp_path, binaries):
    prefix = tmp_path / "a prefix"
    script("install", "--prefix", prefix, "--from", binaries)
    version = subprocess.run([prefix / "bin/atlas", "--version"], capture_output=True, text=True, check=True).stdout
    assert version.strip() == document("crm", "server.json")["version"]
    assert (prefix / "share/man/man1/atlas.1").read_text().startswith('.TH "ATLAS" 1')
    before = {path: path.read_bytes() for path in prefix.rglob("*") if path.is_file() and "bin" not in path.parts[-2:]}
    script("install", "--prefix", prefix, "--from", binaries)
    assert before == {path: path.read_bytes() for path in before}
    assert not list(prefix.rglob(".atlas-*"))
    script("install", "--prefix", prefix, "--uninstall")
    assert list(prefix.iterdir()) == []


def test_the_installed_command_finds_its_servers_and_shells_and_man_read_its_files(tmp_path, binaries):
    script("install", "--prefix", tmp_path / "prefix", "--from", binaries)
    prefix = tmp_path / "prefix"

    def ran(*words) -> str:
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60, env={**os.environ, "HOME": str(tmp_path), "MANWIDTH": "80"})
        assert done.returncode == 0 and "warning" not in done.stderr, done.stdout + done.stderr
        return done.stdout

    smoke = ran(prefix / "bin/atlas", "smoke", "--json")
    assert json.loads(smoke)["success"] is True
    for shell, name in (("bash", "bash-completion/completions/atlas"), ("zsh", "zsh/site-functions/_atlas"), ("fish", "fish/vendor_completions.d/atlas.fish")):
        if shutil.which(shell):
            ran(shell, "-n", prefix / "share" / name)
    if shutil.which("man") and shutil.which("groff"):
        for page in (prefix / "share/man/man1").iterdir():
            assert "DESCRIPTION" in ran("man", "--warnings", "-l", page), page.name
        assert "atlas db move" in ran("man", "-l", prefix / "share/man/man1/atlas.1").replace("\u2010\n", "")


def test_every_bundle_starts_as_a_host_would_start_it(tmp_path, binaries):
    said = script("package", "--check", "--from", binaries, "--out", tmp_path / "dist")
    assert said.count("runs from its bundle") == len(KINDS)
    for kind in KINDS:
        entry = json.loads((tmp_path / f"dist/atlas-{kind}.server.json").read_text())
        jsonschema.validate(entry, REGISTRY)
        name = entry["packages"][0]["identifier"].rsplit("/", 1)[1]
        assert hashlib.sha256((tmp_path / "dist" / name).read_bytes()).hexdigest() == entry["packages"][0]["fileSha256"]


def test_what_is_not_atlas_s_stays_and_what_an_older_version_had_goes(tmp_path, binaries):
    prefix = tmp_path / "prefix"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin/other").write_text("mine")
    script("install", "--prefix", prefix, "--from", binaries)
    listed = prefix / "share/atlas/installed.txt"
    (prefix / "share/atlas/old").write_text("of an older version")
    listed.write_text(listed.read_text() + "share/atlas/old\n")
    script("install", "--prefix", prefix, "--from", binaries)
    assert not (prefix / "share/atlas/old").exists()
    script("install", "--prefix", prefix, "--uninstall")
    assert [path.name for path in prefix.rglob("*") if path.is_file()] == ["other"]


def test_a_list_that_leads_out_of_the_prefix_is_refused(tmp_path):
    listed = tmp_path / "prefix/share/atlas/installed.txt"
    listed.parent.mkdir(parents=True)
    victim = tmp_path / "victim"
    victim.write_text("")
    first = next(line for line in (ROOT / "script/install").read_text().splitlines() if line.startswith("RECORD = ")).split('"')[1]
    listed.write_text(f"{first}\n../victim\n")
    assert "Nothing was changed" in script("install", "--prefix", tmp_path / "prefix", "--uninstall", exits=1)
    assert victim.exists()


def test_destdir_is_where_files_go_and_never_what_they_name(tmp_path, binaries):
    script("install", "--prefix", "/usr", "--from", binaries, DESTDIR=str(tmp_path / "stage"))
    unit = tmp_path / "stage/usr/share/systemd/user/atlas-calls.service"
    if unit.exists():
        assert 'ExecStart="/usr/bin/atlas" calls process --watch' in unit.read_text()
    assert str(tmp_path) not in (tmp_path / "stage/usr/share/atlas/installed.txt").read_text()


def test_a_dry_run_changes_nothing(tmp_path, binaries):
    assert "would install" in script("install", "--prefix", tmp_path / "prefix", "--from", binaries, "--dry-run")
    assert not (tmp_path / "prefix").exists()
