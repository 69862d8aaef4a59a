"""What lies behind: pads that move and are mono below, textures that come from chance and never return."""

import numpy as np
import pytest

from focuscli.model import Goal, Intensity
from focuscli.music.goals import CHARACTERS
from focuscli.music.motion import texture_gain
from focuscli.music.pads import BRIGHT, DARK, Layer, table
from focuscli.music.signals import TONE_RATE
from focuscli.music.texture import TEXTURES, bed, lay
from focuscli.music.timbres import TIMBRES, timbre_of
from focuscli.music.timeline import Piece
from focuscli.music.weighting import k_weight

CHORD = (48, 55, 59, 64)


def heard(kind: str, seconds: float, start_s: float = 0.0, seed: int = 3) -> np.ndarray:  # type: ignore[type-arg]
    frames = int(seconds * TONE_RATE)
    out = np.zeros((2, frames), np.float32)
    lay(out, int(start_s * TONE_RATE), kind, np.ones(frames, np.float32), seed)
    return out


@pytest.mark.parametrize("name", TIMBRES)
@pytest.mark.parametrize("layer", [DARK, BRIGHT], ids=["dark", "bright"])
def test_a_pad_is_at_unit_loudness(name: str, layer: Layer) -> None:
    sound = table(CHORD, TIMBRES[name], layer)
    power = (np.abs(np.fft.rfft(sound)) ** 2).sum(axis=0)
    weight = k_weight(np.arange(len(power)) * layer.rate / layer.frames)
    assert 2.0 * float((power * weight).sum()) / layer.frames**2 == pytest.approx(1.0, rel=0.01)


@pytest.mark.parametrize("name", TIMBRES)
def test_a_pad_moves_within_its_table_and_is_mono_below(name: str) -> None:
    sound = table(CHORD, TIMBRES[name], BRIGHT)
    frames = np.lib.stride_tricks.sliding_window_view(sound.mean(axis=0), 4096)[::2048]
    power = np.abs(np.fft.rfft(frames * np.hanning(4096))) ** 2
    edges = np.searchsorted(np.fft.rfftfreq(4096, 1 / TONE_RATE), 500.0 * 2.0 ** (np.arange(8) / 2.0))
    bands = 10.0 * np.log10(np.add.reduceat(power, edges, axis=1)[:, :-1] + 1e-9)
    assert bands.std(axis=0).max() > 1.5
    low = np.fft.rfft(table((36, 43), TIMBRES[name], DARK))[:, : int(125.0 * DARK.frames / DARK.rate)]
    assert np.abs(low[0] - low[1]).max() < 1e-3 * np.abs(low).max()


def test_every_goal_has_ten_pads_and_a_session_begins_with_one_of_the_first_three() -> None:
    for character in CHARACTERS.values():
        assert len(character.pads) >= 10
        assert set(character.pads) <= set(TIMBRES)
    slopes = {timbre_of(("warm", "strings", "choir", "organ"), 0, seed).most for seed in range(60)}
    assert slopes == {40}


@pytest.mark.parametrize("kind", TEXTURES)
def test_within_a_minute_no_texture_is_heard_to_loop(kind: str) -> None:
    sound = heard(kind, 64.0)[0]
    size = 1 << (2 * len(sound)).bit_length()
    likeness = np.fft.irfft(np.abs(np.fft.rfft(sound, size)) ** 2)[: len(sound)]
    assert np.abs(likeness[TONE_RATE:]).max() < 0.15 * likeness[0]


@pytest.mark.parametrize("kind", TEXTURES)
def test_a_texture_is_as_loud_as_its_bed_and_wide(kind: str) -> None:
    sound = heard(kind, 20.0, start_s=30.0)
    power = (np.abs(np.fft.rfft(sound)) ** 2).sum(axis=0)
    weight = k_weight(np.arange(len(power)) * TONE_RATE / sound.shape[1])
    loudness = 2.0 * float((power * weight).sum()) / sound.shape[1] ** 2
    assert 10.0 * np.log10(loudness) == pytest.approx(0.0, abs=2.5)
    assert abs(np.corrcoef(sound)[0, 1]) < 0.4


@pytest.mark.parametrize("kind", [kind for kind, texture in TEXTURES.items() if texture.drops])
def test_drops_fall_elsewhere_for_another_seed_and_alike_from_any_beginning(kind: str) -> None:
    whole = heard(kind, 12.0)
    assert np.array_equal(whole[:, 5 * TONE_RATE :], heard(kind, 7.0, start_s=5.0))
    assert not np.array_equal(whole, heard(kind, 12.0, seed=4))


@pytest.mark.parametrize("kind", ["rain", "breath", "wind"])
def test_no_texture_changes_its_colour_all_at_once(kind: str) -> None:
    sound = heard(kind, 180.0, start_s=60.0, seed=7)[0]
    frames = np.lib.stride_tricks.sliding_window_view(sound, 4096)[::2048]
    power = np.abs(np.fft.rfft(frames * np.hanning(4096))) ** 2
    hertz = np.fft.rfftfreq(4096, 1 / TONE_RATE)
    treble = power[:, (hertz > 4500.0) & (hertz < 8000.0)].mean(axis=1)
    seconds = 10.0 * np.log10(np.convolve(treble, np.ones(12) / 12, "valid"))
    assert np.abs(seconds[12:] - seconds[:-12]).max() < 2.0
    assert np.ptp(seconds) > 1.0


@pytest.mark.parametrize("kind", [kind for kind, texture in TEXTURES.items() if len(texture.colours) > 1])
def test_the_colours_of_a_texture_differ(kind: str) -> None:
    assert not np.array_equal(bed(kind, 0), bed(kind, 1))


def test_sleep_s_texture_ends_with_its_onset() -> None:
    piece = Piece(Goal.SLEEP, Intensity.MEDIUM, 0.3, 5, 2400)
    early, late = (texture_gain(piece, np.array([t, t + 5.0]), 0, 2).max() for t in (120.0, 900.0))
    assert early > 0.0
    assert late == 0.0
