"""Beginnings and ends: end of input, signals, a broken pipe, a full one, slow calls and cancelled ones. (MCP.md 1.13 to 1.17)"""

import json
import os
import subprocess
import threading
import time

import pytest

from client import COMMAND, INT, NOWHERE, TERM, Server, modern_meta
from tools import content


@pytest.fixture
def slow(database, launch):
    """A server whose update_contact of one contact waits until `release()`: its row is locked elsewhere."""
    class Slow:
        def __init__(self):
            with Server(env={"ATLAS_DATABASE_URL": database.url}) as server:
                made = server.call("create_contact", {"full_name": "Ann", "phone": "2175550134"})
            self.contact = content(made)["contact"]["id"]
            self.lock = database.hold("select * from contacts where id = %s for update", self.contact)
            self.server = launch("--toolsets", "all")

        def begin(self, **more):
            id = self.server.begin("update_contact", contact_id=self.contact, city="Peoria", **more)
            return id

        def running(self, wanted: int, within: float = 5) -> None:
            deadline = time.monotonic() + within
            while (now := database.running()) != wanted and time.monotonic() < deadline:
                time.sleep(0.02)
            assert now == wanted, f"{now} statements are running, not {wanted}"

        def release(self):
            self.lock.rollback()
            self.lock.close()

    slow = Slow()
    yield slow
    if not slow.lock.closed:
        slow.release()


# Slow and cancelled calls

def test_a_slow_call_delays_nobody(slow):
    slow.server.initialize()
    blocked = [slow.begin() for _ in range(6)]
    slow.running(6)
    started = time.monotonic()
    for _ in range(100):
        slow.server.request("ping")
    for _ in range(20):
        slow.server.call("get_contact", {"contact_id": slow.contact})
    assert time.monotonic() - started < 2
    slow.release()
    for id in blocked:
        assert slow.server.answer(id)["result"]["structuredContent"]["success"]
    slow.server.end()


@pytest.mark.parametrize("era", ["2025-11-25", "2024-11-05", "modern"])
def test_a_cancelled_call_sends_nothing_and_stops_its_query(slow, era):
    server = slow.server
    if era == "modern":
        server.speak_modern()
    else:
        server.initialize(era)
    id = slow.begin()
    slow.running(1)
    server.notify("notifications/cancelled", {"requestId": id, "reason": "caller cancelled"})
    slow.running(0, within=3)
    slow.release()
    server.silent(0.3)
    assert content(server.call("get_contact", {"contact_id": slow.contact}))["contact"]["city"] is None
    server.end()


def test_a_cancel_of_another_ids_type_or_of_a_finished_call_does_nothing(slow):
    server = slow.server
    server.initialize()
    id = slow.begin()
    slow.running(1)
    for other in (str(id), id + 1000, None, id + 0.5):
        server.notify("notifications/cancelled", {"requestId": other})
    time.sleep(0.2)
    slow.release()
    assert server.answer(id)["result"]["structuredContent"]["success"]
    server.notify("notifications/cancelled", {"requestId": id})
    assert server.request("ping") == {}
    server.end()


def test_initialize_cannot_be_cancelled(bare):
    server = bare()
    server.line('{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}')
    server.notify("notifications/cancelled", {"requestId": 0})
    assert server.answer(0)["result"]["protocolVersion"] == "2025-11-25"
    assert server.request("ping") == {}
    server.end()


def test_progress_comes_only_for_a_token_and_never_after_the_answer(crm):
    keep, merge = crm.create("Ann", phone="2175550101"), crm.create("Ann", email="a@b.test")
    server = crm.server
    for tool, arguments in (("list_contacts", {}), ("find_duplicates", {}), ("merge_contacts", {"keep_id": keep["id"], "merge_id": merge["id"]})):
        before = len(server.lines)
        id = server.start("tools/call", {"name": tool, "arguments": arguments, "_meta": {"progressToken": 0}})
        server.answer(id)
        time.sleep(0.1)
        steps = [json.loads(line) for line in server.lines[before:]]
        assert "id" in steps[-1], "the answer is the last word"
        values = [s["params"]["progress"] for s in steps[:-1] if s.get("method") == "notifications/progress"]
        assert values == sorted(set(values)) and all(s["params"]["progressToken"] == 0 for s in steps[:-1] if "method" in s)
    server._inbox.clear()
    server.call("find_duplicates")
    server.silent(0.1)


def test_three_calls_at_once_are_each_answered(server):
    ids = [server.begin("list_contacts") for _ in range(3)]
    for id in reversed(ids):
        assert server.answer(id)["result"]["structuredContent"]["total"] == 0


# Pipes

def test_a_client_that_writes_before_it_reads_is_not_stuck(bare):
    """Ten thousand answers fill the pipe many times over; stdin is read all the same."""
    server = bare(reading=False)
    done = threading.Event()

    def write():
        for n in range(10_000):
            server.start("tools/list" if n % 50 == 0 else "ping")
        done.set()

    threading.Thread(target=write, daemon=True).start()
    assert done.wait(60), "the server stopped reading because nobody reads its answers"
    time.sleep(0.1)
    server.resume_reading()
    server.close_input()
    server.wait(60)
    assert len(server.lines) == 10_000


def test_one_write_a_message_even_with_many_in_flight(launch):
    server = launch()
    ids = [server.begin("list_contacts") if n % 3 else server.start("tools/list") for n in range(300)]
    for id in ids:
        assert "result" in server.answer(id)
    server.end()  # every line is judged: two that ran into each other would be no JSON


