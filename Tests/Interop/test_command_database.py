"""atlas db, on the private database and on one that is configured."""

import shutil
import stat
import subprocess

import pytest

from client import Server
from operator_command import atlas
from postgres import PASSWORD, binaries, scratch
from tools import success


def add(home, name):
    return atlas("call", "crm", "create_contact", f"full_name={name}", home=home).json["contact"]["id"]


def names(home):
    return sorted(c["full_name"] for c in atlas("call", "crm", "list_contacts", home=home).json["contacts"])


def test_a_private_database_is_seen_backed_up_and_restored(home):
    assert atlas("db", "status", "--json", home=home).json["made"] is False
    assert list(home.iterdir()) == [], "looking makes nothing"
    add(home, "Ann Lee")
    add(home, "Bob Day")
    status = atlas("db", "status", "--json", home=home).json
    assert status["private"] and status["made"] and not status["running"] and status["migrations"]["pending"] == []
    assert any(t["name"] == "contacts" for t in status["tables"]) and status["version"]
    assert "private PostgreSQL" in atlas("db", "status", home=home).out
    assert atlas("db", "migrate", "--json", home=home).json["applied"] == []

    backup = home / "all.dump"
    atlas("db", "backup", str(backup), home=home)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600 and backup.read_bytes()[:5] == b"PGDMP"
    assert "--force" in atlas("db", "backup", str(backup), home=home, exits=1).err
    atlas("db", "backup", str(backup), "--force", home=home)
    assert [p.name for p in home.iterdir() if "draft" in p.name] == []

    add(home, "Cid Ray")
    assert "--force" in atlas("db", "restore", str(backup), home=home, exits=1).err
    assert names(home) == ["Ann Lee", "Bob Day", "Cid Ray"]
    atlas("db", "restore", str(backup), "--force", home=home)
    assert names(home) == ["Ann Lee", "Bob Day"]
    add(home, "Dee Fox")  # the restored database is a whole one

    other = scratch("atlas-c.")
    try:
        restored = atlas("db", "restore", str(backup), "--json", home=other).json
        assert restored["success"] and names(other) == ["Ann Lee", "Bob Day"]
    finally:
        shutil.rmtree(other, ignore_errors=True)


@pytest.mark.parametrize("damage", ["cut", "no backup"])
def test_half_a_backup_changes_nothing(home, damage):
    add(home, "Ann Lee")
    backup = home / "all.dump"
    atlas("db", "backup", str(backup), home=home)
    backup.write_bytes(backup.read_bytes()[:-3000] if damage == "cut" else b"hello")
    assert "Nothing was changed" in atlas("db", "restore", str(backup), "--force", home=home, exits=1).err
    assert names(home) == ["Ann Lee"]


def test_a_backup_that_fails_leaves_nothing(home, database):
    # PostgreSQL's programs, of which pg_dump begins and fails.
    for program in ("psql", "pg_restore"):
        (home / program).symlink_to(f"{binaries()}/{program}")
    version = subprocess.run([f"{binaries()}/pg_dump", "-V"], capture_output=True, text=True).stdout
    (home / "pg_dump").write_text(f"#!/bin/sh\ncase $1 in -V) echo '{version.strip()}'; exit;; esac\n"
                                  'for word; do case $word in --file=*) echo half > "${word#--file=}";; esac; done; exit 1\n')
    (home / "pg_dump").chmod(0o755)
    env = {"ATLAS_DATABASE_URL": database.url, "ATLAS_POSTGRES_BIN": str(home)}
    target = home / "all.dump"
    assert "Nothing was written" in atlas("db", "backup", str(target), env=env, exits=1).err
    assert not [p for p in home.iterdir() if p.name.startswith("all.dump")]
    assert "/nowhere" in atlas("db", "backup", "/nowhere/all.dump", env=env, exits=1).err


def test_it_is_not_stopped_under_a_server_unless_forced(home):
    assert "not running" in atlas("db", "stop", home=home).out
    server = Server(home=home, env={"HOME": str(home)})
    server.initialize()
    success("create_contact", server.call("create_contact", {"full_name": "Ann"}, timeout=90))
    assert "--force" in atlas("db", "stop", home=home, exits=1).err
    assert atlas("db", "status", "--json", home=home).json["running"]
    assert atlas("db", "stop", "--force", "--json", home=home).json["stopped"]
    assert not list(home.rglob("postmaster.pid"))
    server.end()


def test_one_that_a_killed_server_left_is_stopped(home):
    server = Server(home=home, env={"HOME": str(home)})
    server.initialize()
    success("create_contact", server.call("create_contact", {"full_name": "Ann"}, timeout=90))
    server.kill()
    assert atlas("db", "stop", "--json", home=home).json["stopped"]
    assert names(home) == ["Ann"]


def test_psql_is_given_the_password_where_nobody_sees_it(database):
    env = {"ATLAS_DATABASE_URL": database.url}
    one = atlas("db", "shell", "--", "-Atc", "select current_database()", env=env)
    assert one.out.strip() == database.name
    shown = atlas("db", "shell", "--", "-Atc", r"\! tr '\0' ' ' < /proc/$PPID/cmdline", env=env).out
    assert "psql" in shown and PASSWORD not in shown
    assert atlas("db", "shell", "--", "-c", "select 1/0", env=env, exits=1).err


def test_a_configured_database_is_seen_and_migrated(empty):
    env = {"ATLAS_DATABASE_URL": empty.url}
    before = atlas("db", "status", "--json", env=env)
    assert before.json["private"] is False and before.json["migrations"]["applied"] == [] and PASSWORD not in before.out
    done = atlas("db", "migrate", "--json", env=env).json["applied"]
    assert done == before.json["migrations"]["pending"] != []
    assert atlas("db", "status", "--json", env=env).json["migrations"]["applied"] == done
    assert "not Atlas's own" in atlas("db", "stop", env=env, exits=78).err


def test_a_database_that_is_away_is_told_in_a_sentence():
    ran = atlas("db", "status", "--json", env={"ATLAS_DATABASE_URL": "postgresql://u:hunter2-secret@127.0.0.1:1/x"}, exits=1)
    assert ran.json["error"]["code"] == "unavailable" and "hunter2" not in ran.out + ran.err
    assert atlas("db", "status", env={"ATLAS_DATABASE_URL": "postgresql://u:p@:x/"}, exits=78).err
