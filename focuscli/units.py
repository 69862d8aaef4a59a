"""Units as types, so that a decibel is never taken for a factor nor a frame for a second."""

from typing import NewType

Frames = NewType("Frames", int)
"""A count of instants, all channels together."""

Decibels = NewType("Decibels", float)
"""A ratio in dB."""

Lufs = NewType("Lufs", float)
"""Loudness after ITU-R BS.1770, relative to full scale."""

SAMPLE_RATE = 48_000
"""Frames a second of everything this program renders and plays."""

CHANNELS = 2


def amplitude(gain: float) -> float:
    """The factor for a gain in dB."""
    return float(10.0 ** (gain / 20.0))


def seconds(frames: int, sample_rate: int = SAMPLE_RATE) -> float:
    """The duration of so many frames."""
    return frames / sample_rate


def frames(duration_s: float, sample_rate: int = SAMPLE_RATE) -> Frames:
    """The frames in a duration, rounded to the nearest."""
    return Frames(round(duration_s * sample_rate))
