"""The loop of a view, with a keyboard and a clock in the hands of the test."""

import os
import signal
import threading
from datetime import datetime

import pytest

from focuscli import events
from focuscli.errors import ExitCode
from focuscli.events import Event
from focuscli.view.face import Face
from focuscli.view.keyboard import HungUp
from focuscli.view.keys import Action
from focuscli.view.loop import Hooks, Leaving, View
from tests.view.fakes import HandClock, TypedKeyboard


class Seen(Face):
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.closings: list[bool] = []
        self.visible: list[bool] = []
        self.failing: Exception | None = None

    def show(self, events: list[Event], now: datetime, *, visible: bool) -> None:
        if self.failing is not None:
            raise self.failing
        self.events += events
        self.visible.append(visible)

    def closed(self, *, hung_up: bool) -> None:
        self.closings.append(hung_up)


class RacingClock(HandClock):
    """Goes on by itself, so that every frame is due."""

    def monotonic(self) -> float:
        self.elapsed_s += 0.1
        return self.elapsed_s


def view(keys: TypedKeyboard | None = None, actions=lambda _action: None, **options) -> tuple[View, Seen]:
    seen = Seen()
    return View(seen, keys, actions, RacingClock(), **options), seen


def test_it_runs_until_told_and_shows_what_was_posted_before():
    until = threading.Event()
    looped, seen = view()
    with looped:
        looped.post(events.Paused())
        until.set()
        assert looped.run(until) is Leaving.FINISHED
    assert seen.events == [events.Paused()]
    assert seen.closings == [False]


def test_events_of_another_thread_arrive_in_order():
    until = threading.Event()
    looped, seen = view(prompt=True)
    posted = [events.Underrun(float(number)) for number in range(200)]

    def play() -> None:
        for event in posted:
            looped.post(event)
        until.set()

    with looped:
        threading.Thread(target=play).start()
        looped.run(until)
    assert seen.events == posted


def test_posting_never_waits_for_the_one_who_draws():
    looped, _ = view(prompt=True)
    with looped:
        for number in range(20_000):
            looped.post(events.Underrun(float(number)))


def test_posting_to_a_view_that_is_closed_harms_nobody():
    looped, _ = view(prompt=True)
    with looped:
        pass
    looped.post(events.PlaybackEnded("finished"))


def test_q_leaves_and_other_keys_are_passed_on():
    actions: list[Action] = []
    keys = TypedKeyboard(b"+", b"?m", b"nq-")
    looped, _ = view(keys, actions.append)
    with looped:
        assert looped.run(threading.Event()) is Leaving.QUIT
    assert actions == [Action.LOUDER, Action.MUTE, Action.NEXT]
    assert keys.is_closed


def test_a_keyboard_that_hangs_up_ends_the_view_silently():
    looped, seen = view(TypedKeyboard(None))
    with looped:
        assert looped.run(threading.Event()) is Leaving.HUNG_UP
    assert seen.closings == [True]


def test_a_face_that_hangs_up_ends_the_view():
    looped, seen = view()
    with looped:
        seen.failing = HungUp()
        assert looped.run(threading.Event()) is Leaving.HUNG_UP


def test_other_errors_of_a_face_come_out_with_everything_undone():
    before = signal.getsignal(signal.SIGTERM)
    keys = TypedKeyboard()
    looped, seen = view(keys)
    seen.failing = BrokenPipeError()
    with pytest.raises(BrokenPipeError), looped:
        raise AssertionError("not reached")
    assert keys.is_closed
    assert signal.getsignal(signal.SIGTERM) is before


def test_nothing_is_visible_in_the_background():
    keys = TypedKeyboard()
    keys.is_foreground = False
    until = threading.Event()
    looped, seen = view(keys)
    with looped:
        until.set()
        looped.run(until)
    assert set(seen.visible) == {False}


@pytest.mark.parametrize(
    ("number", "leaving", "code"),
    [
        (signal.SIGINT, Leaving.INTERRUPTED, ExitCode.INTERRUPTED),
        (signal.SIGTERM, Leaving.TERMINATED, ExitCode.TERMINATED),
        (signal.SIGHUP, Leaving.HUNG_UP, ExitCode.HANG_UP),
    ],
)
def test_signals_end_the_view_with_their_code(number: int, leaving: Leaving, code: ExitCode):
    looped, _ = view()
    with looped:
        os.kill(os.getpid(), number)
        assert looped.run(threading.Event()) is leaving
    assert leaving.exit_code is code


def test_a_command_may_turn_a_signal_into_an_exception():
    def stop(number: int) -> None:
        raise KeyboardInterrupt(number)

    looped, seen = view(hooks=Hooks(signalled=stop))
    with looped:
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            looped.run(threading.Event())
    assert seen.closings == [False]


def test_the_former_handlers_come_back():
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGTSTP, signal.SIGWINCH, signal.SIGTTOU)
    before = [signal.getsignal(number) for number in numbers]
    looped, _ = view()
    with looped:
        assert [signal.getsignal(number) for number in numbers] != before
    assert [signal.getsignal(number) for number in numbers] == before
    assert signal.set_wakeup_fd(-1) == -1


def test_quitting_and_finishing_are_no_failures():
    assert Leaving.QUIT.exit_code is ExitCode.OK
    assert Leaving.FINISHED.exit_code is ExitCode.OK
