"""Where segments meet: what is shared, what is shifted, what is left out, and what is not faded twice."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from focuscli.audio.block import Block, silence
from focuscli.audio.dither import to_int16
from focuscli.audio.encode import write_flac
from focuscli.audio.lag import MOST_LAG
from focuscli.events import CrossfadeStarted, SegmentFetched
from focuscli.loudness.meter import LoudnessMeter, integrated_loudness
from focuscli.loudness.true_peak import true_peak
from focuscli.playback.prepare import Prepared, prepare
from focuscli.playback.seam import Seam, join
from tests.fakes.source import RATE, FakeFeed, Recording, noise
from tests.playback.stage import Stage, largest_step, longest_silence, made


def joined(folder: Path, first: Recording, second: Recording) -> tuple[Seam, Prepared]:
    one, other = (
        prepare(folder / f"{index}.{recording.ending}", recording.write(folder, index))
        for index, recording in enumerate((first, second))
    )
    return join(one, other)


def quietest_momentary(sound: Block) -> float:
    meter = LoudnessMeter()
    meter.push(sound)
    return float(meter.momentary().min())


def ramped(sound: Block, into_s: float, out_s: float) -> Block:
    """With linear fades drawn into it."""
    shaped = sound.copy()
    for seconds, part in ((into_s, slice(None, None)), (out_s, slice(None, None, -1))):
        frames = round(seconds * RATE)
        shaped[part][:frames] *= ((np.arange(frames) + 0.5) / max(1, frames)).astype(np.float32)[:, None]
    return shaped


def test_fades_in_the_sound_are_not_drawn_twice(tmp_path: Path) -> None:
    first = Recording(ramped(noise(10, 1), 0, 3), 0, 3_000)
    second = Recording(ramped(noise(10, 2), 3, 0), 3_000, 0)
    stage = Stage(made(tmp_path, [first, second]))
    stage.play()
    assert len(stage.sink.sound) == pytest.approx(17 * RATE, abs=0.05 * RATE)
    assert quietest_momentary(stage.sink.sound) > integrated_loudness(noise(10, 1)) - 0.5


def test_an_overlap_is_as_long_as_the_fade_that_is_in_the_sound(tmp_path: Path) -> None:
    first = Recording(ramped(noise(10, 1), 0, 4), 0, 1_000)
    second = Recording(noise(10, 2), 1_000, 0)
    stage = Stage(made(tmp_path, [first, second]))
    stage.play()
    assert stage.of(CrossfadeStarted)[0].duration_s == pytest.approx(4.0, abs=0.1)
    assert quietest_momentary(stage.sink.sound) > integrated_loudness(noise(10, 2)) - 0.6


def test_the_same_music_in_fades_of_its_own_adds_up_to_itself(tmp_path: Path) -> None:
    music = noise(17, 1, 0.05)
    first = Recording(ramped(music[: 10 * RATE], 0, 3), 0, 3_000)
    second = Recording(ramped(music[7 * RATE :], 3, 0), 3_000, 0)
    stage = Stage(made(tmp_path, [first, second]))
    stage.play()
    assert len(stage.sink.sound) == len(music)
    assert np.abs(stage.sink.sound - music).max() < 0.012


def test_silence_at_the_edges_is_left_out(tmp_path: Path) -> None:
    first = Recording(np.concatenate([silence(RATE), noise(5, 1), silence(3 * RATE)]), 0, 1_000)
    second = Recording(np.concatenate([silence(2 * RATE), noise(5, 2), silence(RATE)]), 1_000, 0)
    stage = Stage(made(tmp_path, [first, second]))
    stage.play()
    assert len(stage.sink.sound) == pytest.approx(9 * RATE, abs=0.05 * RATE)
    assert longest_silence(stage.sink.sound) <= 480
    assert quietest_momentary(stage.sink.sound) > integrated_loudness(noise(5, 1)) - 0.5


def test_shared_music_that_ends_in_silence_stays_in_place(tmp_path: Path) -> None:
    music = np.concatenate([noise(5, 1, 0.05), silence(2 * RATE), noise(5, 2, 0.05)])
    first = Recording(music[: 7 * RATE], 0, 4_000)
    second = Recording(music[3 * RATE :], 4_000, 0)
    stage = Stage(made(tmp_path, [first, second]))
    stage.play()
    assert np.array_equal(stage.sink.sound, music)


@pytest.mark.parametrize("lag", [-900, 0, 700])
def test_the_shift_and_the_correlation_are_told(tmp_path: Path, lag: int) -> None:
    """The same music, of which one segment begins a little off, as a lossy codec's delay makes it."""
    music = noise(12, 1, 0.05)
    first, second = Recording(music[: 6 * RATE], 0, 2_000), Recording(music[4 * RATE - lag :], 2_000, 0)
    stage = Stage(made(tmp_path, [first, second]))
    stage.play()
    told = stage.of(CrossfadeStarted)[0]
    assert told.lag_ms == pytest.approx(1000 * lag / RATE)
    assert told.correlation == pytest.approx(1.0, abs=1e-4)
    assert np.abs(stage.sink.sound - music).max() < 1e-3


