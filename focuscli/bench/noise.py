"""Noise beside what it is named after: slope, loudness, peaks, width, what comes back, and how fast it is made."""

import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focuscli.bench.music.clicks import impulses_per_minute
from focuscli.bench.music.form import nearest_past, quarter_seconds
from focuscli.bench.music.recording import Recording
from focuscli.loudness.true_peak import true_peak
from focuscli.model import Goal, Intensity
from focuscli.music.timeline import Piece, Span
from focuscli.noise.render import Weather
from focuscli.units import SAMPLE_RATE

Sound = NDArray[np.float32]

PROMPTS = {
    "white": "white noise",
    "pink": "pink noise",
    "brown": "brown noise",
    "air": "fan",
    "rain": "rain",
    "tin": "rain on a tin roof",
    "sea": "ocean",
    "wind": "wind",
    "stream": "river",
    "fire": "campfire",
}
SLOPES = {"white": 0.0, "pink": -3.01, "brown": -6.02}
FROM_S = 240
_PEERS = {"white": "whitenoise", "pink": "pinknoise", "brown": "brownnoise"}
_LIKEST = 0.15
"""Whitened seconds of 11,000 independent samples are by chance as like as sqrt(2 ln 2e8 / 11,000) = 0.06 somewhere in
an hour, and 0.1 where a few drops are most of a second; a copy of a second is 1, and one under as much else 0.7."""
_COPIED = 0.995
"""Four seconds of a loop are 1 as pictures too. One wave of the sea rises as another does: in half an hour up to 0.988,
and half of all blocks have one before them that is 0.91 like them."""
_IMPULSES = 1.0
"""A minute: so many at most are asked of a mix of music; steady noise has none, a wave that breaks a few in an hour."""
_DROPPING = frozenset({"rain", "tin", "stream", "fire"})
"""Their drops are impulses by nature."""
_RATE = 12_000
"""Whatever comes back comes back below 6 kHz as well."""
_FIGURES_S = 300


def measure(quick: bool) -> list[dict[str, Any]]:
    """A row a sound, of an hour or (quick) five minutes; of colours by sox as well, where it is installed.

    `likest` is the correlation of the second that is most like one of the probes, anywhere else: 1 in a loop.
    """
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        rows = list(pool.map(_row, PROMPTS, [300 if quick else 3600] * len(PROMPTS)))
    if shutil.which("sox"):
        rows += [_figures(f"sox {name}", _by_sox(kind), None) for name, kind in _PEERS.items()]
    return rows


def _row(name: str, seconds: int) -> dict[str, Any]:
    """One sound, a minute at a time: an hour of it does not fit into everyone's memory."""
    weather = Weather(Piece(Goal.CUSTOM_PROMPT, Intensity.MEDIUM, 0.0, 1, 5400, PROMPTS[name]))
    weather.frames(Span(0, SAMPLE_RATE))
    kept, thin, quarters, impulses, spent = list[Sound](), list[Sound](), [], 0.0, 0.0
    for first in range(FROM_S, FROM_S + seconds, 60):
        began = time.process_time()
        part = weather.frames(Span(first * SAMPLE_RATE, (first + 60) * SAMPLE_RATE))
        spent += time.process_time() - began
        if first < FROM_S + _FIGURES_S:
            kept.append(part)
        thin.append(thinned(part))
        quarters.append(quarter_seconds(Recording(part)))
        impulses += impulses_per_minute(Recording(part)) / (seconds / 60)
    row = _figures(name, np.concatenate(kept), SLOPES.get(name))
    likest, nearest = likeness(thin), nearest_past(np.concatenate(quarters))
    copies = int((nearest.nearest > _COPIED).sum()) if name not in SLOPES else 0
    sound_ok = likest < _LIKEST and copies == 0 and (impulses <= _IMPULSES or name in _DROPPING)
    return {
        **row,
        "likest": likest,
        "copies": copies,
        "impulses_min": impulses,
        "real_time_x": round(seconds / spent),
        "ok": row["ok"] and sound_ok,
    }


def _figures(name: str, sound: Sound, slope: float | None) -> dict[str, Any]:
    recording = Recording(sound)
    measured, lufs = slope_of(sound), float(recording.meter.integrated())
    peak = float(true_peak(sound))
    ours = not name.startswith("sox")
    fits = slope is None or abs(measured - slope) <= 0.5
    return {
        "sound": name,
        "slope_db_oct": measured,
        "lufs": lufs,
        "true_peak": peak,
        "correlation": _correlation(sound),
        "bass_correlation": _correlation(_bass(sound)),
        "range_db": _range_db(sound),
        "ok": not ours or (fits and abs(lufs + 14.0) <= 0.6 and peak <= -1.0),
    }


