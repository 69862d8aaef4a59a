"""What a word or phrase means: as it is listed, by its stem, as a German compound, or with one slip of the finger."""

from functools import lru_cache
from typing import NamedTuple

from focuscli.music.prompt.grammar import STOP_WORDS, roles
from focuscli.music.prompt.meaning import Concept, Wish
from focuscli.music.prompt.purposes import PURPOSES
from focuscli.music.prompt.qualities import QUALITIES
from focuscli.music.prompt.scenery import SCENERY
from focuscli.music.prompt.sounds import SOUNDS
from focuscli.music.prompt.text import folded
from focuscli.music.prompt.times import TIMES

_ROWS: dict[str, Concept] = {**SOUNDS, **SCENERY, **QUALITIES, **TIMES, **PURPOSES}
CONCEPTS: dict[str, Wish] = {name: row.wish for name, row in _ROWS.items()}
"""The wish of each concept. Where two list the same word, the first has it."""

LONGEST_PHRASE = 5
_ENDINGS = (
    "s",
    "es",
    "e",
    "en",
    "er",
    "em",
    "n",
    "a",
    "as",
    "os",
    "ly",
    "y",
    "ish",
    "ing",
    "ed",
    "ness",
    "mente",
    "ment",
)
_GERMAN_ENDS = frozenset({"musik", "gerausch", "gerausche", "klang", "klange", "zeit", "stimmung", "tag"})
_SHORTEST_STEM = 4
_SHORTEST_PART = 4
_SHORTEST_COMPOUND = 8


class Entry(NamedTuple):
    """A concept that some words stand for; `turned` where they say that it is absent (drumless)."""

    concept: str
    turned: bool = False


@lru_cache(maxsize=1)
def _entries() -> dict[tuple[str, ...], Entry]:
    table: dict[tuple[str, ...], Entry] = {}
    for concept, row in _ROWS.items():
        for written in row.words:
            table.setdefault(folded(written), Entry(concept, written.startswith("-")))
    return table


def known_phrases() -> list[str]:
    """Every listed word and phrase, folded."""
    return [" ".join(tokens) for tokens in _entries()]


@lru_cache(maxsize=1)
def _german() -> dict[str, Entry]:
    """Single German words, of which compounds are made."""
    table: dict[str, Entry] = {}
    for concept, row in _ROWS.items():
        for tokens in map(folded, row.german.split(",")):
            if len(tokens) == 1 and len(tokens[0]) >= _SHORTEST_PART:
                table.setdefault(tokens[0], Entry(concept))
    return table


@lru_cache(maxsize=1)
def _slips() -> dict[str, str]:
    """Words with one letter left out, and the word they come from (after SymSpell, Garbe 2012)."""
    table: dict[str, str] = {}
    for tokens in _entries():
        if len(tokens) == 1 and len(tokens[0]) >= _SHORTEST_PART:
            for shorter in _with_one_left_out(tokens[0]):
                table.setdefault(shorter, tokens[0])
    return table


def phrase_at(tokens: list[str], place: int) -> tuple[Entry, int] | None:
    """The longest known phrase that begins at a place, with its length; words as they are written or their stems."""
    entries = _entries()
    for length in range(min(LONGEST_PHRASE, len(tokens) - place), 0, -1):
        entry = entries.get(tuple(tokens[place : place + length]))
        if entry is not None:
            return entry, length
    return None


def entries_of(word: str) -> tuple[Entry, ...]:
    """What a single word that is not listed may mean: by its stem, by its parts, or misspelt; empty if nothing."""
    if word in STOP_WORDS or word.isdigit() or (word,) in roles():
        return ()
    stemmed = _by_stem(word)
    if stemmed is not None:
        return (stemmed,)
    return _by_parts(word) or _by_slip(word)


def _by_stem(word: str) -> Entry | None:
    entries = _entries()
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM:
            for form in (stem, stem + "e", stem + "o"):
                if (form,) in entries:
                    return entries[(form,)]
    return None


def _by_parts(word: str) -> tuple[Entry, ...]:
    """The parts of a German compound: Klaviermusik, Regennacht."""
    if len(word) < _SHORTEST_COMPOUND:
        return ()
    german = _german()
    for cut in range(len(word) - 2, _SHORTEST_PART - 1, -1):
        first = german.get(word[:cut])
        if first is not None:
            rest = word[cut:].removeprefix("s")
            last = german.get(rest)
            known = last is not None or rest in _GERMAN_ENDS
            return ((first, last) if last else (first,)) if known else ()
    return ()


def _by_slip(word: str) -> tuple[Entry, ...]:
    """The word with one letter missing, doubled, wrong or swapped with its neighbour; the first letter is right."""
    if len(word) < _SHORTEST_PART:
        return ()
    slips, entries = _slips(), _entries()
    candidates = [slips.get(word), *(slips.get(shorter) for shorter in _with_one_left_out(word))]
    candidates += [shorter for shorter in _with_one_left_out(word) if (shorter,) in entries]
    likely = {meant for meant in candidates if meant and meant[0] == word[0] and _is_slip(word, meant)}
    return (entries[(min(likely, key=lambda meant: (abs(len(meant) - len(word)), meant)),)],) if likely else ()


def _with_one_left_out(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(1, len(word))]


def _is_slip(word: str, meant: str) -> bool:
    """Whether one slip leads from `meant` to `word`; in short words only swapped, missing or doubled letters do."""
    if len(word) == len(meant):
        wrong = [place for place in range(len(word)) if word[place] != meant[place]]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(word) == sorted(meant)
        return swapped or (len(wrong) == 1 and len(word) >= 7)
    longer, shorter = (word, meant) if len(word) > len(meant) else (meant, word)
    if len(longer) - len(shorter) != 1 or len(shorter) < _SHORTEST_PART:
        return False
    doubled = any(
        longer[:place] + longer[place + 1 :] == shorter and longer[place] == longer[place - 1]
        for place in range(1, len(longer))
    )
    return doubled or (len(longer) >= 7 and shorter in _with_one_left_out(longer))
