"""docs/operations.md, done as it stands there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import validate
from client import Server
from operator_command import ATLAS, atlas, environment
from postgres import PASSWORD
from test_command_move import filled, contents, target  # noqa: F401

PAGE = (Path(__file__).parents[2] / "docs/operations.md").read_text()
TRIAL = "/var/tmp/atlas-trial"


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def blocks(title: str, language: str = "sh") -> list:
    found = re.findall(rf"^```{language}\n(.*?)^```$", section(title), re.M | re.S)
    assert found, title
    return found


@pytest.fixture
def shell(tmp_path, home):  # noqa: F811
    """Runs commands of the page as a person would type them, one shell for all of a section."""
    path = tmp_path / "bin"
    path.mkdir()
    for program in Path(ATLAS).parent.glob("*Server"):
        (path / program.name).symlink_to(program)
    (path / "atlas").symlink_to(ATLAS)
    work = tmp_path / "work"
    work.mkdir()

    def run(*commands: str, given: str = "", **env) -> str:
        text = "\n".join(commands).replace(TRIAL, f"{home}/trial")
        variables = environment(env, home)
        variables["PATH"] = f"{path}:{variables['PATH']}"
        ran = subprocess.run(["bash", "-euo", "pipefail", "-c", text], input=given, env=variables, cwd=work, capture_output=True, text=True, timeout=300)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stderr + ran.stdout

    return run


def test_every_command_on_the_page_is_run_here():
    titles = ["Backup and restore", "Moving to a managed PostgreSQL", "Upgrading Atlas", "Upgrading PostgreSQL", "Adopting a database of the reference system", "A PostgreSQL of yours"]
    assert PAGE.count("```sh") == sum(len(blocks(title)) for title in titles)
    assert all(line.startswith("ATLAS_DATABASE_URL='postgresql://") for line in blocks("A PostgreSQL of yours")[0].splitlines())


def test_a_backup_is_made_tried_and_restored(shell, home):  # noqa: F811
    before = filled(home)
    said = shell(*blocks("Backup and restore"))
    assert "Restored" in said and "Ann Lee" in said and not (home / "trial").exists()
    atlas("call", "crm", "create_contact", "full_name=Later", home=home)
    shell("atlas db restore --force atlas.dump")
    assert contents(home=home) == before


def test_one_command_moves_to_a_managed_postgresql(shell, home, target):  # noqa: F811
    before = filled(home)
    said = shell(*blocks("Moving to a managed PostgreSQL"), given=target.secret + "\n")
    shown = blocks("Moving to a managed PostgreSQL", "text")[0]
    for line in shown.splitlines():  # numbers and places are another's
        words = line.split("//")[0].split()[:2]
        assert re.search(r"\s".join(re.escape(w) if not w.isdigit() else r"\d+" for w in words), said), line
    setting = re.search(r"ATLAS_DATABASE_URL='(.*)'", said)[1].replace("PASSWORD", PASSWORD)
    assert contents(env={"ATLAS_DATABASE_URL": setting}) == before
    back = re.search(r"`(atlas db shell -- -c '.*?')`", section("Moving to a managed PostgreSQL"))[1]
    assert "moved" in atlas("call", "crm", "list_contacts", home=home, exits=78).err
    shell(back)
    assert atlas("call", "crm", "list_contacts", home=home).json["total"] == 1


def test_atlas_is_upgraded_and_an_older_server_goes_on(shell, home, database):  # noqa: F811
    filled(home)
    assert "up to date" in shell(*blocks("Upgrading Atlas"))
    database.sql("insert into atlas_migrations (name, checksum) values ('999_of_tomorrow.sql', '0')")
    server = Server(env={"ATLAS_DATABASE_URL": database.url, "ATLAS_LOG_LEVEL": "warning"})
    server.initialize()
    assert server.call("create_contact", {"full_name": "Ann"})["structuredContent"]["created"]
    server.end()
    assert "newer than this program" in atlas("db", "migrate", env={"ATLAS_DATABASE_URL": database.url}).err


def test_a_new_private_postgresql_takes_the_place_of_the_old(shell, home):  # noqa: F811
    before = filled(home)
    server = Server(home=home, env={"HOME": str(home)})
    server.initialize()
    server.call("list_contacts", {}, timeout=90)
    assert "Servers are using" in atlas("db", "stop", home=home, exits=1).err
    server.end()
    said = shell(*blocks("Upgrading PostgreSQL"))
    assert "private PostgreSQL" in said and contents(home=home) == before
    shutil.rmtree(home / "postgres")
    (home / "postgres-before-upgrade").rename(home / "postgres")
    assert contents(home=home) == before


def test_a_database_of_the_reference_is_adopted(shell, postgres, empty):
    folder = validate.schema_folder()
    if folder is None or not (folder / "reference.sql").exists():
        pytest.skip("../shared/schema/reference.sql is not there")
    empty.sql("set role app")
    for statement in (folder / "reference.sql").read_text().split(";\n"):
        if statement.strip():
            empty.sql(statement)
    for phone in ("217-555-0134", "(217) 555-0134"):
        empty.sql("insert into contacts (full_name, phone) values ('Ann Lee', %s)", phone)
    postgres.create("copy")
    try:
        said = shell(*blocks("Adopting a database of the reference system"), ATLAS_DATABASE_URL=empty.url, COPY=postgres.url("copy"))
        assert said.count("The database is up to date now.") == 2 and "Ann Lee" in said
    finally:
        postgres.drop("copy")
    assert empty.value("select count(*) from contacts where status = 'archived' and metadata ? 'merged_into'") == 1


def test_what_left_is_found_by_the_statement_on_the_page(database):
    assert database.sql(blocks("What left, and what may have", "sql")[0]) == []
