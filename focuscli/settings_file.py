"""Changing a settings file as its owner would by hand: comments, order and everything else stay as they were."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from focuscli.errors import BadSetting
from focuscli.paths import private_folder


def read_text(file: Path) -> str:
    """What is written there; empty where there is no such file yet. Raises BadSetting where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as exc:
        raise BadSetting(f"the settings file {file} cannot be read: {exc}", hint=f"mend or remove {file}") from exc


def with_value(text: str, path: Sequence[str], value: object) -> str:
    """The file's text with that value at a path of keys; raises BadSetting where the text is no TOML."""
    import tomlkit

    document = _parsed(text)
    table: Any = document
    for place, key in enumerate(path[:-1]):
        if key not in table:
            table[key] = tomlkit.table(is_super_table=place < len(path) - 2)
        table = table[key]
    table[path[-1]] = value
    return tomlkit.dumps(document)


def without(text: str, path: Sequence[str]) -> str:
    """The file's text without what stands at a path of keys; unchanged where nothing does."""
    import tomlkit

    document = _parsed(text)
    table: Any = document
    for key in path[:-1]:
        table = table.get(key, {})
    if path[-1] not in table:
        return text
    table.remove(path[-1])
    return tomlkit.dumps(document)


def replace(file: Path, text: str) -> None:
    """Put the text in the file's place at once; a link goes on pointing at it, and its mode stays."""
    target = file.resolve()
    if not target.parent.is_dir():
        private_folder(target.parent)
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(target)


def _parsed(text: str) -> Any:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(text)
    except TOMLKitError as exc:
        raise BadSetting(f"the settings file is no TOML: {exc}", hint="mend it: focus config edit") from exc
