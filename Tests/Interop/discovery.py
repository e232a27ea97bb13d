"""Is this what Google's own discovery documents for Gmail (v1) and Calendar (v3) allow? Asked of every request that reaches a double,
and of every answer it gives.

The documents come with `google-api-python-client`. Unknown parameters and unknown members are errors; so is a number where a
document has a string (its int64 is one). The token endpoint has no such document: RFC 6749, 6 and 5.1, and RFC 7523, 2.1, stand here
instead.
"""

import functools
import json
import re
import sys
from email.parser import BytesParser
from importlib.resources import files
from pathlib import Path

import jsonschema

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Doubles"))
from googlesite import ASSERTION, mask_tree  # noqa: E402

counted = {"requests": 0}
FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("byte")
def is_base64_for_urls(value) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"[A-Za-z0-9_-]*={0,2}", value) is not None


@FORMATS.checks("uint64")
def is_unsigned(value) -> bool:
    return not isinstance(value, str) or value.isdecimal() and int(value) < 1 << 64


@FORMATS.checks("int64")
def is_signed(value) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"-?\d+", value) is not None and abs(int(value)) < 1 << 63


@FORMATS.checks("date-time")
def is_moment(value) -> bool:
    """RFC 3339: with its offset, for none of our requests leaves it to a zone."""
    return not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value) is not None


@FORMATS.checks("date")
def is_day(value) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


@functools.cache
def document(api: str) -> dict:
    return json.loads((files("googleapiclient") / f"discovery_cache/documents/{api}.json").read_text())


def translated(schema):
    """A schema of the document as one of JSON Schema: references by name, and no members but those that it names."""
    if isinstance(schema, list):
        return [translated(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str):
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    result = {key: translated(schema[key]) for key in ("type", "format", "items", "enum", "additionalProperties") if key in schema}
    if "properties" in schema:
        result["properties"] = {name: translated(inner) for name, inner in schema["properties"].items()}
        result.setdefault("additionalProperties", False)
    return result


@functools.cache
def validator(api: str, name: str) -> jsonschema.Draft202012Validator:
    schemas = {key: translated(schema) for key, schema in document(api)["schemas"].items()}
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schemas}, format_checker=FORMATS)


def conforms(value, api: str, name: str, of: str) -> None:
    wrong = jsonschema.exceptions.best_match(validator(api, name).iter_errors(value))
    assert wrong is None, f"{of}: {wrong.json_path}: {wrong.message}"


def without_nulls(value):
    """A patch without what it takes away ("Patch semantics"), which no schema knows of."""
    if isinstance(value, dict):
        return {name: without_nulls(inner) for name, inner in value.items() if inner is not None}
    return value


def check_fields(tree: dict, api: str, about: dict, name: str) -> None:
    """Whether a partial answer is asked for by members that there are: Google refuses others."""
    for member, below in tree.items():
        inner = about.get("properties", {}).get(member)
        assert inner, f"{name} has no member {member}"
        inner = inner.get("items", inner)
        if reference := inner.get("$ref"):
            inner = document(api)["schemas"][reference]
        assert not below or "properties" in inner, f"{name}.{member} has no members"
        check_fields(below, api, inner, f"{name}.{member}")


