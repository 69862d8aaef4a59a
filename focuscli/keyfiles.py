"""The keys of remote engines on this machine: a private file for each origin, which the key is sent to and no other.

A file says which origin it belongs to, and its key or that the system's keyring has it; the keyring is asked for no
other host. A file or folder that others can read or change is refused rather than mended: whoever could, may have.
"""

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from focuscli import keychain
from focuscli.credentials import is_usable
from focuscli.errors import NotSignedIn
from focuscli.paths import write_private

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for one origin: the key, or where it is (`file` or `keyring`), and the file that says so."""

    origin: str
    store: str
    file: Path
    key: str = ""

    def look_up(self) -> str:
        """The key itself; raises NotSignedIn where the keyring does not have it, and what the keyring raises."""
        key = self.key if self.store == "file" else keychain.look_up(self.origin)
        if not is_usable(key):
            raise NotSignedIn(f"no usable key for {self.origin} is kept in {self.where}", hint="focus auth login")
        return key

    @property
    def where(self) -> str:
        """Where the key is, for people."""
        return f"file {self.file}" if self.store == "file" else f"the system's keyring ({self.file} says so)"


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, as a key is bound to them: lower case, without the port that is usual."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = "" if parts.port in {None, _PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


class KeyFiles:
    """The folder of keys."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def file_of(self, origin: str) -> Path:
        """Where the key of an origin is, or would be."""
        host = origin.partition("://")[2]
        return self._folder / f"{''.join(c if c.isalnum() or c in '.-' else '_' for c in host)}.json"

    def find(self, origin: str) -> Kept | None:
        """What is kept for exactly that origin; None where nothing is. Raises NotSignedIn for what is not private."""
        kept = _read(self.file_of(origin))
        return kept if kept is not None and kept.origin == origin else None

    def all(self) -> Iterator[Kept | NotSignedIn]:
        """Everything that is kept, by host; what cannot be used as the reason why."""
        for file in sorted(self._folder.glob("*.json")):
            try:
                kept = _read(file)
            except NotSignedIn as wrong:
                yield wrong
            else:
                if kept is not None:
                    yield kept

    def keep(self, origin: str, key: str) -> Kept:
        """Keep a key in a file of its own."""
        return self._write(origin, {"origin": origin, "store": "file", "key": key})

    def keep_in_keyring(self, origin: str, key: str) -> Kept:
        """Keep a key in the system's keyring, and remember that; raises what the keyring raises."""
        keychain.keep(origin, key)
        return self._write(origin, {"origin": origin, "store": "keyring"})

    def forget(self, origin: str) -> bool:
        """Remove what is kept for an origin; False where nothing was."""
        file = self.file_of(origin)
        if not file.exists():
            return False
        try:
            kept = _read(file)
        except NotSignedIn:
            kept = None  # it is removed whatever is wrong with it
        if kept is not None and kept.origin != origin:
            return False
        if kept is not None and kept.store == "keyring":
            keychain.forget(origin)
        file.unlink()
        return True

    def _write(self, origin: str, fields: dict[str, str]) -> Kept:
        file = self.file_of(origin)
        write_private(file, json.dumps(fields) + "\n")
        return Kept(origin, fields["store"], file, fields.get("key", ""))


def _read(file: Path) -> Kept | None:
    try:
        with file.open(encoding="utf-8") as stream:
            _check_private(file, os.fstat(stream.fileno()), 0o600)
            _check_private(file.parent, file.parent.stat(), 0o700)
            fields = json.load(stream)
            return Kept(str(fields["origin"]), str(fields["store"]), file, str(fields.get("key", "")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise NotSignedIn(f"the key in {file} cannot be read: {exc}", hint="write it anew: focus auth login") from exc


def _check_private(path: Path, found: os.stat_result, mode: int) -> None:
    if os.name != "posix":  # a user's folders are closed to others there, and modes say nothing
        return
    if found.st_uid != os.getuid():
        raise NotSignedIn(f"{path} belongs to somebody else, so its key is not used", hint=f"chown $USER {path}")
    if found.st_mode & 0o077:
        raise NotSignedIn(
            f"others can get at {path} (mode {stat.S_IMODE(found.st_mode):o}), so its key is not used",
            hint=f"chmod {mode:o} {path}\nand take a new key if others may have read it: focus auth login",
        )
