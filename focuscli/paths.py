"""Where things live on this machine: one folder with FOCUS_HOME, the platform's own places without."""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from focuscli.folders import folders


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of this user; none of them needs to exist yet."""

    config: Path
    state: Path
    cache: Path
    runtime: Path

    @classmethod
    def find(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """`FOCUS_HOME` holds all four when set (tests and containers), else the platform says."""
        config, state, cache, runtime = folders(environment)
        return cls(Path(config), Path(state), Path(cache), Path(runtime))

    @property
    def config_file(self) -> Path:
        """The user's settings."""
        return self.config / "config.toml"

    @property
    def keys(self) -> Path:
        """A file for each remote engine whose key is kept, readable by its owner alone."""
        return self.config / "keys"

    @property
    def engine_address(self) -> Path:
        """Where the running engine says how to reach it."""
        return self.runtime / "engine.json"

    @property
    def engine_lock(self) -> Path:
        """Held by the engine for its whole life."""
        return self.runtime / "engine.lock"

    @property
    def engine_key(self) -> Path:
        """The local engine's API key, readable by its owner alone."""
        return self.state / "engine.key"

    @property
    def engine_data(self) -> Path:
        """The local engine's database and objects."""
        return self.state / "engine"

    @property
    def engine_log(self) -> Path:
        """What the local engine writes about itself."""
        return self.state / "engine.log"

    @property
    def client_log(self) -> Path:
        """What a command writes about a failure that nobody foresaw."""
        return self.state / "client.log"

    @property
    def player_address(self) -> Path:
        """Where the player that is playing says how to reach it."""
        return self.runtime / "player.json"

    @property
    def player_state(self) -> Path:
        """Volume, device and the position in each session."""
        return self.state / "player.json"

    @property
    def dropouts(self) -> Path:
        """The dropouts that the player noted."""
        return self.state / "dropouts.jsonl"


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, all for their owner alone, whatever the umask says."""
    for missing in reversed([place for place in (folder, *folder.parents) if not place.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner may enter, and return it."""
    make_folder(folder)
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def write_private(file: Path, content: str) -> None:
    """Replace a file's content at once, readable by its owner alone; no reader ever sees half of it."""
    private_folder(file.parent)
    temporary = file.with_name(f".{file.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    temporary.unlink(missing_ok=True)  # of one that had our numbers and was killed
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(file)
