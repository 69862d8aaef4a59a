"""What changed from one segment to the next as far as it can be heard, and what of it the session's arc asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from focuscli.model import Goal
from focuscli.music.arc import Moment, moment
from focuscli.music.stages import Stage
from focuscli.report.figures import Portrait

LOUDER_LU = 1.0
BRIGHTER = 1.15
DENSER = 1.2
OTHER_NOTES = 0.1
"""One minus the cosine between the notes of two segments."""
_ASKED = 1.02
"""The arc asks for a change where its own factor moves by this much."""
_ASKED_LU = 0.3


_Arc = tuple[Moment, Moment] | None
"""What the arc asks for in the middle of the segment before, and of this one."""


@dataclass(frozen=True, slots=True)
class _Change:
    said: str
    asked: str | None
    """What the arc does in the same direction."""


def explained(
    portraits: Sequence[Portrait], stages: Sequence[Stage], goal: Goal, duration_s: float
) -> tuple[Portrait, ...]:
    """The same portraits with stage, change and reason. Without stages (a prompt, a stranger's) no arc is known."""
    placed = [replace(portrait, stage=_stage_at(stages, _middle(portrait))) for portrait in portraits]
    told = [
        _compared(before, after, _arc(before, after, goal, duration_s) if stages else None)
        for before, after in pairwise(placed)
    ]
    return (*placed[:1], *told)


def _middle(portrait: Portrait) -> float:
    return (portrait.heard.starts_s + portrait.heard.ends_s) / 2


def _stage_at(stages: Sequence[Stage], at_s: float) -> str | None:
    names = [stage.name for stage in stages if stage.starts_s <= at_s]
    return names[-1] if names else None


def _arc(before: Portrait, after: Portrait, goal: Goal, duration_s: float) -> _Arc:
    return moment(goal, _middle(before), duration_s), moment(goal, _middle(after), duration_s)


def _compared(before: Portrait, after: Portrait, arc: _Arc) -> Portrait:
    changes = [
        *_loudness(before, after, arc),
        *_ratio(before.brightness_hz, after.brightness_hz, BRIGHTER, ("brighter", "darker"), "brightness", arc),
        *_ratio(before.onsets_per_s, after.onsets_per_s, DENSER, ("denser", "sparser"), "density", arc),
        *_notes(before, after),
    ]
    if not changes:
        return replace(after, change="much as before", reason=None)
    said = ", ".join(change.said for change in changes)
    return replace(after, change=said, reason=_reason(changes, after.stage))


def _reason(changes: Sequence[_Change], stage: str | None) -> str:
    asked = [change.asked for change in changes if change.asked]
    if stage is None:
        return "nothing is known of its plan"
    if not asked:
        return f"the piece's own variation: the arc, {stage}, asks for none of it"
    rest = "" if len(asked) == len(changes) else ", and the rest is the piece's own variation"
    return f"the arc, {stage}, asks for {', '.join(asked)}{rest}"


def _loudness(before: Portrait, after: Portrait, arc: _Arc) -> list[_Change]:
    step = after.loudness_lufs - before.loudness_lufs
    if not np.isfinite(step) or abs(step) < LOUDER_LU:
        return []
    asked = None
    if arc is not None and (arc[1].level - arc[0].level) * np.sign(step) > _ASKED_LU:
        asked = f"{'more' if step > 0 else 'less'} level ({abs(arc[1].level - arc[0].level):.1f} LU)"
    return [_Change(f"{'louder' if step > 0 else 'quieter'} by {abs(step):.1f} LU", asked)]


def _ratio(
    before: float,
    after: float,
    least: float,
    words: tuple[str, str],
    factor: str,
    arc: _Arc,
) -> list[_Change]:
    if min(before, after) <= 0.0 or max(after / before, before / after) < least:
        return []
    rises = after > before
    asked = None
    if arc is not None:
        old, new = getattr(arc[0], factor), getattr(arc[1], factor)
        if (new / old if rises else old / new) > _ASKED:
            asked = f"{'more' if rises else 'less'} {factor} ({abs(new / old - 1.0):.0%})"
    return [_Change(f"{words[0 if rises else 1]} by {abs(after / before - 1.0):.0%}", asked)]


def _notes(before: Portrait, after: Portrait) -> list[_Change]:
    size = float(np.linalg.norm(before.notes) * np.linalg.norm(after.notes))
    if size <= 0.0 or 1.0 - float(before.notes @ after.notes) / size < OTHER_NOTES:
        return []
    return [_Change(f"other notes ({' '.join(before.note_names)} to {' '.join(after.note_names)})", None)]
