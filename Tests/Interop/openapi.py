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
counted = {"requests": 0}


@functools.cache
def documents() -> list[dict] | None:
    folder = schema_folder()
    found = folder is not None and all((folder / name).is_file() for name in DOCUMENTS)
    if not found:
        assert not os.environ.get("CI"), "CI must validate against Twilio's documents in ../shared/schema, and they are not there"
        return None
    return [json.loads((folder / name).read_text()) for name in DOCUMENTS]


def translated(schema):
    """A schema of OpenAPI 3.0 as one of JSON Schema 2020-12."""
    if isinstance(schema, list):
        return [translated(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: translated(value) for key, value in schema.items() if key not in ("nullable", "example", "examples", "x-twilio", "format")}
    if schema.get("nullable") and "type" in schema:
        result["type"] = [schema["type"], "null"]
        if "enum" in schema:
            result["enum"] = [*schema["enum"], None]
    return result


@functools.cache
def operations() -> list[tuple[re.Pattern, str, dict, dict]]:
    """(path, method, operation, translated components) of every operation."""
    found = []
    for document in documents() or []:
        components = {"schemas": translated(document["components"]["schemas"])}
        for path, item in document["paths"].items():
            pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
            for method in ("get", "post", "delete"):
                if method in item:
                    found.append((pattern, method.upper(), item[method], components))
    return found


def check(request, answer) -> None:
    """Raises for a request or an answer that the documents have no form for."""
    path = request.path.removeprefix("/api/laml")
    if UNDOCUMENTED.search(path) or documents() is None:
        return
    operation, components = next(
        ((o, c) for p, m, o, c in operations() if m == request.method and p.fullmatch(path)), (None, None))
    assert operation, f"there is no {request.method} {path}"
    counted["requests"] += 1
    known = {p["name"]: p["schema"] for p in operation["parameters"] if p["in"] == "query"}
    fields(request.query, known, [p["name"] for p in operation["parameters"] if p["in"] == "query" and p.get("required")], components, path)
    body = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {}).get("schema", {})
    fields(request.form, body.get("properties", {}), body.get("required", []), components, path)
    assert request.form or request.method == "GET" or not body.get("required"), f"{path} has no form"

    signalwire = request.path.startswith("/api/laml")
    assert str(answer.status) in operation["responses"], f"{path} is not answered with {answer.status}"
    schema = operation["responses"][str(answer.status)]["content"]["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator({**translated(schema), "components": components})
    # An id of SignalWire's is a UUID where Twilio's document wants its own shape.
    wrong = [e for e in validator.iter_errors(answer.json) if not (signalwire and e.validator in ("pattern", "minLength", "maxLength"))]
    # The documents give relative addresses the format of absolute ones, so formats are not looked at.
    assert not wrong, f"{path}: {wrong[0].json_path}: {wrong[0].message}"
    target = schema
    while "$ref" in target:
        target = components["schemas"][target["$ref"].rsplit("/", 1)[1]]
    extra = set(answer.json) - set(target["properties"])
    assert not extra, f"{path} answers with unknown members: {extra}"


def fields(given: list[tuple[str, str]], known: dict, required: list[str], components: dict, path: str) -> None:
    names = [name for name, _ in given]
    assert not set(names) - set(known), f"{path} takes no {set(names) - set(known)}"
    assert not set(required) - set(names), f"{path} needs {set(required) - set(names)}"
    for name in set(names):
        schema = {**translated(known[name]), "components": components}
        texts = [value for field, value in given if field == name]
        kind = schema.get("type")
        if "$ref" in schema:
            kind = components["schemas"][schema["$ref"].rsplit("/", 1)[1]].get("type")
        value = texts if kind == "array" else texts[0]
        assert kind == "array" or len(texts) == 1, f"{path}: {name} stands there {len(texts)} times"
        if kind == "boolean":
            assert value in ("true", "false"), f"{path}: {name}={value}"
        elif kind == "integer":
            assert re.fullmatch(r"-?\d+", value), f"{path}: {name}={value}"
        else:
            jsonschema.Draft202012Validator(schema).validate(value)
