"""The system's own store of secrets, where the extra `keyring` is installed: the one door to that library.

A store may be locked, absent or waiting for somebody to answer a dialogue on another screen, so it is asked in a
thread that nobody waits for longer than a moment, and only for hosts whose key is known to lie there.
"""

import threading
from collections.abc import Callable
from typing import Any

from focuscli.errors import NotSignedIn, TimedOut, UsageError

LIMIT_S = 30.0
"""As long as somebody may take to unlock it."""

_SERVICE = "focus-sessions"


def keep(origin: str, key: str) -> None:
    """Keep the key of an origin. Raises UsageError, TimedOut or NotSignedIn."""
    keyring = _keyring()
    _asked(lambda: keyring.set_password(_SERVICE, origin, key))


def look_up(origin: str) -> str:
    """The key of an origin, empty where none is kept there. Raises as `keep` does."""
    keyring = _keyring()
    return str(_asked(lambda: keyring.get_password(_SERVICE, origin)) or "")


def forget(origin: str) -> None:
    """Forget the key of an origin; one that is not kept is no error. Raises as `keep` does."""
    keyring = _keyring()
    if look_up(origin):
        _asked(lambda: keyring.delete_password(_SERVICE, origin))


def _keyring() -> Any:
    try:
        import keyring
    except ImportError as exc:
        raise UsageError(
            "the system's keyring cannot be used: the package keyring is not installed",
            hint="pip install 'focus-sessions[keyring]', or keep the key in a private file: --store file",
        ) from exc
    return keyring


def _asked(question: Callable[[], Any]) -> Any:
    answers: list[Any] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            answers.append(question())
        except Exception as exc:  # noqa: BLE001  # every store has errors of its own
            failures.append(exc)

    thread = threading.Thread(target=ask, name="keyring", daemon=True)
    thread.start()
    thread.join(LIMIT_S)
    if failures:
        raise NotSignedIn(
            f"the system's keyring failed: {failures[0]}", hint="keep the key in a private file: --store file"
        ) from failures[0]
    if not answers:
        raise TimedOut(
            f"the system's keyring did not answer within {LIMIT_S:g} s",
            hint="unlock it, or keep the key in a private file: focus auth login --store file",
        )
    return answers[0]
