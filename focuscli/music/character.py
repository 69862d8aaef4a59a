"""Whose music a piece is: its goal's row of the table, or what its prompt makes of one."""

import hashlib
from functools import lru_cache

from focuscli.model import Goal
from focuscli.music.goals import CHARACTERS, Character
from focuscli.music.prompt import grant, read
from focuscli.music.randomness import mix
from focuscli.music.timeline import Piece


@lru_cache(maxsize=16)
def character_of(piece: Piece) -> Character:
    """The character that the piece is played with."""
    if piece.goal is Goal.CUSTOM_PROMPT:
        return grant(read(piece.prompt), piece.intensity)
    return CHARACTERS[piece.goal, piece.intensity]


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
