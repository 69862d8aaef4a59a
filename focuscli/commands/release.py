"""Which release is the newest, asked of this environment's own pip, which knows whose packages its user trusts."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping

from focuscli.credentials import keyless
from focuscli.errors import FocusError, TimedOut

DISTRIBUTION = "focus-sessions"
PATIENCE_S = 60.0

_ASK = ("install", "--dry-run", "--ignore-installed", "--no-deps", "--only-binary", ":all:", "--report", "-", "--quiet")
"""Nothing is installed, and nothing that is not built yet is built: that would run what somebody put there."""


def newest(environment: Mapping[str, str]) -> tuple[str | None, str]:
    """The newest release that pip would install, or None and why it knows of none.

    Raises TimedOut, and FocusError where what pip says makes no sense.
    """
    if importlib.util.find_spec("pip") is None:
        return None, "there is no pip in this environment to ask"
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *_ASK, DISTRIBUTION]
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter, and words of ours
            command, env=keyless(environment), capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise TimedOut(f"pip found nothing out within {PATIENCE_S:g} s", hint="check the network, then again") from exc
    if done.returncode:
        return None, done.stderr.strip().rpartition("\n")[2].removeprefix("ERROR: ")
    try:
        return str(json.loads(done.stdout)["install"][0]["metadata"]["version"]), ""
    except (ValueError, LookupError, TypeError) as exc:
        raise FocusError("pip's report cannot be read", hint="a newer pip may help: pip install --upgrade pip") from exc
