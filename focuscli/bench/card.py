"""A software sound card that records what it plays, and can be torn out: tests/virtual_sink.sh from Python."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

SCRIPT = Path(__file__).parents[2] / "tests" / "virtual_sink.sh"


@dataclass(frozen=True, slots=True)
class Card:
    """A running card: the environment in which programs find it, and its recording."""

    folder: Path
    environment: dict[str, str]

    def recorded(self) -> npt.NDArray[np.float32]:
        """All that it has played so far, shape (frames, 2)."""
        _, _, data = (self.folder / "capture.wav").read_bytes().partition(b"data")
        data = data[4:]
        return np.frombuffer(data[: len(data) // 8 * 8], np.float32).reshape(-1, 2)

    def tear_out(self) -> None:
        """Take the device away; its recording ends."""
        self._server("unload-module", "module-null-sink")

    def put_back(self) -> None:
        """A device of the same name is there again, with a recording of its own."""
        self._server("load-module", "module-null-sink", *_SINK)

    def _server(self, *words: str) -> None:
        subprocess.run(["pactl", *words], env=self.environment, check=True, capture_output=True)


_SINK = ("sink_name=card", "format=float32le", "rate=48000", "channels=2", "norewinds=1")


def is_possible() -> bool:
    """Whether this machine has what the card needs."""
    return SCRIPT.is_file() and bool(shutil.which("pulseaudio") and shutil.which("parec"))


@contextmanager
def card(folder: Path) -> Iterator[Card]:
    """Start it, and stop it."""
    started = subprocess.run(["bash", SCRIPT, "start", folder], capture_output=True, text=True, check=True)
    words = [word for word in shlex.split(started.stdout) if "=" in word]
    try:
        yield Card(folder, {**os.environ, **dict(word.split("=", 1) for word in words)})
    finally:
        subprocess.run(["bash", SCRIPT, "stop", folder], check=True, capture_output=True)
