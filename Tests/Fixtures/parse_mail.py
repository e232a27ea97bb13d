"""Says what Python's own `email` reads in messages: each line of the file named is one in base64, each line printed is what it says.

The tests of the composer compare it with what they put in.
"""

import base64
import json
import sys
from email import policy
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.utils import getaddresses


def name(raw):
    """A display name. Through `decode_header`, because the parser of Python 3.11 puts blanks between encoded words of a phrase."""
    return str(make_header(decode_header(raw)))


def addresses(plain, field):
    unfolded = [str(value).replace("\r\n", "").replace("\n", "") for value in plain.get_all(field, [])]
    return [[name(shown), address] for shown, address in getaddresses(unfolded)]


def part(piece):
    content = piece.get_payload(decode=True) or b""
    return {
        "type": piece.get_content_type(), "charset": piece.get_content_charset(), "encoding": str(piece["content-transfer-encoding"]),
        "filename": piece.get_filename(), "disposition": piece.get_content_disposition(), "content": base64.b64encode(content).decode()}


def read(octets):
    message = BytesParser(policy=policy.default).parsebytes(octets)
    plain = BytesParser(policy=policy.compat32).parsebytes(octets)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    attachments = list(message.iter_attachments()) if message.get_content_type() == "multipart/mixed" else []
    defects = [repr(defect) for piece in message.walk() for defect in piece.defects]
    # A parameter in both forms (RFC 2231 and plain) is meant so.
    defects += [
        f"{field}: {defect}" for piece in message.walk() for field, value in piece.items() for defect in value.defects
        if field not in ("Content-Type", "Content-Disposition")]
    return {
        "fields": message.keys(), "subject": str(message["subject"]), "date": message["date"].datetime.isoformat(),
        "message_id": str(message["message-id"]), "in_reply_to": str(message["in-reply-to"] or ""),
        "references": str(message["references"] or "").split(),
        **{field: addresses(plain, field) for field in ("from", "reply-to", "to", "cc", "bcc")},
        "types": [piece.get_content_type() for piece in message.walk()], "text": part(text), "html": part(html) if html else None,
        "attachments": [part(piece) for piece in attachments], "defects": defects}


for line in open(sys.argv[1]):
    print(json.dumps(read(base64.b64decode(line))), flush=True)
