"""A software sound card that records what it plays, and can be torn out: tests/virtual_sink.sh from Python."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

SCRIPT = Path(__file__).parents[2] / "tests" / "virtual_sink.sh"


class Card:
    """A running card: the environment in which programs find it, and its recordings."""

    def __init__(self, folder: Path, environment: dict[str, str], recorder_ms: int) -> None:
        self.folder = folder
        self.environment = environment
        self._latency = f"--latency-msec={recorder_ms}"
        self._recorders: list[subprocess.Popen[bytes]] = []
        self._files = [folder / "capture.wav"]

    def recorded(self) -> npt.NDArray[np.float32]:
        """All that it has played since it was put in last, shape (frames, 2)."""
        return _read(self._files[-1])

    def recordings(self) -> list[npt.NDArray[np.float32]]:
        """One for each time that it was put in."""
        return [_read(file) for file in self._files]

    def tear_out(self) -> None:
        """Take the device away; its recording ends."""
        self._server("unload-module", "module-null-sink")

    def put_back(self) -> None:
        """A device of the same name is there again, with a recording of its own."""
        self._server("load-module", "module-null-sink", *_SINK)
        self._files.append(self.folder / f"capture-{len(self._files)}.wav")
        command = ["parec", "-d", "card.monitor", *_RECORDER, self._latency, str(self._files[-1])]
        self._recorders.append(subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL))

    def stop_recording(self) -> None:
        """End the recorders that were started here."""
        for recorder in self._recorders:
            recorder.terminate()
            recorder.wait()

    def _server(self, *words: str) -> None:
        subprocess.run(["pactl", *words], env=self.environment, check=True, capture_output=True)


def _read(file: Path) -> npt.NDArray[np.float32]:
    if not file.is_file():
        return np.zeros((0, 2), np.float32)
    _, _, data = file.read_bytes().partition(b"data")
    data = data[4:]
    return np.frombuffer(data[: len(data) // 8 * 8], np.float32).reshape(-1, 2)


_RECORDER = ("--format=float32le", "--rate=48000", "--channels=2", "--file-format=wav")
_SINK = ("sink_name=card", "format=float32le", "rate=48000", "channels=2", "norewinds=1")


def is_possible() -> bool:
    """Whether this machine has what the card needs."""
    return SCRIPT.is_file() and bool(shutil.which("pulseaudio") and shutil.which("parec"))


@contextmanager
def card(folder: Path, recorder_ms: int = 50) -> Iterator[Card]:
    """Start it, and stop it; a recording ends up to `recorder_ms` before what was heard of a device torn out."""
    asked = {**os.environ, "VIRTUAL_SINK_RECORDER_MS": str(recorder_ms)}
    started = subprocess.run(["bash", SCRIPT, "start", folder], env=asked, capture_output=True, text=True, check=True)
    words = [word for word in shlex.split(started.stdout) if "=" in word]
    made = Card(folder, {**os.environ, **dict(word.split("=", 1) for word in words)}, recorder_ms)
    try:
        yield made
    finally:
        made.stop_recording()
        subprocess.run(["bash", SCRIPT, "stop", folder], check=True, capture_output=True)
