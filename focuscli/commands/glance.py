"""`focus status` and `focus --version`, answered without loading the command line, httpx or rich.

Most of `status` would otherwise be spent on parsing one word. Whatever is not plain (another option, a remote,
settings that were not looked into yet, an answer that is not the usual one) is left to the whole program, which says
the same in the same words: a test holds the two together.
"""

import os
import sys
from collections.abc import Mapping, Sequence

from focuscli.version import __version__

NOTHING_RUNNING = ("nothing_running", "no session is running", "start one with: focus start", 3)
"""Code word, message, hint and exit code of that error."""

_OPTIONS = {"--json": "json", "--format": "form", "--quiet": "quiet", "-q": "quiet"}


def glance(argv: Sequence[str]) -> int | None:
    """The exit code, when this was enough; None leaves the command line to the whole program."""
    if list(argv) == ["--version"]:
        sys.stdout.write(f"focus {__version__}\n")
        return 0
    asked = _understood(argv)
    if asked is None:
        return None
    try:
        return _status(*asked) if _is_plain() else None
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _understood(argv: Sequence[str]) -> tuple[str, str] | None:
    """How `status` is asked (people, json, quiet or form) and in which form; None for anything else."""
    how, form, words = "people", "", list(argv)
    if "status" not in words or len(words) > len(_OPTIONS):
        return None
    words.remove("status")
    while words:
        word, _, value = words.pop(0).partition("=")
        if word not in _OPTIONS or how != "people":
            return None
        how = _OPTIONS[word]
        if how == "form":
            form = value or (words.pop(0) if words else "")
        if value and how != "form":
            return None
    return (how, form) if how != "form" or form else None


def _is_plain() -> bool:
    from focuscli.commands.settled import is_plain

    return is_plain(os.environ)


def _status(how: str, form: str) -> int | None:
    from focuscli.client.nearby import find
    from focuscli.folders import folders

    _, state, _, runtime = folders(os.environ)
    if how == "form":
        from focuscli.commands.presets import told

        told(form, {})  # a wrong one is told by the whole program, whatever runs
    engine = find(f"{runtime}/engine.json", f"{state}/engine.key")
    if engine is not None and not engine.protocol:
        return None
    session = None if engine is None else _newest(engine.authority, engine.key)
    return _nothing(how) if session is None else _say(session, how, form, f"{runtime}/player.json")


def _newest(authority: str, key: str) -> Mapping[str, object] | None:
    """The newest active session; None where there is none. Any answer but the usual one raises ValueError."""
    import json

    from focuscli.client.loopback import exchange
    from focuscli.hello import LOCAL_ORGANIZATION

    sessions = f"/v1/music/{LOCAL_ORGANIZATION}/focus/sessions"

    def ask(path: str) -> dict[str, object]:
        answer = exchange(authority, "GET", path, {"X-API-Key": key})
        if answer.status != 200:
            raise ValueError(answer.status)
        return dict(json.loads(answer.body))

    match ask(f"{sessions}?status=active&limit=1&offset=0"):
        case {"items": []}:
            return None
        case {"items": [{"session_id": str(session_id)}, *_]}:
            return ask(f"{sessions}/{session_id}")
    raise ValueError("no list of sessions")


def _say(session: Mapping[str, object], how: str, form: str, player_address: str) -> int:
    from focuscli.commands.output import document, say

    if how == "json":
        document(session)
    elif how != "quiet":
        from focuscli.commands.presets import told
        from focuscli.commands.standing import fields_of, standing
        from focuscli.playback.knocking import state_of

        player = state_of(player_address)
        say(told(form, fields_of(session, player)) if form else standing(session, "this machine", player))
    return 0


def _nothing(how: str) -> int:
    if how == "form":
        sys.stdout.write("\n")  # a status bar shows nothing
    elif how != "quiet":
        from focuscli.commands.failure import show_error

        show_error(*NOTHING_RUNNING, as_json=how == "json")
    return NOTHING_RUNNING[3]
