"""The keys: chords in short stabs, rolled arpeggios, running arpeggios or single slow notes, by style."""

import math
from collections.abc import Callable, Iterator, Sequence

from focuscli.music.bars import Bar
from focuscli.music.events import Note
from focuscli.music.groove import player_ms
from focuscli.music.randomness import Stream
from focuscli.units import SAMPLE_RATE, amplitude

_COMP: dict[int, tuple[tuple[int, ...], ...]] = {
    1: ((0,), (2,), (3,)),
    2: ((0, 10), (0, 6), (3, 10), (0, 11), (2, 8)),
    3: ((0, 7, 12), (0, 5, 10), (0, 6, 11), (2, 7, 12)),
    4: ((0, 4, 7, 12), (0, 3, 8, 11), (0, 5, 8, 14)),
    5: ((0, 3, 6, 10, 12), (0, 3, 6, 8, 12)),
    6: ((0, 3, 6, 8, 11, 14), (0, 2, 6, 8, 10, 14)),
}
"""Sixteenths of a bar on which a chord is struck, by how many there are."""

_ROLL = ((0, 1, 2, 3, 4, 3, 2, 1), (0, 2, 4, 3, 1, 2, 4, 3), (0, 2, 3, 4, 3, 2, 3, 1), (0, 1, 3, 2, 4, 2, 3, 2))
"""Which voice (0 = the bass note) comes in each eighth of a rolled chord."""
_ROLL_ORDER = (0, 4, 2, 6, 3, 7, 5, 1)
"""The eighths in the order in which a denser roll takes them."""


