"""The vector of a minute of music: timbre, pitch classes, rhythm and colour as 43 numbers, and their distance."""

import numpy as np

from focuscli.bench.music.colour import flatness
from focuscli.bench.music.harmony import spectrum_of
from focuscli.bench.music.real_minutes import MEANS, SPREADS
from focuscli.bench.music.recording import Recording
from focuscli.bench.music.rhythm import onset_curve_of, pulse
from focuscli.spectra.onsets import rate_of_onsets
from focuscli.spectra.pitch import pitch_classes
from focuscli.spectra.spectrogram import BANDS, Curve

_CEPSTRA = 13
_COSINES = np.cos(np.pi / BANDS * (np.arange(BANDS)[:, None] + 0.5) * np.arange(_CEPSTRA)) * np.sqrt(2.0 / BANDS)


def vector(recording: Recording) -> Curve:
    """Shape (43,): means and spreads of 13 cepstra (of 40 mel levels in dB, the mean power brought to -20 dB), the
    shares of twelve pitch classes, and log onset rate, log tempo (within 70 to 140 bpm), pulse clarity, log
    centroid and log flatness.
    """
    recording = _evened(recording)
    power = recording.power
    cepstra = recording.mel[recording.heard] @ _COSINES
    chroma = pitch_classes(spectrum_of(recording)).sum(axis=0)
    curve = onset_curve_of(recording)
    clarity, tempo = pulse(curve)
    while tempo >= 140.0:
        tempo /= 2.0
    while 0.0 < tempo < 70.0:
        tempo *= 2.0
    whole = power.sum(axis=0, dtype=np.float64)
    rest = (
        np.log2(rate_of_onsets(curve) + 0.05),
        np.log2(max(tempo, 70.0)),
        clarity,
        np.log2(max(float(whole @ recording.hertz / max(whole.sum(), 1e-15)), 20.0)),
        np.log10(max(flatness(recording), 1e-9)),
    )
    return np.concatenate([cepstra.mean(axis=0), cepstra.std(axis=0), chroma / max(chroma.sum(), 1e-12), rest])


def _evened(recording: Recording) -> Recording:
    """The same at a mean power of -20 dB, so that loudness is no difference."""
    power = float(np.square(recording.sound, dtype=np.float64).mean())
    return Recording(recording.sound * np.float32(np.sqrt(0.01 / max(power, 1e-12))))


def distance(one: Curve, other: Curve) -> float:
    """The root mean square difference of two vectors in standard deviations of real music."""
    return float(np.sqrt((((one - other) / SPREADS) ** 2).mean()))


def place(one: Curve) -> Curve:
    """A vector in standard deviations from the mean of real music."""
    return np.asarray((one - MEANS) / SPREADS)
