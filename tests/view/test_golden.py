"""Panels as they are, at 120, 80, 40, 25 and 20 columns, in Unicode and in ASCII; and one with its colours.

To write them anew after a change that is meant: GOLDEN=write pytest tests/view/test_golden.py, then read
the difference before it is committed.
"""

import io
import itertools
import os
import re
from pathlib import Path

import pytest
from rich.text import Text

from focuscli.view.live import console_on
from focuscli.view.panel import panel
from tests.view.scenes import SCENES

FOLDER = Path(__file__).parents[1] / "golden" / "view"
SIZES = {120: 30, 80: 24, 40: 20, 25: 8, 20: 6}
COLOURS = Path(__file__).parents[1] / "golden" / "view-colours"


@pytest.mark.parametrize("glyphs", ["utf-8", "ascii"])
@pytest.mark.parametrize("columns", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_the_panel_is_as_it_was(scene: str, columns: int, glyphs: str):
    picture = panel(SCENES[scene](), columns, SIZES[columns], ascii=glyphs == "ascii")
    lines = [line.rstrip() for line in picture.plain.split("\n")]
    path = FOLDER / f"{scene}-{columns}-{glyphs}.txt"
    if os.environ.get("GOLDEN") == "write":
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == path.read_text(encoding="utf-8").rstrip("\n").split("\n")


@pytest.mark.parametrize("color", [True, False])
@pytest.mark.parametrize("columns", [120, 80, 40, 20])
def test_the_colours_are_as_they_were(columns: int, color: bool):
    """What a terminal is sent; with NO_COLOR bold and dim stay, and nothing is told by colour alone."""
    stream = io.StringIO()
    console = console_on(stream, color=color)
    console.width = columns
    for line in panel(SCENES["playing"](), columns, SIZES[columns]).lines:
        console.print(Text.assemble(*line), no_wrap=True, crop=True)
    sent = stream.getvalue()
    path = COLOURS / f"playing-{columns}-{'colour' if color else 'no-colour'}.txt"
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(sent, encoding="utf-8")
    assert sent == path.read_text(encoding="utf-8")
    assert bool(re.search(r"\x1b\[[0-9;]*(3[0-7]|9[0-7])m", sent)) == color


def test_no_panel_is_left_over():
    kinds = itertools.product(SCENES, SIZES, ("utf-8", "ascii"))
    expected = {f"{scene}-{columns}-{glyphs}.txt" for scene, columns, glyphs in kinds}
    assert {path.name for path in FOLDER.iterdir()} == expected
