"""What the music measures: loudness, range, peaks (by ffmpeg), colour, width, decay and density of the score."""

import re
import shutil
import subprocess
import sys
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from focuscli.model import Goal, Intensity
from focuscli.music.render import render_segment
from focuscli.music.score import score_of
from focuscli.music.tempo import phrases_between
from focuscli.music.timeline import Piece, Span, spans, target_lufs
from focuscli.units import SAMPLE_RATE

Sound = NDArray[np.float32]

_WINDOW = 4096


def measure(quick: bool) -> list[dict[str, Any]]:
    """A row a goal and intensity, of the third segment of a session of ten minutes."""
    if shutil.which("ffmpeg") is None:
        print("ffmpeg is missing: loudness, range and true peak are left out", file=sys.stderr)
    rows = []
    for goal in (goal for goal in Goal if goal is not Goal.CUSTOM_PROMPT):
        for intensity in [Intensity.MEDIUM] if quick else list(Intensity):
            piece = Piece(goal, intensity, 0.35, 1, 600)
            sound = render_segment(piece, 2)
            rows.append(
                {
                    "goal": goal.value,
                    "intensity": intensity.value,
                    "target_lufs": target_lufs(piece, 2),
                    **loudness(sound),
                    **colour(sound),
                    **width(sound),
                    "decay_db_s": decay(sound),
                    "onsets_s": onset_rate(piece, spans(piece)[2]),
                }
            )
    return rows


def loudness(sound: Sound) -> dict[str, float]:
    """Integrated loudness, loudness range and true peak, judged by ffmpeg's ebur128."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        return {}
    report = subprocess.run(
        [ffmpeg, "-hide_banner", "-nostats", "-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", "2", "-i", "-",
         "-af", "ebur128=peak=true", "-f", "null", "-"],
        input=sound.tobytes(), capture_output=True, check=True,
    ).stderr.decode()  # fmt: skip
    summary = report[report.rindex("Summary:") :]
    patterns = {"lufs": r"I:\s+(\S+) LUFS", "lra_lu": r"LRA:\s+(\S+) LU", "dbtp": r"Peak:\s+(\S+) dBFS"}
    found = {name: re.search(pattern, summary) for name, pattern in patterns.items()}
    return {name: float(match.group(1)) for name, match in found.items() if match}


def _spectrogram(sound: Sound) -> NDArray[np.float64]:
    """Power by frame and bin of the mono sum."""
    mono = sound.mean(axis=1)
    frames = np.lib.stride_tricks.sliding_window_view(mono, _WINDOW)[:: _WINDOW // 2]
    power: NDArray[np.float64] = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW), axis=1)) ** 2
    return power


def colour(sound: Sound) -> dict[str, float]:
    """Power centroid (median, Hz), its motion (octaves, sd) and the energy above 6 kHz (dB)."""
    power = _spectrogram(sound)
    hertz = np.arange(power.shape[1]) * SAMPLE_RATE / _WINDOW
    total = power.sum(axis=1)
    heard = total > 1e-3 * np.median(total)
    centroid = (power @ hertz)[heard] / total[heard]
    return {
        "centroid_hz": float(np.median(centroid)),
        "motion_oct": float(np.log2(centroid).std()),
        "air_db": float(10.0 * np.log10(power[:, hertz > 6000.0].sum() / power.sum())),
    }


def width(sound: Sound) -> dict[str, float]:
    """Correlation of left and right, of all and below 120 Hz."""
    spectrum = np.fft.rfft(sound[: len(sound) // 4096 * 4096], axis=0)
    low = spectrum[: int(120.0 * len(sound) / SAMPLE_RATE)]
    cross = float((low[:, 0] * low[:, 1].conj()).real.sum())
    powers = np.abs(low) ** 2
    return {
        "corr": float(np.corrcoef(sound[:, 0], sound[:, 1])[0, 1]),
        "corr_low": cross / float(np.sqrt(powers[:, 0].sum() * powers[:, 1].sum())),
    }


def decay(sound: Sound) -> float:
    """How fast 1-8 kHz falls where it falls, the median over 50 ms, in dB/s."""
    spectrum = np.fft.rfft(sound.mean(axis=1)[: len(sound) // 4096 * 4096])
    hertz = np.arange(len(spectrum)) * SAMPLE_RATE / (len(sound) // 4096 * 4096)
    middle = np.fft.irfft(np.where((hertz > 1000.0) & (hertz < 8000.0), spectrum, 0.0))
    level = 10.0 * np.log10(np.add.reduceat(middle**2, np.arange(0, len(middle), 480)) + 1e-12)
    falls = (level[:-5] - level[5:]) / 0.05
    return float(np.median(falls[falls > 0.0]))


def onset_rate(piece: Piece, span: Span) -> float:
    """Moments a second at which the score begins something; 30 ms are one moment."""
    scores = (score_of(piece, phrase) for phrase in phrases_between(piece, span.start, span.stop))
    starts = sorted(note.start for score in scores for note in score.notes if not note.is_echo)
    starts = [start for start in starts if span.start <= start < span.stop]
    return sum(after - before > 1440 for before, after in pairwise(starts)) * SAMPLE_RATE / span.frames
