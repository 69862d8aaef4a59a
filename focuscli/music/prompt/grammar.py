"""The small words that turn, strengthen, join or end what is said, in English, German, Spanish and French."""

from enum import Enum, auto
from functools import lru_cache

from focuscli.music.prompt.text import folded


class Role(Enum):
    """What a small word does to the words after it."""

    WITHOUT = auto()
    """Negates sounds and qualities up to the clause's next sound: no, without."""
    NOT = auto()
    """Negates one thing: not, not too."""
    LESS = auto()
    MORE = auto()
    VERY = auto()
    SLIGHTLY = auto()
    OR = auto()
    """Joins: what was negated goes on."""
    AND = auto()
    """Joins: what was negated goes on with a thing of the same kind."""
    BUT = auto()
    """Ends a negation."""
    WITH = auto()
    """Ends a negation that has met its object: "no drums with piano", but "not with drums"."""
    OFF = auto()
    """Negates the sound before it: drums off, beat-free."""
    FILLER = auto()
    """Says nothing and ends nothing."""


_WORDS = {
    Role.WITHOUT: (
        "no, without, w o, minus, zero, none of, avoid, avoiding, remove, skip, drop the, leave out, except, except "
        "for, excluding, exclude, anything but, everything but, hate, dislike, not a fan of, free of, free from, "
        "dont, do not, dont want, dont like, dont use, do not want, do not use, dont play, never any, neither, nor "
        "any, lacking, kein, keine, keinen, keinem, keiner, ohne, nie, niemals, bitte kein, weder, ausser, "
        "verzichte auf, sin, ningun, ninguna, nada de, no quiero, excepto, salvo, evitar, sans, pas de, pas d, "
        "aucun, aucune, point de, pas du, pas la, ni, je ne veux pas, sauf, jamais de, evite, eviter"
    ),
    Role.NOT: (
        "not, never, isnt, shouldnt be, not too, not so, not very, not that, no too, nothing, nothing too, not for, "
        "not at all, nothing like, aint, cannot, cant be, nicht, nicht zu, nicht so, nicht sehr, nicht allzu, "
        "nichts, no muy, no tan, no demasiado, no sea, no es, nada, pas, pas trop, pas si, pas tres, pas tellement, "
        "ne pas, pas pour"
    ),
    Role.LESS: (
        "less, fewer, reduce, reduced, lower the, not much, not many, little, few, turn down, weniger, minder, "
        "kaum, menos, poco, poca, pocos, moins, moins de, peu de"
    ),
    Role.MORE: (
        "more, lots of, a lot of, plenty of, plenty, much, many, extra, loud, heavy on, mehr, viel, viele, mas, "
        "mucho, mucha, muchos, muchas, plus, plus de, beaucoup, beaucoup de, much more"
    ),
    Role.VERY: (
        "very, really, extremely, super, ultra, so, incredibly, insanely, totally, deeply, way, quite, too, sehr, "
        "total, extrem, richtig, besonders, muy, demasiado, super, tan, tres, vraiment, extremement, hyper"
    ),
    Role.SLIGHTLY: (
        "slightly, a bit, bit, a little, a little bit, a touch, a touch of, a hint of, somewhat, kinda, kind of, "
        "sort of, fairly, rather, etwas, ein bisschen, bisschen, leicht, ein wenig, ziemlich, un poco, algo, "
        "ligeramente, un peu, legerement, plutot"
    ),
    Role.OR: ("or, nor, oder, noch, o, u, ou, ni"),
    Role.AND: ("and, und, y, e, et, plus, sowie"),
    Role.BUT: (
        "but, aber, pero, mais, just, only, nur, sondern, sino, instead, nothing but, nothing else, else, nichts als, "
        "nada mas que, solo quiero, rien que, please, however, though, yet, doch, jedoch"
    ),
    Role.WITH: (
        "with, mit, con, avec, want, for, fur, para, pour, zum, zur, while, because, with some, during, at, to, when, "
        "pendant, durante, wahrend, in, en"
    ),
    Role.OFF: ("off, free, frei, aus, apagado"),
    Role.FILLER: (
        "the, a, an, any, of, some, that, this, is, be, it, too much, at all, der, die, das, ein, eine, einen, den, "
        "dem, des, zu, el, la, los, las, un, una, unos, le, les, l, d, du, de, une, trop, muchas, use, want any, "
        "like, annoying, distracting, bajo la, bajo el, bajo los, bajo las, bajo un, i, i m, im, me, my, you"
    ),
}

_STOP = (
    "a an the of in on at to for with and or i me my we you your it its is are be am was this that these those some "
    "something anything music song songs sound sounds sounding track tracks playlist session piece tune vibe vibes "
    "feel feeling mood like kind style type please give make play want need would love could can help let have has "
    "get got put from by into out up down over through around while when during as so very really just only bit "
    "little lot more less much many any no not without good nice great best perfect beautiful pretty time day today "
    "now minutes minute hour hours long there here what which who how im ive one two new old all every each other "
    "hz bpm between than being about also even maybe perhaps thing things sort "
    "der die das den dem des ein eine einen einem einer und oder mit ohne fur zu zum zur im in am an auf bei "
    "von vom ist sind ich mir mein meine musik lied stuck klang klange bitte etwas so sehr wie wenn als aus nach el "
    "la los las un una unos unas y o con sin para por de del al en es son mi mis que como musica cancion sonido "
    "sonidos algo muy mas quiero necesito le la les un une des du de d l et ou avec sans pour par en au aux dans "
    "sur est sont je mon ma mes que comme musique morceau son sons ambiance quelque chose tres plus veux j ai s se "
    "ce cette il"
)
STOP_WORDS = frozenset(_STOP.split())
"""Words that alone say nothing about music; they are neither reported nor looked up."""


@lru_cache(maxsize=1)
def roles() -> dict[tuple[str, ...], Role]:
    """Each small word or phrase as its tokens; the first role that lists it has it."""
    table: dict[tuple[str, ...], Role] = {}
    for role, words in _WORDS.items():
        for phrase in words.split(","):
            table.setdefault(folded(phrase), role)
    return table
