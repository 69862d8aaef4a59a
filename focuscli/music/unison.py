"""What two notes of one pitch make of each other: struck together they add their amplitudes, not their powers.

Long averages know nothing of it, for phases are as often against each other as not; a lead-in of a few bars, in which
keys and bass begin on the same tone and at the same moment, is louder for it by more than a dB.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from focuscli.music.bank import weighted_waves
from focuscli.music.cues import Cue
from focuscli.units import SAMPLE_RATE


def meetings(cues: Sequence[Cue]) -> Iterator[tuple[float, float]]:
    """For each two notes of a pitch that sound at the same time: when they meet (s), and the energy that is shared.

    The energy is K-weighted and in units of the bank's, positive where they meet in phase.
    """
    tones = [cue for cue in cues if cue.part != "drums"]
    for one, other in combinations(tones, 2):
        if one.sounding.pitch == other.sounding.pitch and other.start < one.release_at:
            yield other.start / SAMPLE_RATE, _shared(one, other)


def _shared(one: Cue, other: Cue) -> float:
    """Both channels' ∫ 2 x y dt from the later beginning on, until one is released.

    Re Σᵢⱼ aᵢ bⱼ* (1 - exp(-sᵢⱼ t)) / sᵢⱼ with sᵢⱼ = -(pᵢ + pⱼ*) for the poles p of the partials of both.
    """
    late_s = (other.start - one.start) / SAMPLE_RATE
    seconds = (min(one.release_at, other.release_at) - other.start) / SAMPLE_RATE
    (pole, waves), (other_pole, other_waves) = (weighted_waves(cue.sounding) for cue in (one, other))
    gains = np.array((one.left * other.left, one.right * other.right))
    products = (gains[:, None] * waves * np.exp(pole * late_s)).T @ other_waves.conj()
    sums = pole[:, None] + other_pole.conj()
    return float((products * np.expm1(sums * seconds) / sums).sum().real)
