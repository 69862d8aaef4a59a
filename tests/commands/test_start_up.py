"""What a command loads before it answers: counted in modules, because time on a shared machine is noise."""

import json
import os
import subprocess
import sys

import pytest

from focuscli.paths import Paths
from focuscli.playback.doorway import Doorway
from tests.commands.conftest import Focus
from tests.fakes.engine import FakeEngine

HEAVY = {"numpy", "rich", "sounddevice", "soundfile", "miniaudio", "httpx", "scipy", "msgspec", "uvicorn", "asyncio"}
LOADED = """
import json, sys
sys.argv = ["focus", *json.loads(sys.argv[1])]
from focuscli.__main__ import main
code = main()
sys.stderr.write("\\n" + json.dumps([code, sorted(sys.modules)]))
"""


def loaded(*words: str) -> tuple[int, set[str]]:
    """The exit code of a command line, and every module that it loaded, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, json.dumps(words)], capture_output=True, text=True, env=os.environ, check=True
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules)


def _name(value: object) -> str | None:
    return " ".join(map(str, value)) if isinstance(value, list) else ""


@pytest.fixture
def bare() -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", "import json, sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


LIGHT = HEAVY | {"typer", "dataclasses", "inspect", "typing", "pathlib", "subprocess", "contextlib", "threading"}
BUDGETS: list[tuple[list[str], int, set[str]]] = [
    (["--version"], 40, HEAVY | {"typer", "socket", "focuscli.client"}),
    (["status"], 70, LIGHT),
    (["status", "--json"], 70, LIGHT),
    (["status", "-q"], 70, LIGHT),
    (["status", "--format", "waybar"], 70, LIGHT),
    (["status", "--format", "{goal} [{left|duration}]"], 70, LIGHT),
    (["--help"], 160, HEAVY | {"pydantic", "http.client", "urllib.request"}),
    (["start", "-q"], 190, HEAVY | {"pydantic", "http.client", "urllib.request"}),
    (["end"], 190, HEAVY | {"pydantic", "http.client", "urllib.request"}),
]
"""How many modules beyond a bare Python's a command may load with an engine and a session, and none of which."""


@pytest.mark.parametrize(("words", "most", "none_of"), BUDGETS, ids=_name)
def test_a_command_keeps_to_its_budget_of_modules(
    paths: Paths, fake: FakeEngine, focus: Focus, bare: set[str], words: list[str], most: int, none_of: set[str]
) -> None:
    session_id = focus("start", "-q").out.strip()
    fake.make_ready(session_id, 3)
    state = {"session_id": session_id, "paused": True, "muted": False, "segment_index": 0, "position_s": 1.0}
    with Doorway(paths.player_address, lambda _: None, state | {"volume": 100, "device": ""}):
        code, modules = loaded(*words)
    assert code == 0
    assert not modules & none_of
    assert len(modules - bare) <= most


def test_idle_status_loads_no_more(fake: FakeEngine, bare: set[str]) -> None:
    code, modules = loaded("status", "--format", "tmux")
    assert (code, modules & LIGHT) == (3, set())
    assert len(modules - bare) <= 70


@pytest.mark.parametrize(
    "words", [[], ["start", "--help"], ["list"], ["show"], ["status", "x"], ["version"], ["devices", "-h"]]
)
def test_no_command_loads_what_it_does_not_need(fake: FakeEngine, words: list[str]) -> None:
    assert not loaded(*words)[1] & HEAVY


def test_nothing_is_looked_through_again_before_the_program_leaves(fake: FakeEngine) -> None:
    code = "import gc; from focuscli.__main__ import main; main(); print(gc.get_freeze_count())"
    done = subprocess.run([sys.executable, "-c", code, "list", "-q"], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[-1]) > 10_000


def test_the_list_of_commands_loads_none_of_them() -> None:
    modules = loaded("--help")[1]
    assert not modules & {"focuscli.commands.start", "focuscli.assemble", "focuscli.client.api", "focuscli.settings"}
