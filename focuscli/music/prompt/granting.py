"""What was read becomes a character: the row of the goal that was read, bent by each wish inside that goal's limits."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from focuscli.model import Goal, Intensity
from focuscli.music.goals import CHARACTERS, Character, Levels
from focuscli.music.prompt.meaning import FASTEST_BPM, SLOWEST_BPM, Reading, Sense, Understood, Wish

MODULATION_CYCLES_A_MINUTE = 960.0
_LEAD_ONLY = frozenset({"flute", "clarinet", "bowed", "voice"})
"""Instruments that play one tone at a time: they lead, and leave the chords to others."""
_MOST_INSTRUMENTS, _MOST_TEXTURES = 4, 2
_TEXTURE_HEARD_LU = -13.0
_LOUDER_LU, _SOFTER_LU, _GONE_LU = 3.0, -6.0, -40.0
_UPPER_DB, _HARDER = 3.5, 0.11
"""What twice the brightness is for a pad's treble and for the touch of keys and lead."""
_SPARE_KEYS, _SPARE_LEAD, _SPARE_PADS = ("epiano", "felt"), ("vibes", "felt"), ("warm", "strings")
_DARK_MODES, _BRIGHT_MODES = ("dorian", "aeolian"), ("ionian", "lydian", "mixolydian")
_MOST_REGISTER = 6
_ON_GRID = 0.003
"""So near to 960/k a tempo is said to be on the grid of the modulation."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From and to, for all that a wish can move."""

    tempo: tuple[float, float]
    onsets: tuple[float, float]
    brightness: tuple[float, float]
    pad_upper_db: tuple[float, float]
    touch: tuple[float, float]
    room_s: tuple[float, float]
    attack_ms: tuple[float, float]
    melody: tuple[float, float]


@lru_cache(maxsize=4)
def limits_of(goal: Goal) -> Limits:
    """A little wider than the goal's own rows from low to high, so that words are heard and the purpose is kept."""
    rows = [character for (of, _), character in CHARACTERS.items() if of is goal]
    return Limits(
        tempo=(
            max(SLOWEST_BPM, 0.85 * min(row.tempo[0] for row in rows)),
            min(FASTEST_BPM, 1.08 * max(row.tempo[1] for row in rows)),
        ),
        onsets=(0.45 * min(row.onsets for row in rows), 1.25 * max(row.onsets for row in rows)),
        brightness=(0.4 * min(row.brightness for row in rows), 1.3 * max(row.brightness for row in rows)),
        pad_upper_db=(min(row.pad_upper_db for row in rows) - 4.0, max(row.pad_upper_db for row in rows) + 2.5),
        touch=(min(row.touch for row in rows) - 0.14, max(row.touch for row in rows) + 0.1),
        room_s=(0.45 * min(row.room_s for row in rows), 3.6),
        attack_ms=(min(row.attack_ms for row in rows), 2.1 * max(row.attack_ms for row in rows)),
        melody=(0.0, min(1.0, max(row.melody for row in rows) + 0.25)),
    )


def granted(reading: Reading, intensity: Intensity) -> Character:
    """The character of the goal that was read with every wish in it; the later of two that contradict wins."""
    character = CHARACTERS[reading.goal, intensity]
    limits = limits_of(reading.goal)
    wanted = [one for one in reading.understood if one.sense in {Sense.WANTED, Sense.MORE}]
    for one in wanted:
        character = _add(character, one, limits)
    character = _with_sounds(character, wanted)
    for one in reading.understood:
        if one.sense in {Sense.UNWANTED, Sense.LESS}:
            character = _take(character, one, limits)
    character = _without_parts(character, reading)
    character = replace(character, modes=reading.modes or _named_mode(wanted) or character.modes)
    if reading.goal is Goal.SLEEP:
        character = replace(character, groove="")
    return _at_tempo(character, reading, limits)


