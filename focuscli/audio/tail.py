"""The end of a segment that was written before, for whoever goes on from there."""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from focuscli.units import SAMPLE_RATE


def read_tail(file: Path, seconds: float) -> NDArray[np.float32]:
    """The last seconds of a file of ours, or all of it, shape (frames, 2); raises soundfile.LibsndfileError."""
    with soundfile.SoundFile(file) as stream:
        stream.seek(max(0, stream.frames - round(seconds * SAMPLE_RATE)))
        tail: NDArray[np.float32] = stream.read(dtype="float32", always_2d=True)
    return tail
