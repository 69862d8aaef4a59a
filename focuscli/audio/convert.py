"""Keeping what was decoded as a file that can be read from any frame exactly."""

from pathlib import Path
from types import TracebackType
from typing import Self

import soundfile

from focuscli.audio.block import Block
from focuscli.audio.sequential import SequentialFile
from focuscli.errors import Conflict
from focuscli.units import CHANNELS, SAMPLE_RATE


class StoredSound:
    """A float32 WAV file on its way: nothing is clipped or rounded. Raises Conflict where it cannot be written."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = SequentialFile(path, "w", SAMPLE_RATE, CHANNELS, format="WAV", subtype="FLOAT")
        except (soundfile.LibsndfileError, OSError) as exc:
            raise _unwritable(path, exc) from exc
        self._path = path

    def write(self, block: Block) -> None:
        """The next block, shape (frames, 2)."""
        try:
            self._file.write(block)
        except (soundfile.LibsndfileError, OSError) as exc:
            raise _unwritable(self._path, exc) from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _unwritable(path: Path, error: Exception) -> Conflict:
    return Conflict(f"{path} cannot be written: {error}", hint="is the disk full?")
