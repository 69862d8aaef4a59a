"""Which four folders are this user's, and which file a project's, as plain strings: the quickest commands need it.

On Linux the XDG base directory rules are followed by hand (version 0.8: a relative path counts as unset);
asking platformdirs there takes longer than the whole of `focus status`. Elsewhere platformdirs knows.
"""

import os
import sys
from collections.abc import Mapping

APPLICATION = "focus-sessions"
PROJECT_FILE = ".focus.toml"


def folders(environment: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Config, state, cache and runtime folder; none of them needs to exist. `FOCUS_HOME` holds all four when set."""
    home = environment.get("FOCUS_HOME", "")
    if home:
        root = os.path.join(os.getcwd(), os.path.expanduser(home))  # noqa: PTH109, PTH111, PTH118  # pathlib is slow to load
        return f"{root}/config", f"{root}/state", f"{root}/cache", f"{root}/run"
    return _xdg(environment) if sys.platform.startswith("linux") else _elsewhere()


def _elsewhere() -> tuple[str, str, str, str]:
    import platformdirs

    return (
        platformdirs.user_config_dir(APPLICATION, appauthor=False),
        platformdirs.user_state_dir(APPLICATION, appauthor=False),
        platformdirs.user_cache_dir(APPLICATION, appauthor=False),
        platformdirs.user_runtime_dir(APPLICATION, appauthor=False),
    )


def _xdg(environment: Mapping[str, str]) -> tuple[str, str, str, str]:
    def base(variable: str, otherwise: str) -> str:
        named = environment.get(variable, "")
        home = environment.get("HOME", "") or os.path.expanduser("~")  # noqa: PTH111
        return f"{named if named.startswith('/') else f'{home}/{otherwise}'}/{APPLICATION}"

    state = base("XDG_STATE_HOME", ".local/state")
    runtime = base("XDG_RUNTIME_DIR", "")
    if not _is_ours(environment.get("XDG_RUNTIME_DIR", "")):  # no login session made one (containers, cron, su)
        runtime = f"{state}/run"
    return base("XDG_CONFIG_HOME", ".config"), state, base("XDG_CACHE_HOME", ".cache"), runtime


def _is_ours(folder: str) -> bool:
    try:
        return folder.startswith("/") and os.stat(folder).st_uid == os.getuid()  # noqa: PTH116
    except OSError:
        return False


def project_file() -> str:
    """The nearest `.focus.toml` in the working folder or above it; empty where there is none.

    The search ends at the home folder, which has settings of its own, and at the top of a repository, above which
    lies somebody else's project.
    """
    try:
        place = os.getcwd()  # noqa: PTH109
    except FileNotFoundError:  # somebody removed it
        return ""
    home = os.path.expanduser("~")  # noqa: PTH111
    while place != home:
        file = os.path.join(place, PROJECT_FILE)  # noqa: PTH118
        if os.path.isfile(file):  # noqa: PTH113
            return file
        above = os.path.dirname(place)  # noqa: PTH120
        if above == place or os.path.exists(os.path.join(place, ".git")):  # noqa: PTH110, PTH118
            return ""
        place = above
    return ""
