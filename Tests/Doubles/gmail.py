"""Google on loopback: its OAuth token endpoint and the Gmail API (v1) over a small mailbox.

    python3 gmail.py      prints its URLs and credentials and runs until its standard input ends

In a test: `with Google() as google: google.add(octets) … google.url …`. It keeps messages in memory, reads them with Python's own
e-mail parser, searches the part of Gmail's language that it knows (any other operator is refused, not ignored), and has Gmail's
habits: the estimate of a result is no count, a snippet is escaped as HTML, the id of an attachment is another each time its
message is read, headers come decoded. It misbehaves on command (see serving.Fault).
Another process says `POST /_control/add {"raw": base64url, "labels": […]}`, `/_control/label {"name": …}`, `/_control/expire`,
`/_control/revoke`, `/_control/scopes {"scopes": […]}`, `/_control/refuse {"reason": "rateLimitExceeded"}`, `/_control/fail
{"kind": "hang"}`, and reads `GET /_control/journal`, `/_control/sent` and `/_control/messages`.
"""

import binascii
import email
import email.policy
import json
import re
import urllib.parse

from gmailbox import Mailbox, address_list, decode64, encode64
from googlesite import CLIENT, REFRESH, SECRET, GoogleSite, Refused, error, mask_tree  # noqa: F401
from serving import Answer, run

ADDRESS = "office@acme.example"
SCOPES = ("https://www.googleapis.com/auth/gmail.modify", "https://www.googleapis.com/auth/gmail.send", "https://mail.google.com/")
HOME, UPLOAD = "/gmail/v1/users/me", "/upload/gmail/v1/users/me"


