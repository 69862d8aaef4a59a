"""Cues: a phrase's notes made ready to be mixed, each with its sound, its span of frames and its gains."""

import math
from functools import lru_cache
from typing import NamedTuple

from focuscli.music.arc import moment
from focuscli.music.bank import Sounding, release_frames, sounding
from focuscli.music.character import character_of
from focuscli.music.events import Note
from focuscli.music.orchestration import assigned, section_of
from focuscli.music.score import score_of
from focuscli.music.tempo import Phrase
from focuscli.music.timeline import Piece
from focuscli.units import SAMPLE_RATE

_DRUM_STEMS = {"kick": "thud", "hat": "dry", "shaker": "dry"}
"""Of drums that a room would only blur, or of which nothing lies in its band; a kick has no treble and one channel."""


class Cue(NamedTuple):
    """One sound to be added to a stem."""

    start: int
    stop: int
    stem: str
    part: str
    sounding: Sounding
    left: float
    right: float
    release_at: int
    """The frame at which the note is released; `stop` if it rings out."""

    @property
    def power(self) -> float:
        """The factor on the sound's own power, both channels."""
        return 0.5 * (self.left**2 + self.right**2)


def stem_of(note: Note) -> str:
    """Stems are what is treated alike: `tonal` is modulated; `low`, `thud` and `dry` stay out of the room."""
    if note.part == "drums":
        return _DRUM_STEMS.get(note.instrument, "drums")
    return "low" if note.part == "bass" else "tonal"


@lru_cache(maxsize=512)
def cues_of(piece: Piece, phrase: Phrase) -> tuple[Cue, ...]:
    """The cues of a phrase in the order of time."""
    arc = moment(piece.plain_goal, phrase.start / SAMPLE_RATE, piece.duration_s)
    attack_ms = max(character_of(piece).attack_ms, arc.attack_ms)
    players = section_of(piece, phrase.number)
    return tuple(_cue(stem_of(note), assigned(players, note), attack_ms) for note in score_of(piece, phrase).notes)


def _cue(stem: str, note: Note, attack_ms: float) -> Cue:
    key = sounding(note, attack_ms)
    left, right = _pan(note.pan)
    start, part, gate, amplitude = note.start, note.part, note.gate, note.amplitude
    stop = release_at = start + key.frames
    if gate and part != "drums":
        released = start + gate + release_frames(note.instrument)
        if released <= stop:
            stop, release_at = released, start + gate
    return Cue(start, stop, stem, part, key, left * amplitude, right * amplitude, release_at)


@lru_cache(maxsize=4096)
def _pan(place: float) -> tuple[float, float]:
    """Equal power, unity in the middle; -1 is left."""
    angle = 0.25 * math.pi * (1.0 + max(-1.0, min(1.0, place)))
    return math.sqrt(2.0) * math.cos(angle), math.sqrt(2.0) * math.sin(angle)
