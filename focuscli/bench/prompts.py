"""How well prompts are understood: tables of prompts with what they are expected to mean, and many random ones."""

import json
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from focuscli.model import Goal, Intensity
from focuscli.music.goals import CHARACTERS, Character
from focuscli.music.prompt import grant, read
from focuscli.music.prompt.meaning import FASTEST_BPM, SLOWEST_BPM, Reading

TABLES = ("table", "unseen")
"""The first was there before the parser, the second before anyone had seen how it does."""
_FOLDER = Path(__file__).parents[2] / "tests" / "music" / "prompts"

BOUNDS: dict[Goal, dict[str, tuple[float, float]]] = {
    Goal.SLEEP: {"tempo": (40, 70), "ceiling": (50, 69), "attack_ms": (150, 1200), "onsets": (0.05, 1.0)},
    Goal.RELAX: {"tempo": (44, 86), "ceiling": (60, 79), "attack_ms": (6, 420), "onsets": (0.2, 2.8)},
    Goal.FOCUS: {"tempo": (60, 132), "ceiling": (60, 80), "attack_ms": (4, 80), "onsets": (0.3, 5.0)},
    Goal.ENERGIZE: {"tempo": (86, 150), "ceiling": (60, 86), "attack_ms": (2, 20), "onsets": (0.6, 9.0)},
}
"""How far words may bend each goal: its published column from low to high, and a little."""

_SOUNDS: dict[str, tuple[str, frozenset[str]]] = {
    "piano": ("keys", frozenset({"felt"})),
    "electric piano": ("keys", frozenset({"epiano"})),
    "guitar": ("keys", frozenset({"nylon"})),
    "harp": ("keys", frozenset({"harp"})),
    "flute": ("lead", frozenset({"flute"})),
    "bells": ("keys", frozenset({"glass", "bells"})),
    "vibraphone": ("keys", frozenset({"vibes"})),
    "marimba": ("keys", frozenset({"marimba"})),
    "kalimba": ("keys", frozenset({"kalimba"})),
    "strings": ("pads", frozenset({"strings"})),
    "choir": ("pads", frozenset({"choir"})),
    "warm pad": ("pads", frozenset({"warm"})),
    "rain": ("textures", frozenset({"rain"})),
    "ocean": ("textures", frozenset({"ocean"})),
    "wind": ("textures", frozenset({"air", "wind"})),
    "vinyl": ("textures", frozenset({"vinyl"})),
    "brown noise": ("textures", frozenset({"brown"})),
    "pink noise": ("textures", frozenset({"pink"})),
}
LARGEST_ROOM_S = 3.6
_KEYS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_FAMILIES = {"minor": {"aeolian", "dorian"}, "major": {"ionian", "lydian", "mixolydian"}}
_NOISE = "".join(
    map(chr, (0, 7, 27, 0x200E, 0x202E, 0x2066, 0xD800, 0xFEFF, 0x1F327, 0x5D0, 0x4E2D, 0x0928, 0x301, 0x1D573))
)


def measure(quick: bool) -> list[dict[str, Any]]:
    """A row a table and one for random prompts; `ok` where 90 % are right and nothing leaves its bounds."""
    rows = []
    for name in _tables():
        entries = entries_of(name)
        wrong, spent_ms = _timed(entries, misses)
        rows.append(_row(name, len(entries), wrong, spent_ms, ok=wrong <= 0.1 * len(entries)))
    count = 1000 if quick else 10_000
    outside, spent_ms = _timed(random_prompts(count, seed=1), trespasses)
    return [*rows, _row("random", count, outside, spent_ms, ok=outside == 0)]


def _tables() -> list[str]:
    """The tables that are here: they belong to the tests, which an installed program does not have."""
    here = [name for name in TABLES if (_FOLDER / f"{name}.json").exists()]
    if not here:
        print("the tables of prompts are in the source tree alone: they are left out", file=sys.stderr)
    return here


def entries_of(table: str) -> list[dict[str, Any]]:
    """The prompts of a table in the source tree, each with what it is expected to mean."""
    found: list[dict[str, Any]] = json.loads((_FOLDER / f"{table}.json").read_text(encoding="utf-8"))
    return found


def _timed(cases: Sequence[Any], faults: Callable[[Any], list[str]]) -> tuple[int, float]:
    """How many cases have faults, and the CPU milliseconds that one takes."""
    began = time.process_time()
    faulty = sum(bool(faults(case)) for case in cases)
    return faulty, 1000.0 * (time.process_time() - began) / len(cases)


def _row(what: str, prompts: int, wrong: int, ms_each: float, *, ok: bool) -> dict[str, Any]:
    return {
        "what": what, "prompts": prompts, "wrong": wrong, "right": 1.0 - wrong / prompts, "ms_each": ms_each, "ok": ok,
    }  # fmt: skip


