"""Who plays a part: the score says "bass" and "kick", and the phrase which bass and whose kit that is."""

from functools import lru_cache
from typing import NamedTuple

from focuscli.music.arrangement import in_force
from focuscli.music.character import character_of, seed_of
from focuscli.music.drumkit import ROLES, variant_of
from focuscli.music.events import Note
from focuscli.music.randomness import Stream, mix
from focuscli.music.timeline import Piece


class Section(NamedTuple):
    """The rhythm section of a phrase."""

    bass: str
    kit: str


@lru_cache(maxsize=512)
def section_of(piece: Piece, phrase: int) -> Section:
    """Renewed now and then; bass and kit never in the same phrase."""
    character, d = character_of(piece), piece.divergence
    return Section(
        bass=_renewed(piece, "bass sound", phrase // 4, character.basses, 0.1 + 0.6 * d),
        kit=_renewed(piece, "kit", (phrase + 2) // 4, character.kits, 0.5 * d),
    )


def _renewed(piece: Piece, aspect: str, period: int, options: tuple[str, ...], probability: float) -> str:
    renewal = in_force(seed_of(piece), aspect, period, probability)
    return Stream(seed_of(piece), aspect, renewal).choice(options)


def assigned(piece: Piece, phrase: int, note: Note) -> Note:
    """The note with the instrument that plays it; a drum's strike with its round robin and strength."""
    section = section_of(piece, phrase)
    if note.instrument == "bass":
        return note._replace(instrument=section.bass)
    if note.instrument not in ROLES:
        return note
    robin = mix(note.start) if note.instrument == "kick" else note.variant
    return note._replace(instrument=f"{section.kit} {note.instrument}", variant=variant_of(robin, note.velocity))
