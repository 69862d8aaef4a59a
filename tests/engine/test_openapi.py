"""The OpenAPI document is what the types say, what is kept says the same, and every route is in it."""

import json

import pytest

from focuscli.engine.openapi import FILE, OPERATIONS, document, main, text
from tests.engine.rig import Rig


def test_the_kept_copy_is_the_one_that_the_types_make() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "write it anew: python -m focuscli.engine.openapi --write"


def test_the_command_prints_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert json.loads(capsys.readouterr().out) == document()


def test_the_engine_serves_it_to_everyone(quiet_rig: Rig) -> None:
    answer = quiet_rig.ask("GET", "/v1/openapi.json", key=None)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json == document()


def test_every_route_is_described_and_nothing_else(quiet_rig: Rig) -> None:
    described = {(operation.method, operation.path) for operation in OPERATIONS}
    served = {
        (method, route.path.replace("{path:path}", "{path}"))
        for route in quiet_rig.parts.face._routes.routes  # type: ignore[attr-defined]
        for method in route.app._endpoints
        if method != "HEAD"
    }
    assert described == served


def test_every_operation_says_whether_it_needs_a_key(quiet_rig: Rig) -> None:
    for operation in OPERATIONS:
        path = operation.path.replace("{organization_id}", "org_local")
        status = quiet_rig.ask(operation.method, path, key=None).status
        assert (status == 401) is operation.key, operation.path


def test_links_lead_to_operations_that_exist() -> None:
    names = {operation.name for operation in OPERATIONS}
    assert len(names) == len(OPERATIONS)
    assert {name for operation in OPERATIONS for name in operation.links} <= names
