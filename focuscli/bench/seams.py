"""Whether segments fit: rendered by other processes in scrambled order, compared with one long render."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from focuscli.model import Goal, Intensity
from focuscli.music.render import render_span
from focuscli.music.timeline import Piece, Span, spans

_ELSEWHERE = """
import sys
import numpy as np
from focuscli.music.render import render_segment
from focuscli.music.timeline import Piece
np.save(sys.argv[3], render_segment(Piece.from_json(sys.argv[1]), int(sys.argv[2])))
"""


def measure(quick: bool) -> list[dict[str, Any]]:
    """A row a goal and divergence; `ok` only if every frame of every segment has the same bytes."""
    rows = []
    for goal in Goal:
        for divergence in (0.5,) if quick else (0.0, 1.0):
            prompt = "slow rain, piano" if goal is Goal.CUSTOM_PROMPT else ""
            piece = Piece(goal, Intensity.MEDIUM, divergence, 7, 180, prompt, segment_s=45)
            rows.append({"goal": goal.value, "divergence": divergence, **_compare(piece)})
    return rows


def _compare(piece: Piece) -> dict[str, Any]:
    whole = render_span(piece, Span(0, piece.frames))
    planned = spans(piece)
    differences, overlaps = [], []
    with tempfile.TemporaryDirectory() as folder:
        for index in sorted(range(len(planned)), key=lambda index: (index % 2 == 1, -index)):
            path = Path(folder) / f"{index}.npy"
            subprocess.run([sys.executable, "-c", _ELSEWHERE, piece.to_json(), str(index), str(path)], check=True)
            own = whole[planned[index].start : planned[index].stop]
            differences.append(float(np.abs(np.load(path) - own).max()))
        for index in range(1, len(planned)):
            shared = planned[index - 1].stop - planned[index].start
            before, after = (np.load(Path(folder) / f"{number}.npy") for number in (index - 1, index))
            overlaps.append(float(np.abs(before[-shared:] - after[:shared]).max()))
    return {
        "segments": len(planned),
        "largest_difference": max(differences),
        "largest_in_overlaps": max(overlaps),
        "ok": max(differences + overlaps) == 0.0,
    }
