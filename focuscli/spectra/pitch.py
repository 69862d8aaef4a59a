"""Which notes sound: pitch classes of spectral peaks."""

import numpy as np
from numpy.typing import NDArray

from focuscli.spectra.spectrogram import Curve, Sound
from focuscli.units import SAMPLE_RATE

PITCH_WINDOW, PITCH_HOP = 8192, 4096
_LOW_HZ, _HIGH_HZ = 80.0, 2000.0


def is_peak(power: Sound) -> NDArray[np.bool_]:
    """Bins higher than both neighbours and no more than 60 dB under the frame's highest; edges are none."""
    found = np.zeros(power.shape, np.bool_)
    middle = power[:, 1:-1]
    found[:, 1:-1] = (middle > power[:, :-2]) & (middle >= power[:, 2:])
    found &= power > 1e-6 * power.max(axis=1, keepdims=True)
    return found


def pitch_classes(power: Sound) -> Curve:
    """The amplitude of spectral peaks between 80 Hz and 2 kHz by frame and pitch class, shape (frames, 12).

    Frequencies are those of the parabola through a peak's levels; A = 440 Hz.
    """
    width = SAMPLE_RATE / PITCH_WINDOW
    first, last = int(_LOW_HZ / width), int(_HIGH_HZ / width)
    part = power[:, first - 1 : last + 2]
    frame, place = np.nonzero(is_peak(part))
    inside = (place > 0) & (place < part.shape[1] - 1)
    frame, place = frame[inside], place[inside]
    below, here, above = (np.log(part[frame, place + step] + 1e-20) for step in (-1, 0, 1))
    shift = 0.5 * (below - above) / np.minimum(below - 2.0 * here + above, -1e-9)
    hertz = (place + first - 1 + np.clip(shift, -0.5, 0.5)) * width
    note = np.round(69.0 + 12.0 * np.log2(hertz / 440.0)).astype(int) % 12
    chroma = np.zeros((len(power), 12))
    np.add.at(chroma, (frame, note), np.sqrt(part[frame, place]))
    return chroma
