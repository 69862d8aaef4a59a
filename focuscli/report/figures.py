"""What a report says of a session: figures of each segment and seam, stages, dropouts, as one frozen thing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from focuscli.loudness.meter import HOPS_PER_S, integrated_of
from focuscli.model import Session
from focuscli.music.stages import Stage
from focuscli.report.hearing import Hearing, Stretch, at_seconds
from focuscli.spectra.spectrogram import Curve

NOTES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
_SOUNDING = 0.45
"""A note belongs to a segment where it has this share of the strongest one's amplitude."""
_SEAM_SIDE_S = 3.0
_WINDOW_S = {"momentary": 0.4, "short_term": 3.0}


@dataclass(frozen=True, slots=True)
class Heard:
    """One segment as the player gave it out: where it lay in the session, and what was measured of its file."""

    segment_index: int
    starts_s: float
    ends_s: float
    gain_db: float
    true_peak_db: float
    target_lufs: float


@dataclass(frozen=True, slots=True)
class Seam:
    """Two segments in one another; `step_lu` is how much louder the 3 s after its middle are than those before."""

    from_index: int
    to_index: int
    starts_s: float
    duration_s: float
    correlation: float
    step_lu: float | None = None


@dataclass(frozen=True, slots=True)
class Dropout:
    """The device wanted sound and got none, here in the session."""

    position_s: float
    ms: float
    ts: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """One segment in figures, what changed since the one before, and why."""

    heard: Heard
    loudness_lufs: float
    brightness_hz: float
    onsets_per_s: float
    notes: Curve
    stage: str | None = None
    change: str | None = None
    reason: str | None = None

    @property
    def note_names(self) -> list[str]:
        """The notes that sound most, the strongest first, five at most."""
        order = np.argsort(-self.notes)[:5]
        return [NOTES[note] for note in order if self.notes[note] > _SOUNDING * self.notes.max()]


@dataclass(frozen=True, slots=True)
class Report:
    """A session, as far as it is ready."""

    session: Session
    hearing: Hearing
    portraits: tuple[Portrait, ...]
    seams: tuple[Seam, ...]
    stages: tuple[Stage, ...]
    dropouts: tuple[Dropout, ...]
    skipped: tuple[tuple[int, str], ...]

    def document(self) -> dict[str, Any]:
        """For scripts, under the schema `report`."""
        hearing = self.hearing
        return {
            "schema": 1,
            **self.session.facts,
            "ready_count": self.session.ready_count,
            "measured_s": round(hearing.seconds, 3),
            "loudness_lufs": _told(hearing.loudness_lufs),
            "loudness_range_lu": _told(hearing.range_lu),
            "segments": [_portrait(portrait) for portrait in self.portraits],
            "seams": [_seam(seam) for seam in self.seams],
            "stages": [
                {"name": stage.name, "does": stage.does, "starts_s": stage.starts_s, "ends_s": stage.ends_s}
                for stage in self.stages
            ],
            "dropouts": [{"position_s": one.position_s, "ms": one.ms, "ts": one.ts} for one in self.dropouts],
            "skipped": [{"segment_index": index, "reason": reason} for index, reason in self.skipped],
            "loudness_step_s": 1.0,
            "momentary_lufs": self.loudness("momentary"),
            "short_term_lufs": self.loudness("short_term"),
        }

    def loudness(self, kind: str) -> list[float | None]:
        """`momentary` or `short_term` loudness around every second; None for silence and where it is not known."""
        values: Curve = getattr(self.hearing, kind)
        return [_told(value) for value in at_seconds(values, _WINDOW_S[kind], self.hearing.seconds)]


def portrait(heard: Heard, hearing: Hearing) -> Portrait:
    """The figures of one segment; its stretches are those whose middle lies in it, or the nearest one."""
    hops = hearing.hop_powers[round(heard.starts_s * HOPS_PER_S) : round(heard.ends_s * HOPS_PER_S)]
    inside = _stretches_of(heard, hearing.stretches)
    weights = np.array([stretch.ends_s - stretch.starts_s for stretch in inside])
    return Portrait(
        heard,
        float(integrated_of(hops)),
        float(np.average([stretch.centroid_hz for stretch in inside], weights=weights)),
        float(np.average([stretch.onsets_per_s for stretch in inside], weights=weights)),
        np.sum([stretch.notes for stretch in inside], axis=0),
    )


def _stretches_of(heard: Heard, stretches: Sequence[Stretch]) -> list[Stretch]:
    middles = [(stretch.starts_s + stretch.ends_s) / 2 for stretch in stretches]
    inside = [
        stretch for stretch, middle in zip(stretches, middles, strict=True) if heard.starts_s <= middle < heard.ends_s
    ]
    if inside:
        return inside
    middle_of_it = (heard.starts_s + heard.ends_s) / 2
    return [min(stretches, key=lambda one: abs((one.starts_s + one.ends_s) / 2 - middle_of_it))]


def step_at(seam: Seam, hearing: Hearing) -> float | None:
    """How much louder it is after a seam than before; None where there is silence on a side."""
    middle = round((seam.starts_s + seam.duration_s / 2) * HOPS_PER_S)
    side = round(_SEAM_SIDE_S * HOPS_PER_S)
    before, after = hearing.hop_powers[max(0, middle - side) : middle], hearing.hop_powers[middle : middle + side]
    if not len(before) or not len(after) or before.mean() <= 0.0 or after.mean() <= 0.0:
        return None
    return float(10.0 * np.log10(after.mean() / before.mean()))


def _portrait(portrait: Portrait) -> dict[str, Any]:
    heard = portrait.heard
    return {
        "segment_index": heard.segment_index,
        "starts_s": round(heard.starts_s, 3),
        "ends_s": round(heard.ends_s, 3),
        "loudness_lufs": _told(portrait.loudness_lufs),
        "target_lufs": heard.target_lufs,
        "true_peak_db": _told(heard.true_peak_db),
        "gain_db": round(heard.gain_db, 3),
        "brightness_hz": round(portrait.brightness_hz, 1),
        "onsets_per_s": round(portrait.onsets_per_s, 3),
        "notes": portrait.note_names,
        "stage": portrait.stage,
        "change": portrait.change,
        "reason": portrait.reason,
    }


def _seam(seam: Seam) -> dict[str, Any]:
    return {
        "from_index": seam.from_index,
        "to_index": seam.to_index,
        "starts_s": round(seam.starts_s, 3),
        "duration_s": round(seam.duration_s, 3),
        "correlation": round(seam.correlation, 4),
        "step_lu": None if seam.step_lu is None else round(seam.step_lu, 2),
    }


def _told(value: float) -> float | None:
    return round(float(value), 2) if math.isfinite(value) else None
