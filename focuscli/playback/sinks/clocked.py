"""No sound at all, at the speed of sound: what `--no-audio` plays into."""

from focuscli.audio.block import Block
from focuscli.clock import Clock
from focuscli.units import SAMPLE_RATE, frames, seconds


class ClockedSink:
    """Takes frames exactly as fast as a device would, and forgets them."""

    name = "no sound"
    returns = False
    is_there = True
    latency_s = 0.0
    loose_frames = 0
    missed_frames = 0

    def __init__(self, clock: Clock, ahead_s: float = 0.1) -> None:
        self._clock = clock
        self._ahead_s = ahead_s
        self._opened_at = 0.0
        self._written = 0

    def open(self) -> None:
        """Start to count frames; the clock starts with the first of them."""
        self._written = 0

    @property
    def queued_frames(self) -> int:
        """What would not have been heard yet."""
        if not self._written:
            return 0
        return max(0, self._written - round((self._clock.monotonic() - self._opened_at) * SAMPLE_RATE))

    @property
    def room_frames(self) -> int:
        """As much as may be queued."""
        return max(0, frames(self._ahead_s) - self.queued_frames)

    def take_back(self, count: int) -> None:
        """Nothing is loose."""
        assert count == 0

    def write(self, block: Block) -> None:
        """Wait until no more than a little is queued."""
        now = self._clock.monotonic()
        if not self.queued_frames:  # the first block, or the writer was late: a device would be silent until now
            self._opened_at = now - seconds(self._written)
        self._written += len(block)
        self._wait(self._ahead_s)

    def drain(self) -> None:
        """Wait until the last frame would have been heard."""
        self._wait(0.0)

    def abort(self) -> None:
        """Forget what is queued."""
        self._written = 0

    def close(self) -> None:
        """Nothing is held."""

    def _wait(self, ahead_s: float) -> None:
        early = seconds(self.queued_frames) - ahead_s
        if early > 0:
            self._clock.sleep(early)
