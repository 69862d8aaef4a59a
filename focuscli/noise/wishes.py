"""Which sounds a session has: those that its prompt names, otherwise those of its goal."""

from focuscli.model import Goal
from focuscli.music.prompt import read
from focuscli.music.timeline import Piece

OF_GOAL: dict[Goal, tuple[str, str]] = {
    Goal.FOCUS: ("pink", "rain"),
    Goal.RELAX: ("sea", "stream"),
    Goal.SLEEP: ("brown", "sea"),
    Goal.ENERGIZE: ("wind", "white"),
}
"""The sound that is always there, and the one that joins it with divergence."""

MOST_SOUNDS = 3

_OF_CONCEPT: dict[str, tuple[str, ...]] = {
    "rain": ("rain",),
    "storm": ("rain", "wind"),
    "ocean": ("sea",),
    "brook": ("stream",),
    "wind": ("wind",),
    "forest": ("wind",),
    "brown noise": ("brown",),
    "pink noise": ("pink",),
    "noise": ("pink",),
}
"""The concepts of the lexicon of music that are sounds here."""

_OF_WORD: dict[str, frozenset[str]] = {
    "white": frozenset(("white", "weisses", "weisse", "blanco", "blanc", "static")),
    "air": frozenset(("fan", "airplane", "cabin", "ventilator", "ventilador", "ventilateur")),
    "fire": frozenset(
        (
            "fire",
            "fireplace",
            "campfire",
            "hearth",
            "bonfire",
            "kamin",
            "kaminfeuer",
            "lagerfeuer",
            "feuer",
            "fogata",
            "chimenea",
            "hoguera",
            "fuego",
            "cheminee",
            "feu",
        )
    ),
}
"""Words that share a concept with others in music, and are sounds of their own here."""
_OF_METAL = frozenset(
    (
        "tin",
        "metal",
        "blech",
        "blechdach",
        "wellblech",
        "wellblechdach",
        "zinc",
        "zink",
        "zinkdach",
        "chapa",
        "hojalata",
        "tole",
    )
)


def sounds_of(piece: Piece) -> tuple[str, ...]:
    """The sounds that a prompt names, the first ones; none where it names none."""
    if piece.goal is not Goal.CUSTOM_PROMPT:
        return ()
    from focuscli.music.prompt.meaning import Sense
    from focuscli.music.prompt.text import cleaned, tokens

    wanted: list[str] = []
    for one in read(piece.prompt).understood:
        if one.sense not in {Sense.UNWANTED, Sense.LESS}:
            wanted += _meant(one.meaning, frozenset(one.words.split()))
    named = dict.fromkeys(wanted)
    if "rain" in named and _OF_METAL & set(tokens(cleaned(piece.prompt))):
        named = dict.fromkeys("tin" if name == "rain" else name for name in named)
    return tuple(named)[:MOST_SOUNDS]


def _meant(concept: str, words: frozenset[str]) -> tuple[str, ...]:
    for name, said in _OF_WORD.items():
        if said & words:
            return (name,)
    return _OF_CONCEPT.get(concept, ())
