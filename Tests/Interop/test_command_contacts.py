"""atlas contacts import and export, on a real database."""

import csv
import io
import os
import pty
import select
import signal
import stat
import subprocess
import threading
import time

import pytest

from client import Server
from operator_command import ATLAS, Running, atlas, environment
from tools import success

TABLE = """Full Name,Phone,E-mail,Street,City,Tags,Notes
Ann Lee,(217) 555-0134,ann@example.com,1 Main St,Springfield,"vip, new",Dogs
Bob Ray,217-555-0150,,2 Oak Ave,Decatur,,
Ann Lee,,ANN@example.com,1 Main Street,,,"Two
lines"
,,,,,,
Cid Fox,,no address,,,,
"""


@pytest.fixture
def place(database, tmp_path):
    return {"env": {"ATLAS_DATABASE_URL": database.url}, "home": tmp_path / "home"}


def written(folder, text, name="people.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return str(path)


def contacts(place):
    return {c["full_name"]: c for c in atlas("call", "crm", "list_contacts", "limit=100", **place).json["contacts"]}


def test_a_table_is_imported_by_the_rules_of_create_contact(place, tmp_path):
    file = written(tmp_path, TABLE)
    dry = atlas("contacts", "import", file, "--dry-run", "--json", **place, exits=1).json
    assert (dry["rows"], dry["created"], dry["updated"], dry["refused"], dry["dry_run"]) == (4, 2, 1, 1, True)
    assert contacts(place) == {}, "a dry run leaves nothing"

    done = atlas("contacts", "import", file, "--json", **place, exits=1).json
    assert {k: done[k] for k in ("rows", "created", "updated", "refused", "repeats")} == {
        "rows": 4, "created": 2, "updated": 1, "refused": 1, "repeats": 1}
    lines = {n["line"]: n for n in done["noteworthy"]}
    assert lines[7]["outcome"] == "refused" and "email" in lines[7]["reason"]
    assert lines[4]["conflicts"] == [{"field": "address", "kept": "1 Main St", "given": "1 Main Street"}]
    known = contacts(place)
    ann = known["Ann Lee"]
    assert set(known) == {"Ann Lee", "Bob Ray"}
    assert (ann["phone"], ann["emails"], ann["city"], ann["source"]) == ("+12175550134", ["ann@example.com"], "Springfield", "import")
    assert ann["tags"] == ["vip", "new"] and ann["notes"] == "Dogs\nTwo\nlines"

    again = atlas("contacts", "import", file, **place, exits=1)
    assert "0 created, 0 updated, 3 unchanged, 1 refused" in again.out
    assert "line 7: Cid Fox is refused" in again.out and "stays \"1 Main St\"" in again.out
    assert contacts(place) == known


def test_what_an_agent_knows_meets_what_is_imported(place, tmp_path, database):
    with Server(env=place["env"]) as crm:
        crm.initialize()
        made = success("create_contact", crm.call("create_contact", {"full_name": "Ann Lee", "phone": "217-555-0134"}))["contact"]
    report = tmp_path / "report.csv"
    atlas("contacts", "import", written(tmp_path, TABLE), "--tag", "moved", "--context", "cleaning", "--report", str(report), **place, exits=1)
    ann = contacts(place)["Ann Lee"]
    assert ann["id"] == made["id"] and ann["emails"] == ["ann@example.com"] and ann["source"] == "manual"
    assert "moved" in ann["tags"] and ann["business_context_id"] == "cleaning"
    rows = list(csv.DictReader(report.open(newline="")))
    assert [r["outcome"] for r in rows] == ["updated", "created", "updated", "refused"]
    assert rows[0]["contact_id"] == made["id"] and rows[0]["matched_on"] == "phone"
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_columns_and_separators_are_said(place, tmp_path):
    file = written(tmp_path, "Kunde;Rückruf;E-Mail\nAnn Lee;217 555 0134;old@example.com\n")
    atlas("contacts", "import", file, "--map", "full_name=Kunde", "--map", "phone=Rückruf", "--map", "none=E-Mail", **place)
    assert contacts(place)["Ann Lee"]["emails"] == [] and contacts(place)["Ann Lee"]["phone"] == "+12175550134"
    piped = atlas("contacts", "import", "-", "--format", "csv", "--separator", "tab", given="name\tphone\nBob, Ray\t217-555-0150\n", **place)
    assert "1 created" in piped.out
    assert "no column" in atlas("contacts", "import", file, "--map", "phone=Fon", **place, exits=1).err.lower()
    assert "FIELD=COLUMN" in atlas("contacts", "import", file, "--map", "fone=Kunde", **place, exits=64).err
    assert "--format" in atlas("contacts", "import", written(tmp_path, TABLE, "people.data"), **place, exits=64).err
    nothing = atlas("contacts", "import", written(tmp_path, "Amount,Date\n1,2\n"), "--json", **place, exits=1)
    assert nothing.json["error"]["code"] == "invalid_argument" and "Amount, Date" in nothing.err
    assert "cannot be read" in atlas("contacts", "import", str(tmp_path / "none.csv"), **place, exits=1).err


@pytest.mark.parametrize("name", ["out.csv", "out.vcf"])
def test_what_is_exported_is_imported_again_and_changes_nothing(place, tmp_path, name):
    atlas("contacts", "import", written(tmp_path, TABLE), **place, exits=1)
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë\\, Ōno\r\nTEL:217-555-0160\r\nTEL:217-555-0161\r\nEMAIL:z@example.com\r\nNOTE:=1+1\\nsecond\r\nEND:VCARD\r\n"
    atlas("contacts", "import", written(tmp_path, card, "more.vcf"), **place)
    before = contacts(place)
    assert before["Zoë, Ōno"]["phones"] == ["+12175550160", "+12175550161"]
    file = tmp_path / name
    assert atlas("contacts", "export", str(file), "--json", **place).json["contacts"] == 3
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and "--force" in atlas("contacts", "export", str(file), **place, exits=1).err
    assert "0 created, 0 updated, 3 unchanged" in atlas("contacts", "import", str(file), **place).out
    assert contacts(place) == before
    printed = atlas("contacts", "export", "-", "--format", name[-3:], **place)
    assert printed.out.replace("\n", "") == file.read_bytes().decode().replace("\r\n", "").replace("\n", "")
    # Into another business's empty database, it is all there.
    assert [p.name for p in tmp_path.iterdir() if "draft" in p.name] == []
    if name == "out.csv":
        rows = {r["full_name"]: r for r in csv.DictReader(io.StringIO(file.read_bytes().decode()))}
        assert rows["Zoë, Ōno"]["phones"] == "+12175550160 ::: +12175550161" and rows["Zoë, Ōno"]["notes"] == "=1+1\nsecond"


def people(count):
    return "name,phone,email\n" + "".join(
        f"Person {n},(217) {200 + n // 10000}-{n % 10000:04d},person{n}@example.com\n" for n in range(count))


@pytest.mark.parametrize("count", [3000, 20_000])
def test_imports_and_servers_beside_each_other_double_nobody(place, tmp_path, count):
    """The longer file comes into the empty database in one transaction, for which the others wait."""
    file = written(tmp_path, people(count))
    running = [Running("contacts", "import", file, "--json", env=place["env"]) for _ in range(2)]
    with Server(env=place["env"]) as crm:
        crm.initialize()
        for n in range(0, 3000, 50):
            success("create_contact", crm.call("create_contact", {"full_name": f"Person {n}", "phone": f"+1217{200 + n // 10000}{n % 10000:04d}"}))
        for process in running:
            assert process.process.wait(timeout=120) == 0
        assert success("list_contacts", crm.call("list_contacts", {"limit": 1}))["total"] == count


@pytest.mark.parametrize("is_first", [True, False])
def test_an_import_that_is_interrupted_or_killed_is_done_again(place, tmp_path, database, is_first):
    """Into an empty database all of it comes or nothing; else what has come stays."""
    file = written(tmp_path, people(60_000))
    atlas("db", "migrate", **place)
    indexes = database.sql("SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'contact%' ORDER BY 1")
    if not is_first:
        atlas("call", "crm", "create_contact", "full_name=Person 0", "phone=+12172000000", **place)
    for end in (signal.SIGINT, signal.SIGKILL):
        process = Running("contacts", "import", file, env=place["env"])
        time.sleep(1.5)
        ended = process.interrupt(end)
        assert ended.code in (130, -9) and (end == signal.SIGKILL or "again from its beginning" in ended.err), ended.err
        if is_first:
            assert end == signal.SIGKILL or "Nothing was imported" in ended.err
            assert database.sql("SELECT count(*) FROM contacts") == [(0,)]
    done = atlas("contacts", "import", file, "--json", **place).json
    assert done["rows"] == 60_000 and done["created"] + done["updated"] + done["unchanged"] == 60_000
    assert (done["unchanged"] == 0) == is_first
    assert atlas("call", "crm", "list_contacts", "limit=1", **place).json["total"] == 60_000
    assert database.sql("SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'contact%' ORDER BY 1") == indexes


def test_progress_is_drawn_on_a_terminal_and_only_there(place, tmp_path):
    file = written(tmp_path, people(30_000))
    main, side = pty.openpty()
    process = subprocess.Popen(
        [ATLAS, "contacts", "import", file, "--json"], env=environment(place["env"], place["home"]) | {"TERM": "xterm"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=side)
    os.close(side)
    seen = []

    def watch():
        while select.select([main], [], [], 60)[0]:
            try:
                seen.append(os.read(main, 65536))
            except OSError:
                return
            if not seen[-1]:
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    out = process.communicate(timeout=120)[0]
    watcher.join(timeout=60)
    os.close(main)
    drawn = b"".join(seen).decode()
    assert process.returncode == 0 and b"30000" in out
    assert "%" in drawn and "rows" in drawn and drawn.endswith("\r\x1b[K")
