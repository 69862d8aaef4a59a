"""Noise beside what it is named after: slope, loudness, peaks, width, what comes back, and how fast it is made."""

import shutil
import subprocess
import tempfile
import time
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
_LIKEST = 0.5
"""Seconds of brown noise have few octaves to differ in and reach 0.25 by chance; a loop is 1."""
_IMPULSES = 2.0
"""A minute: the detector finds so many in recordings of music as well."""
_DROPPING = frozenset({"rain", "tin", "stream", "fire"})
"""Their drops are impulses by nature."""


def measure(quick: bool) -> list[dict[str, Any]]:
    """A row a sound, of an hour or (quick) five minutes; of colours by sox as well, where it is installed.

    `likest` is the correlation of the second that is most like one of the probes, anywhere else: 1 in a loop.
    """
    seconds = 300 if quick else 3600
    rows = [_row(name, prompt, seconds) for name, prompt in PROMPTS.items()]
    if shutil.which("sox"):
        rows += [_figures(f"sox {name}", _by_sox(kind), None) for name, kind in _PEERS.items()]
    return rows


def _row(name: str, prompt: str, seconds: int) -> dict[str, Any]:
    piece = Piece(Goal.CUSTOM_PROMPT, Intensity.MEDIUM, 0.0, 1, 5400, prompt)
    weather = Weather(piece)
    weather.frames(Span(0, SAMPLE_RATE))
    parts, spent = [], 0.0
    for first in range(FROM_S, FROM_S + seconds, 60):
        began = time.process_time()
        parts.append(weather.frames(Span(first * SAMPLE_RATE, (first + 60) * SAMPLE_RATE)))
        spent += time.process_time() - began
    row = _figures(name, np.concatenate(parts[:5]), SLOPES.get(name))
    likest, nearest = likeness(parts), nearest_past(np.concatenate([quarter_seconds(Recording(p)) for p in parts]))
    copies = int((nearest.nearest > 0.97).sum()) if name not in SLOPES else 0
    impulses = 0.0 if name in _DROPPING else impulses_per_minute(Recording(parts[0]))
    sound_ok = likest < _LIKEST and copies == 0 and impulses <= _IMPULSES
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


def likeness(parts: list[Sound]) -> float:
    """The highest correlation of five seconds of the middle part with any second elsewhere, one channel at 48 kHz."""
    middle = len(parts) // 2
    starts = [int(share * (len(parts[middle]) - SAMPLE_RATE)) for share in (0.05, 0.3, 0.5, 0.7, 0.95)]
    probes = [(start, parts[middle][start : start + SAMPLE_RATE, 0].astype(np.float64)) for start in starts]
    highest = 0.0
    for number, part in enumerate(parts):
        sound = part[:, 0].astype(np.float64)
        size = len(sound) + SAMPLE_RATE
        spectrum = np.fft.rfft(sound, size)
        energy = np.concatenate([np.zeros(1), np.cumsum(sound**2)])
        there = np.sqrt(energy[SAMPLE_RATE:] - energy[:-SAMPLE_RATE])
        for start, probe in probes:
            product = np.fft.irfft(spectrum * np.conj(np.fft.rfft(probe, size)), size)[: len(there)]
            likest = np.abs(product) / (there * np.sqrt((probe**2).sum()) + 1e-12)
            if number == middle:
                likest[max(0, start - SAMPLE_RATE) : start + SAMPLE_RATE] = 0.0
            highest = max(highest, float(likest.max()))
    return highest


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
