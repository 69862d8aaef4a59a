"""A session that plays in seconds, on a real view: `python -m tests.view.demo [--speed 30] [--plain] [--json]`.

Tests run it in a pseudo-terminal; with `--report FD` it writes there, a line each, what the view told it.
"""

import argparse
import itertools
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from focuscli import events
from focuscli.clock import SystemClock
from focuscli.view.keyboard import open_keyboard
from focuscli.view.keys import Action
from focuscli.view.loop import Hooks, View
from focuscli.view.snapshot import Snapshot
from focuscli.view.terminal import Terminal, decide
from tests.view.scenes import FADE_MS, SEGMENT_S, session, started

STEP_S = SEGMENT_S - FADE_MS / 1000


def happenings(from_s: float, speed: float, clock: SystemClock) -> Iterator[events.Event]:
    yield events.DeviceOpened("Built-in Audio Analog Stereo", 0.3)
    yield events.SessionSeen(session(15, now=clock.now()))
    index = int(from_s // STEP_S)
    yield events.VolumeChanged(60, muted=False)
    yield started(index)
    for tick in itertools.count():
        position_s = from_s + tick * 0.2 * speed
        if position_s >= (index + 1) * STEP_S:
            index += 1
            yield events.CrossfadeStarted(index - 1, index, FADE_MS / 1000 * 5, 0.41)
            yield started(index)
            yield events.SessionSeen(session(16 + index - 8, now=clock.now(), next_in_s=14))
        swing = 5.0 * math.sin(tick * 0.7) + 3.0 * math.sin(tick * 1.9)
        yield events.Played(position_s, index, (-19.0 + swing, -20.0 + swing * 0.8), 2.0)


class Player:
    """Plays events instead of music, in its own thread."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.over = threading.Event()
        self._events = happenings(arguments.position, arguments.speed, SystemClock())
        self._report = arguments.report
        self._volume, self._muted, self._paused = 60, False, False
        self.view: View | None = None

    def play(self) -> None:
        assert self.view is not None
        while not self.over.wait(0.2):
            if not self._paused:
                self.view.post(next(self._events))

    def begin(self) -> None:
        assert self.view is not None
        for event in itertools.islice(self._events, 5):
            self.view.post(event)

    def obey(self, action: Action) -> None:
        assert self.view is not None
        self.tell(f"action {action.value}")
        if action is Action.PAUSE:
            self._paused = not self._paused
            self.view.post(events.Paused() if self._paused else events.Resumed())
        self._muted ^= action is Action.MUTE
        self._volume = min(100, max(0, self._volume + action.volume_step))
        self.view.post(events.VolumeChanged(self._volume, self._muted))

    def tell(self, line: str) -> None:
        if self._report is not None:
            os.write(self._report, f"{line}\n".encode())


def view_for(arguments: argparse.Namespace, terminal: Terminal, player: Player) -> View:
    hooks = Hooks(
        suspended=lambda: player.tell("suspended"),
        resumed=lambda: player.tell("resumed"),
        signalled=lambda number: player.tell(f"signal {signal.Signals(number).name}"),
    )
    clock = SystemClock()
    snapshot = Snapshot(now=datetime.now(UTC))
    if arguments.json:
        from focuscli.view.jsonlines import JsonLines, JsonView

        return JsonView(JsonLines(sys.stdout, clock), open_keyboard(), player.obey, clock, hooks=hooks)
    if not terminal.animate:
        from focuscli.view.plain import PlainView

        keys = open_keyboard()
        return PlainView(sys.stdout, keys, player.obey, clock, snapshot=snapshot, hooks=hooks)
    from focuscli.view.live import LiveView

    return LiveView.on(sys.stdout, terminal, player.obey, clock, snapshot=snapshot, hooks=hooks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--position", type=float, default=1062.0)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--still", action="store_true", help="post the first events and no more")
    parser.add_argument("--fail", action="store_true", help="raise inside the view")
    parser.add_argument("--report", type=int)
    arguments = parser.parse_args()
    player = Player(arguments)
    with view_for(arguments, decide(sys.stdout, plain=arguments.plain), player) as view:
        player.view = view
        thread = threading.Thread(target=player.play, daemon=True)
        player.begin()
        if not arguments.still:
            thread.start()
        player.tell("ready")
        if arguments.fail:
            raise ZeroDivisionError
        leaving = view.run(player.over)
        player.tell(f"left {leaving.value}")
        if os.environ.get("DEMO_LINGER"):
            while True:  # a pause would not see the signal that came just before it
                time.sleep(0.05)
    player.over.set()
    sys.exit(int(leaving.exit_code))


if __name__ == "__main__":
    main()
