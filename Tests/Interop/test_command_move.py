"""atlas db move, from the private PostgreSQL to one with a password: all of it arrives, or nothing has happened."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from client import Server
from operator_command import ATLAS, atlas, environment
from postgres import PASSWORD, binaries
from tools import refusal, success

ODD = "tab\t newline\n backslash \\ \\. quote ' \" € 🐝 \u00a0 end"


@pytest.fixture
def target(empty):
    """An empty database of a role with a password, as a managed service gives one."""
    empty.cluster.execute("postgres", f"alter database {empty.name} owner to locked")
    empty.sql("alter schema public owner to locked")
    empty.address = f"postgresql://locked@/{empty.name}?host={empty.cluster.folder}"
    empty.secret = empty.address.replace("locked@", f"locked:{PASSWORD}@")
    return empty


def sql(statement: str, **where) -> str:
    return atlas("db", "shell", "--", "-Atc", statement, **where).out.strip()


def contents(**where) -> dict:
    """A digest of every row of every table."""
    tables = sql("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1", **where).split()
    digest = """select count(*) || ' ' || md5(coalesce(string_agg(t::text, E'\\n' order by t::text collate "C"), '')) from {} t"""
    return {table: sql(digest.format(table), **where) for table in tables}


def filled(home) -> dict:
    """The private database with something of everything; its digest."""
    ann = atlas("call", "crm", "create_contact", "full_name=Ann Lee", "phone=217-555-0134", "email=ann@example.test", f"notes={ODD}", "tags=vip", home=home)
    id = ann.json["contact"]["id"]
    atlas("call", "crm", "log_interaction", f"contact_id={id}", "interaction_type=call", f"summary={ODD}", home=home)
    atlas("call", "calendar", "create_event", "summary=Visit", "start=2027-03-01T10:00:00", "end=2027-03-01T11:00:00", home=home)
    text = "E'" + ODD.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n").replace("\t", "\\t") + "'"
    sql(f"""
        insert into call_transcripts (call_sid, from_number, to_number, business_context_id, transcript, contact_id, extracted_data)
            values ('CA1', '+12175550134', '+13095550100', '', {text}, '{id}', '{{"a": [1, null, "é"]}}');
        insert into sent_emails (to_addresses, subject, body) values ('{{ann@example.test,"b,c@example.test"}}', 'Hello', {text});
        insert into appointments (start_time, end_time, service_type, customer_name, customer_phone, business_context_id, contact_id)
            values ('2027-03-02 10:00+00', '2027-03-02 11:00+00', 'visit', 'Ann Lee', '+12175550134', '', '{id}');
        insert into appointment_messages (caller_phone, message_text, business_context_id) values ('+12175550134', {text}, '')""", home=home)
    return contents(home=home)


def is_empty(database) -> bool:
    return database.value("""
        select (select count(*) from pg_class where relnamespace = 'public'::regnamespace)
            + (select count(*) from pg_extension where extname <> 'plpgsql') + (select count(*) from pg_proc where pronamespace = 'public'::regnamespace)""") == 0


def still_works(home) -> bool:
    """Whether the private database takes changes."""
    return atlas("call", "crm", "create_contact", "full_name=Still Here", home=home).json["created"]


def programs(home, dump: str) -> dict:
    """PostgreSQL's programs with another pg_dump in front of the real one ($real)."""
    folder = home / "programs"
    folder.mkdir(exist_ok=True)
    for program in ("psql", "pg_restore", "postgres", "initdb"):
        (folder / program).unlink(missing_ok=True)
        (folder / program).symlink_to(f"{binaries()}/{program}")
    real = f"{binaries()}/pg_dump"
    version = subprocess.run([real, "-V"], capture_output=True, text=True).stdout.strip()
    for program in ("psql", "pg_restore"):  # links would lead to the real pg_dump's folder, not from it
        (folder / program).unlink()
        (folder / program).write_text(f'#!/bin/sh\nexec {binaries()}/{program} "$@"\n')
        (folder / program).chmod(0o755)
    (folder / "pg_dump").write_text(f"#!/bin/sh\ncase $1 in -V) echo '{version}'; exit;; esac\nreal={real}\n{dump}\n")
    (folder / "pg_dump").chmod(0o755)
    return {"ATLAS_POSTGRES_BIN": str(folder)}


