"""A ring of frames between one thread that writes and one that reads, without a lock."""

from focuscli.audio.block import Block, silence


class Ring:
    """Holds up to `capacity` stereo frames.

    Safe for exactly one writer and one reader: each moves its own counter only, after the frames are in place,
    and reads the other's as a single integer.
    """

    def __init__(self, capacity: int) -> None:
        self._frames = silence(capacity)
        self.capacity = capacity
        self._put = 0
        self._taken = 0

    @property
    def filled(self) -> int:
        """Frames that wait to be taken."""
        return self._put - self._taken

    def put(self, block: Block) -> int:
        """Store as many frames of the block as there is room for; how many that were."""
        count = min(len(block), self.capacity - self.filled)
        at = self._put % self.capacity
        first = min(count, self.capacity - at)
        self._frames[at : at + first] = block[:first]
        self._frames[: count - first] = block[first:count]
        self._put += count
        return count

    def take(self, out: Block) -> int:
        """Fill `out`, shape (frames, 2), as far as there are frames; how many that were."""
        count = min(len(out), self.filled)
        at = self._taken % self.capacity
        first = min(count, self.capacity - at)
        out[:first] = self._frames[at : at + first]
        out[first:count] = self._frames[: count - first]
        self._taken += count
        return count
