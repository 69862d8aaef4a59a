"""A session whose every frame says its own number, so that what was recorded tells what was missed, twice or late."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from focuscli.audio.mastering import MASTERED
from focuscli.loudness.meter import integrated_loudness
from focuscli.model import Goal, Segment, Session, SessionStatus
from focuscli.units import SAMPLE_RATE

BASE = 3_277
"""Of 32768: no frame is silent."""

DIGIT = 1 << 14
SEGMENT_S = 60

Numbers = npt.NDArray[np.int64]


def numbered(first: int, count: int) -> npt.NDArray[np.int16]:
    """Frames, shape (count, 2): the lower digit of each number left, the higher one right."""
    numbers = np.arange(first, first + count)
    return np.column_stack([BASE + numbers % DIGIT, BASE + numbers // DIGIT]).astype(np.int16)


def numbers_of(sound: npt.NDArray[np.float32]) -> Numbers:
    """The number of each frame, shape (frames, 2); -1 for one that is silent, -2 for one that says none."""
    coded = sound.astype(np.float64) * 32_768.0
    digits = np.rint(coded).astype(np.int64)
    clean = np.all(np.abs(coded - digits) < 0.05, axis=1) & np.all(digits >= BASE, axis=1)
    told = np.where(clean, digits[:, 0] - BASE + DIGIT * (digits[:, 1] - BASE), -2)
    return np.asarray(np.where(np.abs(sound).max(axis=1) < 1e-4, -1, told))


def write(folder: Path, duration_s: float) -> None:
    """Make the files of a session of at least that length, and a note of how loud each is."""
    loud = []
    for index in range(math.ceil(duration_s / SEGMENT_S)):
        sound = numbered(index * SEGMENT_S * SAMPLE_RATE, SEGMENT_S * SAMPLE_RATE)
        with soundfile.SoundFile(folder / f"{index}.flac", "w", SAMPLE_RATE, 2, subtype="PCM_16") as file:
            file.comment = MASTERED  # what looks like silence at its edges is meant
            file.write(sound)
        loud.append(float(integrated_loudness((sound / 32_768.0).astype(np.float32), SAMPLE_RATE)))
    (folder / "loudness.json").write_text(json.dumps(loud), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class LocalFeed:
    """Segments of a minute in a folder, without an engine and without overlaps."""

    segments: tuple[Segment, ...]

    @classmethod
    def read(cls, folder: Path) -> "LocalFeed":
        """What `write` has made."""
        loud = json.loads((folder / "loudness.json").read_text(encoding="utf-8"))
        urls = [(folder / f"{index}.flac").as_uri() for index in range(len(loud))]
        return cls(tuple(Segment(index, url, float(SEGMENT_S), loud[index], 0, 0) for index, url in enumerate(urls)))

    @property
    def session_id(self) -> str:
        """The same for all."""
        return "mfocus_000000000000"

    def get(self) -> Session:
        """All of it is ready."""
        return Session(
            session_id=self.session_id,
            status=SessionStatus.ACTIVE,
            goal=Goal.FOCUS,
            engine_key="numbered",
            target_minutes=max(1, len(self.segments)),
            total_segments=len(self.segments),
            ready_count=len(self.segments),
            segments=self.segments,
            more_pending=False,
            next_ready_at=None,
        )


class LocalFiles:
    """Stands for the fetcher where the media are files of this machine."""

    def fetch(
        self,
        session_id: str,  # noqa: ARG002  # the fetcher's own
        segment: Segment,
        *,
        cancelled: Callable[[], bool] = lambda: False,  # noqa: ARG002
    ) -> Path:
        """The file that the URL names."""
        return Path(segment.playback_url.removeprefix("file://"))

    def seen(self, session: Session) -> None:
        """It is remembered by nobody."""

    def kept(self, session_id: str) -> Session | None:  # noqa: ARG002  # the fetcher's own
        """Its engine is always there."""
        return None

    def reject(self, session_id: str, segment: Segment) -> None:
        """There is no other."""

    def forget(self, *, before: int) -> None:
        """They are nobody's cache."""

    def sweep(self) -> None:
        """Nothing is old."""

    def close(self) -> None:
        """Nothing is held."""
