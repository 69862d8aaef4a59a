"""Sounds that limiters fail at, and a judge of true peaks that shares nothing with the meter."""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

FINENESS = 32


def true_peak_32x(samples: Samples) -> float:
    """In dBTP, by band-limited interpolation of the whole sound (zero-padded FFT), in overlapping windows."""
    highest, window, edge = 0.0, 1 << 14, 1 << 11
    padded = np.concatenate([np.zeros((edge, 2)), samples, np.zeros((window, 2))])
    taper = np.ones(window)
    taper[:edge] = 0.5 - 0.5 * np.cos(np.pi * np.arange(edge) / edge)
    taper[-edge:] = taper[:edge][::-1]
    for at in range(0, len(samples) + edge, window - 2 * edge):
        piece = padded[at : at + window]
        if len(piece) < window or np.abs(piece).max() < 0.25:
            continue
        fine = np.fft.irfft(np.fft.rfft(piece * taper[:, None], axis=0), FINENESS * window, axis=0) * FINENESS
        highest = max(highest, float(np.abs(fine[FINENESS * edge : -FINENESS * edge]).max()))
    return 20.0 * float(np.log10(highest))


def hot_signals() -> dict[str, Samples]:
    """Two seconds each, all above full scale, at 48 kHz.

    The noise ends at 20 kHz as music does: towards half the sample rate, where every interpolator's slope lies,
    even good meters differ by half a decibel.
    """
    random = np.random.default_rng(11)
    frames = 96_000
    time = np.arange(frames) / 48_000
    impulses = np.zeros(frames)
    impulses[5_000::7_919] = 2.8
    one, other = (below_20_khz(0.8 * random.standard_normal((frames, 2))) for _ in range(2))
    return {
        "hot noise": one,
        "bursts": _both(2.0 * np.sin(2 * np.pi * 997 * time) * np.clip(40 * np.sin(2 * np.pi * 3 * time), 0, 1)),
        "impulses": _both(impulses),
        "low and high": _both(1.4 * np.sin(2 * np.pi * 60 * time) + 0.3 * np.sin(2 * np.pi * 5_000 * time)),
        "between the samples": _both(1.41 * np.sin(2 * np.pi * 12_000 * time + np.pi / 4)),
        "one side": np.column_stack([one[:, 0], np.zeros(frames, np.float32)]),
        "correlated sum": np.asarray(0.7 * one + 0.7 * (0.9 * one + 0.436 * other), dtype=np.float32),
    }


def below_20_khz(samples: npt.NDArray[np.float64]) -> Samples:
    """The sound without what lies above 20 kHz."""
    spectrum = np.fft.rfft(samples, axis=0)
    frequency = np.fft.rfftfreq(len(samples), 1 / 48_000)
    spectrum *= np.clip((20_500 - frequency) / 1_000, 0.0, 1.0)[:, None]
    return np.asarray(np.fft.irfft(spectrum, len(samples), axis=0), dtype=np.float32)


def _both(wave: npt.NDArray[np.float64]) -> Samples:
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)
