"""How fast strangers' FLAC segments become one file, on one core, and how ffmpeg does the same job."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from focuscli.bench.answering import answering
from focuscli.bench.spent import children_cpu_s
from focuscli.model import Goal, Intensity
from focuscli.music.render import render_segment
from focuscli.music.timeline import Piece
from focuscli.units import SAMPLE_RATE

LEAST_TIMES_REAL_TIME = 100.0
SEGMENTS = 27
"""An hour of them."""
SESSION_ID = "mfocus_0123456789ab"
TARGET_LUFS = -14.0
_FADE_MS = 1500
_LEVELS_DB = (0.0, -6.0, 3.0, -12.0)
_GOALS = (Goal.FOCUS, Goal.RELAX, Goal.ENERGIZE, Goal.SLEEP)
_LENGTH_S = 1200


def measure(quick: bool) -> list[dict[str, Any]]:
    """A row a program: CPU and wall seconds on one core for the whole session, and the multiple of real time."""
    with tempfile.TemporaryDirectory() as folder:
        files = _segments(Path(folder), 4 if quick else SEGMENTS)
        length_s = sum(soundfile.info(file).frames for file in files) / SAMPLE_RATE
        jobs = {"focus export": _focus, "ffmpeg acrossfade + alimiter": _ffmpeg, "the same, levelled first": _levelled}
        rows = []
        for name, job in jobs.items():
            took = job(files, Path(folder))
            if took is None:
                continue
            times = length_s / took.cpu_s
            row = {"what": name, "sound_s": round(length_s), "cpu_s": took.cpu_s, "wall_s": took.wall_s}
            ok = times >= LEAST_TIMES_REAL_TIME or name != "focus export"
            rows.append({**row, "times_real_time": round(times), "ok": ok})
        return rows


@dataclass(frozen=True, slots=True)
class _Took:
    cpu_s: float
    wall_s: float


def _segments(folder: Path, count: int) -> list[Path]:
    """Music of several kinds and levels as another engine might send it: FLAC of 16 bits, of which nothing is said."""
    files = []
    for index in range(count):
        piece = Piece(_GOALS[index % len(_GOALS)], Intensity.MEDIUM, 0.35, index, _LENGTH_S)
        sound = render_segment(piece, 1 + index % 4) * np.float32(10.0 ** (_LEVELS_DB[index % 3] / 20.0))
        files.append(folder / f"{index}.flac")
        soundfile.write(files[-1], np.clip(sound, -1.0, 1.0), SAMPLE_RATE, subtype="PCM_16")
    return files


def _focus(files: list[Path], folder: Path) -> _Took:
    engine = _Engine(files)
    with answering(engine.answer) as engine.url:
        environment = {**os.environ, "FOCUS_HOME": str(folder / "home"), "FREDDY_API_KEY": "fk_bench"}
        command = [sys.executable, "-m", "focuscli", "export", SESSION_ID, "--to", str(folder / "focus.flac")]
        return _timed([[*command, "--remote", engine.url, "--organization", "org_bench"]], environment)


def _ffmpeg(files: list[Path], folder: Path) -> _Took | None:
    return _timed([_crossfading(files, folder)]) if shutil.which("ffmpeg") else None


def _levelled(files: list[Path], folder: Path) -> _Took | None:
    """Every file is measured once before: what ffmpeg needs to do to bring strangers to one loudness."""
    if not shutil.which("ffmpeg"):
        return None
    measuring = [
        ["ffmpeg", "-v", "error", "-threads", "1", "-i", str(file), "-af", "ebur128=peak=true", "-f", "null", "-"]
        for file in files
    ]
    return _timed([*measuring, _crossfading(files, folder)])


def _crossfading(files: list[Path], folder: Path) -> list[str]:
    inputs = [word for file in files for word in ("-i", str(file))]
    chain, before = [], "0:a"
    for index in range(1, len(files)):
        chain.append(f"[{before}][{index}:a]acrossfade=d={_FADE_MS / 1000}[x{index}]")
        before = f"x{index}"
    graph = ";".join([*chain, f"[{before}]alimiter=limit=-1dB:level=false[out]"])
    one = ["-threads", "1", "-filter_threads", "1", "-filter_complex_threads", "1"]
    out = ["-map", "[out]", "-c:a", "flac", "-sample_fmt", "s16", "-y", str(folder / "ffmpeg.flac")]
    return ["ffmpeg", "-v", "error", *one, *inputs, "-filter_complex", graph, *out]


def _timed(commands: list[list[str]], environment: dict[str, str] | None = None) -> _Took:
    """One after the other on one core; processes that they start are counted."""
    before, began = children_cpu_s(), time.perf_counter()
    for command in commands:
        subprocess.run(
            command, check=True, capture_output=True, env=environment, timeout=900, preexec_fn=_on_one_core()
        )
    wall_s = time.perf_counter() - began
    return _Took(round(children_cpu_s() - before, 2), round(wall_s, 2))


def _on_one_core() -> Callable[[], None] | None:
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = max(os.sched_getaffinity(0))
    return lambda: os.sched_setaffinity(0, {core})


class _Engine:
    """As much of a remote engine as an export asks: one session, all of it ready, and its media."""

    def __init__(self, files: list[Path]) -> None:
        self._files = files
        self.url = ""
        """Where it is reached."""

    def answer(self, path: str) -> bytes:
        """The session, or the segment that the last part of the path names."""
        name = path.rpartition("/")[2]
        if name.endswith(".flac"):
            return self._files[int(name.removesuffix(".flac"))].read_bytes()
        return json.dumps(self._session()).encode()

    def _session(self) -> dict[str, Any]:
        segments = [
            {
                "segment_index": index,
                "playback_url": f"{self.url}/media/{file.name}?e=1",
                "measured_duration_seconds": soundfile.info(file).duration,
                "target_lufs": TARGET_LUFS,
                "fade_in_ms": _FADE_MS,
                "fade_out_ms": _FADE_MS,
            }
            for index, file in enumerate(self._files)
        ]
        count = len(segments)
        return {
            "session_id": SESSION_ID,
            "status": "ended",
            "goal": "focus",
            "engine": "bench",
            "target_minutes": 2 * count,
            "total_segments": count,
            "ready_count": count,
            "segments": segments,
            "more_pending": False,
            "next_ready_at": None,
        }
