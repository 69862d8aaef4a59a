"""Between a rate and its double: half-band filters, exact in every second frame.

y[2n] = x[n] and y[2n + 1] = Σⱼ hⱼ (x[n - j] + x[n + 1 + j]): a linear-phase half-band filter needs no other taps
(Vaidyanathan 1993, 4.6). Written as a product with a banded matrix, sixteen frames a row, it runs at the speed of BLAS.
"""

import numpy as np

from focuscli.music.signals import Signal

REACH = 5
"""Frames at the lower rate that a frame between two others hears on either side."""

_ROW = 16


def _half_band() -> Signal:
    """hⱼ, shape (REACH,): least squares of 2 Σ hⱼ cos((j + ½) ω) against 1 for ω up to 0.68 π, unity at 0."""
    angles = np.linspace(0.0, 0.68 * np.pi, 200)[:, None]
    taps = np.linalg.lstsq(2.0 * np.cos(angles * (np.arange(REACH) + 0.5)), np.ones(200), rcond=None)[0]
    half_band: Signal = (0.5 * taps / taps.sum()).astype(np.float32)
    return half_band


_TAPS = _half_band()


def _rows() -> Signal:
    """From _ROW + 2 REACH - 1 frames to the 2 _ROW that begin at the fifth of them."""
    rows = np.zeros((_ROW + 2 * REACH - 1, 2 * _ROW), np.float32)
    for frame in range(_ROW):
        rows[frame + REACH - 1, 2 * frame] = 1.0
        rows[frame : frame + 2 * REACH, 2 * frame + 1] = np.concatenate((_TAPS[::-1], _TAPS))
    return rows


_ROWS = _rows()


def double(sound: Signal, margin: int) -> Signal:
    """At twice the rate, without the margins (at least REACH frames a side): shape (2, n) becomes (2, 2(n - 2 margin)).

    n - 2 margin must be a multiple of 16.
    """
    frames = sound.shape[1] - 2 * margin
    doubled = np.empty((2, 2 * frames), np.float32)
    for channel in range(2):
        heard = sound[channel, margin - REACH + 1 :]
        windows = np.lib.stride_tricks.sliding_window_view(heard, len(_ROWS))[:frames:_ROW]
        np.matmul(np.ascontiguousarray(windows), _ROWS, out=doubled[channel].reshape(-1, 2 * _ROW))
    return doubled


def halve(mono: Signal, margin: int) -> Signal:
    """At half the rate, without the margins (even, at least 2 REACH): shape (n,) becomes ((n - 2 margin) // 2,)."""
    frames = (len(mono) - 2 * margin) // 2
    half: Signal = np.float32(0.5) * mono[margin : margin + 2 * frames : 2]
    for step, tap in enumerate(_TAPS):
        before, after = margin - 2 * step - 1, margin + 2 * step + 1
        sides = mono[before : before + 2 * frames : 2] + mono[after : after + 2 * frames : 2]
        sides *= np.float32(0.5) * tap
        half += sides
    return half
