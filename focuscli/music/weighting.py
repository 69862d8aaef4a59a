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
    delay = np.exp(-2j * math.pi * frequencies / SAMPLE_RATE)
    power = np.ones(frequencies.shape)
    for forward, back in (_SHELF, _HIGH_PASS):
        response = np.polyval(forward[::-1], delay) / np.polyval(back[::-1], delay)
        power = power * (response.real**2 + response.imag**2)
    return power