def test_everything_moves_and_the_four_servers_go_on_with_it(home, target, launch):
    before = filled(home)
    there = {"ATLAS_DATABASE_URL": target.secret}
    dry = atlas("db", "move", "--dry-run", "--json", env={"ATLAS_MOVE_TO": target.secret}, home=home)
    assert dry.json["dry_run"] and dry.json["rows"] > 10 and is_empty(target) and still_works(home)
    before = contents(home=home)
    moved = atlas("db", "move", "--json", env={"ATLAS_MOVE_TO": target.secret}, home=home)
    assert moved.json["success"] and {t["name"].removeprefix("public."): t["rows"] for t in moved.json["tables"]} == {
        table: int(value.split()[0]) for table, value in before.items()}
    assert "Compared" in moved.err and PASSWORD not in dry.out + dry.err + moved.out + moved.err
    assert moved.json["set"]["name"] == "ATLAS_DATABASE_URL" and ":PASSWORD@" in moved.json["set"]["value"]
    given = moved.json["set"]["value"].replace("PASSWORD", PASSWORD)
    assert contents(env={"ATLAS_DATABASE_URL": given}) == before
    assert target.value("select reltuples from pg_class where relname = 'contacts'") >= 1, "plans are made with statistics"
    status = atlas("db", "status", "--json", env=there).json
    assert status["migrations"]["pending"] == [] and "moved_to" not in status

    for server, tool, words, known in (
            ("crm", "search_contacts", ["phone=2175550134"], "Ann Lee"), ("twilio", "list_call_transcripts", [], "CA1"),
            ("calendar", "list_events", ["start=2027-03-01T00:00:00", "end=2027-03-02T00:00:00"], "Visit"),
            ("email", "list_sent_history", ["hours=24"], "b,c@example.test")):
        assert known in atlas("call", server, tool, *words, env=there).out, tool
    again = atlas("call", "crm", "create_contact", "full_name=Ann", "phone=(217) 555-0134", env=there).json
    assert again["created"] is False and again["contact"]["notes"] == ODD, "identities hold there, too"

    refused = atlas("call", "crm", "create_contact", "full_name=Late", home=home, exits=78)
    assert "moved" in refused.err and target.name in refused.err and "ATLAS_DATABASE_URL" in refused.err
    assert "moved" in atlas("call", "crm", "list_contacts", home=home, exits=78).err, "nothing stale is read, either"
    assert target.name in atlas("db", "status", "--json", home=home).json["moved_to"]
    assert target.name in atlas("db", "status", home=home).out
    assert "moved already" in atlas("db", "move", env={"ATLAS_MOVE_TO": target.secret}, home=home, exits=1).err
    assert "AT001" in atlas("db", "shell", "--", "-v", "VERBOSITY=verbose", "-c", "delete from contacts", home=home, exits=1).err
    sql("DROP FUNCTION atlas_moved() CASCADE", home=home)
    assert contents(home=home) == before and still_works(home)


@pytest.mark.parametrize("how", ["standard input", "another variable", "no password", "words"])
def test_the_ways_to_say_where(home, target, how):
    atlas("call", "crm", "create_contact", "full_name=Ann Lee", home=home)
    if how == "standard input":
        atlas("db", "move", "--to", "-", given=target.secret + "\n", home=home)
    elif how == "another variable":
        atlas("db", "move", "--to-env", "MANAGED", env={"MANAGED": target.secret}, home=home)
    elif how == "no password":
        atlas("db", "move", "--to", target.address, env={"PGPASSWORD": PASSWORD}, home=home)
    else:
        moved = atlas("db", "move", env={"ATLAS_MOVE_TO": target.secret}, home=home).out
        assert moved.splitlines()[-1].strip() == f"ATLAS_DATABASE_URL='postgresql://locked:PASSWORD@/{target.name}?host={target.cluster.folder}'"
    assert target.sql("select full_name from contacts") == [("Ann Lee",)]


def test_a_password_among_the_arguments_is_refused(home, target):
    for url in (target.secret, f"{target.address}&password={PASSWORD}", f"{target.address}&sslpassword={PASSWORD}"):
        ran = atlas("db", "move", "--to", url, home=home, exits=64)
        assert "ATLAS_MOVE_TO" in ran.err and PASSWORD not in ran.out + ran.err
    assert "ATLAS_MOVE_TO" in atlas("db", "move", home=home, exits=64).err
    assert PASSWORD not in atlas("db", "move", env={"ATLAS_MOVE_TO": f"postgresql://a:{PASSWORD}@h:x/y"}, home=home, exits=64).err
    assert "nothing to move" in atlas("db", "move", env={"ATLAS_MOVE_TO": target.secret}, home=home, exits=1).err
    assert is_empty(target)


