"""Width: how alike the channels are, and what is lost in mono."""

import numpy as np

from focuscli.bench.music.levels import Figures
from focuscli.bench.music.recording import Recording


def width(recording: Recording) -> Figures:
    """Correlation of left and right, of all, below 120 Hz and above 1 kHz, and the change of level in mono (dB).

    By Parseval's theorem from the spectra of the whole. 1 for silence.
    """
    left, right = recording.spectra
    power, cross = np.abs(recording.spectra) ** 2, (left * right.conj()).real
    both = 0.5 * float(power.sum(dtype=np.float64))
    mono = 0.5 * both + 0.5 * float(cross.sum(dtype=np.float64))
    figures = {"mono_loss_db": float(10.0 * np.log10(max(mono / max(both, 1e-15), 1e-12)))}
    for name, low, high in (("corr", 5.0, 24_000.0), ("corr_low", 5.0, 120.0), ("corr_high", 1000.0, 24_000.0)):
        kept = recording.weights(low, high).astype(np.float64) ** 2
        product = float(power[0] @ kept) * float(power[1] @ kept)
        figures[name] = float(cross @ kept) / float(np.sqrt(product)) if product > 0.0 else 1.0
    return figures
