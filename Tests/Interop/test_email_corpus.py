"""CPython's own corpus of messages, through Dovecot and `get_message`: no crash, and the same text as Python's parser where that is right."""

import email
import email.policy
import re
from pathlib import Path

import pytest

import validate
from client import Server
from mailroom import EMAIL, Mail, reading

CORPUS = sorted((validate.REPOSITORY / "Tests/Fixtures/cpython-email").glob("msg_*.txt"))
# Messages whose text Python's parser and a reader of mail see differently, and why.
DIFFERENT = {
    "msg_16.txt": "a delivery report: Python shows the first part, a reader the notice too",
}


@pytest.fixture(scope="module")
def corpus(mailserver, trusted):
    account = mailserver.account("corpus@mail.test")
    for path in CORPUS:
        account.deliver(path.read_bytes(), path.stem)  # a mailbox of its own: which is which hangs on nothing that it says
    server = Server(command=EMAIL, env={**trusted, **reading(account)})
    server.initialize()
    mail = Mail(server)
    yield mail, {path.name: mail.inbox(mailbox=path.stem)[0] for path in CORPUS}
    mail.end()


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_the_corpus_is_whole(corpus):
    assert len(CORPUS) == 47 == len(corpus[1])


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_a_message_of_the_corpus(corpus, path: Path):
    mail, listed = corpus
    message = mail.message(listed[path.name]["id"])
    parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    subject = parsed["Subject"]
    assert words(message["subject"]) == words(str(subject or ""))
    body = parsed.get_body(("plain", "html"))
    if body is None or path.name in DIFFERENT:
        return
    try:
        expected = body.get_content()
    except (LookupError, UnicodeDecodeError, AssertionError):
        return
    if not isinstance(expected, str) or body.get_content_type() != "text/plain":
        return
    ours = words(message["body_text"])
    theirs = words(expected)
    assert ours[:len(theirs)] == theirs or " ".join(theirs) in " ".join(ours), message["body_text"][:500]
    names = [part.get_filename() for part in parsed.walk() if part.get_content_disposition() == "attachment" and part.get_filename()]
    assert set(map(bool, names)) <= {True}
    for name in names:
        assert re.sub(r"[^\w.]+", "", name.rsplit("/")[-1])[-20:] in [re.sub(r"[^\w.]+", "", a["filename"])[-20:] for a in message["attachments"]]
