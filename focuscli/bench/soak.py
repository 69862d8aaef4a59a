"""Hours of playing in minutes: whether memory stays flat and the place is exact, with a listener who never rests.

    python -m focuscli.bench soak --hours 8

The player plays into a device that holds seconds of sound and is as fast as the player, whose every frame says its
number. In between it is paused, turned, muted, put to sleep and woken, sent on and back. After each hour the place
that the player tells is compared with what the device has heard, and the memory is read.
"""

import argparse
import ctypes
import gc
import random
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from focuscli.audio.block import Block, silence
from focuscli.bench.numbered import SEGMENT_S, LocalFeed, LocalFiles, numbers_of, write
from focuscli.bench.tables import table
from focuscli.events import Event, Paused, Played, Resumed
from focuscli.model import Session
from focuscli.playback.commands import (
    Command,
    Pause,
    Quit,
    Resume,
    SeekBy,
    SetVolume,
    SleepAfter,
    StayAwake,
    ToggleMute,
)
from focuscli.playback.deck import BLOCK_FRAMES
from focuscli.playback.heard import Heard
from focuscli.playback.player import Player
from focuscli.playback.sinks.held import CAPACITY_FRAMES
from focuscli.units import SAMPLE_RATE

FILES = 4
"""Of a minute each, again and again."""

MARK_MB = 5.0
WISH_EVERY_S = 37.0
SETTLED_HOURS = 1
"""Memory is compared from then on: caches fill, and the allocator finds its size."""

