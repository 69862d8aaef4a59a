"""Rhythm: accents, pulse, tempo, how exactly it is kept, how fast sounds fall, and modulation at 16 Hz."""

import numpy as np

from focuscli.bench.music.levels import Figures
from focuscli.bench.music.recording import Recording, cells
from focuscli.spectra.onsets import ONSET_HOP, ONSET_WINDOW, RATE, onset_curve, peaks, rate_of_onsets
from focuscli.spectra.spectrogram import Curve, Sound
from focuscli.units import SAMPLE_RATE

_FINE_WINDOW, _FINE_HOP = 512, 96
_SLOWEST_S, _FASTEST_S = 2.0, 0.25
"""Lags of the autocorrelation that count as a pulse: 30 to 240 a minute."""


def rhythm(recording: Recording) -> Figures:
    """All figures of rhythm."""
    curve = onset_curve_of(recording)
    clarity, tempo = pulse(curve)
    return {
        "onset_sd_db": accents(curve),
        "pulse": clarity,
        "audio_bpm": tempo,
        "grid_sd_ms": grid_sd_ms(recording.mono, tempo),
        "decay_db_s": fast_decay(recording),
        "gaps": gaps(recording.sound),
        "am16_db": modulation(recording),
        "onsets_heard_s": rate_of_onsets(curve),
    }


def onset_curve_of(recording: Recording) -> Curve:
    """The onset curve of the mono sum, a hundred values a second."""
    return onset_curve(recording.mono, ONSET_WINDOW, ONSET_HOP)


def accents(curve: Curve) -> float:
    """How differently strong onsets are: standard deviation of the peaks of the curve, dB (20 log)."""
    found = curve[peaks(curve)]
    return float((20.0 * np.log10(found)).std()) if len(found) > 2 else 0.0


def pulse(curve: Curve) -> tuple[float, float]:
    """Clarity and tempo: the highest peak of the onset curve's normalised autocorrelation, and its lag in bpm.

    Unbiased (each lag by the frames it has); a peak must stand above both its neighbours.
    """
    centred = curve - curve.mean()
    size = 1 << (2 * len(centred) - 1).bit_length()
    product = np.fft.irfft(np.abs(np.fft.rfft(centred, size)) ** 2)[: round(_SLOWEST_S * RATE) + 2]
    if len(product) >= len(centred) or product[0] <= 0.0:
        return 0.0, 0.0
    product *= len(centred) / (len(centred) - np.arange(len(product)))
    product /= product[0]
    lags = np.arange(round(_FASTEST_S * RATE), len(product) - 1)
    tops = lags[(product[lags] >= product[lags - 1]) & (product[lags] >= product[lags + 1])]
    if not len(tops):
        return 0.0, 0.0
    best = int(tops[product[tops].argmax()])
    before, here, after = product[best - 1 : best + 2]
    bend = before - 2.0 * here + after
    shift = 0.5 * (before - after) / bend if bend else 0.0
    return float(max(0.0, here)), float(60.0 * RATE / (best + shift))


def grid_sd_ms(wave: Sound, tempo: float) -> float:
    """How far onsets lie from the nearest line of a grid of sixteenths: standard deviation, ms.

    Windows of 8 s; in each the tempo within ±2 % (and its double and half) and the phase that fit best are
    taken, so that slow drift does not count; a sixteenth is a quarter of a beat between 85 and 170 bpm.
    """
    if tempo <= 0.0:
        return 0.0
    while tempo < 85.0:
        tempo *= 2.0
    while tempo >= 170.0:
        tempo /= 2.0
    curve = onset_curve(wave, _FINE_WINDOW, _FINE_HOP)
    places = peaks(curve, apart=20)
    before, here, after = (curve[np.clip(places + step, 0, len(curve) - 1)] for step in (-1, 0, 1))
    bend = before - 2.0 * here + after
    shift = np.where(bend < 0.0, 0.5 * (before - after) / np.minimum(bend, -1e-9), 0.0)
    seconds = (places + np.clip(shift, -0.5, 0.5)) * _FINE_HOP / SAMPLE_RATE
    weights = curve[places]
    sixteenths = 15.0 / (tempo * np.linspace(0.98, 1.02, 161))
    spreads = []
    for start in np.arange(0.0, len(wave) / SAMPLE_RATE - 8.0, 8.0):
        inside = (seconds >= start) & (seconds < start + 8.0)
        if inside.sum() >= 8:
            spreads.append(_best_fit(seconds[inside], weights[inside], sixteenths))
    return 1000.0 * float(np.median(spreads)) if spreads else 0.0


def _best_fit(seconds: Curve, weights: Curve, sixteenths: Curve) -> float:
    turns = seconds[None, :] / sixteenths[:, None]
    mean = (weights * np.exp(2j * np.pi * turns)).sum(axis=1)
    best = int(np.abs(mean).argmax())
    off = turns[best] - np.angle(mean[best]) / (2.0 * np.pi)
    off -= np.round(off)
    return float(np.sqrt((weights * off**2).sum() / weights.sum()) * sixteenths[best])


def fast_decay(recording: Recording) -> float:
    """How fast 1-8 kHz falls where it falls, over 50 ms, the 95th percentile, dB/s; no deeper than 60 dB down."""
    wave, rate = recording.band(1000.0, 8000.0)
    level = 10.0 * np.log10(cells(wave, rate // 100) + 1e-12)
    level = np.maximum(level, level.max() - 60.0)
    falls = (level[:-5] - level[5:]) / 0.05
    falls = falls[falls > 0.0]
    return float(np.percentile(falls, 95.0)) if len(falls) else 0.0


def gaps(sound: Sound) -> float:
    """The share of frames of 10 ms that lie 45 dB under the mean power."""
    power = cells(sound[:, 0], 480) + cells(sound[:, 1], 480)
    return float((power < power.mean() * 10.0**-4.5).mean())


def modulation(recording: Recording) -> float:
    """am16: power of the envelopes of four octaves (250 Hz-4 kHz) at 15.5-16.6 Hz against 11-14 and 18-22 Hz, dB.

    Envelopes are the amplitude of 5 ms each; a sum of spectra with every band's mean level divided out.
    """
    line = beside = 0.0
    for low in (250.0, 500.0, 1000.0, 2000.0):
        wave, rate = recording.band(low, 2.0 * low)
        envelope = np.sqrt(cells(wave, rate // 200))
        if len(envelope) < 400 or envelope.mean() <= 0.0:
            return 0.0
        power = _averaged_spectrum(envelope / envelope.mean(), 800)
        hertz = np.fft.rfftfreq(800, 0.005)
        line += power[(hertz >= 15.5) & (hertz <= 16.6)].mean()
        beside += power[((hertz >= 11.0) & (hertz <= 14.0)) | ((hertz >= 18.0) & (hertz <= 22.0))].mean()
    return float(10.0 * np.log10(line / max(beside, 1e-15)))


def _averaged_spectrum(curve: Curve, size: int) -> Curve:
    size = min(size, len(curve))
    frames = np.lib.stride_tricks.sliding_window_view(curve, size)[:: size // 2]
    spectra = np.fft.rfft((frames - frames.mean(axis=1, keepdims=True)) * np.hanning(size), 800, axis=1)
    return np.asarray((np.abs(spectra) ** 2).mean(axis=0))
