"""All four servers at one customer's service: what each has done is seen by all, in order and exactly once, whatever is down for a while."""

import random
import time

import pytest

from hosts import SERVERS, Hosts, OfficialHosts
from mailroom import parse
from story import END, STEPS, Story, World
from test_call_pipeline import speech  # noqa: F401
from test_faults import doomed, fragile  # noqa: F401
from test_official_clients import judge
from tools import wait_for


@pytest.fixture
def world(database, double, speech, account, smtp, radicale, trusted):  # noqa: F811
    with World(database, double, speech, account, smtp, radicale, trusted) as world:
        yield world


@pytest.fixture
def story(world, launch):
    hosts = Hosts(launch, world.env)
    yield Story(world, hosts)
    hosts.end()


def is_finished(story: Story) -> None:
    """Everything is where it belongs, once; the context tells it; and saying everything again changes nothing."""
    for again in (False, True):
        assert story.world.state() == END
        told = story.shows(*STEPS)
        assert story.resource() == told and told["open_follow_ups"] == []
        if again:
            assert told == first
            return
        first = told
        assert story.go("call")["steps"] == []
        for step in ("visit", "estimate", "reply", "sms"):
            assert story.go(step).get("replayed", True) is True


@pytest.mark.parametrize("mode", ["auto", "legacy", "2026-07-28"])
def test_the_official_clients_tell_the_story(world, folder, mode):
    hosts = OfficialHosts(folder, mode, {"HOME": "/dev/null/none", "ATLAS_HOME": "/dev/null/none", **world.env})
    story = Story(world, hosts)
    try:
        story.go(*STEPS)
        is_finished(story)
    finally:
        hosts.end()
    for journal in hosts.journals:
        judge(journal)


def test_each_step_is_seen_at_once_by_all(story):
    for number, step in enumerate(STEPS, 1):
        story.go(step)
        story.shows(*STEPS[:number])
    is_finished(story)


# What is away, at which step, what the call says then, and how it comes back.
AWAY = {
    "the recording": ("phone", "call", "Twilio"), "the ears": ("speech", "call", "transcription"), "the mailbox": ("imap", "reply", "IMAP"),
    "the post office": ("smtp", "estimate", "SMTP"), "the telephone company": ("phone", "sms", "Twilio")}

# What nothing that goes wrong on the way of a letter or a text message may touch.
CERTAIN = ["contacts", "calls", "appointments", "calendar", "inbox"]


def goes_on(story: Story, step: str) -> None:
    """What failed is asked again, as it was, and the story takes its course."""
    story.go(*STEPS[STEPS.index(step):])
    is_finished(story)


@pytest.mark.parametrize("line, step, says", AWAY.values(), ids=AWAY)
def test_a_service_that_is_away_for_a_while(story, world, line, step, says):
    before = STEPS[:STEPS.index(step)]
    story.go(*before)
    world.cut(line)
    for _ in range(2):
        story.refused(step, "unavailable", says=says)
    story.shows(*before, without="inbox_emails" if line == "imap" else None)
    world.mend(line)
    goes_on(story, step)


@pytest.mark.parametrize("stage, code", [("connect", 421), ("mail", 451), ("rcpt", 450), ("data", 451), ("end", 451)])
def test_a_post_office_that_takes_nothing_for_a_while(story, world, smtp, stage, code):
    story.go("call", "visit")
    smtp.fail(stage, code=code, times=9)
    story.refused("estimate", "unavailable")
    smtp.faults.clear()
    goes_on(story, "estimate")


def test_a_model_that_is_away(story, world, speech):  # noqa: F811
    speech.fail("cut", 99, path="/chat")
    story.refused("call", "unavailable", says="extraction")
    speech.faults.clear()
    goes_on(story, "call")
    assert len(speech.files) == 1, "what was heard is not heard again"


def ends_unclear(story: Story, *unclear: str) -> None:
    """The rest of the story; what may or may not have left did so once at most, is told as that, and is not tried again by itself."""
    for step in unclear:
        story.refused(step, "conflict", says="may or may not", retryable=False)
    state, told = story.world.state(), story.go("context")
    left = {"estimate": 1 + ("estimate" not in unclear), "sms": int("sms" not in unclear)}
    assert {part: state[part] for part in CERTAIN} == {part: END[part] for part in CERTAIN}
    assert sorted(state["history"]) == sorted(["call", "appointment"] + ["email"] * left["estimate"] + ["sms"] * left["sms"])
    assert left["estimate"] <= len(state["letters"]) <= 2 and left["sms"] <= len(state["texts"]) <= 1
    assert len({parse(letter.octets)["Message-ID"] for letter in story.world.smtp.messages}) == len(state["letters"])
    assert [(e["template_type"], e["status"]) for e in reversed(told["sent_emails"])] == state["sent"] == [
        ("generic", "sent"), ("estimate", "unknown" if "estimate" in unclear else "sent")]
    assert state["outbox"] == [("email", "sent"), ("email", state["sent"][1][1]), ("sms", "unknown" if "sms" in unclear else "sent")]
    assert told["counts"]["interactions"] == len(state["history"]) and told["unavailable"] == {}


