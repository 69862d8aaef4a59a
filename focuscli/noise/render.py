"""From a span of a session to its frames of noise."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from focuscli.music.master import bend, needed_gain
from focuscli.music.mix import control_times
from focuscli.music.render import Mastered
from focuscli.music.signals import Signal
from focuscli.music.timeline import Piece, Span
from focuscli.noise.level import BEND, Level
from focuscli.noise.mixture import Mixture


def render_span(piece: Piece, span: Span) -> NDArray[np.float32]:
    """The frames of any absolute span, shape (frames, 2).

    Pure: the same bytes in every process and after every history, so spans that overlap share their frames.
    One thread at a time.
    """
    return _weather(piece).frames(span)


class Weather(Mastered):
    """One session's noise, mastered."""

    def __init__(self, piece: Piece) -> None:
        super().__init__()
        self._mixture = Mixture(piece)
        self._level = Level(piece, self._mixture)

    def made(self, block: int) -> tuple[Signal, Signal]:
        bus = self._mixture.block(block)
        peaks = bend(bus, self._level.gains(control_times(block)), BEND)
        return bus, needed_gain(bus, peaks)


@lru_cache(maxsize=2)
def _weather(piece: Piece) -> Weather:
    return Weather(piece)
