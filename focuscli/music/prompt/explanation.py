"""What a prompt was understood to say and which music follows, told from the very reading and character that play."""

from dataclasses import dataclass, fields

from focuscli.model import Goal, Intensity, Modulation
from focuscli.music.character import character_of
from focuscli.music.goals import Character
from focuscli.music.prompt import read
from focuscli.music.prompt.figures import NAMES
from focuscli.music.prompt.meaning import Reading, Sense, Understood
from focuscli.music.prompt.text import cleaned
from focuscli.music.timeline import Piece

_TURNED = frozenset({Sense.UNWANTED, Sense.LESS})
_FACTORS = frozenset({"tempo", "density", "brightness", "room", "attack"})
_PARTS = frozenset({"parts", "without"})


@dataclass(frozen=True, slots=True)
class Meant:
    """Some words, what they mean, and what that changes."""

    words: str
    meaning: str
    effects: tuple[str, ...]
    likeness: float = 1.0
    """Less than 1 where the words were unknown and `meaning` is a phrase near to them."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The music that follows; names of instruments, pads and textures are the generator's own."""

    goal: Goal
    tempo_bpm: tuple[float, float]
    key: str | None
    modes: tuple[str, ...]
    chords: tuple[str, ...]
    melody: tuple[str, ...]
    melody_share: float
    pads: tuple[str, ...]
    textures: tuple[str, ...]
    drums: str | None
    bass: str | None
    onsets_per_s: float
    brightness: float
    room_s: float
    attack_ms: float
    register: tuple[int, int]
    """MIDI numbers: the pad's centre and the highest tone."""
    modulation_16hz: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """One prompt explained."""

    prompt: str
    """Cleaned: no control characters, one line."""
    intensity: Intensity
    understood: tuple[Meant, ...]
    ignored: tuple[str, ...]
    parameters: Parameters


def explain(prompt: str, intensity: Intensity, modulation: Modulation | None = None) -> Explanation:
    """What a session with this prompt will be."""
    reading = read(prompt)
    piece = Piece(Goal.CUSTOM_PROMPT, intensity, 0.0, seed=0, duration_s=0, prompt=prompt, modulation=modulation)
    said = tuple(Meant(words.lower(), meaning, ()) for words, meaning in reading.figures)
    return Explanation(
        prompt=" ".join(cleaned(prompt).split()),
        intensity=intensity,
        understood=said + tuple(_meant(one) for one in reading.understood),
        ignored=reading.ignored,
        parameters=_parameters(reading, character_of(piece)),
    )


def _parameters(reading: Reading, character: Character) -> Parameters:
    grid = character.grid_16hz
    slow, fast = (960.0 / max(grid), 960.0 / min(grid)) if grid else character.tempo
    return Parameters(
        goal=reading.goal,
        tempo_bpm=(round(slow, 1), round(fast, 1)),
        key=None if reading.tonic is None else NAMES[reading.tonic],
        modes=character.modes,
        chords=character.keys,
        melody=character.lead if character.melody else (),
        melody_share=round(character.melody, 2),
        pads=character.pads if character.levels.pad > -30.0 else (),
        textures=character.textures,
        drums=character.groove or None,
        bass=character.bass or None,
        onsets_per_s=round(character.onsets, 2),
        brightness=round(character.brightness, 2),
        room_s=round(character.room_s, 1),
        attack_ms=round(character.attack_ms, 1),
        register=(character.pad_centre, character.ceiling),
        modulation_16hz=character.modulation,
    )


def _meant(one: Understood) -> Meant:
    meaning = f"{_degree(one)}{one.meaning}"
    return Meant(one.words, f"{meaning} (as in: {one.phrase})" if one.phrase else meaning, _effects(one), one.likeness)


def _degree(one: Understood) -> str:
    if one.sense is Sense.UNWANTED:
        return "no " if one.wish.is_sound else "not "
    if one.sense is Sense.WANTED:
        return "very " if one.strength > 1.0 else "a little " if one.strength < 1.0 else ""
    return f"{one.sense} "


def _effects(one: Understood) -> tuple[str, ...]:
    """What changes, for people: `goal focus`, `tempo x0.85`, `textures rain`, `without drums`."""
    if one.sense is Sense.LESS and one.wish.is_sound:
        return ("softer",)
    changed = ["louder"] if one.sense is Sense.MORE and one.wish.is_sound else []
    for place in fields(one.wish):
        value = getattr(one.wish, place.name)
        if place.name != "vote" and value != place.default:
            changed += _effect(place.name, value, one)
    return tuple(changed)


def _effect(name: str, value: object, one: Understood) -> list[str]:
    turned = one.sense in _TURNED
    if isinstance(value, tuple):
        listed = ", ".join(value)
        if name in _PARTS:
            return [f"without {listed}"] if turned == (name == "parts") and not (turned and name == "without") else []
        return [f"{'without' if turned else name} {listed}"]
    if name in _FACTORS and isinstance(value, float):
        return [f"{name} x{value ** (-1.0 if turned else one.strength):.2g}"]
    if name in {"register", "melody"} and isinstance(value, int | float):
        return [f"{name} {-value if turned else value:+g}"]
    if name == "bpm":
        return [] if turned else [f"tempo about {value:g} bpm"]
    return [f"{name} {'not ' if turned else ''}{value}"]
