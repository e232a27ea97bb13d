"""Is this what Twilio's own OpenAPI documents allow? Asked of every request that reaches the double, and of every answer it gives.

The documents stand in `../shared/schema` beside the repository (with CI=true they must). Of the parts of the API that they leave
out (audio, SignalWire's look-up) nothing is said here.
"""

import functools
import json
import os
import re

import jsonschema

from validate import schema_folder

DOCUMENTS = ("twilio_api_v2010.json", "twilio_lookups_v2.json")
UNDOCUMENTED = re.compile(r"/Recordings/[^/]+\.(wav|mp3)$|^/api/relay/")
# The formats that are looked at. Not `uri`: the documents give relative addresses that format too.
FORMATS = jsonschema.FormatChecker(formats=())
counted = {"requests": 0}


@FORMATS.checks("date-time-rfc-2822")
def is_rfc_2822(value) -> bool:
    """As Twilio writes it: Wed, 18 Aug 2010 20:01:40 +0000."""
    pattern = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d [+-]\d{4}"
    return not isinstance(value, str) or re.fullmatch(pattern, value) is not None


def are_there() -> bool:
    folder = schema_folder()
    return folder is not None and all((folder / name).is_file() for name in DOCUMENTS)


@functools.cache
def documents() -> list[dict] | None:
    if not are_there():
        assert not os.environ.get("CI"), "CI must validate against Twilio's documents in ../shared/schema, and they are not there"
        return None
    return [json.loads((schema_folder() / name).read_text()) for name in DOCUMENTS]


def translated(schema):
    """A schema of OpenAPI 3.0 as one of JSON Schema 2020-12; an object has the members it names and no others."""
    if isinstance(schema, list):
        return [translated(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: translated(value) for key, value in schema.items() if key not in ("nullable", "example", "examples", "x-twilio")}
    if schema.get("type") == "object" and isinstance(schema.get("properties"), dict):
        result.setdefault("additionalProperties", False)
    if schema.get("nullable") and isinstance(schema.get("type"), str):
        result["type"] = [schema["type"], "null"]
        if "enum" in schema:
            result["enum"] = [*schema["enum"], None]
    elif schema.get("nullable") and "$ref" in schema:
        return {"anyOf": [{"$ref": schema["$ref"]}, {"type": "null"}]}
    return result


def nulls(value, path: tuple = ()) -> set[tuple]:
    """Where null stands in a value; every place of a list is one place."""
    if isinstance(value, dict):
        return set().union(*(nulls(inner, (*path, name)) for name, inner in value.items()))
    if isinstance(value, list):
        return set().union(*(nulls(inner, (*path, 0)) for inner in value))
    return {path} if value is None else set()


class Operation:
    """One operation of the documents, as a judge of requests to it and answers of it."""

    def __init__(self, path: str, method: str, operation: dict, components: dict) -> None:
        self.name, self.components = f"{method} {path}", components
        self.pattern, self.method = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), method
        query = [p for p in operation["parameters"] if p["in"] == "query"]
        form = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {}).get("schema", {})
        self.query = {p["name"]: translated(p["schema"]) for p in query}
        self.form = {name: translated(schema) for name, schema in form.get("properties", {}).items()}
        self.required = {p["name"] for p in query if p.get("required")}, set(form.get("required", []))
        answers = {int(status): response.get("content", {}).get("application/json") for status, response in operation["responses"].items()}
        self.responses = {status: self.validator(translated(content["schema"])) for status, content in answers.items() if content}
        # Lookup's document has null in its examples where its schemas do not allow it; so has the real answer.
        self.nulls = set().union(*(
            nulls(example["value"]) for content in answers.values() if content for example in content.get("examples", {}).values()))

    def validator(self, schema: dict) -> jsonschema.Draft202012Validator:
        return jsonschema.Draft202012Validator({**schema, "components": self.components}, format_checker=FORMATS)

    def check_request(self, request) -> None:
        self.check_fields(request.query, self.query, self.required[0])
        self.check_fields(request.form, self.form, self.required[1])
        if request.body:
            kind = request.headers.get("Content-Type", "").partition(";")[0]
            assert self.form and kind == "application/x-www-form-urlencoded", f"{self.name} takes no body of {kind}"

    def check_fields(self, given: list[tuple[str, str]], known: dict, required: set[str]) -> None:
        names = {name for name, _ in given}
        assert not names - set(known), f"{self.name} takes no {names - set(known)}"
        assert not required - names, f"{self.name} needs {required - names}"
        for name in names:
            self.check_field(name, [value for field, value in given if field == name], known[name])

    def check_field(self, name: str, texts: list[str], schema: dict) -> None:
        kind = schema.get("type")
        if "$ref" in schema:
            kind = self.components["schemas"][schema["$ref"].rsplit("/", 1)[1]].get("type")
        assert kind == "array" or len(texts) == 1, f"{self.name}: {name} stands there {len(texts)} times"
        if kind == "boolean":
            assert texts[0] in ("true", "false"), f"{self.name}: {name}={texts[0]}"
        elif kind == "integer":
            assert re.fullmatch(r"-?\d+", texts[0]), f"{self.name}: {name}={texts[0]}"
        else:
            wrong = jsonschema.exceptions.best_match(self.validator(schema).iter_errors(texts if kind == "array" else texts[0]))
            assert wrong is None, f"{self.name}: {name}={texts}: {wrong.message}"

    def check_answer(self, answer, of_signalwire: bool) -> None:
        assert answer.status in self.responses, f"{self.name} is not answered with {answer.status}"
        for wrong in self.responses[answer.status].iter_errors(answer.json):
            # An id of SignalWire's is a UUID where Twilio's document wants its own shape.
            shape = of_signalwire and wrong.validator in ("pattern", "minLength", "maxLength")
            place = tuple(0 if isinstance(step, int) else step for step in wrong.absolute_path)
            if not shape and not (wrong.instance is None and place in self.nulls):
                raise AssertionError(f"{self.name}: {wrong.json_path}: {wrong.message}")


@functools.cache
def operations() -> list[Operation]:
    found = []
    for document in documents() or []:
        components = {"schemas": translated(document["components"]["schemas"])}
        for path, item in document["paths"].items():
            is_list = path.endswith(("/Accounts/{Sid}.json", "/IncomingPhoneNumbers.json", "/OutgoingCallerIds.json"))
            if is_list or any(part in path for part in ("/Calls", "/Recordings", "/Messages", "/PhoneNumbers/")):
                found += [Operation(path, m.upper(), item[m], components) for m in ("get", "post", "delete") if m in item]
    return found


def check(request, answer) -> None:
    """Raises for a request, or an answer (None for none), that the documents have no form for."""
    path = request.path.removeprefix("/api/laml")
    if UNDOCUMENTED.search(path) or documents() is None:
        return
    counted["requests"] += 1
    operation = next((o for o in operations() if o.method == request.method and o.pattern.fullmatch(path)), None)
    assert operation, f"there is no {request.method} {path}"
    operation.check_request(request)
    if answer is not None:
        operation.check_answer(answer, request.path.startswith("/api/laml"))
