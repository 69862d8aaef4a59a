"""Pictures are whole in themselves, and show what the terminal showed."""

import io
import re
import sys
from xml.etree import ElementTree as ET

import pytest

from focuscli.view import picture
from focuscli.view.live import console_on
from focuscli.view.panel import panel
from tests.view.scenes import SCENES, playing

SVG = "{http://www.w3.org/2000/svg}"


def ansi(columns: int, rows: int) -> str:
    stream = io.StringIO()
    console = console_on(stream, color=True)
    console.size = (columns, rows)
    console.print(panel(playing(), columns, rows))
    return stream.getvalue()


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 20)])
def test_it_is_xml_that_names_no_host(scene: str, columns: int, rows: int):
    svg = picture.drawn(SCENES[scene](), columns, rows, "focus watch")
    ET.fromstring(svg)
    assert re.findall(r"https?://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]
    assert "@font-face" not in svg
    assert "url(" not in re.sub(r"url\(#", "", svg)


def test_captured_text_gives_the_same_picture_as_the_snapshot():
    assert picture.captured(ansi(80, 24), 80, 24, "x") == picture.drawn(playing(), 80, 24, "x")


def test_each_text_is_as_long_as_its_cells():
    svg = ET.fromstring(picture.captured("外付け ab", 40, 2, "x"))
    (text,) = [text for text in svg.iter(f"{SVG}text") if text.get("textLength")]
    assert float(text.get("textLength")) == pytest.approx(9 * 20 * 0.602)


def test_the_picture_has_the_size_of_the_window_however_little_it_shows():
    boxes = {picture.captured(text, 40, 20, "x").split('viewBox="')[1].split('"')[0] for text in ("one", "one\n" * 19)}
    assert len(boxes) == 1


def test_the_program_reads_stdin_and_writes_stdout(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(sys, "stdin", io.StringIO(ansi(40, 20)))
    picture.main(["--columns", "40", "--rows", "20", "--title", "focus watch"])
    written = capsys.readouterr().out
    assert "focus&#160;watch" in written or "focus watch" in written
    ET.fromstring(written)
