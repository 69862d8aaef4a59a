"""The orchestra: every pitched instrument by its name."""

from functools import lru_cache

from focuscli.music.basses import BASSES
from focuscli.music.keyboards import KEYBOARDS
from focuscli.music.mallets import MALLETS
from focuscli.music.modal import Partials
from focuscli.music.plucks import PLUCKS
from focuscli.music.tones import Instrument
from focuscli.music.winds import WINDS

FAMILIES: tuple[dict[str, Instrument], ...] = (KEYBOARDS, PLUCKS, MALLETS, WINDS, BASSES)
INSTRUMENTS: dict[str, Instrument] = {name: made for family in FAMILIES for name, made in family.items()}


@lru_cache(maxsize=2048)
def partials_of(name: str, pitch: int, velocity: float) -> Partials:
    """The audible partials of a note."""
    return INSTRUMENTS[name].partials(pitch, velocity).audible()
