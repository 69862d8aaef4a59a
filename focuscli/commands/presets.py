"""Forms for the status bars that people have: `focus status --format waybar`, `i3blocks`, `tmux`.

Light on purpose: a bar asks every second.
"""

import json
from collections.abc import Callable, Mapping

from focuscli.commands.formatting import filled

_SHORT = "{goal} [{left|duration}]"
_LONG = "{goal}, {minutes} min\n{ready} of {total} segments ready[\n{state}, {left|duration} left][, ends at {ends}]"


def tmux(fields: Mapping[str, object]) -> str:
    """Goal and time left, and how much is ready ahead; before anything plays, how much is ready."""
    ready = "{ahead|minutes}m ahead" if fields.get("state") else "{ready}/{total} ready"
    return filled(f"{{goal|tmux_escape}}[ {{left|duration}}] {ready}", fields)


def waybar(fields: Mapping[str, object]) -> str:
    """JSON for a custom module with `return-type: json`; markup in it is escaped."""
    state = str(fields.get("state") or "waiting")
    ready, total = int(str(fields["ready"])), int(str(fields["total"]))
    percentage = fields.get("percent", round(100 * ready / max(1, total)))
    escaped = {"goal": filled("{goal|markup_escape}", fields)}
    return json.dumps(
        {
            "text": filled(_SHORT, {**fields, **escaped}).strip(),
            "alt": state,
            "tooltip": filled(_LONG, {**fields, **escaped}),
            "class": [escaped["goal"], state],
            "percentage": percentage,
        }
    )


def i3blocks(fields: Mapping[str, object]) -> str:
    """JSON for a block with `format=json`, once or, with --follow, for `interval=persist`."""
    long = filled("{goal} [{left|duration} left, ]{ready}/{total} ready", fields)
    return json.dumps({"full_text": long, "short_text": filled(_SHORT, fields).strip()})


PRESETS: dict[str, Callable[[Mapping[str, object]], str]] = {"waybar": waybar, "i3blocks": i3blocks, "tmux": tmux}
"""What can be named instead of a form."""


def told(form: str, fields: Mapping[str, object]) -> str:
    """The line of a preset or a form; raises ValueError that says what in the form is wrong."""
    preset = PRESETS.get(form)
    if preset is None:
        return filled(form, fields)
    return preset(fields) if fields else ""
