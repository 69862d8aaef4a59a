"""The bass: a drone under sleep, long roots, walking figures or driving ones, that lead into the next chord."""

from collections.abc import Iterator

from focuscli.music.bars import Bar
from focuscli.music.events import Note
from focuscli.music.groove import PLAYER_SD_MS
from focuscli.music.randomness import Stream
from focuscli.music.voicing import bass_pitch
from focuscli.units import amplitude

_LONG = (
    ("r---------------", "r---------------"),
    ("r---------------", "f-------r-------"),
    ("r-----------f---", "r---------------"),
    ("r---------------", "........r-------"),
    ("r-------o-------", "r---------------"),
)
_STEPS = (
    ("r------...r----.", "r------...f----."),
    ("r----.r-f-----..", "r----.r-r-----.."),
    ("r--r---...f----.", "r--r---...r--o-."),
    ("r------.o--.f--.", "r------.r--.f--."),
    ("r----------.....", "r----.....r----."),
    ("r-----.r--r---..", "r-----.f--r---.."),
    ("r---..r---..f---", "r---..r---..r---"),
)
_DRIVE = (
    ("r-r-r-r-r-r-r-r-", "r-r-r-r-r-r-o-r-"),
    ("r.o.r.o.r.o.r.o.", "r.o.r.o.r.o.f.o."),
    ("r-.r..r-.r..r-o-", "r-.r..r-r-.r..f-"),
    ("..r-..r-..r-..r-", "..r-..r-..r-.of-"),
    ("r-..r-r-..r-r-..", "r-..r-r-..f-o-.."),
    ("r--r--r--r--r-o-", "r--r--r--r--f-r-"),
    ("r-rr..r-rr..r-o-", "r-rr..r-r-f-..r-"),
)
"""Bars written as sixteen characters, one for bars in which the chord goes on and one that answers it:
r root, f fifth, o octave, - held, . rest."""
_CALM = ("r-----..r-----..", "r-----..f-----..")
"""What drives where little is going on."""
_FIGURES = {"long": _LONG, "steps": _STEPS, "drive": _DRIVE}
_HALF = 8
_SHORT, _LEFT_OUT = 2.5, 0.25
"""Sixteenths; how often a short note off the half bar is left out of a driving figure, to breathe."""
_QUIET = 0.36
"""The energy, thinned by the arc, below which nothing drives."""
_STRENGTHS = {"long": (0.5, 0.42), "steps": (0.62, 0.47), "drive": (0.68, 0.5)}
"""On the one, and elsewhere."""


def play_bass(bar: Bar) -> Iterator[Note]:
    """The notes of the bass in one bar; a drone belongs to the pad and has none."""
    presence = bar.presence("bass")
    kind = bar.character.bass
    if presence <= 0.0 or kind not in _FIGURES:
        return
    level = amplitude(bar.character.levels.bass) * presence
    stream = bar.stream("bass")
    root = root_pitch(bar)
    strong, weak = _STRENGTHS[kind]
    for slot, interval, length in _figure(bar, kind, stream):
        if kind == "drive" and slot % 8 and length < _SHORT and stream.chance(_LEFT_OUT):
            continue
        late, touch = stream.normals(2)[:2]
        strength = (strong if slot == 0 else weak) * bar.accents[slot] * (1.0 + 0.06 * touch)
        yield Note(
            bar.frame(slot, PLAYER_SD_MS * late), "bass", "bass", root + interval, strength, level,
            gate=int((length - 0.25) * bar.sixteenth),
        )  # fmt: skip


def root_pitch(bar: Bar) -> int:
    """The chord's bass note."""
    return bass_pitch(bar.chord, bar.character.lowest)


def _figure(bar: Bar, kind: str, stream: Stream) -> list[tuple[int, int, float]]:
    """Slot, interval above the root and length in sixteenths of a bar's notes."""
    stands_out = int(bar.section.level >= 2)
    draw = Stream(bar.seed, "bass figure", bar.colours.pattern, stands_out)
    (opening, answer), (_, turn) = draw.choice(_FIGURES[kind]), draw.choice(_FIGURES[kind])
    if kind == "drive" and bar.energy * bar.arc.density < _QUIET:
        opening, answer = _CALM
    bars = (opening, answer, opening[:_HALF] + turn[_HALF:], turn)
    notes = _read(bars[bar.in_phrase], _fifth(bar))
    if bar.closes_chord and bar.chord_in(1).root != bar.chord.root and stream.chance(0.35 if kind == "long" else 0.65):
        slot = 12 if kind == "long" or stream.chance(0.4) else 14
        kept = [(at, interval, min(length, slot - at)) for at, interval, length in notes if at < slot]
        notes = [*kept, (slot, _approach(bar, stream), 16.0 - slot)]
    return notes


def _read(line: str, fifth: int) -> list[tuple[int, int, float]]:
    notes: list[tuple[int, int, float]] = []
    for slot, mark in enumerate(line):
        if mark == "-" and notes:
            at, interval, length = notes[-1]
            notes[-1] = (at, interval, length + 1.0)
        elif mark not in ".-":
            notes.append((slot, {"r": 0, "f": fifth, "o": 12}[mark], 1.0))
    return notes


def _fifth(bar: Bar) -> int:
    return 7 if (bar.chord.root + 7) % 12 in bar.chord.scale else 12


def _approach(bar: Bar, stream: Stream) -> int:
    """What leads to the next root: a step of the scale or a semitone below it, or its own fifth."""
    following, root = bass_pitch(bar.chord_in(1), bar.character.lowest), root_pitch(bar)
    scale = bar.chord.scale
    steps = [following + move for move in (-2, -1, 1, 2) if (following + move) % 12 in scale]
    near = min(steps, key=lambda pitch: abs(pitch - root))
    options, weights = (near, following - 1, following + 1, following + 7), (4.0, 3.0, 2.0, 1.5)
    return stream.weighted(options, weights) - root
