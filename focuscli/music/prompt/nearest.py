"""The phrase that lies nearest to words nobody listed: TF-IDF over words and the letters inside them, by cosine."""

import math
import zlib
from collections import Counter
from collections.abc import Iterator
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
_BUCKETS = 1 << 16


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


def nearest(words: tuple[str, ...]) -> Nearest | None:
    """The phrase that is nearest to some folded words, if it is near enough; the first of equals."""
    index = _index()
    weights = _weights(words[:_MOST_WORDS], index.rarity, index.unseen)
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


def _features(words: tuple[str, ...]) -> Iterator[tuple[int, float]]:
    """Hashed words and n-grams of letters inside padded words, each with its weight."""
    for word in words:
        weight = _STOP_WEIGHT if word in STOP_WORDS else 1.0
        yield zlib.crc32(word.encode()) % _BUCKETS, weight
        if weight == 1.0:
            padded = f"<{word}>"
            for size in _LETTERS:
                for place in range(len(padded) - size + 1):
                    yield zlib.crc32(f"{size}{padded[place : place + size]}".encode()) % _BUCKETS, _LETTERS_WEIGHT


def _weights(words: tuple[str, ...], rarity: dict[int, float], unseen: float) -> dict[int, float]:
    counts: Counter[int] = Counter()
    heaviest: dict[int, float] = {}
    for feature, weight in _features(words):
        counts[feature] += 1
        heaviest[feature] = weight
    return {feature: heaviest[feature] * rarity.get(feature, unseen) for feature in counts}


@lru_cache(maxsize=1)
def _index() -> _Index:
    phrases = [folded(phrase) for phrase, _ in ANCHORS]
    spread = Counter(feature for words in phrases for feature in {feature for feature, _ in _features(words)})
    rarity = {feature: math.log(1.0 + len(phrases) / count) for feature, count in spread.items()}
    unseen = 0.5 * math.log(1.0 + len(phrases))
    postings: dict[int, list[tuple[int, float]]] = {}
    for number, words in enumerate(phrases):
        weights = _weights(words, rarity, unseen)
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        for feature, weight in weights.items():
            postings.setdefault(feature, []).append((number, weight / length))
    return _Index(postings, rarity, unseen)
