"""Noise is a function of session time, has the colour it is named after, and keeps to its loudness and to the arc."""

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyebur128
import pytest
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from focuscli.bench.music.form import nearest_past, quarter_seconds
from focuscli.bench.music.recording import Recording
from focuscli.bench.noise import PROMPTS, likeness, slope_of, thinned
from focuscli.model import Goal, Intensity, Modulation
from focuscli.music.timeline import Piece, Span, spans, target_lufs
from focuscli.noise.mixture import SOUNDS
from focuscli.noise.render import render_span
from focuscli.units import SAMPLE_RATE

ELSEWHERE = """
import sys
import numpy as np
from focuscli.music.timeline import Piece, Span
from focuscli.noise.render import render_span
piece = Piece.from_json(sys.argv[1])
for start in map(int, sys.argv[3:]):
    np.save(f"{sys.argv[2]}/{start}.npy", render_span(piece, Span(start, start + 300_000)))
"""


def piece_of(
    name: str,
    *,
    intensity: str = "medium",
    divergence: float = 0.0,
    seed: int = 3,
    modulation: Modulation | None = None,
) -> Piece:
    return Piece(Goal.CUSTOM_PROMPT, Intensity(intensity), divergence, seed, 1800, PROMPTS[name], modulation=modulation)


@lru_cache(maxsize=16)
def heard(piece: Piece, from_s: float = 240.0, seconds: float = 45.0) -> NDArray[np.float32]:
    return render_span(piece, Span(round(from_s * SAMPLE_RATE), round((from_s + seconds) * SAMPLE_RATE)))


def loudness(sound: NDArray[np.float32]) -> tuple[float, float]:
    """LUFS and dBTP, by libebur128."""
    state = pyebur128.R128State(
        2, SAMPLE_RATE, pyebur128.MeasurementMode.MODE_I | pyebur128.MeasurementMode.MODE_TRUE_PEAK
    )
    state.add_frames(np.ascontiguousarray(sound.ravel()), len(sound))
    peak = max(pyebur128.get_true_peak(state, channel) for channel in range(2))
    return pyebur128.get_loudness_global(state), 20.0 * float(np.log10(peak))


@pytest.mark.parametrize("name", ["rain", "sea", "wind"])
def test_spans_of_another_process_are_slices_of_one_long_render(name: str, tmp_path: Path) -> None:
    piece = piece_of(name, divergence=0.6)
    starts = (777_777, 268_799)
    arguments = [sys.executable, "-c", ELSEWHERE, piece.to_json(), str(tmp_path), *map(str, starts)]
    elsewhere = subprocess.Popen(arguments, env=os.environ)
    whole = render_span(piece, Span(0, 1_100_000))
    assert elsewhere.wait() == 0
    for start in starts:
        assert np.array_equal(np.load(tmp_path / f"{start}.npy"), whole[start : start + 300_000])


@pytest.mark.parametrize(("name", "expected"), [("white", 0.0), ("pink", -3.01), ("brown", -6.02)])
def test_a_colour_has_its_slope(name: str, expected: float) -> None:
    assert slope_of(heard(piece_of(name))) == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize("name", list(SOUNDS))
def test_every_sound_keeps_to_its_loudness_its_peaks_and_one_bass(name: str) -> None:
    sound = heard(piece_of(name))
    integrated, peak = loudness(sound)
    assert integrated == pytest.approx(-14.0, abs=1.5)  # 45 s of waves and gusts; segments are judged below
    assert peak <= -1.0
    bass = sosfilt(butter(4, 120.0, fs=SAMPLE_RATE, output="sos"), sound, axis=0)
    assert np.corrcoef(bass.T)[0, 1] > 0.5
    assert np.corrcoef(sound.T)[0, 1] < 0.9


@pytest.mark.parametrize(("goal", "index"), [(Goal.FOCUS, 3), (Goal.RELAX, 5), (Goal.SLEEP, 13), (Goal.ENERGIZE, 2)])
def test_a_segment_is_as_loud_as_it_says(goal: Goal, index: int) -> None:
    piece = Piece(goal, Intensity.MEDIUM, 0.5, 4, 1800)
    assert loudness(render_span(piece, spans(piece)[index]))[0] == pytest.approx(target_lufs(piece, index), abs=0.5)


