"""Keeping what was decoded as a file that can be read from any frame exactly."""

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt
import soundfile

from focuscli.audio.block import Block
from focuscli.audio.sequential import SequentialFile
from focuscli.errors import Conflict
from focuscli.units import CHANNELS, SAMPLE_RATE

Sixteen = npt.NDArray[np.int16]


class StoredSound:
    """A WAV file on its way, of what its first block has: 16 bits or float32; nothing is clipped or rounded.

    Raises Conflict where it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: SequentialFile | None = None

    def write(self, block: Block | Sixteen) -> None:
        """The next block, shape (frames, 2), of the same kind as the first."""
        try:
            if self._file is None:
                coding = "PCM_16" if block.dtype == np.int16 else "FLOAT"
                self._file = SequentialFile(self._path, "w", SAMPLE_RATE, CHANNELS, format="WAV", subtype=coding)
            self._file.write(block)
        except (soundfile.LibsndfileError, OSError) as exc:
            raise Conflict(f"{self._path} cannot be written: {exc}", hint="is the disk full?") from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
