"""The pad's tables: how they meet, how they move, and what a room makes of them."""

import numpy as np
import pytest

from focuscli.music.pads import BRIGHT, DARK, UPPER_HZ, drone_table, evened, table
from focuscli.music.resonance import sounding_power
from focuscli.music.reverb import ROOM_RATE, room_of
from focuscli.music.signals import Signal
from focuscli.music.spectra import bin_hertz, forward
from focuscli.music.timbres import TIMBRES, stirred, strayed
from focuscli.music.weighting import k_weight

_WEIGHTS = k_weight(bin_hertz(DARK.frames, DARK.rate))
_VOICES = (47, 52, 55, 59)
_DEEP = TIMBRES["deep"]._replace(wide_hz=140.0, dark_hz=290.0)


def power_db(sound: Signal) -> float:
    spectrum = forward(sound)
    return 10.0 * float(np.log10(((spectrum.real**2 + spectrum.imag**2) @ _WEIGHTS).sum()))


@pytest.mark.parametrize("root", [35, 40, 43])
def test_the_power_of_a_drone_adds_to_that_of_voices_that_share_its_overtones(root: int) -> None:
    voices, drone = table(_VOICES, _DEEP, DARK), drone_table(root)
    together = 10.0 * np.log10(10.0 ** (power_db(voices) / 10.0) + 10.0 ** (power_db(drone) / 10.0))
    assert power_db(voices + drone) == pytest.approx(together, abs=0.15)


def test_no_two_chords_of_a_sleeper_move_alike_and_each_always_moves_as_it_did() -> None:
    motions = [stirred(_DEEP, 1, place).motion for place in range(40)]
    assert len(set(motions)) == 40
    assert motions == [stirred(_DEEP, 1, place).motion for place in range(40)]
    assert all(stirred(_DEEP, 1, place)._replace(motion=_DEEP.motion) == _DEEP for place in range(40))


@pytest.mark.parametrize("upper_db", [-11.0, -8.5])
@pytest.mark.parametrize("name", TIMBRES)
def test_however_a_pad_speaks_it_is_as_bright_as_its_character_says(name: str, upper_db: float) -> None:
    def upper_of(sound: Signal) -> float:
        hertz = np.fft.rfftfreq(BRIGHT.frames, 1.0 / BRIGHT.rate)
        power = (np.abs(np.fft.rfft(sound)) ** 2).sum(axis=0) * k_weight(hertz)
        return 10.0 * float(np.log10(power[hertz > UPPER_HZ].sum() / power.sum()))

    evenly = evened(TIMBRES[name], 57, upper_db)
    assert evenly._replace(cut_hz=TIMBRES[name].cut_hz) == TIMBRES[name]
    assert upper_of(table((48, 55, 60, 64), evenly, BRIGHT)) == pytest.approx(upper_db, abs=1.5)


def test_a_filter_strays_as_far_as_it_is_let() -> None:
    def reach(octaves: float) -> float:
        darks = [strayed(_DEEP, octaves, place).dark_hz for place in range(40)]
        return float(np.log2(max(darks) / min(darks)))

    assert reach(0.0) == 0.0
    assert 0.5 < reach(1.0) <= 0.7 < reach(2.0)


@pytest.mark.parametrize("voices", [_VOICES, (45, 50, 54, 57), (43, 49, 52, 59)])
def test_it_is_known_what_a_room_makes_of_a_chord(voices: tuple[int, ...]) -> None:
    sent, room = 0.4, room_of(3.6)
    spectrum = forward(table(voices, _DEEP, DARK))
    bins = np.round(np.arange(spectrum.shape[1]) * (DARK.rate / DARK.frames) * room.size / ROOM_RATE).astype(int)
    answered = (
        spectrum + sent * 0.5 * spectrum.sum(axis=0) * room.spectrum[:, np.minimum(bins, room.spectrum.shape[1] - 1)]
    )
    power = ((np.abs(answered) ** 2) @ _WEIGHTS).sum() / ((np.abs(spectrum) ** 2) @ _WEIGHTS).sum()
    known = sounding_power(voices, 3.6, _DEEP.dark_hz, _DEEP.wide_hz, np.array([sent]))[0]
    assert 10.0 * np.log10(known / power) == pytest.approx(0.0, abs=0.6)