def test_a_target_that_does_not_do_is_told_before_anything_happens(home, target):
    before = filled(home)
    cluster, cases = target.cluster, []

    def case(name: str, url: str, *words: str) -> None:
        ran = atlas("db", "move", "--json", env={"ATLAS_MOVE_TO": url}, home=home, exits=1)
        message = ran.json["error"]["message"]
        assert all(word in message for word in words), (name, message)
        assert PASSWORD not in ran.out + ran.err
        cases.append(name)

    case("away", f"postgresql://locked:{PASSWORD}@127.0.0.1:1/x", "127.0.0.1:1", "no answer")
    case("wrong password", target.secret.replace(PASSWORD, "wrong"), "refused")
    case("no such database", target.secret.replace(target.name, "nowhere"), "nowhere", "CREATE DATABASE")
    target.sql("alter schema public owner to postgres")
    target.sql("revoke create on schema public from public")
    cluster.execute("postgres", f"alter database {target.name} owner to postgres")
    case("no rights", target.secret, "owner")
    cluster.execute("postgres", f"alter database {target.name} owner to locked")
    target.sql("alter schema public owner to locked")
    cluster.execute("postgres", f"alter database {target.name} set default_transaction_read_only = on")
    case("read-only", target.secret, "read-only")
    cluster.execute("postgres", f"alter database {target.name} reset default_transaction_read_only")
    assert is_empty(target)
    target.sql("create table contacts (id int)")
    case("not empty", target.secret, "not empty", "public.contacts")
    target.sql("drop table contacts")
    target.sql("create schema elsewhere; create extension pg_trgm schema elsewhere")
    case("extension elsewhere", target.secret, "pg_trgm", "SET SCHEMA public")
    target.sql("drop schema elsewhere cascade")
    cluster.execute("postgres", "drop database if exists latin", "create database latin owner locked encoding 'LATIN1' locale 'C' template template0")
    case("encoding", target.secret.replace(target.name, "latin"), "LATIN1", "UTF8")
    cluster.drop("latin")
    assert contents(home=home) == before and is_empty(target) and still_works(home), cases


def test_extensions_of_an_administrator_and_tables_of_others_are_no_obstacle(home, target):
    filled(home)
    for name in ("pg_trgm", "unaccent", "fuzzystrmatch", "btree_gist"):
        target.sql(f"create extension {name}")  # by the superuser: only it may comment on them
    target.sql("create table theirs (id int)")
    atlas("db", "move", env={"ATLAS_MOVE_TO": target.secret}, home=home)
    assert target.value("select count(*) from contacts") == 1 and target.value("select count(*) from theirs") == 0


