"""The README's first line, typed in a fresh clone with an empty home, plays."""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from .conftest import SoundCard

ROOT = Path(__file__).parent.parent.parent


def _first_line() -> str:
    block = re.search(r"```sh\n(.+?)\n```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block
    return block[1]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("a clone needs git and a repository to clone")
    subprocess.run(["git", "clone", "-q", ROOT, tmp_path / "clone"], check=True, timeout=60)
    return tmp_path / "clone"


@pytest.mark.journey
@pytest.mark.timeout(300)
def test_the_first_line_sets_everything_up_and_plays(clone: Path, sound_card: SoundCard) -> None:
    line = _first_line()
    assert line.endswith("--watch")
    environment = {name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "LANG", "SSL_"))}
    environment |= {"HOME": str(clone.parent / "nobody"), "PATH": os.environ["PATH"], "PIP_NO_CACHE_DIR": "1"}
    environment |= sound_card.environment
    process = subprocess.Popen(
        ["bash", "-c", line],
        cwd=clone,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = []
    for text in process.stdout:
        said.append(text)
        if "playing" in text or "segment 1" in text:
            break
    os.killpg(process.pid, signal.SIGINT)
    said.append(process.communicate(timeout=60)[0])
    subprocess.run([clone / ".venv/bin/focus", "engine", "stop"], env=environment, check=True, timeout=60)
    assert process.returncode in (130, -signal.SIGINT), "".join(said)
    recording, _ = soundfile.read(sound_card.stop())
    assert np.abs(recording).max() > 0.01, "".join(said)
