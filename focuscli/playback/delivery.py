"""Gives blocks to the sink and tells what came of it: first sound, progress, dropouts."""

from collections.abc import Callable

import numpy as np

from focuscli.audio.block import Block
from focuscli.events import Event, FirstSound, Played, Underrun
from focuscli.playback.heard import Heard
from focuscli.playback.sink import Sink
from focuscli.units import SAMPLE_RATE, seconds

PLAYED_EVERY_FRAMES = SAMPLE_RATE // 9
SILENT_DB = -120.0


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
        self.base_s = 0.0
        """Where in the session the first frame of music lies."""

    def music(self, block: Block, ahead_s: Callable[[], float]) -> None:
        """Write a block, shape (frames, 2), of the session's sound; may block, raises DeviceLost."""
        if not len(block):
            return
        self._write(block, is_music=True)
        if self._heard.music_frames >= self._played_due:
            self._played_due += PLAYED_EVERY_FRAMES
            position_s = self.base_s + seconds(self._heard.music_frames)
            self._emit(Played(position_s, self._heard.position.segment_index, level_db(block), ahead_s()))

    def pause(self, block: Block) -> None:
        """Write a block of silence that is no part of the session; may block, raises DeviceLost."""
        self._write(block, is_music=False)

    def tell_heard(self) -> None:
        """Emit what belongs to the frames that were heard since."""
        for event in self._heard.advance(self._sink.queued_frames):
            self._emit(event)

    def _write(self, block: Block, *, is_music: bool) -> None:
        self._sink.write(block)
        self._heard.wrote(len(block), is_music=is_music)
        self._tell_first_sound(block)
        self.tell_heard()
        self._tell_underruns()

    def _tell_first_sound(self, block: Block) -> None:
        if not self._sounded and block.any():
            self._sounded = True
            self._emit(FirstSound(self._elapsed_s()))

    def _tell_underruns(self) -> None:
        missed = self._sink.missed_frames
        if missed > self._missed_frames:
            self._emit(Underrun(1000.0 * seconds(missed - self._missed_frames)))
            self._missed_frames = missed


def level_db(block: Block) -> tuple[float, float]:
    """RMS of each channel in dBFS."""
    power = np.maximum(np.mean(np.square(block), axis=0), 10.0 ** (SILENT_DB / 10.0))
    left, right = 10.0 * np.log10(power)
    return float(left), float(right)
