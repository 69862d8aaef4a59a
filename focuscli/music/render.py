"""From a span of a session to its frames."""

import numpy as np
from numpy.typing import NDArray

from focuscli.music.randomness import uniform
from focuscli.music.timeline import Piece, Span, planned_level, spans
from focuscli.units import SAMPLE_RATE

_BLOCK = SAMPLE_RATE


def render_span(piece: Piece, span: Span) -> NDArray[np.float32]:
    """The frames of any absolute span, shape (frames, 2)."""
    out = np.zeros((span.frames, 2), np.float32)
    for block in range(span.start // _BLOCK, -(-span.stop // _BLOCK)):
        start, stop = max(span.start, block * _BLOCK), min(span.stop, (block + 1) * _BLOCK)
        sound = _second(piece, block)
        out[start - span.start : stop - span.start] = sound[start - block * _BLOCK : stop - block * _BLOCK]
    return out


def render_segment(piece: Piece, index: int) -> NDArray[np.float32]:
    """The frames of one segment, shape (frames, 2)."""
    return render_span(piece, spans(piece)[index])


def warm_up() -> None:
    """Nothing yet."""


def _second(piece: Piece, block: int) -> NDArray[np.float32]:
    times = (np.arange(_BLOCK) + block * _BLOCK) / SAMPLE_RATE
    tonic = 110.0 * 2.0 ** (int(uniform(piece.seed, "key") * 12) / 12)
    degrees = ((0, 4, 7, 11), (5, 9, 0, 4), (9, 0, 4, 7), (2, 5, 9, 12))[block // 4 % 4]
    left = sum(np.sin(2 * np.pi * tonic * 2 ** (d / 12) * times) for d in degrees)
    right = sum(np.sin(2 * np.pi * tonic * 2 ** (d / 12) * times + 1.0) for d in degrees)
    swell = np.sin(np.pi * (times % 4.0) / 4.0) ** 0.5
    gain = 0.16 * 10 ** (planned_level(piece, block + 0.5) / 20) * min(1.0, (piece.duration_s - block) / 8)
    return (np.stack([left, right], axis=1) * (swell * gain)[:, None]).astype(np.float32)
