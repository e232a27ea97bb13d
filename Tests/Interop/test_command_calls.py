"""atlas calls process, beside a telephone company, speech recognition and a model on loopback."""

import json
import signal
import time

import pytest

from operator_command import Running, atlas
from telephone import settings
from test_call_pipeline import FACTS, SPOKEN, ended, speech  # noqa: F401

SINCE = ("--since", "2026-01-01")  # the double's clock stands


@pytest.fixture
def env(database, double, speech):  # noqa: F811
    return {
        "ATLAS_DATABASE_URL": database.url, **settings(double), "ATLAS_CALL_INTELLIGENCE_ASR_URL": f"{speech.url}/v1/asr",
        "ATLAS_CALL_INTELLIGENCE_LLM_URL": f"{speech.url}/v1", "ATLAS_CALL_INTELLIGENCE_LLM_MODEL": "double"}


def test_recordings_are_found_and_worked_on_once(env, double, speech, database):  # noqa: F811
    sids = [ended(double), ended(double)]
    ended(double, audio=False)  # a call without a recording waits for nothing
    short = ended(double, duration=3)
    ran = atlas("calls", "process", *SINCE, "--json", env=env)
    said = ran.json
    assert (said["processed"], said["skipped"], said["failed"]) == (2, 1, 0)
    assert [c["call_sid"] for c in said["calls"]] == [*sids, short], "the oldest first"
    assert database.value("select count(*) from contact_interactions") == 2
    again = atlas("calls", "process", *SINCE, env=env)
    assert "0 processed, 1 skipped" in again.out and len(speech.files) == 2
    assert "No recorded call waits" in atlas("calls", "process", "--since", "1h", env=env).out


def test_progress_is_told_and_the_limit_kept(env, double):
    for _ in range(3):
        ended(double)
    ran = atlas("calls", "process", *SINCE, "--limit", "2", env=env)
    assert "[1/2]" in ran.err and "transcription" in ran.err and "2 processed, 0 skipped, 0 failed. 1 more wait." in ran.out
    assert "Maria Gonzalez" in ran.out


def test_two_workers_share_the_work(env, double, speech, database):  # noqa: F811
    for _ in range(4):
        ended(double)
    workers = [Running("calls", "process", *SINCE, "--json", env=env) for _ in range(2)]
    for worker in workers:
        out, err = worker.process.communicate(timeout=120)
        assert worker.process.returncode == 0, out + err
    assert database.value("select count(*) from contact_interactions") == 4 and len(speech.files) == 4


def test_a_call_that_fails_is_told_and_gone_on_with_next_time(env, double, speech):  # noqa: F811
    sid = ended(double)
    speech.fail("answer", 9, path="/v1/asr", status=500)
    ran = atlas("calls", "process", *SINCE, "--json", env=env, exits=1)
    assert ran.json["failed"] == 1 and "transcription" in ran.json["calls"][0]["detail"]
    speech.faults.clear()
    assert atlas("calls", "process", *SINCE, "--json", env=env).json["calls"][0] | {"detail": "", "contact_id": None} == {
        "call_sid": sid, "outcome": "processed", "detail": "", "contact_id": None}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_watching_goes_on_until_it_is_interrupted(env, double, number):
    first = ended(double)
    double.fail("answer", 4, "GET", path="/Recordings.json", status=503)
    watch = Running("calls", "process", *SINCE, "--watch", "--interval", "1", "--json", env=env)
    try:
        assert json.loads(watch.line())["call_sid"] == first, "an outage is survived"
        second = ended(double)
        assert json.loads(watch.line())["call_sid"] == second
        ran = watch.interrupt(number)
        assert ran.code == 0 and "Interrupted" in ran.err
    finally:
        watch.kill()


def test_one_that_is_interrupted_at_work_gives_the_call_back(env, double, speech, database):  # noqa: F811
    ended(double)
    speech.fail("hang", 1, path="/v1/asr")
    watch = Running("calls", "process", *SINCE, "--watch", env=env)
    try:
        deadline = time.monotonic() + 30
        while not database.value("select count(*) from call_transcripts where status = 'transcribing'"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert watch.interrupt().code == 0
        assert database.value("select worker is null from call_transcripts")
    finally:
        watch.kill()


def test_what_is_missing_is_named(database):
    env = {"ATLAS_DATABASE_URL": database.url}
    assert "ATLAS_COMMS" in atlas("calls", "process", env=env, exits=78).err
    assert "--since" in atlas("calls", "process", "--since", "yesterday", env=env, exits=64).err
    assert "ATLAS_CALL_INTELLIGENCE_ENABLED" in atlas(
        "calls", "process", env={**env, "ATLAS_CALL_INTELLIGENCE_ENABLED": "0"}, exits=78).err
