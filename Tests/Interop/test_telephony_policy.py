"""Whom the business leaves alone: refused with `permission_denied`, and nothing leaves. And what a message may be."""

import pytest

from telephone import OWN, THEM

both = pytest.mark.parametrize(
    "tool, arguments", [("make_call", {"message": "Hi"}), ("send_sms", {"body": "Hi"})], ids=["call", "message"])


@both
def test_numbers_are_allowed_and_blocked_by_prefix(dial, tool, arguments):
    phone = dial(ATLAS_COMMS_ALLOWED_NUMBERS="+1217, +4420", ATLAS_COMMS_BLOCKED_NUMBERS="+1 217 555 0166")
    for to in ("+12175550166", "+13125550134", "+491701234567"):
        phone.refuses("permission_denied", tool, "to", retryable=False, to=to, **arguments)
    assert phone.double.journal == []
    assert phone.call(tool, to=THEM, **arguments)["to"] == THEM


@both
def test_a_rule_that_nobody_understands_lets_nothing_through(dial, tool, arguments):
    phone = dial(ATLAS_COMMS_BLOCKED_NUMBERS="217")
    phone.refuses("not_configured", tool, says="ATLAS_COMMS_BLOCKED_NUMBERS", to=THEM, **arguments)
    assert phone.double.journal == []


@both
def test_a_day_has_an_end(dial, database, tool, arguments):
    phone = dial(ATLAS_COMMS_DAILY_CALL_LIMIT="2", ATLAS_COMMS_DAILY_MESSAGE_LIMIT="2")
    phone.server.initialize()
    ids = [phone.server.begin(tool, to=THEM, **arguments) for _ in range(6)]
    results = [phone.server.answer(id)["result"] for id in ids]
    assert sum(not r.get("isError") for r in results) == 2 == phone.sent
    phone.refuses("permission_denied", tool, says="2", to=THEM, **arguments)
    # What failed does not count, and yesterday is over.
    database.sql("update outbox set created_at = created_at - interval '1 day'")
    phone.double.refuse(21211, 1, "POST")
    phone.refuses("invalid_argument", tool, to=THEM, **arguments)
    assert phone.call(tool, to=THEM, **arguments) and phone.call(tool, to=THEM, **arguments)
    phone.refuses("permission_denied", tool, to=THEM, **arguments)


@both
@pytest.mark.parametrize("tag", ["do-not-contact", "Do_Not_Contact"])
def test_a_contact_can_be_left_alone(phone, database, tool, arguments, tag):
    database.sql("insert into contacts (full_name, phone, tags) values ('Ann', '217-555-0134', %s)", [tag])
    phone.refuses("permission_denied", tool, "to", says="do-not-contact", retryable=False, to=THEM, **arguments)
    assert phone.double.journal == [] and database.sql("select * from outbox") == []
    assert phone.call(tool, to="+12175550199", **arguments)


@both
@pytest.mark.parametrize("word", ["STOP", "stop.", "Unsubscribe", "CANCEL", "quit", "StopAll", "END", "OPT-OUT"])
def test_who_last_wrote_stop_is_left_alone(phone, tool, arguments, word):
    phone.double.receive(THEM, "Hello?")
    phone.double.receive(THEM, word)
    phone.refuses("permission_denied", tool, "to", says="again to be reached", retryable=False, to=THEM, **arguments)
    assert phone.asked_to_send == 0
    phone.double.receive(THEM, "START")
    assert phone.call(tool, to=THEM, **arguments)["to"] == THEM


@both
def test_stop_to_somebody_else_is_no_stop_to_us(phone, tool, arguments):
    phone.double.receive(THEM, "STOP", to="+12175550177")
    phone.double.receive("+12175550199", "STOP")
    assert phone.call(tool, to=THEM, **arguments)


@both
def test_when_stop_cannot_be_read_nothing_leaves(phone, tool, arguments):
    phone.double.fail("answer", 9, "GET", path="/Messages.json", status=500)
    phone.refuses("upstream_error", tool, retryable=True, to=THEM, **arguments)
    assert phone.asked_to_send == 0


@pytest.mark.parametrize("body, segments", [
    ("Hi", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2), ("ж" * 70, 1), ("ж" * 71, 2),
    ("😀" * 35, 1), ("😀" * 36, 2), ("😀" * 67, 3), ("It’s 9 o'clock", 1),
    # Neither an escaped character nor a surrogate pair is torn apart between two segments.
    ("a" * 152 + "€" + "a" * 7, 2), ("a" * 152 + "€" + "a" * 152, 3), ("a" * 153 + "€" + "a" * 151, 2), ("ж" * 66 + "😀" + "ж" * 66, 3),
    ("[~^{}\\|]" * 10, 1), ("[~^{}\\|]" * 10 + "Ω", 2), ("@£ñ\nΩ" * 32, 1), ("`", 1), ("`" * 71, 2), ("ç" * 71, 2), ("Ç" * 160, 1),
])
def test_segments_are_counted_as_the_carrier_does(phone, body, segments):
    sent = phone.call("send_sms", to=THEM, body=body)
    assert {k: sent[k] for k in ("success", "status", "to", "from", "segments")} == {
        "success": True, "status": "queued", "to": THEM, "from": OWN, "segments": segments}
    assert phone.double.requests("POST")[0].value("Body") == body


def test_media_goes_along(phone):
    urls = ["https://shop.example/a.jpg", "https://shop.example/b.png?x=1&y=%20"]
    phone.call("send_sms", to=THEM, body="Before and after", media_urls=urls)
    assert phone.double.requests("POST")[0].values("MediaUrl") == urls
    phone.call("send_sms", to=THEM, body="One", media_urls=urls[0])
    assert phone.double.requests("POST")[1].values("MediaUrl") == urls[:1], "one URL needs no list"


@pytest.mark.parametrize("arguments, parameter", [
    ({"to": THEM}, "body"), ({"to": THEM, "body": "  "}, "body"), ({"to": THEM, "body": "a" * 1601}, "body"), ({"body": "Hi"}, "to"),
    ({"to": "0134", "body": "Hi"}, "to"), ({"to": THEM, "body": "Hi", "media_urls": ["ftp://x.example/a"]}, "media_urls"),
    ({"to": THEM, "body": "Hi", "media_urls": ["https://u:p@x.example/a"]}, "media_urls"),
    ({"to": THEM, "body": "Hi", "media_urls": [f"https://x.example/{n}" for n in range(11)]}, "media_urls"),
])
def test_a_message_that_cannot_be_is_refused_before_anything_leaves(phone, arguments, parameter):
    phone.refuses("invalid_argument", "send_sms", says=parameter, **arguments)
    assert phone.double.journal == []


def test_who_writes_must_be_known(dial):
    phone = dial(ATLAS_COMMS_FORWARD_TO_NUMBER="")
    phone.refuses("not_configured", "send_sms", says="ATLAS_COMMS_FORWARD_TO_NUMBER", to=THEM, body="Hi")
    assert phone.call("send_sms", to=THEM, body="Hi", from_number="217 555 0177")["from"] == "+12175550177"