def test_strangers_are_shifted_by_no_more_than_no_one_hears(tmp_path: Path) -> None:
    chord = 2 * np.pi * np.array([110.0, 164.8, 220.0, 277.2])
    time = np.arange(6 * RATE) / RATE

    def drone(seed: int) -> Block:
        phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, 4)
        wave = 0.03 * np.sin(chord[:, None] * time + phases[:, None]).sum(axis=0)
        return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)

    seam, _ = joined(tmp_path, Recording(drone(1), 0, 4_000), Recording(drone(2), 4_000, 0))
    assert 0 < abs(seam.lag) <= MOST_LAG
    assert seam.fade.likeness.correlation > 0.5


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Recording(noise(4, 1)[::2, :1], 0, 1_000, rate=24_000), Recording(noise(4, 2), 1_000, 0)),
        (Recording(noise(4, 1), 0, 1_000), Recording(noise(4, 2)[:, :1], 1_000, 0, rate=44_100, coding="PCM_16")),
        (Recording(noise(4, 1), 0, 1_000), Recording(noise(4, 2), 1_000, 0, ending="ogg", coding="VORBIS")),
    ],
    ids=["half the rate, mono", "44.1 kHz, mono", "vorbis"],
)
def test_other_rates_channels_and_containers_meet_without_a_dip(
    tmp_path: Path, first: Recording, second: Recording
) -> None:
    stage = Stage(made(tmp_path, [first, second]))
    stage.play()
    levels = [integrated_loudness(stage.sink.sound[at : at + RATE]) for at in (RATE, 3 * RATE, 5 * RATE)]
    assert levels[1] == pytest.approx((levels[0] + levels[2]) / 2, abs=0.6)
    assert longest_silence(stage.sink.sound) <= 480


def test_every_segment_is_measured_once_and_the_figures_are_told(tmp_path: Path) -> None:
    sound = np.concatenate([noise(5, 1, 0.01), noise(4, 2, 0.1), noise(5, 3, 0.01)])
    stage = Stage(made(tmp_path, [Recording(sound)]))
    stage.play()
    (told,) = stage.of(SegmentFetched)
    assert told.loudness_lufs == pytest.approx(integrated_loudness(sound))
    assert told.true_peak_db == pytest.approx(true_peak(sound), abs=1e-3)
    loud = integrated_loudness(noise(4, 2, 0.1))
    assert told.momentary_max_lufs == pytest.approx(loud, abs=0.3)
    assert told.short_term_max_lufs == pytest.approx(loud, abs=0.1)


def night(folder: Path, announce: Callable[[float], float]) -> tuple[FakeFeed, Block]:
    """A session that falls by 30 LU, as our engine delivers it: overlapping FLAC files that say they are mastered."""
    frames, share = 30 * RATE, 2 * RATE
    fall = np.linspace(0.0, -30.0, frames)
    exact = to_int16(noise(30, 1, 0.05) * (10 ** (fall / 20)).astype(np.float32)[:, None], 0) / np.float32(32_768)
    starts = [0, 10 * RATE, 20 * RATE]
    recordings = []
    for index, start in enumerate(starts):
        stop = min(frames, start + 10 * RATE + share)
        part = exact[start:stop]
        recordings.append(Recording(part, 2_000, 2_000, announce(integrated_loudness(part)), ending="flac"))
        recordings[-1].coding = "PCM_16"
        recordings[-1].write(folder, index)
    feed = made(folder, recordings)
    for index, recording in enumerate(recordings):
        write_flac(folder / f"{index}.flac", recording.sound, starts[index])
    return feed, exact


@pytest.mark.parametrize("off_lu", [0.0, 3.5, -3.5])
def test_a_mastered_nights_fall_is_not_levelled_away(tmp_path: Path, off_lu: float) -> None:
    """Each segment's target is its place on the planned fall; the sound may stray from it by up to 4 LU."""
    feed, exact = night(tmp_path, lambda measured: measured + off_lu)
    stage = Stage(feed)
    stage.play()
    assert len(stage.sink.sound) == len(exact)
    assert np.abs(stage.sink.sound - exact).max() <= 2.5 / 32_768  # dithered once more by the encoder
    start, end = integrated_loudness(stage.sink.sound[: 5 * RATE]), integrated_loudness(stage.sink.sound[-5 * RATE :])
    assert start - end == pytest.approx(25.0, abs=1.0)
    assert largest_step(stage.sink.sound) <= largest_step(exact) * 1.01
