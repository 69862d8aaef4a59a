"""Judges of sound that share no code with the program: ffmpeg's meter, and plain looks at the samples."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

Samples = NDArray[np.float64]


def loudness(file: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP of a sound file, by ffmpeg's ebur128 filter."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg judges the loudness, and is not installed (Debian: ffmpeg)")
    done = subprocess.run(
        ["ffmpeg", "-nostats", "-hide_banner", "-i", file, "-filter_complex", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    summary = done.stderr[done.stderr.rindex("Summary:") :]
    integrated = re.search(r"I:\s+(-?[\d.]+) LUFS", summary)
    peak = re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)
    assert integrated, summary
    assert peak, summary
    return float(integrated[1]), float(peak[1])


def longest_gap(samples: Samples) -> int:
    """The longest run of frames, in the middle of the sound, in which nothing at all is heard."""
    silent = np.abs(samples).max(axis=1) < 1e-6
    sounding = np.flatnonzero(~silent)
    return int(np.diff(sounding).max(initial=1)) - 1


def click_ratio(samples: Samples, frame: int, reach: int = 480, around: int = 9_600) -> float:
    """How much the sharpest corner within `reach` frames of a place stands out of its surroundings.

    The second difference of a click is far above what the music around it has; 1 means as sharp as the
    sharpest corner nearby.
    """
    corner = np.abs(np.diff(samples, n=2, axis=0)).max(axis=1)
    here = corner[frame - reach : frame + reach].max()
    before = corner[max(0, frame - around) : frame - reach]
    after = corner[frame + reach : frame + around]
    return float(here / max(1e-9, float(np.concatenate([before, after]).max(initial=0.0))))
