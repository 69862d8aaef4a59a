"""`focus status` and `focus --version`, answered without loading the command line, httpx or rich.

Most of `status` would otherwise be spent on parsing one word. Whatever is not plain (another option, a remote, a
settings file, an answer that is not the usual one) is left to the whole program, which says the same in the same
words: a test holds the two together.
"""

import os
import sys
from collections.abc import Mapping, Sequence

from focuscli.version import __version__

NOTHING_RUNNING = ("nothing_running", "no session is running", "start one with: focus start", 3)
"""Code word, message, hint and exit code of that error."""

_PLAIN = (["status"], ["--json", "status"])


def glance(argv: Sequence[str]) -> int | None:
    """The exit code, when this was enough; None leaves the command line to the whole program."""
    if list(argv) == ["--version"]:
        sys.stdout.write(f"focus {__version__}\n")
        return 0
    if sorted(argv) not in _PLAIN or any(
        value and name.startswith("FOCUS_") and name != "FOCUS_HOME" for name, value in os.environ.items()
    ):
        return None
    try:
        return _status(as_json=len(argv) > 1)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _status(*, as_json: bool) -> int | None:
    from focuscli.client.nearby import find
    from focuscli.folders import folders

    config, state, _, runtime = folders(os.environ)
    if os.access(f"{config}/config.toml", os.F_OK):
        return None
    engine = find(f"{runtime}/engine.json", f"{state}/engine.key")
    if engine is not None and not engine.protocol:
        return None
    session = None if engine is None else _newest(engine.authority, engine.key)
    return _nothing(as_json=as_json) if session is None else _say(session, as_json=as_json)


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


def _say(session: Mapping[str, object], *, as_json: bool) -> int:
    from focuscli.commands.output import document, say
    from focuscli.commands.standing import standing

    if as_json:
        document(session)
    else:
        say(standing(session, "this machine"))
    return 0


def _nothing(*, as_json: bool) -> int:
    from focuscli.commands.failure import show_error

    show_error(*NOTHING_RUNNING, as_json=as_json)
    return NOTHING_RUNNING[3]
