"""An hour and a half of one session: whether any of it returns, where it changes, and how even its loudness is."""

from typing import Any

import numpy as np

from focuscli.bench.music.form import RATE, boundaries, checkerboard, nearest_past, quarter_seconds
from focuscli.bench.music.recording import Recording
from focuscli.model import Goal, Intensity
from focuscli.music.render import render_span
from focuscli.music.timeline import Piece, Span, spans, target_lufs

_MOST_NEAREST = 0.80


def measure_long(goal: Goal, intensity: Intensity, divergence: float, seed: int, minutes: int) -> dict[str, Any]:
    """Render segment after segment and search the whole; `ok` when no block of 4 s comes back.

    `copies` counts blocks with a correlation over 0.97 anywhere in the past; `loudness_off` is the largest of the
    segments' distances from their targets, the first (a short lead-in) and the last (a closing chord) left out.
    """
    piece = Piece(goal, intensity, divergence, seed, 60 * minutes)
    planned = spans(piece)
    frames, off = [], []
    for number, span in enumerate(planned):
        stop = planned[number + 1].start if number + 1 < len(planned) else span.stop
        recording = Recording(render_span(piece, Span(span.start, stop)))
        frames.append(quarter_seconds(recording))
        if 0 < number < len(planned) - 1:
            off.append(float(recording.meter.integrated()) - target_lufs(piece, number))
    whole = np.concatenate(frames)
    repetition = nearest_past(whole)
    novelty = checkerboard(whole)
    copies = int((repetition.nearest > 0.97).sum())
    return {
        "goal": goal.value,
        "intensity": intensity.value,
        "minutes": minutes,
        "copies": copies,
        "nearest_median": repetition.median,
        "nearest_highest": float(repetition.nearest.max(initial=0.0)),
        "boundaries_min": 60.0 * RATE * len(boundaries(novelty)) / len(whole),
        "loudness_off": max((abs(value) for value in off), default=0.0),
        "loudness_sd": float(np.std(off)) if off else 0.0,
        "ok": copies == 0 and repetition.median <= _MOST_NEAREST,
    }
