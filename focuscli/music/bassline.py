"""The bass: a drone under sleep, long roots, walking steps or driving eighths, always in mono."""

from collections.abc import Iterator

from focuscli.music.bars import Bar
from focuscli.music.events import Note
from focuscli.music.groove import player_ms
from focuscli.units import SAMPLE_RATE, amplitude

LOWEST = 33
"""A1."""


def play_bass(bar: Bar) -> Iterator[Note]:
    """The notes of the bass in one bar; a drone belongs to the pad and has none."""
    level = amplitude(bar.character.levels.bass) * bar.presence("bass")
    kind = bar.character.bass
    if level <= 0.0 or kind in {"", "drone"}:
        return
    for slot, interval, strength, length in _strikes(bar, kind):
        stream = bar.stream(f"bass{slot}")
        yield Note(
            bar.frame(slot, player_ms(stream)), "bass", "bass", root_pitch(bar) + interval,
            strength * bar.accent(slot), level,
            gate=int(length * bar.sixteenth),
        )  # fmt: skip


def root_pitch(bar: Bar) -> int:
    """The chord's bass note between A1 and G#2."""
    return next(pitch for pitch in range(LOWEST, LOWEST + 12) if pitch % 12 == bar.chord.root)


def _strikes(bar: Bar, kind: str) -> Iterator[tuple[int, int, float, float]]:
    """Slot, interval above the root, strength and length in sixteenths."""
    stream = bar.stream("bass")
    if kind == "long":
        if bar.opens_chord or stream.chance(0.5):
            yield 0, 0, 0.5, min(15.5, 3.6 * SAMPLE_RATE / bar.sixteenth)
    elif kind == "steps":
        yield 0, 0, 0.62, 7.0
        if stream.chance(0.35 + 0.5 * bar.energy):
            yield 10, stream.choice((0, 0, _fifth(bar))), 0.48, 4.5
        if bar.in_phrase % 2 == 1 and stream.chance(0.4):
            yield 14, _approach(bar), 0.4, 1.8
    else:
        for eighth in range(8):
            if eighth in {0, 3, 6} or stream.chance(0.15 + 0.6 * bar.energy):
                jump = stream.choice((0, 0, 0, 12, _fifth(bar))) if eighth in {3, 6, 7} else 0
                yield 2 * eighth, jump, 0.68 if eighth == 0 else 0.5, 1.7


def _fifth(bar: Bar) -> int:
    return 7 if (bar.chord.root + 7) % 12 in bar.chord.key.scale else 12


def _approach(bar: Bar) -> int:
    """A scale step below or above the next bar's root."""
    following = next(pitch for pitch in range(LOWEST, LOWEST + 12) if pitch % 12 == bar.chord_in(1).root)
    steps = [following + move for move in (-2, -1, 1, 2) if (following + move) % 12 in bar.chord.key.scale]
    return min(steps, key=lambda pitch: abs(pitch - root_pitch(bar))) - root_pitch(bar)
