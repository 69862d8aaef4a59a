"""The lead: a motif laid over a phrase, bent to its chords and answered by its echoes."""

import math
from collections.abc import Iterator

from focuscli.music.bars import Bar
from focuscli.music.events import Note
from focuscli.music.groove import player_ms
from focuscli.music.motif import SLOTS_PER_BAR, Motif, varied
from focuscli.music.randomness import Stream, uniform
from focuscli.units import SAMPLE_RATE, amplitude

_ECHOES = ((0.42, -0.6), (0.2, 0.6))
"""Gain and place of the answers, three eighths apart."""


def play_lead(bars: tuple[Bar, ...]) -> Iterator[Note]:
    """The lead's notes in a phrase; it rests in some, and always in the first."""
    first = bars[0]
    speaks = first.character.melody * first.arc.melody * (0.6 + 0.8 * first.presence("lead"))
    if first.phrase.number == 0 or uniform(first.seed, "speaks", first.phrase.number) >= speaks:
        return
    motif = varied(
        first.seed, first.colours.motif, first.phrase.number, first.character.cell,
        slots=SLOTS_PER_BAR * min(2, len(bars)),
    )  # fmt: skip
    if not motif:
        return
    level = amplitude(first.character.levels.lead) * (0.75 + 0.35 * first.presence("lead"))
    yield from _line(bars, motif, level)
    if len(bars) == 4 and first.character.style in {"comp", "arpeggio"}:
        yield from _line(bars[2:], motif[: max(2, len(motif) - 1)], 0.9 * level)


def _line(bars: tuple[Bar, ...], motif: Motif, level: float) -> Iterator[Note]:
    first = bars[0]
    stream = Stream(first.seed, "line", first.number)
    late = 8.0 + player_ms(stream)
    anchor = _anchor(first, motif)
    previous = 0
    for place, tone in enumerate(motif):
        bar = bars[min(len(bars) - 1, tone.slot // SLOTS_PER_BAR)]
        slot = 2 * (tone.slot % SLOTS_PER_BAR)
        last = place == len(motif) - 1
        pitch = _bent(bar, anchor + tone.step, slot % 8 == 0 or last, previous)
        previous = pitch
        after = motif[place + 1].slot - tone.slot if not last else 6
        shape = 0.5 + 0.16 * math.sin(math.pi * (place + 0.5) / len(motif))
        note = Note(
            bar.frame(slot, late), "lead", bar.colours.lead, pitch,
            shape * bar.accent(slot) + 0.03 * stream.normal(), level, pan=0.1,
            gate=int(max(0.4 * SAMPLE_RATE, after * 2 * bar.sixteenth * 1.1)),
        )  # fmt: skip
        yield note
        yield from _echoes(note, round(6 * bar.sixteenth))


def _echoes(note: Note, apart: int) -> Iterator[Note]:
    for number, (gain, pan) in enumerate(_ECHOES, start=1):
        yield note._replace(
            start=note.start + number * apart, velocity=note.velocity * (0.75 - 0.2 * number),
            gain=note.gain * gain, pan=pan, is_echo=True,
        )  # fmt: skip


def _pitch(bar: Bar, step: int) -> int:
    """The MIDI number of a step of the bar's scale; step 0 is the tonic below the lead's centre."""
    centre, key = bar.character.lead_centre, bar.chord.key
    return centre - (centre - key.tonic) % 12 + key.degree(step)


def _anchor(bar: Bar, motif: Motif) -> int:
    """The step to begin on: a chord tone near the lead's centre from which no tone climbs over the ceiling."""
    centre, highest = bar.character.lead_centre, max(tone.step for tone in motif)

    def cost(step: int) -> float:
        stranger = 0.0 if _pitch(bar, step) % 12 in bar.chord.tones else 2.5
        too_high = 20.0 * max(0, _pitch(bar, step + highest) - bar.character.ceiling)
        return abs(_pitch(bar, step) - centre) + stranger + too_high

    return min(range(-9, 10), key=cost)


def _bent(bar: Bar, step: int, strong: bool, previous: int) -> int:
    """The pitch of a scale step: a chord tone where it is strong, never a semitone above one."""
    pitch = _pitch(bar, step)
    clashes = any((pitch - tone) % 12 == 1 for tone in bar.chord.tones)
    if not clashes and not (strong and pitch % 12 not in bar.chord.tones):
        return pitch
    ceiling = max(pitch, bar.character.ceiling)
    near = [other for other in range(pitch - 4, min(pitch + 4, ceiling) + 1) if other % 12 in bar.chord.tones]
    return min(near, key=lambda other: abs(other - pitch) + 0.6 * abs(other - (previous or pitch)))
