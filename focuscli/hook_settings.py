"""The table `[hooks]` of a user's settings file: which program is told of which event. No project's file has one."""

from typing import Any

from focuscli.spelling import did_you_mean

EVENTS: dict[str, str] = {
    "on_start": "the first sound is heard",
    "on_ready": "all of the session is ready",
    "on_segment": "another segment begins",
    "on_pause": "the sound is paused",
    "on_resume": "the sound goes on",
    "on_end": "the player leaves, with the reason",
    "on_error": "the player fails, with what went wrong",
}
"""Every event that a hook can be set for, and when it happens."""


def read_hooks(written: Any) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The program and its arguments for each event, and a sentence for each that makes no sense."""
    if not isinstance(written, dict):
        return {}, ['hooks: must be a table, such as [hooks] with on_end = ["notify-send", "over"]']
    hooks: dict[str, tuple[str, ...]] = {}
    problems = []
    for event, command in written.items():
        if event not in EVENTS:
            problems.append(f"hooks.{event}: there is no such event{did_you_mean(event, EVENTS)}")
        elif not isinstance(command, list) or not command or not all(isinstance(word, str) for word in command):
            problems.append(
                f'hooks.{event}: must be a list of a program and its arguments, such as ["notify-send", "x"]'
            )
        else:
            hooks[event] = tuple(command)
    return hooks, problems
