"""The room: early reflections and decorrelated decaying noise, convolved with a send on an absolute grid.

Send and answer are at a quarter of the sample rate: walls and air leave nothing of what lies above. Overlap-save
(FFT) makes each block of the answer a function of two blocks of the send, so that no state is carried from one
render to the next.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from focuscli.music.noise import normals
from focuscli.music.randomness import Stream
from focuscli.music.signals import TONE_RATE, Curve, Signal, Spectrum
from focuscli.music.spectra import bin_hertz, forward, inverse, smooth_length
from focuscli.units import SAMPLE_RATE

BLOCK = 268_800
"""Frames of the absolute grid (5.6 s): two blocks hold the lead-in, and FFTs of its kind are smooth."""

ROOM_RATE = TONE_RATE // 2
ROOM_BLOCK = BLOCK // (SAMPLE_RATE // ROOM_RATE)
MARGIN = 16
"""Frames beyond either end of a block that are answered too, for a filter; the first reflection comes later."""
_SIZES = (92_160, 102_400, 110_592, 122_880)
"""Smooth FFT sizes that are fast for their kind."""

_HIGHEST_HZ = 5000.0
_BANDS_HZ = (180.0, 500.0, 1400.0, 3600.0)
_BAND_DECAY = (0.95, 1.0, 0.85, 0.5)
"""Decay of each band against the room's: air and soft walls take the treble first."""
_BAND_GAIN = (0.5, 1.0, 0.9, 0.6)
_JOINED_HZ = (120.0, 280.0)
"""Below the first, left and right hear the same; above the second, nothing in common."""
_PRE_DELAY_S = 0.016
_EARLY_SHARE = 0.3
"""Amplitude of the early reflections against the late sound."""
_POWER = 1.9
"""Σ h² of each channel: about 7 dB of answer for the middle of the keyboard."""


class Room(NamedTuple):
    """A room ready to be convolved with."""

    spectrum: Spectrum
    """Shape (2, size // 2 + 1)."""
    size: int
    history: int
    """Frames of the previous block that its response reaches back to."""
    frequencies: Curve
    power: Curve
    """Σ over both channels of |H|² at `frequencies`, smoothed."""


@lru_cache(maxsize=6)
def room_of(seconds: float) -> Room:
    """The room whose middle frequencies fall by 60 dB in so many seconds."""
    wanted = round(1.05 * seconds * ROOM_RATE)
    size = next((size for size in _SIZES if size >= ROOM_BLOCK + 2 * MARGIN + wanted), _SIZES[-1])
    history = size - ROOM_BLOCK - MARGIN
    response = impulse_response(seconds, min(wanted, history - MARGIN))
    padded = np.zeros((2, size), np.float32)
    padded[:, : response.shape[1]] = response
    spectrum = forward(padded)
    spectrum *= _soft_end(size)
    frequencies, power = _smoothed(spectrum, size)
    return Room(spectrum, size, history, frequencies, power)


def _soft_end(size: int) -> Signal:
    """Nothing above `_HIGHEST_HZ` that a change of rate could fold back; zero phase, a few frames long."""
    hertz = bin_hertz(size, ROOM_RATE)
    fall = np.clip((hertz - _HIGHEST_HZ) / (0.5 * ROOM_RATE - _HIGHEST_HZ), 0.0, 1.0)
    return (0.5 + 0.5 * np.cos(math.pi * fall)).astype(np.float32)


def _smoothed(spectrum: Spectrum, size: int) -> tuple[Curve, Curve]:
    """The response's power in third octaves."""
    power = (spectrum.real**2 + spectrum.imag**2).sum(axis=0).astype(np.float64)
    edges = 40.0 * 2.0 ** (np.arange(22) / 3.0)
    bins = (edges * size / ROOM_RATE).astype(int)
    sums = np.add.reduceat(power, bins)[:-1] / np.diff(bins)
    return edges[:-1] * 2.0 ** (1.0 / 6.0), sums


def impulse_response(seconds: float, frames: int) -> Signal:
    """Shape (2, frames) at the room's rate; each channel has the same energy."""
    late = _late(seconds, frames)
    late /= np.sqrt((late**2).sum(axis=1, keepdims=True))
    response = late + np.float32(_EARLY_SHARE) * _early(frames)
    ending = frames // 8
    response[:, -ending:] *= np.linspace(1.0, 0.0, ending, dtype=np.float32)
    response *= np.sqrt(_POWER / (response**2).sum(axis=1, keepdims=True))
    return response


def _late(seconds: float, frames: int) -> Signal:
    """Noise in octave-wide bands, each with its own decay."""
    delay = round(_PRE_DELAY_S * ROOM_RATE)
    size = smooth_length(frames - delay)
    spectrum = forward(normals(2 * size, "room").reshape(2, size))
    position = np.log(np.maximum(20.0, bin_hertz(size, ROOM_RATE)))
    _join_below(spectrum, position)
    times = np.arange(size, dtype=np.float32) / ROOM_RATE
    late = np.zeros((2, frames), np.float32)
    centres = np.log(np.array(_BANDS_HZ))
    for band, (decay, gain) in enumerate(zip(_BAND_DECAY, _BAND_GAIN, strict=True)):
        heights = np.zeros(len(centres) + 2)
        heights[band + 1] = gain
        shape = np.interp(position, np.concatenate(((math.log(90.0),), centres, (math.log(9000.0),))), heights)
        noise = inverse(spectrum * shape.astype(np.float32), size)
        late[:, delay : delay + size] += noise * np.exp(times * np.float32(-6.91 / (seconds * decay)))
    late[:, delay : delay + size] *= 1.0 - np.exp(times * np.float32(-1.0 / 0.01))
    return late


def _join_below(spectrum: Spectrum, position: Curve) -> None:
    """The same sound on both sides in the lowest bins, by and by another one above: the power stays what it is."""
    low, high = (math.log(hertz) for hertz in _JOINED_HZ)
    alike = np.clip((high - position) / (high - low), 0.0, 1.0).astype(np.float32)
    spectrum[1] *= np.sqrt(1.0 - alike * alike)
    spectrum[1] += alike * spectrum[0]


def _early(frames: int) -> Signal:
    """Eleven reflections a side, denser and weaker as in a box, in other places left and right; unit energy."""
    early = np.zeros((2, frames), np.float32)
    draw = Stream("early reflections")
    for channel in range(2):
        for order in range(11):
            place = round(0.0062 * 1.22 ** (order + draw.between(-0.4, 0.4)) * ROOM_RATE)
            height = 0.87**order * (1.0 if draw.chance(0.5) else -1.0)
            early[channel, place : place + 2] += np.float32(height) * np.array([0.6, 0.4], np.float32)
    early /= np.sqrt((early**2).sum(axis=1, keepdims=True))
    return early


def convolve(room: Room, before: Signal, here: Signal) -> Signal:
    """The room's answer to the sends of the previous block and of this one, each of shape (ROOM_BLOCK,).

    Shape (2, ROOM_BLOCK + 2 MARGIN): the block and a margin at either end.
    """
    heard = np.zeros(room.size, np.float32)
    heard[: room.history] = before[-room.history :]
    heard[room.history : room.history + ROOM_BLOCK] = here
    answer = inverse(room.spectrum * forward(heard), room.size)
    return answer[:, room.history - MARGIN : room.history + ROOM_BLOCK + MARGIN]
