"""The keys: chords in short stabs, rolled arpeggios, running arpeggios or single slow notes, by style."""

import math
from collections.abc import Callable, Iterator, Sequence

from focuscli.music.bars import Bar
from focuscli.music.events import Note
from focuscli.music.groove import PLAYER_SD_MS
from focuscli.music.randomness import Stream
from focuscli.units import SAMPLE_RATE, amplitude

_COMP: dict[int, tuple[tuple[int, ...], ...]] = {
    1: ((0,), (0,), (2,), (3,), (4,)),
    2: ((0, 10), (0, 6), (3, 10), (0, 11), (2, 8), (0, 8), (4, 12), (0, 7)),
    3: ((0, 7, 12), (0, 5, 10), (0, 6, 11), (2, 7, 12), (0, 3, 10), (0, 4, 10)),
    4: ((0, 4, 7, 12), (0, 3, 8, 11), (0, 5, 8, 14), (0, 6, 8, 14), (0, 3, 6, 10)),
    5: ((0, 3, 6, 10, 12), (0, 3, 6, 8, 12), (0, 4, 7, 10, 12)),
    6: ((0, 3, 6, 8, 11, 14), (0, 2, 6, 8, 10, 14)),
}
"""Sixteenths of a bar on which a chord is struck, by how many there are."""

_ROLL = (
    (0, 1, 2, 3, 4, 3, 2, 1), (0, 2, 4, 3, 1, 2, 4, 3), (0, 2, 3, 4, 3, 2, 3, 1), (0, 1, 3, 2, 4, 2, 3, 2),
    (0, 2, 1, 3, 2, 4, 3, 2), (0, 3, 2, 4, 1, 3, 2, 1), (0, 1, 2, 4, 3, 1, 2, 3),
)  # fmt: skip
"""Which voice (0 = the bass note) comes in each eighth of a rolled chord."""
_ROLL_ORDER = ((0, 4, 2, 6, 3, 7, 5, 1), (0, 2, 4, 1, 3, 6, 5, 7), (0, 3, 6, 1, 4, 2, 7, 5))
"""The eighths in the order in which a denser roll takes them."""
_RUNS = (
    (0, 1, 2, 3, 4, 5), (0, 2, 4, 1, 3, 5), (0, 1, 2, 3, 4, 3, 2, 1), (5, 3, 4, 2, 3, 1), (0, 4, 1, 4, 2, 4, 3, 4),
    (0, 2, 1, 3, 2, 4, 3, 5), (0, 3, 2, 5, 4, 3), (4, 3, 2, 1, 0, 2), (0, 5, 2, 4, 3, 5, 2, 4),
)  # fmt: skip
"""Which tone of the chord, spread over an octave and a half, comes next in a running arpeggio."""
_BREATH = 0.6
"""How dense the keys are in a phrase's last bar."""


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


