"""The API as an OpenAPI document, made from the types of its bodies; what the engine serves is kept beside this file.

python -m focuscli.engine.openapi            # print it
python -m focuscli.engine.openapi --write    # write the copy anew
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from focuscli.engine.envelope import Envelope
from focuscli.engine.operations import AUDIO, OPERATIONS, Operation

FILE = Path(__file__).with_name("openapi.json")

_ERRORS = {
    400: "The session is not active.",
    401: "No key, or one that is not known.",
    403: "The key has no right to this organization or call, a web page asks, or the signature is not valid.",
    404: "Not there, or someone else's.",
    413: "The body is too long.",
    416: "The body has nothing of the range.",
    421: "The Host header names another server.",
    422: "A field, header or parameter makes no sense; `details.field` names it.",
    429: "The key asks too often; `Retry-After` says when to come back.",
    500: "A bug of the engine.",
    503: "Not now: shutting down, store locked, disk full, or audio being made again.",
}
_ALWAYS = (403, 421, 500, 503)

_COMMON_HEADERS = {
    "x-request-id": ("The error's `trace_id`.", "string"),
    "freddy-processing-ms": ("Milliseconds from request to answer.", "integer"),
    "freddy-api-version": ("The version of this API.", "string"),
    "aitronos-organization": ("The organization that answers.", "string"),
}


def document() -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    bodies = [Envelope, *(kind for operation in OPERATIONS for kind in _bodies(operation))]
    schemas, components = msgspec.json.schema_components(bodies, ref_template="#/components/schemas/{name}")
    by_body = dict(zip(map(str, bodies), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation, by_body)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "focus sessions",
            "version": "2025-01-01",
            "description": "Endless music for a purpose, made in segments ahead of the listener.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "headers": {
                name: {"description": description, "required": True, "schema": {"type": kind}}
                for name, (description, kind) in _COMMON_HEADERS.items()
            },
            "responses": {f"Error{status}": _error(status, by_body[str(Envelope)]) for status in _ERRORS},
            "securitySchemes": {
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _bodies(operation: Operation) -> Iterable[Any]:
    yield from (answer for answer in operation.answers.values() if answer != AUDIO)
    yield from operation.body
    yield from operation.refusals


def _described(operation: Operation, by_body: Mapping[str, Any]) -> dict[str, Any]:
    errors = {*operation.errors, *_ALWAYS, *((401, 429) if operation.key else ())}
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "security": [{"apiKey": []}, {"bearer": []}] if operation.key else [],
        "parameters": [*operation.path_parameters, *operation.parameters],
        "responses": {
            **{str(status): _success(operation, answer, by_body) for status, answer in operation.answers.items()},
            **{str(status): _refusal(operation, status, by_body) for status in sorted(errors)},
        },
    }
    if operation.body:
        schemas = [by_body[str(body)] for body in operation.body]
        content = {"application/json": {"schema": {"anyOf": schemas} if len(schemas) > 1 else schemas[0]}}
        described["requestBody"] = {"required": operation.body_required, "content": content}
    return described


def _success(operation: Operation, answer: Any, by_body: Mapping[str, Any]) -> dict[str, Any]:
    media = {AUDIO: {}} if answer == AUDIO else {"application/json": {"schema": by_body[str(answer)]}}
    response: dict[str, Any] = {"description": operation.summary, "headers": _headers(), "content": media}
    if operation.links:
        response["links"] = {name: _link(name, given) for name, given in operation.links.items()}
    return response


def _refusal(operation: Operation, status: int, by_body: Mapping[str, Any]) -> dict[str, Any]:
    if not operation.refusals:
        return {"$ref": f"#/components/responses/Error{status}"}
    return _error(status, {"anyOf": [by_body[str(body)] for body in (Envelope, *operation.refusals)]})


def _link(name: str, given: Mapping[str, str]) -> dict[str, Any]:
    return {"operationId": name, "parameters": dict(given)}


def _error(status: int, envelope: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": _ERRORS[status],
        "headers": _headers(),
        "content": {"application/json": {"schema": envelope}},
    }


def _headers() -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in _COMMON_HEADERS}


def text() -> str:
    """The document as it is kept."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Print the document, or write the kept copy anew."""
    if arguments == ["--write"]:
        FILE.write_text(text(), encoding="utf-8")
    else:
        sys.stdout.write(text())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
