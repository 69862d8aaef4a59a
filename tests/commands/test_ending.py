"""Before a session ends its player falls silent, as slowly as is usual for its goal; it is never cut."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from focuscli.commands.ending import MEANT_WITHIN_S, EndKey
from focuscli.commands.silencing import FADE_S, LEAVES_WITHIN_S, SLEEP_FADE_S, let_it_fall_silent, usual_fade_s
from focuscli.errors import ExitCode
from focuscli.events import Event
from focuscli.model import Goal
from focuscli.paths import Paths
from focuscli.playback.commands import Command, Quit, SleepAfter, StayAwake
from focuscli.playback.doorway import Doorway
from tests.commands.conftest import Focus
from tests.fakes.clock import StepClock
from tests.fakes.engine import FakeEngine


class Player:
    """A doorway whose player leaves once it was told to fall silent, and so many looks have passed."""

    def __init__(self, paths: Paths, session_id: str, *, paused: bool = False, looks: int = 5) -> None:
        self.obeyed: list[Command] = []
        self.slept_s = 0.0
        self._looks = looks
        self._stack = ExitStack()
        state = {"session_id": session_id, "paused": paused}
        self._door = self._stack.enter_context(Doorway(paths.player_address, self._send, state))

    def _send(self, command: Command) -> None:
        self.obeyed.append(command)
        self._door.told(sleeps_in_s=1.0)

    def sleep(self, seconds: float) -> None:
        self.slept_s += seconds
        self._looks -= 1
        if self._looks == 0:
            self.leave()

    def leave(self) -> None:
        self._stack.close()


@pytest.fixture
def player(paths: Paths) -> Iterator[Callable[..., Player]]:
    with ExitStack() as stack:

        def make(session_id: str = "mfocus_1", **how: int) -> Player:
            made = Player(paths, session_id, **how)  # type: ignore[arg-type]
            stack.callback(made.leave)
            return made

        yield make


def test_the_player_is_told_and_waited_for(player: Callable[..., Player], paths: Paths) -> None:
    playing = player()
    assert let_it_fall_silent(paths.player_address, "mfocus_1", 20, sleep=playing.sleep)
    assert playing.obeyed == [SleepAfter(20.0, 20.0, ends=True)]
    assert playing.slept_s == pytest.approx(0.5)


@pytest.mark.parametrize(("session_id", "paused"), [("mfocus_2", False), ("mfocus_1", True)])
def test_who_plays_something_else_or_nothing_is_left_alone(
    player: Callable[..., Player], paths: Paths, session_id: str, paused: bool
) -> None:
    playing = player(session_id, paused=paused)
    assert not let_it_fall_silent(paths.player_address, "mfocus_1", 20, sleep=playing.sleep)
    assert (playing.obeyed, playing.slept_s) == ([], 0.0)


def test_a_player_that_stays_is_not_waited_for_for_ever(player: Callable[..., Player], paths: Paths) -> None:
    playing = player(looks=10_000)
    assert let_it_fall_silent(paths.player_address, "mfocus_1", 2, sleep=playing.sleep)
    assert playing.slept_s == pytest.approx(2 + LEAVES_WITHIN_S, abs=0.11)


def test_sleepers_get_a_longer_fade() -> None:
    assert (usual_fade_s("sleep"), usual_fade_s("focus")) == (SLEEP_FADE_S, FADE_S)
    assert SLEEP_FADE_S >= 20


@pytest.mark.parametrize(("words", "fade_s"), [([], 20), (["--fade", "7"], 7), (["--fade", "1m"], 60), (["--now"], 0)])
def test_the_session_ends_once_its_player_is_silent(
    focus: Focus,
    fake: FakeEngine,
    player: Callable[..., Player],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    fade_s: int,
) -> None:
    session_id = focus("start", "--goal", "sleep", "-q").out.strip()
    playing = player(session_id)
    monkeypatch.setattr("focuscli.commands.silencing.let_it_fall_silent.__kwdefaults__", {"sleep": playing.sleep})
    done = focus("end", *words)
    assert (done.code, fake.sessions[session_id]["status"]) == (ExitCode.OK, "ended")
    assert playing.obeyed == [SleepAfter(float(fade_s), float(fade_s), ends=True)]
    assert ("The sound falls" in done.err) == (fade_s > 3)


@pytest.mark.parametrize("words", [["--now", "--fade", "3"], ["--fade", "6m"], ["--fade", "soon"]])
def test_a_fade_that_makes_no_sense_is_refused(focus: Focus, fake: FakeEngine, words: list[str]) -> None:
    assert focus("end", *words).code == ExitCode.USAGE
    assert fake.asked == []


class Pressed:
    """The key under a finger, and what came of it."""

    def __init__(self) -> None:
        self.sent: list[Command] = []
        self.told: list[Event] = []
        self.clock = StepClock()
        self.key = EndKey(self._send, self.told.append, self.clock)

    def _send(self, command: Command) -> None:
        self.key.sent(command)
        self.sent.append(command)


def test_the_second_press_counts_only_soon_after_the_first() -> None:
    hand = Pressed()
    hand.key.pressed(Goal.FOCUS)
    hand.clock.step(MEANT_WITHIN_S + 0.1)
    hand.key.pressed(Goal.FOCUS)
    assert (hand.sent, hand.key.ends, len(hand.told)) == ([], False, 2)
    hand.clock.step(MEANT_WITHIN_S)
    hand.key.pressed(Goal.FOCUS)
    assert (hand.sent, hand.key.ends, len(hand.told)) == ([SleepAfter(FADE_S, FADE_S, ends=True)], True, 2)


def test_sleepers_are_let_go_slowly_and_a_third_press_waits_for_nothing() -> None:
    hand = Pressed()
    for _ in range(3):
        hand.key.pressed(Goal.SLEEP)
    assert hand.sent == [SleepAfter(SLEEP_FADE_S, SLEEP_FADE_S, ends=True), Quit()]
    assert hand.key.ends


@pytest.mark.parametrize("other", [StayAwake(), SleepAfter(900.0, 60.0)])
def test_another_wish_for_the_sleep_timer_calls_the_end_off(other: Command) -> None:
    hand = Pressed()
    for _ in range(2):
        hand.key.pressed(Goal.FOCUS)
    hand._send(other)
    assert not hand.key.ends
