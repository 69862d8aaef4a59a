"""The OpenAPI document is what the types say, what is kept says the same, and every route is in it."""

import json
from collections.abc import Callable

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscli.engine.envelope import ApiError
from focuscli.engine.openapi import FILE, document, main, text
from focuscli.engine.operations import OPERATIONS
from focuscli.engine.start_request import parse_start, parse_title
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


def checker(body: str, **narrowed: object) -> jsonschema_rs.Draft202012Validator:
    """What the document says of a body."""
    spec = document()
    for name, schema in narrowed.items():
        spec["components"]["schemas"][body]["properties"][name] = schema
    return jsonschema_rs.Draft202012Validator({"$ref": f"#/components/schemas/{body}", **spec})


BLANKS = " \t\n\r\x0b\x0c\x1c\x1f\x85\xa0\u2003\u3000\ufeff"
TEXTS = st.one_of(
    st.text(max_size=3), st.text(BLANKS, max_size=4), st.sampled_from(["x" * 2000, "x" * 2001, "é" * 201])
)
ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(-2, 1442), TEXTS, st.just([]))
STARTS = st.fixed_dictionaries(
    {
        "goal": st.one_of(st.sampled_from(["focus", "relax", "sleep", "energize", "custom_prompt"]), ANYTHING),
        "target_minutes": st.one_of(st.sampled_from([1, 60, 1440]), ANYTHING),
    },
    optional={
        "custom_prompt": TEXTS,
        "intensity": st.one_of(st.sampled_from(["low", "medium", "high"]), ANYTHING),
        "divergence": st.one_of(st.sampled_from([0, 0.5, 1, 1.0, -0.0, 1.0000001]), ANYTHING),
        "engine": st.one_of(st.just("procedural"), ANYTHING),
        "unknown": ANYTHING,
    },
)
ENGINE = {"engine": {"enum": ["procedural", None]}}
START = [checker("StartBody", **ENGINE), checker("PromptStartBody", **ENGINE)]
PROMOTE = checker("PromoteBody")


def is_taken(parse: Callable[[bytes], object], body: object) -> bool:
    try:
        parse(json.dumps(body).encode())
    except ApiError:
        return False
    return True


@given(STARTS)
def test_a_start_is_taken_where_the_document_says_so(body: dict[str, object]) -> None:
    taken = is_taken(lambda text: parse_start(text, only_procedural), body)
    assert taken is any(kind.is_valid(body) for kind in START)


def only_procedural(engine_key: str, _minutes: int) -> str | None:
    return None if engine_key == "procedural" else "not here"


@given(st.one_of(st.fixed_dictionaries({}, optional={"title": ANYTHING, "name": ANYTHING}), ANYTHING))
def test_a_title_is_taken_where_the_document_says_so(body: object) -> None:
    assert is_taken(parse_title, body) is PROMOTE.is_valid(body)
