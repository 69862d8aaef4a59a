"""The shells whose completion can be written, and where each looks for it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from focuscli.completion.bourne import bash, zsh
from focuscli.completion.fish import fish
from focuscli.completion.powershell import powershell
from focuscli.completion.tree import Places


class Shell(StrEnum):
    """A shell by its name."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


@dataclass(frozen=True, slots=True)
class Script:
    """How a shell's script is written, and the name of its file."""

    write: Callable[[Places], str]
    file: str


SCRIPTS: dict[Shell, Script] = {
    Shell.BASH: Script(bash, "focus.bash"),
    Shell.ZSH: Script(zsh, "_focus"),
    Shell.FISH: Script(fish, "focus.fish"),
    Shell.POWERSHELL: Script(powershell, "focus.ps1"),
}
