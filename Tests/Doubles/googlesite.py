"""What the doubles of Google's services have in common: how errors are told, and the OAuth token endpoint. Standard library, but for
service accounts."""

import itertools
import json
import re
import time

from serving import Answer, Double

CLIENT, SECRET, REFRESH = "1234-double.apps.example", "GOCSPX-s3cret-of-the-double", "1//refresh-t0ken-of-the-double"
ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"

# What Google says (Gmail API, "Resolve errors"; Calendar API, "Handle API errors"): HTTP status, domain, status word, sentence.
REASONS = {
    "invalidArgument": (400, "global", "INVALID_ARGUMENT", "Invalid argument."),
    "failedPrecondition": (400, "global", "FAILED_PRECONDITION", "Mail service not enabled"),
    "authError": (401, "global", "UNAUTHENTICATED", "Request had invalid authentication credentials. Expected OAuth 2 access token."),
    "insufficientPermissions": (403, "global", "PERMISSION_DENIED", "Request had insufficient authentication scopes."),
    "accessNotConfigured": (403, "usageLimits", "PERMISSION_DENIED", "The API has not been used in project 1234 before or it is disabled."),
    "domainPolicy": (403, "global", "PERMISSION_DENIED", "The domain administrators have disabled these apps."),
    "rateLimitExceeded": (403, "usageLimits", "PERMISSION_DENIED", "Rate Limit Exceeded"),
    "userRateLimitExceeded": (403, "usageLimits", "PERMISSION_DENIED", "User Rate Limit Exceeded"),
    "dailyLimitExceeded": (403, "usageLimits", "PERMISSION_DENIED", "Daily Limit Exceeded"),
    "quotaExceeded": (403, "usageLimits", "PERMISSION_DENIED", "Calendar usage limits exceeded."),
    "notFound": (404, "global", "NOT_FOUND", "Requested entity was not found."),
    "tooManyRequests": (429, "usageLimits", "RESOURCE_EXHAUSTED", "User-rate limit exceeded. Retry after a while."),
    "backendError": (500, "global", "INTERNAL", "Backend Error"),
    "unavailable": (503, "global", "UNAVAILABLE", "The service is currently unavailable."),
    # The calendar's own.
    "invalid": (400, "global", None, "Invalid Value"),
    "required": (400, "global", None, "Required"),
    "timeRangeEmpty": (400, "calendar", None, "The specified time range is empty."),
    "forbidden": (403, "global", None, "Forbidden"),
    "requiredAccessLevel": (403, "calendar", None, "You need to have writer access to this calendar."),
    "forbiddenForNonOrganizer": (403, "calendar", None, "Shared properties can only be changed by the organizer of the event."),
    "forbiddenForServiceAccounts": (
        403, "calendar", None, "Service accounts cannot invite attendees without Domain-Wide Delegation of Authority."),
    "duplicate": (409, "global", None, "The requested identifier already exists."),
    "deleted": (410, "global", None, "Resource has been deleted"),
    "conditionNotMet": (412, "global", None, "Precondition Failed"),
}
# RFC 6749, 5.2, and what Google adds.
TOKEN_REASONS = {
    "invalid_grant": (400, "Token has been expired or revoked."), "invalid_client": (401, "The OAuth client was not found."),
    "unauthorized_client": (401, "Unauthorized"), "invalid_request": (400, "Missing required parameter: refresh_token"),
    "unsupported_grant_type": (400, "Invalid grant_type"), "rate_limit_exceeded": (403, "Rate limit exceeded"),
    "slow_down": (429, "Too many requests"), "internal_failure": (500, "Internal failure"), "temporarily_unavailable": (503, "Try later"),
    "access_denied": (403, "Requested client not authorized."),
}


def error(reason, message=None, **headers):
    status, domain, word, sentence = REASONS[reason]
    said = message or sentence
    inner = {"message": said, "domain": domain, "reason": "rateLimitExceeded" if reason == "tooManyRequests" else reason}
    body = {"error": {"code": status, "message": said, "errors": [inner], **({"status": word} if word else {})}}
    return Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def token_error(reason, **headers):
    status, sentence = TOKEN_REASONS[reason]
    return Answer(status, {"error": reason, "error_description": sentence}, {n.replace("_", "-"): v for n, v in headers.items()})


class Refused(Exception):
    def __init__(self, answer):
        super().__init__()
        self.answer = answer


