"""The doubles of Google and Resend: by Google's official client, by plain HTTP, and their judges."""

import base64
import json

import pytest
import requests
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload
from httplib2 import Http

import resendapi
from mailservices import CLIENT, KEY, REFRESH, SECRET, JudgedGoogle, JudgedResend, letter
from test_doubles import Program


@pytest.fixture
def google():
    with JudgedGoogle() as google:
        yield google
        assert not google.wrong, "\n".join(google.wrong)


@pytest.fixture
def resend():
    with JudgedResend() as resend:
        yield resend
        assert not resend.wrong, "\n".join(resend.wrong)


class Redirected(Http):
    """For uploads the client takes https, whatever endpoint it was given."""

    def request(self, uri, *arguments, **options):
        return super().request(uri.replace("https://127.0.0.1", "http://127.0.0.1"), *arguments, **options)


def official(google, refresh=REFRESH, secret=SECRET):
    """Google's own client, led to the double by its address alone."""
    credentials = Credentials(None, refresh_token=refresh, token_uri=google.token_url, client_id=CLIENT, client_secret=secret)
    service = build(
        "gmail", "v1", http=AuthorizedHttp(credentials, http=Redirected(timeout=10)), static_discovery=True,
        client_options={"api_endpoint": google.url})
    return service.users()


def token(google):
    form = {"grant_type": "refresh_token", "client_id": CLIENT, "client_secret": SECRET, "refresh_token": REFRESH}
    return {"Authorization": "Bearer " + requests.post(google.token_url, form).json()["access_token"]}


def raw(message):
    return base64.urlsafe_b64encode(message.as_bytes()).decode()


# Gmail by Google's client

def test_the_official_client_reads_the_mailbox(google):
    message = letter("Zoë's estimate", "Grüße <b>", Cc="josé <jose@example.com>")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="plan.pdf")
    id = google.add(message.as_bytes())
    answer = google.add(letter("Re: Zoë's estimate", "Yes", In_Reply_To=message["Message-ID"]).as_bytes())
    users = official(google)
    page = users.messages().list(userId="me", q="is:unread in:inbox", maxResults=10).execute()
    assert [m["id"] for m in page["messages"]] == [answer, id] and page["resultSizeEstimate"] == 2
    full = users.messages().get(userId="me", id=id).execute()
    payload = full["payload"]
    assert payload["mimeType"] == "multipart/mixed" and [p["partId"] for p in payload["parts"]] == ["0", "1"]
    assert {h["name"]: h["value"] for h in payload["headers"]}["Subject"] == "Zoë's estimate"
    assert base64.urlsafe_b64decode(payload["parts"][0]["body"]["data"]).decode() == "Grüße <b>\n"
    assert full["snippet"] == "Grüße &lt;b&gt;" and payload["parts"][1]["filename"] == "plan.pdf"
    body = payload["parts"][1]["body"]
    file = users.messages().attachments().get(userId="me", messageId=id, id=body["attachmentId"]).execute()
    assert base64.urlsafe_b64decode(file["data"]) == b"%PDF-1.7" and body["size"] == file["size"] == 8
    again = users.messages().get(userId="me", id=id).execute()["payload"]["parts"][1]["body"]["attachmentId"]
    assert again != body["attachmentId"], "the id of an attachment does not last"
    headers = users.messages().get(userId="me", id=id, format="metadata", metadataHeaders=["From", "Date"]).execute()["payload"]["headers"]
    assert [h["name"] for h in headers] == ["From", "Date"]
    thread = users.threads().get(userId="me", id=full["threadId"]).execute()
    assert [m["id"] for m in thread["messages"]] == [id, answer]
    part = users.messages().get(userId="me", id=id, fields="id,payload(mimeType,parts(filename,body/size))").execute()
    assert part == {"id": id, "payload": {"mimeType": "multipart/mixed", "parts": [
        {"filename": "", "body": {"size": 12}}, {"filename": "plan.pdf", "body": {"size": 8}}]}}


def test_the_official_client_follows_pages_to_the_end(google):
    ids = [google.add(letter(f"Letter {n}").as_bytes(), date=1_790_000_000 + n) for n in range(23)]
    messages = official(google).messages()
    request, found = messages.list(userId="me", maxResults=10), []
    while request is not None:
        answer = request.execute()
        found += [m["id"] for m in answer["messages"]]
        request = messages.list_next(request, answer)
    assert found == ids[::-1] and len(google.requests(path="/messages")) == 3
    assert "messages" not in messages.list(userId="me", q="subject:nothing").execute()


