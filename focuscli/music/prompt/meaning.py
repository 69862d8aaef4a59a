"""What words can ask of the music, and what one prompt was understood to ask."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from focuscli.model import Goal

DEFAULT_GOAL = Goal.FOCUS
SLOWEST_BPM, FASTEST_BPM = 40.0, 150.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What one concept asks for; factors are relative to the goal's own, tuples replace, 0 votes for nothing."""

    goal: Goal | None = None
    vote: float = 1.0
    """How strongly the concept speaks for its goal: an activity says more than a mood."""
    bpm: float = 0.0
    """A tempo that a word stands for, such as andante; the goal's limits bound it."""
    tempo: float = 1.0
    density: float = 1.0
    brightness: float = 1.0
    room: float = 1.0
    attack: float = 1.0
    register: int = 0
    """Semitones that everything with a pitch moves by."""
    melody: float = 0.0
    modes: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    pads: tuple[str, ...] = ()
    textures: tuple[str, ...] = ()
    groove: str = ""
    parts: tuple[str, ...] = ()
    """Parts that are to be there: drums, bass, melody, pad, texture."""
    without: tuple[str, ...] = ()
    """Parts that are to be absent."""

    @property
    def is_sound(self) -> bool:
        """Whether it names something that sounds, rather than a manner or a purpose."""
        return bool(self.instruments or self.pads or self.textures or self.parts)


class Concept(NamedTuple):
    """What some words of each language ask for; words and phrases are separated by commas."""

    wish: Wish
    english: str
    german: str = ""
    spanish: str = ""
    french: str = ""

    @property
    def words(self) -> list[str]:
        """All of them."""
        return [word.strip() for listed in self[1:] for word in listed.split(",") if word.strip()]


class Sense(StrEnum):
    """How a thing was mentioned."""

    WANTED = "wanted"
    MORE = "more"
    LESS = "less"
    UNWANTED = "unwanted"


@dataclass(frozen=True, slots=True)
class Understood:
    """Some words of a prompt and what they were taken to mean."""

    words: str
    meaning: str
    """A concept's name."""
    wish: Wish
    sense: Sense = Sense.WANTED
    strength: float = 1.0
    """1; more after "very", less after "a bit"."""
    phrase: str = ""
    """The nearest phrase, where the words themselves were unknown, and how near it is (cosine)."""
    likeness: float = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt was understood to say."""

    goal: Goal = DEFAULT_GOAL
    understood: tuple[Understood, ...] = ()
    ignored: tuple[str, ...] = ()
    """Words that change which music it is, and nothing of its character."""
    bpm: float | None = None
    """A tempo that was said in figures, inside SLOWEST_BPM … FASTEST_BPM."""
    tonic: int | None = None
    """Pitch class, C = 0."""
    modes: tuple[str, ...] = ()
    """The mode that was said with the key."""
    figures: tuple[tuple[str, str], ...] = ()
    """Tempo and key as they were written, with what they mean, for the explanation."""
