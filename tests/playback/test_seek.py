"""Going elsewhere in the session: heard at once where it is known, and as soon as it is fetched where it is not."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from focuscli.events import CrossfadeStarted, Paused, Played, SegmentStarted
from focuscli.model import Segment
from focuscli.playback.commands import Command, Pause, Previous, Quit, Resume, SeekBy, SeekTo
from focuscli.playback.outset import NEAR_END_S, place_at, starts_s
from focuscli.playback.positions import Position
from focuscli.playback.supply import MOST_AHEAD
from tests.fakes.source import RATE, FakeFeed, Recording
from tests.playback.stage import Stage, continuous, longest_silence, made, telling, told

LENGTH_S, SEGMENT_S = 60, 2
CUTS_S = range(SEGMENT_S, LENGTH_S, SEGMENT_S)
LAG_S = 0.026
FADE_S = 0.5
FAR_S = 52.5
"""Nothing of it is here when playing begins."""

AT_S = 6.0
"""When something is asked for first."""


@pytest.fixture(scope="module")
def segments(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Segment]:
    """Thirty of two seconds that are one music."""
    recordings = continuous(telling(LENGTH_S), *CUTS_S, overlap_s=0.7)
    return made(tmp_path_factory.mktemp("music"), recordings).segments


def staged(segments: Sequence[Segment]) -> Stage:
    return Stage(FakeFeed(segments, len(segments)))


def played(segments: Sequence[Segment], *wishes: tuple[float, Command], until_s: float = 14.0) -> Stage:
    """Each wish is made once so much was written, and granted."""
    stage = staged(segments)
    for at_s, command in (*wishes, (until_s, Quit())):
        stage.at[round(at_s * RATE)] = send(command)
        if isinstance(command, SeekTo):
            stage.at[round(at_s * RATE) + 1] = fetched(min(int(command.to_s / SEGMENT_S), len(CUTS_S)))
    stage.play()
    return stage


def send(command: Command) -> Callable[[Stage], None]:
    return lambda stage: stage.player.send(command)


def fetched(index: int) -> Callable[[Stage], None]:
    return lambda stage: stage.fetcher.wait_gathered(index)


def music_s(stage: Stage, at_s: float) -> float:
    """Which second of the music is heard at that second."""
    at, frame = told(stage.sink.sound, LENGTH_S)
    return float(frame[np.searchsorted(at, round(at_s * RATE))]) / RATE


@pytest.mark.parametrize("by_s", [3.0, -5.0, 0.5])
def test_some_seconds_on_or_back_are_heard_through_a_short_fade(segments: Sequence[Segment], by_s: float) -> None:
    stage = played(segments, (AT_S, SeekBy(by_s)))
    assert music_s(stage, AT_S + 1.0) - AT_S - 1.0 == pytest.approx(by_s, abs=LAG_S)
    jump = next(event for event in stage.of(CrossfadeStarted) if event.duration_s == FADE_S)
    assert abs(jump.lag_ms) <= 25.0
    assert longest_silence(stage.sink.sound[: 13 * RATE]) <= 240


@pytest.mark.parametrize("to_s", [0.0, 12.5, FAR_S])
def test_any_second_of_the_session_can_be_gone_to(segments: Sequence[Segment], to_s: float) -> None:
    assert FAR_S / SEGMENT_S > AT_S / SEGMENT_S + MOST_AHEAD + 3
    stage = played(segments, (AT_S, SeekTo(to_s)), until_s=9.0)
    at_s = AT_S + 1.0
    assert music_s(stage, at_s) == pytest.approx(to_s + 1.0, abs=0.15)
    at, frame = told(stage.sink.sound[round(at_s * RATE) : -9_600], LENGTH_S)
    assert np.abs((frame - frame[0]) - (at - at[0])).max() < 3.0, "all that follows is in order"
    places = [event.position_s for event in stage.of(Played)]
    assert any(to_s <= place < to_s + 0.4 for place in places)


def test_far_there_and_far_back(segments: Sequence[Segment]) -> None:
    stage = staged(segments)
    second = 8 * RATE
    stage.at = {6 * RATE: send(SeekTo(FAR_S)), 6 * RATE + 1: fetched(26), second - 1: lambda it: it.fetcher.lose(1)}
    stage.at |= {second: send(SeekTo(3.0)), second + 1: fetched(1), 12 * RATE: send(Quit())}
    stage.play()
    assert music_s(stage, 7.5) == pytest.approx(FAR_S + 1.5, abs=0.3)
    assert music_s(stage, 11.0) == pytest.approx(6.0, abs=0.3)
    assert longest_silence(stage.sink.sound[: 11 * RATE]) <= 240


def test_the_end_is_not_jumped_over(segments: Sequence[Segment]) -> None:
    stage = played(segments, (AT_S, SeekTo(1e5)), until_s=30.0)
    places = [event.position_s for event in stage.of(Played)]
    assert places[-1] == pytest.approx(LENGTH_S, abs=0.5)
    assert any(LENGTH_S - NEAR_END_S <= place < LENGTH_S - NEAR_END_S + 0.5 for place in places)


def test_two_at_once_add_up(segments: Sequence[Segment]) -> None:
    stage = played(segments, (AT_S, SeekBy(2.0)), (AT_S + 0.001, SeekBy(2.0)))
    assert music_s(stage, AT_S + 2.0) - AT_S - 2.0 == pytest.approx(4.0, abs=3 * LAG_S)


def test_a_pause_lasts_and_the_new_place_is_told(segments: Sequence[Segment]) -> None:
    stage = played(segments, (4.0, Pause()), (6.0, SeekBy(3.0)), (8.0, Resume()))
    paused = next(number for number, event in enumerate(stage.events) if isinstance(event, Paused))
    told_then = next(event for event in stage.events[paused:] if isinstance(event, Played))
    assert told_then.position_s == pytest.approx(7.2, abs=0.2)
    assert not stage.sink.sound[5 * RATE : 8 * RATE].any()


def test_back_from_where_one_has_jumped_to_is_the_segment_before(segments: Sequence[Segment]) -> None:
    stage = staged(segments)
    second = round(7.5 * RATE)
    stage.at = {6 * RATE: send(SeekTo(FAR_S)), 6 * RATE + 1: fetched(26)}
    stage.at |= {second: send(Previous()), second + 1: fetched(25), 10 * RATE: send(Quit())}
    stage.play()
    assert [event.segment_index for event in stage.of(SegmentStarted)] == [0, 1, 2, 3, 26, 25, 26]


def test_the_place_is_where_the_session_is_left(segments: Sequence[Segment]) -> None:
    stage = staged(segments)
    stage.at = {6 * RATE: send(SeekTo(30.0)), 8 * RATE: send(Quit())}
    left = stage.play()
    assert SEGMENT_S * left.segment_index + left.frame / RATE == pytest.approx(32.2, abs=0.3)


def test_places_and_seconds_are_told_from_overlaps(tmp_path: Path) -> None:
    session = made(tmp_path, continuous(telling(12), 3, 6, 9)).get()
    assert starts_s(session, 3) == pytest.approx(9.0)
    assert place_at(session, 6.5) == Position(2, RATE // 2)
    assert place_at(session, -4.0) == Position(0, 0)
    assert place_at(session, 5.0) == Position(1, 2 * RATE)
    assert place_at(made(tmp_path, [Recording(telling(1))], ready=0).get(), 3.0) is None
