"""The pairs that crossfades are tried on have what their names say, and others' fades lie where ours do."""

import shutil
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from focuscli.bench.crossfade import purity
from focuscli.bench.fade_peers import PEERS, crossed_by
from focuscli.bench.fade_picture import picture
from focuscli.bench.pairs import FADE_S, LENGTH, crossed, drones, momentary, pink, related, strays
from focuscli.bench.uneven import uneven

FADE = round(FADE_S * 48_000)


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.5, 1.0])
def test_related_noises_have_their_correlation_over_the_overlap(correlation: float) -> None:
    pair = related(correlation, 1)
    a, b = pair.outgoing[-FADE:].ravel(), pair.incoming[:FADE].ravel()
    assert np.corrcoef(a, b)[0, 1] == pytest.approx(correlation, abs=0.03)


def test_pink_noise_loses_three_decibels_an_octave() -> None:
    power = np.square(np.abs(np.fft.rfft(pink(48_000, 1)[:, 0])))
    assert 10 * np.log10(power[400:800].sum() / power[3_200:6_400].sum()) == pytest.approx(0.0, abs=0.7)


def test_a_plain_sum_strays_by_three_decibels() -> None:
    pair = related(0.0, 1)
    summed = np.concatenate([pair.outgoing[:-FADE], pair.outgoing[-FADE:] + pair.incoming[:FADE], pair.incoming[FADE:]])
    below, above = strays(pair, summed, LENGTH - FADE, 0, FADE)
    assert above == pytest.approx(3.0, abs=0.3)
    assert below > -0.3


@pytest.mark.parametrize("name", PEERS)
def test_other_programs_fade_over_the_same_stretch(name: str) -> None:
    if shutil.which(name.partition(" ")[0]) is None:
        pytest.skip(f"{name} is not installed")
    pair = related(1.0, 1)
    made = crossed_by(name, pair)
    assert made is not None
    assert len(made) == pytest.approx(2 * LENGTH - FADE, abs=2)
    loud = momentary(made)
    swell = loud[600:1_400] - momentary(pair.outgoing).mean()
    assert (swell.max() > 2.5) == name.endswith("-q" if name.startswith("sox") else "qsin")
    if swell.max() > 2.5:
        assert 300 < swell.argmax() < 500  # in the middle of the fade


def test_our_own_keeps_its_level_on_one_chord() -> None:
    pair = drones(0.0, 3)
    made, seam = crossed(pair)
    below, above = strays(pair, made, seam.leaves_at, seam.enters_at, seam.fade.frames)
    assert -0.4 < below < above < 0.4


def test_a_tone_stays_a_tone_and_a_sound_with_itself_is_itself() -> None:
    rows = purity()
    assert len(rows) == 2
    assert all(row["ok"] for row in rows)


def test_uneven_segments_come_out_even() -> None:
    assert all(row["ok"] for row in uneven(minutes=6))


def test_the_picture_is_one() -> None:
    root = ET.fromstring(picture([related(0.0, 1)]))
    assert root.tag.endswith("svg")
    assert len(root.findall("{*}polyline")) >= 1