def test_the_official_client_sends(google):
    users = official(google)
    message = letter("Hello", "Text", to="a@example.com", Bcc="b@example.com")
    sent = users.messages().send(userId="me", body={"raw": raw(message)}).execute()
    assert sent["labelIds"] == ["SENT"] and google.sent[0]["recipients"] == ["a@example.com", "b@example.com"]
    assert b"Bcc" not in base64.urlsafe_b64decode(google.sent[0]["raw"])
    upload = MediaInMemoryUpload(message.as_bytes(), mimetype="message/rfc822")
    users.messages().send(userId="me", media_body=upload).execute()
    users.messages().send(userId="me", body={"threadId": sent["threadId"]}, media_body=upload).execute()
    assert [s["thread"] == sent["threadId"] for s in google.sent] == [True, False, True]
    assert google.sent[2]["raw"] == google.sent[1]["raw"] == google.sent[0]["raw"] and google.acted() == 3
    draft = users.drafts().create(userId="me", body={"message": {"raw": raw(message)}}).execute()
    assert google.box.messages[draft["message"]["id"]].labels == ["DRAFT"]


def test_the_official_client_sorts(google):
    first, second = google.add(letter("One").as_bytes()), google.add(letter("Two").as_bytes())
    messages = official(google).messages()
    assert "UNREAD" not in messages.modify(userId="me", id=first, body={"removeLabelIds": ["UNREAD"]}).execute()["labelIds"]
    messages.batchModify(userId="me", body={"ids": [first, second], "addLabelIds": ["STARRED"]}).execute()
    assert messages.trash(userId="me", id=second).execute()["labelIds"] == ["UNREAD", "STARRED", "TRASH"]
    labels = official(google).labels()
    assert {"INBOX", "SENT"} <= {label["id"] for label in labels.list(userId="me").execute()["labels"]}
    inbox = labels.get(userId="me", id="INBOX").execute()
    assert (inbox["messagesTotal"], inbox["messagesUnread"]) == (1, 0)


@pytest.mark.parametrize("reason, status", [
    ("invalidArgument", 400), ("insufficientPermissions", 403), ("userRateLimitExceeded", 403), ("notFound", 404),
    ("tooManyRequests", 429), ("backendError", 500)])
def test_any_of_googles_errors(google, reason, status):
    google.refuse(reason)
    with pytest.raises(HttpError) as refused:
        official(google).labels().list(userId="me").execute(num_retries=0)
    assert refused.value.status_code == status


def test_tokens_end_and_are_renewed_and_revoked(google):
    users = official(google)
    users.labels().list(userId="me").execute()
    google.expire()
    users.labels().list(userId="me").execute()
    assert [r.status for r in google.requests(path="/labels")] == [200, 401, 200] and len(google.requests("POST", "/token")) == 2
    google.is_revoked = True
    google.expire()
    with pytest.raises(RefreshError, match="invalid_grant"):
        users.labels().list(userId="me").execute()
    with pytest.raises(RefreshError, match="invalid_client"):
        official(google, secret="wrong").labels().list(userId="me").execute()
    told = json.dumps([r.entry() for r in google.journal])
    assert SECRET not in told and REFRESH not in told and "ya29" not in told


@pytest.mark.parametrize("scopes, allowed", [(["gmail.send"], "send"), (["gmail.readonly"], "list")])
def test_scopes_bound_what_a_token_is_good_for(google, scopes, allowed):
    google.control("scopes", {"scopes": scopes})
    users = official(google)
    acts = {"send": users.messages().send(userId="me", body={"raw": raw(letter())}), "list": users.messages().list(userId="me")}
    for name, act in acts.items():
        if name == allowed:
            act.execute()
        else:
            with pytest.raises(HttpError, match="insufficient authentication scopes"):
                act.execute()


@pytest.mark.parametrize("query, found", [
    ("", "ab"), ("from:maria", "ab"), ("from:nobody", ""), ("subject:alpha", "a"), ('"second text"', "b"), ("-subject:alpha", "b"),
    ("subject:alpha OR subject:beta", "ab"), ("{subject:alpha subject:nothing}", "a"), ("(from:maria subject:beta)", "b"),
    ("is:unread", "a"), ("is:read", "b"), ("is:starred", "b"), ("has:attachment", "b"), ("after:1790000050", "b"), ("before:1790000050", "a"),
    ("after:2026/01/01", "ab"), ("larger:1K", "b"), ("smaller:1024", "a"), ("in:trash", "c"), ("in:anywhere", "abc"), ("label:label-one", "b"),
    ("-{subject:alpha subject:beta}", ""), ("subject:(alpha OR beta)", "ab"), ("rfc822msgid:a@x.example", "a")])
def test_the_search(google, query, found):
    second = letter("beta", "The second text", Message_ID="<b@x.example>")
    second.add_attachment(bytes(2000), maintype="application", subtype="zip", filename="a.zip")
    name = {google.add(letter("alpha", Message_ID="<a@x.example>").as_bytes(), date=1_790_000_000): "a"}
    name[google.add(second.as_bytes(), ["INBOX", "STARRED", google.box.add_label("Label One")], date=1_790_000_100)] = "b"
    name[google.add(letter("gone", Message_ID="<c@x.example>").as_bytes(), ["TRASH"], date=1_790_000_200)] = "c"
    page = requests.get(google.url + "/gmail/v1/users/me/messages", {"q": query}, headers=token(google)).json()
    assert "".join(sorted(name[m["id"]] for m in page.get("messages", []))) == found


