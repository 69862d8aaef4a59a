"""Integrated, short-term and momentary loudness of one sound and its range (BS.1770-5, EBU Tech 3341 and 3342)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from focuscli.loudness.kweighting import KWeighting, Samples
from focuscli.units import SAMPLE_RATE, Lufs

SILENT = Lufs(-np.inf)
ABSOLUTE_GATE = Lufs(-70.0)
RELATIVE_GATE_LU = -10.0
LOUDNESS_RANGE_GATE_LU = -20.0
LOUDNESS_RANGE_PERCENTILES = (10, 95)
SURROUND_WEIGHTS = (1.0, 1.0, 1.0, 1.41, 1.41)
"""Left, right, centre and the two behind (BS.1770-5, Table 4)."""

HOPS_PER_S = 100
"""The grid on which energy is kept: a maximum of momentary loudness needs steps of at most 10 ms."""

_MOMENTARY_HOPS = 40
_SHORT_TERM_HOPS = 300
_GATING_STEP_HOPS = 10  # gating blocks of 400 ms overlap by 75 % (Annex 1, eq. 3)

Energies = npt.NDArray[np.float64]


class LoudnessMeter:
    """Takes a sound in blocks, tells how loud it was. Channels weigh the same unless `weights` says otherwise."""

    def __init__(self, sample_rate: int = SAMPLE_RATE, weights: Sequence[float] | None = None) -> None:
        self._weighting = KWeighting(sample_rate)
        self._weights = None if weights is None else np.asarray(weights, np.float32)
        self._sample_rate = sample_rate
        self._hops: list[Energies] = []
        self._hops_done = 0
        self._begun = np.zeros(0, np.float32)

    @property
    def step(self) -> int:
        """The cheapest block size, in frames."""
        return self._weighting.step

    def push(self, block: Samples) -> None:
        """Measure the next block, shape (frames, channels)."""
        energy = np.concatenate([self._begun, _energy(self._weighting.filter(block), self._weights)])
        first = self._frames_in(self._hops_done)
        done = (first + len(energy)) * HOPS_PER_S // self._sample_rate
        bounds = np.array([self._frames_in(hop) - first for hop in range(self._hops_done, done + 1)])
        if len(bounds) > 1:
            self._hops.append(np.add.reduceat(energy[: bounds[-1]], bounds[:-1], dtype=np.float64))
        self._begun = energy[bounds[-1] :]
        self._hops_done = done

    def _frames_in(self, hops: int) -> int:
        """Where a hop begins: at some rates its length is no whole number of frames."""
        return -(-hops * self._sample_rate // HOPS_PER_S)

    def integrated(self) -> Lufs:
        """Gated loudness of all that was pushed; -inf for silence.

        An incomplete last gating block does not count. A sound of less than one block (400 ms), which the
        recommendation leaves open, is measured over its own length.
        """
        hops = self._all_hops()
        if len(hops) < _MOMENTARY_HOPS:
            return _loudness(self._mean_power())
        return _gated(self._powers(_MOMENTARY_HOPS)[::_GATING_STEP_HOPS])

    def momentary(self) -> Energies:
        """Loudness of every 400 ms, a value each 10 ms, in LUFS."""
        return self._windows(_MOMENTARY_HOPS)

    def short_term(self) -> Energies:
        """Loudness of every 3 s, a value each 10 ms, in LUFS."""
        return self._windows(_SHORT_TERM_HOPS)

    def loudness_range(self) -> float:
        """How far the short-term loudness spreads, in LU (EBU Tech 3342); 0 for less than 3 s, or silence."""
        power = self._powers(_SHORT_TERM_HOPS)[::_GATING_STEP_HOPS]
        above = power[power > _power(ABSOLUTE_GATE)]
        if not len(above):
            return 0.0
        relative = above.mean() * 10.0 ** (LOUDNESS_RANGE_GATE_LU / 10.0)
        low, high = np.percentile(10.0 * np.log10(above[above > relative]), LOUDNESS_RANGE_PERCENTILES)
        return float(high - low)

    def hop_powers(self) -> Energies:
        """The weighted mean power of every 10 ms."""
        return self._powers(1)

    def _windows(self, hops: int) -> Energies:
        with np.errstate(divide="ignore"):
            return np.asarray(-0.691 + 10.0 * np.log10(self._powers(hops)))

    def _powers(self, hops: int) -> Energies:
        """The mean power of every stretch of so many hops."""
        return _sliding_mean(self._all_hops(), hops) * (HOPS_PER_S / self._sample_rate)

    def _all_hops(self) -> Energies:
        self._hops = [np.concatenate([np.zeros(0), *self._hops])]
        return self._hops[0]

    def _mean_power(self) -> float:
        hops = self._all_hops()
        frames = self._frames_in(len(hops)) + len(self._begun)
        return float(hops.sum() + self._begun.sum(dtype=np.float64)) / max(1, frames)


def integrated_loudness(samples: Samples, sample_rate: int = SAMPLE_RATE) -> Lufs:
    """The integrated loudness of a whole sound, shape (frames, 1 or 2)."""
    meter = LoudnessMeter(sample_rate)
    meter.push(samples)
    return meter.integrated()


def integrated_of(hop_powers: Energies) -> Lufs:
    """The integrated loudness of a stretch, from the weighted mean power of every 10 ms; -inf for less than 400 ms."""
    return _gated(_sliding_mean(hop_powers, _MOMENTARY_HOPS)[::_GATING_STEP_HOPS])


def _gated(power: Energies) -> Lufs:
    """The loudness of gating blocks with these powers (Annex 1, eq. 4 to 7)."""
    above = power[power > _power(ABSOLUTE_GATE)]
    if not len(above):
        return SILENT
    relative = above.mean() * 10.0 ** (RELATIVE_GATE_LU / 10.0)
    return _loudness(above[above > relative].mean())


def _energy(weighted: Samples, weights: Samples | None) -> Samples:
    """Of each frame, all channels together. (Sums over an axis of two are slow in numpy.)"""
    squares = np.square(weighted)
    if weights is not None:
        return np.asarray(squares @ weights)
    total = squares[:, 0]
    for channel in range(1, squares.shape[1]):
        total = total + squares[:, channel]
    return total


def _sliding_mean(hops: Energies, count: int) -> Energies:
    """The mean of every `count` neighbours, summed anew for each so that no rounding is carried along."""
    if len(hops) < count:
        return np.zeros(0)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(hops, count).mean(axis=1))


def _power(loudness: Lufs) -> float:
    return float(10.0 ** ((loudness + 0.691) / 10.0))


def _loudness(power: float) -> Lufs:
    return Lufs(-0.691 + 10.0 * float(np.log10(power))) if power > 0.0 else SILENT
