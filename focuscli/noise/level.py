"""The gain that brings noise to its planned loudness: predicted from the moving bands, no audio is looked at."""

import math
from functools import lru_cache

import numpy as np

from focuscli.music.arc import moment, tail_s
from focuscli.music.character import MODULATION_DEPTHS
from focuscli.music.motion import edges
from focuscli.music.signals import Curve
from focuscli.music.timeline import PLATEAU_LUFS, Piece
from focuscli.music.weighting import OFFSET_LUFS
from focuscli.noise.mixture import Mixture

BEND = 0.2
"""How softly the highest peaks are bent: y = x - BEND·x³, level at 1.29 and 0.86; a dB less for a peak of 0.74."""
_CELL_S = 2.0
_REACH = 11
"""Cells before and after over which the power is averaged: waves and gusts within are left as they are."""
_MOMENTS = 6
_STRETCH = 16
"""Cells that are predicted together, on the absolute grid."""
_OPENING_S = 1.0
_MODULATION_HZ = 16.0


class Level:
    """One session's plan of gains."""

    def __init__(self, piece: Piece, mixture: Mixture) -> None:
        self._piece, self._mixture = piece, mixture
        self._stretch = lru_cache(maxsize=32)(self._measured)

    def gains(self, times: Curve) -> Curve:
        """The amplitude at control points in seconds: plan, first and last fade, and the modulation if one is asked."""
        first = math.floor(float(times[0]) / _CELL_S - 0.5)
        last = math.ceil(float(times[-1]) / _CELL_S - 0.5)
        cells = range(first, last + 1)
        middles = [(cell + 0.5) * _CELL_S for cell in cells]
        plan = np.interp(times, middles, [self._gain_db(cell) for cell in cells])
        gains: Curve = 10.0 ** (plan / 20.0) * self._edges(times) * self._dips(times)
        return gains

    def _edges(self, times: Curve) -> Curve:
        """From silence within a second, and back to it under the last ones."""
        x = np.clip(times / _OPENING_S, 0.0, 1.0)
        faded: Curve = x * x * (3.0 - 2.0 * x) * edges(self._piece, times)
        return faded

    def _gain_db(self, cell: int) -> float:
        """What the smoothed power around a cell lacks, and what bending its peaks will take."""
        latest = int((self._piece.duration_s - tail_s(self._piece.plain_goal, self._piece.duration_s)) / _CELL_S) - 1
        cell = min(max(0, cell), max(0, latest))
        near = range(max(0, cell - _REACH), min(max(0, latest), cell + _REACH) + 1)
        weights = [math.cos(0.5 * math.pi * (other - cell) / (_REACH + 1)) ** 2 for other in near]
        powers = np.array([self._stretch(other // _STRETCH)[other % _STRETCH] for other in near])
        weighted, plain = (np.array(weights) @ powers / sum(weights)).tolist()
        t = (cell + 0.5) * _CELL_S
        level = moment(self._piece.plain_goal, t, self._piece.duration_s).level
        gain_db = PLATEAU_LUFS + level - OFFSET_LUFS - 10.0 * math.log10(weighted * self._kept)
        variance = 0.5 * plain * 10.0 ** (gain_db / 10.0)
        return gain_db - 20.0 * math.log10(1.0 - min(0.5, 3.0 * BEND * variance))  # Bussgang: E[x y] / E[x²]

    def _measured(self, stretch: int) -> Curve:
        """The mean powers of some cells, K-weighted and plain, shape (_STRETCH, 2)."""
        cells = np.arange(_STRETCH, dtype=np.float64)[:, None] + stretch * _STRETCH
        times = ((cells + (np.arange(_MOMENTS) + 0.5) / _MOMENTS) * _CELL_S).ravel()
        means: Curve = np.stack(self._mixture.power(times)).reshape(2, _STRETCH, _MOMENTS).mean(axis=2).T
        return means

    @property
    def _depth(self) -> float:
        wished = self._piece.modulation
        return 0.0 if wished is None else MODULATION_DEPTHS[wished]

    @property
    def _kept(self) -> float:
        """The power that raised-cosine dips leave: the mean of (1 - d (1 - cos)/2)²."""
        return 1.0 - self._depth + 0.375 * self._depth**2

    def _dips(self, times: Curve) -> Curve:
        """Sixteen a second, in the phase of the session's time."""
        dips: Curve = 1.0 - 0.5 * self._depth * (1.0 - np.cos(2.0 * math.pi * _MODULATION_HZ * times))
        return dips
