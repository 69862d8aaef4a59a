"""What render processes do in tests: importable by name, so that a spawned process finds it."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any


def nothing() -> None:
    """A warm-up that is done at once."""


def fail_to_warm_up() -> None:
    """A warm-up that fails."""
    raise ImportError("no numpy here")


def echo(text: str) -> str:
    """Answer at once."""
    return text


def process_id(_: str) -> str:
    """Which process this is."""
    return str(os.getpid())


def die(_: str) -> str:
    """Be killed."""
    os.kill(os.getpid(), signal.SIGKILL)
    return "unreachable"


def surroundings(_: str) -> str:
    """What the process was told: threads, niceness."""
    return f"{os.environ['OPENBLAS_NUM_THREADS']} {os.nice(0)}"


def wait_for_reader(fifo: str) -> str:
    """Block until someone opens the pipe for reading."""
    Path(fifo).write_text("here", encoding="ascii")
    return "read"


def hold(folder: str) -> str:
    """Say which process this is, and block until someone opens the gate."""
    (Path(folder) / f"held-{os.getpid()}").touch()
    return (Path(folder) / "gate").read_text(encoding="ascii")


class _Gated(ThreadPoolExecutor):
    """Does nothing until somebody writes to the pipe that FOCUS_TEST_GATE names."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return super().submit(_behind_the_gate, fn, *args, **kwargs)


def _behind_the_gate(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    Path(os.environ["FOCUS_TEST_GATE"]).read_text(encoding="ascii")
    return fn(*args, **kwargs)


def gated() -> Executor:
    """An executor for an engine of which a test says when it renders."""
    return _Gated(1)
