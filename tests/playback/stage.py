"""A player on a stage: fake feed, memory sink, and what happened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from focuscli.audio.block import Block
from focuscli.events import Event
from focuscli.playback.patience import Patience
from focuscli.playback.player import Player
from focuscli.playback.positions import Position
from tests.fakes.sink import MemorySink
from tests.fakes.source import RATE, FakeFeed, FileFetcher, Recording

HASTE = Patience(first_s=0.002, growth=1.0, most_s=0.002, content_s=0.002, failed_first_s=0.002, failed_most_s=0.002)


def continuous(music: Block, *cuts_s: float, overlap_s: float = 1.0, coding: str = "FLOAT") -> list[Recording]:
    """One music cut into segments that share their overlaps, as an engine of ours delivers it."""
    starts = [0.0, *cuts_s]
    ends = [cut + overlap_s for cut in cuts_s] + [len(music) / RATE]
    fade_ms = round(1000 * overlap_s)
    return [
        Recording(
            music[round(start * RATE) : round(end * RATE)],
            fade_in_ms=fade_ms if start else 0,
            fade_out_ms=fade_ms if end * RATE < len(music) else 0,
            coding=coding,
        )
        for start, end in zip(starts, ends, strict=True)
    ]


@dataclass
class Stage:
    """Builds a player whose sink waits until what should be ready is ready."""

    feed: FakeFeed
    at: dict[int, Callable[["Stage"], None]] = field(default_factory=dict)
    """What to do once that many frames are written."""
    await_all: bool = True
    events: list[Event] = field(default_factory=list)
    start_at: Position | None = None
    volume: int = 100
    latency_frames: int = 0

    def __post_init__(self) -> None:
        self.fetcher = FileFetcher()
        self.sink = MemorySink(self._written, on_open=self._wait, latency_frames=self.latency_frames)
        self.player = Player(
            self.feed,
            self.fetcher,
            self.sink,
            self.events.append,
            start_at=self.start_at,
            volume=self.volume,
            patience=HASTE,
        )

    def play(self) -> Position:
        """Run to the end."""
        return self.player.run()

    def of(self, *kinds: type) -> list[Event]:
        """The events of these kinds."""
        return [event for event in self.events if isinstance(event, kinds)]

    def _wait(self) -> None:
        if self.await_all and self.feed.ready:
            started = self.start_at.segment_index if self.start_at else 0
            self.fetcher.wait_gathered(min(self.feed.ready - 1, max(started, self.fetcher.forgotten) + 2))

    def _written(self, frames: int) -> None:
        self._wait()
        for due in [due for due in self.at if due <= frames]:
            self.at.pop(due)(self)


def longest_silence(sound: Block) -> int:
    """Frames of the longest stretch in which nothing sounds."""
    sounding = np.flatnonzero(np.concatenate([[1.0], np.abs(sound).max(axis=1), [1.0]]) > 1e-7)
    return int(np.diff(sounding).max()) - 1


def largest_step(sound: Block) -> float:
    """The largest difference between neighbouring frames."""
    return float(np.abs(np.diff(sound, axis=0)).max())


def made(folder: Path, recordings: list[Recording], ready: int | None = None) -> FakeFeed:
    """A feed of these recordings."""
    return FakeFeed.of(folder, *recordings, ready=ready)


LEVEL, HERTZ = 0.3, 203.7


def telling(length_s: float) -> Block:
    """A tone whose place between left and right says which frame it is, however loud it is."""
    frame = np.arange(round(length_s * RATE))
    tone = LEVEL * np.sin(2 * np.pi * HERTZ * frame / RATE)
    angle = 0.1 + _turn(length_s) * frame
    return np.column_stack([tone * np.cos(angle), tone * np.sin(angle)]).astype(np.float32)


def told(sound: Block, length_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Where in the sound a frame can be read, and which frame of such a tone it is."""
    loud = np.flatnonzero(np.abs(sound).max(axis=1) > 0.02)
    left, right = np.abs(sound[loud].astype(np.float64)).T
    return loud, (np.arctan2(right, left) - 0.1) / _turn(length_s)


def _turn(length_s: float) -> float:
    return (0.5 * np.pi - 0.2) / (length_s * RATE)
