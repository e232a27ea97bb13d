"""Those who can keep a calendar, each with nothing in it, and CalendarServers beside them."""

import base64
import http.client
import itertools
import re
import sys
import urllib.parse
from pathlib import Path

import caldav
import pytest

from diary import CALENDAR, Diary
from mailservices import JudgedCalendar, calendar_settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Doubles"))
import calendars  # noqa: E402
from proxy import Proxy  # noqa: E402
from relay import Relay  # noqa: E402

KEEPERS = ["local", "radicale", "xandikos", "google"]
numbers = itertools.count(1)


class Keeper:
    """Who keeps the calendar: the provider's name, and the environment that leads a server to it."""

    def __init__(self, provider: str, **env: str) -> None:
        self.provider, self.env = provider, env

    def __enter__(self) -> "Keeper":
        return self

    def __exit__(self, *_) -> None:
        pass


class CalDAV(Keeper):
    """A fresh calendar on a real CalDAV server. Our servers reach it by a proxy that cuts and a relay that counts; what is asked here goes straight."""

    def __init__(self, server: calendars.Server) -> None:
        self.server = server
        self.path = self.add("tests")
        self.relay = Relay(server.host, server.port)
        self.proxy = Proxy("127.0.0.1", self.relay.server.server_address[1])
        super().__init__(
            "caldav", ATLAS_TOOLS_CALDAV_URL=f"http://127.0.0.1:{self.proxy.port}/", ATLAS_TOOLS_CALDAV_USERNAME=server.user,
            ATLAS_TOOLS_CALDAV_PASSWORD=server.password, ATLAS_TOOLS_CALDAV_CALENDAR_URL=self.path)

    def add(self, name: str, login: tuple[str, str] | None = None) -> str:
        """The path of a calendar more."""
        path = f"{self.server.home}{name}-{next(numbers)}/"
        status, said = self.ask("MKCALENDAR", path, login=login)
        assert status == 201, f"{status}: {said}"
        return path

    def ask(self, method: str, path: str, body: str | None = None, login: tuple[str, str] | None = None, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=200)
        user, password = login or (self.server.user, self.server.password)
        login = base64.b64encode(f"{user}:{password}".encode()).decode()
        connection.request(method, path, body and body.encode(), {"Authorization": f"Basic {login}", **headers})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def put(self, name: str, text: str, login: tuple[str, str] | None = None) -> None:
        """Somebody else writes an object, as it stands there; a name with a path is one in another calendar."""
        status, said = self.ask("PUT", self.place(name), text, login, **{"Content-Type": "text/calendar; charset=utf-8"})
        assert status in (200, 201, 204), f"{status}: {said}"

    def fill(self, objects) -> None:
        """Many objects at once, which only Radicale's folder takes."""
        folder = self.server.folder / "data/collection-root" / self.path.strip("/")
        for uid, text in objects:
            (folder / f"{uid}.ics").write_text(text, newline="")
        assert self.hrefs(), "it reads them all when it is asked first"

    def get(self, name: str) -> str:
        status, text = self.ask("GET", self.place(name))
        assert status == 200, status
        return text

    def place(self, name: str) -> str:
        return name if name.startswith("/") else self.path + urllib.parse.quote(name, safe="") + ".ics"

    def hrefs(self) -> list[str]:
        question = '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'
        status, text = self.ask("PROPFIND", self.path, question, Depth="1", **{"Content-Type": "application/xml"})
        assert status == 207, f"{status}: {text}"
        found = [urllib.parse.urlsplit(href).path for href in re.findall(r"<(?:\w+:)?href>([^<]+)</", text)]
        return [href for href in found if href.rstrip("/") != self.path.rstrip("/")]

    def texts(self) -> list[str]:
        """Every object of the calendar."""
        return [self.get(href) for href in self.hrefs()]

    def clear(self) -> None:
        """Somebody else deletes everything."""
        for href in self.hrefs():
            assert self.ask("DELETE", href)[0] in (200, 204)

    def calendar(self) -> caldav.Calendar:
        """As PyPI caldav has it."""
        url = f"http://{self.server.host}:{self.server.port}"
        return caldav.DAVClient(url, username=self.server.user, password=self.server.password).calendar(url=url + self.path)

    def __exit__(self, *_) -> None:
        self.proxy.close()
        self.relay.close()


class Google(Keeper):
    """A fresh account at the double of Google, each request and answer held against Google's own document."""

    def __init__(self) -> None:
        self.double = JudgedCalendar()
        super().__init__("google", **calendar_settings(self.double))

    def __exit__(self, kind, *_) -> None:
        self.double.close()
        assert kind or not self.double.wrong, "\n".join(self.double.wrong)


@pytest.fixture(scope="session")
def radicale():
    with calendars.Radicale() as server:
        yield server


@pytest.fixture(scope="session")
def xandikos():
    with calendars.Xandikos() as server:
        yield server


@pytest.fixture
def keeper(request) -> Keeper:
    """The one that the test names, else the database."""
    name = getattr(request, "param", "local")
    found = Keeper("local") if name == "local" else Google() if name == "google" else CalDAV(request.getfixturevalue(name))
    with found:
        yield found


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