def _add(character: Character, one: Understood, limits: Limits) -> Character:
    wish = one.wish
    character = _bend(character, wish, one.strength, limits)
    groove = wish.groove or (character.groove or "soft" if "drums" in wish.parts else character.groove)
    melody = character.melody + one.strength * wish.melody
    if "melody" in wish.parts:
        melody = max(0.4, melody)
    levels = character.levels
    if wish.textures or "texture" in wish.parts:
        levels = replace(levels, texture=max(levels.texture, _TEXTURE_HEARD_LU))
    if one.sense is Sense.MORE:
        levels = _moved(levels, wish, _LOUDER_LU)
    return replace(
        character,
        melody=_bounded(melody, limits.melody),
        modes=wish.modes or character.modes,
        groove=groove,
        bass=character.bass or ("long" if "bass" in wish.parts else ""),
        levels=levels,
    )


def _take(character: Character, one: Understood, limits: Limits) -> Character:
    wish = one.wish
    if one.sense is Sense.LESS and wish.is_sound:
        return replace(character, levels=_moved(character.levels, wish, _SOFTER_LU))
    character = _bend(character, wish, -1.0, limits)
    keys = _left(character.keys, wish.instruments, _SPARE_KEYS)
    opposite = _BRIGHT_MODES if "aeolian" in wish.modes else _DARK_MODES
    return replace(
        character,
        keys=keys,
        lead=_left(character.lead, wish.instruments, _SPARE_LEAD),
        pads=_left(character.pads, wish.pads, _SPARE_PADS),
        textures=_left(character.textures, wish.textures, ()),
        modes=_left(character.modes, wish.modes, opposite),
        groove="" if wish.groove and wish.groove == character.groove else character.groove,
    )


def _bend(character: Character, wish: Wish, strength: float, limits: Limits) -> Character:
    """All factors of a wish, to the power of its strength; -1 turns them round."""
    character = _shift(character, round(strength * wish.register))
    brighter = strength * math.log2(wish.brightness)
    return replace(
        character,
        onsets=_bounded(character.onsets * wish.density**strength, limits.onsets),
        brightness=_bounded(character.brightness * wish.brightness**strength, limits.brightness),
        pad_upper_db=_bounded(character.pad_upper_db + _UPPER_DB * brighter, limits.pad_upper_db),
        touch=_bounded(character.touch + _HARDER * brighter, limits.touch),
        room_s=_bounded(character.room_s * wish.room**strength, limits.room_s),
        attack_ms=_bounded(character.attack_ms * wish.attack**strength, limits.attack_ms),
    )


def _shift(character: Character, semitones: int) -> Character:
    """Everything with a pitch some semitones up or down, near its own place and under the goal's ceiling."""
    if semitones == 0:
        return character
    row = CHARACTERS[character.goal, Intensity.MEDIUM]
    return replace(
        character,
        pad_centre=_near(character.pad_centre + semitones, row.pad_centre, character.ceiling),
        keys_centre=_near(character.keys_centre + semitones, row.keys_centre, character.ceiling),
        lead_centre=_near(character.lead_centre + semitones, row.lead_centre, character.ceiling),
    )


def _named_mode(wanted: list[Understood]) -> tuple[str, ...]:
    """The mode that was called by its name, which says more than any mood."""
    named = [one.wish.modes for one in wanted if one.wish == Wish(modes=one.wish.modes) and len(one.wish.modes) == 1]
    return named[-1] if named else ()


def _with_sounds(character: Character, wanted: list[Understood]) -> Character:
    """The instruments, pads and textures that were asked for, in their order, instead of the goal's own."""
    instruments = _distinct(name for one in wanted for name in one.wish.instruments)[:_MOST_INSTRUMENTS]
    chords = tuple(name for name in instruments if name not in _LEAD_ONLY)
    pads = _distinct(name for one in wanted for name in one.wish.pads)
    textures = _distinct(name for one in wanted for name in one.wish.textures)
    return replace(
        character,
        keys=chords or character.keys,
        lead=instruments[1:] + instruments[:1] if instruments else character.lead,
        pads=pads or character.pads,
        textures=textures[:_MOST_TEXTURES] or character.textures,
    )


