"""Hot signals, and a judge of true peaks that shares nothing with the meter."""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]


def true_peak_32x(samples: Samples) -> float:
    """In dBTP, by band-limited interpolation of the whole sound (zero-padded FFT), in overlapping windows."""
    highest, window, edge = 0.0, 1 << 14, 1 << 11
    padded = np.concatenate([np.zeros((edge, 2)), samples, np.zeros((window, 2))])
    for at in range(0, len(samples) + edge, window - 2 * edge):
        piece = padded[at : at + window]
        if len(piece) < window or np.abs(piece).max() < 0.25:
            continue
        taper = np.ones(window)
        taper[:edge] = 0.5 - 0.5 * np.cos(np.pi * np.arange(edge) / edge)
        taper[-edge:] = taper[:edge][::-1]
        spectrum = np.fft.rfft(piece * taper[:, None], axis=0)
        fine = np.fft.irfft(spectrum, 32 * window, axis=0) * 32
        highest = max(highest, float(np.abs(fine[32 * edge : -32 * edge]).max()))
    return 20 * float(np.log10(highest))


def sine(share: float, degrees: float, peak: float, duration_s: float = 0.5, rate: int = 48_000) -> Samples:
    """Of a share of the sample rate, both channels, with 10 ms tapers (EBU Tech 3341, cases 15 to 19)."""
    frames = round(duration_s * rate)
    wave = peak * np.sin(2 * np.pi * share * np.arange(frames) + np.radians(degrees))
    edge = round(0.01 * rate)
    taper = np.ones(frames)
    taper[:edge] = np.arange(edge) / edge
    taper[-edge:] = taper[:edge][::-1]
    return np.repeat((wave * taper)[:, None], 2, axis=1).astype(np.float32)


def hot_signals() -> dict[str, Samples]:
    """What limiters fail at.

    The noise ends at 20 kHz as music does: towards half the sample rate, where every interpolator's slope lies,
    even good meters differ by half a decibel.
    """
    random = np.random.default_rng(11)
    frames = 96_000
    time = np.arange(frames) / 48_000
    bursts = 2.0 * np.sin(2 * np.pi * 997 * time) * np.clip(40 * np.sin(2 * np.pi * 3 * time), 0, 1)
    impulses = np.zeros(frames)
    impulses[5_000::7_919] = 2.8
    low = 1.4 * np.sin(2 * np.pi * 60 * time) + 0.3 * np.sin(2 * np.pi * 5_000 * time)
    mono = {"bursts": bursts, "impulses": impulses, "low and high": low}
    signals = {name: np.repeat(wave[:, None], 2, axis=1).astype(np.float32) for name, wave in mono.items()}
    signals["noise"] = _below_20_khz(0.8 * random.standard_normal((frames, 2)))
    signals["ebu 19"] = sine(1 / 4, 45, 1.41, 2.0)
    signals["one side"] = np.column_stack([signals["noise"][:, 0], np.zeros(frames, np.float32)])
    return signals


def _below_20_khz(samples: npt.NDArray[np.float64]) -> Samples:
    spectrum = np.fft.rfft(samples, axis=0)
    frequency = np.fft.rfftfreq(len(samples), 1 / 48_000)
    spectrum *= np.clip((20_500 - frequency) / 1_000, 0.0, 1.0)[:, None]
    return np.asarray(np.fft.irfft(spectrum, len(samples), axis=0), dtype=np.float32)
