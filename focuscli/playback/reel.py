"""Finished music between the place that is heard and the place that was read: it can be played again from there."""

from collections import deque

import numpy as np

from focuscli.audio.block import Block, silence
from focuscli.playback.programme import Programme


class Reel:
    """The programme with a memory. Frames are numbered from the first that was ever read."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self._pieces: deque[Block] = deque()
        self._first = self._end = 0
        self._is_over = False
        self.at = 0
        """The number of the next frame to be read."""

    def read(self, frames: int) -> Block:
        """Exactly so many frames, shape (frames, 2); fewer only at the end, where there are none."""
        while self._end < self.at + frames and not self._is_over:
            block = self.programme.read(frames)
            self._is_over = not len(block)
            self._pieces.append(block)
            self._end += len(block)
        read = self._between(self.at, min(self._end, self.at + frames))
        self.at += len(read)
        return read

    def back_to(self, frame: int) -> None:
        """Read on from there, which is not before what was forgotten."""
        assert self._first <= frame <= self.at
        self.at = frame

    def forget(self, before: int) -> None:
        """Frames that no one will ask for again."""
        while self._pieces and self._first + len(self._pieces[0]) <= min(before, self.at):
            self._first += len(self._pieces.popleft())

    def go_over_into(self, programme: Programme) -> None:
        """From the next frame on, everything comes from another programme."""
        kept = self._between(self._first, self.at)
        self.programme.close()
        self.programme = programme
        self._pieces = deque([kept])
        self._end = self.at
        self._is_over = False

    def close(self) -> None:
        """Let go of the files."""
        self.programme.close()

    def _between(self, first: int, end: int) -> Block:
        pieces: list[Block] = []
        begins = self._first
        for piece in self._pieces:
            ends = begins + len(piece)
            if ends > first and begins < end:
                pieces.append(piece[max(0, first - begins) : end - begins])
            begins = ends
        return pieces[0] if len(pieces) == 1 else np.concatenate([silence(0), *pieces])
