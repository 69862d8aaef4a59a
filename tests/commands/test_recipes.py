"""Every recipe of `focus help scripting` is run as it stands, by the program that it is for."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from focuscli.commands.recipes import RECIPES
from focuscli.commands.topics import text
from focuscli.paths import Paths
from tests.commands.test_listening import flac
from tests.fakes.engine import FakeEngine

BY_NAME = {recipe.name: recipe for recipe in RECIPES}
ROOT = Path(__file__).parent.parent.parent


class Shell:
    """A home with `focus` on its PATH, and nothing more in its environment than cron would give."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.program = home / ".local" / "bin" / "focus"
        self.program.parent.mkdir(parents=True)
        command = (
            f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)} -m focuscli "$@"\n'
        )
        self.program.write_text(command)
        self.program.chmod(0o755)
        self.environment = {
            "HOME": str(home),
            "PATH": f"{self.program.parent}{os.pathsep}{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            **{name: os.environ[name] for name in ("PYTHONPYCACHEPREFIX",) if name in os.environ},
        }

    def run(self, line: str, shell: str = "/bin/sh") -> "subprocess.CompletedProcess[str]":
        words = [shell, "-c", line]
        return subprocess.run(
            words, env=self.environment, cwd=self.home, capture_output=True, text=True, timeout=60, check=False
        )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "home")


@pytest.fixture
def engine(shell: Shell) -> Iterator[FakeEngine]:
    """Found as this machine's own by whoever has that home, with sessions that are all ready at once, and short."""
    with FakeEngine().listening() as engine:
        engine.announce(Paths.find(shell.environment))
        engine.media, engine.segment_s = flac(0.3), 0.3
        start = engine._start

        def start_ready(asked):  # type: ignore[no-untyped-def]
            reply = start(asked)
            for session_id in engine.sessions:
                engine.make_ready(session_id, 2)
                engine.sessions[session_id]["total_segments"] = 2
                engine.make_ready(session_id, 2)
            return reply

        engine._start = start_ready  # type: ignore[method-assign]
        yield engine


def needs(tool: str, package: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is needed (Debian: {package})")


def test_each_is_in_the_page_to_the_letter_and_has_its_test() -> None:
    page = text("scripting")
    for recipe in RECIPES:
        for line in recipe.text.splitlines():
            assert f"    {line}".rstrip() in page
    assert set(BY_NAME) == {"tmux", "waybar", "cron", "jq", "systemd-service", "systemd-timer"}


def test_tmux_shows_the_session_in_its_status_line(shell: Shell, engine: FakeEngine) -> None:
    needs("tmux", "tmux")
    needs("script", "bsdutils")
    shell.run("focus start --goal sleep -q")
    (shell.home / "tmux.conf").write_text(BY_NAME["tmux"].text)
    tmux = f"tmux -S {shell.home}/socket -f tmux.conf"
    attached = ["script", "-qfc", f"stty rows 24 cols 80; {tmux} new-session", "/dev/null"]
    environment = shell.environment | {"TERM": "xterm"}
    with subprocess.Popen(attached, env=environment, cwd=shell.home, stdout=subprocess.PIPE) as screen:
        assert screen.stdout is not None
        shown = b""
        while b"sleep 2/2 ready" not in shown and (piece := os.read(screen.stdout.fileno(), 4096)):
            shown += piece
        shell.run(f"{tmux} kill-server")
    assert b"sleep 2/2 ready" in shown


def test_waybar_gets_json_lines_that_follow_the_session(shell: Shell, engine: FakeEngine) -> None:
    module = json.loads(BY_NAME["waybar"].text)["custom/focus"]
    assert module["return-type"] == "json"
    shell.run("focus start --goal relax -q")
    words = ["/bin/sh", "-c", f"exec {module['exec']}"]
    with subprocess.Popen(words, env=shell.environment, stdout=subprocess.PIPE, text=True) as bar:
        assert bar.stdout is not None
        first = json.loads(bar.stdout.readline())
        assert shell.run(module["on-click-right"]).returncode == 0
        last = bar.stdout.readline()
        bar.terminate()
    assert (first["text"], first["class"]) == ("relax", ["relax", "waiting"])
    assert last == "\n"
    assert shell.run(module["on-click"]).returncode == 3  # nobody plays, and nothing is started for a click


def test_cron_makes_the_night_ready_and_ends_it(shell: Shell, engine: FakeEngine) -> None:
    evening, morning = (line.split(" ", 5)[5] for line in BY_NAME["cron"].text.splitlines())
    del shell.environment["LANG"]
    first = shell.run(evening)
    assert (first.returncode, first.stderr) == (0, "")
    assert shell.run(evening).stdout == first.stdout
    (session,) = engine.sessions.values()
    assert (session["goal"], 1 <= session["target_minutes"] <= 1440) == ("sleep", True)
    assert (shell.run(morning).returncode, session["status"]) == (0, "ended")
    assert shell.run(morning).returncode == 0
    assert "%" not in BY_NAME["cron"].text  # which means a line break to cron


def test_jq_reads_documents_lists_and_streams(shell: Shell, engine: FakeEngine) -> None:
    needs("jq", "jq")
    start, look, watch, end = BY_NAME["jq"].text.splitlines()
    done = shell.run(f"{start}\n{look}\n{watch}\n", "bash")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("}\nsegment 0\nsegment 1\n")
    assert '"ready": 2' in done.stdout
    shell.run("focus start -q; focus start -q")
    assert shell.run(end, "bash").returncode == 0
    assert {session["status"] for session in engine.sessions.values()} == {"ended"}


def test_systemd_takes_the_units_and_the_service_plays(shell: Shell, engine: FakeEngine, tmp_path: Path) -> None:
    service = BY_NAME["systemd-service"].text
    command = next(line for line in service.splitlines() if line.startswith("ExecStart=")).removeprefix("ExecStart=")
    shell.run("focus start -q")
    played = shell.run(command.replace("%h", "$HOME") + " --no-audio")
    assert (played.returncode, "session over" in played.stdout) == (0, True), played.stderr
    assert len(engine.sessions) == 1
    needs("systemd-analyze", "systemd")
    units = []
    for recipe in (BY_NAME["systemd-service"], BY_NAME["systemd-timer"]):
        units.append(tmp_path / Path(recipe.file).name)
        units[-1].write_text(recipe.text.replace("%h/.local/bin/focus", str(shell.program)))
    checked = shell.run(f"systemd-analyze verify {shlex.join(map(str, units))}")
    assert [line for line in checked.stderr.splitlines() if "focus-morning" in line] == []
    calendar = next(line for line in BY_NAME["systemd-timer"].text.splitlines() if line.startswith("OnCalendar="))
    assert shell.run(f"systemd-analyze calendar '{calendar.removeprefix('OnCalendar=')}'").returncode == 0
