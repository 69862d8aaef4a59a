"""A prompt's words as music: a small lexicon of moods, tempi, instruments and places, and what each changes."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from focuscli.model import MAX_PROMPT_CHARACTERS, Goal, Intensity
from focuscli.music.goals import CHARACTERS, Character

DEFAULT_GOAL = Goal.FOCUS
SLOWEST_BPM, FASTEST_BPM = 40.0, 150.0

_WORD = re.compile(r"[^\W\d_]+|\d+")
_TEMPO = re.compile(r"\b(\d{2,3})\s*bpm\b")
_KEY = re.compile(r"\bin ([a-g])[ -]?(sharp|flat)?[ -]?(major|minor)?\b")
_NEGATIONS = frozenset({"no", "without", "not", "never", "less", "minus", "kein", "keine", "ohne"})
_PITCH_CLASSES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}


@dataclass(frozen=True, slots=True)
class Wish:
    """What one word asks for; factors are relative, tuples replace, 0 votes for nothing."""

    goal: Goal | None = None
    tempo: float = 1.0
    density: float = 1.0
    brightness: float = 1.0
    room: float = 1.0
    melody: float = 0.0
    modes: tuple[str, ...] = ()
    instrument: str = ""
    pad: str = ""
    texture: str = ""
    drums: bool = False
    bass: bool = False
    groove: str = ""


_SAD, _HAPPY = ("aeolian", "dorian"), ("ionian", "lydian")
_LEXICON: dict[str, Wish] = {
    # what for
    "focus": Wish(Goal.FOCUS), "work": Wish(Goal.FOCUS), "study": Wish(Goal.FOCUS), "code": Wish(Goal.FOCUS),
    "coding": Wish(Goal.FOCUS), "read": Wish(Goal.FOCUS), "reading": Wish(Goal.FOCUS),
    "writing": Wish(Goal.FOCUS), "concentrate": Wish(Goal.FOCUS), "lofi": Wish(Goal.FOCUS, groove="soft"),
    "relax": Wish(Goal.RELAX), "calm": Wish(Goal.RELAX, density=0.8), "peace": Wish(Goal.RELAX),
    "peaceful": Wish(Goal.RELAX), "meditation": Wish(Goal.RELAX, density=0.6, room=1.2),
    "meditate": Wish(Goal.RELAX, density=0.6), "spa": Wish(Goal.RELAX), "yoga": Wish(Goal.RELAX),
    "ambient": Wish(Goal.RELAX, density=0.6, room=1.2), "tea": Wish(Goal.RELAX), "chill": Wish(Goal.RELAX),
    "sleep": Wish(Goal.SLEEP), "night": Wish(Goal.SLEEP, brightness=0.8), "dream": Wish(Goal.SLEEP),
    "bed": Wish(Goal.SLEEP), "drone": Wish(Goal.SLEEP, density=0.4), "lullaby": Wish(Goal.SLEEP, melody=0.3),
    "energy": Wish(Goal.ENERGIZE), "energetic": Wish(Goal.ENERGIZE), "run": Wish(Goal.ENERGIZE),
    "running": Wish(Goal.ENERGIZE), "workout": Wish(Goal.ENERGIZE), "gym": Wish(Goal.ENERGIZE),
    "dance": Wish(Goal.ENERGIZE), "party": Wish(Goal.ENERGIZE), "upbeat": Wish(Goal.ENERGIZE),
    "techno": Wish(Goal.ENERGIZE, groove="full"), "house": Wish(Goal.ENERGIZE, groove="full"),
    # how fast, how much
    "slow": Wish(tempo=0.85), "slower": Wish(tempo=0.85), "fast": Wish(tempo=1.15), "faster": Wish(tempo=1.15),
    "sparse": Wish(density=0.5), "minimal": Wish(density=0.55, melody=-0.2), "simple": Wish(density=0.75),
    "busy": Wish(density=1.4), "dense": Wish(density=1.4), "rich": Wish(density=1.2),
    "quiet": Wish(density=0.7, brightness=0.8), "soft": Wish(brightness=0.7), "gentle": Wish(brightness=0.75),
    "intense": Wish(density=1.3, brightness=1.3), "driving": Wish(tempo=1.05, density=1.2),
    # colour and mood
    "dark": Wish(brightness=0.45, modes=_SAD), "bright": Wish(brightness=1.7, modes=_HAPPY),
    "warm": Wish(brightness=0.7, pad="warm"), "cold": Wish(brightness=1.3, pad="glass"),
    "sad": Wish(tempo=0.93, modes=_SAD), "melancholic": Wish(modes=_SAD), "moody": Wish(modes=_SAD),
    "happy": Wish(tempo=1.06, modes=_HAPPY), "joyful": Wish(tempo=1.06, modes=_HAPPY),
    "sunny": Wish(brightness=1.3, modes=_HAPPY), "hopeful": Wish(modes=("lydian", "ionian")),
    "mysterious": Wish(modes=("dorian", "aeolian"), room=1.2), "dreamy": Wish(modes=("lydian",), room=1.3),
    "jazz": Wish(modes=("dorian", "mixolydian"), groove="brush"), "folk": Wish(modes=("mixolydian",)),
    "major": Wish(modes=("ionian",)), "minor": Wish(modes=("aeolian",)), "dorian": Wish(modes=("dorian",)),
    "lydian": Wish(modes=("lydian",)), "mixolydian": Wish(modes=("mixolydian",)),
    # instruments
    "piano": Wish(instrument="felt"), "felt": Wish(instrument="felt"), "keys": Wish(instrument="epiano"),
    "rhodes": Wish(instrument="epiano"), "vibraphone": Wish(instrument="vibes"),
    "vibes": Wish(instrument="vibes"), "kalimba": Wish(instrument="kalimba"),
    "harp": Wish(instrument="harp"), "guitar": Wish(instrument="harp"), "marimba": Wish(instrument="marimba"),
    "bell": Wish(instrument="glass"), "glass": Wish(instrument="glass", pad="glass"),
    "flute": Wish(instrument="flute"), "strings": Wish(pad="strings"), "violin": Wish(pad="strings"),
    "choir": Wish(pad="choir"), "voice": Wish(pad="choir"), "pad": Wish(density=0.7),
    "drum": Wish(drums=True), "beat": Wish(drums=True), "percussion": Wish(drums=True),
    "bass": Wish(bass=True), "melody": Wish(melody=0.3), "brush": Wish(groove="brush"),
    # places
    "rain": Wish(texture="rain"), "storm": Wish(texture="rain", brightness=0.8),
    "ocean": Wish(texture="ocean"), "sea": Wish(texture="ocean"), "wave": Wish(texture="ocean"),
    "vinyl": Wish(texture="vinyl"), "tape": Wish(texture="vinyl"), "noise": Wish(texture="pink"),
    "wind": Wish(texture="air"), "cathedral": Wish(room=1.6), "church": Wish(room=1.5, pad="choir"),
    "hall": Wish(room=1.3), "space": Wish(room=1.4, pad="glass"), "dry": Wish(room=0.6),
    "forest": Wish(texture="air", pad="warm"), "cafe": Wish(texture="vinyl", groove="brush"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt was understood to say."""

    goal: Goal = DEFAULT_GOAL
    wanted: tuple[Wish, ...] = ()
    unwanted: tuple[Wish, ...] = ()
    bpm: float | None = None
    tonic: int | None = None
    """Pitch class, C = 0."""
    words: str = field(default="", compare=False)
    """The words themselves, in their order: two prompts never share all of their music."""


