"""Who plays a part: the score says "bass" and "kick", and the phrase which bass and whose kit that is."""

from functools import lru_cache
from typing import NamedTuple

from focuscli.music.arrangement import taking_turns
from focuscli.music.character import character_of, seed_of
from focuscli.music.drumkit import variant_of
from focuscli.music.events import Note
from focuscli.music.form import section_at
from focuscli.music.kits import CYMBALS, KITS
from focuscli.music.randomness import Stream, mix
from focuscli.music.timeline import Piece
from focuscli.units import amplitude

_CYMBAL_GAINS = {name: amplitude(kit.cymbals) for name, kit in KITS.items()}


class Section(NamedTuple):
    """The rhythm section of a phrase."""

    bass: str
    kit: str


@lru_cache(maxsize=512)
def section_of(piece: Piece, phrase: int) -> Section:
    """Renewed now and then, the sooner the more divergence."""
    character, d = character_of(piece), piece.divergence
    number = section_at(piece, phrase).number
    return Section(
        bass=taking_turns(piece, "bass sound", _begun(piece, character.basses), number, 0.1 + 0.9 * d),
        kit=taking_turns(piece, "kit", _begun(piece, character.kits), number, d),
    )


def _begun(piece: Piece, options: tuple[str, ...]) -> tuple[str, ...]:
    """The options with the one in front that the session begins with."""
    first = Stream(seed_of(piece), "first", *options).choice(options)
    return (first, *(name for name in options if name != first))


def assigned(section: Section, note: Note) -> Note:
    """The note with the instrument that plays it; a drum's strike with its round robin and strength."""
    start, part, role, pitch, velocity, gain, pan, gate, variant, is_echo = note
    if part == "bass":
        return Note(start, part, section.bass, pitch, velocity, gain, pan, gate, variant, is_echo)
    if part != "drums":
        return note
    robin = mix(start) if role == "kick" else variant
    variant = variant_of(robin, velocity)
    if role in CYMBALS:
        gain *= _CYMBAL_GAINS[section.kit]
    return Note(start, part, f"{section.kit} {role}", pitch, velocity, gain, pan, gate, variant, is_echo)
