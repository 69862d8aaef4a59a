"""Every line of the README's shell blocks is typed as it stands, one block after the other, and none of them fails."""

import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.commands.test_recipes import Shell
from tests.engine.tls import make_certificate
from tests.fakes.engine import FakeEngine

from .conftest import SoundCard

ROOT = Path(__file__).parent.parent.parent
ELSEWHERE = {"--watch", "tests/run"}
"""Blocks that end so are run by test_readme_line, and by whoever runs this."""

GOES_ON = ("focus watch", "focus engine logs --follow", "focus engine stop; focus engine serve")
"""Lines for a shell of their own, which end when they are told to."""

IN_THE_BACKGROUND = """\
set -m
{{ {line}
}} >said 2>&1 &
until {seen}; do kill -0 $!; sleep 0.1; done
"""
LEAVE = "kill -INT -- -$!; wait $! || [ $? -ge 128 ]\n"


def blocks() -> list[list[str]]:
    """The lines of each shell block, those that are continued in one."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [block.replace("\\\n", " ").splitlines() for block in found]


def script(lines: list[str]) -> str:
    """What a shell is given for a block: who plays or follows is left running until the next line that needs it not."""
    return "".join(map(_typed, lines))


def _typed(line: str) -> str:
    if not line.startswith(GOES_ON):
        return f"{line}\n"
    if line.startswith("focus watch  "):  # the next lines steer it, and the last of them ends it
        return IN_THE_BACKGROUND.format(line=line, seen="focus volume >volume 2>&1")
    return IN_THE_BACKGROUND.format(line=line, seen="[ -s said ]") + LEAVE


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_no_block_is_of_a_kind_that_is_not_run() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^```(\w*)$", text, re.MULTILINE)) == {"sh", "toml", ""}
    assert [lines[-1].split()[-1] in ELSEWHERE for lines in blocks()].count(True) == 2


@pytest.mark.journey
def test_every_line_works_as_printed(tmp_path: Path, sound_card: SoundCard) -> None:
    for tool in ("jq", "curl", "ffmpeg", "openssl"):
        if shutil.which(tool) is None:
            pytest.skip(f"the README uses {tool} (Debian: {tool})")
    shell = Shell(tmp_path / "home")
    (shell.home / "key.txt").write_text("fk_live_secret\n")
    make_certificate(shell.home)
    shell.environment |= sound_card.environment | {"FOCUS_SEGMENT_SECONDS": "20", "FOCUS_MINUTES": "1"}
    with FakeEngine(key="fk_live_secret", organization="org_abc123").listening() as studio:
        # neither other machines nor their names are there, and no port is sure to be free
        changed = {"https://api.aitronos.com": studio.url, "0.0.0.0": "127.0.0.1", "8443": str(free_port())}
        changed[". .venv/bin/activate "] = "focus --version "  # it is on PATH
        changed["--minutes 30 "] = "--minutes 1 "
        changed["focus auth login --remote studio "] = "focus auth login --remote studio <key.txt "
        try:
            for lines in blocks():
                if lines[-1].split()[-1] not in ELSEWHERE:
                    _run(shell, script(lines), changed)
        finally:
            shell.run("focus engine stop")
        assert len(studio.sessions) == 1
    assert (shell.home / "night.flac").stat().st_size > 100_000
    assert (shell.home / "break.mp3").stat().st_size > 100_000


def _run(shell: Shell, script: str, changed: dict[str, str]) -> None:
    for printed, here in changed.items():
        script = script.replace(printed, here)
    command = ["bash", "-euxo", "pipefail", "-c", script]
    done = subprocess.run(
        command, env=shell.environment, cwd=shell.home, capture_output=True, text=True, timeout=120, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, f"{script}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
