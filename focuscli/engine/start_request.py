"""What comes with a start, checked once: what comes out is whole and sane, or the first field that is not is named."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from focuscli.engine import generators
from focuscli.engine.envelope import invalid
from focuscli.engine.wire import MAX_TITLE_CHARACTERS, VISIBLE
from focuscli.model import MAX_PROMPT_CHARACTERS, MAX_TARGET_MINUTES, Goal, Intensity, Modulation

FIELDS = ("goal", "target_minutes", "custom_prompt", "intensity", "divergence", "engine")
LARGEST_SEED = 2**63 - 1
LEASE_S = (5, 86_400)


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What a client asked for. `prompt` is empty unless the goal is `custom_prompt`."""

    goal: Goal
    target_minutes: int
    prompt: str
    intensity: Intensity
    divergence: float
    engine_key: str

    def canonical(self, extension: "Extension") -> bytes:
        """The same bytes for the same request, however it was spelled."""
        beside: dict[str, Any] = {"seed": extension.seed}
        if extension.modulation is not None:  # requests of an older program keep the bytes that they had
            beside["modulation"] = extension.modulation
        if extension.lease_s is not None:
            beside["lease"] = extension.lease_s
        return msgspec.json.encode({**asdict(self), **beside}, order="sorted")


@dataclass(frozen=True, slots=True)
class Extension:
    """Wishes of our own, in headers beside the documented body; None where one is left to the engine."""

    seed: int | None = None
    modulation: Modulation | None = None
    lease_s: int | None = None


def parse_start(body: bytes, refusal: Callable[[str, int], str | None] = generators.refusal) -> StartRequest:
    """Check a body; `refusal` says why a generator cannot be had for so many minutes.

    Raises ApiError 422 with the field's name.
    """
    given = _object(body)
    for name in given:
        if name not in FIELDS:
            raise invalid(name, f"{name} is not a known field")
    fields = {name: value for name, value in given.items() if value is not None}
    goal = Goal(_required(fields, "goal", _one_of(tuple(Goal))))
    minutes = _required(fields, "target_minutes", _minutes)
    return StartRequest(
        goal=goal,
        target_minutes=minutes,
        prompt=_prompt(fields, goal),
        intensity=Intensity(_optional(fields, "intensity", _one_of(tuple(Intensity)), Intensity.MEDIUM)),
        divergence=_optional(fields, "divergence", _divergence, 0.0),
        engine_key=_optional(fields, "engine", _engine(refusal, minutes), generators.DEFAULT_KEY),
    )


def parse_title(body: bytes) -> str | None:
    """The title in the body of a promotion, which may be empty; raises ApiError 422 with the field's name."""
    given = _object(body) if body.strip() else {}
    for name in given:
        if name != "title":
            raise invalid(name, f"{name} is not a known field")
    title = given.get("title")
    if title is not None and not (isinstance(title, str) and _is_text(title) and len(title) <= MAX_TITLE_CHARACTERS):
        raise invalid("title", f"title must be a string of 1 to {MAX_TITLE_CHARACTERS} characters, not blank")
    return title


def parse_extension(headers: Mapping[str, str]) -> Extension:
    """What `X-Focus-Seed`, `-Modulation` and `-Lease` ask for; raises ApiError 422 with the header's name."""
    return Extension(
        _seed(headers.get("x-focus-seed")),
        _modulation(headers.get("x-focus-modulation")),
        _lease(headers.get("x-focus-lease")),
    )


def _modulation(header: str | None) -> Modulation | None:
    if header is None:
        return None
    return Modulation(_one_of(tuple(Modulation))("X-Focus-Modulation", header))


def _seed(header: str | None) -> int | None:
    if header is None:
        return None
    if not (header.isascii() and header.isdigit() and len(header) <= 19 and int(header) <= LARGEST_SEED):
        raise invalid("X-Focus-Seed", f"X-Focus-Seed must be an integer from 0 to {LARGEST_SEED}")
    return int(header)


def _lease(header: str | None) -> int | None:
    if header is None:
        return None
    if not (header.isascii() and header.isdigit() and len(header) <= 5 and LEASE_S[0] <= int(header) <= LEASE_S[1]):
        raise invalid("X-Focus-Lease", f"X-Focus-Lease must be an integer from {LEASE_S[0]} to {LEASE_S[1]} (seconds)")
    return int(header)


def _object(body: bytes) -> dict[str, Any]:
    try:
        given = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise invalid("body", f"The body is not valid JSON: {exc}") from exc
    if not isinstance(given, dict):
        raise invalid("body", "The body must be a JSON object")
    return given


def _required(fields: dict[str, Any], name: str, check: Callable[[str, Any], Any]) -> Any:
    if name not in fields:
        raise invalid(name, f"{name} is required")
    return check(name, fields[name])


def _optional(fields: dict[str, Any], name: str, check: Callable[[str, Any], Any], default: Any) -> Any:
    return check(name, fields[name]) if name in fields else default


def _one_of(choices: tuple[str, ...]) -> Callable[[str, Any], str]:
    def check(name: str, value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise invalid(name, f"{name} must be one of {', '.join(choices)}")
        return value

    return check


def _engine(refusal: Callable[[str, int], str | None], minutes: int) -> Callable[[str, Any], str]:
    def check(name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise invalid(name, f"{name} must be a string")
        reason = refusal(value, minutes)
        if reason is not None:
            raise invalid(name, reason)
        return value

    return check


def _minutes(name: str, value: Any) -> int:
    if type(value) is not int or not 0 < value <= MAX_TARGET_MINUTES:  # a bool is an int to isinstance
        raise invalid(name, f"{name} must be an integer from 1 to {MAX_TARGET_MINUTES}")
    return value


def _divergence(name: str, value: Any) -> float:
    if type(value) not in {int, float} or not math.isfinite(value) or not 0.0 <= value <= 1.0:
        raise invalid(name, f"{name} must be a number from 0.0 to 1.0")
    return float(value)


def _prompt(fields: dict[str, Any], goal: Goal) -> str:
    value = fields.get("custom_prompt", "")
    if not isinstance(value, str):
        raise invalid("custom_prompt", "custom_prompt must be a string")
    if goal is not Goal.CUSTOM_PROMPT:
        return ""
    if not _is_text(value):
        raise invalid("custom_prompt", "custom_prompt is required when goal is custom_prompt")
    if len(value) > MAX_PROMPT_CHARACTERS:
        raise invalid("custom_prompt", f"custom_prompt is longer than {MAX_PROMPT_CHARACTERS} characters")
    return value


def _is_text(value: str) -> bool:
    return re.search(VISIBLE, value) is not None