def _without_parts(character: Character, reading: Reading) -> Character:
    """Whole parts that are not to sound: named with a "no", or absent from what was asked for."""
    wanted = {part for one in reading.understood if one.sense in {Sense.WANTED, Sense.MORE} for part in one.wish.parts}
    absent = {
        part
        for one in reading.understood
        for part in (one.wish.parts if one.sense is Sense.UNWANTED else one.wish.without)
        if one.sense is Sense.UNWANTED or (one.sense in {Sense.WANTED, Sense.MORE} and part not in wanted)
    }
    if "drums" in absent:
        character = replace(character, groove="")
    if "bass" in absent:
        character = replace(character, bass="")
    if "melody" in absent:
        character = replace(character, melody=0.0)
    if "pad" in absent:
        character = replace(character, levels=replace(character.levels, pad=_GONE_LU))
    if "texture" in absent:
        asked = {name for one in reading.understood if one.sense is Sense.WANTED for name in one.wish.textures}
        character = replace(character, textures=tuple(name for name in character.textures if name in asked))
    return character


def _at_tempo(character: Character, reading: Reading, limits: Limits) -> Character:
    """The tempo in figures to the letter, a tempo word or factors inside the goal's limits, and the 16 Hz grid."""
    if reading.bpm is not None:
        return replace(character, tempo=(reading.bpm, reading.bpm), grid_16hz=_grid(character, reading.bpm, _ON_GRID))
    slow, fast = character.tempo
    factor = 1.0
    for one in reading.understood:
        turned = one.sense in {Sense.UNWANTED, Sense.LESS}
        if one.wish.bpm and not turned:
            slow, fast = 0.97 * one.wish.bpm, 1.03 * one.wish.bpm
        factor *= one.wish.tempo ** (-1.0 if turned else one.strength)
    if factor == 1.0 and (slow, fast) == character.tempo:
        return character
    slow, fast = (_bounded(bpm * factor, limits.tempo) for bpm in (slow, fast))
    return replace(character, tempo=(slow, fast), grid_16hz=_grid(character, 0.5 * (slow + fast), 1.0))


def _grid(character: Character, bpm: float, tolerance: float) -> tuple[int, ...]:
    """The tempo of 960/k that is nearest, where this character has such tempi and one is near enough."""
    if not character.grid_16hz:
        return ()
    k = round(MODULATION_CYCLES_A_MINUTE / bpm)
    return (k,) if abs(MODULATION_CYCLES_A_MINUTE / k / bpm - 1.0) <= tolerance else ()


def _moved(levels: Levels, wish: Wish, by_lu: float) -> Levels:
    """The levels of the parts that a wish names, some LU up or down."""
    named = {part: by_lu for part in wish.parts if part in {"drums", "bass", "texture"}}
    if "melody" in wish.parts:
        named["lead"] = by_lu
    if wish.instruments:
        named |= {"keys": by_lu, "lead": by_lu}
    if wish.pads:
        named["pad"] = by_lu
    if wish.textures:
        named["texture"] = by_lu
    return replace(levels, **{part: _bounded(getattr(levels, part) + lu, (-34.0, 2.0)) for part, lu in named.items()})


def _left(names: tuple[str, ...], unwanted: tuple[str, ...], spare: tuple[str, ...]) -> tuple[str, ...]:
    """The names without the unwanted ones; where none is left, the spare ones without them."""
    left = tuple(name for name in names if name not in unwanted)
    return left or tuple(name for name in spare if name not in unwanted)


def _near(centre: int, own: int, ceiling: int) -> int:
    return min(ceiling - 4, own + _MOST_REGISTER, max(own - _MOST_REGISTER, centre))


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _bounded(value: float, limits: tuple[float, float]) -> float:
    return min(limits[1], max(limits[0], value))
