"""Estimates and proposals: filled in, checked, sent once, with the client's PDF and no other."""

import datetime
import os
import time
from zoneinfo import ZoneInfo

import pytest

from mailroom import BUSINESS, OFFICE, parse, sending, text_of

ANN = "ann@north.example"
DAY = (datetime.datetime.now(ZoneInfo("America/Chicago")) + datetime.timedelta(days=9)).date()
ESTIMATE = {"to": ANN, "client_name": "Ann & Söhne <Ltd>", "address": "5 Main St, Springfield", "service_date": DAY.isoformat(), "service_time": "9:00",
            "price": "1250.5", "client_type": "residential"}
PROPOSAL = {"to": ANN, "client_name": "Müller & Co.", "contact_name": "Jo Müller", "address": "5 Main St, Springfield", "areas_to_clean": "Lobby, offices",
            "cleaning_description": "Dust, mop\nand windows", "price": "$1,250.50", "client_type": "business", "contact_phone": "+1 217 555 0134"}
both = pytest.mark.parametrize("tool, arguments", [("send_estimate", ESTIMATE), ("send_proposal", PROPOSAL)], ids=["estimate", "proposal"])


@pytest.fixture
def folders(folder):
    """Where proposals lie, and where they do not."""
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    (folder / "outside").mkdir()
    return folder


@pytest.fixture
def writing(open_mail, smtp, folders):
    return open_mail(sending(smtp), BUSINESS, ATLAS_EMAIL_PROPOSALS_DIRS=f"{folders}/a, {folders}/b")


def letter(smtp):
    assert len(smtp.messages) == 1
    return parse(smtp.messages[0].octets)


@pytest.mark.parametrize("client_type", ["residential", "business"])
@both
def test_a_letter_is_filled_in(writing, smtp, database, tool, arguments, client_type):
    sent = writing.call(tool, **{**arguments, "client_type": client_type})
    assert sent["success"] and sent["provider"] == "smtp" and sent["accepted"] == [ANN] and sent["message"]
    assert sent["template"] == f"{tool.removeprefix('send_')}_{client_type}" or sent["template"] in ("estimate", "proposal"), sent["template"]
    message = letter(smtp)
    text, page = text_of(message), message.get_body(("html",)).get_content()
    assert message["Subject"] and OFFICE in message["From"]
    who = arguments["contact_name" if (tool, client_type) == ("send_proposal", "residential") else "client_name"]
    for said in (who, "5 Main St, Springfield", "$1,250.50", "Acme Cleaning & Co", "+1 217 555 0100"):
        assert said in text, said
        assert said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in page.replace("&#43;", "+").replace("&#x2B;", "+"), said
    assert "{{" not in text + page and "<Ltd>" not in page
    if tool == "send_estimate":
        assert f"{DAY:%A, %B} {DAY.day}, {DAY.year}" in text
    else:
        assert "Lobby, offices" in text and "and windows" in text and "As needed" in text
    assert database.sql("select template_type, subject from sent_emails") == [(tool.removeprefix("send_"), message["Subject"])]
    assert writing.call("list_sent_history", template_type=tool.removeprefix("send_"))["count"] == 1


def test_business_and_residential_are_written_to_differently(writing, smtp):
    for client_type in ("business", "residential"):
        writing.call("send_estimate", **{**ESTIMATE, "client_type": client_type})
    first, second = (text_of(parse(m.octets)) for m in smtp.messages)
    assert first != second


@both
def test_a_letter_is_sent_once(writing, smtp, tool, arguments):
    first = writing.call(tool, **arguments, idempotency_key="k")
    assert writing.call(tool, **arguments, idempotency_key="k") == {**first, "replayed": True}
    writing.refuses("conflict", tool, "idempotency_key", **{**arguments, "price": "9"}, idempotency_key="k")
    assert len(smtp.messages) == 1


WRONG = [
    ("send_estimate", "price", v) for v in ("free", "0", "-5", "1e9", "12.345", "1,2,3", "NaN", "99999999999999999999", "12 or so", "٣")
] + [("send_estimate", "service_date", v) for v in ("tomorrow", "2026-02-30", "2020-01-01", "24/11/2026", "")
] + [("send_estimate", "service_time", v) for v in ("25:00", "noonish", "9:99")
] + [("send_estimate", "client_type", "government"), ("send_estimate", "to", "nobody"), ("send_estimate", "client_name", "  "), ("send_proposal", "price", "?"),
     ("send_proposal", "contact_phone", None), ("send_proposal", "client_type", "x"), ("send_proposal", "areas_to_clean", "")]


@pytest.mark.parametrize("tool, parameter, value", WRONG, ids=[f"{t}-{p}-{v}" for t, p, v in WRONG])
def test_what_cannot_be_right_is_not_sent(writing, smtp, database, tool, parameter, value):
    arguments = {**(ESTIMATE if tool == "send_estimate" else PROPOSAL), parameter: value}
    writing.refuses("invalid_argument", tool, parameter, says=parameter, **{k: v for k, v in arguments.items() if v is not None})
    assert smtp.journal == [] and database.sql("select * from sent_emails") == []


