"""Where another shell finds the player that is playing: on loopback, with a token that only this user can read."""

import contextlib
import hmac
import json
import secrets
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from focuscli.errors import Conflict, FocusError, NothingRunning, UsageError
from focuscli.paths import write_private
from focuscli.playback.commands import Command
from focuscli.playback.knocking import LOOPBACK, NOBODY, PATIENCE_S, knock, read_line
from focuscli.playback.wishes import meant

SETTLED_S = 1.0
"""So long is waited for the command to show in the answer."""


class Doorway:
    """Takes wishes, one a connection, in a thread of its own, and answers with the player's state.

    `send` must not block. `told` is to be called, from any thread, with what changed of the state. The newest player
    is the one that is found.
    """

    def __init__(self, address_file: Path, send: Callable[[Command], None], state: dict[str, Any]) -> None:
        self._file = address_file
        self._send = send
        self._state = dict(state)
        self._token = secrets.token_urlsafe(24)
        self._change = threading.Condition()
        self._changes = 0
        self._listener: socket.socket | None = None
        self._is_open = False

    def __enter__(self) -> Self:
        try:
            listener = socket.create_server((LOOPBACK, 0))
            port = listener.getsockname()[1]
            write_private(self._file, json.dumps({"port": port, "token": self._token}))
        except OSError:  # there is no loopback, or no place to say where: the keys still work
            return self
        self._listener, self._is_open = listener, True
        threading.Thread(target=self._serve, args=(listener,), name="doorway", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._listener is not None:
            self._is_open = False
            with contextlib.suppress(OSError):  # closing alone would leave the thread its next visitor
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            with contextlib.suppress(OSError, ValueError):
                if json.loads(self._file.read_text(encoding="utf-8")).get("token") == self._token:
                    self._file.unlink()

    def told(self, **changed: Any) -> None:
        """So much of the state is different now."""
        with self._change:
            self._state.update(changed)
            self._changes += 1
            self._change.notify_all()

    def noted(self, **changed: Any) -> None:
        """The same for what changes by itself all the time: no answer waits for it."""
        self._state.update(changed)

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:  # closed
                return
            if not self._is_open:
                connection.close()
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(PATIENCE_S)
                connection.sendall(json.dumps(self._answer(read_line(connection))).encode() + b"\n")

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            asked = json.loads(line)
            if not hmac.compare_digest(str(asked.pop("token", "")).encode(), self._token.encode()):
                return {"error": "the token is not this player's"}
            before = self._changes
            command = meant(asked)
        except (ValueError, TypeError, AttributeError, UsageError) as exc:
            return {"error": str(exc)}
        with self._change:
            if command is not None:
                self._send(command)
                self._change.wait_for(lambda: self._changes > before, SETTLED_S)
            return {"state": dict(self._state)}


def wish(address_file: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """Tell the player what is wanted; its state then. Raises NothingRunning, and Conflict where it refuses."""
    try:
        answer = knock(str(address_file), asked)
    except NOBODY as exc:
        raise NothingRunning("no player is playing", hint="play with: focus watch") from exc
    state = answer.get("state")
    if not isinstance(state, dict):
        raise _refused(answer)
    return state


def _refused(answer: dict[str, object]) -> FocusError:
    return Conflict(f"the player refused: {answer.get('error')}", hint="leave it with q, and play anew: focus watch")
