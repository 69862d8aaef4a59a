"""The terminal's title, its taskbar and its notifications: bytes as terminals take them, and nothing left of them."""

import io
import os
from collections.abc import Iterator
from datetime import timedelta

import pytest

from focuscli.events import PlaybackEnded
from focuscli.model import Goal
from focuscli.view.face import Face
from focuscli.view.keyboard import HungUp
from focuscli.view.keys import Action
from focuscli.view.snapshot import Snapshot
from focuscli.view.window import REPEATED_EVERY, Window, WindowFace
from tests.view.scenes import NOW

PLAYING = Snapshot(now=NOW, goal=Goal.SLEEP, target_s=5400.0, position_s=1350.0, sounding=True)


def snapshot(**changes: object) -> Snapshot:
    return Snapshot(**{name: getattr(PLAYING, name) for name in PLAYING.__slots__} | changes)  # type: ignore[arg-type]


def test_the_title_is_kept_set_by_the_minute_and_put_back() -> None:
    window = Window(title=True)
    assert window.drawn(PLAYING) == "\x1b[22;0t\x1b]0;sleep session, 67 min left\x07"
    assert window.drawn(snapshot(position_s=1350.5)) == ""
    assert window.drawn(snapshot(position_s=1440.0)) == "\x1b]0;sleep session, 66 min left\x07"
    assert window.drawn(snapshot(position_s=1440.0, paused=True)) == "\x1b]0;sleep session, paused\x07"
    assert window.undone() == "\x1b]0;\x07\x1b[23;0t"
    assert window.undone() == ""


def test_what_is_not_known_is_not_in_the_title() -> None:
    assert Window(title=True).drawn(Snapshot(now=NOW)) == "\x1b[22;0t\x1b]0;focus, preparing\x07"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "1;25"),
        ({"holding": True}, "1;25"),
        ({"paused": True}, "4;25"),
        ({"device_gone": True}, "2;25"),
        ({"sounding": False, "position_s": 0.0}, "3;0"),
        ({"position_s": 6000.0}, "1;100"),
        ({"target_s": None}, "1;0"),
        ({"ending": PlaybackEnded("finished")}, "0;0"),
    ],
)
def test_progress_tells_how_far_and_whether_it_plays(changes: dict[str, object], state: str) -> None:
    assert Window(progress=True).drawn(snapshot(**changes)) == f"\x1b]9;4;{state}\x07"


def test_progress_is_told_again_before_it_is_forgotten_and_taken_away_at_the_end() -> None:
    window = Window(progress=True)
    first = window.drawn(PLAYING)
    assert window.drawn(snapshot(now=NOW + REPEATED_EVERY - timedelta(seconds=1))) == ""
    assert window.drawn(snapshot(now=NOW + REPEATED_EVERY)) == first
    assert window.undone() == "\x1b]9;4;0;0\x07"
    assert window.drawn(snapshot(now=NOW + REPEATED_EVERY)) == first


@pytest.mark.parametrize(("rings", "begins"), [("osc9", "\x1b]9;focus: "), ("osc777", "\x1b]777;notify;focus;focus: ")])
def test_a_notification_is_one_sequence_that_nobody_can_break_out_of(rings: str, begins: str) -> None:
    window = Window(rings=rings)
    window.notify("over\x07\x1b]0;pwned\x1b\\ now")
    told = window.drawn(PLAYING)
    assert told == f"{begins}over\ufffd\ufffd]0;pwned\ufffd\\ now\x07"
    assert window.drawn(PLAYING) == ""
    assert window.undone() == ""


class FoldedFace(Face):
    """Keeps a snapshot, and notes what it is told."""

    def __init__(self) -> None:
        self.snapshot = PLAYING
        self.told: list[str] = []

    def suspended(self) -> None:
        self.told.append("suspended")

    def closed(self, *, hung_up: bool) -> None:
        self.told.append(f"closed {hung_up}")


class Terminal:
    """A pipe in a terminal's place."""

    def __init__(self) -> None:
        self._reader, writer = os.pipe()
        os.set_blocking(self._reader, False)
        self.stream = os.fdopen(writer, "w", encoding="ascii")
        self.inner = FoldedFace()
        self.face = WindowFace(self.inner, self.inner, Window(title=True, progress=True), self.stream)

    def written(self) -> str:
        try:
            return os.read(self._reader, 65536).decode()
        except BlockingIOError:
            return ""

    def close(self) -> None:
        self.stream.close()
        os.close(self._reader)


SET = "\x1b[22;0t\x1b]0;sleep session, 67 min left\x07\x1b]9;4;1;25\x07"
UNSET = "\x1b]9;4;0;0\x07\x1b]0;\x07\x1b[23;0t"


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    made = Terminal()
    yield made
    made.close()


def test_nothing_is_written_while_another_job_has_the_terminal(terminal: Terminal) -> None:
    terminal.face.show([], NOW, visible=False)
    terminal.face.closed(hung_up=False)
    assert terminal.written() == ""


@pytest.mark.parametrize("hung_up", [False, True])
def test_the_end_leaves_nothing_even_after_a_hang_up_that_the_terminal_survived(
    terminal: Terminal, hung_up: bool
) -> None:
    terminal.face.show([], NOW, visible=True)
    assert terminal.written() == SET
    terminal.face.closed(hung_up=hung_up)
    assert terminal.written() == UNSET
    assert terminal.inner.told == [f"closed {hung_up}"]


def test_a_suspended_program_gives_the_title_back_and_takes_it_again(terminal: Terminal) -> None:
    terminal.face.show([], NOW, visible=True)
    terminal.face.suspended()
    terminal.face.resumed()
    terminal.face.show([], NOW, visible=True)
    assert terminal.written() == SET + UNSET + SET
    assert terminal.inner.told == ["suspended"]


def test_a_program_that_is_killed_gives_it_back(terminal: Terminal) -> None:
    terminal.face.show([], NOW, visible=True)
    terminal.face.restored()
    assert terminal.written() == SET + UNSET


def test_keys_are_the_pictures_affair(terminal: Terminal) -> None:
    assert terminal.face.pressed(Action.HELP)
    assert not terminal.face.pressed(Action.NEXT)


class Gone(io.StringIO):
    """A terminal whose window was closed."""

    def write(self, _text: str) -> int:
        raise OSError(5, "Input/output error")


def test_a_terminal_that_is_gone_is_a_hang_up_and_is_not_written_to_again() -> None:
    inner = FoldedFace()
    face = WindowFace(inner, inner, Window(title=True), Gone())
    with pytest.raises(HungUp):
        face.show([], NOW, visible=True)
    face.closed(hung_up=True)


def test_what_the_terminal_cannot_encode_is_left_out() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    inner, window = FoldedFace(), Window()
    window.notify("Kopfhörer went away")
    WindowFace(inner, inner, window, stream).show([], NOW, visible=True)
    stream.seek(0)
    assert stream.read() == "\x1b]9;focus: Kopfh?rer went away\x07"
