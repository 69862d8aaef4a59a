"""The counter-line: long tones below the lead that move against it and speak up where it rests."""

from collections.abc import Iterator

from focuscli.music.bars import Bar
from focuscli.music.events import Note
from focuscli.music.groove import PLAYER_SD_MS
from focuscli.music.melody import RANGE
from focuscli.units import amplitude

_BELOW = 10
"""Semitones below the lead's centre."""
_LOWEST, _REACH = 53, 5
"""The lowest middle of its range, and how far that reaches, in semitones."""
_REACH_OF_LEAD = RANGE // 2
_PERFECT = frozenset({0, 7})
_SOFTER_DB = -1.5


def play_counterline(bars: tuple[Bar, ...], lead: list[Note]) -> Iterator[Note]:
    """One or two tones a bar, in the sections that have such a line; `lead` is what the lead plays, in order."""
    first = bars[0]
    presence = first.presence("counter") * first.arc.melody
    if presence <= 0.0:
        return
    above = min(first.character.lead_centre + first.lift, first.character.ceiling - _REACH_OF_LEAD)
    centre = max(_LOWEST, above - _BELOW)
    stream = first.stream("counter")
    level = amplitude(first.character.levels.keys + _SOFTER_DB) * presence
    previous, sung = centre, 0
    for bar in bars:
        if bar.pauses:
            return
        heard = _sounding(lead, bar.start, bar.start + bar.phrase.bar)
        slots = (0,) if heard else (0, 8) if stream.chance(0.5) else (4,)
        for place, slot in enumerate(slots):
            passes = place == 1 and bar.closes_chord
            direction = 0 if not heard or not sung else (heard > sung) - (heard < sung)
            pitch = _against(bar, centre, previous, direction, heard, passes)
            length = (slots[place + 1] if place + 1 < len(slots) else 16) - slot
            yield Note(
                bar.frame(slot, PLAYER_SD_MS * stream.normal()), "keys", bar.colours.counter, pitch,
                (0.48 if heard else 0.53) * bar.accents[slot] + 0.03 * stream.normal(), level, -0.22,
                int(length * bar.sixteenth),
            )  # fmt: skip
            previous = pitch
        sung = heard


def _sounding(lead: list[Note], start: int, stop: int) -> int:
    """The first pitch that the lead begins between two frames; 0 if it rests."""
    return next((note.pitch for note in lead if start <= note.start < stop and not note.is_echo), 0)


def _against(bar: Bar, centre: int, previous: int, direction: int, heard: int, passes: bool) -> int:
    """A tone of the chord (of the scale, where it passes to the next) near the last one, against the lead's way."""
    allowed = bar.chord.scale if passes else bar.chord.tones
    goal = bar.chord_in(1).tones if passes else ()

    def cost(pitch: int) -> float:
        move = pitch - previous
        far = abs(move) + (2.8 if move == 0 else 0.0) + 0.3 * abs(pitch - centre)
        along = 3.0 if move * direction > 0 else 0.0
        hollow = 2.0 if heard and (heard - pitch) % 12 in _PERFECT else 0.0
        leads = -1.5 if any((pitch + step) % 12 in goal for step in (-1, 1)) else 0.0
        return far + along + hollow + leads

    near = range(centre - _REACH, centre + _REACH + 1)
    return min((pitch for pitch in near if pitch % 12 in allowed), key=cost)
