"""Tempo and key as figures and letters: "72 bpm", "60-70 bpm", "F# minor", "d-Moll", "sol mayor", "key of G".

What is found is taken out of the text. Every pattern is linear: no nested repetition, bounded digits.
"""

import re
from typing import NamedTuple

from focuscli.music.prompt.meaning import FASTEST_BPM, SLOWEST_BPM

_BPM = re.compile(
    r"\b(\d{1,4})(?:[.,](\d))?(?:\s?(?:-|–|to|and|bis|und|a|y|et)\s?(\d{1,4}))?[ -]?"
    r"(?:bpm|ppm|beats? (?:per|a) min(?:ute)?|schlage (?:pro|die) minute|pulsaciones por minuto"
    r"|(?:battements|pulsations) par minute)\b",
    re.IGNORECASE,
)
_BPM_FIRST = re.compile(r"\b(?:bpm|tempo)\s?(?:of|[:=~]|at|de|von)?\s?(\d{2,4})\b", re.IGNORECASE)

_MODES = {
    "major": "ionian", "maj": "ionian", "dur": "ionian", "mayor": "ionian", "majeur": "ionian",
    "minor": "aeolian", "min": "aeolian", "moll": "aeolian", "menor": "aeolian", "mineur": "aeolian",
    "dorian": "dorian", "dorisch": "dorian", "dorico": "dorian", "dorien": "dorian",
    "lydian": "lydian", "lydisch": "lydian", "lidio": "lydian", "lydien": "lydian",
    "mixolydian": "mixolydian", "mixolydisch": "mixolydian", "mixolidio": "mixolydian",
    "aeolian": "aeolian", "ionian": "ionian", "pentatonic": "",
}  # fmt: skip
_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11, "h": 11}
_GERMAN = {
    "cis": 1, "dis": 3, "eis": 5, "fis": 6, "gis": 8, "ais": 10, "his": 0,
    "des": 1, "es": 3, "fes": 4, "ges": 6, "as": 8, "ces": 11,
}  # fmt: skip
_SYLLABLES = {"do": 0, "ut": 0, "re": 2, "mi": 4, "fa": 5, "sol": 7, "la": 9, "si": 11}
_SHIFTS = {
    "sharp": 1, "#": 1, "♯": 1, "sostenido": 1, "diese": 1,
    "flat": -1, "b": -1, "♭": -1, "bemol": -1,
}  # fmt: skip

_MODE = "|".join(sorted(_MODES, key=len, reverse=True))
_KEY = re.compile(
    rf"\b(?:(?:{'|'.join(_GERMAN)})|([a-h]))[ -]?(sharp|flat|#|♯|♭|b)?[ -]?({_MODE})\b",
    re.IGNORECASE,
)
_SYLLABLE_KEY = re.compile(
    rf"\b({'|'.join(_SYLLABLES)})[ -]?(sostenido|bemol|diese|#|♯|♭)?[ -]?(mayor|menor|majeur|mineur)\b",
    re.IGNORECASE,
)
_SHORT_KEY = re.compile(r"\b([A-G])(#|♯|♭|b)?m\b(?=\s?(?:$|[^\w\s]))|\bin ([A-G])(#|♯|♭|b)?m\b")
_KEY_OF = re.compile(r"\bkey of ([a-g])[ -]?(sharp|flat|#|♯|♭|b)?(?!\w)", re.IGNORECASE)
_IN_LETTER = re.compile(r"\bin ([B-G])(#|♯|♭|b)?(?!\w)(?=\s?(?:$|[,.;:!?)\n]))")
_ARTICLE_AFTER = re.compile(r"\s?(?:$|[^\w\s]|\d|pentat|and\b|und\b|y\b|et\b|with\b|mit\b|con\b|avec\b)")

NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


class Figures(NamedTuple):
    """What a text says in figures, and the text without it."""

    rest: str
    bpm: float | None = None
    tonic: int | None = None
    modes: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()


def figures_of(text: str) -> Figures:
    """Find tempo and key in a cleaned text whose case is kept."""
    rest, bpm, tempo_said = _tempo(text)
    rest, tonic, modes, key_said = _key(rest)
    return Figures(rest, bpm, tonic, modes, (*tempo_said, *key_said))


def _tempo(text: str) -> tuple[str, float | None, tuple[tuple[str, str], ...]]:
    match = _BPM.search(text)
    if match:
        first = float(f"{match[1]}.{match[2] or 0}")
        wanted = 0.5 * (first + float(match[3])) if match[3] else first
    else:
        match = _BPM_FIRST.search(text)
        if match is None:
            return text, None, ()
        wanted = float(match[1])
    bpm = min(FASTEST_BPM, max(SLOWEST_BPM, wanted))
    bound = "" if bpm == wanted else f" (from {SLOWEST_BPM:g} to {FASTEST_BPM:g} can be had)"
    return _without(text, match), bpm, ((_words(match), f"{bpm:g} bpm{bound}"),)


def _key(text: str) -> tuple[str, int | None, tuple[str, ...], tuple[tuple[str, str], ...]]:
    for pattern, meant in _KEY_READERS:
        for match in pattern.finditer(text):
            found = meant(match, text)
            if found is not None:
                tonic, mode = found
                said = f"{NAMES[tonic]} {mode}".strip()
                return _without(text, match), tonic, (mode,) if mode else (), ((_words(match), said),)
    return text, None, (), ()


def _letter_key(match: re.Match[str], text: str) -> tuple[int, str] | None:
    word, letter, mode = match[0].lower(), match[1], match[3].lower()
    if letter is None:
        if mode not in {"moll", "dur"}:
            return None  # "as minor as can be"
        name = next(name for name in sorted(_GERMAN, key=len, reverse=True) if word.startswith(name))
        return _GERMAN[name], _MODES[mode]
    if letter == "a" and not match[2] and not _ARTICLE_AFTER.match(text, match.end()):
        return None  # "a minor worry"
    tonic = _LETTERS[letter.lower()] + _SHIFTS.get((match[2] or "").lower(), 0)
    if letter in "bB" and mode in {"moll", "dur"}:
        tonic -= 1  # a German B is a B flat
    return tonic % 12, _MODES[mode]


def _syllable_key(match: re.Match[str], text: str) -> tuple[int, str] | None:
    if match[1].lower() == "la" and not match[2] and not _ARTICLE_AFTER.match(text, match.end()):
        return None  # "la mayor parte"
    return (_SYLLABLES[match[1].lower()] + _SHIFTS.get((match[2] or "").lower(), 0)) % 12, _MODES[match[3].lower()]


def _short_key(match: re.Match[str], _: str) -> tuple[int, str]:
    letter, shift = (match[1], match[2]) if match[1] else (match[3], match[4])
    return (_LETTERS[letter.lower()] + _SHIFTS.get(shift or "", 0)) % 12, "aeolian"


def _plain_key(match: re.Match[str], _: str) -> tuple[int, str]:
    return (_LETTERS[match[1].lower()] + _SHIFTS.get((match[2] or "").lower(), 0)) % 12, ""


_KEY_READERS = (
    (_KEY, _letter_key),
    (_SYLLABLE_KEY, _syllable_key),
    (_SHORT_KEY, _short_key),
    (_KEY_OF, _plain_key),
    (_IN_LETTER, _plain_key),
)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _words(match: re.Match[str]) -> str:
    return " ".join(match[0].split())
