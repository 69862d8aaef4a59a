"""A take: some minutes of one session, rendered and measured by everything there is."""

from typing import Any, NamedTuple

import numpy as np

from focuscli.bench.music.clicks import impulses_per_minute
from focuscli.bench.music.colour import colour
from focuscli.bench.music.floor import floor_limits
from focuscli.bench.music.form import form
from focuscli.bench.music.harmony import harmony
from focuscli.bench.music.levels import Figures, levels, step_between_rests, swell_lu
from focuscli.bench.music.limits import Verdict, judge
from focuscli.bench.music.reading import read, table_figures
from focuscli.bench.music.recording import Recording
from focuscli.bench.music.rhythm import rhythm
from focuscli.bench.music.signs import free_of, real_limits, sign_limits
from focuscli.bench.music.stems import stem_figures
from focuscli.bench.music.table import swell_periods, table_limits
from focuscli.bench.music.width import width
from focuscli.model import Goal, Intensity
from focuscli.music.render import Performance, render_span
from focuscli.music.timeline import Piece, Span, spans, target_lufs
from focuscli.spectra.spectrogram import Sound
from focuscli.units import SAMPLE_RATE

SESSION_S = 5400
FROM_S = 240.0
"""Where a take begins at the earliest: every arc has reached its plateau, sleep has not yet begun to fade."""
_READ_S = {Goal.SLEEP: (20.0, 360.0)}
"""Between which seconds the score is read; elsewhere for ten minutes around the take."""
_CHECKED_S = 4.0


class Take(NamedTuple):
    """Which session, and how much of it."""

    goal: Goal
    intensity: Intensity
    seed: int
    minutes: float
    divergence: float
    prompt: str = ""

    @property
    def piece(self) -> Piece:
        """A session of an hour and a half whose segments are as long as the take."""
        return Piece(
            self.goal, self.intensity, self.divergence, self.seed, SESSION_S, self.prompt,
            segment_s=round(60.0 * self.minutes),
        )  # fmt: skip

    @property
    def number(self) -> int:
        """The first segment on the plateau."""
        return next(index for index, span in enumerate(spans(self.piece)) if span.start >= FROM_S * SAMPLE_RATE)


class Measured(NamedTuple):
    """A take with its figures and the verdicts on them."""

    take: Take
    figures: Figures
    verdicts: tuple[Verdict, ...]

    @property
    def missed(self) -> tuple[Verdict, ...]:
        """What does not fit, the farthest off first."""
        return tuple(sorted((verdict for verdict in self.verdicts if not verdict.ok), key=lambda verdict: -verdict.off))

    def row(self) -> dict[str, Any]:
        """As plain data."""
        take = self.take
        return {
            "goal": take.goal.value,
            "intensity": take.intensity.value,
            "seed": take.seed,
            "divergence": take.divergence,
            **({"prompt": take.prompt} if take.prompt else {}),
            "signs_absent": free_of(take.piece.plain_goal, self.figures),
            **self.figures,
            "missed": [verdict.sentence() for verdict in self.missed],
        }


def measure_take(take: Take) -> Measured:
    """Render it and judge it by table, floor, signs and the middle half of real music.

    A prompt has no row in the table, nor its like among real music: floor and signs of the goal that it means judge it.
    """
    piece, index, goal = take.piece, take.number, take.piece.plain_goal
    span = spans(piece)[index]
    sound = render_span(piece, span)
    recording = Recording(sound)
    heard = hear(recording)
    since, until = _READ_S.get(goal, (FROM_S - 60.0, FROM_S + 540.0))
    reading = read(piece, Span(round(since * SAMPLE_RATE), round(until * SAMPLE_RATE)))
    bar_s = reading.bars[0].seconds if reading.bars else 2.0
    figures = {
        **heard,
        **table_figures(reading),
        **stem_figures(piece, Span(span.start, min(span.stop, span.start + 60 * SAMPLE_RATE))),
        "lufs_off": heard["lufs"] - target_lufs(piece, index),
        "swell_lu": swell_lu(recording, *swell_periods(goal, bar_s)),
        "seam_lu": seam_lu(piece, index, sound),
        "bytes_differing": float(differing(piece, span, sound)),
    }
    rests = rests_within(piece, span)
    if rests:
        figures["step_lu"] = step_between_rests(recording, rests)
    limits = [*floor_limits(goal, take.intensity), *sign_limits(goal, figures)]
    if not take.prompt:
        limits += [*table_limits(goal, take.intensity), *real_limits(goal)]
    return Measured(take, figures, tuple(judge(figures, limits)))


def rests_within(piece: Piece, span: Span) -> list[tuple[float, float]]:
    """When everybody pauses, in seconds of the span, two seconds of coming back included."""
    return [
        ((bar.start - span.start) / SAMPLE_RATE, (bar.start + bar.phrase.bar - span.start) / SAMPLE_RATE + 2.0)
        for bar in read(piece, span).bars
        if bar.pauses
    ]


def hear(recording: Recording) -> Figures:
    """Every figure of a sound alone."""
    return {
        **levels(recording),
        **colour(recording),
        **rhythm(recording),
        **harmony(recording),
        **width(recording),
        **form(recording),
        "impulses": impulses_per_minute(recording),
    }


def seam_lu(piece: Piece, index: int, sound: Sound) -> float:
    """How far the loudness of the crossfade into the next segment strays from that of both sides, LU.

    Both sides share their frames, so the crossfade is one of equal gain; 0 where they are the same.
    """
    planned = spans(piece)
    if index + 1 >= len(planned):
        return 0.0
    shared = Span(planned[index + 1].start, planned[index].stop)
    before, after = sound[-shared.frames :], Performance(piece).frames(shared)
    rising = np.linspace(0.0, 1.0, shared.frames, dtype=np.float32)[:, None]
    mixed = before * (np.float32(1.0) - rising) + after * rising
    power = [float(np.square(part, dtype=np.float64).mean()) + 1e-15 for part in (before, mixed, after)]
    return float(max(abs(10.0 * np.log10(power[1] / other)) for other in (power[0], power[2])))


def differing(piece: Piece, span: Span, sound: Sound) -> int:
    """Bytes of some seconds in the middle that another rendering, without that history, makes otherwise."""
    frames = round(_CHECKED_S * SAMPLE_RATE)
    start = span.start + (span.frames - frames) // 2
    again = Performance(piece).frames(Span(start, start + frames))
    here = sound[start - span.start : start - span.start + frames]
    return int((here.view(np.uint8) != again.view(np.uint8)).sum())