def misses(entry: Mapping[str, Any]) -> list[str]:
    """What of an entry's expectations is not so, as `field: expected, found`; empty when the prompt is right."""
    reading = read(entry["prompt"])
    found, plain = grant(reading, Intensity.MEDIUM), CHARACTERS[reading.goal, Intensity.MEDIUM]
    checks: dict[str, Callable[[Any], bool]] = {
        "goal": lambda goal: reading.goal.value == goal,
        "bpm": lambda bpm: abs(_tempo(found) - bpm) < 0.02 * bpm,
        "tonic": lambda name: reading.tonic == (None if name is None else _KEYS.index(name)),
        "mode": lambda mode: set(found.modes) <= _FAMILIES.get(mode, {mode}),
        "with": lambda names: all(_sounds(name, found) for name in names),
        "without": lambda names: not any(_sounds(name, found) for name in names),
        "tempo": lambda way: _moved(way == "fast", _tempo(plain), _tempo(found)),
        "light": lambda way: _moved(way == "bright", plain.brightness, found.brightness),
        "density": lambda way: _moved(way == "dense", plain.onsets, found.onsets),
        "room": lambda way: _moved(way == "large", min(plain.room_s, 0.99 * LARGEST_ROOM_S), found.room_s),
    }
    return [f"{name}: {wanted}" for name, wanted in entry.items() if name != "prompt" and not checks[name](wanted)]


def _moved(up: bool, before: float, after: float) -> bool:
    return after > before if up else after < before


def _tempo(character: Character) -> float:
    grid = character.grid_16hz
    return sum(960.0 / k for k in grid) / len(grid) if grid else 0.5 * sum(character.tempo)


def _sounds(name: str, character: Character) -> bool:
    """Whether a sound is there: an instrument among those that begin, a part that plays."""
    if name == "drums":
        return bool(character.groove)
    if name == "bass":
        return bool(character.bass)
    if name == "melody":
        return character.melody > 0.0
    place, names = _SOUNDS[name]
    among = character.keys + character.lead if place in {"keys", "lead"} else getattr(character, place)
    return bool(names & set(among))


def random_prompts(count: int, seed: int) -> list[str]:
    """Words of the lexicon, small words and figures, mixed with characters of any kind."""
    from focuscli.music.prompt.grammar import roles
    from focuscli.music.prompt.lexicon import known_phrases

    draw = random.Random(seed)  # noqa: S311  # no secret
    words = [*known_phrases(), *(" ".join(small) for small in roles())]
    return [_random_prompt(draw, words) for _ in range(count)]


def _random_prompt(draw: random.Random, words: list[str]) -> str:
    parts = []
    for _ in range(draw.choice((1, 3, 8, 20, 60))):
        kind = draw.random()
        if kind < 0.6:
            parts.append(draw.choice(words))
        elif kind < 0.7:
            parts.append(f"{draw.randint(0, 10 ** draw.randint(1, 6))}{draw.choice((' ', ''))}bpm")
        elif kind < 0.8:
            parts.append(
                draw.choice((",", "!", "\n", "- ", "(", "in d minor", "A# major", "and", "or", "no", "not too"))
            )
        elif kind < 0.9:
            parts.append("".join(draw.choice(_NOISE) for _ in range(draw.randint(1, 9))))
        else:
            parts.append("".join(chr(draw.randrange(0x110000)) for _ in range(draw.randint(1, 9))))
    return draw.choice((" ", " ", "")).join(parts)


def trespasses(prompt: str) -> list[str]:
    """Which bounds of its goal the music of a prompt leaves, at any intensity."""
    reading = read(prompt)
    return [
        f"{intensity} {name}: {value:g}"
        for intensity in Intensity
        for name, value, (low, high) in _bounded_values(reading, grant(reading, intensity))
        if not low <= value <= high
    ]


def _bounded_values(reading: Reading, found: Character) -> list[tuple[str, float, tuple[float, float]]]:
    bounds = BOUNDS[reading.goal]
    tempo = (SLOWEST_BPM, FASTEST_BPM) if reading.bpm is not None else bounds["tempo"]
    own = max(row.lead_centre for (goal, _), row in CHARACTERS.items() if goal is reading.goal)
    centres = [found.pad_centre, found.keys_centre, found.lead_centre]
    return [
        ("slowest", found.tempo[0], tempo),
        ("fastest", found.tempo[1], tempo),
        *(("grid", 960.0 / k, (0.95 * tempo[0], 1.05 * tempo[1])) for k in found.grid_16hz),
        *((name, getattr(found, name), bounds[name]) for name in ("ceiling", "attack_ms", "onsets")),
        *(("centre", centre, (43.0, max(own, found.ceiling))) for centre in centres),
        ("brightness", found.brightness, (0.05, 1.7)),
        ("room_s", found.room_s, (0.5, 3.6)),
        ("melody", found.melody, (0.0, 0.6 if reading.goal is Goal.SLEEP else 1.0)),
        ("parts", min(len(found.keys), len(found.lead), len(found.pads)), (1, 12)),
        ("drums in sleep", bool(found.groove), (0, 0 if reading.goal is Goal.SLEEP else 1)),
    ]
