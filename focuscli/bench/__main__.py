"""Run one measurement by name and print its figures as a table or as JSON."""

import argparse
import importlib
import json
import sys
from typing import Any

BENCHES = {
    "speed": "how fast music is made, warm and from a cold interpreter",
    "seams": "whether segments of other processes fit bit for bit",
    "first_sound": "how long from the start of the program to the first sound",
    "durability": "what is lost when the engine is killed with -9 in the middle of a session",
    "prompts": "how many prompts of a table are understood, and whether random ones stay in their goal's bounds",
    "music": "loudness, peaks, colour, width and density of what is made",
}
"""Each is a module of this package with `measure(quick: bool) -> list[dict[str, Any]]`."""


def main() -> int:
    """Dispatch; exit code 1 when a row says that it is not `ok`."""
    parser = argparse.ArgumentParser(prog="python -m focuscli.bench", description=__doc__)
    parser.add_argument("name", choices=BENCHES, help="; ".join(f"{k}: {v}" for k, v in BENCHES.items()))
    parser.add_argument("--json", action="store_true", help="one JSON array instead of a table")
    parser.add_argument("--quick", action="store_true", help="less of everything")
    options = parser.parse_args()
    rows = importlib.import_module(f"focuscli.bench.{options.name}").measure(options.quick)
    print(json.dumps(rows, indent=2) if options.json else table(rows))
    return 0 if all(row.get("ok", True) for row in rows) else 1


def table(rows: list[dict[str, Any]]) -> str:
    """Columns in the order of the first row's keys."""
    heads = list(rows[0])
    cells = [heads, *([_text(row.get(head, "")) for head in heads] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(heads))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)


def _text(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) and abs(value) < 100 else str(value)


if __name__ == "__main__":
    sys.exit(main())
