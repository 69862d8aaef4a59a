"""The real program in a subprocess, with a home of its own and, where it plays, a sound card made of software."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SINK = Path(__file__).parent.parent / "virtual_sink.sh"


@dataclass
class Program:
    """`focus`, as a shell would start it."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def popen(self, *words: str, **options: Any) -> "subprocess.Popen[str]":
        environment = os.environ | {"FOCUS_HOME": str(self.home)} | self.environment
        return subprocess.Popen(
            [sys.executable, "-m", "focuscli", *words], env=environment, cwd=self.home, text=True, **options
        )

    def run(self, *words: str, timeout_s: float = 120, **options: Any) -> "subprocess.CompletedProcess[str]":
        process = self.popen(
            *words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, **options
        )
        try:
            out, err = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            pytest.fail(f"focus {' '.join(words)} did not end in {timeout_s:g} s\n{out[-2000:]}\n{err[-2000:]}")
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def json(self, *words: str, **options: Any) -> Any:
        done = self.run(*words, "--json", **options)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def focus(tmp_path: Path) -> Iterator[Program]:
    home = tmp_path / "focus"
    home.mkdir()
    program = Program(home, {"FOCUS_SEGMENT_SECONDS": "20"})
    yield program
    program.run("engine", "stop")


@dataclass
class SoundCard:
    """A running software sound card and where its recording goes."""

    folder: Path
    environment: dict[str, str]

    def stop(self) -> Path:
        subprocess.run([SINK, "stop", self.folder], check=True, timeout=60)
        return self.folder / "capture.wav"


@pytest.fixture
def sound_card(tmp_path: Path) -> Iterator[SoundCard]:
    for tool in ("pulseaudio", "parec", "pactl"):
        if shutil.which(tool) is None:
            pytest.skip(
                f"the software sound card needs {tool} (Debian: pulseaudio pulseaudio-utils libasound2-plugins)"
            )
    folder = tmp_path / "card"
    done = subprocess.run([SINK, "start", folder], capture_output=True, text=True, timeout=60, check=True)
    words = done.stdout.replace("export ", "").replace("'", "").split()
    card = SoundCard(folder, dict(word.split("=", 1) for word in words))
    yield card
    card.stop()
