"""A shell at a terminal, with a `focus` on its PATH that completes for real and otherwise only tells its words."""

import fcntl
import os
import pty
import re
import selectors
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 30.0

_LEAD = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
_FOCUS = """#!/bin/sh
if [ "$1" = __complete ]; then exec "{python}" -c '{patiently}' "$@"; fi
{{ for word; do printf '%s\\t' "$word"; done; echo; }} >"{told}"
"""
_PATIENTLY = """\
import sys
from focuscli.__main__ import main
from focuscli.completion import candidates
candidates.LIMIT_S = 20.0
sys.exit(main())
"""
"""The program, where a loaded machine is no reason to say nothing."""

_PROMPT = "READY>"
_FISH = """\
source {completions}/focus.fish; set -g fish_autosuggestion_enabled 0; \
function fish_title; end; function fish_prompt; echo -n $PROMPT_HERE; end"""
SHELLS: dict[str, tuple[list[str], str]] = {
    "bash": (
        ["bash", "--noprofile", "--norc", "-i"],
        "bind 'set bell-style none'; source {completions}/focus.bash; PS1=$PROMPT_HERE",
    ),
    "zsh": (
        ["zsh", "-f", "-i"],
        "fpath=({completions} $fpath); autoload -Uz compinit; compinit -u -D; unsetopt prompt_sp; PS1=$PROMPT_HERE",
    ),
    "fish": (["fish", "--no-config", "-i"], _FISH),
}
"""How each is started, and what makes it ready."""


class Shell:
    """One of them, in the foreground of a terminal of its own, in a folder."""

    def __init__(self, name: str, folder: Path) -> None:
        # bash lists only when there is nothing left to add
        self._tabs = b"\t\t\t" if name == "bash" else b"\t"
        self._told = folder / "told"
        os.mkfifo(self._told)
        self._words = os.open(self._told, os.O_RDWR)
        program, self._ready = SHELLS[name]
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 160, 0, 0))
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LEAD, *program],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True, cwd=folder, env=self._environment(folder),
        )  # fmt: skip
        os.close(slave)
        self._output = b""
        self._selector = selectors.DefaultSelector()
        for descriptor in (self._master, self._words):
            self._selector.register(descriptor, selectors.EVENT_READ)

    def __enter__(self) -> Self:
        self._send(self._ready.format(completions=ROOT / "completions").encode() + b"\r")
        self.shown(_PROMPT)
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        os.close(self._master)
        os.close(self._words)
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def completed(self, typed: str) -> list[str]:
        """The words with which `focus` is called when these are typed, then Tab, then Enter."""
        self._output = b""
        self._send(f"{typed}\t\r".encode())
        told = b""
        while not told.endswith(b"\n"):
            told += self._read(self._words)
        return told.decode().rstrip("\n").split("\t")[:-1]

    def listed(self, typed: str, *texts: str) -> None:
        """Wait until what is offered after these words and Tab has shown every text; then forget the line."""
        self._output = b""
        self._send(typed.encode() + self._tabs)
        for text in texts:
            self.shown(text)
        self._output = b""
        self._send(b"\x15\r")
        self.shown(_PROMPT)

    def shown(self, text: str) -> None:
        """Wait until the terminal was sent this text, whatever the colours."""
        while text not in re.sub(r"\x1b(\[[0-?]*[ -/]*[@-~]|\(B)", "", self._output.decode(errors="replace")):
            self._output += self._read(self._master)

    def _send(self, data: bytes) -> None:
        os.write(self._master, data)

    def _read(self, wanted: int) -> bytes:
        """Something from that descriptor; what the other one has meanwhile is kept, so that nobody waits for us."""
        while True:
            ready = {key.fd for key, _ in self._selector.select(PATIENCE_S)}
            assert ready, f"nothing more came: {self._output[-3000:]!r}"
            if wanted in ready:
                return os.read(wanted, 65536)
            self._output += os.read(self._master, 65536)

    def _environment(self, folder: Path) -> dict[str, str]:
        program = folder / "bin" / "focus"
        program.parent.mkdir()
        program.write_text(_FOCUS.format(python=sys.executable, patiently=_PATIENTLY, told=self._told))
        program.chmod(0o755)
        kept = {name: os.environ[name] for name in ("HOME", "FOCUS_HOME", "PYTHONPYCACHEPREFIX") if name in os.environ}
        return kept | {
            "PATH": f"{program.parent}:/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "TERM": "xterm",
            "PROMPT_HERE": _PROMPT,
            "LC_ALL": "C.UTF-8",
        }
