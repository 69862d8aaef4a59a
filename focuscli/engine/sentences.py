"""What is said to a database, by name: `sql/<matter>.sql`, and in `sql/<dialect>/<matter>.sql` what differs there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "sql"
POSTGRES = "postgres"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that is said: `text`, with `:name` for each term, and how another dialect has it where that differs."""

    text: str
    otherwise: tuple[tuple[str, str], ...] = field(default=())

    def spoken(self, dialect: str) -> str:
        """As a dialect has it."""
        return dict(self.otherwise).get(dialect, self.text)


def read_sentences(matter: str) -> dict[str, Sentence]:
    """The named sentences of a matter: each begins with `-- name: …`."""
    differing = dict(_named(FOLDER / POSTGRES / f"{matter}.sql"))
    common = dict(_named(FOLDER / f"{matter}.sql"))
    alone = {name: Sentence(text, ((POSTGRES, text),)) for name, text in differing.items()}
    return alone | {
        name: Sentence(text, ((POSTGRES, differing[name]),) if name in differing else ())
        for name, text in common.items()
    }


def _named(file: Path) -> Iterator[tuple[str, str]]:
    if not file.exists():  # a matter of which nothing differs
        return
    for block in file.read_text(encoding="utf-8").split("-- name: ")[1:]:
        name, _, text = block.partition("\n")
        yield name.strip(), text.strip()