@pytest.mark.parametrize("end", ["SIGKILL", "SIGTERM", "dump fails", "a row is lost", "database goes away"])
def test_what_ends_in_the_middle_has_changed_nothing(home, target, end):
    before = filled(home)
    slow = '"$real" "$@" > "$0.sql" && head -c 30000 "$0.sql" && exec sleep 20'
    dumps = {"dump fails": '"$real" "$@" | head -c 30000; exit 1', "a row is lost": '"$real" "$@" | sed "/CA1/d"'}
    env = environment({"ATLAS_MOVE_TO": target.secret, **programs(home, dumps.get(end, slow))}, home)
    move = subprocess.Popen([ATLAS, "db", "move", "--json"], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if end not in dumps:
        deadline = time.monotonic() + 60
        while target.value("select count(*) from pg_stat_activity where usename = 'locked' and application_name = 'psql' and xact_start is not null") == 0:
            assert time.monotonic() < deadline and move.poll() is None, move.communicate()
            time.sleep(0.02)
        time.sleep(0.3)
        seen = [p.read_bytes().replace(b"\0", b" ") for p in Path("/proc").glob("[0-9]*/cmdline") if p.exists()] if Path("/proc/self").exists() else []
        assert not [words for words in seen if PASSWORD.encode() in words], "the password is among arguments"
        children = [int(child) for child in subprocess.run(["ps", "-o", "pid=", "--ppid", str(move.pid)], capture_output=True, text=True).stdout.split()]
        assert len(children) >= 2, "pg_dump and psql"
        if end == "database goes away":
            target.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'locked'")
        else:
            move.send_signal(getattr(signal, end))
        if end == "SIGKILL":
            move.wait(10)
        if end != "SIGTERM":
            for child in children:  # the slow pg_dump need not be waited for
                try:
                    os.kill(child, signal.SIGTERM)
                except ProcessLookupError:
                    pass
    out, err = move.communicate(timeout=90)
    assert move.returncode == {"SIGKILL": -9, "SIGTERM": 130}.get(end, 1), err
    assert PASSWORD not in out + err and (end == "SIGKILL" or "Nothing was changed" in out)
    if end == "a row is lost":
        assert "rows here and" in err
    deadline = time.monotonic() + 10
    while not is_empty(target):
        assert time.monotonic() < deadline, "something is left in the target"
        time.sleep(0.1)
    assert contents(home=home) == before and still_works(home)
    atlas("db", "move", env={"ATLAS_MOVE_TO": target.secret}, home=home)


def test_it_does_not_move_under_servers_unless_forced(home, target):
    server = Server(home=home, env={"HOME": str(home)})
    server.initialize()
    success("create_contact", server.call("create_contact", {"full_name": "Ann"}, timeout=90))
    env = {"ATLAS_MOVE_TO": target.secret}
    assert "--force" in atlas("db", "move", env=env, home=home, exits=1).err and is_empty(target)
    dry = atlas("db", "move", "--dry-run", "--json", env=env, home=home).json
    assert "Servers are using" in dry["obstacle"] and is_empty(target)
    success("create_contact", server.call("create_contact", {"full_name": "Bob"}))
    atlas("db", "move", "--force", env=env, home=home)
    assert target.value("select count(*) from contacts") == 2
    for tool, arguments in (("create_contact", {"full_name": "Late"}), ("list_contacts", {})):
        error = refusal(tool, server.call(tool, arguments), "not_configured")
        assert target.name in str(error) and "ATLAS_DATABASE_URL" in str(error)
    server.end()


def test_a_server_that_starts_meanwhile_is_told_to_wait(home, target):
    filled(home)
    env = environment({"ATLAS_MOVE_TO": target.secret, **programs(home, '"$real" "$@" | { head -c 30000; sleep 5; cat; }')}, home)
    move = subprocess.Popen([ATLAS, "db", "move"], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while "Copying" not in move.stderr.readline():
        assert move.poll() is None
    late = atlas("call", "crm", "create_contact", "full_name=Late", home=home, exits=78)
    out, err = move.communicate(timeout=90)
    assert move.returncode == 0, err
    assert target.name in late.err, "it waited, and then learned where the data is"
    assert target.value("select count(*) from contacts where full_name = 'Late'") == 0


def test_from_one_configured_database_to_another(database, target, launch):
    server = launch()
    server.initialize()
    success("create_contact", server.call("create_contact", {"full_name": "Ann"}))
    env = {"ATLAS_DATABASE_URL": database.url, "ATLAS_MOVE_TO": target.secret}
    assert "--force" in atlas("db", "move", env=env, exits=1).err
    server.end()
    database.connection.close() if database.connection else None
    assert atlas("db", "move", "--json", env=env).json["success"]
    assert target.sql("select full_name from contacts") == [("Ann",)]
    refused = atlas("call", "crm", "list_contacts", env={"ATLAS_DATABASE_URL": database.url}, exits=78)
    assert target.name in refused.err
    with pytest.raises(Exception, match="moved"):
        database.sql("insert into contacts (full_name) values ('by another program')")


def test_a_writer_that_does_not_end_is_waited_for_and_then_told(database, target):
    database.sql("insert into contacts (full_name) values ('Ann')")
    held = database.hold("update contacts set notes = 'x'")
    env = {"ATLAS_DATABASE_URL": database.url, "ATLAS_MOVE_TO": target.secret}
    try:
        assert "pg_stat_activity" in atlas("db", "move", "--force", env=env, exits=1).err
    finally:
        held.close()
    assert is_empty(target) and database.value("select to_regprocedure('atlas_moved()') is null")
