"""How far ahead of the ear the supply is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from focuscli.clock import SystemClock
from focuscli.playback.supply import AHEAD, AHEAD_S, MOST_AHEAD, Supply
from focuscli.playback.timeline import Late, Next
from tests.fakes.source import RATE, FileFetcher, Recording, noise
from tests.playback.stage import HASTE, made

BEFORE_THE_SEAM_S = 60.0


@contextmanager
def supplied(folder: Path, length_s: float, count: int) -> Iterator[tuple[Supply, FileFetcher]]:
    recording = Recording(noise(length_s, 1), 200, 200)
    feed = made(folder, [recording] * count)
    fetcher = FileFetcher()
    supply = Supply(feed, fetcher, lambda _event: None, clock=SystemClock(), patience=HASTE)
    supply.start()
    try:
        yield supply, fetcher
    finally:
        supply.stop()


@pytest.mark.parametrize("length_s", [5.0, 20.0, 46.0])
def test_the_way_into_a_segment_is_known_a_minute_before_its_seam(tmp_path: Path, length_s: float) -> None:
    """So many whole segments fit into that minute: while one sounds, the seam behind those is known."""
    between = int(BEFORE_THE_SEAM_S // length_s)
    with supplied(tmp_path, length_s, between + 5) as (supply, _):
        for playing in range(3):
            supply.playing(playing)
            assert supply.wait_following(playing + between, 60.0)
            way = supply.following(playing + between)
            assert isinstance(way, Next)
            assert way.prepared.measured.integrated < 0.0
            assert way.seam.fade.frames == round(0.2 * RATE)


def test_two_segments_are_here_beyond_the_one_that_sounds_and_not_all_of_them(tmp_path: Path) -> None:
    with supplied(tmp_path, AHEAD_S / AHEAD + 1.0, 6) as (supply, fetcher):
        fetcher.wait_gathered(AHEAD)
        assert fetcher.fetched == [0, 1, 2]
        assert isinstance(supply.following(AHEAD), Late)


def test_of_very_short_segments_a_bounded_number_is_here(tmp_path: Path) -> None:
    with supplied(tmp_path, 0.5, MOST_AHEAD + 8) as (_, fetcher):
        fetcher.wait_gathered(MOST_AHEAD)
        assert fetcher.fetched == list(range(MOST_AHEAD + 1))
