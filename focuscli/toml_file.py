"""Settings files, as they stand on the disk: where a project's is found, and what is in one."""

import os
from pathlib import Path
from typing import Any

from focuscli.errors import BadSetting

PROJECT_FILE = ".focus.toml"


def read_toml(file: Path | None) -> dict[str, Any]:
    """What is written there, empty where there is no such file; raises BadSetting where it cannot be read."""
    if file is None or not file.is_file():
        return {}
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as exc:
        raise BadSetting(f"the settings file {file} cannot be read: {exc}", hint=f"mend or remove {file}") from exc


def project_file() -> Path | None:
    """The nearest `.focus.toml` in the working folder or above it; None where there is none.

    The search ends at the home folder, which has settings of its own, and at the top of a repository, above which
    lies somebody else's project.
    """
    try:
        folder = Path.cwd()
    except FileNotFoundError:  # somebody removed it
        return None
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  # Path.home() fails for a user without a home
    for place in (folder, *folder.parents):
        if place == home:
            return None
        file = place / PROJECT_FILE
        if file.is_file():
            return file
        if (place / ".git").exists():
            return None
    return None