@lru_cache(maxsize=32)
def read(prompt: str) -> Reading:
    """Understand a prompt; what is not in the lexicon changes the draw of the music and nothing else."""
    text = prompt[:MAX_PROMPT_CHARACTERS].lower()
    words = _WORD.findall(text)
    wanted: list[Wish] = []
    unwanted: list[Wish] = []
    for before, word in zip(["", *words], words, strict=False):
        wish = _find(word)
        if wish is not None:
            (unwanted if before in _NEGATIONS else wanted).append(wish)
    tonic, modes = _key(text)
    if modes:
        wanted.append(Wish(modes=modes))
    goals = [wish.goal for wish in wanted if wish.goal is not None]
    goal = max(goals, key=goals.count) if goals else DEFAULT_GOAL
    return Reading(goal, tuple(wanted), tuple(unwanted), _bpm(text), tonic, " ".join(words))


def _find(word: str) -> Wish | None:
    """The word itself or, for plurals and the like, its stem of at least three letters."""
    for stem in (word, word[:-1], word[:-2]):
        if len(stem) >= 3 and stem in _LEXICON:
            return _LEXICON[stem]
    return None


def _bpm(text: str) -> float | None:
    match = _TEMPO.search(text)
    return min(FASTEST_BPM, max(SLOWEST_BPM, float(match.group(1)))) if match else None


