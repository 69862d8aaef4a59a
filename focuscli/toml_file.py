"""What is in a settings file, as it stands on the disk."""

from pathlib import Path
from typing import Any

from focuscli.errors import BadSetting


def read_toml(file: Path | None) -> dict[str, Any]:
    """What is written there, empty where there is no such file; raises BadSetting where it cannot be read."""
    if file is None or not file.is_file():
        return {}
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as exc:
        raise BadSetting(f"the settings file {file} cannot be read: {exc}", hint=f"mend or remove {file}") from exc
