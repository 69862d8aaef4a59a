"""Real shells at a terminal complete commands, options, values and ids."""

import os
import shutil
from pathlib import Path

import pytest

from focuscli.completion.seen import keep
from focuscli.paths import Paths
from tests.completion.shells import SHELLS, Shell
from tests.fakes.engine import FakeEngine

STUDIO = "https://studio.example"
REMOTES = '[remotes.studio]\nurl = "https://studio.example"\n'


@pytest.fixture
def paths() -> Paths:
    found = Paths.find(os.environ)
    found.config.mkdir(parents=True)
    found.config_file.write_text(REMOTES)
    return found


@pytest.mark.parametrize("name", SHELLS)
def test_a_shell_completes_what_is_typed(name: str, tmp_path: Path, paths: Paths) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"needs {name} (Debian: {name})")
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "night.flac").touch()
    with FakeEngine().listening() as engine:
        engine.announce(paths)
        session_id = engine.begin("sleep", 90)
        theirs = f"{session_id[:-1]}z"
        of_theirs = {"status": "active", "goal": "focus", "target_minutes": 1, "ready_count": 0, "total_segments": 1}
        keep(str(paths.cache), STUDIO, [{**of_theirs, "session_id": theirs}], all_of_them=True)
        with Shell(name, folder) as shell:
            for typed, words in {
                "focus watc": ["watch"],
                "focus --json engine lo": ["--json", "engine", "logs"],
                "focus start --inten": ["start", "--intensity"],
                "focus start --goal sl": ["start", "--goal", "sleep"],
                "focus start --goal=sl": ["start", "--goal=sleep"],
                "focus start --minutes 5 --goal rel": ["start", "--minutes", "5", "--goal", "relax"],
                "focus start --engine l": ["start", "--engine", "local"],
                "focus config set idle": ["config", "set", "idle_exit"],
                "focus completion fi": ["completion", "fish"],
                "focus --remote stu": ["--remote", "studio"],
                "focus export --to nig": ["export", "--to", "night.flac"],
                f"focus end {session_id[:10]}": ["end", session_id],
                "focus watch --no-audio mf": ["watch", "--no-audio", session_id],
                "focus end --remote studio mf": ["end", "--remote", "studio", theirs],
                "focus --remote=studio status mf": ["--remote=studio", "status", theirs],
                f"focus end --remote {STUDIO} mf": ["end", "--remote", STUDIO, theirs],
            }.items():
                assert shell.completed(typed) == words, typed
            shell.listed("focus sta", "Start a session.", "Show how a session stands")
            other = engine.begin("focus", 60)
            common = session_id[: next(i for i in range(19) if session_id[i] != other[i])]
            shell.listed(f"focus status {common}", session_id, "active: sleep, 90 min", other, "active: focus, 60 min")
