"""Sound through PortAudio, where C code reads the ring: the one file that knows `rtmixer`."""

from typing import Any

from focuscli.audio.block import Block
from focuscli.errors import NoSoundLibrary
from focuscli.playback.ring import Ring
from focuscli.playback.sinks.choice import chosen
from focuscli.playback.sinks.held import CAPACITY_FRAMES, START_FRAMES, HeldSink
from focuscli.playback.sinks.portaudio import cannot_open, devices, library, stream_settings
from focuscli.playback.sinks.quiet import QuietStderr
from focuscli.units import CHANNELS, frames, seconds

SLACK_FRAMES = frames(0.01)


def _rtmixer() -> Any:  # it has no types
    library()
    try:
        import rtmixer
    except (ImportError, OSError) as exc:
        raise NoSoundLibrary("rtmixer cannot be loaded") from exc
    return rtmixer


class SharedRing(Ring):
    """A ring whose reader is C: the frames are ours to replace, the counters are PortAudio's."""

    def __init__(self, rtmixer: Any, capacity: int) -> None:
        super().__init__(capacity)
        self.buffer = rtmixer.RingBuffer(4 * CHANNELS, buffer=self._frames)

    @property
    def taken(self) -> int:
        """The number of the next frame to be taken."""
        return self._put - int(self.buffer.read_available)

    def _commit(self, count: int) -> None:
        super()._commit(count)
        self.buffer.advance_write_index(count)


class MixerSink(HeldSink):
    """A device that PortAudio drives; its callback is C, and needs the interpreter for nothing."""

    def __init__(self, device: str, latency_s: float) -> None:
        self._rtmixer = _rtmixer()
        self._shared = SharedRing(self._rtmixer, CAPACITY_FRAMES)
        super().__init__(device, self._shared)
        self._asked_s = latency_s
        self._mixer: Any = None
        self._action: Any = None
        self._quiet = QuietStderr()
        self._dry_at = 0.0
        self._underflows = 0
        self._latency_frames: int = frames(latency_s)

    def open(self) -> None:
        """Find, open and start the device; raises NoSoundLibrary, NoDevice, SoundError."""
        device = chosen(self._device, devices())
        self.name = device.name
        self._quiet.begin()
        try:
            self._mixer = self._rtmixer.Mixer(**stream_settings(device, self._asked_s), blocksize=0)
            self._latency_frames = frames(float(self._mixer.latency))
            self._mixer.start()
        except library().PortAudioError as exc:
            self.close()
            raise cannot_open(device, exc) from exc

    def abort(self) -> None:
        """Silence at once."""
        if self._mixer is not None:
            self._mixer.abort(ignore_errors=True)

    def close(self) -> None:
        """Give the device back."""
        if self._mixer is not None:
            mixer, self._mixer = self._mixer, None
            mixer.close(ignore_errors=True)
        self._quiet.end()

    def _store(self, at: int, block: Block) -> None:
        super()._store(at, block)
        if self._action is not None and self._action not in self._mixer.actions:
            self._action = None  # the ring was empty, and that ends the playing of it
            if self._ring.taken < at and not self._ends:
                self._missed_since(self._dry_at)
        if self._action is None and (self._ends or self._ring.filled >= START_FRAMES):
            self._action = self._mixer.play_ringbuffer(self._shared.buffer)
            self._underflows = 0
        self._dry_at = self._clock.monotonic() + seconds(self._ring.filled)

    def _taken(self) -> int:
        if self._action is not None and (underflows := int(self._action.stats.output_underflows)) > self._underflows:
            self.missed_frames += (underflows - self._underflows) * int(self._action.stats.max_blocksize)
            self._underflows = underflows
        return self._ring.taken

    def _soonest(self) -> int:
        block = 0 if self._action is None else int(self._action.stats.max_blocksize)
        return self._ring.taken + block + SLACK_FRAMES

    def _progress(self) -> int:
        playing = self._action is not None
        return self._ring.taken if playing else -self._ring.end  # which waits for more, not for the device

    def _device_frames(self) -> int:
        return self._latency_frames

    def _is_alive(self) -> bool:
        return self._mixer is not None and bool(self._mixer.active)
