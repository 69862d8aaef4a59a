"""What the commands that steer a playing player have in common."""

import os
from typing import Any

import typer

from focuscli.commands.invocation import Invocation
from focuscli.commands.output import document, say
from focuscli.paths import Paths
from focuscli.playback.doorway import wish


def steer(ctx: typer.Context, asked: dict[str, Any]) -> None:
    """Tell the player of this user what is wanted, and say how it stands then; raises NothingRunning."""
    state = wish(Paths.find(os.environ).player_address, asked)
    if Invocation.of(ctx).json:
        document({"schema": 1, **state})
    else:
        say(standing(state))


def clock(time_s: float) -> str:
    """As people write a moment of a recording: 12:30, 1:02:30."""
    minutes, seconds = divmod(int(time_s), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if minutes >= 60 else f"{minutes}:{seconds:02}"


def standing(state: dict[str, Any]) -> str:
    """One line about a player's state."""
    words = ["paused" if state["paused"] else "playing", f"segment {state['segment_index'] + 1}"]
    words.append(f"at {clock(state['position_s'])}")
    words.append(f"volume {state['volume']} %" + (", muted" if state["muted"] else ""))
    if state["sleeps_in_s"] is not None:
        words.append(f"silent in {round(state['sleeps_in_s'] / 60)} min")
    return ", ".join(words)
