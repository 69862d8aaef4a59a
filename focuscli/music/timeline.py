"""The plan of a session in frames: which spans are rendered, and how loud each is meant to be."""

import json
import math
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Self

from focuscli.model import NOMINAL_SEGMENT_S, Goal, Intensity, Modulation, total_segments
from focuscli.music.arc import moment, tail_s
from focuscli.music.prompt import read
from focuscli.units import SAMPLE_RATE

OVERLAP_S = 1.5
FADE_MS = 1500
PLATEAU_LUFS = -14.0

LEAD_IN_S = 8
"""The first segment is short, so that the first sound need not wait for a long one."""
SHORTEST_WITH_LEAD_IN_S = 30

_OVERLAP = round(OVERLAP_S * SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class Piece:
    """Everything the music of one session depends on."""

    goal: Goal
    intensity: Intensity
    divergence: float
    seed: int
    duration_s: int
    prompt: str = ""
    segment_s: int = NOMINAL_SEGMENT_S
    modulation: Modulation | None = None
    """None is the goal's own depth."""
    generator: str | None = None
    """The key of the one that makes it; None is this program's own."""

    def __hash__(self) -> int:
        """Cheap, since every table of the music is looked up by its piece; equality still compares all fields."""
        return hash((self.seed, self.duration_s))

    @property
    def frames(self) -> int:
        """The length of the whole session."""
        return self.duration_s * SAMPLE_RATE

    @property
    def plain_goal(self) -> Goal:
        """One of the four goals that have an arc: a prompt's is the one its words vote for."""
        return read(self.prompt).goal if self.goal is Goal.CUSTOM_PROMPT else self.goal

    def to_json(self) -> str:
        """As text, to cross a process boundary and to be kept; what is left to the goal is left out."""
        return json.dumps({name: value for name, value in asdict(self).items() if value is not None})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` of this or an older program wrote; raises ValueError or TypeError for anything else."""
        fields: dict[str, Any] = json.loads(text)
        fields["goal"], fields["intensity"] = Goal(fields["goal"]), Intensity(fields["intensity"])
        if "modulation" in fields:
            fields["modulation"] = Modulation(fields["modulation"])
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class Span:
    """Absolute frames of the session, `stop` excluded."""

    start: int
    stop: int

    @property
    def frames(self) -> int:
        """How many."""
        return self.stop - self.start


@lru_cache(maxsize=16)
def spans(piece: Piece) -> tuple[Span, ...]:
    """The segments of a session: neighbours share `OVERLAP_S`, the last stops with the session."""
    count = total_segments(max(1, piece.duration_s // 60), piece.segment_s)
    if count == 1:
        return (Span(0, piece.frames),)
    if piece.segment_s < SHORTEST_WITH_LEAD_IN_S:
        return tuple(_even(0, piece.frames, count))
    lead_in = LEAD_IN_S * SAMPLE_RATE
    return (Span(0, lead_in + _OVERLAP), *_even(lead_in, piece.frames, count - 1))


def _even(start: int, stop: int, count: int) -> list[Span]:
    length, longer = divmod(stop - start + (count - 1) * _OVERLAP, count)
    result = []
    for index in range(count):
        span = Span(start, start + length + (1 if index < longer else 0))
        result.append(span)
        start = span.stop - _OVERLAP
    return result


@lru_cache(maxsize=4096)
def target_lufs(piece: Piece, index: int) -> float:
    """The planned integrated loudness of a segment in LUFS: the arc's level under the gate of BS.1770-4."""
    span = spans(piece)[index]
    steps = min(600, max(8, span.frames // (SAMPLE_RATE // 2)))
    times = [(span.start + (step + 0.5) * span.frames / steps) / SAMPLE_RATE for step in range(steps)]
    powers = [10.0 ** (planned_level(piece, t) / 10.0) for t in times]
    gate = 0.1 * sum(powers) / len(powers)
    heard = [power for power in powers if power > gate]
    return round(PLATEAU_LUFS + 10.0 * math.log10(sum(heard) / len(heard)), 1)


def planned_level(piece: Piece, t: float) -> float:
    """The level the session is meant to have at t seconds, in LU relative to the plateau."""
    level = moment(piece.plain_goal, t, piece.duration_s).level
    tail = tail_s(piece.plain_goal, piece.duration_s)
    return level - 40.0 * max(0.0, 1.0 - (piece.duration_s - t) / tail)
