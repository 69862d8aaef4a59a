"""Starting the engine as a process of its own, which outlives the command that started it."""

import os
import subprocess
import sys
from collections.abc import Mapping

from focuscli.credentials import KEY_VARIABLES
from focuscli.hello import REFUSED

COMMAND = (sys.executable, "-m", "focuscli.engine", "--auto")
_NOT_FOR_THE_ENGINE = KEY_VARIABLES | {"FOCUS_REMOTE", "FOCUS_ORGANIZATION", "FOCUS_API"}


def spawn(log_file: str, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start an engine in a session of its own, so that no Ctrl-C reaches it; what it says on stderr goes to the log.

    Many may do this at once: the engine holds a lock, and those that come second leave with exit code 0.
    """
    os.makedirs(os.path.dirname(log_file), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120
    log = os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(  # noqa: S603  # the interpreter that runs this, and a module of ours
            COMMAND,
            cwd="/",
            env={name: value for name, value in environment.items() if name not in _NOT_FOR_THE_ENGINE},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
    finally:
        os.close(log)


def refused_because(log_file: str) -> str:
    """The newest reason in the log for which an engine did not start."""
    with open(log_file, encoding="utf-8", errors="replace") as stream:  # noqa: PTH123  # as above
        reasons = [line.removeprefix(REFUSED).strip() for line in stream if line.startswith(REFUSED)]
    return reasons[-1] if reasons else "see its log"
