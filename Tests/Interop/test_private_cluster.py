"""The database that comes with the server: started on demand, shared by all servers of a user, stopped by the last one."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from client import COMMAND, KILL, Server
from postgres import ROOT, binaries, scratch
from tools import refusal, success

TIMEOUT = 90


def as_nobody() -> dict:
    return {"user": "nobody", "group": "nogroup" if Path("/etc/debian_version").exists() else "nobody", "extra_groups": []} if ROOT else {}


@pytest.fixture(params=["own user", "plain user"] if ROOT else ["own user"])
def home(request):
    """An ATLAS_HOME, and a way to start servers on it: as the user of the tests, and as nobody if that is root."""
    folder = scratch("atlas-h.")
    binary = folder / "CRMServer"
    shutil.copy(COMMAND[0], binary)  # where any user may run it
    binary.chmod(0o755)
    path = folder / "home"
    options = as_nobody() if request.param == "plain user" else {}
    if options:
        path.mkdir()
        shutil.chown(path, "nobody")
    servers = []

    class Home:
        def __init__(self):
            self.path = path

        def server(self, *arguments, **env) -> Server:
            server = Server(*arguments, home=path, command=[str(binary)], env={"HOME": str(folder), **env}, cwd="/", **options)
            servers.append(server)
            return server

        def postmaster(self) -> int | None:
            """The process that serves this home, if one does."""
            for file in path.rglob("postmaster.pid"):
                try:
                    pid = int(file.read_text().split("\n")[0])
                    if "Z" not in Path(f"/proc/{pid}/status").read_text().split("State:")[1][:4] if Path("/proc/self").exists() else True:
                        os.kill(pid, 0)
                        return pid
                except (OSError, ValueError, IndexError):
                    pass
            return None

        def stopped(self, within: float = 10) -> None:
            deadline = time.monotonic() + within
            while self.postmaster() is not None:
                assert time.monotonic() < deadline, "the last one out left the database running"
                time.sleep(0.05)

    home = Home()
    yield home
    for server in servers:
        if server.process.poll() is None:
            server.kill()
    pid = home.postmaster()
    if pid:
        os.kill(pid, 3)
        time.sleep(0.5)
    shutil.rmtree(folder, ignore_errors=True)


def test_it_is_made_on_demand_kept_and_stopped(home):
    server = home.server()
    server.initialize()
    server.request("tools/list")
    assert home.postmaster() is None, "listing tools starts no database"
    contact = success("create_contact", server.call("create_contact", {"full_name": "Ann"}, timeout=TIMEOUT))["contact"]
    assert home.postmaster() is not None
    server.end()
    home.stopped()
    server = home.server()
    assert server.call("get_contact", {"contact_id": contact["id"]}, timeout=TIMEOUT)["structuredContent"]["contact"] == contact
    server.end()
    home.stopped()
    for path in home.path.rglob("*"):
        assert not path.stat().st_mode & 0o002, f"{path} is open to the world"


def test_two_servers_race_on_a_fresh_home_and_the_last_one_out_stops_it(home):
    servers = [home.server() for _ in range(3)]
    ids = [server.begin("create_contact", full_name="Ann", phone="217-555-0134") for server in servers]
    contacts = {server.answer(id, TIMEOUT)["result"]["structuredContent"]["contact"]["id"] for server, id in zip(servers, ids)}
    assert len(contacts) == 1
    pid = home.postmaster()
    servers[0].end()
    servers[1].end()
    time.sleep(0.5)
    assert home.postmaster() == pid, "someone is still in"
    success("list_contacts", servers[2].call("list_contacts"))
    servers[2].end()
    home.stopped()


def test_a_killed_server_leaves_a_cluster_that_the_next_one_adopts(home):
    server = home.server()
    success("create_contact", server.call("create_contact", {"full_name": "Ann"}, timeout=TIMEOUT))
    pid = home.postmaster()
    server.signal(KILL)
    server.process.wait(5)
    assert home.postmaster() == pid
    server = home.server()
    assert success("list_contacts", server.call("list_contacts", timeout=TIMEOUT))["total"] == 1
    assert home.postmaster() == pid
    server.end()
    home.stopped()


def test_a_killed_postgres_is_started_again(home):
    server = home.server()
    success("create_contact", server.call("create_contact", {"full_name": "Ann"}, timeout=TIMEOUT))
    os.kill(home.postmaster(), 9)
    deadline = time.monotonic() + 40
    while (result := server.call("list_contacts", timeout=TIMEOUT)).get("isError"):
        refusal("list_contacts", result, "unavailable")
        assert time.monotonic() < deadline, "it never came back"
        time.sleep(0.2)
    assert result["structuredContent"]["total"] == 1
    server.end()
    home.stopped()


@pytest.mark.parametrize("path", ["", "/nonexistent"])
def test_a_wrong_folder_of_programs_is_named(home, path, folder):
    server = home.server(ATLAS_POSTGRES_BIN=path or str(folder))
    server.initialize()
    text = refusal("list_contacts", server.call("list_contacts", timeout=TIMEOUT), "not_configured")
    assert "ATLAS_POSTGRES_BIN" in text and (path or str(folder)) in text
    server.end()


def test_without_postgres_the_error_names_the_package(bare, folder):
    """As on a machine where it was never installed: an empty folder lies over the one that packages fill."""
    again = "" if ROOT else "unshare -U --map-user=1000 "  # root for the mount only
    hide = ["unshare", "-m" if ROOT else "-rm", "sh", "-c", f'mount --bind {folder} /usr/lib/postgresql && exec {again}"$0" "$@"']
    if not Path("/usr/lib/postgresql").is_dir() or subprocess.run([*hide, "true"], capture_output=True).returncode:
        pytest.skip("PostgreSQL cannot be hidden here: it needs Debian's folders and the right to unshare")
    server = bare(command=[*hide, *COMMAND], home=folder / "home", env={"ATLAS_POSTGRES_BIN": None, "PATH": "/usr/bin:/bin"})
    server.initialize()
    assert len(server.request("tools/list")["tools"]) == 9
    text = refusal("list_contacts", server.call("list_contacts", timeout=TIMEOUT), "not_configured")
    assert "apt install postgresql" in text and "brew install postgresql" in text and "ATLAS_DATABASE_URL" in text
    server.end()


def test_a_home_that_cannot_be_written(home):
    if ROOT and "plain" not in os.environ.get("PYTEST_CURRENT_TEST", ""):
        blocked = home.path.parent / "file"  # root can write anywhere but below a file
        blocked.write_text("")
    else:
        blocked = home.path.parent / "closed"
        blocked.mkdir(mode=0o755)
        if ROOT:
            shutil.chown(blocked, "root")
        else:
            blocked.chmod(0o555)
    server = home.server(ATLAS_HOME=str(blocked / "below"))
    server.initialize()
    assert len(server.request("tools/list")["tools"]) == 9
    result = server.call("list_contacts", timeout=TIMEOUT)
    text = refusal("list_contacts", result, result["_meta"]["atlas/error"]["code"])
    assert result["_meta"]["atlas/error"]["code"] in ("unavailable", "not_configured", "permission_denied")
    assert "ATLAS_HOME" in text or str(blocked) in text, text
    server.end()


def test_a_deep_home_still_has_a_socket(home):
    """Socket paths are limited to about 100 bytes; a home is not."""
    deep = home.path / ("d" * 60) / ("e" * 60)
    server = home.server(ATLAS_HOME=str(deep))
    success("list_contacts", server.call("list_contacts", timeout=TIMEOUT))
    socket = next(path.read_text().splitlines()[4] for path in home.path.rglob("postmaster.pid"))
    server.end()
    home.stopped()
    assert len(socket) < 90 and not list(Path(socket).glob("*")), "nothing is left behind"
    shutil.rmtree(socket, ignore_errors=True)


def test_nobody_else_gets_in_and_no_port_is_open(home):
    server = home.server()
    success("list_contacts", server.call("list_contacts", timeout=TIMEOUT))
    pid = home.postmaster()
    data = next(p.parent for p in home.path.rglob("postmaster.pid"))
    lines = (data / "postmaster.pid").read_text().splitlines()
    assert lines[5].strip() == "", f"it listens on {lines[5]}"
    folder = Path(lines[4].strip())
    assert not folder.stat().st_mode & 0o077, f"{folder} can be entered by others"
    if ROOT:
        tried = subprocess.run([f"{binaries()}/psql", "-h", folder, "-p", lines[3], "-U", "postgres", "-c", "select 1", "postgres"],
                               capture_output=True, user="games", group="games", extra_groups=[], cwd="/")
        assert tried.returncode != 0
    assert home.postmaster() == pid
    server.end()
    home.stopped()
