"""What Python's email package reads in each file of a folder, as JSON: the reference of the MIME tests.

usage: reference.py FOLDER

{file: {"subject": text, "from": [[name, address]], "to": [[name, address]], "date": seconds,
        "parts": [[section, media type, file name]], "texts": {section: text}}}
Sections are numbered as IMAP does (RFC 3501, 6.4.5). What Python cannot read is null.
"""
import email
import email.header
import email.policy
import email.utils
import json
import pathlib
import sys

# How every mail program reads these labels, and the octets that Python refuses.
LABELS = {"us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-1": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030"}


def decoded(octets, label):
    try:
        return octets.decode("ascii")
    except UnicodeDecodeError:
        pass
    for codec in ([LABELS.get(label, label)] if label not in (None, "us-ascii") else []) + ["utf-8", "cp1252"]:
        try:
            return octets.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
    return octets.decode("latin-1")


def sections(part, section, inside_message, found):
    """Lists the part and those below it. `section` is its own number, or the embedded message's where it is one."""
    kind = part.get_content_type()
    children = part.get_payload() if part.is_multipart() else []
    if kind.startswith("multipart/") and part.is_multipart():
        own = section
        if inside_message:
            own = section + ".TEXT" if section else ""
        found.append((own, kind, part))
        for number, child in enumerate(children, 1):
            sections(child, f"{section}.{number}" if section else str(number), False, found)
        return
    if inside_message:
        section = section + ".1" if section else "1"
    if kind.startswith("multipart/"):
        kind = "text/plain"
    found.append((section, kind, part))
    if kind in ("message/rfc822", "message/global", "message/news") and children:
        sections(children[0], section, True, found)


def addresses(message, name):
    return [list(pair) for pair in email.utils.getaddresses([str(value) for value in message.get_all(name, [])])]


def subject(message):
    value = message["subject"]
    if value is None:
        return None
    return str(email.header.make_header(email.header.decode_header(value)))


def attempt(work):
    try:
        return work()
    except Exception:  # The reference has faults of its own; the tests say where.
        return None


def read(octets):
    message = email.message_from_bytes(octets, policy=email.policy.compat32)
    found = []
    sections(message, "", True, found)
    date = attempt(lambda: email.utils.parsedate_to_datetime(message["date"]))
    texts = {}
    for section, kind, part in found:
        if kind.startswith("text/") and isinstance(part.get_payload(), str):
            charset = attempt(lambda: part.get_content_charset())
            texts[section] = decoded(part.get_payload(decode=True) or b"", charset)
    return {
        "subject": attempt(lambda: subject(message)),
        "from": addresses(message, "from"),
        "to": addresses(message, "to"),
        "date": attempt(lambda: (date if date.tzinfo else date.replace(tzinfo=__import__("datetime").timezone.utc)).timestamp()),
        "parts": [[section, kind, attempt(lambda: part.get_filename())] for section, kind, part in found],
        "texts": texts,
    }


def main():
    answers = {}
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        if path.suffix == ".txt":
            answers[path.name] = read(path.read_bytes())
    json.dump(answers, sys.stdout)


main()