class Operation:
    """One method of the document, as a judge of requests to it and answers of it."""

    def __init__(self, api: str, method: dict) -> None:
        self.api, self.name, self.method, self.about = api, method["id"], method["httpMethod"], method
        self.pattern = self.path(document(api)["servicePath"] + method["path"])
        simple = method.get("mediaUpload", {}).get("protocols", {}).get("simple", {}).get("path")
        self.upload = self.path(simple.removeprefix("/")) if simple else None
        self.query = {
            **document(api)["parameters"], **{n: p for n, p in method.get("parameters", {}).items() if p["location"] == "query"}}

    @staticmethod
    def path(template: str) -> re.Pattern:
        return re.compile("/" + re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)))

    def check_query(self, query: list[tuple[str, str]]) -> None:
        for name, text in query:
            assert name in self.query, f"{self.name} takes no {name}"
            about = self.query[name]
            assert about.get("repeated") or sum(n == name for n, _ in query) == 1, f"{self.name}: {name} stands there more than once"
            assert text in about.get("enum", [text]), f"{self.name}: {name}={text}"
            if about["type"] == "integer":
                assert text.isdecimal() and int(about.get("minimum", 0)) <= int(text) <= int(about.get("maximum", 1 << 32)), f"{self.name}: {name}={text}"
            if about["type"] == "boolean":
                assert text in ("true", "false"), f"{self.name}: {name}={text}"
            if "format" in about:
                assert FORMATS.conforms(text, about["format"]), f"{self.name}: {name}={text} is no {about['format']}"

        if mask := dict(query).get("fields"):
            name = self.about["response"]["$ref"]
            check_fields(mask_tree(mask), self.api, document(self.api)["schemas"][name], name)

    def check_body(self, request, is_upload: bool) -> None:
        kind = request.headers.get("Content-Type", "").partition(";")[0]
        if is_upload:
            how = request.value("uploadType")
            assert len(request.body) <= int(self.about["mediaUpload"]["maxSize"])
            if how == "media":
                assert kind == "message/rfc822", f"{self.name}: {kind} is uploaded"
                return
            assert how == "multipart" and kind == "multipart/related", f"{self.name}: an upload {how} of {kind}"
            head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
            about, media = BytesParser().parsebytes(head + request.body).get_payload()
            assert about.get_content_type() == "application/json" and media.get_content_type() == "message/rfc822"
            return conforms(json.loads(about.get_payload()), self.api, self.about["request"]["$ref"], self.name)
        if "request" not in self.about:
            assert not request.body, f"{self.name} takes no body"
            return None
        assert kind == "application/json", f"{self.name}: a body of {kind}"
        body = json.loads(request.body)
        return conforms(without_nulls(body) if self.method == "PATCH" else body, self.api, self.about["request"]["$ref"], self.name)

    def check_answer(self, answer) -> None:
        if "response" in self.about:
            assert answer.status == 200, f"{self.name} is not answered with {answer.status}"
            conforms(answer.json, self.api, self.about["response"]["$ref"], self.name)
        else:
            assert answer.status == 204 and not answer.body, f"{self.name} is answered with nothing"


@functools.cache
def operations() -> list[Operation]:
    found, resources = [], [(api, document(api)) for api in ("gmail.v1", "calendar.v3")]
    while resources:
        api, resource = resources.pop()
        found += [Operation(api, method) for method in resource.get("methods", {}).values()]
        resources += [(api, inner) for inner in resource.get("resources", {}).values()]
    return found


def check_token(request, answer) -> None:
    """RFC 6749, 6 and 5.1, with the client's credentials in the form as Google wants them; RFC 7523, 2.1, where they are an assertion."""
    assert request.method == "POST" and request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
    names = [name for name, _ in request.form]
    is_signed = request.value("grant_type") == ASSERTION
    wanted = ["assertion", "grant_type"] if is_signed else ["client_id", "client_secret", "grant_type", "refresh_token"]
    assert sorted(names) == wanted, f"a token is asked for with {names}"
    assert is_signed or request.value("grant_type") == "refresh_token"
    assert not request.query
    assert "Authorization" not in request.headers, "the client says who it is once"
    if answer is not None:
        assert {"access_token", "expires_in", "token_type"} <= set(answer.json) and answer.json["token_type"] == "Bearer"


def check(request, answer) -> None:
    """Raises for a request, or an answer (None for none), that the document has no form for."""
    counted["requests"] += 1
    if request.path == "/token":
        return check_token(request, answer)
    is_upload = request.path.startswith("/upload/")
    operation = next(
        (o for o in operations() if o.method == request.method and (o.upload if is_upload else o.pattern)
         and (o.upload if is_upload else o.pattern).fullmatch(request.path)), None)
    assert operation, f"there is no {request.method} {request.path}"
    operation.check_query(request.query)
    operation.check_body(request, is_upload)
    if answer is not None:
        operation.check_answer(answer)
