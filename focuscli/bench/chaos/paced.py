"""A generator that costs next to nothing and takes its time, as a large model on another machine would.

What is made is real, a pure function of the piece, and quickly checked; how long it takes is drawn anew each time. So
segments are on their way for long enough that faults find them there, and the processors stay free for faults.
"""

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from focuscli.generator import Description, Licence

if TYPE_CHECKING:
    from focuscli.generator import Samples
    from focuscli.music.timeline import Piece, Span

KEY = "paced"
LONGEST_VARIABLE = "FOCUS_BENCH_RENDER_S"
"""Rendering takes so many seconds at most, and a quarter of that at least; none where it is not set."""


class Paced:
    """Obeys `Continuous`: quiet white noise of the piece's seed, in steps of a second."""

    description = Description(KEY, "Paced", "Noise that takes its time.", Licence.COMMERCIAL_CLEARED)

    def render_span(self, piece: "Piece", span: "Span") -> "Samples":
        """See `Continuous`."""
        import numpy as np

        longest_s = float(os.environ.get(LONGEST_VARIABLE, "0"))
        share = 0.25 + 0.75 * (time.monotonic_ns() // 1000 % 1000) / 1000
        threading.Event().wait(longest_s * share)
        rate = 48_000
        first, last = span.start // rate, -(-span.stop // rate)
        seconds = [np.random.default_rng((piece.seed, second)).random((rate, 2), np.float32)
                   for second in range(first, last)]  # fmt: skip
        offset = span.start - first * rate
        return (np.concatenate(seconds)[offset : offset + span.frames] - np.float32(0.5)) * np.float32(0.1)


def offer(folder: Path) -> None:
    """Let whoever has the folder in its path find this generator, as a plug-in that is installed there."""
    about = folder / "focus_paced-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: focus-paced\nVersion: 1.0\n", encoding="ascii")
    entry = f"[focuscli.generators]\n{KEY} = {__name__}:{Paced.__name__}\n"
    (about / "entry_points.txt").write_text(entry, encoding="ascii")
