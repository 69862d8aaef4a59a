"""Recordings that several tests listen to, each rendered once a run."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

from focuscli.model import Goal, Intensity
from focuscli.music.render import render_segment
from focuscli.music.timeline import Piece, spans

Recording = tuple[Piece, list[NDArray[np.float32]]]


@lru_cache(maxsize=24)
def _record(piece: Piece) -> list[NDArray[np.float32]]:
    return [render_segment(piece, index) for index in range(len(spans(piece)))]


@pytest.fixture(scope="session")
def record() -> Callable[..., Recording]:
    """A session's segments, by goal, intensity and seed."""

    def recording(
        goal: str, intensity: str = "medium", seed: int = 11, duration_s: int = 120, divergence: float = 0.35
    ) -> Recording:
        piece = Piece(Goal(goal), Intensity(intensity), divergence, seed, duration_s, segment_s=60)
        return piece, _record(piece)

    return recording
