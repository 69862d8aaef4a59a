"""How long until something is heard: `focus start --watch` in a process of its own, from its start to the first sound.

    python -m focuscli.bench first_sound --json

Each run has a fresh home. The first start of a home finds no engine (cold), the second finds it running (warm). The
time is the program's own: from the start of its process, as the kernel has it, to the first frame that is not silent
and was handed to the output. With a software sound card in the environment (ALSA_CONFIG_PATH, PULSE_SERVER) that is
the output, otherwise --no-audio.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

MARKS_S = {"cold": 1.5, "warm": 0.8}
"""Nothing running, and the engine warm."""

RUNS = 5
QUICK_RUNS = 2
_GIVE_UP_S = 60.0
_REST_S = 3.0
"""The segment that was being rendered for the first session is finished by then: a warm engine is one at rest."""


def measure(quick: bool = False) -> list[dict[str, Any]]:
    """A row for cold and one for warm: the median beside its mark, every run, and where it was measured."""
    runs: dict[str, list[float]] = {"cold": [], "warm": []}
    for _ in range(QUICK_RUNS if quick else RUNS):
        _measure_one_home(runs)
    return [
        {
            "first_sound": kind,
            "median_s": statistics.median(seconds),
            "mark_s": MARKS_S[kind],
            "ok": statistics.median(seconds) <= MARKS_S[kind],
            "runs_s": seconds,
            "output": "device" if _has_sound() else "none",
            "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
            "machine": f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}",
        }
        for kind, seconds in runs.items()
    ]


def _measure_one_home(runs: dict[str, list[float]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "FOCUS_HOME": home}
        try:
            runs["cold"].append(_first_sound_s(environment))
            _focus("end", environment)
            time.sleep(_REST_S)
            runs["warm"].append(_first_sound_s(environment))
        finally:
            _focus("engine stop", environment)


def _first_sound_s(environment: dict[str, str]) -> float:
    words = ["start", "--watch", "--json", *([] if _has_sound() else ["--no-audio"])]
    command = [sys.executable, "-m", "focuscli", *words]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as playing:
        assert playing.stdout is not None
        for line in playing.stdout:
            record = json.loads(line)
            if record["type"] == "first_sound":
                playing.terminate()
                playing.communicate(timeout=_GIVE_UP_S)
                return float(record["after_s"])
    raise RuntimeError(f"no sound came; exit code {playing.returncode}")


def _focus(words: str, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "focuscli", *words.split()]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=_GIVE_UP_S)


def _has_sound() -> bool:
    return bool(os.environ.get("ALSA_CONFIG_PATH") or os.environ.get("PULSE_SERVER"))
