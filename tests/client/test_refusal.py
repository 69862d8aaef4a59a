"""Every refusal of the contract becomes one error of ours, in words that are safe to print."""

import json

import pytest

from focuscli.client.answer import Answer
from focuscli.client.refusal import refusal
from focuscli.errors import ExitCode, LimitReached
from focuscli.plain_text import printable
from tests.fakes.engine import envelope

HOST = "api.aitronos.com"


@pytest.mark.parametrize(
    ("status", "exit_code"),
    [
        (401, ExitCode.NOT_SIGNED_IN),
        (403, ExitCode.NOT_SIGNED_IN),
        (404, ExitCode.NOT_FOUND),
        (405, ExitCode.USAGE),
        (409, ExitCode.CONFLICT),
        (413, ExitCode.USAGE),
        (422, ExitCode.USAGE),
        (402, ExitCode.LIMIT_REACHED),
        (429, ExitCode.LIMIT_REACHED),
        (500, ExitCode.ENGINE_UNREACHABLE),
        (503, ExitCode.ENGINE_UNREACHABLE),
        (302, ExitCode.ENGINE_UNREACHABLE),
    ],
)
def test_the_status_decides_the_exit_code(status: int, exit_code: ExitCode) -> None:
    body = json.dumps(envelope(status, "SOME_CODE", "why it was refused").body).encode()
    error = refusal(Answer(status, {}, body), HOST)
    assert error.exit_code is exit_code
    assert error.message == f"{HOST}: why it was refused"
    assert error.request_id == "req_jkl012mno"


def test_a_wrong_field_is_named() -> None:
    body = json.dumps(envelope(422, "VALIDATION_ERROR", "must not be blank", field="custom_prompt").body).encode()
    assert "(field custom_prompt)" in refusal(Answer(422, {}, body), HOST).message


def test_the_time_to_wait_is_told() -> None:
    error = refusal(Answer(429, {"retry-after": "7"}, b""), HOST)
    assert isinstance(error, LimitReached)
    assert (error.retry_after_s, error.hint) == (7, "try again in 7 s")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": "API key required"}', b'{"error": {}}', b"\xff"])
def test_an_error_without_the_envelope_is_still_an_error(body: bytes) -> None:
    error = refusal(Answer(500, {"x-request-id": "req_2"}, body), HOST)
    assert (error.message, error.request_id) == (f"{HOST}: HTTP status 500", "req_2")


def test_an_engines_words_cannot_steer_the_terminal() -> None:
    body = json.dumps(envelope(404, "X", "\x1b]52;c;AAAA\x07 \u202egone\n" + "x" * 1000).body).encode()
    message = refusal(Answer(404, {}, body), HOST).message
    assert message.isprintable()
    assert len(message) < 400


def test_printable_keeps_what_people_write() -> None:
    assert printable("Müller, 音楽 – ok") == "Müller, 音楽 – ok"
