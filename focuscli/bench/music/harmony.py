"""Harmony as it is heard: pitch classes of spectral peaks, the key's clarity, the change of chords, roughness."""

import numpy as np
from numpy.typing import NDArray

from focuscli.bench.music.levels import Figures
from focuscli.bench.music.recording import Curve, Recording, Sound, spectrogram
from focuscli.units import SAMPLE_RATE

_WINDOW, _HOP = 8192, 4096
_LOW_HZ, _HIGH_HZ = 80.0, 2000.0
_STEP_S = 2.0
_MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
_MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
"""Probe-tone profiles of Krumhansl and Kessler (1982)."""
_PEAKS = 24


def harmony(recording: Recording) -> Figures:
    """All figures of harmony."""
    power = spectrum_of(recording)
    chroma = pitch_classes(power)
    return {
        "key_clarity": key_clarity(chroma.sum(axis=0)),
        "entropy_bits": entropy(chroma.sum(axis=0)),
        "harmonic_step": harmonic_step(chroma),
        "roughness": roughness(power),
    }


def spectrum_of(recording: Recording) -> Sound:
    """The spectrogram that peaks are looked for in: windows of 170 ms, half overlapped."""
    return spectrogram(recording.mono, _WINDOW, _HOP)


def _is_peak(power: Sound) -> NDArray[np.bool_]:
    """Higher than both neighbours and no more than 60 dB under the frame's highest; edges are none."""
    found = np.zeros(power.shape, np.bool_)
    middle = power[:, 1:-1]
    found[:, 1:-1] = (middle > power[:, :-2]) & (middle >= power[:, 2:])
    found &= power > 1e-6 * power.max(axis=1, keepdims=True)
    return found


def pitch_classes(power: Sound) -> Curve:
    """The amplitude of spectral peaks between 80 Hz and 2 kHz by frame and pitch class, shape (frames, 12).

    Frequencies are those of the parabola through a peak's levels; A = 440 Hz.
    """
    width = SAMPLE_RATE / _WINDOW
    first, last = int(_LOW_HZ / width), int(_HIGH_HZ / width)
    part = power[:, first - 1 : last + 2]
    frame, place = np.nonzero(_is_peak(part))
    inside = (place > 0) & (place < part.shape[1] - 1)
    frame, place = frame[inside], place[inside]
    below, here, above = (np.log(part[frame, place + step] + 1e-20) for step in (-1, 0, 1))
    shift = 0.5 * (below - above) / np.minimum(below - 2.0 * here + above, -1e-9)
    hertz = (place + first - 1 + np.clip(shift, -0.5, 0.5)) * width
    note = np.round(69.0 + 12.0 * np.log2(hertz / 440.0)).astype(int) % 12
    chroma = np.zeros((len(power), 12))
    np.add.at(chroma, (frame, note), np.sqrt(part[frame, place]))
    return chroma


def key_clarity(profile: Curve) -> float:
    """The best correlation of a pitch-class profile with the 24 keys of Krumhansl."""
    if profile.std() == 0.0:
        return 0.0
    keys = [np.roll(shape, tonic) for shape in (_MAJOR, _MINOR) for tonic in range(12)]
    return float(max(np.corrcoef(profile, key)[0, 1] for key in keys))


def entropy(profile: Curve) -> float:
    """Of a pitch-class profile, in bits; 3.585 if all twelve are equal."""
    share = profile / max(profile.sum(), 1e-15)
    return float(-(share * np.log2(np.maximum(share, 1e-15))).sum())


def harmonic_step(chroma: Curve) -> float:
    """How far the pitch classes of 2 s lie from those of the 2 s before: 1 - cosine, the median."""
    frames = round(_STEP_S * SAMPLE_RATE / _HOP)
    blocks = chroma[: len(chroma) // frames * frames].reshape(-1, frames, 12).sum(axis=1)
    blocks = blocks / np.maximum(np.linalg.norm(blocks, axis=1, keepdims=True), 1e-15)
    return float(np.median(1.0 - (blocks[1:] * blocks[:-1]).sum(axis=1))) if len(blocks) > 1 else 0.0


def roughness(power: Sound) -> float:
    """Sethares' dissonance of the 24 highest peaks of a frame with their energies' sum set to 1; the median frame.

    Curve and constants of Sethares (1993); a pair weighs the product of its amplitudes.
    """
    power = power[::4]
    power = power[power.sum(axis=1) > 1e-3 * np.median(power.sum(axis=1))]
    if not len(power):
        return 0.0
    candidates = np.where(_is_peak(power), power, 0.0)
    places = np.sort(np.argpartition(candidates, -_PEAKS, axis=1)[:, -_PEAKS:], axis=1)
    energy = np.take_along_axis(candidates, places, axis=1).astype(np.float64)
    amplitude = np.sqrt(energy / np.maximum(energy.sum(axis=1, keepdims=True), 1e-20))
    hertz = places * SAMPLE_RATE / _WINDOW
    lower, upper = np.triu_indices(_PEAKS, 1)
    scaled = 0.24 / (0.021 * hertz[:, lower] + 19.0) * (hertz[:, upper] - hertz[:, lower])
    curve = np.exp(-3.51 * scaled) - np.exp(-5.75 * scaled)
    return float(np.median((amplitude[:, lower] * amplitude[:, upper] * curve).sum(axis=1)))
