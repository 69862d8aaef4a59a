"""Whose music a piece is: its goal's row of the table, or what its prompt makes of one."""

import hashlib
from dataclasses import replace
from functools import lru_cache

from focuscli.model import Goal, Modulation
from focuscli.music.goals import CHARACTERS, Character
from focuscli.music.prompt import grant, read
from focuscli.music.randomness import mix
from focuscli.music.timeline import Piece

MODULATION_DEPTHS = {Modulation.OFF: 0.0, Modulation.LOW: 0.22, Modulation.MEDIUM: 0.3, Modulation.HIGH: 0.5}
"""Dips in gain at which the envelopes of third-octave bands were measured to stand out at 16 Hz by about 0, 4, 5.5 and
9.5 dB; deeper ones held attention better (Woods 2019, 2024)."""


@lru_cache(maxsize=16)
def character_of(piece: Piece) -> Character:
    """The character that the piece is played with."""
    if piece.goal is Goal.CUSTOM_PROMPT:
        character = grant(read(piece.prompt), piece.intensity)
    else:
        character = CHARACTERS[piece.goal, piece.intensity]
    return character if piece.modulation is None else replace(character, modulation=MODULATION_DEPTHS[piece.modulation])


@lru_cache(maxsize=16)
def seed_of(piece: Piece) -> int:
    """The key of every draw: the same seed means other music for another goal or prompt, in every detail of it."""
    return mix(piece.seed, piece.goal.value, _key_of(piece.prompt) if piece.goal is Goal.CUSTOM_PROMPT else 0)


def _key_of(prompt: str) -> int:
    """64 bits of the very characters: two prompts that mean the same still share no whole piece."""
    return int.from_bytes(hashlib.blake2b(prompt.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def tonic_of(piece: Piece) -> int | None:
    """The pitch class that a prompt asked for, if it did."""
    return read(piece.prompt).tonic if piece.goal is Goal.CUSTOM_PROMPT else None
