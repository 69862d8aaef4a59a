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


def am16_db(sound: Sound) -> float:
    """How far 16 Hz stands out of the envelopes of third-octave bands, 200 Hz to 3.2 kHz, each by its own mean."""
    beat = beside = 0.0
    for centre in 200.0 * 2.0 ** (np.arange(13) / 3.0):
        envelope = np.abs(band(sound, centre * 2.0 ** (-1 / 6), centre * 2.0 ** (1 / 6))).mean(axis=1)
        envelope = envelope[: len(envelope) // 240 * 240].reshape(-1, 240).mean(axis=1)
        frequency, power = signal.welch(envelope / envelope.mean(), 200.0, nperseg=400)
        beat += power[(frequency >= 15.5) & (frequency <= 16.6)].mean()
        beside += power[
            ((frequency >= 11.0) & (frequency <= 14.0)) | ((frequency >= 18.0) & (frequency <= 22.0))
        ].mean()
    return float(10.0 * np.log10(beat / beside))


def phase_16hz(sound: Sound, first_frame: int) -> float:
    """Where in the session's 16 Hz cycle the envelope is highest, in radians, for sound that begins at a frame."""
    envelope = np.abs(band(sound, 200.0, 4000.0)).mean(axis=1)
    t = (first_frame + np.arange(len(envelope))) / 48_000
    return float(np.angle((envelope * np.hanning(len(envelope)) * np.exp(-2j * np.pi * 16.0 * t)).sum()))


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