def slope_of(sound: Sound) -> float:
    """dB an octave from 60 Hz to 10 kHz: a line through thirds of octaves, by scipy's Welch (Hann, 8192)."""
    from scipy.signal import welch

    frequency, power = (np.asarray(axis) for axis in welch(sound[:, 0], SAMPLE_RATE, nperseg=8192))
    edges = np.arange(np.log2(60.0), np.log2(10_000.0), 1 / 3)
    octave = np.log2(np.maximum(frequency, 1.0))
    means = [power[(octave >= edge) & (octave < edge + 1 / 3)].mean() for edge in edges]
    return float(np.polyfit(edges, 10.0 * np.log10(np.array(means)), 1)[0])


def thinned(sound: Sound) -> Sound:
    """One channel at 12 kHz, shape (frames,)."""
    from scipy.signal import resample_poly

    return np.asarray(resample_poly(sound[:, 0], 1, SAMPLE_RATE // _RATE), np.float32)


def likeness(parts: list[Sound]) -> float:
    """The highest correlation of five seconds of the middle part with any second elsewhere.

    `parts` are equally long, one channel at 12 kHz. All are whitened first, by the spectrum of the middle one: in a
    second of brown noise there is little to differ in, and any two are alike by chance; whitened, no colour is.
    """
    from scipy import fft

    middle, second = len(parts) // 2, _RATE
    size = fft.next_fast_len(len(parts[middle]) + second, real=True)
    whiten = _whitening(parts[middle], size)
    white = [fft.irfft(fft.rfft(part, size) * whiten, size)[: len(part)] for part in parts]
    starts = [int(share * (len(white[middle]) - second)) for share in (0.05, 0.3, 0.5, 0.7, 0.95)]
    probes = [white[middle][start : start + second] for start in starts]
    kinds = [np.conj(fft.rfft(probe / np.linalg.norm(probe), size)) for probe in probes]
    highest = 0.0
    for number, part in enumerate(white):
        spectrum, energy = fft.rfft(part, size), np.concatenate([np.zeros(1), np.cumsum(part.astype(np.float64) ** 2)])
        there = np.sqrt(energy[second:] - energy[:-second]) + 1e-9
        for start, kind in zip(starts, kinds, strict=True):
            likest = np.abs(fft.irfft(spectrum * kind, size)[: len(there)]) / there
            if number == middle:
                likest[max(0, start - second) : start + second] = 0.0
            highest = max(highest, float(likest.max()))
    return highest


def _whitening(part: Sound, size: int) -> Sound:
    """What makes its spectrum flat from 30 Hz to 5.5 kHz, and leaves nothing of the rest."""
    from scipy.signal import welch

    frequency, power = (np.asarray(axis, np.float64) for axis in welch(part, _RATE, nperseg=2048))
    fine = np.fft.rfftfreq(size, 1 / _RATE)
    flat = np.interp(fine, frequency, 1.0 / np.sqrt(power + 1e-9 * power.max()))
    return np.where((fine > 30.0) & (fine < 5500.0), flat, 0.0).astype(np.float32)


def _correlation(sound: NDArray[np.floating[Any]]) -> float:
    """Of left and right."""
    return float(np.asarray(np.corrcoef(sound.T))[0, 1])


def _bass(sound: Sound) -> NDArray[np.float64]:
    from scipy.signal import butter, sosfilt

    return np.asarray(sosfilt(butter(4, 120.0, fs=SAMPLE_RATE, output="sos"), sound, axis=0))


def _range_db(sound: Sound) -> float:
    """Between the softest and the loudest of most seconds (5 to 95 %)."""
    seconds = (sound[: len(sound) // SAMPLE_RATE * SAMPLE_RATE] ** 2).mean(axis=1).reshape(-1, SAMPLE_RATE).mean(axis=1)
    return float(np.ptp(np.percentile(10.0 * np.log10(seconds + 1e-12), (5.0, 95.0))))


def _by_sox(kind: str) -> Sound:
    import soundfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "noise.wav"
        command = ["sox", "-n", "-r", str(SAMPLE_RATE), "-c", "2", "-b", "24", str(file), "synth", "60", kind]
        subprocess.run([*command, "gain", "-6"], check=True)
        sound: Sound = soundfile.read(file, dtype="float32", always_2d=True)[0]
    return sound
