"""The same pairs crossed over by other programs that are installed."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from focuscli.bench.pairs import FADE_S, Pair, Samples
from focuscli.units import SAMPLE_RATE

PEERS = ("ffmpeg tri", "ffmpeg qsin", "ffmpeg hsin", "sox splice -q")
"""ffmpeg's default is linear (tri), hsin is the raised cosine, qsin has equal power, as sox's quarter cosine."""


def crossed_by(name: str, pair: Pair) -> Samples | None:
    """The whole sound, shape (frames, 2), beginning with the outgoing one; None where the program is missing."""
    program = shutil.which(name.partition(" ")[0])
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        first, second, made = (Path(folder) / f"{part}.wav" for part in ("first", "second", "made"))
        soundfile.write(first, pair.outgoing, SAMPLE_RATE, subtype="FLOAT")
        soundfile.write(second, pair.incoming, SAMPLE_RATE, subtype="FLOAT")
        law = name.rsplit(maxsplit=1)[-1]
        if name.startswith("ffmpeg"):
            law = f"acrossfade=d={FADE_S:g}:c1={law}:c2={law}"
            command = [program, "-v", "error", "-i", first, "-i", second, "-filter_complex", law]
            command += ["-c:a", "pcm_f32le", made]
        else:
            half = FADE_S / 2.0
            length = len(pair.outgoing) / SAMPLE_RATE
            command = [program, first, second, "-b", "32", "-e", "float", made, "splice", law]
            command += [f"{length:g},{half:g},0"]  # the first sound's length with its half of the overlap
        subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=120)
        return np.asarray(soundfile.read(made, dtype="float32", always_2d=True)[0])
