"""All four servers at one customer's service: what each has done is seen by all, in order and exactly once, whatever is down for a while."""

import pytest

from hosts import Hosts, OfficialHosts
from story import END, STEPS, Story, World
from test_call_pipeline import speech  # noqa: F401
from test_official_clients import judge


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
