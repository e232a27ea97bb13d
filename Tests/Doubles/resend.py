"""Resend on loopback: the part of its API that sends e-mail.

    python3 resend.py      prints its URL and key and runs until its standard input ends

In a test: `with Resend() as resend: … resend.url …`. It checks the key, the sender's domain, and what Resend checks of a message, keeps
what was sent, answers a repeated `Idempotency-Key` with the first answer, and misbehaves on command (see serving.Fault).
Another process says `POST /_control/refuse {"name": "daily_quota_exceeded"}`, `/_control/fail {"kind": "hang"}`, and reads `GET
/_control/journal` and `/_control/sent`.
"""

import base64
import binascii
import email.utils
import json
import re
import uuid

from serving import Answer, Double, run

KEY, DOMAIN = "re_d0uble_s3cret-key", "acme.example"

# Resend, "Errors".
ERRORS = {
    "invalid_idempotency_key": (400, "The key must be between 1-256 chars."),
    "bad_request": (400, "We found an error with one or more fields in the request."),
    "missing_api_key": (401, "Missing API key in the authorization header."),
    "restricted_api_key": (401, "This API key is restricted to only send emails."),
    "invalid_api_key": (403, "API key is invalid."),
    "unverified_domain": (403, "The other.example domain is not verified. Please, add and verify your domain on https://resend.com/domains"),
    "not_found": (404, "The requested endpoint does not exist."),
    "method_not_allowed": (405, "Method is not allowed for the requested path."),
    "invalid_idempotent_request": (409, "Same idempotency key used with a different request payload."),
    "concurrent_idempotent_requests": (409, "Same idempotency key used while original request is still in progress."),
    "invalid_attachment": (422, "Attachment must have either a `content` or `path`."),
    "missing_required_field": (422, "Missing `to` field."),
    "validation_error": (422, "Invalid `to` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format."),
    "rate_limit_exceeded": (429, "Too many requests. You can only make 2 requests per second."),
    "daily_quota_exceeded": (429, "You have reached your daily email sending quota."),
    "monthly_quota_exceeded": (429, "You have reached your monthly email sending quota."),
    "application_error": (500, "An unexpected error occurred."),
    "internal_server_error": (500, "An unexpected error occurred."),
}
# Names that are ours, for errors that go by the same name there.
SAME = {"bad_request": "validation_error", "unverified_domain": "validation_error"}


def error(name, message=None, **headers):
    status, sentence = ERRORS[name]
    body = {"statusCode": status, "name": SAME.get(name, name), "message": message or sentence}
    return Answer(status, body, {field.replace("_", "-"): value for field, value in headers.items()})


class Resend(Double):
    def __init__(self):
        super().__init__()
        self.key, self.domain = KEY, DOMAIN
        self.may_only_send, self.domain_status = False, "verified"
        self.sent = []  # of each message that left: {"id", "recipients", "email", "key"}
        self.known = {}  # by idempotency key: what came, and what was answered

    def refuse(self, name, times=1, method=None, path=None, message=None, **headers):
        self.fail("answer", times, method, path)
        self.faults[-1].answer = error(name, message, **headers)

    def respond(self, request):
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not key:
            return error("missing_api_key")
        if key != self.key:
            return error("invalid_api_key")
        request.user = "key"
        if (request.method, request.path) == ("GET", "/domains"):
            if self.may_only_send:
                return error("restricted_api_key")
            return Answer(200, {"object": "list", "has_more": False, "data": [{
                "id": "d91cd9bd-1176-453e-8fc1-35364d380206", "name": self.domain, "status": self.domain_status,
                "created_at": "2026-04-26T20:21:26.347Z", "region": "us-east-1"}]})
        if request.path != "/emails":
            return error("not_found")
        if request.method != "POST":
            return error("method_not_allowed")
        return self.send_once(request)

    def send_once(self, request):
        key = request.headers.get("Idempotency-Key")
        if key is not None and not 1 <= len(key) <= 256:
            return error("invalid_idempotency_key")
        try:
            body = json.loads(request.body)
        except ValueError:
            return error("bad_request", "The request body is no JSON.")
        if key in self.known:
            came, answer = self.known[key]
            return answer if came == body else error("invalid_idempotent_request")
        if wrong := self.objection(body):
            return wrong
        request.acted = True
        recipients = [bare(address) for field in ("to", "cc", "bcc") for address in many(body.get(field))]
        id = str(uuid.UUID(int=len(self.sent) + 1 + (4 << 76) + (8 << 60)))
        self.sent.append({"id": id, "recipients": recipients, "email": body, "key": key})
        answer = Answer(200, {"id": id})
        if key is not None:
            self.known[key] = body, answer
        return answer

    def objection(self, body):
        for field in ("from", "to", "subject"):
            if not body.get(field):
                return error("missing_required_field", f"Missing `{field}` field.")
        if not body.get("text") and not body.get("html"):
            return error("missing_required_field", "Missing `html` or `text` field.")
        for field in ("from", "to", "cc", "bcc", "reply_to"):
            for address in many(body.get(field)):
                if not re.fullmatch(r"[^@\s<>]+@[^@\s<>.]+(\.[^@\s<>.]+)+", bare(address)):
                    return error("validation_error", f"Invalid `{field}` field. The email address needs to follow the `email@example.com` format.")
        if len(many(body["to"])) > 50:
            return error("validation_error", "The `to` field takes at most 50 addresses.")
        if bare(body["from"]).rpartition("@")[2] != self.domain:
            return error("unverified_domain", f"The {bare(body['from']).rpartition('@')[2]} domain is not verified.")
        for file in body.get("attachments") or []:
            try:
                if not base64.b64decode(file.get("content") or "", validate=True) and not file.get("path"):
                    return error("invalid_attachment")
            except (binascii.Error, TypeError):
                return error("invalid_attachment")
        return None

    def control(self, name, order):
        if name == "sent":
            return self.sent
        if name == "refuse":
            return self.refuse(**order)
        return super().control(name, order)


def many(value):
    return [value] if isinstance(value, str) else list(value or [])


def bare(address):
    return email.utils.parseaddr(address)[1]


if __name__ == "__main__":
    run(Resend(), key=KEY, domain=DOMAIN)
