"""A ring of numbered frames between one thread that writes and one that reads, without a lock."""

import numpy as np

from focuscli.audio.block import Block, silence


class Ring:
    """Holds up to `capacity` stereo frames, numbered from the first one that was ever put.

    Safe for exactly one writer and one reader: each moves its own counter only, after the frames are in place,
    and reads the other's as a single integer. What has not been taken yet the writer may replace.
    """

    def __init__(self, capacity: int) -> None:
        self._frames = silence(capacity)
        self.capacity = capacity
        self._put = 0
        self._taken = 0

    @property
    def end(self) -> int:
        """The number of the next frame to be put."""
        return self._put

    @property
    def taken(self) -> int:
        """The number of the next frame to be taken."""
        return self._taken

    @property
    def filled(self) -> int:
        """Frames that wait to be taken."""
        return self.end - self.taken

    def put(self, block: Block) -> int:
        """Store as many frames of the block as there is room for; how many that were."""
        count = min(len(block), self.capacity - self.filled)
        self._lay(self._put, block[:count])
        self._commit(count)
        return count

    def replace(self, first: int, block: Block) -> None:
        """Other frames from number `first` on; all of them must have been put, and must not have been taken."""
        self._lay(first, block)

    def get(self, first: int, count: int) -> Block:
        """A copy of frames that are in the ring."""
        return np.asarray(self._frames.take(range(first, first + count), axis=0, mode="wrap"))

    def take(self, out: Block) -> int:
        """Fill `out`, shape (frames, 2), as far as there are frames; how many that were."""
        count = min(len(out), self.filled)
        at = self._taken % self.capacity
        first = min(count, self.capacity - at)
        out[:first] = self._frames[at : at + first]
        out[first:count] = self._frames[: count - first]
        self._taken += count
        return count

    def taken_to(self, number: int) -> None:
        """All frames before that number were taken, by someone who has a copy of his own."""
        self._taken = max(self._taken, min(number, self._put))

    def _lay(self, number: int, block: Block) -> None:
        at = number % self.capacity
        first = min(len(block), self.capacity - at)
        self._frames[at : at + first] = block[:first]
        self._frames[: len(block) - first] = block[first:]

    def _commit(self, count: int) -> None:
        self._put += count
