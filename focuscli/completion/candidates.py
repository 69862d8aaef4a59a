"""`focus __complete KIND PREFIX [--remote=REMOTE]`: what a shell cannot know beforehand, a line each: the word, a tab,
what it is.

Answered in one breath, without loading the command line: it looks at files and asks the engine that runs, starts
none, waits for nobody longer than a fifth of a second, and says nothing where anything is amiss. Of a remote engine
it knows what that last told. REMOTE is what was typed before, and goes before what is set.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence

LIMIT_S = 0.2
_REMOTE = "--remote="


def complete(words: Sequence[str]) -> int:
    """Print what begins with the prefix; the exit code is always 0."""
    typed = [word.removeprefix(_REMOTE) for word in words if word.startswith(_REMOTE)]
    kind, prefix = (*(word for word in words if not word.startswith(_REMOTE)), "", "")[:2]
    try:
        found = [(value, text) for value, text in _KINDS[kind](typed) if value.startswith(prefix)]
        lines = "".join(f"{_printable(value)}\t{_printable(text)}\n" for value, text in found)
        sys.stdout.buffer.write(lines.encode())
        sys.stdout.flush()
    except Exception:  # noqa: BLE001, S110  # whoever presses Tab wants no traceback into the command line
        pass
    return 0


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in text[:120])


def _config() -> dict[str, dict[str, dict[str, str]]]:
    from focuscli.folders import folders

    file = f"{folders(os.environ)[0]}/config.toml"
    if os.environ.get("FOCUS_NO_CONFIG") or not os.access(file, os.R_OK):
        return {}
    import tomllib

    with open(file, "rb") as stream:  # noqa: PTH123  # pathlib is slow to load
        return tomllib.load(stream)


def _ask(path: str) -> dict[str, list[dict[str, str]]]:
    """What this machine's engine answers; raises where none runs."""
    from focuscli.client.loopback import exchange
    from focuscli.client.nearby import find
    from focuscli.folders import folders
    from focuscli.hello import LOCAL_ORGANIZATION

    _, state, _, runtime = folders(os.environ)
    engine = find(f"{runtime}/engine.json", f"{state}/engine.key", LIMIT_S)
    if engine is None:
        raise ValueError("no engine runs")
    target = f"/v1/music/{LOCAL_ORGANIZATION}{path}"
    answer = exchange(engine.authority, "GET", target, {"X-API-Key": engine.key}, timeout_s=LIMIT_S)
    return dict(json.loads(answer.body))


def _remote(typed: Sequence[str]) -> str:
    """The URL of the remote engine that is meant; empty for this machine's."""
    meant = typed[-1] if typed else os.environ.get("FOCUS_REMOTE") or str(_config().get("remote", ""))
    return meant if "://" in meant or not meant else _config()["remotes"][meant]["url"]


def _sessions(typed: Sequence[str]) -> Iterator[tuple[str, str]]:
    from focuscli.completion.seen import SHOWN, described, seen

    remote = _remote(typed)
    if remote:
        from focuscli.folders import folders

        yield from seen(folders(os.environ)[2], remote)
        return
    for session in _ask(f"/focus/sessions?limit={SHOWN}&offset=0")["items"]:
        yield session["session_id"], described(session)


def _engines(typed: Sequence[str]) -> Iterator[tuple[str, str]]:
    if _remote(typed):
        return
    for engine in _ask("/engines")["engines"]:
        yield engine["engine_key"], engine.get("description", "")


def _remotes(_: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name, remote in _config()["remotes"].items():
        yield name, remote["url"]


def _devices(_: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The one that was named last: looking for all of them takes longer than anybody waits for a word."""
    from focuscli.folders import folders

    with open(f"{folders(os.environ)[1]}/player.json", encoding="utf-8") as stream:  # noqa: PTH123
        name = json.load(stream)["device"]
    if name:
        yield name, "the one that played last"


_KINDS: dict[str, Callable[[Sequence[str]], Iterator[tuple[str, str]]]] = {
    "sessions": _sessions,
    "engines": _engines,
    "remotes": _remotes,
    "devices": _devices,
}