def _key(text: str) -> tuple[int | None, tuple[str, ...]]:
    """The tonic and the modes of "in d minor"; a bare "in a" is an article, not a key."""
    match = _KEY.search(text)
    if match is None or not (match.group(2) or match.group(3)):
        return None, ()
    shift = {"sharp": 1, "flat": -1}.get(match.group(2) or "", 0)
    modes = {"major": ("ionian",), "minor": ("aeolian",)}.get(match.group(3) or "", ())
    return (_PITCH_CLASSES[match.group(1)] + shift) % 12, modes


def apply(reading: Reading, intensity: Intensity) -> Character:
    """The character of the goal that was read, bent by the wishes; every factor is bounded."""
    character = CHARACTERS[reading.goal, intensity]
    for wish in reading.wanted:
        character = _grant(character, wish)
    for wish in reading.unwanted:
        character = _refuse(character, wish)
    return _at_tempo(character, _tempo_factor(character, reading))


def _grant(character: Character, wish: Wish) -> Character:
    levels = character.levels
    if wish.texture:
        levels = replace(levels, texture=max(levels.texture, -13.0))
    groove = wish.groove or (character.groove or "soft" if wish.drums else character.groove)
    return replace(
        character,
        onsets=_bounded(character.onsets * wish.density, 0.1, 7.0),
        brightness=_bounded(character.brightness * wish.brightness, 0.08, 1.6),
        room_s=_bounded(character.room_s * wish.room, 0.6, 3.6),
        melody=_bounded(character.melody + wish.melody, 0.0, 1.0),
        modes=wish.modes or character.modes,
        keys=(wish.instrument,) if wish.instrument else character.keys,
        lead=(wish.instrument,) if wish.instrument else character.lead,
        pads=(wish.pad,) if wish.pad else character.pads,
        textures=(wish.texture,) if wish.texture else character.textures,
        groove=groove,
        levels=levels,
    )


def _refuse(character: Character, wish: Wish) -> Character:
    keys = tuple(name for name in character.keys if name != wish.instrument) or ("epiano",)
    lead = tuple(name for name in character.lead if name != wish.instrument) or ("vibes",)
    return replace(
        character,
        keys=keys,
        lead=lead,
        pads=tuple(name for name in character.pads if name != wish.pad) or ("warm",),
        textures=tuple(name for name in character.textures if name != wish.texture),
        groove="" if wish.drums or wish.groove else character.groove,
        bass="" if wish.bass else character.bass,
        melody=0.0 if wish.melody else character.melody,
        brightness=_bounded(character.brightness / wish.brightness, 0.08, 1.6),
        onsets=_bounded(character.onsets / wish.density, 0.1, 7.0),
    )


def _tempo_factor(character: Character, reading: Reading) -> float:
    if reading.bpm is not None:
        return reading.bpm / (0.5 * sum(character.tempo))
    factor = 1.0
    for wish in reading.wanted:
        factor *= wish.tempo
    for wish in reading.unwanted:
        factor /= wish.tempo
    return _bounded(factor, 0.6, 1.5)


def _at_tempo(character: Character, factor: float) -> Character:
    if factor == 1.0:
        return character
    slow, fast = (_bounded(bpm * factor, SLOWEST_BPM, FASTEST_BPM) for bpm in character.tempo)
    grid = (round(960.0 / (0.5 * (slow + fast))),) if character.grid_16hz else ()
    return replace(character, tempo=(slow, fast), grid_16hz=grid)


def _bounded(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