def test_what_the_search_does_not_know_is_refused(google):
    for query in ("body:x", "(a", "has:youtube"):
        assert requests.get(google.url + "/gmail/v1/users/me/messages", {"q": query}, headers=token(google)).status_code == 400


# The judges

@pytest.mark.parametrize("method, path, arguments", [
    ("GET", "/messages?maxresults=1", {}), ("GET", "/messages?maxResults=many", {}), ("GET", "/messages?format=everything", {}),
    ("GET", "/letters", {}), ("POST", "/messages/send", {"json": {"raw": "a+b/"}}), ("POST", "/messages/send", {"json": {"raws": "YQ=="}}),
    ("POST", "/messages/send", {"data": "raw=1"}), ("POST", "/messages/1/modify", {"json": {"addLabelIds": "STARRED"}})])
def test_googles_document_is_awake(google, method, path, arguments):
    requests.request(method, google.url + "/gmail/v1/users/me" + path, headers=token(google), **arguments)
    assert len(google.wrong) == 1
    google.wrong.clear()


def test_a_token_request_is_judged(google):
    requests.post(google.token_url, {"grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": REFRESH})
    assert len(google.wrong) == 1
    google.wrong.clear()


# Resend

def post(resend, email, key="k1", api_key=KEY):
    headers = {"Authorization": f"Bearer {api_key}", **({"Idempotency-Key": key} if key else {})}
    return requests.post(resend.url + "/emails", json=email, headers=headers)


GOOD = {"from": "Acme <office@acme.example>", "to": ["a@example.com"], "subject": "Hello", "text": "Text"}


def test_resend_sends_once_for_a_key(resend):
    first = post(resend, GOOD)
    assert first.status_code == 200 and post(resend, GOOD).json() == first.json() and resend.acted() == 1
    assert post(resend, {**GOOD, "subject": "Other"}).json()["name"] == "invalid_idempotent_request"
    assert post(resend, GOOD, key="k2").json() != first.json() and len(resend.sent) == 2


@pytest.mark.parametrize("change, status, name", [
    ({"to": ["nobody"]}, 422, "validation_error"), ({"from": "x@other.example"}, 403, "validation_error"),
    ({"text": ""}, 422, "missing_required_field"), ({"attachments": [{"filename": "a"}]}, 422, "invalid_attachment")])
def test_what_resend_does_not_take(resend, change, status, name):
    answer = post(resend, {**GOOD, **change})
    assert (answer.status_code, answer.json()["name"], answer.json()["statusCode"]) == (status, name, status) and resend.sent == []


def test_strangers_are_refused_as_resend_does(resend):
    assert post(resend, GOOD, api_key="wrong").json()["name"] == "invalid_api_key"
    assert requests.post(resend.url + "/emails", json=GOOD).json()["name"] == "missing_api_key" and resend.acted() == 0


@pytest.mark.skipif(not resendapi.is_there(), reason="Resend's document is not there")
@pytest.mark.parametrize("email", [{**GOOD, "replyTo": "a@example.com"}, {k: v for k, v in GOOD.items() if k != "to"}, {**GOOD, "subject": 1}])
def test_resends_document_is_awake(resend, email):
    post(resend, email)
    assert len(resend.wrong) == 1
    resend.wrong.clear()


# The doubles as programs

def test_google_is_a_program_of_the_standard_library():
    with Program("gmail") as program:
        said = program.said
        id = program.order("add", {"raw": raw(letter()), "labels": ["INBOX"]})["id"]
        form = {"grant_type": "refresh_token", **{n: said[n] for n in ("client_id", "client_secret", "refresh_token")}}
        headers = {"Authorization": "Bearer " + requests.post(said["token_url"], form).json()["access_token"]}
        url = said["url"] + "/gmail/v1/users/me"
        assert requests.get(f"{url}/messages/{id}?format=minimal", headers=headers).json()["labelIds"] == ["INBOX"]
        requests.post(f"{url}/messages/send", json={"raw": raw(letter(to="a@example.com"))}, headers=headers)
        assert program.order("sent")[0]["recipients"] == ["a@example.com"] and len(program.order("messages")) == 2
        program.order("refuse", {"reason": "rateLimitExceeded", "Retry_After": "3"})
        refused = requests.get(f"{url}/labels", headers=headers)
        assert (refused.status_code, refused.headers["Retry-After"]) == (403, "3")
        program.order("expire", {})
        assert requests.get(f"{url}/labels", headers=headers).status_code == 401
        assert said["refresh_token"] not in json.dumps(program.order("journal"))


def test_resend_is_a_program_of_the_standard_library():
    with Program("resend") as program:
        headers = {"Authorization": f"Bearer {program.said['key']}"}
        requests.post(program.said["url"] + "/emails", json=GOOD, headers=headers)
        assert program.order("sent")[0]["email"] == GOOD
