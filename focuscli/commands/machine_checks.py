"""What `focus doctor` looks at beside the program itself: desktop, shell, hooks. What is missing there is no fault."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from focuscli.commands.findings import Check, Health
from focuscli.desktop.session_bus import address_of
from focuscli.plain_text import printable
from focuscli.settings import Settings

_INSTALLED = {
    "bash": "share/bash-completion/completions/focus",
    "zsh": "share/zsh/site-functions/_focus",
    "fish": "share/fish/vendor_completions.d/focus.fish",
    "man": "share/man/man1/focus.1",
}
"""Where an installation puts completions and the man page, below its prefix."""


def desktop(settings: Settings, environment: Mapping[str, str]) -> Check:
    """Whether media keys (MPRIS) and notifications have a bus, and a library to speak over it."""
    if not sys.platform.startswith("linux"):
        return Check("desktop", Health.OK, f"no session bus on {sys.platform}, so no media keys")
    bus = address_of(environment) is not None
    library = importlib.util.find_spec("dbus_fast") is not None
    detail = f"session bus: {'there' if bus else 'none'}; dbus-fast: {'installed' if library else 'not installed'}"
    if settings["mpris"] == "off":
        return Check("desktop", Health.OK, f"MPRIS: set off ({settings.origin('mpris')}); {detail}")
    mpris = "MPRIS: available" if bus and library else "MPRIS: not available"
    fix = "for media keys: pip install dbus-fast" if bus and not library else ""
    return Check("desktop", Health.OK, f"{mpris}; {detail}", fix)


def awake(environment: Mapping[str, str]) -> Check:
    """What can keep the machine from suspending while sound plays."""
    if sys.platform == "win32":
        return Check("awake", Health.OK, "the system itself")
    found = shutil.which("caffeinate" if sys.platform == "darwin" else "systemd-inhibit", path=environment.get("PATH"))
    return Check("awake", Health.OK, f"kept awake with {found}" if found else "nothing here can keep the machine awake")


def shell(prefix: Path) -> Check:
    """Which completions, and whether the man page, came with this installation."""
    there = [name for name, file in _INSTALLED.items() if (prefix / file).is_file()]
    return Check(
        "shell", Health.OK, f"in {prefix / 'share'}: {', '.join(there) or 'neither completions nor man pages'}"
    )


def hooks(commands: Mapping[str, tuple[str, ...]], environment: Mapping[str, str]) -> Check:
    """Whether the programs of the hooks are there; none of them is run."""
    missing = [
        f"{event}: {printable(command[0])}"
        for event, command in commands.items()
        if shutil.which(os.path.expanduser(command[0]), path=environment.get("PATH")) is None  # noqa: PTH111
    ]
    if missing:
        return Check("hooks", Health.WARN, f"not found: {'; '.join(missing)}", "mend [hooks]: focus config edit")
    return Check("hooks", Health.OK, ", ".join(commands) or "none are set")
