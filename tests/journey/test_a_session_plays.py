"""The main job, end to end: the program plays a session through a sound card, and the recording is judged."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from .conftest import Program, SoundCard
from .judge import Samples, click_ratio, longest_gap, loudness

RATE = 48_000


def _power_mean_lufs(segments: list[dict[str, float]]) -> float:
    power = [10 ** (segment["target_lufs"] / 10) for segment in segments]
    return float(10 * np.log10(np.average(power, weights=[s["measured_duration_seconds"] for s in segments])))


def _without_silence(samples: Samples) -> tuple[Samples, int]:
    sounding = np.flatnonzero(np.abs(samples).max(axis=1) > 0)
    return samples[sounding[0] : sounding[-1] + 1], int(sounding[0])


def _seam_edges(segments: list[dict[str, float]]) -> list[int]:
    edges, start_s = [], 0.0
    for segment in segments[:-1]:
        start_s += segment["measured_duration_seconds"] - segment["fade_out_ms"] / 1000
        edges += [round(start_s * RATE), round((start_s + segment["fade_out_ms"] / 1000) * RATE)]
    return edges


@pytest.mark.journey
@pytest.mark.timeout(300)
def test_three_segments_play_without_gap_or_click_at_their_loudness(
    focus: Program, sound_card: SoundCard, tmp_path: Path
) -> None:
    focus.environment |= sound_card.environment | {"FOCUS_LATENCY": "0.5"}
    session = focus.json("start", "--goal", "focus", "--minutes", "1", "--seed", "7")
    watch = focus.run("watch", "--json", "--volume", "100", timeout_s=150)
    assert watch.returncode == 0, watch.stderr
    events = [json.loads(line) for line in watch.stdout.splitlines()]
    assert (events[0]["type"], events[-1]["type"]) == ("hello", "bye")
    assert [event["segment_index"] for event in events if event["type"] == "now"] == [0, 1, 2]
    assert not [event for event in events if event["type"] in ("underrun", "holding", "skipped", "error")]

    recording, rate = soundfile.read(sound_card.stop(), dtype="float64")
    assert rate == RATE
    heard, _ = _without_silence(recording)
    assert longest_gap(heard) <= 0.005 * RATE

    reference = tmp_path / "sent.wav"
    assert focus.run("export", session["session_id"], "--to", str(reference)).returncode == 0
    sent, silent_lead = _without_silence(soundfile.read(reference, dtype="float64")[0])
    assert len(heard) == len(sent)
    assert np.abs(heard - sent).max() <= 1e-4

    segments = focus.json("status", session["session_id"])["segments"]
    assert max(click_ratio(heard, edge - silent_lead) for edge in _seam_edges(segments)) < 3

    trimmed = tmp_path / "heard.wav"
    soundfile.write(trimmed, heard, RATE, subtype="FLOAT")
    integrated, peak = loudness(trimmed)
    assert abs(integrated - _power_mean_lufs(segments)) <= 0.5
    assert peak <= -1.0


@pytest.mark.journey
def test_a_script_does_the_same_in_json(focus: Program, tmp_path: Path) -> None:
    session = focus.json("start", "--goal", "sleep", "--minutes", "90")
    assert list(session) == [
        "session_id",
        "status",
        "goal",
        "engine",
        "target_minutes",
        "total_segments",
        "ready_count",
        "segments",
        "more_pending",
        "next_ready_at",
    ]
    assert session["status"] == "active"
    assert focus.json("status")["session_id"] == session["session_id"]
    assert [item["session_id"] for item in focus.json("list")["sessions"]] == [session["session_id"]]
    first = focus.json("end", session["session_id"])
    assert first["status"] == "ended"
    assert focus.json("end", session["session_id"]) == first
    assert focus.run("status").returncode == 3


@pytest.mark.journey
def test_ninety_minutes_are_forty_five_segments(focus: Program) -> None:
    focus.environment.clear()
    assert focus.json("start", "--goal", "sleep", "--minutes", "90")["total_segments"] == 45


@pytest.mark.journey
def test_the_sound_goes_on_into_a_pipe(focus: Program) -> None:
    focus.json("start", "--goal", "relax", "--minutes", "1", "--seed", "3")
    exporting = focus.popen("export", "--to", "-", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert exporting.stdout is not None
    data, errors = exporting.stdout.buffer.read(), exporting.communicate()[1]  # type: ignore[attr-defined]
    assert exporting.returncode == 0, errors
    assert data[:4] == b"RIFF"
    assert abs(len(data) - 44 - 60 * RATE * 4) < RATE * 4
