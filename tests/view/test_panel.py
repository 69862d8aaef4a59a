"""What a panel promises at any size: whole words, a free last column, states in words."""

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len

from focuscli import events
from focuscli.view import look
from focuscli.view.framed import framed
from focuscli.view.lines import Row, fit, width_of, within, wrap
from focuscli.view.panel import panel
from tests.view.scenes import SCENES, after, crossfading, holding, muted, paused, playing, quiet, technical


def plain(snapshot, columns: int, rows: int = 24, **options) -> str:
    return panel(snapshot, columns, rows, **options).plain


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("columns", range(60, 125, 8))
def test_frames_are_straight_and_leave_the_last_column_free(scene: str, columns: int):
    widths = panel(SCENES[scene](), columns, 24).widths
    assert set(widths) == {min(columns - 1, 100)}


@pytest.mark.parametrize("scene", [name for name in SCENES if name not in {"wide", "skipping"}])
@pytest.mark.parametrize("columns", [20, 25, 30, 35, 40, 50, 59, 60, 70, 79])
def test_no_word_is_cut_at_any_width(scene: str, columns: int):
    """Every word of a narrow picture is a word of some wide one."""
    known = set()
    for wide in (29, 58, 80, 100):
        known |= set(re.findall(r"[\w:%]+", plain(SCENES[scene](), wide, 40)))
    shown = set(re.findall(r"[\w:%]+", plain(SCENES[scene](), columns, 40)))
    assert shown <= known


@pytest.mark.parametrize("rows", range(1, 25))
@pytest.mark.parametrize("columns", [40, 80])
def test_low_windows_lose_the_least_important_first(columns: int, rows: int):
    text = plain(playing(), columns, rows)
    assert text.count("\n") + 1 <= max(1, rows - 1)
    assert "1:12:09" in text


@pytest.mark.parametrize("columns", [80, 40])
def test_every_state_is_said_in_words(columns: int):
    assert "paused" in plain(paused(), columns)
    assert "muted" in plain(muted(), columns)
    assert "holding" in plain(holding(), columns)
    assert "late" in plain(holding(), columns)
    assert "quiet since 22:28" in plain(quiet(), columns)
    assert "related" in plain(crossfading(), columns)


def test_the_bar_tells_played_ready_and_planned_apart_without_colour():
    bar = plain(playing(), 80).split("\n")[3]
    assert re.search("━+●─+┈+", bar)
    assert re.search(r"=+O-+\.+", plain(playing(), 80, ascii=True).split("\n")[3])


def test_hints_shrink_and_quit_stays():
    for columns in range(60, 80):
        assert "q quit" in plain(playing(), columns)
    assert "q quit" in plain(playing(), 30, 20)


def test_a_wide_window_does_not_stretch_the_panel():
    assert set(panel(playing(), 300, 50).widths) == {100}


@pytest.mark.parametrize("columns", [120, 80, 60, 40, 30])
def test_the_technical_line_is_whole_at_any_width(columns: int):
    text = plain(technical(), columns)
    for part in ("latency 0.30 s", "buffer 2 s", "gain −0.4 dB", "seam r 0.99, lag −2.3 ms", "engine answers"):
        assert part in text
        assert part not in plain(replace(technical(), technical=False), columns)
    assert "engine: connection refused" in plain(
        after(technical(), [events.EngineQuiet("connection refused")]), columns
    )
    assert "latency 0.30 s" in plain(technical(), 20)


def test_dropouts_are_shown_only_where_there_were_any():
    assert "dropout" not in plain(playing(), 80)
    assert "1 dropout" in plain(after(playing(), [events.Underrun(20.0)]), 80)


def test_no_accent_is_yellow_which_is_for_warnings():
    for goal in look._ACCENTS:
        lines = framed(replace(playing(), goal=goal), 79, 23, look.UNICODE)
        assert not any(style == look.WARN and text for line in lines for text, style in line)


@pytest.mark.parametrize(
    ("text", "width", "kept"),
    [
        ("Built-in Audio Analog Stereo", 40, "Built-in Audio Analog Stereo"),
        ("Built-in Audio Analog Stereo", 20, "Built-in Audio…"),
        ("alsa_output.pci-0000_00_1f.3.analog-stereo", 30, "alsa_output.pci-0000_00_1f.3.…"),
        ("外付けスピーカー", 9, "外付けス…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("anything", 0, ""),
    ],
)
def test_text_is_fitted_by_words(text: str, width: int, kept: str):
    assert fit(text, width, "…") == kept
    assert cell_len(fit(text, width, "…")) <= width


def test_text_is_wrapped_between_words_and_ends():
    assert wrap("one two three four five", 9, "…") == ["one two", "three…"]
    assert wrap("one two", 9, "…") == ["one two"]
    assert all(cell_len(line) <= 7 for line in wrap("外付けスピーカー（USB）", 7, "…", 3))


def test_rows_of_the_highest_rank_give_way_first():
    rows = [Row((("a", ""),)), Row((("b", ""),), 2), Row((("c", ""),), 1), Row((("d", ""),), 2)]
    assert ["".join(text for text, _ in line) for line in within(rows, 2)] == ["a", "c"]


def test_widths_are_counted_in_cells():
    assert width_of((("外付け", ""), ("ab", "bold"))) == 8
