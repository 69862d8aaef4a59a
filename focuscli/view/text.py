"""Foreign text made safe to print: what a server or a user wrote can never steer the terminal."""

import unicodedata

LIMIT = 200
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANKS = frozenset("\t\n\r\v\f")


def clean(text: str, limit: int = LIMIT) -> str:
    """`text` on one line, at most `limit` characters long, with nothing in it that a terminal obeys.

    Controls, format characters (bidirectional overrides, zero-width joiners), surrogates, private and
    unassigned code points become U+FFFD; line breaks and tabs become spaces.
    """
    if len(text) > limit:
        text = text[: max(0, limit - 1)] + ELLIPSIS
    return "".join(map(_printable, text))


def _printable(character: str) -> str:
    if character in _BLANKS:
        return " "
    return REPLACEMENT if unicodedata.category(character) in _UNPRINTABLE else character


_SPELLED = str.maketrans(
    {
        ELLIPSIS: "...",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{RIGHTWARDS ARROW}": "->",
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{MUSIC SHARP SIGN}": "#",
        "\N{MUSIC FLAT SIGN}": "b",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    }
)


def plain_ascii(text: str) -> str:
    """`text` for a stream that can only encode ASCII: accents are dropped, what has no spelling becomes `?`."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    kept = (character for character in decomposed if not unicodedata.combining(character))
    return "".join(character if character.isascii() else "?" for character in kept)
