"""All four servers at one customer's service: what each has done is seen by all, in order and exactly once, whatever is down for a while."""

import json

import pytest

from story import END, STEPS, SERVERS, Story, World
from test_call_pipeline import speech  # noqa: F401


@pytest.fixture
def world(database, double, speech, account, smtp, radicale, trusted):  # noqa: F811
    with World(database, double, speech, account, smtp, radicale, trusted) as world:
        yield world


@pytest.fixture
def story(world, launch):
    servers = {}

    def use(name, tool, arguments):
        if name not in servers:
            program, *words = SERVERS[name]
            servers[name] = launch(*words, command=[program], **world.env)
            servers[name].initialize()
        return servers[name].call(tool, arguments, timeout=60)

    yield Story(world, use)
    for server in servers.values():
        if server.process.poll() is None:
            server.end()


def test_x(story, world):
    import pprint
    for step in STEPS:
        pprint.pprint(story.go(step), width=180)
    pprint.pprint(world.state(), width=180)
    pprint.pprint(story.context(), width=180)
    assert world.state() == END
