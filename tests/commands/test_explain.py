"""`focus start --explain` says what a prompt means, and starts nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from focuscli.errors import ExitCode
from focuscli.model import Goal, Intensity
from focuscli.music.character import character_of
from focuscli.music.timeline import Piece
from tests.commands.conftest import Focus
from tests.fakes.engine import FakeEngine

PROMPT = "rainy lo-fi piano, 70 bpm, D minor, no drums, blorp"


def test_a_prompt_is_explained_line_by_line_and_nothing_starts(focus: Focus, fake: FakeEngine) -> None:
    done = focus("start", "--prompt", PROMPT, "--explain")
    assert (done.code, done.err, fake.asked) == (ExitCode.OK, "", [])
    lines = done.out.splitlines()
    assert "understood    70 bpm   70 bpm" in lines
    assert "              d minor  D aeolian" in lines
    assert "              rainy    rain: textures rain" in lines
    assert "              drums    no drums: without drums" in lines
    assert "ignored       blorp" in lines
    assert "tempo         70 bpm" in lines
    assert "key           D, aeolian" in lines
    assert "drums         none" in lines


def test_as_json_it_is_one_document_with_the_character_that_plays(focus: Focus, fake: FakeEngine) -> None:
    done = focus("start", "--prompt", PROMPT, "--intensity", "high", "--explain", "--json")
    assert done.out.count("\n") == 1
    assert done.json.keys() == {"schema", "prompt", "intensity", "understood", "ignored", "parameters"}
    character = character_of(Piece(Goal.CUSTOM_PROMPT, Intensity.HIGH, 0.0, 1, 600, PROMPT))
    found = done.json["parameters"]
    assert found["goal"] == "focus"
    assert found["tempo_bpm"] == list(character.tempo) == [70.0, 70.0]
    assert (found["chords"], found["textures"], found["drums"]) == (["felt"], list(character.textures), None)
    assert found["onsets_per_s"] == pytest.approx(character.onsets, abs=0.01)
    assert done.json["ignored"] == ["blorp"]
    assert fake.asked == []


@pytest.mark.parametrize(
    "words",
    [
        ["--explain"],
        ["--explain", "--goal", "sleep"],
        ["--explain", "--prompt", "rain", "--watch"],
        ["--explain", "--prompt", "rain", "--wait"],
        ["--explain", "--prompt", "rain", "--quiet"],
        ["--explain", "--prompt", " "],
        ["--explain", "--prompt", "x" * 2001],
    ],
)
def test_what_cannot_be_explained_is_refused(focus: Focus, fake: FakeEngine, words: list[str]) -> None:
    error = focus("start", *words, "--json").error
    assert (error["code"], error["exit_code"], bool(error["hint"])) == ("usage", ExitCode.USAGE, True)
    assert fake.asked == []


@pytest.mark.parametrize(
    "prompt", ["\x1b[31mred\x1b]0;x\x07 \u202eright", "\ud800 piano", "🌧🔥", "雨のピアノ", "שקט", "\n\n--"]
)
def test_nothing_hostile_reaches_the_terminal(focus: Focus, prompt: str) -> None:
    for more in ([], ["--json"]):
        out = focus("start", f"--prompt={prompt}", "--explain", *more).out
        assert out.replace("\n", "").isprintable()
        out.encode()


def test_no_engine_is_started_and_a_terminal_without_the_letters_bears_it(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "focuscli", "start", "--prompt", "雨, rain", "--explain"]
    env = {"FOCUS_HOME": str(tmp_path), "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(program, capture_output=True, check=True, env=env)
    assert b"\nignored       ?\n" in ran.stdout
    assert b"\ntextures      rain\n" in ran.stdout
    assert not list(tmp_path.rglob("engine*"))
