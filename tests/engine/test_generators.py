"""Generators are found by their key: ours without a look around, plug-ins by entry point, broken ones without harm."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from focuscli.audio.mastering import MASTERED
from focuscli.engine import render_job
from focuscli.engine.generators import Broken, NotOffered, generator, known, offered, refusal
from focuscli.engine.objects import object_key
from focuscli.engine.procedural import Procedural
from focuscli.engine.render_job import RenderSpec, render_segment_job
from focuscli.generator import BySegment, Continuous, Description, Licence
from focuscli.model import Goal, Intensity
from focuscli.music.timeline import Piece, Span, spans
from focuscli.noise.generator import Noise
from tests.engine.rig import SESSIONS, START, Rig

PLUGIN = str(Path(__file__).parents[1] / "plugin")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example package, as pip would have installed it."""
    monkeypatch.syspath_prepend(PLUGIN)
    yield
    sys.modules.pop("focus_tone", None)


def keys() -> list[str]:
    return [made.description.key for made in offered()]


def test_ours_keep_to_a_contract_and_say_what_they_are() -> None:
    assert isinstance(Procedural(), Continuous)
    assert isinstance(Noise(), Continuous)
    assert keys() == ["procedural", "noise"]  # musicgen has no weights here


def test_a_plug_in_is_offered_and_those_that_break_are_not(installed: None) -> None:
    assert keys() == ["procedural", "noise", "tone"]
    assert set(known()) >= {"tone", "torn", "nameless", "misnamed"}
    for key, reason in (("torn", "No module named"), ("nameless", "not callable"), ("misnamed", "calls itself tone")):
        with pytest.raises(Broken, match=reason):
            generator(key)


def test_a_plug_in_cannot_take_the_place_of_one_of_ours(installed: None) -> None:
    assert isinstance(generator("procedural"), Procedural)


def test_what_is_not_there_is_refused_with_what_is() -> None:
    with pytest.raises(NotOffered, match="engine must be one of procedural, noise"):
        generator("orchestra")
    reason = refusal("musicgen", 10)
    assert reason is not None
    assert "FOCUS_MUSICGEN_WEIGHTS" in reason


def test_a_session_names_its_generator_and_another_is_invalid(rig: Rig, installed: None) -> None:
    session = rig.start(engine="tone", target_minutes=60)
    assert session["engine"] == "tone"
    claim = rig.store.claim("rig", 60.0)
    assert claim is not None
    assert Piece.from_json(claim.piece).generator == "tone"
    for wrong, minutes in (("orchestra", 60), ("torn", 60), (7, 60), ("tone", 61)):
        refused = rig.ask("POST", SESSIONS, {**START, "engine": wrong, "target_minutes": minutes})
        assert refused.status == 422
        assert refused.json["error"]["details"]["field"] == "engine", refused.body


def test_the_default_is_told_to_nobody(rig: Rig) -> None:
    rig.start(engine="procedural")
    claim = rig.store.claim("rig", 60.0)
    assert claim is not None
    assert "generator" not in json.loads(claim.piece)


def test_the_default_engine_does_not_look_for_plug_ins() -> None:
    program = """
import sys
from focuscli.engine.generators import generator, refusal
from focuscli.engine.start_request import parse_start
parse_start(b'{"goal": "focus", "target_minutes": 5}')
assert refusal("procedural", 5) is None and refusal("noise", 5) is None
generator("procedural")
print("importlib.metadata" in sys.modules, "numpy" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "False"]


def rendered(piece: Piece, index: int, folder: Path) -> soundfile.SoundFile:
    key = object_key("mfocus_1", index, 1)
    json.loads(render_segment_job(RenderSpec(piece.to_json(), index, str(folder), key).to_json()))
    return soundfile.SoundFile(folder / key)


@pytest.mark.parametrize("key", ["noise", "tone"])
def test_segments_of_a_continuous_generator_share_their_overlap(key: str, installed: None, tmp_path: Path) -> None:
    piece = Piece(Goal.RELAX, Intensity.MEDIUM, 0.0, 3, 60, segment_s=20, generator=key)
    with rendered(piece, 0, tmp_path) as first, rendered(piece, 1, tmp_path) as second:
        assert first.comment == second.comment == MASTERED
        shared = spans(piece)[0].stop - spans(piece)[1].start
        end, beginning = first.read(always_2d=True)[-shared:], second.read(shared, always_2d=True)
    assert np.array_equal(end, beginning)
    assert np.abs(end).max() > 0.01


class Echo:
    """A generator that plays its number, and keeps what it was told of the segment before."""

    description = Description("echo", "Echo", "A step for each segment.", Licence.UNCLEAR)
    remembers_s = 2.0

    def __init__(self) -> None:
        self.heard: list[np.ndarray | None] = []
        self.samples: np.ndarray | None = None

    def render_segment(self, piece: Piece, index: int, before: np.ndarray | None) -> np.ndarray:
        self.heard.append(before)
        if self.samples is not None:
            return self.samples
        return np.full((spans(piece)[index].frames, 2), 0.125 * (index + 1), np.float32)


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> Echo:
    made = Echo()
    assert isinstance(made, BySegment)
    monkeypatch.setattr(render_job, "generator", lambda key: {"echo": made}[key])
    return made


def test_a_generator_by_segments_hears_the_end_of_the_one_before(echo: Echo, tmp_path: Path) -> None:
    piece = Piece(Goal.RELAX, Intensity.MEDIUM, 0.0, 3, 60, segment_s=20, generator="echo")
    for index in (0, 1):
        with rendered(piece, index, tmp_path) as file:
            assert file.comment != MASTERED  # so the player measures it
    with rendered(Piece(Goal.RELAX, Intensity.MEDIUM, 0.0, 3, 60, segment_s=20, generator="echo"), 2, tmp_path / "new"):
        pass  # its neighbour is not ready
    assert [None if heard is None else heard.shape for heard in echo.heard] == [None, (96_000, 2), None]
    assert echo.heard[1] is not None
    assert np.abs(echo.heard[1] - 0.125).max() < 1e-4


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (np.zeros((960_000, 1), np.float32), "not .frames, 2."),
        (np.zeros((960_000, 2)), "float64"),
        (np.zeros((48_000, 2), np.float32), "48000 frames"),
        (np.full((960_000, 2), 1.1, np.float32), "over full scale"),
        (np.full((960_000, 2), np.nan, np.float32), "over full scale"),
    ],
)
def test_samples_that_break_the_contract_fail_the_attempt(
    echo: Echo, samples: np.ndarray, reason: str, tmp_path: Path
) -> None:
    echo.samples = samples
    piece = Piece(Goal.RELAX, Intensity.MEDIUM, 0.0, 3, 60, segment_s=20, generator="echo")
    with pytest.raises(ValueError, match=reason):
        rendered(piece, 0, tmp_path)
    assert not list(tmp_path.rglob("*.flac"))


def test_the_example_is_a_pure_function_as_well(installed: None) -> None:
    piece = Piece(Goal.SLEEP, Intensity.MEDIUM, 0.0, 3, 60, generator="tone")
    made = generator("tone")
    assert isinstance(made, Continuous)
    whole = made.render_span(piece, Span(0, 96_000))
    assert np.allclose(made.render_span(piece, Span(48_000, 96_000)), whole[48_000:], atol=1e-6)
