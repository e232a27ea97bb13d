"""Is this what Resend's own OpenAPI document allows? Asked of every request that reaches the double, and of every answer it gives.

The document stands in `../shared/schema` beside the repository (with CI=true it must).
"""

import functools
import json
import os

import jsonschema

from openapi import translated
from validate import schema_folder

counted = {"requests": 0}


def is_there() -> bool:
    folder = schema_folder()
    return folder is not None and (folder / "resend.json").is_file()


@functools.cache
def document() -> dict | None:
    if not is_there():
        assert not os.environ.get("CI"), "CI must validate against Resend's document in ../shared/schema, and it is not there"
        return None
    return json.loads((schema_folder() / "resend.json").read_text())


@functools.cache
def validator(method: str, path: str, status: str | None) -> jsonschema.Draft202012Validator:
    operation = document()["paths"][path][method]
    place = operation["requestBody"] if status is None else operation["responses"][status]
    # What the document leaves open is open: `headers` is an object of any names.
    schema = translated(place["content"]["application/json"]["schema"])
    schemas = {name: translated(inner) for name, inner in document()["components"]["schemas"].items()}
    return jsonschema.Draft202012Validator({**schema, "components": {"schemas": schemas}})


def conforms(value, judge: jsonschema.Draft202012Validator) -> None:
    wrong = jsonschema.exceptions.best_match(judge.iter_errors(value))
    assert wrong is None, f"{wrong.json_path}: {wrong.message}"


def check(request, answer) -> None:
    """Raises for a request, or an answer (None for none), that the document has no form for."""
    if document() is None:
        return
    counted["requests"] += 1
    operation = document()["paths"].get(request.path, {}).get(request.method.lower())
    assert operation, f"there is no {request.method} {request.path}"
    assert not request.query, f"{request.path} takes no {request.query}"
    if "requestBody" in operation:
        assert request.headers.get("Content-Type", "").startswith("application/json")
        key = request.headers.get("Idempotency-Key")
        assert key is None or 1 <= len(key) <= 256, f"an idempotency key of {len(key)} characters"
        conforms(json.loads(request.body), validator(request.method.lower(), request.path, None))
    else:
        assert not request.body, f"{request.method} {request.path} takes no body"
    if answer is not None:
        conforms(answer.json, validator(request.method.lower(), request.path, str(answer.status)))
