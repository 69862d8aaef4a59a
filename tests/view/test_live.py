"""The live face: what is drawn, and what is not."""

import io
from datetime import timedelta

import pytest

from focuscli import events
from focuscli.view.keyboard import HungUp
from focuscli.view.keys import Action
from focuscli.view.live import LiveFace, console_on
from tests.view.ptys import bare
from tests.view.scenes import NOW, after, ended, opening, playing


def later(seconds: float):
    return NOW + timedelta(seconds=0.2 + seconds)


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def face(stream: io.StringIO):
    face = LiveFace(console_on(stream, color=True), playing())
    yield face
    face.closed(hung_up=True)


def settle(face: LiveFace) -> None:
    face.show([events.Paused()], later(0), visible=True)
    face.show([], later(20), visible=True)


def test_frames_that_look_the_same_are_not_drawn(face: LiveFace, stream: io.StringIO):
    settle(face)
    frames, length = face.frames, len(stream.getvalue())
    for quarter in range(40):
        face.show([], later(20 + quarter / 4), visible=True)
    assert face.frames == frames
    assert len(stream.getvalue()) == length


def test_a_change_is_drawn(face: LiveFace, stream: io.StringIO):
    settle(face)
    face.show([events.VolumeChanged(35, muted=False)], later(21), visible=True)
    assert "35 %" in stream.getvalue()


def test_nothing_is_drawn_while_the_terminal_is_someone_elses(face: LiveFace, stream: io.StringIO):
    face.show([events.VolumeChanged(35, muted=False)], later(0), visible=False)
    assert stream.getvalue() == ""
    assert face.snapshot.volume == 35


def test_help_comes_and_goes(face: LiveFace):
    assert face.pressed(Action.HELP)
    assert face.snapshot.help
    assert face.pressed(Action.BACK)
    assert not face.snapshot.help
    assert not face.pressed(Action.MUTE)


def test_the_technical_line_comes_and_goes_and_does_not_stay_behind(face: LiveFace):
    assert face.pressed(Action.TECHNICAL)
    assert face.snapshot.technical
    assert face.pressed(Action.TECHNICAL)
    assert not face.snapshot.technical
    face.pressed(Action.TECHNICAL)
    face.closed(hung_up=False)
    assert not face.snapshot.technical


def test_redrawing_draws_even_what_did_not_change(face: LiveFace, stream: io.StringIO):
    settle(face)
    frames = face.frames
    face.pressed(Action.REDRAW)
    face.show([], later(21), visible=True)
    assert face.frames == frames + 1
    assert "\x1b[2J" in stream.getvalue()


def test_a_narrower_window_clears_the_lines_that_were_wrapped(face: LiveFace, stream: io.StringIO, monkeypatch):
    settle(face)
    height = len(face._drawn.lines)
    monkeypatch.setattr(face, "_size", lambda: __import__("os").terminal_size((40, 20)))
    length = len(stream.getvalue())
    face.resized(visible=True)
    assert stream.getvalue()[length:].count("\x1b[1A") == height, "each of the lines takes two rows now"


def test_the_last_state_stays_with_one_line_below(stream: io.StringIO):
    face = LiveFace(console_on(stream, color=False), playing())
    face.show([], later(0), visible=True)
    face.closed(hung_up=False)
    last = bare(stream.getvalue().encode()).split("╭")[-1]
    assert "stopped" in last
    assert "pause" not in last
    assert last.count("silent") == 2
    assert last.endswith("session goes on; end it with: focus end\n")
    assert stream.getvalue().count("\x1b[?25h") == 1


def test_a_session_that_is_over_does_not_go_on(stream: io.StringIO):
    face = LiveFace(console_on(stream, color=False), ended())
    face.closed(hung_up=False)
    assert stream.getvalue() == "session over\n"


def test_nothing_is_written_after_a_hang_up(face: LiveFace, stream: io.StringIO):
    settle(face)
    length = len(stream.getvalue())
    face.closed(hung_up=True)
    assert len(stream.getvalue()) == length


class Gone(io.StringIO):
    def flush(self) -> None:
        raise OSError(5, "Input/output error")


def test_a_terminal_that_cannot_be_written_to_has_hung_up():
    face = LiveFace(console_on(Gone(), color=True), opening())
    with pytest.raises(HungUp):
        face.show([], later(0), visible=True)
    face.closed(hung_up=False)


def test_without_colour_there_is_none(stream: io.StringIO):
    face = LiveFace(console_on(stream, color=False), playing())
    face.show([], later(0), visible=True)
    face.closed(hung_up=False)
    assert not any(f"\x1b[{code}m" in stream.getvalue() for code in (33, 36, 94))


def test_going_on_begins_a_picture_of_its_own(face: LiveFace, stream: io.StringIO):
    settle(face)
    face.suspended()
    assert stream.getvalue().endswith("\x1b[?25h")
    length = len(stream.getvalue())
    face.resumed()
    face.show([], later(21), visible=True)
    assert "\x1b[1A" not in stream.getvalue()[length:], "what the shell wrote is not drawn over"
    assert after(playing(), [events.Paused()]).phase.value in stream.getvalue()[length:]
