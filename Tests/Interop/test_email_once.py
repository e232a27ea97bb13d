"""A letter leaves once or not at all, whatever the server, the provider or the operating system does meanwhile, and `sent_emails` knows."""

import signal
import time

import pytest

from mailroom import state, sending, wait_for

ANN, BO = "ann@north.example", "bo@south.example"
LETTER = {"to": ANN, "subject": "Hello", "body": "Hi " * 2000}


def stages(smtp) -> list[str]:
    return [entry["stage"] for entry in smtp.journal]


def letters(database) -> list[str]:
    """What `sent_emails` says of each."""
    return [row[0] for row in database.sql("select status from sent_emails order by sent_at")]


def starts(open_mail, smtp):
    mail = open_mail(sending(smtp))
    mail.server.initialize()
    return mail


# stage and kind of the fault at which the server is killed; whether the post office has the letter
MOMENTS = [("connect", "stall", 0), ("ehlo", "stall", 0), ("mail", "stall", 0), ("rcpt", "stall", 0), ("data", "stall", 0), ("body", "stall", 0),
           ("end", "stall", 0), ("end", "stall after", 1)]


@pytest.mark.parametrize("stage, kind, taken", MOMENTS, ids=[f"{stage} {kind}" for stage, kind, _ in MOMENTS])
def test_a_server_that_is_killed_leaves_the_truth_behind(open_mail, smtp, database, stage, kind, taken):
    mail = starts(open_mail, smtp)
    smtp.fail(stage, kind)
    mail.server.begin("send_email", **LETTER, idempotency_key="k")
    wait_for(lambda: any(e["stage"] == stage and e["answer"] == kind for e in smtp.journal))
    assert letters(database) == ["sending"], "it is written down before it leaves"
    mail.server.kill()
    assert len(smtp.messages) == taken and state(database) == ["sending"]
    database.sql("update outbox set created_at = now() - interval '1 hour'")
    database.sql("update sent_emails set sent_at = now() - interval '1 hour'")
    other = starts(open_mail, smtp)
    other.refuses("conflict", "send_email", "idempotency_key", says="may or may not", retryable=False, **LETTER, idempotency_key="k")
    assert len(smtp.messages) == taken, "it is not sent again by itself"
    assert state(database) == ["unknown"]
    history = other.call("list_sent_history", hours=48)["emails"]
    assert [e["status"] for e in history] == ["unknown"], "who asks is told the truth"


UNCLEAR = [("end", "cut"), ("end", "cut after"), ("end", "garbage"), ("body", "cut")]


@pytest.mark.parametrize("stage, kind", UNCLEAR, ids=[" ".join(u) for u in UNCLEAR])
def test_no_clear_answer_is_told_and_never_sent_again(open_mail, smtp, google, database, stage, kind):
    from mailroom import gmail
    mail = open_mail(gmail(google), sending(smtp))
    smtp.fail(stage, kind)
    result = mail.server.call("send_email", {**LETTER, "idempotency_key": "k"})
    if stage == "body" and not result.get("isError"):
        # Before the final dot nothing can have been taken (RFC 5321, 4.1.1.4): another may have it.
        assert result["structuredContent"]["provider"] == "gmail" and len(google.sent) == 1 and smtp.messages == []
        return
    mail.refused(result, "upstream_error", None, "may or may not", False)
    mail.refuses("conflict", "send_email", "idempotency_key", says="may or may not", retryable=False, **LETTER, idempotency_key="k")
    assert stages(smtp).count("data") == 1 and google.sent == [], "nobody else is asked to send it"
    assert state(database) == ["unknown"] == letters(database)


REFUSED = [("connect", 421), ("ehlo", 554), ("mail", 451), ("mail", 550), ("rcpt", 450), ("rcpt", 550), ("data", 451), ("data", 554), ("end", 451), ("end", 554),
           ("end", 552)]


@pytest.mark.parametrize("stage, code", REFUSED, ids=[f"{stage} {code}" for stage, code in REFUSED])
def test_what_was_refused_is_not_repeated_until_it_is_asked_again(open_mail, smtp, database, stage, code):
    mail = starts(open_mail, smtp)
    smtp.fail(stage, code=code, text="5.0.0 Said the server" if code >= 500 else "4.0.0 Said the server", times=9)
    result = mail.server.call("send_email", {**LETTER, "idempotency_key": "k"})
    assert result["isError"], result
    error = result["_meta"]["atlas/error"]
    assert error["code"] != "internal" and error["retryable"] is (code < 500 or stage in ("ehlo",)) or error["code"] in ("unavailable", "upstream_error"), error
    assert "Said the server" in result["content"][0]["text"] or stage in ("connect", "ehlo"), result
    assert stages(smtp).count("mail") <= 1 and smtp.messages == [] and state(database) == ["failed"] == letters(database)
    smtp.faults.clear()
    sent = mail.call("send_email", **LETTER, idempotency_key="k")
    assert sent["replayed"] is False and len(smtp.messages) == 1, "nothing left, so the same key may try again"
    assert state(database) == ["sent"]


def test_the_message_id_of_a_second_try_is_the_same(open_mail, smtp, database):
    """So that a reader who gets both sees one."""
    mail = starts(open_mail, smtp)
    smtp.fail("end", code=451, text="4.3.0 Later")
    assert mail.server.call("send_email", {**LETTER, "idempotency_key": "k"})["isError"]
    first = database.sql("select id::text from sent_emails")
    sent = mail.call("send_email", **LETTER, idempotency_key="k")
    assert len(smtp.messages) == 1 and first and sent["message_id"].strip("<>").encode() in smtp.messages[0].octets


