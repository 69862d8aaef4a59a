"""Gives blocks to the sink and tells what came of it: first sound, progress, dropouts."""

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from focuscli.audio.block import Block, silence
from focuscli.events import Event, FirstSound, Played, Underrun
from focuscli.playback.heard import Heard
from focuscli.playback.sink import Sink
from focuscli.units import SAMPLE_RATE, seconds

PLAYED_EVERY_FRAMES = SAMPLE_RATE // 5
"""Of so many frames the level is told: a little more often than a picture is drawn."""

SILENT_DB = -120.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Frames for the sink, shape (frames, 2): of the session's sound, or of a silence that is no part of it."""

    block: Block
    is_music: bool = True


class Delivery:
    """The last step before the sink. `elapsed_s` tells the seconds since the program was started."""

    def __init__(self, sink: Sink, heard: Heard, emit: Callable[[Event], None], elapsed_s: Callable[[], float]) -> None:
        self._sink = sink
        self._heard = heard
        self._emit = emit
        self._elapsed_s = elapsed_s
        self._sounded = False
        self._played_due = 0
        self._missed_frames = 0
        self._music_frames = 0
        self._levels: deque[tuple[int, tuple[float, float]]] = deque()
        self.frames = 0
        """All that was written, less what was taken back."""

    def write(self, pieces: Sequence[Piece]) -> None:
        """Write them at once, so that nothing comes between them; may block, raises DeviceLost."""
        blocks = [piece.block for piece in pieces]
        whole = blocks[0] if len(blocks) == 1 else np.concatenate([silence(0), *blocks])
        if not len(whole):
            return
        self._sink.write(whole)
        self.frames += len(whole)
        for piece in pieces:
            self._heard.wrote(len(piece.block), is_music=piece.is_music)
            if piece.is_music:
                self._note_levels(piece.block)
        if not self._sounded and whole.any():
            self._sounded = True
            self._emit(FirstSound(self._elapsed_s()))

    def take_back(self, count: int) -> int:
        """The newest frames will be written anew; how many of them were music."""
        if count:
            self._sink.take_back(count)
        return self._forget(count)

    def lose(self) -> None:
        """The sink is gone with all that it held."""
        self._missed_frames = 0
        for event in self._heard.advance(self._sink.queued_frames):
            self._emit(event)
        self._forget(self._heard.queued_frames)

    def tell(self, ahead_s: Callable[[], float]) -> None:
        """Emit what belongs to the frames that were heard since."""
        events = self._heard.advance(self._sink.queued_frames)
        for event in events:
            self._emit(event)
        self._tell_underruns()
        if (events or self._heard.music_frames >= self._played_due) and self._levels:
            self._played_due = max(self._played_due + PLAYED_EVERY_FRAMES, self._heard.music_frames)
            self._emit(Played(self._heard.session_s, self._heard.position.segment_index, self._level(), ahead_s()))

    def _forget(self, count: int) -> int:
        music = self._heard.took_back(count)
        self.frames -= count
        self._music_frames -= music
        while self._levels and self._levels[-1][0] > self._music_frames:
            self._levels.pop()
        return music

    def _note_levels(self, block: Block) -> None:
        for first in range(0, len(block), PLAYED_EVERY_FRAMES):
            part = block[first : first + PLAYED_EVERY_FRAMES]
            self._music_frames += len(part)
            self._levels.append((self._music_frames, level_db(part)))

    def _level(self) -> tuple[float, float]:
        """Of what is heard now."""
        while len(self._levels) > 1 and self._levels[0][0] <= self._heard.music_frames:
            self._levels.popleft()
        return self._levels[0][1]

    def _tell_underruns(self) -> None:
        missed = self._sink.missed_frames
        if missed > self._missed_frames:
            self._emit(Underrun(1000.0 * seconds(missed - self._missed_frames)))
            self._missed_frames = missed


def level_db(block: Block) -> tuple[float, float]:
    """RMS of each channel in dBFS."""
    left, right = (float(np.vdot(channel, channel)) / len(block) for channel in block.T)
    return _decibels(left), _decibels(right)


def _decibels(power: float) -> float:
    return 10.0 * math.log10(max(power, 10.0 ** (SILENT_DB / 10.0)))
