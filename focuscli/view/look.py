"""The glyphs and styles of the panel, once in Unicode, once in ASCII."""

from dataclasses import dataclass

from focuscli.model import Goal
from focuscli.view.snapshot import Phase, Snapshot
from focuscli.view.text import plain_ascii

# The sixteen colours that every terminal has: the palette is the listener's own choice.
DIM = "dim"
STRONG = "bold"
WARN = "yellow"
_ACCENTS = {
    Goal.FOCUS: "cyan",
    Goal.RELAX: "green",
    Goal.SLEEP: "bright_blue",
    Goal.ENERGIZE: "bright_magenta",
    Goal.CUSTOM_PROMPT: "bright_cyan",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One set of glyphs, each one cell wide (but for `ellipsis` and the names of keys)."""

    ascii: bool
    played: str
    head: str
    ready: str
    planned: str
    level: str
    peak: str
    dot: str
    arrow: str
    minus: str
    ellipsis: str
    corners: str
    side: str
    edge: str
    phases: dict[Phase, str]
    keys: dict[str, str]

    def say(self, text: str) -> str:
        """Foreign text in characters that the stream can encode."""
        return plain_ascii(text) if self.ascii else text

    def key(self, name: str) -> str:
        """A key's name as it is shown."""
        return self.keys.get(name, name)


UNICODE = Look(
    ascii=False,
    played="━",
    head="●",
    ready="─",
    planned="┈",
    level="╍",
    peak="┃",
    dot="·",
    arrow="→",
    minus="−",
    ellipsis="…",
    corners="╭╮╰╯",
    side="│",
    edge="─",
    phases={
        Phase.PREPARING: "○",
        Phase.PLAYING: "●",
        Phase.PAUSED: "○",
        Phase.HOLDING: "●",
        Phase.WAITING: "○",
        Phase.STOPPED: "○",
    },
    keys={"up": "↑", "down": "↓", "left": "←", "right": "→", "esc": "Esc", "ctrl-l": "Ctrl-L"},
)
ASCII = Look(
    ascii=True,
    played="=",
    head="O",
    ready="-",
    planned=".",
    level="#",
    peak="|",
    dot="-",
    arrow=">",
    minus="-",
    ellipsis="...",
    corners="++++",
    side="|",
    edge="-",
    phases={
        Phase.PREPARING: ".",
        Phase.PLAYING: "*",
        Phase.PAUSED: ".",
        Phase.HOLDING: "*",
        Phase.WAITING: ".",
        Phase.STOPPED: ".",
    },
    keys={"esc": "Esc", "ctrl-l": "Ctrl-L"},
)


def accent(snapshot: Snapshot) -> str:
    """The one colour of a session."""
    return _ACCENTS.get(snapshot.goal, "cyan") if snapshot.goal else "cyan"