def test_one_of_many_is_refused_and_the_others_get_it_once(open_mail, smtp, database):
    mail = starts(open_mail, smtp)
    people = [f"p{n}@north.example" for n in range(10)]
    smtp.fail("rcpt", code=550, text="5.1.1 Gone", pattern="p4@")
    sent = mail.call("send_email", **{**LETTER, "to": people}, idempotency_key="k")
    assert sent["rejected"] == ["p4@north.example"] and len(sent["accepted"]) == 9
    again = mail.call("send_email", **{**LETTER, "to": people}, idempotency_key="k")
    assert again == {**sent, "replayed": True} and len(smtp.messages) == 1
    assert state(database) == ["sent"]


def test_a_repeat_gets_the_first_outcome(open_mail, smtp):
    mail = starts(open_mail, smtp)
    first = mail.call("send_email", **LETTER, idempotency_key="k")
    assert mail.call("send_email", **LETTER, idempotency_key="k") == {**first, "replayed": True} and first["replayed"] is False
    mail.refuses("conflict", "send_email", "idempotency_key", **{**LETTER, "to": BO}, idempotency_key="k")
    mail.refuses("conflict", "send_email", "idempotency_key", **{**LETTER, "body": "other"}, idempotency_key="k")
    assert len(smtp.messages) == 1
    assert mail.call("send_email", **LETTER)["replayed"] is False and len(smtp.messages) == 2, "without a key each call sends"


def test_eight_at_once_with_one_key_send_once(open_mail, smtp):
    mails = [starts(open_mail, smtp) for _ in range(2)]
    ids = [(mail, mail.server.begin("send_email", **LETTER, idempotency_key="k")) for mail in mails for _ in range(4)]
    outcomes = [mail.succeeded("send_email", mail.server.answer(id)["result"]) for mail, id in ids]
    assert len(smtp.messages) == 1 and sum(not o["replayed"] for o in outcomes) == 1
    assert len({o["message_id"] for o in outcomes}) == 1


def test_a_cancelled_call_goes_on_and_its_record_tells_the_truth(open_mail, smtp, database):
    mail = starts(open_mail, smtp)
    smtp.fail("end", "drip")
    id = mail.server.begin("send_email", **LETTER, idempotency_key="k")
    wait_for(lambda: smtp.messages)
    mail.server.notify("notifications/cancelled", {"requestId": id})
    assert mail.call("send_email", **LETTER, idempotency_key="k")["replayed"] is True
    assert len(smtp.messages) == 1 and state(database) == ["sent"]


def test_the_end_of_input_waits_for_a_letter_that_is_leaving(open_mail, smtp, database):
    mail = starts(open_mail, smtp)
    smtp.fail("end", "drip")
    mail.server.begin("send_email", **LETTER)
    wait_for(lambda: smtp.messages)
    mail.server.end()
    assert state(database) == ["sent"] == letters(database)


def test_a_termination_in_the_middle_of_data_is_no_lie(open_mail, smtp, database):
    mail = starts(open_mail, smtp)
    smtp.fail("body", "stall")
    mail.server.begin("send_email", **LETTER)
    wait_for(lambda: "body" in stages(smtp))
    mail.server.signal(signal.SIGTERM)
    mail.server.process.wait(30)
    assert smtp.messages == [] and state(database)[0] in ("sending", "unknown", "failed") and letters(database)[0] != "sent"


def test_a_database_that_is_away_sends_nothing(open_mail, smtp):
    mail = open_mail(sending(smtp), ATLAS_DATABASE_URL="postgresql://app@127.0.0.1:1/nowhere")
    mail.refuses("unavailable", "send_email", **LETTER)
    assert smtp.journal == [], "what cannot be written down does not leave"


def test_ten_servers_killed_at_any_moment_send_each_letter_once_at_most(open_mail, smtp, database):
    """Keys tell letters apart: afterwards each is there once or not at all, and what is said to be sent was."""
    for n in range(10):
        mail = starts(open_mail, smtp)
        for letter in range(4):
            mail.server.begin("send_email", to=f"p{n}-{letter}@north.example", subject=f"{n} {letter}", body="x" * 5000, idempotency_key=f"{n}-{letter}")
        time.sleep(0.004 * n * n)
        mail.server.kill()
    time.sleep(0.3)
    arrived = [message.recipients[0] for message in smtp.messages]
    assert len(arrived) == len(set(arrived))
    told = {row[0]: row[1] for row in database.sql("select to_addresses[1], status from sent_emails")}
    assert set(arrived) <= set(told), "what left was written down before"
    assert all(address in arrived for address, status in told.items() if status == "sent")
    assert not [address for address in arrived if told[address] == "failed"]
    database.sql("update outbox set created_at = now() - interval '1 hour'")
    mail = starts(open_mail, smtp)
    for n in range(10):
        for letter in range(4):
            mail.server.call("send_email", {"to": f"p{n}-{letter}@north.example", "subject": f"{n} {letter}", "body": "x" * 5000, "idempotency_key": f"{n}-{letter}"})
    arrived = [message.recipients[0] for message in smtp.messages]
    assert len(arrived) == len(set(arrived)), "a second try sends only what surely did not leave"
