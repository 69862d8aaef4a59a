"""Integrated, short-term and momentary loudness of one sound (ITU-R BS.1770-5, EBU Tech 3341)."""

import numpy as np
import numpy.typing as npt

from focuscli.loudness.kweighting import KWeighting, Samples
from focuscli.units import SAMPLE_RATE, Lufs

SILENT = Lufs(-np.inf)
ABSOLUTE_GATE = Lufs(-70.0)
RELATIVE_GATE_LU = -10.0
HOP_S = 0.01
"""The grid on which energy is kept: a maximum of momentary loudness needs steps of at most 10 ms."""

_MOMENTARY_HOPS = 40
_SHORT_TERM_HOPS = 300
_GATING_STEP_HOPS = 10  # gating blocks of 400 ms overlap by 75 % (Annex 1, eq. 3)

Energies = npt.NDArray[np.float64]


class LoudnessMeter:
    """Takes a mono or stereo sound in blocks, tells how loud it was. Channel weights are 1 (left and right)."""

    def __init__(self, sample_rate: int = SAMPLE_RATE) -> None:
        self._weighting = KWeighting(sample_rate)
        self._hop_frames = round(HOP_S * sample_rate)
        self._hops: list[Energies] = []
        self._begun = np.zeros(0, np.float32)

    @property
    def step(self) -> int:
        """The cheapest block size, in frames."""
        return self._weighting.step

    def push(self, block: Samples) -> None:
        """Measure the next block, shape (frames, 1 or 2)."""
        energy = np.concatenate([self._begun, _energy(self._weighting.filter(block))])
        whole = len(energy) - len(energy) % self._hop_frames
        self._hops.append(energy[:whole].reshape(-1, self._hop_frames).sum(axis=1, dtype=np.float64))
        self._begun = energy[whole:]

    def integrated(self) -> Lufs:
        """Gated loudness of all that was pushed; -inf for silence.

        An incomplete last gating block does not count. A sound of less than one block (400 ms), which the
        recommendation leaves open, is measured over its own length.
        """
        hops = self._all_hops()
        if len(hops) < _MOMENTARY_HOPS:
            return _loudness(self._mean_power())
        power = _sliding_mean(hops, _MOMENTARY_HOPS)[::_GATING_STEP_HOPS] / self._hop_frames
        above = power[power > _power(ABSOLUTE_GATE)]
        if not len(above):
            return SILENT
        relative = above.mean() * 10.0 ** (RELATIVE_GATE_LU / 10.0)
        return _loudness(above[above > relative].mean())

    def momentary(self) -> Energies:
        """Loudness of every 400 ms, a value each 10 ms, in LUFS."""
        return self._windows(_MOMENTARY_HOPS)

    def short_term(self) -> Energies:
        """Loudness of every 3 s, a value each 10 ms, in LUFS."""
        return self._windows(_SHORT_TERM_HOPS)

    def _windows(self, hops: int) -> Energies:
        power = _sliding_mean(self._all_hops(), hops) / self._hop_frames
        with np.errstate(divide="ignore"):
            return np.asarray(-0.691 + 10.0 * np.log10(power))

    def _all_hops(self) -> Energies:
        self._hops = [np.concatenate([np.zeros(0), *self._hops])]
        return self._hops[0]

    def _mean_power(self) -> float:
        hops = self._all_hops()
        frames = len(hops) * self._hop_frames + len(self._begun)
        return float(hops.sum() + self._begun.sum(dtype=np.float64)) / max(1, frames)


def integrated_loudness(samples: Samples, sample_rate: int = SAMPLE_RATE) -> Lufs:
    """The integrated loudness of a whole sound, shape (frames, 1 or 2)."""
    meter = LoudnessMeter(sample_rate)
    meter.push(samples)
    return meter.integrated()


def _energy(weighted: Samples) -> Samples:
    """Of each frame, all channels together. (Sums over an axis of two are slow in numpy.)"""
    squares = np.square(weighted)
    return squares[:, 0] + squares[:, 1] if weighted.shape[1] == 2 else squares[:, 0]


def _sliding_mean(hops: Energies, count: int) -> Energies:
    """The mean of every `count` neighbours, summed anew for each so that no rounding is carried along."""
    if len(hops) < count:
        return np.zeros(0)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(hops, count).mean(axis=1))


def _power(loudness: Lufs) -> float:
    return float(10.0 ** ((loudness + 0.691) / 10.0))


def _loudness(power: float) -> Lufs:
    return Lufs(-0.691 + 10.0 * float(np.log10(power))) if power > 0.0 else SILENT
