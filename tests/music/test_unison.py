"""Two notes of one pitch: what they add to each other is what is heard when both are played."""

import numpy as np
import pytest

from focuscli.music.bank import Sounding, play
from focuscli.music.cues import Cue
from focuscli.music.signals import TONE_RATE
from focuscli.music.unison import meetings
from focuscli.music.weighting import k_weight

FRAMES = 96_256


def a_cue(instrument: str, pitch: int, start: int, gain: float = 1.0, part: str = "keys") -> Cue:
    key = Sounding(instrument, pitch, 3, FRAMES, 72)
    return Cue(start, start + FRAMES, "tonal", part, key, gain, gain, start + FRAMES // 2)


def energy(sound: np.ndarray) -> float:
    spectrum = np.fft.rfft(sound.astype(np.float64))
    weight = k_weight(np.fft.rfftfreq(sound.shape[1], 1.0 / TONE_RATE))
    return 2.0 * float((np.abs(spectrum) ** 2 @ weight).sum()) / sound.shape[1] / TONE_RATE


def heard_together(one: Cue, other: Cue) -> float:
    """The energy of both from the later one's beginning to their release, less that of each alone."""
    late, last = other.start // 2, one.release_at // 2
    first, second = play(one.sounding)[:, late:last] * one.left, play(other.sounding)[:, : last - late] * other.left
    return energy(first + second) - energy(first) - energy(second)


@pytest.mark.parametrize("late", [0, 960, 7_000])
@pytest.mark.parametrize("other", ["fretless", "epiano", "upright"])
def test_what_two_notes_of_a_pitch_share_is_what_is_heard(other: str, late: int) -> None:
    one, two = a_cue("epiano", 47, 0), a_cue(other, 47, late, 0.7)
    [(second, shared)] = meetings((one, two))
    assert second == late / 48_000
    apart = energy(play(one.sounding)[:, : FRAMES // 4]) * 0.7
    assert shared == pytest.approx(heard_together(one, two), abs=0.12 * apart)


def test_notes_that_do_not_meet_share_nothing() -> None:
    first = a_cue("epiano", 47, 0)
    higher, later = a_cue("epiano", 48, 0), a_cue("epiano", 47, FRAMES)
    drum = a_cue("felt kick", 47, 0, part="drums")
    assert not list(meetings((first, higher, drum, later)))