def test_stdout_closed_early_ends_the_server_quietly(bare):
    server = bare(reading=False)
    server.process.stdout.close()
    try:
        for _ in range(50):
            server.start("ping")
            time.sleep(0.01)
    except BrokenPipeError:
        pass
    assert server.process.wait(5) == 0
    assert "Broken" not in server.stderr and "rror" not in server.stderr, server.stderr
    server._may_read.set()


def test_nothing_but_messages_reaches_stdout_at_the_loudest_level(launch):
    server = launch("--log-level", "trace")
    server.initialize()
    server.call("create_contact", {"full_name": "Ann", "phone": "anonymous"})
    server.line(b"\xff nonsense")
    server.next()
    server.notify("notifications/unheard_of")
    server.end()
    assert "unheard_of" in server.stderr, "logs go to stderr"


def test_no_personal_data_above_debug(launch):
    server = launch("--log-level", "info")
    server.initialize()
    for arguments in ({"full_name": "Xenia Quux", "phone": "217-555-0177", "email": "xenia@quux.test"}, {"full_name": "Xenia Quux", "email": "not xenia@"}):
        server.call("create_contact", arguments)
    server.call("search_contacts", {"query": "Xenia"})
    server.end()
    for secret in ("Xenia", "xenia", "5550177", "555-0177"):
        assert secret not in server.stderr


# The end of input

def test_a_pipe_gets_every_answer(bare):
    """printf … | CRMServer, as a developer types it."""
    done = subprocess.run(COMMAND, input=b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}', capture_output=True, timeout=10,
                          env={"PATH": os.environ["PATH"], "HOME": NOWHERE, "ATLAS_HOME": NOWHERE})
    assert done.returncode == 0 and done.stdout.count(b"\n") == 1 and done.stdout.count(b'"inputSchema"') == 9


def test_a_server_without_any_configuration_starts_lists_and_ends(bare):
    server = bare(env={"ATLAS_HOME": None})
    server.initialize()
    assert len(server.request("tools/list")["tools"]) == 9
    assert server.request("ping") == {}
    for method in ("resources/list", "resources/templates/list", "prompts/list"):
        server.request(method)
    server.end()


def test_no_input_at_all(bare):
    assert bare().end(5) == 0


def test_thirty_two_calls_in_flight_at_end_of_input_are_all_answered(launch):
    for handshake in (False, True):
        server = launch()
        if handshake:
            server.initialize()
        server.call("list_contacts")
        ids = [server.begin("create_contact", full_name=f"Person {n}", phone=f"217555{n:04}") for n in range(32)]
        server.close_input()
        for id in ids:
            assert server.answer(id)["result"]["structuredContent"]["success"]
        assert server.wait() == 0


def test_a_pipe_waits_for_a_slow_call(slow):
    id = slow.begin()
    slow.running(1)
    time.sleep(0.4)
    slow.server.close_input()
    time.sleep(2.5)
    assert slow.server.process.poll() is None, "a pipe gets its answers even when they are slow"
    slow.release()
    assert slow.server.answer(id)["result"]["structuredContent"]["success"]
    slow.server.wait()


@pytest.mark.parametrize("era", ["2025-11-25", "2025-03-26"])
def test_after_a_handshake_old_calls_are_dropped_silently_at_end_of_input(slow, era):
    slow.server.initialize(era)
    slow.begin()
    slow.running(1)
    time.sleep(0.5)
    before = len(slow.server.lines)
    started = time.monotonic()
    slow.server.end(5)
    assert time.monotonic() - started < 1.9, "the official clients send SIGTERM after 2 s"
    assert len(slow.server.lines) == before, "a byte after end of input breaks the 1.x client"
    slow.running(0, within=3)


def test_recent_calls_are_finished_after_a_handshake_but_not_waited_for_forever(slow):
    slow.server.initialize()
    slow.server.call("get_contact", {"contact_id": slow.contact})
    recent = slow.server.begin("get_contact", contact_id=slow.contact)
    slow.begin()
    started = time.monotonic()
    slow.server.close_input()
    assert slow.server.answer(recent)["result"]["structuredContent"]["found"]
    slow.server.wait(5)
    assert time.monotonic() - started < 1.9


@pytest.mark.parametrize("number", [TERM, INT])
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_a_signal_ends_it_at_once_with_code_0(slow, number, busy):
    slow.server.initialize()
    slow.server.call("get_contact", {"contact_id": slow.contact})
    if busy:
        slow.begin()
        slow.running(1)
    started = time.monotonic()
    slow.server.signal(number)
    assert slow.server.wait(5) == 0
    assert time.monotonic() - started < 1
    slow.running(0, within=3)


def test_a_signal_before_the_first_line(bare):
    server = bare()
    server.request("ping")
    server.signal(TERM)
    assert server.wait(3) == 0


def test_a_signal_while_stdout_is_full(bare):
    server = bare(reading=False)

    def write():
        try:
            for _ in range(3000):
                server.start("tools/list")
        except OSError:
            pass

    threading.Thread(target=write, daemon=True).start()
    time.sleep(0.7)
    server.trust = False  # it may end in the middle of a line that nobody read
    server.signal(TERM)
    assert server.process.wait(5) == 0
    server.resume_reading()


def test_cold_start_answers_fast(bare):
    """Generous: the ratio is measured in Benchmarks; this catches a database or a network touched at the start."""
    best = 9.0
    for _ in range(5):
        started = time.monotonic()
        server = bare()
        server.request("tools/list", meta=modern_meta())
        best = min(best, time.monotonic() - started)
        server.end()
    assert best < 0.5