def test_sleep_falls_silent_in_the_end() -> None:
    piece = Piece(Goal.SLEEP, Intensity.MEDIUM, 0.0, 4, 600)
    last = render_span(piece, Span(piece.frames - 15 * SAMPLE_RATE, piece.frames))
    assert np.abs(last[:SAMPLE_RATE]).max() < 0.05
    assert np.abs(last[-100:]).max() < 1e-5
    assert np.abs(render_span(piece, Span(0, 20))).max() < 1e-3


def test_another_seed_is_other_noise_and_nothing_comes_back() -> None:
    one, other = heard(piece_of("pink")), heard(piece_of("pink", seed=4))
    assert abs(np.corrcoef(one[:, 0], other[:, 0])[0, 1]) < 0.02
    assert likeness([thinned(one)]) < 0.1


@pytest.mark.parametrize("colour", ["white", "brown"])
def test_a_loop_would_be_found_whatever_its_colour(colour: str) -> None:
    sound = heard(piece_of(colour))[: 20 * SAMPLE_RATE + 1]
    assert likeness([thinned(sound)]) < 0.1, "chance"
    assert likeness([thinned(np.concatenate([sound, sound]))]) > 0.9
    under_another = sound + heard(piece_of(colour, seed=4))[: len(sound)]
    assert likeness([thinned(np.concatenate([under_another, sound]))]) > 0.5


@pytest.mark.parametrize("name", ["sea", "rain"])
def test_no_four_seconds_are_like_four_others(name: str) -> None:
    nearest = nearest_past(quarter_seconds(Recording(heard(piece_of(name), seconds=120.0))))
    assert (nearest.nearest > 0.97).sum() == 0


def test_waves_swell_and_break_and_white_noise_does_not() -> None:
    def depth(name: str) -> float:
        powers = (heard(piece_of(name)) ** 2).mean(axis=1)
        seconds = powers[: len(powers) // SAMPLE_RATE * SAMPLE_RATE].reshape(-1, SAMPLE_RATE).mean(axis=1)
        return float(np.ptp(10.0 * np.log10(seconds)))

    assert depth("sea") > 6.0
    assert depth("wind") > 5.0
    assert depth("white") < 1.0


def test_intensity_is_heard_in_colour_and_density_not_in_level() -> None:
    low, high = (heard(piece_of("rain", intensity=intensity)) for intensity in ("low", "high"))
    assert abs(loudness(low)[0] - loudness(high)[0]) < 1.0
    assert kurtosis(low) > 1.25 * kurtosis(high)  # single drops over a hush, or a downpour
    assert (
        slope_of(heard(piece_of("pink", intensity="low"))) < slope_of(heard(piece_of("pink", intensity="high"))) - 0.3
    )


def kurtosis(sound: NDArray[np.float32]) -> float:
    return float((sound**4).mean() / (sound**2).mean() ** 2)


def test_divergence_lets_a_second_sound_join() -> None:
    def spread(divergence: float) -> float:
        piece = Piece(Goal.FOCUS, Intensity.MEDIUM, divergence, 4, 1800)
        slopes = [slope_of(heard(piece, from_s, 4.0)) for from_s in range(240, 840, 60)]
        return float(np.ptp(slopes))

    assert spread(0.0) < 0.4
    assert spread(1.0) > 1.0


def test_modulation_that_is_asked_for_dips_sixteen_times_a_second() -> None:
    def share(modulation: Modulation | None) -> float:
        envelope = np.abs(heard(piece_of("white", modulation=modulation)).mean(axis=1)).reshape(-1, 480).mean(axis=1)
        spectrum = np.abs(np.fft.rfft(envelope - envelope.mean()))
        rate = np.fft.rfftfreq(len(envelope), 0.01)
        return float(spectrum[np.abs(rate - 16.0) < 0.1].max() / np.median(spectrum[(rate > 10) & (rate < 22)]))

    assert share(None) < 6.0
    assert share(Modulation.HIGH) > 30.0