_PATIENCE_S = 5.0
_GAP_FRAMES = 2_000
"""What the device takes at once, when it is asked what can still be changed."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """How long."""
    parser.add_argument("--hours", type=float, default=8.0, help="of music")
    parser.add_argument("--seed", type=int, default=1)


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """A row for each hour, and one for all of them."""
    hours = 0.5 if options.quick else options.hours
    rows = soaked(hours, random.Random(options.seed))  # noqa: S311  # not for secrets
    return rows, table(rows)


@dataclass
class SwiftSink:
    """A device that plays whatever it holds as soon as there is no room for more. Frames can be taken back from it."""

    name: str = "swift"
    returns: bool = False
    is_there: bool = True
    latency_s: float = CAPACITY_FRAMES / SAMPLE_RATE
    missed_frames: int = 0
    heard: int = 0
    written: int = 0
    last: Block = field(default_factory=lambda: silence(0))
    """The newest frames that were heard."""
    _held: Block = field(default_factory=lambda: silence(0))

    @property
    def queued_frames(self) -> int:
        """Written and not heard."""
        return self.written - self.heard

    @property
    def room_frames(self) -> int:
        """There always is some: a second is heard where there was none."""
        if CAPACITY_FRAMES - self.queued_frames < BLOCK_FRAMES:
            self._play(SAMPLE_RATE)
        return CAPACITY_FRAMES - self.queued_frames

    @property
    def loose_frames(self) -> int:
        """All but what the device is about to take."""
        return max(0, self.queued_frames - _GAP_FRAMES)

    def open(self) -> None:
        """It is open."""

    def take_back(self, count: int) -> None:
        """They are written anew."""
        self.written -= count

    def write(self, block: Block) -> None:
        """In the place of what was taken back, and on."""
        kept = self._held[: self.queued_frames]
        self._held = np.concatenate([kept, block, self._held[len(kept) + len(block) :]])
        self.written += len(block)

    def drain(self) -> None:
        """All is heard."""
        self._play(self.queued_frames)

    def abort(self) -> None:
        """Nothing more is heard."""

    def close(self) -> None:
        """Nothing is held."""

    def _play(self, count: int) -> None:
        self.last, self._held = self._held[:count].copy(), self._held[count:].copy()
        self.heard += count


class _Round:
    """The files of a folder, as a session of as many minutes as are wanted."""

    def __init__(self, folder: Path, minutes: int) -> None:
        few = LocalFeed.read(folder)
        self.session_id = few.session_id
        segments = [replace(few.segments[index % FILES], segment_index=index) for index in range(minutes)]
        self._session = replace(LocalFeed(tuple(segments)).get(), total_segments=minutes)

    def get(self) -> Session:
        """All of it is ready."""
        return self._session


class _Evening:
    """One player, its listener, and what is noted on the hour."""

    def __init__(self, folder: Path, hours: float, chance: random.Random) -> None:
        self._chance = chance
        self._wish_at_s = WISH_EVERY_S
        self._music_s = hours * 3600.0
        self._paused = False
        self.rows: list[dict[str, Any]] = []
        self.sink = SwiftSink()
        files: Any = LocalFiles()
        feed = _Round(folder, int(self._music_s / SEGMENT_S) + 30)
        self.player = Player(feed, files, self.sink, self.emit)
        self._worst_frames = 0

    @property
    def _heard(self) -> Heard:
        return self.player._heard  # noqa: SLF001  # what it holds to be heard is what is judged

    def _wait_for_supply(self) -> None:
        """Nobody prepares segments as fast as this device plays them; where a seek waits, nothing follows yet."""
        if self.player._goal is None:  # noqa: SLF001
            supply = self.player._supply  # noqa: SLF001
            supply.wait_following(supply._playing, _PATIENCE_S)  # noqa: SLF001

    def emit(self, event: Event) -> None:
        """In the mixing thread, whose clock is the music."""
        if isinstance(event, Paused | Resumed):
            self._paused = isinstance(event, Paused)
            if self._paused:
                self.player.send(Resume())
        if isinstance(event, Played):
            self._look()

    def _look(self) -> None:
        music_s = self._heard.music_frames / SAMPLE_RATE
        self._compare()
        self._wait_for_supply()
        if music_s >= self._wish_at_s:
            self._wish_at_s = music_s + WISH_EVERY_S * self._chance.uniform(0.5, 1.5)
            for command in self._wish():
                self.player.send(command)
        if music_s >= 3600.0 * (len(self.rows) + 1):
            self._note(music_s)
        if music_s >= self._music_s:
            self.player.send(Quit())

    def _compare(self) -> None:
        """What the device has heard last, where it says its number, is the frame whose place is told."""
        numbers = numbers_of(self.sink.last[-1:]) if len(self.sink.last) else np.array([-1])
        place = self._heard.place(self._heard.music_frames - 1)
        if numbers[-1] >= 0 and not self._paused:
            expected = (place.segment_index % FILES) * SEGMENT_S * SAMPLE_RATE + place.frame
            self._worst_frames = max(self._worst_frames, abs(int(numbers[-1]) - expected))

    def _wish(self) -> list[Command]:
        return self._chance.choice(
            [
                [Pause()],
                [SetVolume(self._chance.randrange(1, 100)), SetVolume(100)],
                [ToggleMute(), ToggleMute()],
                [SleepAfter(600.0, 60.0), StayAwake()],
                [SeekBy(self._chance.uniform(-20.0, 20.0))],
            ]
        )

    def _note(self, music_s: float) -> None:
        self.rows.append(
            {
                "hours": round(music_s / 3600.0, 2),
                "memory_mb": round(memory_mb(), 1),
                "position_off_frames": self._worst_frames,
                "threads": threading.active_count(),
                "ok": self._worst_frames <= BLOCK_FRAMES,
            }
        )


def soaked(hours: float, chance: random.Random) -> list[dict[str, Any]]:
    """Play for so long, and judge it."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), FILES * SEGMENT_S)
        evening = _Evening(Path(folder), hours, chance)
        evening.player.run()
        evening._note(hours * 3600.0)  # noqa: SLF001  # the last one
    rows = evening.rows
    settled = [row["memory_mb"] for row in rows if row["hours"] >= SETTLED_HOURS] or [rows[-1]["memory_mb"]]
    grown = max(settled) - settled[0]
    whole = {"hours": hours, "grown_mb": round(grown, 1), "position_off_frames": rows[-1]["position_off_frames"]}
    return [*rows, whole | {"ok": grown <= MARK_MB and rows[-1]["ok"]}]


def memory_mb() -> float:
    """What this process holds now, without what the allocator could give back at once."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    if sys.platform != "linux":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))
    words = Path("/proc/self/status").read_text(encoding="ascii").partition("VmRSS:")[2].split()
    return int(words[0]) / 1024
