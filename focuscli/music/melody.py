"""The lead: a section's form spoken in half phrases, each motif bent to its chords and answered by its echoes."""

import math
from collections.abc import Iterator

from focuscli.model import Goal
from focuscli.music.bars import Bar
from focuscli.music.events import Note
from focuscli.music.form import phrases_per_section
from focuscli.music.groove import PLAYER_SD_MS
from focuscli.music.motif import RETURNS_BELOW, SLOTS, SLOTS_PER_BAR, Motif, form_of, said, vary
from focuscli.music.randomness import Stream
from focuscli.units import SAMPLE_RATE, amplitude

RANGE = 12
"""Semitones between a phrase's lowest and highest tone."""
_ECHOES = ((0.42, -0.6), (0.2, 0.6))
"""Gain and place of the answers, three eighths apart."""
_BARS_PER_HALF = SLOTS // SLOTS_PER_BAR
_LATE_MS = 8.0
_AWAY = 3.0
_LEAP = 5
"""Semitones from which the next tone should step back."""


def play_lead(bars: tuple[Bar, ...]) -> Iterator[Note]:
    """The lead's notes in a phrase; it rests in some halves, and always in the session's first phrase."""
    first = bars[0]
    presence = first.presence("lead")
    if first.phrase.number == 0 or presence == 0.0:
        return
    if first.character.goal is Goal.SLEEP:
        yield from _long_tones(bars, presence)
        return
    halves = 2 * phrases_per_section(first.character)
    is_riff = first.character.style == "arpeggio"
    form = form_of(first.seed, first.section.number, halves, is_riff)
    level = amplitude(first.character.levels.lead) * (0.75 + 0.35 * presence)
    before: list[int] = []
    for half in range(0, len(bars), _BARS_PER_HALF):
        stream = Stream(first.seed, "line", first.number + half)
        letter = form[2 * first.phrase_in_section + half // _BARS_PER_HALF]
        theme = _theme(first, stream)
        motif = said(letter, first.seed, theme, first.character.cell, is_riff, stream)
        if motif and stream.chance(first.character.melody * bars[half].arc.melody * 1.45):
            motif = vary(motif, stream, 0.35 + 0.3 * first.piece.divergence)
            here = bars[half : half + _BARS_PER_HALF]
            before = _bent(here, motif, letter == "c", stream.between(-_AWAY, _AWAY), before)
            yield from _line(here, motif, before, stream, level)


def _theme(bar: Bar, stream: Stream) -> int:
    """The theme in force; the session's own comes back at peaks while divergence is small."""
    returns = bar.section.level >= 2 and bar.piece.divergence < RETURNS_BELOW and stream.chance(0.6)
    return 0 if returns else bar.colours.theme


def _long_tones(bars: tuple[Bar, ...], presence: float) -> Iterator[Note]:
    """A sleeper's melody: single tones of the chords, each longer than a bar, that never come back as a tune."""
    first = bars[0]
    stream = Stream(first.seed, "long tones", first.number)
    level = amplitude(first.character.levels.lead) * presence
    low, previous = first.character.ceiling - RANGE, first.character.lead_centre
    for bar in bars[:: stream.choice((1, 2, 2))]:
        if not stream.chance(first.character.melody * bar.arc.melody * 1.6):
            continue
        tones = [pitch for pitch in range(low, low + RANGE) if pitch % 12 in bar.chord.tones and pitch != previous]
        previous = min(tones, key=lambda pitch: abs(pitch - previous) + 3.0 * stream.uniform())
        yield Note(
            bar.frame(stream.choice((0, 0, 4))), "lead", bar.colours.lead, previous,
            0.38 + 0.04 * stream.normal(), level, pan=0.1, gate=max(5 * SAMPLE_RATE, bar.phrase.bar),
        )  # fmt: skip


def _line(bars: tuple[Bar, ...], motif: Motif, pitches: list[int], stream: Stream, level: float) -> Iterator[Note]:
    late = _LATE_MS + PLAYER_SD_MS * stream.normal()
    for place, (tone, pitch) in enumerate(zip(motif, pitches, strict=True)):
        bar = bars[min(len(bars) - 1, tone.slot // SLOTS_PER_BAR)]
        if bar.pauses:
            return
        slot = 2 * (tone.slot % SLOTS_PER_BAR)
        last = place == len(motif) - 1
        length = min(6, SLOTS - tone.slot) if last else motif[place + 1].slot - tone.slot
        shape = 0.5 + 0.16 * math.sin(math.pi * (place + 0.5) / len(motif))
        note = Note(
            bar.frame(slot, late), "lead", bar.colours.lead, pitch,
            shape * bar.accents[slot] + 0.03 * stream.normal(), level, 0.1,
            int(max(0.4 * SAMPLE_RATE, length * 2 * bar.sixteenth * 1.05)),
        )  # fmt: skip
        yield note
        yield from _echoes(note, round(6 * bar.sixteenth))


def _echoes(note: Note, apart: int) -> Iterator[Note]:
    for number, (gain, pan) in enumerate(_ECHOES, start=1):
        yield Note(
            note.start + number * apart, note.part, note.instrument, note.pitch,
            note.velocity * (0.75 - 0.2 * number), note.gain * gain, pan, note.gate, is_echo=True,
        )  # fmt: skip


def _bent(bars: tuple[Bar, ...], motif: Motif, closes: bool, away: float, before: list[int]) -> list[int]:
    """The pitches of a motif over its chords, all within one range; `before` is what the half before it sang.

    It begins so many semitones `away` from the lead's centre, so that a theme returns from another tone of the chord.
    """
    first = bars[0]
    centre = first.character.lead_centre + first.lift
    low = min(centre - RANGE // 2, first.character.ceiling - RANGE)
    scale = [pitch for pitch in range(low, low + RANGE + 1) if pitch % 12 in first.chord.scale]
    anchor = _anchor(scale, first, motif, centre + away)
    pitches = before[-2:]
    sung = len(pitches)
    for place, tone in enumerate(motif):
        bar = bars[min(len(bars) - 1, tone.slot // SLOTS_PER_BAR)]
        last = place == len(motif) - 1
        wanted = scale[min(len(scale) - 1, max(0, anchor + tone.step))]
        strong = last or tone.slot % SLOTS_PER_BAR == 0 or motif[place + 1].slot - tone.slot > 2
        home = bar.chord.key.tonic if closes and last else -1
        rising = tone.step - motif[place - 1].step if place else 0
        pitches.append(_fitting(scale, bar, wanted, strong, home, rising, pitches[-2:]))
    return pitches[sung:]


def _anchor(scale: list[int], bar: Bar, motif: Motif, centre: float) -> int:
    """The place in the scale to begin on: a chord tone near the centre from which the whole motif fits."""
    lowest, highest = min(tone.step for tone in motif), max(tone.step for tone in motif)
    middle = 0.5 * (lowest + highest)

    def cost(place: int) -> float:
        over = max(0, place + highest - len(scale) + 1) + max(0, -place - lowest)
        stranger = 0.0 if scale[place] % 12 in bar.chord.tones else 2.5
        return abs(scale[place] + 1.7 * middle - centre) + stranger + 6.0 * over

    return min(range(len(scale)), key=cost)


def _fitting(scale: list[int], bar: Bar, wanted: int, strong: bool, home: int, rising: int, before: list[int]) -> int:
    """The scale's pitch that serves the wish, the chord and the line; a closing tone looks for home."""
    tones = bar.chord.tones

    def cost(pitch: int) -> float:
        total = 0.55 * abs(pitch - wanted) - 2.0 * (pitch % 12 == home)
        if pitch % 12 not in tones:
            total += 2.4 * strong + 2.0 * ((pitch - 1) % 12 in tones)
        return total + _line_cost(pitch, rising, before) if before else total

    return min(scale, key=cost)


def _line_cost(pitch: int, rising: int, before: list[int]) -> float:
    """Small steps, the way that the motif goes, and back after a leap."""
    move = pitch - before[-1]
    cost = 6.0 if abs(move) > 7 else 1.2 if abs(move) > 2 else 0.0
    if move == 0 and rising:
        cost += 2.6
    elif move * rising < 0 or (move and not rising):
        cost += 1.3
    leapt = before[-1] - before[0]
    if abs(leapt) >= _LEAP and not 0 < (-move if leapt > 0 else move) <= 2:
        cost += 4.5
    return cost
