"""The drums: the section's beats with their variations, breaths at the ends of phrases, fills before new sections."""

from collections.abc import Iterator

from focuscli.music.bars import Bar
from focuscli.music.curves import smoothstep
from focuscli.music.events import Note
from focuscli.music.groove import BEATS, FILLS, GHOST, PLAYER_SD_MS, Beat, Strikes, beats_of
from focuscli.music.kits import CYMBALS
from focuscli.music.randomness import Stream, uniform
from focuscli.units import amplitude

_GAIN = {"kick": -7.0, "snare": -9.0, "brush": -8.0, "rim": -11.0, "hat": -13.0, "shaker": -15.0}
"""LU of each drum against the drums' level."""
_PLACE = {"snare": 0.06, "brush": 0.1, "rim": -0.2, "hat": 0.3, "shaker": -0.36}
_VARIANTS = 5
_NEVER = 16
_LAID_BACK_MS = 6.0
"""How far the snare lies behind the beat."""
_ENTRY = {"kick": 0.05, "snare": 0.12, "hat": 0.2, "shaker": 0.3}
"""The pulse of the arc at which a drum begins, and where it ends when a session does."""
_FAINT = 0.25
"""A drum that would be softer than this does not play."""


def play_drums(bar: Bar) -> Iterator[Note]:
    """The strikes of one bar."""
    if bar.character.groove not in BEATS:
        return
    beat = beats_of(bar.character.groove, bar.seed, bar.colours.groove, bar.section.number)[bar.in_phrase]
    level = amplitude(bar.character.levels.drums) * (0.8 + 0.3 * bar.energy)
    since, fills = _breath(bar), _fills(bar)
    yield from _strike(bar, "kick", "kick", _until(beat.kick, since), level)
    yield from _strike(bar, "shaker", "shaker", _thinned(bar, _until(beat.shaker, since)), level)
    yield from _strike(bar, "snare", beat.snare_sound, _until(beat.snare, 8 if fills else since + 4), level)
    yield from _strike(bar, "hat", "hat", _thinned(bar, beat.hat), level)
    if fills:
        yield from _fill(bar, beat, level)


def _until(line: Strikes, slot: int) -> Strikes:
    return line if slot >= _NEVER else tuple(strike for strike in line if strike[0] < slot)


def _thinned(bar: Bar, line: Strikes) -> Strikes:
    """At the faster of two tempi cymbals that are alike in every beat leave one out: they would tick too much."""
    character = bar.character
    is_fast = len(character.grid_16hz) > 1 and bar.seconds * sum(character.tempo) < 480.0
    if not is_fast or len({frozenset(slot % 4 for slot, _ in line if slot // 4 == beat) for beat in range(4)}) > 1:
        return line
    silent = Stream(bar.seed, "thinned", bar.colours.groove).choice((0, 1, 2, 3))
    return tuple(strike for strike in line if strike[0] // 4 != silent)


def _breath(bar: Bar) -> int:
    """The sixteenth from which kick and shaker rest: some phrases end so, and most sections do."""
    draw = Stream(bar.seed, "breath", bar.phrase.number)
    if bar.in_phrase < 2:
        return 12 if bar.in_phrase == 1 and draw.chance(0.3) else _NEVER
    if not draw.chance(0.75 if bar.ends_section else 0.2 + 0.15 * bar.piece.divergence):
        return _NEVER
    long = bar.ends_section and bar.section.after > bar.section.level and draw.chance(0.5)
    if bar.in_phrase == 2:
        return 8 if long else _NEVER
    return 0 if long else draw.choice((4, 8, 8, 12))


def _fills(bar: Bar) -> bool:
    chance = bar.character.fills * bar.arc.pulse * (1.0 if bar.ends_section else 0.3)
    return bar.in_phrase == 3 and uniform(bar.seed, "fill", bar.number) < chance


def _entered(bar: Bar, part: str) -> float:
    entry = _ENTRY[part]
    return bar.presence(part) * smoothstep(bar.arc.pulse, entry, entry + 0.35)


def _strike(bar: Bar, part: str, drum: str, line: Strikes, level: float) -> Iterator[Note]:
    entered = _entered(bar, part)
    if entered < _FAINT or not line:
        return
    stream = bar.stream(part)
    gain = level * entered * amplitude(_GAIN[drum] + (bar.character.levels.cymbals if part in CYMBALS else 0.0))
    tuning = _tuning(bar) if drum == "kick" else 0
    behind = _LAID_BACK_MS if part == "snare" else 0.0
    place, accents = _PLACE.get(drum, 0.0), bar.accents
    normals, uniforms = stream.normals(2 * len(line)), stream.uniforms(len(line))
    for number, (slot, strength) in enumerate(line):
        draw = uniforms[number]
        if strength < GHOST and draw < 0.25:
            continue
        yield Note(
            bar.frame(slot, PLAYER_SD_MS * normals[2 * number] + behind), "drums", drum, tuning,
            strength * accents[slot] * (1.0 + 0.07 * normals[2 * number + 1]), gain, place,
            variant=0 if drum == "kick" else int(draw * 7919.0) % _VARIANTS,
        )  # fmt: skip


def _tuning(bar: Bar) -> int:
    """The kick sounds the key's tonic or fifth, whichever lies nearer to A1."""
    key = bar.chord.key
    return min((28 + (key.tonic + step - 28) % 12 for step in (0, 7)), key=lambda pitch: abs(pitch - 33))


def _fill(bar: Bar, beat: Beat, level: float) -> Iterator[Note]:
    """The snare leads into the next phrase, growing."""
    stream = bar.stream("fill")
    gain = level * _entered(bar, "snare") * amplitude(_GAIN[beat.snare_sound])
    if gain <= 0.0:
        return
    for slot, strength in stream.choice(FILLS):
        yield Note(
            bar.frame(slot, PLAYER_SD_MS * stream.normal()), "drums", beat.snare_sound, 0,
            strength * bar.accents[slot] * stream.between(0.8, 1.0), gain, 0.06, variant=slot % _VARIANTS,
        )  # fmt: skip
