"""Panels as they are, at 80, 40 and 25 columns, in Unicode and in ASCII.

To write them anew after a change that is meant: GOLDEN=write pytest tests/view/test_golden.py, then read
the difference before it is committed.
"""

import itertools
import os
from pathlib import Path

import pytest

from focuscli.view.panel import panel
from tests.view.scenes import SCENES

FOLDER = Path(__file__).parents[1] / "golden" / "view"
SIZES = {80: 24, 40: 20, 25: 8}


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


def test_no_panel_is_left_over():
    kinds = itertools.product(SCENES, SIZES, ("utf-8", "ascii"))
    expected = {f"{scene}-{columns}-{glyphs}.txt" for scene, columns, glyphs in kinds}
    assert {path.name for path in FOLDER.iterdir()} == expected