class Google(GoogleSite):
    api = "/gmail/"
    address = ADDRESS

    def __init__(self):
        super().__init__(SCOPES)
        self.box = Mailbox(ADDRESS)
        self.sent = []  # of each message that left: {"id", "thread", "recipients", "raw"}
        self.largest_page = 500

    # --- What tests put there and ask for

    def add(self, raw, labels=("INBOX", "UNREAD"), thread=None, date=None):
        """A message that is there; the id that it has got."""
        return self.box.add(raw, labels, thread, date).id

    # --- Gmail

    def route(self, request):
        upload = request.path.startswith(UPLOAD)
        path = request.path.removeprefix(UPLOAD if upload else HOME).strip("/")
        steps = [urllib.parse.unquote(step) for step in path.split("/")]
        match request.method, *steps:
            case "GET", "profile":
                total = [m for m in self.box.messages.values()]
                return Answer(200, {
                    "emailAddress": self.box.address, "messagesTotal": len(total), "threadsTotal": len({m.thread for m in total}),
                    "historyId": str(self.box.history)})
            case "GET", "messages":
                return self.list_messages(request)
            case "GET", "messages", id:
                return Answer(200, self.box.resource(self.message(id), self.form(request), request_headers(request)))
            case "GET", "messages", id, "attachments", attachment:
                return self.attachment(self.message(id), attachment)
            case "GET", "threads", id:
                return self.thread(request, id)
            case "GET", "labels":
                return Answer(200, {"labels": [self.box.label(id) for id in self.box.labels]})
            case "GET", "labels", id:
                if id not in self.box.labels:
                    return error("notFound")
                return Answer(200, self.box.label(id, counts=True))
            case "POST", "messages", "send":
                return self.send_message(request, upload)
            case "POST", "drafts":
                return self.create_draft(request, upload)
            case "POST", "messages", "batchModify":
                return self.modify_many(request)
            case "POST", "messages", id, "modify":
                return self.modify(request, id)
            case "POST", "messages", id, ("trash" | "untrash") as verb:
                return self.trash(request, id, verb == "trash")
        return error("notFound")

    def message(self, id):
        self.may("gmail.modify", "gmail.readonly")
        if not re.fullmatch(r"[0-9a-f]{1,16}", id):
            raise Refused(error("invalidArgument", "Invalid id value"))
        if id not in self.box.messages:
            raise Refused(error("notFound"))
        return self.box.messages[id]

    def form(self, request):
        form = request.value("format", "full")
        if form not in ("minimal", "full", "raw", "metadata"):
            raise Refused(error("invalidArgument", f"Invalid format: {form}"))
        return form

    def list_messages(self, request):
        self.may("gmail.modify", "gmail.readonly")
        text = request.value("maxResults", "100")
        if not text.isdecimal() or not 1 <= int(text) <= 500:
            return error("invalidArgument", "Invalid maxResults")
        labels = [v for k, v in request.query if k == "labelIds"]
        if any(label not in self.box.labels for label in labels):
            return error("invalidArgument", "Invalid label")
        try:
            found = self.box.search(request.value("q", ""), labels, request.value("includeSpamTrash") == "true")
        except ValueError as problem:
            return error("invalidArgument", f"The double cannot search: {problem}")
        size = min(int(text), self.largest_page)
        start = 0
        if token := request.value("pageToken"):
            if not re.fullmatch(r"\d{20}", token):
                return error("invalidArgument", "Invalid pageToken")
            start = int(token) - 10**19
        page = {"messages": [{"id": m.id, "threadId": m.thread} for m in found[start:start + size]]} if found[start:] else {}
        if found[start + size:]:
            page["nextPageToken"] = str(10**19 + start + size)
        # Gmail's estimate is one: seldom right where there is more than a page.
        return Answer(200, {**page, "resultSizeEstimate": len(found) if len(found) <= size else 201})

    def thread(self, request, id):
        self.may("gmail.modify", "gmail.readonly")
        messages = self.box.conversation(id)
        if not messages:
            return error("notFound")
        form, names = self.form(request), request_headers(request)
        return Answer(200, {"id": id, "historyId": str(self.box.history), "messages": [self.box.resource(m, form, names) for m in messages]})

    def attachment(self, message, id):
        content = self.box.attachments.get((message.id, id))
        if content is None:
            return error("invalidArgument", "Invalid attachment token")
        return Answer(200, {"size": len(content), "data": encode64(content)})

    # --- What changes something

    def letter(self, request, upload):
        """The octets of a message in a request, and the thread that it names."""
        kind = request.headers.get("Content-Type", "")
        if upload and request.value("uploadType") == "media":
            return request.body, None
        if upload and request.value("uploadType") == "multipart":
            whole = email.message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + request.body)
            about, _ = whole.get_payload()
            boundary = b"--" + whole.get_boundary().encode()
            _, content = re.split(rb"\r?\n\r?\n", request.body.split(boundary)[2], maxsplit=1)
            raw = re.sub(rb"\r?\n\Z", b"", content)  # the line end before a boundary belongs to that (RFC 2046, 5.1.1)
            said = json.loads(about.get_payload())
            return raw, said.get("message", said).get("threadId")
        body = self.read_json(request)
        message = body.get("message", body)
        try:
            return decode64(message.get("raw") or ""), message.get("threadId")
        except (binascii.Error, ValueError, TypeError, AttributeError):
            raise Refused(error("invalidArgument", "'raw' RFC822 payload message string or uploading message via /upload/* URL required"))

    def send_message(self, request, upload):
        self.may("gmail.modify", "gmail.send", "gmail.compose")
        raw, thread = self.letter(request, upload)
        if not raw:
            return error("invalidArgument", "'raw' RFC822 payload message string or uploading message via /upload/* URL required")
        if thread and not self.box.conversation(thread):
            return error("notFound")
        parsed = email.message_from_bytes(raw, policy=email.policy.compat32)
        recipients = [address for name in ("To", "Cc", "Bcc") for address in address_list(parsed, name)]
        if not recipients:
            return error("invalidArgument", "Recipient address required")
        for name in ("To", "Cc", "Bcc"):
            if any(not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address) for address in address_list(parsed, name)):
                return error("invalidArgument", f"Invalid {name} header")
        request.acted = True
        # Nobody learns of whom Bcc names.
        shown = re.sub(rb"(?ims)\A((?:(?!\r?\n\r?\n).)*?^)bcc:[^\n]*\n(?:[ \t][^\n]*\n)*", rb"\1", raw)
        message = self.box.add(shown, ["SENT"], thread)
        self.sent.append({"id": message.id, "thread": message.thread, "recipients": recipients, "raw": encode64(shown)})
        return Answer(200, {"id": message.id, "threadId": message.thread, "labelIds": ["SENT"]})

    def create_draft(self, request, upload):
        self.may("gmail.modify", "gmail.compose")
        raw, thread = self.letter(request, upload)
        if thread and not self.box.conversation(thread):
            return error("notFound")
        request.acted = True
        message = self.box.add(raw, ["DRAFT"], thread)
        return Answer(200, {
            "id": f"r-{int(message.id, 16)}", "message": {"id": message.id, "threadId": message.thread, "labelIds": ["DRAFT"]}})

    def changes(self, body):
        add, remove = body.get("addLabelIds") or [], body.get("removeLabelIds") or []
        for label in [*add, *remove]:
            if label not in self.box.labels or label in ("SENT", "DRAFT"):
                raise Refused(error("invalidArgument", f"Invalid label: {label}"))
        if not add and not remove:
            raise Refused(error("invalidArgument", "No label add or removes specified"))
        return add, remove

    def modify(self, request, id):
        self.may("gmail.modify")
        message = self.message(id)
        add, remove = self.changes(self.read_json(request))
        request.acted = True
        message.labels = [l for l in message.labels if l not in remove] + [l for l in add if l not in message.labels]
        return Answer(200, {"id": id, "threadId": message.thread, "labelIds": list(message.labels)})

    def modify_many(self, request):
        self.may("gmail.modify")
        body = self.read_json(request)
        add, remove = self.changes(body)
        if not 1 <= len(body.get("ids") or []) <= 1000:
            return error("invalidArgument", "Invalid ids")
        request.acted = True
        for message in filter(None, map(self.box.messages.get, body["ids"])):
            message.labels = [l for l in message.labels if l not in remove] + [l for l in add if l not in message.labels]
        return Answer(204, b"")

    def trash(self, request, id, is_trash):
        self.may("gmail.modify")
        message = self.message(id)
        request.acted = True
        message.labels = [l for l in message.labels if l not in ("TRASH", "INBOX", "SPAM")] + (["TRASH"] if is_trash else [])
        return Answer(200, {"id": id, "threadId": message.thread, "labelIds": list(message.labels)})

    def control(self, name, order):
        if name == "add":
            raw = decode64(order.pop("raw"))
            return {"id": self.add(raw, **order)}
        if name == "label":
            return {"id": self.box.add_label(order["name"])}
        if name == "sent":
            return self.sent
        if name == "messages":
            return [{"id": m.id, "thread": m.thread, "labels": list(m.labels), "raw": encode64(m.raw)} for m in self.box.messages.values()]
        if name == "page":
            self.largest_page = order["size"]
            return None
        return super().control(name, order)


def request_headers(request):
    return [v.lower() for k, v in request.query if k == "metadataHeaders"]


if __name__ == "__main__":
    google = Google()
    run(google, token_url=google.token_url, address=ADDRESS, client_id=CLIENT, client_secret=SECRET, refresh_token=REFRESH)
