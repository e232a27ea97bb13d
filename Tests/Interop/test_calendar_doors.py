"""Ways to a CalDAV server that are not the straight one: Digest log-ins, redirects, and servers that answer with what is no calendar."""

import base64
import hashlib
import re
import secrets

import pytest

from diary import agenda
from relay import Relay
from serving import Answer

pytestmark = pytest.mark.parametrize("keeper", ["radicale"], indirect=True)


class Gate(Relay):
    """Lets nobody in but by Digest (RFC 7616), and asks every time."""

    def __init__(self, server, algorithm):
        super().__init__(server.host, server.port)
        self.account, self.algorithm, self.refused, self.asked = (server.user, server.password), algorithm, [], 0
        self.nonce = secrets.token_hex(8)

    def answer(self, request):
        given = next((value for name, value in request.headers.items() if name.lower() == "authorization"), "")
        if not self.fits(given, request):
            self.asked += 1
            self.refused.append((given.split(" ")[0], request.method, len(request.body or b"")))
            challenge = f'Digest realm="calendars", qop="auth", nonce="{self.nonce}", algorithm={self.algorithm}'
            return Answer(401, b"who are you?", {"WWW-Authenticate": challenge}, "text/plain")
        login = base64.b64encode(":".join(self.account).encode()).decode()
        for name in [name for name in request.headers if name.lower() == "authorization"]:
            del request.headers[name]
        request.headers["Authorization"] = f"Basic {login}"
        return super().answer(request)

    def fits(self, given, request):
        parts = dict(re.findall(r'(\w+)="?([^",]+)"?', given)) if given.startswith("Digest ") else {}
        if not {"username", "nc", "cnonce", "response", "uri"} <= set(parts):
            return False

        def hashed(text):
            return (hashlib.sha256 if self.algorithm == "SHA-256" else hashlib.md5)(text.encode()).hexdigest()
        user, password = self.account
        one, two = hashed(f"{user}:calendars:{password}"), hashed(f"{request.method}:{parts['uri']}")
        expected = hashed(f"{one}:{self.nonce}:{parts['nc']}:{parts['cnonce']}:auth:{two}")
        return parts["response"] == expected and parts["username"] == user and parts["uri"] == request.target


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_server_that_wants_digest_gets_it(keep_diary, keeper, algorithm):
    with Gate(keeper.server, algorithm) as gate:
        diary = keep_diary(ATLAS_TOOLS_CALDAV_URL=gate.url + "/")
        made = diary.create("Visit", "2027-03-02T09:00", "2027-03-02T10:00")
        diary.call("update_event", event_id=made["id"], summary="Another")
        assert [e["summary"] for e in diary.events()] == ["Another"]
        diary.call("delete_event", event_id=made["id"])
        assert diary.events() == [] and len(keeper.hrefs()) == 0
        # The password was offered in clear once, before it was known that the server does not want it so.
        assert [way for way, _, _ in gate.refused].count("Basic") == 1


def test_a_wrong_password_is_refused_by_digest_too(keep_diary, keeper):
    with Gate(keeper.server, "MD5") as gate:
        diary = keep_diary(ATLAS_TOOLS_CALDAV_URL=gate.url + "/", ATLAS_TOOLS_CALDAV_PASSWORD="wrong-Secret-9")
        text = diary.refuses("unauthenticated", "list_events", start="2027-03-02", end="2027-03-02")
        assert "ATLAS_TOOLS_CALDAV_PASSWORD" in text and "wrong-Secret-9" not in text


def test_a_redirect_on_the_same_host_is_followed_and_one_to_another_is_named(keep_diary, keeper):
    with Relay(keeper.server.host, keeper.server.port) as relay:
        diary = keep_diary(ATLAS_TOOLS_CALDAV_URL=relay.url + "/", ATLAS_TOOLS_CALDAV_CALENDAR_URL="")
        relay.fail("answer", 1, "PROPFIND", path="/", status=404)
        relay.fail("answer", 1, "PROPFIND", path="/.well-known/caldav", status=301, headers={"Location": keeper.server.home})
        assert diary.call("list_calendars")["count"] >= 1
        assert any(request.path == "/.well-known/caldav" for request in relay.requests("PROPFIND"))

        relay.fail("answer", 9, "PROPFIND", status=302, headers={"Location": "https://elsewhere.example/dav/?token=hunter2"})
        text = diary.refuses("not_configured", "list_calendars")
        assert "elsewhere.example" in text and "ATLAS_TOOLS_CALDAV_URL" in text and "hunter2" not in text


