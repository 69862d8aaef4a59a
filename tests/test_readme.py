"""What the README says is what the program does."""

import re
from pathlib import Path

from focuscli.errors import EXIT_CODE_MEANINGS, ExitCode

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_table_of_exit_codes_is_the_one_in_the_code() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", README, re.MULTILINE)
    told = {int(code): meaning for code, meaning in rows if int(code) < 100}
    assert told == {int(code): EXIT_CODE_MEANINGS[code] for code in ExitCode if code < 100}
    assert "| 129, 130, 143 | the terminal went away; interrupted with Ctrl-C; terminated |" in README


def test_the_pictures_it_shows_are_there() -> None:
    for picture in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README):
        assert (Path(__file__).parent.parent / picture).read_text(encoding="utf-8").startswith("<svg")
