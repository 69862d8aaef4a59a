"""Levels: loudness, its range, steps, breath and swells, and the peaks."""

import re
import shutil
import subprocess
from collections.abc import Sequence

import numpy as np

from focuscli.bench.music.recording import Recording, cells
from focuscli.loudness.true_peak import true_peak
from focuscli.spectra.spectrogram import Curve, Sound
from focuscli.units import SAMPLE_RATE

Figures = dict[str, float]

_ABSOLUTE_LUFS = -70.0


def levels(recording: Recording) -> Figures:
    """All figures of level; loudness, range and true peak by ffmpeg's ebur128 where it is installed."""
    momentary, short_term = recording.meter.momentary(), recording.meter.short_term()
    figures = by_ffmpeg(recording.sound) or {
        "lufs": float(recording.meter.integrated()),
        "lra_lu": recording.meter.loudness_range(),
        "dbtp": float(true_peak(recording.sound)),
    }
    return figures | {
        "plr_db": figures["dbtp"] - figures["lufs"],
        "dc_db": _decibels(float(np.abs(recording.sound.mean(axis=0, dtype=np.float64)).max()) ** 2),
        "clipped": float((np.abs(recording.sound) >= 0.99997).sum()),
        "step_lu": loudness_step(short_term[::10]),
        "sd_10s_lu": spread_of_windows(recording.sound, 10.0),
        "sd_1s_db": spread_of_windows(recording.sound, 1.0),
        "exponent": exponent(momentary[::10]),
    }


def by_ffmpeg(sound: Sound) -> Figures:
    """Integrated loudness, loudness range and true peak as an independent program reads them; else nothing."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        return {}
    report = subprocess.run(
        [ffmpeg, "-hide_banner", "-nostats", "-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", "2", "-i", "-",
         "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"],
        input=sound.tobytes(), capture_output=True, check=True,
    ).stderr.decode()  # fmt: skip
    summary = report[report.rindex("Summary:") :]
    patterns = {"lufs": r"I:\s+(\S+) LUFS", "lra_lu": r"LRA:\s+(\S+) LU", "dbtp": r"Peak:\s+(\S+) dBFS"}
    found = {name: re.search(pattern, summary) for name, pattern in patterns.items()}
    return {name: float(match.group(1)) for name, match in found.items() if match}


def loudness_step(short_term: Curve, rests: Sequence[tuple[float, float]] = ()) -> float:
    """How far the loudness of 3 s lies from that of the 3 s before, the 99th percentile, ten values a second.

    Windows that touch one of the rests (s, from and to) are left out.
    """
    heard = np.maximum(short_term, _ABSOLUTE_LUFS)
    starts = 0.1 * np.arange(len(heard))
    for since, until in rests:
        heard = np.where((starts + 3.0 > since) & (starts < until), np.nan, heard)
    steps = np.abs(heard[30:] - heard[:-30])
    steps = steps[~np.isnan(steps)]
    return float(np.percentile(steps, 99.0)) if len(steps) else 0.0


def step_between_rests(recording: Recording, rests: Sequence[tuple[float, float]]) -> float:
    """The loudness step of a recording whose rests are meant."""
    return loudness_step(recording.meter.short_term()[::10], rests)


def spread_of_windows(sound: Sound, window_s: float) -> float:
    """Standard deviation of the level of windows that do not overlap and are within 40 dB of the loudest."""
    frames = round(window_s * SAMPLE_RATE)
    level = 10.0 * np.log10(cells(sound[:, 0], frames) + cells(sound[:, 1], frames) + 1e-12)
    return float(level[level > level.max() - 40.0].std()) if len(level) else 0.0


def exponent(momentary: Curve) -> float:
    """The slope a of 1/f^a of momentary loudness between 0.02 and 2 Hz (Voss and Clarke), ten values a second."""
    curve = np.maximum(momentary, _ABSOLUTE_LUFS)
    if len(curve) < 200:
        return 0.0
    power = np.abs(np.fft.rfft((curve - curve.mean()) * np.hanning(len(curve)))) ** 2
    hertz = np.fft.rfftfreq(len(curve), 0.1)
    inside = (hertz >= 0.02) & (hertz <= 2.0)
    return float(-np.polyfit(np.log10(hertz[inside]), np.log10(power[inside] + 1e-12), 1)[0])


def swell_lu(recording: Recording, shortest_s: float, longest_s: float) -> float:
    """How deep the level swells with periods between two bounds: peak to peak of a sine of the same power, LU.

    Momentary loudness (a value each 50 ms) is band-passed by FFT; what it has of slower form and of the beat
    stays outside.
    """
    curve = np.maximum(recording.meter.momentary()[::5], _ABSOLUTE_LUFS)
    if len(curve) < 2.0 * longest_s / 0.05:
        return 0.0
    spectrum = np.fft.rfft((curve - curve.mean()) * np.hanning(len(curve)))
    hertz = np.fft.rfftfreq(len(curve), 0.05)
    inside = (hertz >= 1.0 / longest_s) & (hertz <= 1.0 / shortest_s)
    power = 2.0 * (np.abs(spectrum[inside]) ** 2).sum() / (len(curve) ** 2 * 0.375)
    return float(2.0 * np.sqrt(2.0 * power))


def _decibels(power: float) -> float:
    return float(10.0 * np.log10(max(power, 1e-20)))
