"""Harmony as it is heard: pitch classes of spectral peaks, the key's clarity, the change of chords, roughness."""

import numpy as np

from focuscli.bench.music.levels import Figures
from focuscli.bench.music.recording import Recording
from focuscli.spectra.pitch import PITCH_HOP, PITCH_WINDOW, is_peak, pitch_classes
from focuscli.spectra.spectrogram import Curve, Sound, spectrogram
from focuscli.units import SAMPLE_RATE

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
    return spectrogram(recording.mono, PITCH_WINDOW, PITCH_HOP)


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
    frames = round(_STEP_S * SAMPLE_RATE / PITCH_HOP)
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
    candidates = np.where(is_peak(power), power, 0.0)
    places = np.sort(np.argpartition(candidates, -_PEAKS, axis=1)[:, -_PEAKS:], axis=1)
    energy = np.take_along_axis(candidates, places, axis=1).astype(np.float64)
    amplitude = np.sqrt(energy / np.maximum(energy.sum(axis=1, keepdims=True), 1e-20))
    hertz = places * SAMPLE_RATE / PITCH_WINDOW
    lower, upper = np.triu_indices(_PEAKS, 1)
    scaled = 0.24 / (0.021 * hertz[:, lower] + 19.0) * (hertz[:, upper] - hertz[:, lower])
    curve = np.exp(-3.51 * scaled) - np.exp(-5.75 * scaled)
    return float(np.median((amplitude[:, lower] * amplitude[:, upper] * curve).sum(axis=1)))
