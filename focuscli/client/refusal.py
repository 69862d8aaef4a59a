"""What an engine's answer means here: the object it carries, or the error of ours that its refusal is."""

import json
from collections.abc import Mapping
from typing import Any

from focuscli.client.answer import Answer
from focuscli.errors import (
    Conflict,
    EngineFailed,
    FocusError,
    LimitReached,
    NotFound,
    NotSignedIn,
    UsageError,
)
from focuscli.plain_text import printable


def object_of(answer: Answer, host: str) -> dict[str, Any]:
    """The JSON object of a successful answer; raises the error that the refusal stands for, or EngineFailed."""
    if not 200 <= answer.status < 300:
        raise refusal(answer, host)
    try:
        found = json.loads(answer.body)
    except ValueError as exc:
        raise EngineFailed(f"the engine at {host} answered with something that is not JSON") from exc
    if not isinstance(found, dict):
        raise EngineFailed(f"the engine at {host} answered with JSON that is not an object")
    return found


def refusal(answer: Answer, host: str) -> FocusError:
    """The error of ours for an answer that is not a success, naming the host that was asked."""
    error = _envelope(answer)
    said = printable(error.get("system_message") or error.get("message") or f"HTTP status {answer.status}")
    request_id = printable(error.get("trace_id") or answer.headers.get("x-request-id", ""), 64) or None
    details = error.get("details")
    listed = "tracks" if isinstance(details, dict) and "track_id" in details else "list"
    return _translated(answer, f"{host}: {said}", _field(error), request_id, listed)


def _translated(answer: Answer, message: str, field: str, request_id: str | None, listed: str) -> FocusError:
    match answer.status:
        case 401 | 403:
            hint = "sign in with a key of that organization: focus auth login --organization ID\nsee: focus auth status"
            return NotSignedIn(message, hint=hint, request_id=request_id)
        case 404:
            return NotFound(message, hint=f"see what there is: focus {listed}", request_id=request_id)
        case 400 | 405 | 413 | 422:
            wrong = f"{message} (field {field})" if field and field not in message else message
            return UsageError(wrong, hint="see: focus start --help", request_id=request_id)
        case 409:
            return Conflict(message, request_id=request_id)
        case 402 | 429:
            after_s = retry_after_s(answer.headers)
            hint = f"try again in {after_s:g} s" if after_s is not None else "see: focus usage"
            return LimitReached(message, hint=hint, request_id=request_id, retry_after_s=after_s)
        case _:
            return EngineFailed(message, hint="try again; if it stays, see: focus doctor", request_id=request_id)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """The seconds that a `Retry-After` asks for, never negative; None where there is none that can be read."""
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        return None


def _envelope(answer: Answer) -> dict[str, Any]:
    try:
        error = json.loads(answer.body)["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return error if isinstance(error, dict) else {}


def _field(error: dict[str, Any]) -> str:
    details = error.get("details")
    return printable(details.get("field", ""), 64) if isinstance(details, dict) else ""
