"""`focus start --explain`: what a prompt was understood to say, and which music would follow."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from focuscli.commands.output import document, say

if TYPE_CHECKING:
    from focuscli.model import Intensity, Modulation
    from focuscli.music.prompt.explanation import Explanation

_MOST_IGNORED = 24
_LABEL = 14


def explain_prompt(prompt: str, intensity: "Intensity", modulation: "Modulation | None", *, as_json: bool) -> None:
    """Print it; starts nothing."""
    from focuscli.music.prompt.explanation import explain

    explanation = explain(prompt, intensity, modulation)
    if as_json:
        document({"schema": 1, **asdict(explanation)})
        return
    for line in lines_of(explanation):
        say(line)


def lines_of(explanation: "Explanation") -> list[str]:
    """The explanation for people, a thing a line."""
    width = max((len(meant.words) for meant in explanation.understood), default=0)
    understood = [
        f"{meant.words:{min(width, 28)}}  {': '.join(filter(None, (meant.meaning, '; '.join(meant.effects))))}"
        for meant in explanation.understood
    ]
    more = len(explanation.ignored) - _MOST_IGNORED
    ignored = ", ".join(explanation.ignored[:_MOST_IGNORED]) + (f" and {more} more" if more > 0 else "")
    return [
        *_under("understood", understood or ["nothing: it is the goal's own music"]),
        *_under("ignored", [ignored or "nothing"]),
        *(f"{name:{_LABEL}}{value}" for name, value in _music(explanation)),
    ]


def _under(label: str, lines: list[str]) -> list[str]:
    return [f"{label if number == 0 else '':{_LABEL}}{line}" for number, line in enumerate(lines)]


def _music(explanation: "Explanation") -> list[tuple[str, str]]:
    music = explanation.parameters
    slow, fast = music.tempo_bpm
    share = f", {music.melody_share:.0%} of the time"
    return [
        ("goal", f"{music.goal}, {explanation.intensity}"),
        ("tempo", f"{slow:g} bpm" if slow == fast else f"{slow:g} to {fast:g} bpm"),
        ("key", f"{music.key or 'any'}, {' or '.join(music.modes)}"),
        ("chords", ", ".join(music.chords)),
        ("melody", f"{', '.join(music.melody)}{share}" if music.melody else "none"),
        ("pads", ", ".join(music.pads) or "none"),
        ("textures", ", ".join(music.textures) or "none"),
        ("drums", music.drums or "none"),
        ("bass", music.bass or "none"),
        ("density", f"{music.onsets_per_s:g} chords or notes of the keys a second"),
        ("brightness", f"{music.brightness:g}"),
        ("room", f"{music.room_s:g} s"),
        ("attack", f"{music.attack_ms:g} ms or more"),
        ("register", f"around {music.register[0]}, no higher than {music.register[1]} (MIDI)"),
        ("modulation", f"{music.modulation_16hz:g} at 16 Hz"),
    ]
