"""An hour of segments between -30 and -8 LUFS, levelled, crossed over and limited: one loudness from end to end."""

import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from focuscli.bench.pairs import Announced, Samples, pink
from focuscli.events import CrossfadeStarted
from focuscli.loudness.meter import LoudnessMeter
from focuscli.loudness.true_peak import TruePeakMeter
from focuscli.playback.prepare import Prepared
from focuscli.playback.programme import Programme
from focuscli.playback.seam import join
from focuscli.playback.timeline import Following, Next, NoMore, Timeline, Turn
from focuscli.units import SAMPLE_RATE

TARGET_LUFS = -16.0
QUIETEST_LUFS, LOUDEST_LUFS = -30.0, -8.0
_SEGMENT_S = 120
_FADE_S = 4.0
_SWELL_DB, _SWELL_S = 1.0, 24.0
"""Each segment breathes, as music does."""
_STEP_HOPS = 100
"""Steps of short-term loudness are taken over 1 s."""
_NEAR_S = 3.0 + _FADE_S


@dataclass
class _Hour:
    """Makes each segment when it is asked for, so that two at a time lie on the disk."""

    folder: Path
    count: int
    seams_at: list[int] = field(default_factory=list)
    _noise: Samples = field(default_factory=lambda: pink(_SEGMENT_S * SAMPLE_RATE, 5))

    def __post_init__(self) -> None:
        self._levels = np.random.default_rng(9).permutation(np.linspace(QUIETEST_LUFS, LOUDEST_LUFS, self.count))
        self._last = self.first = self._segment(0)

    def following(self, index: int, _at_seam: bool) -> Following:
        """The next segment, made when it is due."""
        if index + 1 >= self.count:
            return NoMore()
        if self._last.segment_index == index:
            before = self._last
            seam, self._last = join(before, self._segment(index + 1))
            self._next = Next(self._last, seam)
        return self._next

    def turned(self, turn: Turn) -> None:
        """A seam begins."""
        if any(isinstance(event, CrossfadeStarted) for event in turn.events):
            self.seams_at.append(turn.at)
            (self.folder / f"{turn.position.segment_index - 2}.wav").unlink(missing_ok=True)

    def _segment(self, index: int) -> Prepared:
        time = np.arange(len(self._noise)) / SAMPLE_RATE
        swell = _SWELL_DB * np.sin(2.0 * np.pi * time / _SWELL_S)
        level = 10.0 ** ((self._levels[index] + swell) / 20.0)
        sound = np.roll(self._noise, index * 7_919_000, axis=0) * level.astype(np.float32)[:, None]
        return Announced(sound, _FADE_S, _FADE_S, TARGET_LUFS).prepared(self.folder, index)


def uneven(minutes: int) -> list[dict[str, Any]]:
    """A row a figure of so many minutes."""
    meter, peak = LoudnessMeter(), TruePeakMeter()
    with tempfile.TemporaryDirectory() as folder:
        hour = _Hour(Path(folder), max(2, minutes * 60 // _SEGMENT_S))
        with closing(Timeline(hour.first, 0, hour.following, hour.turned)) as timeline:
            programme = Programme(timeline)
            while len(block := programme.read(meter.step)):
                meter.push(block)
                peak.push(block)
    inside, seams = _steps(meter.short_term(), hour.seams_at)
    name = f"{minutes} minutes of -30 … -8 LUFS"
    figures = [
        ("off the target", abs(meter.integrated() - TARGET_LUFS), 0.2, "LU"),
        ("short-term step at seams beyond those inside", max(0.0, seams - inside), 0.5, "LU"),
        ("true peak", peak.true_peak(), -0.97, "dBTP"),
    ]
    return [
        {"what": f"{name}: {what}", "figure": round(figure, 3), "at_most": mark, "unit": unit, "ok": figure <= mark}
        for what, figure, mark, unit in figures
    ]


def _steps(short_term: npt.NDArray[np.float64], seams_at: list[int]) -> tuple[float, float]:
    """The largest step inside segments, and the largest near a seam."""
    steps = np.abs(short_term[_STEP_HOPS:] - short_term[:-_STEP_HOPS])
    ends_s = 3.0 + 1.0 + np.arange(len(steps)) / 100.0
    near = np.zeros(len(steps), bool)
    for seam in seams_at:
        near |= (ends_s > seam / SAMPLE_RATE) & (ends_s < seam / SAMPLE_RATE + _NEAR_S)
    return float(steps[~near].max()), float(steps[near].max())
