"""The phrase that lies nearest to words nobody listed: TF-IDF over words and the letters inside them, by cosine."""

import math
import zlib
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from focuscli.music.prompt.anchors import ANCHORS
from focuscli.music.prompt.grammar import STOP_WORDS
from focuscli.music.prompt.text import folded

ENOUGH = 0.39
"""The cosine from which a phrase is taken to mean the same."""
_LETTERS = (3, 4, 5)
_LETTERS_WEIGHT = 0.35
_STOP_WEIGHT = 0.2
_MOST_WORDS = 24


class Nearest(NamedTuple):
    """A phrase, the concepts it stands for, and how near it is, 0…1."""

    phrase: str
    concepts: tuple[str, ...]
    likeness: float


class _Index(NamedTuple):
    postings: dict[int, list[tuple[int, float]]]
    """For each feature the phrases that have it, with its share of their unit length."""
    rarity: dict[int, float]
    unseen: float
    """How rare a feature counts that no phrase has."""


def nearest(words: tuple[str, ...]) -> Nearest | None:
    """The phrase that is nearest to some folded words, if it is near enough; the first of equals."""
    index = _index()
    features = _features(words[:_MOST_WORDS])
    weights = {feature: weight * index.rarity.get(feature, index.unseen) for feature, weight in features.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    likeness = [0.0] * len(ANCHORS)
    for feature, weight in weights.items():
        for number, share in index.postings.get(feature, ()):
            likeness[number] += weight * share
    best = max(range(len(ANCHORS)), key=lambda number: (likeness[number], -number))
    near = round(likeness[best] / length, 3) if length else 0.0
    if near < ENOUGH:
        return None
    phrase, concepts = ANCHORS[best]
    return Nearest(phrase, tuple(concept.strip() for concept in concepts.split(",")), min(1.0, near))


def _features(words: tuple[str, ...]) -> dict[int, float]:
    """Hashed words and n-grams of letters inside padded words, each with its weight."""
    found: dict[int, float] = {}
    for word in words:
        if word in STOP_WORDS:
            found[zlib.crc32(word.encode())] = _STOP_WEIGHT
            continue
        padded = f"<{word}>".encode()
        found[zlib.crc32(padded)] = 1.0
        for size in _LETTERS:
            for place in range(len(padded) - size + 1):
                found[zlib.crc32(padded[place : place + size], size)] = _LETTERS_WEIGHT
    return found


@lru_cache(maxsize=1)
def _index() -> _Index:
    phrases = [_features(folded(phrase)) for phrase, _ in ANCHORS]
    spread = Counter(feature for features in phrases for feature in features)
    rarity = {feature: math.log(1.0 + len(phrases) / count) for feature, count in spread.items()}
    postings: dict[int, list[tuple[int, float]]] = {}
    for number, features in enumerate(phrases):
        weights = {feature: weight * rarity[feature] for feature, weight in features.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        for feature, weight in weights.items():
            postings.setdefault(feature, []).append((number, weight / length))
    return _Index(postings, rarity, 0.5 * math.log(1.0 + len(phrases)))
