"""What render processes do in tests: importable by name, so that a spawned process finds it."""

import os
import signal
from pathlib import Path


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
