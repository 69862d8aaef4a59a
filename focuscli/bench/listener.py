"""A listener in a process of its own, with a live view and with loads inside the interpreter, for `bench output`.

    python -m focuscli.bench.listener FOLDER OUTPUT SECONDS [HELD_S EVERY_S]

OUTPUT is `player` (all of ours, from the file to the device), or `callback`: what a program gets that hands
sounddevice a Python callback at latency 'high'. Standard input takes commands, a word a line, for `player`. The last
line on standard output is JSON.
"""

import json
import os
import pty
import random
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from focuscli.bench.numbered import LocalFeed, LocalFiles, numbered
from focuscli.clock import SystemClock
from focuscli.events import DeviceGone, DeviceOpened, Event, FirstSound, Played, Underrun
from focuscli.playback.commands import Command, Pause, Previous, Quit, Resume, Skip, ToggleMute
from focuscli.playback.player import Player
from focuscli.playback.sink import open_device
from focuscli.view.live import LiveView
from focuscli.view.snapshot import Snapshot
from focuscli.view.terminal import Terminal

SETTLED_S = 20.0
"""From then on the processor's time is counted: the first segments are at hand, later ones come one a minute."""

COMMANDS: dict[str, Command] = {
    "pause": Pause(),
    "resume": Resume(),
    "next": Skip(),
    "previous": Previous(),
    "mute": ToggleMute(),
    "quit": Quit(),
}


def main() -> None:
    """Play, and tell what it cost."""
    folder, output, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    if sys.argv[4:]:
        held, every = float(sys.argv[4]), float(sys.argv[5])
        threading.Thread(target=hold, args=(held, every), daemon=True).start()
    over = threading.Event()
    told: dict[str, Any] = {"underruns": 0, "lost": 0, "opened": [], "device": ""}
    view = drawn()

    def emit(event: Event) -> None:
        told["underruns"] += isinstance(event, Underrun)
        told["lost"] += isinstance(event, DeviceGone)
        if isinstance(event, DeviceOpened):
            told["opened"].append(time.time())
            told["device"] = event.name
        view.post(event)

    def play() -> None:
        try:
            {"player": play_ours, "callback": play_callback}[output](folder, seconds, emit)
        finally:
            over.set()

    with view:
        thread = threading.Thread(target=play)
        settled = [spent()]
        settling = threading.Timer(min(SETTLED_S, seconds / 2), lambda: settled.append(spent()))
        settling.daemon = True
        settling.start()
        thread.start()
        view.run(over)
        thread.join()
    (before, cpu_before), (now, cpu_now) = settled[-1], spent()
    share = (cpu_now - cpu_before) / (now - before)
    print(json.dumps({**told, "cpu_percent": 100 * share, "peak_mb": peak_mb()}), flush=True)


def spent() -> tuple[float, float]:
    """Seconds of the clock, and of the processor."""
    return time.monotonic(), time.process_time()


def peak_mb() -> float:
    """The most memory that this program has had, and not the one that started it."""
    words = Path("/proc/self/status").read_text(encoding="ascii").partition("VmHWM:")[2].split()
    return int(words[0]) / 1024


def drawn() -> LiveView:
    """The live view on a terminal that somebody reads."""
    leader, follower = pty.openpty()
    threading.Thread(target=_read_all, args=(leader,), daemon=True).start()
    stream = os.fdopen(follower, "w")
    terminal = Terminal(is_tty=True, animate=True, color=True, ascii=False)
    now = SystemClock().now().astimezone()
    return LiveView.on(stream, terminal, lambda _action: None, SystemClock(), snapshot=Snapshot(now=now))


def _read_all(leader: int) -> None:
    while os.read(leader, 1 << 16):
        pass


def play_ours(folder: Path, seconds: float, emit: Any) -> None:
    """The player, with everything that is in it, for so many seconds from the first sound on."""

    def told(event: Event) -> None:
        emit(event)
        if isinstance(event, FirstSound):
            leaving.start()

    files: Any = LocalFiles()
    player = Player(LocalFeed.read(folder), files, open_device(), told)
    leaving = threading.Timer(seconds, player.send, [Quit()])
    leaving.daemon = True
    threading.Thread(target=_obey, args=(player,), daemon=True).start()
    player.run()


def _obey(player: Player) -> None:
    for line in sys.stdin:
        player.send(COMMANDS[line.strip()])


def play_callback(_folder: Path, seconds: float, emit: Any) -> None:
    """As examples show it: a callback that copies from memory, everything at its default; until its time is over."""
    import sounddevice

    sound = (numbered(0, round(seconds * 48_000)) / 32_768.0).astype(np.float32)
    at = 0

    def callback(out: Any, count: int, _time: Any, _status: Any) -> None:
        nonlocal at
        piece = sound[at : at + count]
        out[: len(piece)] = piece
        out[len(piece) :] = 0.0
        at += count

    with sounddevice.OutputStream(48_000, channels=2, dtype="float32", latency="high", callback=callback) as stream:
        until = time.monotonic() + seconds
        while at < len(sound) and stream.active and time.monotonic() < until:
            time.sleep(1 / 9)
            emit(Played(at / 48_000, 0, (-12.0, -12.0), 60.0))


def hold(held_s: float, every_s: float) -> None:
    """Keep the interpreter from everyone else for so long, again and again: a sort lets nobody in."""
    shuffled = np.random.default_rng(1).permutation(200_000).tolist()
    count = 2
    while True:
        numbers = shuffled * count
        random.shuffle(shuffled)
        begun = time.thread_time()
        numbers.sort()
        took_s = time.thread_time() - begun
        count = max(1, round(count * held_s / max(0.001, took_s)))
        time.sleep(max(0.01, every_s - took_s))


if __name__ == "__main__":
    main()
