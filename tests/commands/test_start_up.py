"""What a command loads before it answers: counted in modules, because time on a shared machine is noise."""

import json
import os
import subprocess
import sys

import pytest

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


@pytest.fixture
def bare() -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("words", [["status"], ["status", "--json"]])
def test_status_loads_next_to_nothing(fake: FakeEngine, bare: set[str], words: list[str]) -> None:
    code, modules = loaded(*words)
    assert code == 3
    assert not modules & (HEAVY | {"typer", "dataclasses", "inspect", "typing", "pathlib", "subprocess"})
    assert len(modules - bare) <= 65


@pytest.mark.parametrize(
    "words", [[], ["--help"], ["start", "--help"], ["end"], ["list"], ["start", "-q"], ["status", "x"]]
)
def test_no_command_loads_what_it_does_not_need(fake: FakeEngine, words: list[str]) -> None:
    assert not loaded(*words)[1] & HEAVY


def test_the_list_of_commands_loads_none_of_them() -> None:
    modules = loaded("--help")[1]
    assert not modules & {"focuscli.commands.start", "focuscli.assemble", "focuscli.client.api", "focuscli.settings"}
