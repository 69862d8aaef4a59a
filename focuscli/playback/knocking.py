"""One question at the doorway of the player that is playing.

Light on purpose: a status bar asks every second, and loads nothing of the player for it.
"""

import json
import socket
from collections.abc import Mapping

LONGEST_BYTES = 4_096
PATIENCE_S = 2.0
"""For a shell that connects and says nothing, and for a player that does not answer."""

LOOPBACK = "127.0.0.1"


NOBODY = (OSError, ValueError, KeyError, TypeError)
"""What a knock raises where nobody plays, or something else answers."""


def knock(address_file: str, asked: Mapping[str, object]) -> dict[str, object]:
    """The player's answer, with `state` or `error` in it; raises one of NOBODY."""
    with open(address_file, encoding="utf-8") as stream:  # noqa: PTH123  # pathlib is slow to load
        address = json.load(stream)
    # not create_connection: the name look-up in it loads the tables of IDNA, for a number
    with socket.socket(socket.AF_INET) as connection:
        connection.settimeout(PATIENCE_S)
        connection.connect((LOOPBACK, int(address["port"])))
        connection.sendall(json.dumps({**asked, "token": address["token"]}).encode() + b"\n")
        return dict(json.loads(read_line(connection)))


def state_of(address_file: str) -> Mapping[str, object] | None:
    """How the player that is playing stands; None where none plays."""
    try:
        state = knock(address_file, {"wish": "state"})["state"]
    except NOBODY:
        return None
    return state if isinstance(state, dict) else None


def read_line(connection: socket.socket) -> bytes:
    """What was sent up to the end of its first line, of bounded length."""
    data = b""
    while not data.endswith(b"\n") and len(data) < LONGEST_BYTES:
        piece = connection.recv(LONGEST_BYTES)
        if not piece:
            break
        data += piece
    return data