@both
def test_details_of_the_business_that_are_missing_are_named_at_once(open_mail, smtp, tool, arguments):
    mail = open_mail(sending(smtp))
    text = mail.refuses("not_configured", tool, **arguments)
    assert "ATLAS_BUSINESS_NAME" in text and "ATLAS_BUSINESS_PHONE" in text
    text = open_mail(sending(smtp), ATLAS_BUSINESS_NAME="Acme").refuses("not_configured", tool, **arguments)
    assert "ATLAS_BUSINESS_NAME" not in text and "ATLAS_BUSINESS_PHONE" in text and smtp.messages == []


def pdf(path, words, age=0):
    path.write_bytes(b"%PDF-1.4 " + words)
    os.utime(path, (time.time() - age, time.time() - age))


def attached(smtp):
    return [(part.get_filename(), part.get_payload(decode=True)) for part in letter(smtp).iter_attachments()]


@pytest.mark.parametrize("name", ["Müller & Co..pdf", "muller co proposal.pdf", "MULLER_CO-2026.PDF", "Proposal Müller&Co v2.pdf"])
def test_the_clients_pdf_goes_along(writing, smtp, folders, name):
    pdf(folders / "a" / name, b"the one")
    pdf(folders / "a" / "Other client.pdf", b"another")
    (folders / "a" / "Müller & Co.txt").write_text("no PDF")
    sent = writing.call("send_proposal", **PROPOSAL)
    assert sent["pdf_attached"] is True and [content for _, content in attached(smtp)] == [b"%PDF-1.4 the one"]
    assert attached(smtp)[0][0].lower().endswith(".pdf")


def test_the_newest_goes_along(writing, smtp, folders):
    pdf(folders / "a" / "Muller Co 1.pdf", b"old", 500)
    pdf(folders / "b" / "Muller Co 2.pdf", b"new", 100)
    pdf(folders / "a" / "Muller Co 3.pdf", b"oldest", 900)
    writing.call("send_proposal", **PROPOSAL)
    assert [content for _, content in attached(smtp)] == [b"%PDF-1.4 new"]


def test_no_pdf_from_anywhere_else(writing, smtp, folders):
    pdf(folders / "outside" / "Muller Co.pdf", b"outside")
    (folders / "a" / "Muller Co link.pdf").symlink_to(folders / "outside" / "Muller Co.pdf")
    (folders / "b" / "folder").symlink_to(folders / "outside")
    sent = writing.call("send_proposal", **PROPOSAL)
    assert sent["pdf_attached"] is False and attached(smtp) == [] and any("PDF" in w for w in sent["warnings"])


@pytest.mark.parametrize("name", ["../outside/Muller Co", "/etc/passwd", "..", "*", "%", "a/b"])
def test_a_clients_name_is_no_path(writing, smtp, folders, name):
    pdf(folders / "outside" / "Muller Co.pdf", b"outside")
    assert writing.call("send_proposal", **{**PROPOSAL, "client_name": name})["pdf_attached"] is False
    assert attached(smtp) == []


def test_templates_of_ones_own_stand_instead(open_mail, smtp, folder):
    (folder / "estimate_residential.txt.mustache").write_text("Dear {{client_name}}: {{price}}. {{unknown}}{{{client_name}}}\n")
    mail = open_mail(sending(smtp), BUSINESS, ATLAS_EMAIL_TEMPLATES_DIR=str(folder))
    mail.call("send_estimate", **ESTIMATE)
    assert text_of(letter(smtp)).startswith("Dear Ann & Söhne <Ltd>: $1,250.50.")
    (folder / "estimate_residential.txt.mustache").write_text("Dear {{#client_name}}")
    result = mail.server.call("send_estimate", {**ESTIMATE, "to": "bo@south.example"})
    assert result["isError"] and "template" in result["content"][0]["text"] and len(smtp.messages) == 1, result


@pytest.mark.parametrize("words", ["{{business_name}}", "{{#a}}{{/b}}", "\r\nBcc: evil@x.example", "<script>alert(1)</script>", "\u202egnp.exe"])
def test_what_a_client_is_called_is_only_words(writing, smtp, words):
    result = writing.server.call("send_estimate", {**ESTIMATE, "client_name": f"Ann {words}"})
    if result.get("isError"):
        assert result["_meta"]["atlas/error"]["code"] == "invalid_argument"
        return
    message = letter(smtp)
    assert message["Bcc"] is None and smtp.messages[0].recipients == [ANN]
    assert "<script>" not in message.get_body(("html",)).get_content() and "\u202e" not in text_of(message) + message["Subject"]
    if words.startswith("{{"):
        assert words in text_of(message), "what is filled in is not filled in again"
