"""The room: early reflections and decorrelated decaying noise, convolved with a send on an absolute grid.

The send is mono at half the rate; overlap-save (FFT) makes each block of the return a function of two blocks
of the send, so that no state is carried from one render to the next.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from focuscli.music.noise import normals
from focuscli.music.randomness import Stream
from focuscli.music.signals import Curve, Signal, Spectrum
from focuscli.music.spectra import bin_hertz, forward, inverse, smooth_length
from focuscli.units import SAMPLE_RATE

BLOCK = 268_800
"""Frames of the absolute grid (5.6 s): two blocks hold the lead-in, and FFTs of its kind are smooth."""

SEND_RATE = SAMPLE_RATE // 2
_SEND_BLOCK = BLOCK // 2
_FFT_SIZES = ((62_000, 196_608), (94_900, 229_376))
"""Longest impulse response (frames at the send's rate) and the smooth FFT size that has room for it."""

_BANDS_HZ = (180.0, 500.0, 1400.0, 3600.0, 8000.0)
_BAND_DECAY = (0.95, 1.0, 0.85, 0.52, 0.3)
"""Decay of each band against the room's: air and soft walls take the treble first."""
_BAND_GAIN = (0.5, 1.0, 0.9, 0.6, 0.3)
_PRE_DELAY_S = 0.016
_EARLY_SHARE = 0.3
"""Amplitude of the early reflections against the late sound."""


class Room(NamedTuple):
    """A room ready to be convolved with."""

    spectrum: Spectrum
    """Shape (2, size // 2 + 1)."""
    size: int
    history: int
    """Frames of the previous block that its response reaches back to, at the send's rate."""
    frequencies: Curve
    power: Curve
    """Σ over both channels of |H|² at `frequencies`, smoothed."""


@lru_cache(maxsize=6)
def room_of(seconds: float) -> Room:
    """The room whose middle frequencies fall by 60 dB in so many seconds."""
    wanted = round(1.05 * seconds * SEND_RATE)
    longest, size = next((pair for pair in _FFT_SIZES if pair[0] >= wanted), _FFT_SIZES[-1])
    response = impulse_response(seconds, min(longest, wanted))
    padded = np.zeros((2, size), np.float32)
    padded[:, : response.shape[1]] = response
    spectrum = forward(padded)
    frequencies, power = _smoothed(spectrum, size)
    return Room(spectrum, size, size - _SEND_BLOCK, frequencies, power)


def _smoothed(spectrum: Spectrum, size: int) -> tuple[Curve, Curve]:
    """The response's power in third octaves."""
    power = (spectrum.real**2 + spectrum.imag**2).sum(axis=0).astype(np.float64)
    edges = 40.0 * 2.0 ** (np.arange(25) / 3.0)
    bins = (edges * size / SEND_RATE).astype(int)
    sums = np.add.reduceat(power, bins)[:-1] / np.diff(bins)
    return edges[:-1] * 2.0 ** (1.0 / 6.0), sums


def impulse_response(seconds: float, frames: int) -> Signal:
    """Shape (2, frames) at the send's rate; each channel has unit energy."""
    late = _late(seconds, frames)
    late /= np.sqrt((late**2).sum(axis=1, keepdims=True))
    response = late + np.float32(_EARLY_SHARE) * _early(frames)
    ending = frames // 8
    response[:, -ending:] *= np.linspace(1.0, 0.0, ending, dtype=np.float32)
    response /= np.sqrt((response**2).sum(axis=1, keepdims=True))
    return response


def _late(seconds: float, frames: int) -> Signal:
    """Noise in octave-wide bands, each with its own decay."""
    delay = round(_PRE_DELAY_S * SEND_RATE)
    size = smooth_length(frames - delay)
    spectrum = forward(normals(2 * size, "room").reshape(2, size))
    position = np.log(np.maximum(20.0, bin_hertz(size, SEND_RATE)))
    times = np.arange(size, dtype=np.float32) / SEND_RATE
    late = np.zeros((2, frames), np.float32)
    centres = np.log(np.array(_BANDS_HZ))
    for band, (decay, gain) in enumerate(zip(_BAND_DECAY, _BAND_GAIN, strict=True)):
        heights = np.zeros(len(centres) + 2)
        heights[band + 1] = gain
        shape = np.interp(position, np.concatenate(((math.log(90.0),), centres, (math.log(11_500.0),))), heights)
        noise = inverse(spectrum * shape.astype(np.float32), size)
        late[:, delay : delay + size] += noise * np.exp(times * np.float32(-6.91 / (seconds * decay)))
    late[:, delay : delay + size] *= 1.0 - np.exp(times * np.float32(-1.0 / 0.01))
    return late


def _early(frames: int) -> Signal:
    """Nine reflections a side, in other places left and right, softened a little; unit energy."""
    early = np.zeros((2, frames), np.float32)
    draw = Stream("early reflections")
    for channel in range(2):
        for order in range(9):
            place = round((0.007 + 0.0075 * order + draw.between(0.0, 0.006)) * SEND_RATE)
            height = 0.86**order * (1.0 if draw.chance(0.5) else -1.0)
            early[channel, place : place + 3] += np.float32(height) * np.array([0.3, 0.5, 0.2], np.float32)
    early /= np.sqrt((early**2).sum(axis=1, keepdims=True))
    return early


def halve(mono: Signal) -> Signal:
    """To half the rate: four taps (1 3 3 1)/8, the block's edges held."""
    even, odd = mono[0::2], mono[1::2]
    half: Signal = (even + odd) * np.float32(0.375)
    half[1:] += np.float32(0.125) * odd[:-1]
    half[:-1] += np.float32(0.125) * even[1:]
    half[0] += np.float32(0.125) * even[0]
    half[-1] += np.float32(0.125) * odd[-1]
    return half


def convolve(room: Room, before: Signal, here: Signal) -> Signal:
    """The room's answer during a block, shape (2, BLOCK), to the sends of the previous block and of this one."""
    heard = np.concatenate((before[-room.history :], here))
    spectrum = forward(heard)
    # one frame late at the send's rate, so that doubling the rate needs no frame of the next block
    answer = inverse(room.spectrum * spectrum, room.size)[:, room.history - 2 :]
    quarters = np.float32(0.25) * answer
    out = np.empty((2, BLOCK), np.float32)
    np.multiply(answer[:, 1:-1], np.float32(0.75), out=out[:, 0::2])
    out[:, 1::2] = out[:, 0::2]
    out[:, 0::2] += quarters[:, :-2]
    out[:, 1::2] += quarters[:, 2:]
    return out
