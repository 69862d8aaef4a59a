"""Keeping what was decoded as a file that can be read from any frame exactly."""

from collections.abc import Iterator
from pathlib import Path

import soundfile

from focuscli.audio.block import Block
from focuscli.audio.sequential import SequentialFile
from focuscli.errors import Conflict
from focuscli.units import CHANNELS, SAMPLE_RATE


def stored(blocks: Iterator[Block], path: Path) -> Iterator[Block]:
    """The same blocks, each written to a float32 WAV file on its way: nothing is clipped or rounded.

    Raises Conflict where the file cannot be written.
    """
    try:
        with SequentialFile(path, "w", SAMPLE_RATE, CHANNELS, format="WAV", subtype="FLOAT") as file:
            for block in blocks:
                file.write(block)
                yield block
    except (soundfile.LibsndfileError, OSError) as exc:
        raise Conflict(f"{path} cannot be written: {exc}", hint="is the disk full?") from exc
