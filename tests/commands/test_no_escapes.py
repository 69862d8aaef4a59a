"""Whatever a server answers and a user types, nothing reaches the terminal that could steer it."""

import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from focuscli.paths import Paths
from tests.commands.conftest import Focus
from tests.fakes.engine import FakeEngine, Reply, envelope

STEERING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
HOSTILE = "\x1b[2J\x1b]52;c;aGk=\x07\x9b31m\u202eevil\u2066\x00\x7f\r\b\ud800\ue000\u2028"

many = settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
texts = st.text(st.characters()).map(lambda text: HOSTILE[: len(text)] + text)


def assert_harmless(shown: str) -> None:
    steering = {repr(c) for c in shown if c not in "\n\t" and unicodedata.category(c) in STEERING}
    assert not steering


def session(text: str, **fields: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "session_id": text or "x", "status": "active", "goal": "focus", "engine": text or "x", "target_minutes": 1,
        "total_segments": 1, "ready_count": 0, "segments": [], "more_pending": True, "next_ready_at": None,
    }  # fmt: skip
    return whole | fields


COMMANDS = [["status"], ["status", "x"], ["list"], ["end", "x"], ["start"], ["doctor"], ["status", "--json"],
            ["list", "--json"], ["status", "x", "--format", "{id} {engine} {goal}"]]  # fmt: skip


@many
@given(text=texts)
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_what_a_server_answers_steers_no_terminal(focus: Focus, fake: FakeEngine, words: list[str], text: str) -> None:
    page = {"items": [session(text)], "limit": 50, "offset": 0}
    fake.health = text
    for reply in (
        Reply(200, page if words[0] == "list" else session(text)),
        Reply(200, page),
        Reply(200, session(text, status=text, goal=text)),
        Reply(403, {"error": {"system_message": text, "message": text, "trace_id": text, "details": {"field": text}}}),
        envelope(422, text, text, field=text),
        Reply(404, text.encode("utf-8", "replace")),
    ):
        fake.answers[:] = [reply] * 3
        done = focus(*words)
        assert_harmless(done.out + done.err)
    fake.answers.clear()


@many
@given(text=texts)
@pytest.mark.parametrize(
    "words",
    [["{}"], ["status", "{}"], ["end", "{}"], ["--remote", "{}", "list"], ["status", "--format", "{}"],
     ["engine", "{}"], ["start", "--goal", "{}"], ["start", "--prompt", "{}", "--explain"], ["--color", "{}"],
     ["start", "--{}"], ["end", "{}", "--json"], ["engine", "key", "revoke", "{}"]],
    ids=" ".join,
)  # fmt: skip
def test_what_a_user_types_steers_no_terminal(focus: Focus, fake: FakeEngine, words: list[str], text: str) -> None:
    typed = text.replace("\x00", "")
    done = focus(*(typed if word == "{}" else word.replace("{}", typed) for word in words))
    assert_harmless(done.out + done.err)


def test_what_is_in_the_log_and_in_the_published_address_steers_no_terminal(
    focus: Focus, fake: FakeEngine, paths: Paths
) -> None:
    fake.hello |= {"version": HOSTILE.replace("\ud800", ""), "build": "\x1b[31m"}
    paths.engine_log.write_text(HOSTILE.replace("\ud800", "") + "\n", encoding="utf-8")
    for words in (["engine", "status"], ["engine", "logs"], ["version"], ["doctor"]):
        done = focus(*words)
        assert "\ufffd" in done.out + done.err
        assert_harmless(done.out + done.err)
