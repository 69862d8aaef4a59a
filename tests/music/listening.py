"""Measuring what was rendered, by other means than the renderer's own."""

import numpy as np
import pyebur128
from numpy.typing import NDArray
from scipy import signal

Sound = NDArray[np.float32]


def lufs(sound: Sound) -> float:
    """Integrated loudness after BS.1770-4."""
    state = pyebur128.R128State(2, 48_000, pyebur128.MeasurementMode.MODE_I)
    state.add_frames(np.ascontiguousarray(sound, np.float32).ravel(), len(sound))
    return float(pyebur128.get_loudness_global(state))


def true_peak_db(sound: Sound, factor: int = 32, candidates: int = 80) -> float:
    """dBTP by oversampling the surroundings of the highest samples of each channel."""
    highest = 0.0
    for channel in sound.T:
        padded = np.pad(channel, 256).astype(np.float64)
        places = np.argpartition(np.abs(padded), -candidates)[-candidates:]
        windows = np.stack([padded[place - 64 : place + 64] for place in places])
        around = signal.resample_poly(windows, factor, 1, axis=1)[:, 40 * factor : -40 * factor]
        highest = max(highest, float(np.abs(around).max()))
    return 20.0 * float(np.log10(max(highest, 1e-9)))


def centroid_hz(sound: Sound) -> float:
    """The power-weighted mean frequency of the whole."""
    frequency, power = signal.welch(sound.mean(axis=1), 48_000, nperseg=8192)
    return float((frequency * power).sum() / power.sum())


def air_db(sound: Sound) -> float:
    """Energy above 6 kHz against all."""
    frequency, power = signal.welch(sound.mean(axis=1), 48_000, nperseg=8192)
    return float(10.0 * np.log10(power[frequency > 6000.0].sum() / power.sum()))


def band(sound: Sound, low: float, high: float) -> Sound:
    """What lies between two frequencies."""
    sos = signal.butter(4, [low, high], "bandpass", fs=48_000, output="sos")
    filtered: Sound = signal.sosfilt(sos, sound, axis=0)
    return filtered


def correlation(sound: Sound) -> float:
    """Of left and right."""
    return float(np.corrcoef(sound[:, 0], sound[:, 1])[0, 1])


def clicks(sound: Sound) -> int:
    """Half milliseconds in which the treble leaps far above all of its surroundings."""
    sos = signal.butter(6, 9000.0, "highpass", fs=48_000, output="sos")
    treble = np.abs(signal.sosfilt(sos, sound.mean(axis=1).astype(np.float64)))
    cells = treble[: len(treble) // 24 * 24].reshape(-1, 24).max(axis=1)
    around = signal.medfilt(cells, 21)
    loud = (cells > 14.0 * around) & (cells > 1e-4)
    return int(loud[200:].sum())  # the filter's own beginning is left out
