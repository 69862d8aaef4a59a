"""Rendering is a function: the same bytes in every process, in every order, after every history."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from focuscli.model import Goal, Intensity
from focuscli.music.render import render_segment, render_span
from focuscli.music.timeline import Piece, Span, spans

PLAIN_GOALS = [goal for goal in Goal if goal is not Goal.CUSTOM_PROMPT]

ELSEWHERE = """
import sys
import numpy as np
from focuscli.music.render import render_segment
from focuscli.music.timeline import Piece
piece = Piece.from_json(sys.argv[1])
for name in sys.argv[3:]:
    np.save(f"{sys.argv[2]}/{name}.npy", render_segment(piece, int(name)))
"""


def start_rendering_elsewhere(
    piece: Piece, folder: Path, *indices: int, environment: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", ELSEWHERE, piece.to_json(), str(folder), *map(str, indices)]
    return subprocess.Popen(arguments, env=os.environ | (environment or {}))


@pytest.mark.parametrize("divergence", [0.0, 0.35, 1.0])
@pytest.mark.parametrize("goal", list(Goal))
def test_segments_of_other_processes_in_any_order_are_slices_of_one_long_render(
    goal: Goal, divergence: float, tmp_path: Path
) -> None:
    piece = Piece(goal, Intensity.MEDIUM, divergence, 5, 60, "dark rain, slow piano", segment_s=20)
    workers = [start_rendering_elsewhere(piece, tmp_path, *order) for order in ((2, 0), (1,))]
    whole = render_span(piece, Span(0, piece.frames))
    assert [worker.wait() for worker in workers] == [0, 0]
    for index, span in enumerate(spans(piece)):
        segment = np.load(tmp_path / f"{index}.npy")
        assert np.array_equal(segment, whole[span.start : span.stop]), f"segment {index}"


@pytest.mark.parametrize("goal", PLAIN_GOALS)
def test_crossfaded_segments_are_one_long_render(goal: Goal) -> None:
    piece = Piece(goal, Intensity.MEDIUM, 0.35, 6, 60, segment_s=20)
    whole = render_span(piece, Span(0, piece.frames))
    joined = np.zeros_like(whole)
    for index, span in enumerate(spans(piece)):
        weight = np.ones((span.frames, 1), np.float32)
        if index > 0:
            shared = spans(piece)[index - 1].stop - span.start
            weight[:shared, 0] = np.linspace(0.0, 1.0, shared)
            joined[span.start : span.start + shared] *= 1.0 - weight[:shared]
        joined[span.start : span.stop] += weight * render_segment(piece, index)
    assert np.abs(joined - whole).max() <= 1e-6


def instructions_of_older_processors() -> dict[str, str]:
    """Variables that make numpy and OpenBLAS do without what this machine's processor has beyond their baseline."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    present = " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))
    return {"NPY_DISABLE_CPU_FEATURES": present, "OPENBLAS_CORETYPE": "Nehalem"}


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the variables name instructions of x86-64")
@pytest.mark.parametrize("goal", PLAIN_GOALS)
def test_older_processors_differ_by_less_than_is_heard(goal: Goal, tmp_path: Path) -> None:
    piece = Piece(goal, Intensity.MEDIUM, 0.35, 5, 60, segment_s=20)
    older = start_rendering_elsewhere(piece, tmp_path, 1, environment=instructions_of_older_processors())
    here = render_segment(piece, 1)
    assert older.wait() == 0
    difference = np.abs(np.load(tmp_path / "1.npy") - here).max()
    assert difference <= 1e-5


@pytest.mark.parametrize("start", [1, 268_799, 268_800 - 64 * 49, 268_800 + 64 * 49, 500_001])
def test_a_span_may_begin_and_stop_anywhere(start: int) -> None:
    piece = Piece(Goal.ENERGIZE, Intensity.HIGH, 0.5, 3, 60)
    whole = render_span(piece, Span(0, 1_000_000))
    assert np.array_equal(render_span(piece, Span(start, start + 270_000)), whole[start : start + 270_000])


def test_another_session_in_between_changes_nothing() -> None:
    piece = Piece(Goal.RELAX, Intensity.LOW, 0.2, 1, 120)
    before = render_span(piece, Span(0, 480_000))
    render_segment(Piece(Goal.SLEEP, Intensity.LOW, 0.2, 1, 60), 0)
    render_segment(Piece(Goal.FOCUS, Intensity.HIGH, 0.2, 1, 60), 0)
    assert np.array_equal(before, render_span(piece, Span(0, 480_000)))


@pytest.mark.parametrize("goal", PLAIN_GOALS)
def test_another_seed_is_other_music(goal: Goal) -> None:
    one, other = (render_span(Piece(goal, Intensity.MEDIUM, 0.3, seed, 120), Span(480_000, 960_000)) for seed in (1, 2))
    assert abs(np.corrcoef(one[:, 0], other[:, 0])[0, 1]) < 0.5


def test_the_threads_that_numpy_was_loaded_with_make_no_difference(tmp_path: Path) -> None:
    piece = Piece(Goal.ENERGIZE, Intensity.MEDIUM, 0.0, 11, 60, segment_s=20)
    for threads in ("1", "2"):
        folder = tmp_path / threads
        folder.mkdir()
        arguments = [sys.executable, "-c", f"import numpy\n{ELSEWHERE}", piece.to_json(), str(folder), "1"]
        subprocess.run(arguments, env=os.environ | {"OPENBLAS_NUM_THREADS": threads}, check=True)
    one, two = (np.load(tmp_path / threads / "1.npy") for threads in ("1", "2"))
    assert np.array_equal(one, two)