BOMB = b'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><multistatus xmlns="DAV:">&b;</multistatus>'
FILE = b'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><multistatus xmlns="DAV:"><response><href>&x;</href></response></multistatus>'


@pytest.mark.parametrize("body", [
    b"", b"no xml", b"<multistatus", BOMB, FILE, b'<multistatus xmlns="DAV:">' + b"<response>" * 5000, b"<multistatus/>",
    b'<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', b'\xff\xfe<\x00m\x00', b'<multistatus xmlns="DAV:"><response>&undefined;</response></multistatus>'],
    ids=["nothing", "text", "cut", "bomb", "file", "deep", "no namespace", "a page", "utf-16", "entity"])
def test_an_answer_that_is_no_webdav_is_told_and_survived(diary, keeper, body):
    diary.events()
    keeper.relay.fail("answer", 1, "REPORT", status=207, body=body)
    text = diary.refuses("upstream_error", "list_events", start="2027-03-02", end="2027-03-02")
    assert "root:" not in text and "CalDAV" in text
    assert diary.events() == []


def test_what_lies_on_another_host_or_above_the_root_is_no_event_of_the_calendar(diary, keeper):
    text = next(iter(agenda.objects(1)))[1].replace("&", "&amp;")
    places = ["https://elsewhere.example/a.ics", "//elsewhere.example/a.ics", "/../../a.ics", "/a/%2e%2e/b.ics", "javascript:1", "", "/a\\b", "/a%00b"]
    responses = "".join(
        f"<response><href>{place}</href><propstat><prop><C:calendar-data>{text}</C:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat></response>"
        for place in places)
    body = f'<?xml version="1.0"?><multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{responses}</multistatus>'.encode()
    keeper.relay.fail("answer", 1, "REPORT", status=207, body=body)
    assert diary.call("list_events", start="2026-01-01", end="2028-12-31")["events"] == []


def test_another_host_is_not_asked_even_to_read(diary, keeper):
    made = diary.create()
    with Relay(keeper.server.host, keeper.server.port) as other:
        keeper.relay.fail("answer", 1, "GET", status=302, headers={"Location": other.url + keeper.hrefs()[0]})
        text = diary.refuses("not_configured", "get_event", event_id=made["id"])
        assert "127.0.0.1" in text and other.requests() == []
    assert diary.call("get_event", event_id=made["id"])["event"]["id"] == made["id"]


def test_a_home_on_another_host_is_named(keep_diary, keeper):
    with Relay(keeper.server.host, keeper.server.port) as relay:
        diary = keep_diary(ATLAS_TOOLS_CALDAV_URL=relay.url + "/", ATLAS_TOOLS_CALDAV_CALENDAR_URL="")
        home = "<C:calendar-home-set><href>https://p42.elsewhere.example:443/home/</href></C:calendar-home-set>"
        body = ('<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><response><href>/</href><propstat>'
                f"<prop>{home}</prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>")
        relay.fail("answer", 1, "PROPFIND", status=207, body=body.encode())
        assert "p42.elsewhere.example" in diary.refuses("not_configured", "list_calendars")


def test_a_server_whose_root_is_a_page_is_found_by_its_well_known_place(keep_diary, keeper):
    with Relay(keeper.server.host, keeper.server.port) as relay:
        diary = keep_diary(ATLAS_TOOLS_CALDAV_URL=relay.url + "/", ATLAS_TOOLS_CALDAV_CALENDAR_URL="")
        for status, body in ((200, b"<html/>"), (400, b""), (207, b'<multistatus xmlns="DAV:"><response><href>/</href></response></multistatus>')):
            relay.fail("answer", 1, "PROPFIND", path="/", status=status, body=body)
            relay.fail("answer", 1, "PROPFIND", path="/.well-known/caldav", status=301, headers={"Location": keeper.server.home})
            assert diary.call("list_calendars")["count"] >= 1
