"""K-weighting as a curve over frequency: how much a partial's power counts for loudness (ITU-R BS.1770-4)."""

import math

import numpy as np

from focuscli.music.signals import Curve
from focuscli.units import SAMPLE_RATE

OFFSET_LUFS = -0.691

_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""Annex 1, tables 1 and 2: feed-forward and feedback coefficients at 48 kHz."""


def k_weight(frequencies: Curve) -> Curve:
    """The factor on the power of a sine at each frequency in Hz."""
    cosine = np.cos(frequencies * (2.0 * math.pi / SAMPLE_RATE))
    power: Curve = _response(_SHELF[0], cosine) / _response(_SHELF[1], cosine)
    power *= _response(_HIGH_PASS[0], cosine) / _response(_HIGH_PASS[1], cosine)
    return power


def _response(c: tuple[float, float, float], cosine: Curve) -> Curve:
    """|c₀ + c₁ z⁻¹ + c₂ z⁻²|² on the unit circle, in powers of the cosine of the angle."""
    response: Curve = ((4.0 * c[0] * c[2]) * cosine + 2.0 * c[1] * (c[0] + c[2])) * cosine
    response += (c[0] - c[2]) ** 2 + c[1] ** 2
    return response