class GoogleSite(Double):
    """The token endpoint (RFC 6749, 6; RFC 7523), and an API that takes its tokens. Subclasses answer `route(request)`."""

    api = "/"  # where its paths begin

    def __init__(self, scopes):
        super().__init__()
        self.scopes, self.lifetime, self.tokens, self.issued = list(scopes), 3599, {}, itertools.count(1)
        self.client, self.secret, self.refresh, self.is_revoked = CLIENT, SECRET, REFRESH, False
        self.robot = None  # the key file of the service account
        self.delegated = set()  # users for whom it may act
        self.users = {}  # of each token: who asks; None for the account itself

    @property
    def token_url(self):
        return self.url + "/token"

    def refuse(self, reason, times=1, method=None, path=None, message=None, **headers):
        is_token = reason in TOKEN_REASONS
        self.fail("answer", times, method, path or ("/token" if is_token else self.api))
        self.faults[-1].answer = token_error(reason, **headers) if is_token else error(reason, message, **headers)

    def expire(self):
        """No access token that was given out is good any more."""
        self.tokens.clear()

    # --- Tokens

    def give_token(self, request):
        if request.value("grant_type") == ASSERTION:
            return self.give_robot_token(request)
        if request.value("grant_type") != "refresh_token":
            return token_error("unsupported_grant_type")
        if (request.value("client_id"), request.value("client_secret")) != (self.client, self.secret):
            return token_error("invalid_client")
        if not request.value("refresh_token"):
            return token_error("invalid_request")
        if request.value("refresh_token") != self.refresh or self.is_revoked:
            return token_error("invalid_grant")
        return self.token(" ".join(self.scopes))

    def token(self, scope, user=None):
        token = f"ya29.double-{next(self.issued)}"
        self.tokens[token] = time.monotonic() + self.lifetime
        self.users[token] = user
        return Answer(200, {"access_token": token, "expires_in": self.lifetime, "scope": scope, "token_type": "Bearer"})

    def add_service_account(self):
        """The JSON key file of a new service account, as Google's console makes it."""
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        email = "robot@acme-double.iam.gserviceaccount.com"
        self.robot = {"id": "key-1", "email": email, "public": public}
        return {
            "type": "service_account", "project_id": "acme-double", "private_key_id": "key-1", "private_key": private.decode(),
            "client_email": email, "client_id": "1234", "token_uri": self.token_url}

    def give_robot_token(self, request):
        """An assertion is checked by Google's own library: signature, times, and for whom it is."""
        from google.auth import exceptions, jwt

        if not self.robot or self.is_revoked:
            return token_error("invalid_grant")
        try:
            header = jwt.decode_header(request.value("assertion", ""))
            # Google's own library always names Google's endpoint, whatever the key file says.
            claims = jwt.decode(
                request.value("assertion", ""), certs={self.robot["id"]: self.robot["public"]},
                audience=[self.token_url, "https://oauth2.googleapis.com/token"])
        except (ValueError, exceptions.GoogleAuthError):
            return token_error("invalid_grant")
        if header.get("alg") != "RS256" or claims["iss"] != self.robot["email"] or claims["exp"] - claims["iat"] > 3600:
            return token_error("invalid_grant")
        if "sub" in claims and claims["sub"] not in self.delegated:
            return token_error("unauthorized_client")
        if not set(claims["scope"].split()) <= set(self.scopes):
            return token_error("access_denied")
        return self.token(claims["scope"], claims.get("sub") or self.robot["email"])

    def is_known(self, token):
        """Whether it is an access token that is good now; for the mail servers that are beside a double, too."""
        return self.tokens.get(token, 0) > time.monotonic()

    def may(self, *scopes):
        """Refuses what none of the granted scopes allows; the last of the names is as Google's document has it."""
        if not any(scope.rsplit("/", 1)[-1] in scopes or scope == "https://mail.google.com/" for scope in self.scopes):
            raise Refused(error("insufficientPermissions"))

    # --- The API

    def respond(self, request):
        if (request.method, request.path) == ("POST", "/token"):
            return self.give_token(request)
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or not self.is_known(token):
            return error("authError")
        request.user = self.users[token] or self.address
        try:
            answer = self.route(request)
        except Refused as refused:
            return refused.answer
        fields = request.value("fields")
        if fields and answer.status < 400 and answer.json is not None:
            answer = Answer(answer.status, kept(answer.json, mask_tree(fields)), answer.headers)
        return answer

    def read_json(self, request):
        try:
            body = json.loads(request.body or b"{}")
        except ValueError:
            raise Refused(error("invalidArgument", "Invalid JSON payload received."))
        return body if isinstance(body, dict) else {}

    def control(self, name, order):
        if name in ("expire", "revoke"):
            self.expire()
            self.is_revoked = name == "revoke"
            return None
        if name == "scopes":
            self.scopes = [scope if ":" in scope else f"https://www.googleapis.com/auth/{scope}" for scope in order["scopes"]]
            return None
        if name == "lifetime":
            self.lifetime = order["seconds"]
            return None
        if name == "refuse":
            return self.refuse(**order)
        return super().control(name, order)


def mask_tree(fields):
    """What `a,b/c,d(e,f)` names (Gmail API, "Performance tips"), as a tree of names."""
    tree = {}
    stack = [tree]
    for name, mark in re.findall(r"([\w/*]*)([,()]|$)", fields):
        inner = stack[-1]
        for step in filter(None, name.split("/")):
            inner = inner.setdefault(step, {})
        if mark == "(":
            stack.append(inner)
        elif mark == ")":
            stack.pop()
    return tree


def kept(value, tree):
    if not tree:
        return value
    if isinstance(value, list):
        return [kept(item, tree) for item in value]
    if isinstance(value, dict):
        return {name: kept(inner, tree[name]) for name, inner in value.items() if name in tree}
    return value
