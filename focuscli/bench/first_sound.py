"""How long until something is heard: `focus start --watch` in a process of its own, from its start to the first sound.

    python -m focuscli.bench first_sound --runs 5 --json

Each run has a fresh home. The first start of a home finds no engine, a later one finds it running. The time is the
program's own: from the start of its process, as the kernel has it, to the first frame that is not silent and was
handed to the output. With a software sound card in the environment (ALSA_CONFIG_PATH, PULSE_SERVER) that is the
output, otherwise --no-audio.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from typing import Any

LIMIT_S = {"cold": 1.5, "warm": 0.8}
"""The marks: nothing running, and the engine warm."""

_GIVE_UP_S = 60.0


@dataclass
class Figures:
    """Seconds to the first sound, by whether an engine was running."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {"cold": [], "warm": []})

    def report(self) -> dict[str, Any]:
        """Medians beside their marks, every run, and where it was measured."""
        return {
            "median_s": {kind: round(statistics.median(runs), 3) for kind, runs in self.seconds.items()},
            "mark_s": LIMIT_S,
            "runs_s": self.seconds,
            "output": "device" if _has_sound() else "none, at the pace of sound",
            "machine": f"{os.cpu_count()} processors, {platform.platform()}, Python {platform.python_version()}",
            "load_1min": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        }


def measure(runs: int) -> Figures:
    """So many fresh homes, each once without and once with a running engine."""
    figures = Figures()
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as home:
            environment = {**os.environ, "FOCUS_HOME": home}
            try:
                figures.seconds["cold"].append(_first_sound_s(environment))
                _focus("end", environment)
                figures.seconds["warm"].append(_first_sound_s(environment))
            finally:
                _focus("engine stop", environment)
    return figures


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


def main(arguments: list[str]) -> int:
    """The command; exit code 1 where a median misses its mark."""
    parser = argparse.ArgumentParser(
        prog="python -m focuscli.bench first_sound", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    report = measure(options.runs).report()
    if options.json:
        print(json.dumps(report))
    else:
        for kind, median in report["median_s"].items():
            runs = ", ".join(f"{run:.2f}" for run in report["runs_s"][kind])
            print(f"{kind}: {median:.2f} s (mark {LIMIT_S[kind]} s; {runs})")
        print(f"output: {report['output']}; {report['machine']}; load {report['load_1min']:.1f}")
    return int(any(report["median_s"][kind] > LIMIT_S[kind] for kind in LIMIT_S))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
