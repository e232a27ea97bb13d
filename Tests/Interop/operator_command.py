"""The operator's command, run as a person at a shell runs it."""

import json
import os
import signal
import subprocess
from pathlib import Path

from client import BIN, KEPT

ATLAS = os.environ.get("ATLAS_COMMAND") or f"{BIN}/atlas"
SERVERS = {"crm": "CRMServer", "email": "EmailServer", "calendar": "CalendarServer", "twilio": "TwilioServer"}


def environment(env: dict | None = None, home: Path | str = "/dev/null/none") -> dict:
    kept = {key: os.environ[key] for key in KEPT if key in os.environ}
    return {**kept, "HOME": str(home), "ATLAS_HOME": str(home), "ATLAS_TIMEZONE": "America/Chicago", **(env or {})}


class Ran:
    def __init__(self, process: subprocess.CompletedProcess) -> None:
        self.code, self.out, self.err = process.returncode, process.stdout, process.stderr

    @property
    def json(self):
        """The one document on standard output."""
        return json.loads(self.out)


def atlas(*words: str, env: dict | None = None, home: Path | str = "/dev/null/none", given: str = "", timeout: float = 120,
          exits: int = 0, **run) -> Ran:
    ran = Ran(subprocess.run([ATLAS, *words], env=environment(env, home), input=given, capture_output=True, text=True, timeout=timeout, **run))
    assert ran.code == exits, f"exit code {ran.code}: {ran.out}{ran.err}"
    assert "\x1b" not in ran.out + ran.err, "colours where no terminal is"
    return ran


class Running:
    """One that goes on, such as --watch."""

    def __init__(self, *words: str, env: dict | None = None) -> None:
        self.process = subprocess.Popen(
            [ATLAS, *words], env=environment(env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def line(self) -> str:
        return self.process.stdout.readline()

    def interrupt(self, number=signal.SIGINT) -> Ran:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        return Ran(subprocess.CompletedProcess([], self.process.returncode, out, err))

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
