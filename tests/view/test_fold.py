"""The fold is pure, total, and says what a listener needs to know."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscli import events
from focuscli.model import SessionStatus
from focuscli.view import words
from focuscli.view.fold import _fold, fold
from focuscli.view.panel import panel
from focuscli.view.snapshot import Phase, Snapshot
from tests.view.scenes import FADE_MS, NOW, SEGMENT_S, after, opening, played, playing, session, sleeping, started
from tests.view.strategies import EVENTS, KINDS


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_event_has_its_own_rule(kind: type):
    assert _fold.dispatch(kind) is not _fold.dispatch(object)


def test_a_device_that_went_away_is_waited_for_until_there_is_one():
    opened = after(playing(), [events.DeviceOpened("USB", 0.1)])
    gone = after(opened, [events.DeviceGone("USB")])
    assert gone.phase is Phase.WAITING
    assert gone.message is not None
    assert gone.message.serious
    assert after(gone, [events.DeviceOpened("USB", 0.1)]).phase is opened.phase


@given(st.lists(EVENTS, max_size=8), st.integers(1, 120), st.integers(1, 40), st.booleans())
def test_whatever_happens_there_is_a_picture_that_fits(happened: list, width: int, height: int, is_ascii: bool):
    snapshot = opening()
    for second, event in enumerate(happened):
        before = snapshot
        snapshot = fold(snapshot, event, at(second))
        assert snapshot == fold(before, event, at(second))
    picture = panel(snapshot, width, height, ascii=is_ascii)
    assert max(picture.widths) <= max(1, width - 1)
    assert len(picture.lines) <= max(1, height - 1)
    assert picture.plain.isascii() or not is_ascii
    assert "\x1b" not in picture.plain


def test_an_unknown_event_changes_only_the_time():
    assert fold(playing(), object(), at(5)) == playing().at(at(5))


def test_the_music_ahead_counts_overlaps_once():
    step_s = SEGMENT_S - FADE_MS / 1000
    snapshot = after(opening(), [events.SessionSeen(session(5)), started(0), played(60.0)])
    assert snapshot.ready_ahead_s == pytest.approx(SEGMENT_S - 60.0 + 3 * step_s + SEGMENT_S)


def test_no_more_is_ahead_than_the_session_is_long():
    snapshot = after(opening(), [events.SessionSeen(session(45)), started(44), played(5390.0)])
    assert snapshot.ready_ahead_s == pytest.approx(10.0)


def test_what_is_on_this_machine_ends_at_the_first_gap():
    fetched = [events.SegmentFetched(index, 1) for index in (0, 1, 3)]
    snapshot = after(opening(), [events.SessionSeen(session(5)), *fetched, started(0), played(0.0)])
    assert snapshot.here_ahead_s == pytest.approx(SEGMENT_S + SEGMENT_S - FADE_MS / 1000)


def test_an_answer_to_end_without_segments_keeps_the_known_ones():
    snapshot = after(opening(), [events.SessionSeen(session(5))])
    answer = replace(session(5, status=SessionStatus.ENDED), segments=())
    assert after(snapshot, [events.SessionSeen(answer)]).lengths_s == snapshot.lengths_s


def test_the_end_is_shown_in_the_listeners_time_zone():
    zone = timezone(timedelta(hours=2))
    snapshot = Snapshot(now=NOW.astimezone(zone))
    snapshot = fold(snapshot, events.SessionSeen(session(5)), NOW.astimezone(zone))
    assert snapshot.ends_at is not None
    assert f"{snapshot.ends_at:%H:%M}" == "01:58"


def test_the_end_does_not_flicker_with_the_jitter_of_blocks():
    snapshot = after(opening(), [events.SessionSeen(session(5)), started(0)])
    ends = {fold(snapshot, played(position_s), at(position_s + late)).ends_at for position_s, late in
            [(10.0, 0.2), (10.2, -0.1), (10.4, 0.3), (30.0, 0.9)]}  # fmt: skip
    assert len(ends) == 1


def test_a_pause_moves_the_end():
    snapshot = after(opening(), [events.SessionSeen(session(5)), started(0), played(10.0), events.Paused()])
    later = fold(snapshot, events.Resumed(), at(60))
    assert later.ends_at == snapshot.ends_at + timedelta(seconds=60)


def test_the_countdown_is_there_only_while_something_is_pending():
    assert playing().next_ready_s == pytest.approx(11, abs=1)
    assert after(playing(), [events.SessionSeen(session(45))]).next_ready_s is None
    assert after(playing(), [events.SessionSeen(session(15, next_in_s=None))]).next_ready_s is None
    assert playing().at(at(999)).next_ready_s == 0.0


def test_a_crossfade_goes_by_the_position_and_ends():
    fading = after(playing(), [played(1000.0), events.CrossfadeStarted(8, 9, 8.0, 0.5), played(1002.0)])
    assert fading.crossfade_progress == pytest.approx(0.25)
    assert fading.at(at(60)).crossfade_progress == pytest.approx(0.25)
    assert after(fading, [played(1008.0)]).crossfade is None


def test_holding_ends_with_the_next_segment():
    holding = after(playing(), [events.Holding(9)])
    assert holding.phase is Phase.HOLDING
    assert after(holding, [started(9)]).phase is Phase.PLAYING


def test_the_engine_is_quiet_since_it_first_failed_to_answer():
    quiet = fold(fold(playing(), events.EngineQuiet("a"), at(1)), events.EngineQuiet("b"), at(30))
    assert quiet.quiet_since == at(1)
    assert fold(quiet, events.SessionSeen(session(15)), at(31)).quiet_since is None


def test_a_pause_beats_other_states_and_the_end_beats_a_pause():
    paused = after(playing(), [events.Holding(9), events.Paused()])
    assert paused.phase is Phase.PAUSED
    assert after(paused, [events.PlaybackEnded("quit")]).phase is Phase.STOPPED


def test_messages_go_away_by_themselves():
    skipped = after(playing(), [events.SegmentSkipped(9, "damaged\x1b[31m")])
    assert skipped.message is not None
    assert skipped.message.text == "segment 10 left out: damaged�[31m"
    assert skipped.at(at(60)).message is None


def test_another_device_is_worth_a_message_and_the_first_is_not():
    first = after(opening(), [events.DeviceOpened("Speakers", 0.1)])
    assert first.message is None
    assert after(first, [events.DeviceOpened("Headphones", 0.1)]).message is not None


def test_dropouts_are_counted():
    snapshot = after(playing(), [events.Underrun(80.0), events.Underrun(40.0)])
    assert (snapshot.dropouts, snapshot.dropout_ms) == (2, 120.0)


def test_times_without_a_zone_never_enter():
    assert playing().now.tzinfo is UTC


def test_the_sleep_timer_is_told():
    asleep = after(playing(), [events.SleepTimerSet(2700.0, 60.0)])
    assert asleep.messages[-1].text == "silent in 45 min"
    assert after(asleep, [events.SleepTimerSet(None)]).messages[-1].text == "the sleep timer is off"


def test_when_it_falls_silent_is_said_until_the_timer_is_off_and_not_where_the_end_comes_first():
    asleep = sleeping()
    assert words.ends(asleep) == "silent at 23:03"
    assert words.ends(fold(asleep, events.SleepTimerSet(None), NOW)).startswith("ends at")
    late = fold(fold(asleep, events.SleepTimerSet(80_000.0, 60.0), NOW), played(1071.0), NOW)
    assert words.ends(late).startswith("ends at")


def test_a_session_that_was_never_seen_does_not_go_on():
    assert words.closing(opening()) == ""
    assert words.closing(playing()) == "session goes on; end it with: focus end"
