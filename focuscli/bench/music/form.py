"""Form: whether the sound comes back to itself, and where it changes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from focuscli.bench.music.levels import Figures
from focuscli.bench.music.recording import Recording
from focuscli.spectra.spectrogram import BANDS, Curve, decibels, mel_bands, spectrogram
from focuscli.units import SAMPLE_RATE

Frames = NDArray[np.float32]

RATE = 4
"""Frames a second: hops of a quarter of a second."""
_BLOCK = 4 * RATE
"""Blocks of four seconds."""
_BACK = 8 * RATE
"""A block is compared with what lies at least so far back."""
COPIED = 0.97
_SURROUNDINGS = 60 * RATE
_HALF_KERNEL = 8 * RATE
_LEAST_NOVELTY = 0.12
_WINDOW = 2048


class Repetition(NamedTuple):
    """How near each block comes to one of its past."""

    nearest: Curve
    """The highest correlation by block, from the first that has a past."""

    @property
    def copy_rate(self) -> float:
        """The share of blocks that are copies."""
        return float((self.nearest > COPIED).mean()) if len(self.nearest) else 0.0

    @property
    def median(self) -> float:
        """Of the nearest blocks."""
        return float(np.median(self.nearest)) if len(self.nearest) else 0.0


def form(recording: Recording) -> Figures:
    """All figures of form."""
    frames = quarter_seconds(recording)
    repetition, novelty = nearest_past(frames), checkerboard(frames)
    places = boundaries(novelty)
    return {
        "copy_rate": repetition.copy_rate,
        "nearest": repetition.median,
        "boundaries_min": 60.0 * RATE * len(places) / max(1, len(frames)),
        "boundary": float(novelty.max(initial=0.0)),
    }


def quarter_seconds(recording: Recording) -> Frames:
    """The level of 40 mel bands in every quarter of a second, dB, shape (quarters, bands)."""
    hop = SAMPLE_RATE // RATE // 6
    power = spectrogram(recording.mono, _WINDOW, hop) @ mel_bands(_WINDOW)
    whole = power[: len(power) // 6 * 6].reshape(-1, 6, BANDS).mean(axis=1)
    levels = decibels(whole)
    levels = np.maximum(levels, levels.max(initial=-100.0) - 70.0)
    return np.asarray(levels, np.float32)


def nearest_past(frames: Frames) -> Repetition:
    """Every block of 4 s against every one that begins at least 8 s earlier, at a hop of a quarter of a second.

    Correlation of log-mel patches with each band's own mean over the two minutes around taken out, so that a
    common colour, or a long fade, does not count as likeness; by matrix products of 512 blocks, which costs
    seconds for an hour and a half.
    """
    if len(frames) < _BACK + _BLOCK + 1:
        return Repetition(np.zeros(0))
    centred = frames - around(frames)
    patches = np.lib.stride_tricks.sliding_window_view(centred, _BLOCK, axis=0).reshape(len(frames) - _BLOCK + 1, -1)
    patches = patches - patches.mean(axis=1, keepdims=True)
    patches /= np.maximum(np.linalg.norm(patches, axis=1, keepdims=True), 1e-6)
    nearest = np.empty(len(patches) - _BACK)
    for first in range(_BACK, len(patches), 512):
        some = np.arange(first, min(len(patches), first + 512))
        likeness = patches[some] @ patches[: some[-1] - _BACK + 1].T
        likeness[np.arange(likeness.shape[1])[None, :] > (some - _BACK)[:, None]] = -1.0
        nearest[some - _BACK] = likeness.max(axis=1)
    return Repetition(nearest)


def around(frames: Frames) -> Frames:
    """The mean of each band over the minute before and the minute after every frame, or over all if that is less."""
    if len(frames) <= 2 * _SURROUNDINGS:
        return np.asarray(frames.mean(axis=0, keepdims=True))
    sums = np.concatenate([np.zeros((1, frames.shape[1])), np.cumsum(frames, axis=0, dtype=np.float64)])
    places = np.arange(len(frames))
    first, last = np.maximum(places - _SURROUNDINGS, 0), np.minimum(places + _SURROUNDINGS, len(frames))
    return np.asarray((sums[last] - sums[first]) / (last - first)[:, None], np.float32)


def checkerboard(frames: Frames) -> Curve:
    """Novelty after Foote (2000) by quarter: a tapered checkerboard of 16 s on the likeness of the frames.

    Likeness is the correlation of smoothed (1 s) frames whose bands have mean 0 and a common scale; a perfect
    change from one sound to an unlike one gives 1, where nothing changes 0.
    """
    if len(frames) < 2 * _HALF_KERNEL + 1:
        return np.zeros(0)
    smooth = np.apply_along_axis(lambda band: np.convolve(band, np.ones(RATE) / RATE, "same"), 0, frames)
    centred = (smooth - smooth.mean(axis=0)).astype(np.float64)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    place = (np.arange(2 * _HALF_KERNEL) - _HALF_KERNEL + 0.5) / _HALF_KERNEL
    taper = np.exp(-2.0 * place**2) * np.sign(place)
    weight = np.abs(taper).sum()
    windows = np.lib.stride_tricks.sliding_window_view(centred, 2 * _HALF_KERNEL, axis=0)
    novelty = np.zeros(len(frames))
    novelty[_HALF_KERNEL : _HALF_KERNEL + len(windows)] = ((windows @ taper) ** 2).sum(axis=1) / weight**2
    return novelty


def boundaries(novelty: Curve) -> NDArray[np.intp]:
    """The peaks of novelty that stand over 0.12 and are the highest within ±4 s."""
    apart = 4 * RATE
    if len(novelty) < 2 * apart + 1:
        return np.zeros(0, np.intp)
    padded = np.pad(novelty, apart)
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * apart + 1).max(axis=1)
    return np.flatnonzero((novelty == highest) & (novelty > _LEAST_NOVELTY))
