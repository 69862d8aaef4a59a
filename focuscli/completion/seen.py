"""The sessions that remote engines last told of, kept for whoever presses Tab: a network is nothing to wait for there.

Light on purpose: the back-end of the completion reads it.
"""

import hmac
import json
from collections.abc import Mapping, Sequence

SHOWN = 20
"""Nobody reads more of a list."""

_REMOTES = 8


def described(session: Mapping[str, object]) -> str:
    """What stands beside its id."""
    ready = f"{session['ready_count']} of {session['total_segments']} ready"
    return f"{session['status']}: {session['goal']}, {session['target_minutes']} min, {ready}"


def seen(cache: str, remote: str) -> list[tuple[str, str]]:
    """Ids and what they are, the newest first; raises where nothing is kept of that remote."""
    return [(str(session_id), str(text)) for session_id, text in _kept(cache)[_name(remote)]]


def keep(cache: str, remote: str, sessions: Sequence[Mapping[str, object]], *, all_of_them: bool) -> None:
    """Keep what a remote just told: all of its sessions, or some before those that are known."""
    import contextlib
    from pathlib import Path

    from focuscli.paths import write_private

    # a cache that cannot be written, and a remote that tells nonsense, are nothing to stop for
    with contextlib.suppress(OSError, KeyError, ValueError, TypeError):
        told = [[session["session_id"], described(session)] for session in sessions]
        kept = _kept_or_none(cache)
        ids = {session_id for session_id, _ in told}
        known = kept.pop(_name(remote), [])
        before = [] if all_of_them else [pair for pair in known if pair[0] not in ids]
        newest = {_name(remote): (told + before)[:SHOWN], **dict(list(kept.items())[: _REMOTES - 1])}
        write_private(Path(_file(cache)), json.dumps(newest))


def _name(remote: str) -> str:
    """What stands for a remote in the file: its address is nothing that a cache need tell."""
    return hmac.digest(b"seen", remote.encode(), "sha256").hex()[:32]


def _file(cache: str) -> str:
    return f"{cache}/seen.json"


def _kept(cache: str) -> dict[str, list[list[str]]]:
    with open(_file(cache), encoding="utf-8") as stream:  # noqa: PTH123  # pathlib is slow to load
        return dict(json.load(stream))


def _kept_or_none(cache: str) -> dict[str, list[list[str]]]:
    try:
        return _kept(cache)
    except (OSError, ValueError, TypeError):
        return {}
