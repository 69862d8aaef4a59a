"""Rows of figures as a table of text."""

from typing import Any


def table(rows: list[dict[str, Any]]) -> str:
    """Columns in the order of the first row's keys."""
    heads = list(rows[0])
    cells = [heads, *([_text(row.get(head, "")) for head in heads] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(heads))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)


def _text(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) and abs(value) < 100 else str(value)
