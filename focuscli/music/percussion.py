"""The drums: a groove in force, each drum entering at its own energy, breaks and fills at the phrase's end."""

from collections.abc import Iterator

from focuscli.music.bars import Bar
from focuscli.music.curves import smoothstep
from focuscli.music.events import Note
from focuscli.music.groove import GROOVES, Kit, player_ms
from focuscli.music.randomness import Stream, uniform
from focuscli.units import amplitude

_GAIN = {"kick": -7.0, "snare": -9.0, "brush": -8.0, "rim": -11.0, "hat": -13.0, "shaker": -15.0}
"""LU of each drum against the drums' level."""
_PLACE = {"snare": 0.06, "brush": 0.1, "rim": -0.2, "hat": 0.3, "shaker": -0.36}
_VARIANTS = 5
_GHOST = 0.3
"""Strikes below this strength do not come in every bar."""


def play_drums(bar: Bar) -> Iterator[Note]:
    """The strikes of one bar."""
    grooves = GROOVES.get(bar.character.groove)
    if grooves is None:
        return
    kit = Stream(bar.seed, "groove", bar.colours.groove).choice(grooves)
    level = amplitude(bar.character.levels.drums) * (0.8 + 0.3 * bar.energy)
    resting = _rests(bar)
    if not resting:
        yield from _strikes(bar, "kick", "kick", kit.kick, level)
        yield from _strikes(bar, "shaker", "shaker", kit.shaker, level)
    if not (resting and bar.in_phrase == 3):
        yield from _strikes(bar, "snare", kit.snare_sound, kit.snare, level)
    yield from _strikes(bar, "hat", "hat", kit.hat, level)
    if _fills(bar):
        yield from _fill(bar, kit, level)


def _rests(bar: Bar) -> bool:
    """Whether kick and shaker leave this bar to the others, at the end of some phrases."""
    index = bar.phrase.number
    if uniform(bar.seed, "break", index) > 0.25 + 0.15 * bar.piece.divergence:
        return False
    return bar.in_phrase >= (2 if uniform(bar.seed, "break length", index) < 0.4 else 3)


def _fills(bar: Bar) -> bool:
    ends = bar.in_phrase == 3 and bar.phrase.number % 4 == 3
    return ends and uniform(bar.seed, "fill", bar.number) < bar.character.fills * bar.arc.pulse


def _entered(bar: Bar, part: str) -> float:
    return bar.presence(part) * smoothstep(bar.arc.pulse, 0.05, 0.6)


def _strikes(bar: Bar, part: str, drum: str, slots: tuple[tuple[int, float], ...], level: float) -> Iterator[Note]:
    entered = _entered(bar, part)
    if entered < 0.03:
        return
    stream = bar.stream(part)
    softer = bar.character.levels.cymbals if part in {"hat", "shaker"} else 0.0
    gain = level * entered * amplitude(_GAIN[drum] + softer)
    for slot, strength in slots:
        if strength < _GHOST and stream.chance(0.3):
            continue
        velocity = strength * bar.accent(slot) * (1.0 + 0.08 * stream.normal())
        yield Note(
            bar.frame(slot, player_ms(stream) + (6.0 if part == "snare" else 0.0)), "drums", drum,
            _tuning(bar) if drum == "kick" else 0, velocity, gain, _PLACE.get(drum, 0.0),
            variant=0 if drum == "kick" else int(stream.uniform() * _VARIANTS),
        )  # fmt: skip


def _tuning(bar: Bar) -> int:
    """The kick sounds the key's tonic or fifth, whichever lies nearer to A1."""
    key = bar.chord.key
    return min(
        (pitch for pitch in range(28, 41) if pitch % 12 in {key.tonic, (key.tonic + 7) % 12}),
        key=lambda pitch: abs(pitch - 33),
    )


def _fill(bar: Bar, kit: Kit, level: float) -> Iterator[Note]:
    """Four sixteenths that grow into the next phrase."""
    stream = bar.stream("fill")
    gain = level * _entered(bar, "snare") * amplitude(_GAIN[kit.snare_sound])
    for slot in (11, 13, 14, 15):
        yield Note(
            bar.frame(slot, player_ms(stream)), "drums", kit.snare_sound, 0,
            0.1 + 0.03 * slot * stream.between(0.8, 1.1), gain, 0.06, variant=slot % _VARIANTS,
        )  # fmt: skip
