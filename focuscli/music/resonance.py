"""What a room makes of a steady chord: each tone meets its own reverberation in phase, or against it.

A held tone of frequency f reaches the ear as 1 + s H(f), so that a room of 15 % of the power moves it by ±3 dB; a
chord has too few tones to average that out, and the room's mean response does not know it.
"""

from functools import lru_cache

import numpy as np

from focuscli.music.pads import DARK, cleared, phases_of
from focuscli.music.reverb import ROOM_RATE, room_of
from focuscli.music.signals import Curve
from focuscli.music.tones import hertz
from focuscli.music.weighting import k_weight

_PARTIALS = 8
_SLOPE = 1.1
"""That of most timbres; the first two or three partials decide."""


def sounding_power(pitches: tuple[int, ...], room_s: float, dark_hz: float, wide_hz: float, sent: Curve) -> Curve:
    """The K-weighted power of a chord of the dark pad in its room against that without one; of the sends' shape.

    `sent` is the amplitude of what goes into the room.
    """
    dry, meeting, answered = np.sum([_tone(pitch, room_s, dark_hz, wide_hz) for pitch in pitches], axis=0)
    power: Curve = 1.0 + sent * (meeting / dry) + sent**2 * (answered / dry)
    return power


@lru_cache(maxsize=256)
def _tone(pitch: int, room_s: float, dark_hz: float, wide_hz: float) -> tuple[float, float, float]:
    """Of one voice: its own power, what a send of one adds in proportion, and what it adds squared."""
    frequency = hertz(pitch) * np.arange(1.0, _PARTIALS + 1.0)
    bins = np.round(frequency[frequency < DARK.highest_hz] * DARK.frames / DARK.rate).astype(int)
    frequency = bins * (DARK.rate / DARK.frames)
    number = np.arange(1.0, len(bins) + 1.0)
    weight = number ** (-2.0 * _SLOPE) / (1.0 + (frequency / dark_hz) ** 4) * k_weight(frequency)
    weight *= cleared(np.full(len(bins), float(pitch)), frequency) ** 2
    tones = phases_of(DARK, wide_hz)[:, bins]
    room = room_of(room_s)
    response = room.spectrum[:, np.round(frequency * room.size / ROOM_RATE).astype(int)]
    answer = 0.5 * tones.sum(axis=0) * response
    meeting = 2.0 * (weight * (tones.conj() * answer).real).sum()
    return 2.0 * float(weight.sum()), float(meeting), float((weight * np.abs(answer) ** 2).sum())
