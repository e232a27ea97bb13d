"""Those who can keep a calendar, each with nothing in it, and CalendarServers beside them."""

import pytest

from diary import CALENDAR, Diary


class Keeper:
    """Who keeps the calendar: the provider's name, and the environment that leads a server to it."""

    def __init__(self, provider: str, **env: str) -> None:
        self.provider, self.env = provider, env


KEEPERS = ["local"]


@pytest.fixture(params=KEEPERS)
def keeper(request) -> Keeper:
    return Keeper("local")


@pytest.fixture
def keep_diary(launch, keeper):
    """Starts CalendarServers on this test's database and calendar: keep_diary("--toolsets", "default", NAME=value)."""
    diaries = []

    def keep_diary(*arguments, **env) -> Diary:
        diaries.append(Diary(launch(*(arguments or ("--toolsets", "all")), command=CALENDAR, **{**keeper.env, **env})))
        diaries[-1].provider = keeper.provider
        diaries[-1].server.initialize()
        return diaries[-1]

    yield keep_diary
    for diary in diaries:
        diary.end()


@pytest.fixture
def diary(keep_diary) -> Diary:
    """A CalendarServer after the handshake of 2025-11-25."""
    return keep_diary()
