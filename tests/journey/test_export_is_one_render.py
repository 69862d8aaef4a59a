"""What comes out of the whole way (engine, files, HTTP, crossfades) is one uninterrupted render of the music."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from focuscli.model import Goal

from .conftest import Program

RENDER = """
import json, sys
import numpy
from focuscli.model import Goal, Intensity
from focuscli.music.render import render_span
from focuscli.music.timeline import Piece, Span
what = json.loads(sys.argv[1])
piece = Piece(Goal(what["goal"]), Intensity.MEDIUM, 0.0, what["seed"], what["minutes"] * 60, what["prompt"])
numpy.save(sys.argv[2], render_span(piece, Span(0, piece.frames)))
"""


@pytest.mark.journey
@pytest.mark.timeout(300)
@pytest.mark.parametrize("goal", list(Goal))
def test_an_exported_session_equals_one_render(goal: Goal, focus: Program, tmp_path: Path) -> None:
    focus.environment.clear()  # segments of the usual length, with the short one first
    minutes, seed, prompt = 10, 11, "slow warm piano, rain" if goal is Goal.CUSTOM_PROMPT else ""
    words = ["--prompt", prompt] if prompt else ["--goal", goal]
    session = focus.json("start", *words, "--minutes", str(minutes), "--seed", str(seed))
    file = tmp_path / "session.wav"
    done = focus.run("export", session["session_id"], "--to", str(file), timeout_s=240)
    assert done.returncode == 0, done.stderr
    exported, rate = soundfile.read(file, dtype="float32")
    assert rate == 48_000

    what = json.dumps({"goal": goal, "seed": seed, "minutes": minutes, "prompt": prompt})
    subprocess.run([sys.executable, "-c", RENDER, what, tmp_path / "render.npy"], check=True, timeout=240)
    rendered = np.load(tmp_path / "render.npy")
    assert exported.shape == rendered.shape
    assert np.abs(exported - rendered).max() <= 1e-4
