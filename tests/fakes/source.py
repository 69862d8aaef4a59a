"""A session and its media without an engine: segments become ready when the test says so."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import soundfile

from focuscli.audio.block import Block
from focuscli.errors import MediaRefused
from focuscli.model import Goal, Segment, Session, SessionStatus

RATE = 48_000


def noise(duration_s: float, seed: int, level: float = 0.1) -> Block:
    """Stereo noise of that length, shape (frames, 2)."""
    frames = round(duration_s * RATE)
    return (level * np.random.default_rng(seed).standard_normal((frames, 2))).astype(np.float32)


@dataclass
class Recording:
    """One segment's sound and what its announcement says."""

    sound: Block
    fade_in_ms: int = 0
    fade_out_ms: int = 0
    target_lufs: float | None = None
    rate: int = RATE
    ending: str = "wav"
    coding: str = "FLOAT"

    def write(self, folder: Path, index: int) -> Segment:
        """Make the file, and the segment that announces it."""
        file = folder / f"{index}.{self.ending}"
        container = "OGG" if self.ending in ("ogg", "opus") else self.ending.upper()
        soundfile.write(file, self.sound, self.rate, format=container, subtype=self.coding)
        return Segment(
            segment_index=index,
            playback_url=file.as_uri(),
            measured_duration_seconds=len(self.sound) / self.rate,
            target_lufs=self._loudness() if self.target_lufs is None else self.target_lufs,
            fade_in_ms=self.fade_in_ms,
            fade_out_ms=self.fade_out_ms,
        )

    def _loudness(self) -> float:
        from focuscli.loudness.meter import integrated_loudness

        measured = integrated_loudness(np.repeat(self.sound, 3 - self.sound.shape[1], axis=1), self.rate)
        return min(0.0, float(measured)) if np.isfinite(measured) else -14.0


@dataclass
class FakeFeed:
    """Answers with the segments that are ready; `tell` and `end` may be called from any thread."""

    segments: Sequence[Segment]
    ready: int = 0
    status: SessionStatus = SessionStatus.ACTIVE
    endless: bool = False
    asked: int = 0
    errors: list[Exception] = field(default_factory=list)
    session_id: str = "mfocus_0123456789ab"
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, folder: Path, *recordings: Recording, ready: int | None = None) -> "FakeFeed":
        """A feed of recordings, all of them ready unless said otherwise."""
        segments = [recording.write(folder, index) for index, recording in enumerate(recordings)]
        return cls(segments, len(segments) if ready is None else ready)

    def tell(self, ready: int) -> None:
        """So many segments are ready from now on."""
        with self._lock:
            self.ready = ready

    def end(self) -> None:
        """The session is ended elsewhere."""
        with self._lock:
            self.status = SessionStatus.ENDED

    def get(self) -> Session:
        """The session, with URLs that differ each time in their query."""
        with self._lock:
            self.asked += 1
            if self.errors:
                raise self.errors.pop(0)
            shown = [
                replace(segment, playback_url=f"{segment.playback_url}?s={self.asked}")
                for segment in self.segments[: self.ready]
            ]
            pending = self.status is SessionStatus.ACTIVE and (self.endless or self.ready < len(self.segments))
            return Session(
                session_id=self.session_id,
                status=self.status,
                goal=Goal.FOCUS,
                engine_key="test",
                target_minutes=60,
                total_segments=len(self.segments),
                ready_count=self.ready,
                segments=tuple(shown),
                more_pending=pending,
                next_ready_at=None,
            )


class FileFetcher:
    """Stands for the fetcher where media are files already: `file:` URLs instead of a server's.

    A test that must not outrun the player's own thread waits for `gathered`.
    """

    def __init__(self, on_fetch: Callable[[Segment], None] = lambda _segment: None) -> None:
        self.fetched: list[int] = []
        self.forgotten = 0
        self._gathered: set[int] = set()
        self._on_fetch = on_fetch
        self._change = threading.Condition()

    def fetch(self, session_id: str, segment: Segment, *, cancelled: Callable[[], bool] = lambda: False) -> Path:
        """The file that the URL names."""
        self._on_fetch(segment)
        with self._change:
            self.fetched.append(segment.segment_index)
        path = Path(segment.playback_url.partition("?")[0].removeprefix("file://"))
        if not path.is_file():
            raise MediaRefused("there is no such file")
        return path

    def seen(self, session: Session) -> None:
        """Nothing is remembered."""

    def kept(self, session_id: str) -> Session | None:
        """Nothing is kept."""
        return None

    def reject(self, session_id: str, segment: Segment) -> None:
        """A file that cannot be played stays as it is."""

    def forget(self, *, before: int) -> None:
        """Called at the end of each gathering: whatever was fetched before is prepared and joined."""
        with self._change:
            self.forgotten = max(self.forgotten, before)
            self._gathered = set(self.fetched)
            self._change.notify_all()

    def sweep(self) -> None:
        """Nothing is old."""

    def wait_gathered(self, index: int) -> None:
        """Return once that segment can be played."""
        with self._change:
            assert self._change.wait_for(lambda: index in self._gathered, 20.0), "never gathered"

    def lose(self, index: int) -> None:
        """That segment was fetched, but must be fetched again."""
        with self._change:
            self.fetched = [fetched for fetched in self.fetched if fetched != index]
            self._gathered.discard(index)

    def close(self) -> None:
        """Nothing is held."""