def play_keys(bar: Bar) -> Iterator[Note]:
    """The notes of the keys in one bar."""
    level = amplitude(bar.character.levels.keys) * bar.presence("keys")
    if level > 0.0:
        for note in _STYLES[bar.character.style](bar, level):
            octaves = max(0, -(-(note.pitch - bar.character.ceiling) // 12))
            yield note._replace(pitch=note.pitch - 12 * octaves) if octaves else note


def _onsets(bar: Bar) -> float:
    """How many onsets this bar is meant to have."""
    rate = bar.character.onsets * bar.arc.density * (0.7 + 0.6 * bar.energy)
    return rate * bar.seconds


def _whole(expected: float, stream: Stream, most: int) -> int:
    """A whole number that is right on average."""
    return max(0, min(most, int(expected + stream.uniform())))


def _comp(bar: Bar, level: float) -> Iterator[Note]:
    stream = bar.stream("keys")
    count = max(1, _whole(_onsets(bar), stream, 6))
    variant = 1 if bar.in_phrase == 3 else bar.number % 2
    pattern = Stream(bar.seed, "comp", bar.colours.pattern, variant, count).choice(_COMP[count])
    voices = bar.voicing(bar.character.keys_centre)
    for place, slot in enumerate(pattern):
        after = pattern[place + 1] if place + 1 < len(pattern) else 16
        held = (after - slot) * bar.sixteenth * (0.92 if place == 0 or stream.chance(0.6) else 0.45)
        chosen = voices if place == 0 else voices[1:] if stream.chance(0.7) else voices[2:]
        yield from _strum(bar, stream, slot, chosen, level * (1.0 if place == 0 else 0.85), int(held))


def _strum(bar: Bar, stream: Stream, slot: int, pitches: Sequence[int], level: float, held: int) -> Iterator[Note]:
    """The tones of one chord, a few milliseconds after each other, the top one a little louder."""
    between_ms = stream.between(5.0, 19.0)
    upward = stream.chance(0.85)
    late = player_ms(stream)
    for place, pitch in enumerate(pitches if upward else tuple(reversed(pitches))):
        velocity = (0.55 if pitch == pitches[-1] else 0.47) * bar.accent(slot)
        yield Note(
            bar.frame(slot, late + place * between_ms), "keys", bar.colours.keys,
            pitch, velocity + 0.04 * stream.normal(), level, pan=(pitch - 60) / 34.0,
            gate=max(held, SAMPLE_RATE // 8),
        )  # fmt: skip


def _roll(bar: Bar, level: float) -> Iterator[Note]:
    stream = bar.stream("keys")
    count = _whole(_onsets(bar), stream, 8)
    pattern = Stream(bar.seed, "roll", bar.colours.pattern, bar.number % 2).choice(_ROLL)
    voices = bar.voicing(bar.character.keys_centre)
    lowest = next(pitch for pitch in range(43, 55) if pitch % 12 == bar.chord.root)
    tones = (lowest, *voices)
    for eighth in sorted(_ROLL_ORDER[:count]):
        lift = 12 if eighth > 3 and stream.chance(0.15) and tones[pattern[eighth]] < 66 else 0
        velocity = 0.48 + 0.08 * math.sin(math.pi * eighth / 7.0)
        yield Note(
            bar.frame(2 * eighth, player_ms(stream) * 2.0), "keys", bar.colours.keys,
            tones[pattern[eighth]] + lift,
            velocity * bar.accent(2 * eighth) + 0.04 * stream.normal(),
            level, pan=(tones[pattern[eighth]] - 62) / 26.0,
            gate=int((8 - eighth) * 2 * bar.sixteenth + 0.1 * SAMPLE_RATE),
        )  # fmt: skip


def _arpeggio(bar: Bar, level: float) -> Iterator[Note]:
    stream = bar.stream("keys")
    pattern = _running_pattern(bar)
    voices = bar.voicing(bar.character.keys_centre)
    tones = (*voices, voices[0] + 12, voices[1] + 12)
    wanted = min(1.0, _onsets(bar) / 16.0)
    for slot in range(16):
        weight = (1.25, 0.75, 1.1, 0.8)[slot % 4]
        if not stream.chance(wanted * weight):
            continue
        strength = (0.62, 0.4, 0.48, 0.38, 0.56, 0.4, 0.5, 0.38)[slot % 8]
        pitch = tones[pattern[(bar.number * 16 + slot) % len(pattern)]]
        yield Note(
            bar.frame(slot, player_ms(stream)), "keys", bar.colours.keys, pitch,
            strength * bar.accent(slot) + 0.1 * bar.energy - 0.05 + 0.04 * stream.normal(),
            level, pan=0.5 * math.sin(2.1 * slot + bar.number), gate=int(5 * bar.sixteenth),
        )  # fmt: skip


def _running_pattern(bar: Bar) -> list[int]:
    """Places in the chord, of a length that does not always fit the bar."""
    draw = Stream(bar.seed, "arpeggio", bar.colours.pattern, bar.phrase.number % 2)
    pattern = [draw.choice(range(6)) for _ in range(draw.choice((5, 6, 8, 8, 12)))]
    return sorted(pattern) if draw.chance(0.4) else pattern


def _sparse(bar: Bar, level: float) -> Iterator[Note]:
    stream = bar.stream("keys")
    voices = bar.voicing(bar.character.keys_centre)
    for _ in range(_whole(_onsets(bar), stream, 4)):
        slot = stream.choice((0, 4, 6, 8, 10, 12))
        pitch = stream.choice(voices)
        lift = 12 if pitch + 12 <= bar.character.ceiling and stream.chance(0.3) else 0
        yield Note(
            bar.frame(slot, 60.0 * stream.uniform()), "keys", bar.colours.keys, pitch + lift,
            stream.between(0.3, 0.5) * (0.4 + 0.6 * bar.arc.brightness), level,
            pan=stream.between(-0.6, 0.6), gate=5 * SAMPLE_RATE,
        )  # fmt: skip


_STYLES: dict[str, Callable[[Bar, float], Iterator[Note]]] = {
    "comp": _comp,
    "roll": _roll,
    "arpeggio": _arpeggio,
    "sparse": _sparse,
}