def test_a_letter_without_an_answer_is_not_written_twice(story, world, smtp):
    story.go("call", "visit")
    smtp.fail("end", "cut after")
    story.refused("estimate", "upstream_error", says="may or may not", retryable=False)
    story.refused("estimate", "conflict", says="may or may not", retryable=False)
    story.go("reply", "sms")
    ends_unclear(story, "estimate")
    assert len(smtp.messages) == 2, "it had left"


def test_a_text_message_without_an_answer_is_not_sent_twice(story, world, double):
    story.go("call", "visit", "estimate", "reply")
    double.fail("cut after", 1, "POST", path="Messages")
    story.refused("sms", "upstream_error", says="may or may not", retryable=False)
    ends_unclear(story, "sms")
    assert len(double.messages) == 1, "it had left"


def test_a_mailbox_that_is_away_keeps_no_letter_back(story, world):
    story.go("call", "visit")
    world.cut("imap")
    sent = story.go("estimate")
    assert "no copy" in sent["warnings"][0]
    story.shows("call", "visit", "estimate", without="inbox_emails")
    world.mend("imap")
    story.go(*STEPS)
    story.shows(*STEPS)
    assert world.state() == {**END, "filed": END["filed"][1:]}, "only the copy is missing, which was told"


@pytest.mark.parametrize("heal", ["again", "sync", "next"])
def test_a_calendar_that_is_away_when_a_visit_is_booked(story, world, heal):
    """The booking is the database's. The calendar is made up for by the same call, by sync_appointment, or by whoever books next."""
    story.go("call")
    world.cut("caldav")
    booked = story.go("visit")
    assert booked["calendar"] == "pending" and booked["warnings"] and booked["confirmation"] == "sent"
    assert story.go("visit")["calendar"] == "pending"
    world.mend("caldav")
    story.shows("call", "visit")
    assert world.calendar() == []
    if heal == "again":
        assert story.go("visit")["calendar"] == "synced"
    elif heal == "sync":
        assert story.use("calendar", "sync_appointment", appointment_id=booked["appointment"]["id"])["status"] == "created"
    else:
        world.later()
        other = story.use(
            "calendar", "book_appointment", customer_name="Bo Lee", customer_phone="217-555-0177", date=world.day, time="14:00")
        assert other["calendar"] == "synced" and len(world.calendar()) == 2
        story.use("calendar", "cancel_appointment", appointment_id=other["appointment"]["id"])
        world.forget(other["contact_id"])
    goes_on(story, "estimate")


@pytest.fixture
def fragile_story(doomed, launch, double, speech, account, smtp, radicale, trusted):  # noqa: F811
    with World(doomed, double, speech, account, smtp, radicale, trusted) as world:
        hosts = Hosts(launch, world.env)
        yield Story(world, hosts)
        hosts.end()


def test_a_database_that_is_away_for_a_while_at_each_step(fragile_story, fragile, doomed):  # noqa: F811
    story = fragile_story
    for number, step in enumerate(STEPS):
        if number:
            story.shows(*STEPS[:number])
        if doomed.connection:
            doomed.connection.close()
        fragile.kill()
        if step == "reply":
            story.go("reply")  # for which no database is needed
        else:
            story.refused(step, "unavailable", says="database")
        story.refused("context", "unavailable", says="database")
        fragile.start()
        story.go(step)
    assert len(story.world.double.messages) == 1 and len(story.world.smtp.messages) == 2
    is_finished(story)


def test_a_database_that_goes_away_while_a_letter_leaves(fragile_story, fragile, doomed, smtp):  # noqa: F811
    story = fragile_story
    story.go("call", "visit")
    smtp.fail("end", "drip")
    asked = story.hosts.start(*story.begin("estimate"))
    wait_for(lambda: len(smtp.messages) == 2)
    fragile.kill()
    sent = story.did("estimate", asked())
    assert "could not be written down" in sent["warnings"][0]
    fragile.start()
    story.world.later()
    story.go("reply", "sms")
    ends_unclear(story, "estimate")


@pytest.mark.parametrize("seed", range(6))
def test_servers_that_are_killed_at_any_step(story, world, seed):
    """Each of the four once, in the middle of its own work or while it rests, and a fresh one in its place."""
    numbers = random.Random(seed)
    plan = {name: numbers.choice(numbers.choice([STEPS + ["context"], [step for step in story.calls if story.calls[step][0] == name]]))
            for name in SERVERS}
    unclear = []
    for step in [*STEPS, "context"]:
        for name in [name for name, moment in plan.items() if moment == step]:
            story.hosts.server(name)
            if story.calls[step][0] == name:
                story.hosts.start(*story.begin(step))
                time.sleep(numbers.choice([0.002, 0.01, 0.03, 0.06]))
            story.hosts.kill(name)
            world.later()
        result = story.ask(step)
        if step in ("estimate", "sms") and result.get("isError"):
            unclear.append(step)
        else:
            story.did(step, result)
    if unclear:
        ends_unclear(story, *unclear)
    elif world.state()["filed"] != END["filed"]:
        ends_unclear(story)
    else:
        is_finished(story)
