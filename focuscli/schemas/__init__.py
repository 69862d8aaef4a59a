"""The shape of every JSON document and of every record of a stream, as JSON Schema; shapes are only ever added to."""

import json
from pathlib import Path
from typing import Any

DOCUMENTS: dict[str, str] = {
    "start": "session",
    "status": "session",
    "show": "session",
    "end": "session",
    "list": "sessions",
    "report": "report",
    "promote": "track",
    "tracks": "tracks",
    "engines": "engines",
    "usage": "usage",
    "pause": "player",
    "resume": "player",
    "next": "player",
    "previous": "player",
    "seek": "player",
    "volume": "player",
    "mute": "player",
    "sleep": "player",
    "devices": "devices",
    "engine serve": "engine-serve",
    "engine status": "engine",
    "engine stop": "engine",
    "engine restart": "engine",
    "engine logs": "engine-logs",
    "engine service": "engine-service",
    "engine key create": "engine-key",
    "engine key list": "engine-keys",
    "engine key revoke": "engine-key",
    "engine key rotate": "signing-key",
    "config list": "config-list",
    "config get": "config-get",
    "config set": "config-file",
    "config unset": "config-file",
    "config edit": "config-file",
    "config path": "config-path",
    "auth login": "auth-login",
    "auth status": "auth-status",
    "auth logout": "auth-logout",
    "help": "help",
    "completion": "completion",
    "doctor": "doctor",
    "version": "version",
}
"""What a command prints with --json, by the name of its schema."""

BESIDE = ("error", "explanation", "hook", "track", "deleted")
"""Schemas of what else is told: by an option of a command, on stderr, or to a hook."""

STREAMS: dict[str, str] = {
    "watch": "stream",
    "export": "stream",
    "start --watch": "stream",
    "start --wait": "stream",
    "status --follow": "stream",
    "engine logs --follow": "stream",
}
"""Which command lines print a record a line instead."""


def schema(name: str) -> dict[str, Any]:
    """The schema of that name; raises FileNotFoundError for a name that is none."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
    return found


def fields_of(command: str) -> tuple[str, ...]:
    """Every key that --fields can name for a command, of its document or its stream; empty where none is described."""
    names = [DOCUMENTS.get(command), *(name for line, name in STREAMS.items() if line.partition(" --")[0] == command)]
    found = [key for name in dict.fromkeys(filter(None, names)) for key in _keys(schema(name))]
    return tuple(dict.fromkeys(found))


def _keys(shape: dict[str, Any]) -> list[str]:
    """Keys of the object, of the objects it lists, and of all the records of a stream."""
    records = [key for record in shape.get("$defs", {}).values() for key in _keys(record)]
    here = shape.get("properties", {})
    listed = [key for value in here.values() for key in value.get("items", {}).get("properties", {})]
    return [*here, *listed, *records]
