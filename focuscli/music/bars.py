"""A bar with all that its players need to know: place, section, chord, colours, arc and energy."""

from typing import NamedTuple

from focuscli.music.arc import Moment, moment
from focuscli.music.arrangement import Colours, colours
from focuscli.music.character import character_of, seed_of
from focuscli.music.form import Section, energy, phrases_per_section, resting, section, section_at
from focuscli.music.goals import Character
from focuscli.music.groove import feel_of, swung
from focuscli.music.harmony import Chord, chord_of
from focuscli.music.palette import value
from focuscli.music.randomness import Stream
from focuscli.music.tempo import BARS_PER_PHRASE, SIXTEENTHS_PER_BAR, Phrase
from focuscli.music.timeline import Piece
from focuscli.music.voicing import Voicing, voicing_of
from focuscli.units import SAMPLE_RATE

_LIFTS = (-2, 0, 0, 2)
"""Semitones that keys and lead move by, for each level of a section."""
_ROOM_FOR_LEAD = 2
_ENTERING = 0.75
"""How loud a part is in the first phrase after it has entered."""

_FORWARD = 1.2
"""How far the others come forward while one rests."""


class Bar(NamedTuple):
    """One bar of the session, as its players see it."""

    piece: Piece
    seed: int
    character: Character
    phrase: Phrase
    section: Section
    entering: frozenset[str]
    """The parts that were not there in the phrase before."""
    resting: frozenset[str]
    """The parts of the section that are left out in this phrase."""
    number: int
    """From the session's beginning."""
    start: int
    chord: Chord
    colours: Colours
    arc: Moment
    energy: float
    frames: list[float]
    """Where each sixteenth falls, swung and with the ensemble's lean."""
    accents: list[float]
    """A factor on the velocity of whatever falls on a sixteenth."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.phrase.bar / SAMPLE_RATE

    @property
    def in_phrase(self) -> int:
        """0 for the phrase's first bar."""
        return self.number - self.phrase.first_bar

    @property
    def sixteenth(self) -> float:
        """Frames."""
        return self.phrase.bar / SIXTEENTHS_PER_BAR

    @property
    def phrase_in_section(self) -> int:
        """0 for the section's first phrase."""
        return self.phrase.number % phrases_per_section(self.character)

    @property
    def ends_section(self) -> bool:
        """Whether it lies in the last phrase of its section."""
        return self.phrase_in_section == phrases_per_section(self.character) - 1

    @property
    def closes_chord(self) -> bool:
        """Whether the next bar brings another chord."""
        return (self.number + 1) % self.character.bars_per_chord == 0

    @property
    def pauses(self) -> bool:
        """Whether everybody rests in this bar and only the room goes on sounding."""
        every = self.character.pause_every
        return every > 0 and self.phrase.number % every == every - 1 and self.in_phrase == BARS_PER_PHRASE - 1

    def stream(self, part: str) -> Stream:
        """The draws of one player in this bar."""
        return Stream(self.seed, part, self.number)

    def presence(self, part: str) -> float:
        """How far a part is in: 0, or more the more is going on."""
        if part not in self.section.parts or part in self.resting:
            return 0.0
        level = min(1.0, 0.7 + 0.45 * self.energy) * (_FORWARD if self.resting else 1.0)
        return level * (_ENTERING if part in self.entering else 1.0)

    @property
    def lift(self) -> int:
        """Semitones by which the section raises keys and lead."""
        return round(_LIFTS[self.section.level] + self.arc.register)

    @property
    def keys_lift(self) -> int:
        """As `lift`; the keys make room for a lead."""
        return self.lift - (_ROOM_FOR_LEAD if "lead" in self.section.parts else 0)

    def frame(self, slot: int, late_ms: float = 0.0) -> int:
        """The frame of a sixteenth, with a player's own lateness."""
        return max(0, round(self.frames[slot] + late_ms * (SAMPLE_RATE / 1000.0)))

    def chord_in(self, bars: int) -> Chord:
        """The chord so many bars later."""
        return chord_of(self.piece, (self.number + bars) // self.character.bars_per_chord)

    def voicing(self, centre: int, lift: int = 0) -> Voicing:
        """The chord's voices around a centre."""
        return voicing_of(self.piece, self.chord.number, centre + lift)


def bars_of(piece: Piece, phrase: Phrase) -> tuple[Bar, ...]:
    """The bars of a phrase, in order."""
    character, seed = character_of(piece), seed_of(piece)
    here = section_at(piece, phrase.number)
    opens = phrase.number % phrases_per_section(character) == 0 and here.number > 0
    entering = here.parts - section(piece, here.number - 1).parts if opens else frozenset()
    rest = resting(piece, phrase.number)
    late_ms, accents = feel_of(seed, phrase.first_bar, phrase.bars)
    sixteenth = phrase.bar / SIXTEENTHS_PER_BAR
    places = [swung(slot, character.swing) * sixteenth for slot in range(SIXTEENTHS_PER_BAR)]
    sound = colours(piece, phrase.number)
    denser = 2.0 ** value(piece, "density", here.number)
    higher = value(piece, "register", here.number)
    result = []
    for index in range(phrase.bars):
        number, start = phrase.first_bar + index, phrase.start + index * phrase.bar
        middle_s = (start + phrase.bar // 2) / SAMPLE_RATE
        arc = moment(piece.plain_goal, middle_s, piece.duration_s)
        span = slice(index * SIXTEENTHS_PER_BAR, (index + 1) * SIXTEENTHS_PER_BAR)
        result.append(
            Bar(
                piece, seed, character, phrase, here, entering, rest, number, start,
                chord=chord_of(piece, number // character.bars_per_chord),
                colours=sound,
                arc=arc._replace(density=arc.density * denser, register=arc.register + higher),
                energy=energy(piece, middle_s),
                frames=[
                    start + place + late * (SAMPLE_RATE / 1000.0)
                    for place, late in zip(places, late_ms[span], strict=True)
                ],
                accents=accents[span],
            )
        )  # fmt: skip
    return tuple(result)