def _figure(bar: Bar, name: str, forms: Sequence[int] = (0, 1, 0, 2)) -> Stream:
    """The draws of a figure, the same wherever it comes again while its pattern is in force; one form a bar."""
    return Stream(bar.seed, name, bar.colours.pattern, bar.section.number // 2, forms[bar.in_phrase])


def _comp(bar: Bar, level: float) -> Iterator[Note]:
    stream, figure = bar.stream("keys"), _figure(bar, "comp")
    count = max(1, _whole(_onsets(bar) * (_BREATH if bar.in_phrase == 3 else 1.1), figure, 6))
    pattern = figure.choice(_COMP[count])
    voices = bar.voicing(bar.character.keys_centre, bar.keys_lift)
    for place, slot in enumerate(pattern):
        after = pattern[place + 1] if place + 1 < len(pattern) else 16
        held = (after - slot) * bar.sixteenth * (0.92 if place == 0 or figure.chance(0.6) else 0.45)
        chosen = voices if place == 0 else voices[1:] if figure.chance(0.7) else voices[2:]
        yield from _strum(bar, stream, slot, chosen, level * (1.0 if place == 0 else 0.85), int(held))


def _strum(bar: Bar, stream: Stream, slot: int, pitches: Sequence[int], level: float, held: int) -> Iterator[Note]:
    """The tones of one chord, a few milliseconds after each other, the top one a little louder."""
    between_ms = stream.between(5.0, 19.0)
    upward = stream.chance(0.9)
    late, *touches = stream.normals(1 + len(pitches))
    gate = max(held, SAMPLE_RATE // 8)
    for place, pitch in enumerate(pitches if upward else tuple(reversed(pitches))):
        velocity = (0.53 if pitch == pitches[-1] else 0.48) * bar.accents[slot]
        yield Note(
            bar.frame(slot, PLAYER_SD_MS * late + place * between_ms), "keys", bar.colours.keys,
            pitch, velocity + 0.02 * touches[place], level, (pitch - 60) / 34.0, gate,
        )  # fmt: skip


def _roll(bar: Bar, level: float) -> Iterator[Note]:
    stream, figure = bar.stream("keys"), _figure(bar, "roll")
    pattern, order = figure.choice(_ROLL), figure.choice(_ROLL_ORDER)
    count = _whole(_onsets(bar) * (_BREATH if bar.in_phrase == 3 else 1.1), stream, 8)
    voices = bar.voicing(bar.character.keys_centre, bar.keys_lift)
    tones = (46 + (bar.chord.root - 46) % 12, *voices)
    draws = stream.normals(16)
    for eighth in sorted(order[:count]):
        tone = tones[pattern[eighth]]
        lift = 12 if eighth > 3 and tone < 66 and stream.chance(0.15) else 0
        velocity = 0.48 + 0.08 * math.sin(math.pi * eighth / 7.0)
        yield Note(
            bar.frame(2 * eighth, 2.0 * PLAYER_SD_MS * draws[2 * eighth]), "keys", bar.colours.keys, tone + lift,
            velocity * bar.accents[2 * eighth] + 0.04 * draws[2 * eighth + 1],
            level, (tone - 62) / 26.0, int((8 - eighth) * 2 * bar.sixteenth + 0.1 * SAMPLE_RATE),
        )  # fmt: skip


def _arpeggio(bar: Bar, level: float) -> Iterator[Note]:
    stream, figure = bar.stream("keys"), _figure(bar, "arpeggio", (0, 1, 2, 3))
    count, turn = round(_onsets(bar) * figure.between(0.75, 1.25)), figure.choice((0, 0, 1, 2, 3))
    fuller = bar.in_phrase == 2
    slots = euclidean(max(2, count + fuller - (bar.in_phrase == 3)), turn + 2 * fuller)
    run = figure.choice(_RUNS)
    voices = bar.voicing(bar.character.keys_centre, bar.keys_lift)
    tones = (*voices, voices[0] + 12, voices[1] + 12)
    draws = stream.normals(2 * len(slots))
    gate = int(5 * bar.sixteenth)
    for place, slot in enumerate(slots):
        yield Note(
            bar.frame(slot, PLAYER_SD_MS * draws[2 * place]), "keys", bar.colours.keys, tones[run[place % len(run)]],
            _STRESS[slot % 8] * bar.accents[slot] + 0.02 * draws[2 * place + 1],
            level, 0.5 * math.sin(2.1 * slot + bar.number), gate,
        )  # fmt: skip


_STRESS = (0.58, 0.45, 0.5, 0.44, 0.55, 0.45, 0.51, 0.44)


def euclidean(count: int, turn: int) -> list[int]:
    """So many strikes spread over sixteen sixteenths as evenly as can be, turned by some (Toussaint 2005)."""
    return sorted({(place * 16 // count + turn) % 16 for place in range(min(16, count))})


def _sparse(bar: Bar, level: float) -> Iterator[Note]:
    stream = bar.stream("keys")
    voices = bar.voicing(bar.character.keys_centre, round(bar.arc.register))
    slots, before = [0, 4, 7, 10, 13], 0
    for _ in range(_whole(_onsets(bar), stream, 4)):
        slot = slots.pop(int(stream.uniform() * len(slots)))
        pitch = before = stream.choice([voice for voice in voices if voice != before])
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
