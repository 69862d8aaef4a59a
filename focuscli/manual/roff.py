"""Text as man(7) wants it: every character that means something there is escaped, and every page is laid out alike."""

import textwrap
from collections.abc import Iterable, Sequence

_WIDTH = 78
_ESCAPES = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"}


def escaped(text: str) -> str:
    """Text that reads as it is written."""
    return "".join(_ESCAPES.get(c, c if c.isascii() else f"\\[u{ord(c):04X}]") for c in text)


def bold(text: str) -> str:
    """In bold."""
    return f"\\fB{escaped(text)}\\fR"


def italic(text: str) -> str:
    """In italics: what stands for something else."""
    return f"\\fI{escaped(text)}\\fR"


class Page:
    """A page as it grows; what is added is roff already where it says so, and plain text else."""

    def __init__(self, name: str, section: int, date: str, source: str, manual: str, sentence: str) -> None:
        title = escaped(name.upper())
        self._lines = [f'.TH "{title}" "{section}" "{date}" "{source}" "{manual}"']
        self.section("NAME")
        what = sentence.partition(";")[0].rstrip(".")
        self.wrapped(f"{escaped(name)} \\- {escaped(what[:1].lower() + what[1:])}")

    def section(self, heading: str) -> None:
        """Begin a section."""
        self._lines.append(f".SH {escaped(heading)}")

    def line(self, roff: str) -> None:
        """A line of roff; one that would be taken for a request is guarded."""
        self._lines.append(f"\\&{roff}" if roff.startswith((".", "'")) else roff)

    def wrapped(self, roff: str) -> None:
        """Running roff, in lines that can be read in the source too."""
        for line in textwrap.wrap(roff, _WIDTH, break_long_words=False, break_on_hyphens=False):
            self.line(line)

    def text(self, text: str) -> None:
        """Plain running text."""
        self.wrapped(escaped(text))

    def prose(self, text: str) -> None:
        """Plain text whose paragraphs stand apart by empty lines."""
        self.paragraphs(text.strip().split("\n\n"))

    def paragraphs(self, paragraphs: Iterable[str]) -> None:
        """Paragraphs of plain text."""
        for place, paragraph in enumerate(paragraphs):
            if place:
                self._lines.append(".PP")
            self.text(paragraph)

    def after(self, text: str) -> None:
        """Plain text that goes on after lines to be typed, or after a list."""
        self._lines.append(".PP")
        self.prose(text)

    def items(self, items: Iterable[tuple[str, str]]) -> None:
        """Terms, which are roff, and what each means."""
        for term, meaning in items:
            self._lines.append(".TP")
            self.line(term)
            self.text(meaning)

    def example(self, lines: Sequence[str]) -> None:
        """Lines to be typed, as they are."""
        if not self._lines[-1].startswith(".SH"):
            self._lines.append(".PP")
        self._lines += [".RS 4", ".nf"]
        for line in lines:
            self.line(escaped(line))
        self._lines += [".fi", ".RE"]

    def see_also(self, pages: Iterable[tuple[str, int]]) -> None:
        """The last section: other pages."""
        self.section("SEE ALSO")
        self.wrapped(", ".join(f"{bold(name)}({section})" for name, section in pages))

    def written(self) -> str:
        """The whole page."""
        return "\n".join(self._lines) + "\n"
