"""A bar with all that its players need to know: place, chord, colours, arc and energy."""

from typing import NamedTuple

from focuscli.music.arc import Moment, moment
from focuscli.music.arrangement import Colours, colours, energy, presence
from focuscli.music.character import character_of, seed_of
from focuscli.music.goals import Character
from focuscli.music.groove import Feel, feel_of, swung
from focuscli.music.harmony import Chord, chord_of
from focuscli.music.randomness import Stream
from focuscli.music.tempo import BARS_PER_PHRASE, SIXTEENTHS_PER_BAR, Phrase
from focuscli.music.timeline import Piece
from focuscli.music.voicing import Voicing, voicing_of
from focuscli.units import SAMPLE_RATE


class Bar(NamedTuple):
    """One bar of the session, as its players see it."""

    piece: Piece
    seed: int
    character: Character
    phrase: Phrase
    number: int
    """From the session's beginning."""
    start: int
    chord: Chord
    colours: Colours
    arc: Moment
    energy: float
    feel: Feel

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
    def opens_chord(self) -> bool:
        """Whether the chord changes at this bar."""
        return self.number % self.character.bars_per_chord == 0

    @property
    def pauses(self) -> bool:
        """Whether everybody rests in this bar and only the room goes on sounding."""
        every = self.character.pause_every
        return every > 0 and self.phrase.number % every == every - 1 and self.in_phrase == BARS_PER_PHRASE - 1

    def stream(self, part: str) -> Stream:
        """The draws of one player in this bar."""
        return Stream(self.seed, part, self.number)

    def presence(self, part: str) -> float:
        """How far a part is in, 0…1."""
        return presence(self.piece, part, self.start / SAMPLE_RATE, self.energy)

    def accent(self, slot: int) -> float:
        """A factor on the velocity of whatever falls on a sixteenth."""
        return self.feel.accents[slot]

    def frame(self, slot: int, late_ms: float = 0.0) -> int:
        """The frame of a sixteenth, swung, with the ensemble's lean and a player's own lateness."""
        late = self.feel.late_ms[slot] + late_ms
        place = self.start + swung(slot, self.character.swing) * self.sixteenth
        return max(0, round(place + late * SAMPLE_RATE / 1000.0))

    def chord_in(self, bars: int) -> Chord:
        """The chord so many bars later."""
        return chord_of(self.piece, (self.number + bars) // self.character.bars_per_chord)

    def voicing(self, centre: int) -> Voicing:
        """The chord's voices around a centre, which the arc may have moved."""
        return voicing_of(self.piece, self.chord.number, centre + round(self.arc.register))


def bars_of(piece: Piece, phrase: Phrase) -> tuple[Bar, ...]:
    """The bars of a phrase, in order."""
    character, seed = character_of(piece), seed_of(piece)
    result = []
    for number in range(phrase.first_bar, phrase.first_bar + phrase.bars):
        start = phrase.start + (number - phrase.first_bar) * phrase.bar
        middle_s = (start + phrase.bar // 2) / SAMPLE_RATE
        result.append(
            Bar(
                piece, seed, character, phrase, number, start,
                chord=chord_of(piece, number // character.bars_per_chord),
                colours=colours(piece, phrase.number),
                arc=moment(piece.plain_goal, middle_s, piece.duration_s),
                energy=energy(piece, middle_s),
                feel=feel_of(seed, number),
            )
        )  # fmt: skip
    return tuple(result)
