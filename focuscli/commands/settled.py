"""Whether the settings are known to make no difference to a quick look, so that nobody need read them again.

A person with a settings file, or a variable in the environment, would otherwise pay for reading all settings every
time that a status bar asks. So what the whole program found out once is remembered for exactly these files and
variables: that all of them can be used, and that sessions are made on this machine. Light on purpose.
"""

import hmac
import os
from collections.abc import Mapping

from focuscli.folders import folders, project_file
from focuscli.version import __version__

KEPT = 16
"""So many surroundings are remembered: a bar's, and those of a few shells."""


def is_plain(environment: Mapping[str, str]) -> bool:
    """Whether nothing is set anywhere, or what is set is remembered to make no difference."""
    told = _told(environment)
    return not told or _digest(told) in _remembered(_file(environment))


def remember(environment: Mapping[str, str]) -> None:
    """What is set now makes no difference; where that cannot be written, the next look takes a little longer."""
    import contextlib
    from pathlib import Path

    from focuscli.paths import write_private

    told = _told(environment)
    if not told or is_plain(environment):
        return
    file = _file(environment)
    with contextlib.suppress(OSError):
        write_private(Path(file), "\n".join([_digest(told), *_remembered(file)[: KEPT - 1]]) + "\n")


def _told(environment: Mapping[str, str]) -> list[str]:
    """Everything that settings are read from, by what changes when it is changed."""
    variables = sorted(
        f"{name}={value}"
        for name, value in environment.items()
        if value and name.startswith("FOCUS_") and name != "FOCUS_HOME"
    )
    files = (f"{folders(environment)[0]}/config.toml", project_file())
    return variables + [_as_it_is(file) for file in files if file and os.access(file, os.F_OK)]


def _as_it_is(file: str) -> str:
    found = os.stat(file)  # noqa: PTH116  # pathlib is slow to load
    return f"{file} {found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"


def _digest(told: list[str]) -> str:
    return hmac.digest(__version__.encode(), "\n".join(told).encode("utf-8", "surrogateescape"), "sha256").hex()


def _file(environment: Mapping[str, str]) -> str:
    return f"{folders(environment)[2]}/settled"


def _remembered(file: str) -> list[str]:
    try:
        with open(file, encoding="ascii") as stream:  # noqa: PTH123
            return stream.read().split()
    except (OSError, ValueError):
        return []
