"""The call worker's unit, installed, checked by systemd where that is there, and run as systemd would run it."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from operator_command import environment
from telephone import settings
from test_call_pipeline import ended, speech  # noqa: F401
from test_packaging import binaries, script  # noqa: F401

pytestmark = pytest.mark.skipif(os.uname().sysname != "Linux", reason="systemd is Linux's")


class Unit:
    """A unit file as systemd reads it (systemd.syntax(7)), as far as ours goes."""

    def __init__(self, path: Path) -> None:
        self.path, self.settings, section = path, {}, ""
        for line in path.read_text().splitlines():
            if line.startswith("["):
                section = line[1:-1]
            elif line and line[0] not in "#;":
                key, value = line.split("=", 1)
                self.settings[f"{section}.{key}"] = value

    def __getitem__(self, key: str) -> str:
        return self.settings[f"Service.{key}"]

    def command(self) -> list:
        """ExecStart's words: specifiers are escaped by doubling. Variables are none in the program's path."""
        return [word.replace("%%", "%") for word in shlex.split(self["ExecStart"])]

    def variables(self, home: Path) -> dict:
        """What EnvironmentFile= says; %E is the configuration folder, and a dash lets the file be missing."""
        assert self["EnvironmentFile"].startswith("-%E/")
        file = Path(self["EnvironmentFile"][1:].replace("%E", str(home / ".config")))
        lines = file.read_text().splitlines() if file.exists() else []
        pairs = (line.split("=", 1) for line in lines if line.strip() and line[0] not in "#;")
        return {name.strip(): "".join(shlex.split(value)) if re.match("[\"']", value) else value for name, value in pairs}

    def start(self, home: Path) -> subprocess.Popen:
        """In the manager's own environment, with no terminal and nothing on standard input."""
        env = {**environment(home=home), "XDG_RUNTIME_DIR": str(home), "INVOCATION_ID": "0" * 32, **self.variables(home)}
        return subprocess.Popen(
            self.command(), env=env, cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def starts_again(self, code: int) -> bool:
        """Whether Restart=on-failure would, after this end."""
        return code not in (0, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP, -signal.SIGPIPE) and str(code) not in self["RestartPreventExitStatus"].split()


@pytest.fixture(params=["prefix", "a $prefix, 100%"])
def unit(request, tmp_path, binaries):  # noqa: F811
    prefix = tmp_path / request.param
    script("install", "--prefix", prefix, "--from", binaries)
    return Unit(prefix / "share/systemd/user/atlas-calls.service")


def write(home: Path, settings: dict) -> None:
    file = home / ".config/atlas/calls.env"
    file.parent.mkdir(parents=True)
    file.write_text("# settings of the worker\n" + "".join(f'{name}="{value}"\n' for name, value in settings.items()))
    file.chmod(0o600)


def test_systemd_itself_finds_nothing_wrong(unit, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here")
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    ran = subprocess.run(
        ["systemd-analyze", "--user", "--man=no", "verify", unit.path], capture_output=True, text=True, env={**os.environ, "XDG_RUNTIME_DIR": str(runtime)})
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


def test_it_works_until_it_is_stopped_and_that_is_no_failure(unit, tmp_path, double, speech, database):  # noqa: F811
    write(tmp_path, {
        "ATLAS_DATABASE_URL": database.url, **settings(double), "ATLAS_CALL_INTELLIGENCE_ASR_URL": f"{speech.url}/v1/asr",
        "ATLAS_CALL_INTELLIGENCE_LLM_URL": f"{speech.url}/v1", "ATLAS_CALL_INTELLIGENCE_LLM_MODEL": "double"})
    worker = unit.start(tmp_path)
    try:
        deadline = time.monotonic() + 30
        while not any(request.path.endswith("/Recordings.json") for request in double.requests("GET")):
            assert time.monotonic() < deadline and worker.poll() is None, worker.stdout.read()
            time.sleep(0.05)
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=float(unit["TimeoutStopSec"]))
        assert worker.returncode == 0 and not unit.starts_again(worker.returncode)
        assert unit.starts_again(1) and unit.starts_again(-signal.SIGKILL)
    finally:
        worker.kill()


@pytest.mark.parametrize("settings, named", [({}, "ATLAS_COMMS"), ({"ATLAS_TIMEZONE": "Mars/Olympus"}, "ATLAS_")])
def test_settings_that_are_wrong_stop_it_for_good(unit, tmp_path, settings, named):
    if settings:
        write(tmp_path, settings)
    worker = unit.start(tmp_path)
    out = worker.communicate(timeout=60)[0]
    assert worker.returncode == 78 and named in out and not unit.starts_again(78)
