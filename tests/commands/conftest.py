"""One command line in this process, against a fake engine that is found as this machine's own."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from focuscli.main import run
from focuscli.paths import Paths
from tests.fakes.engine import FakeEngine
from tests.fakes.sink import MemorySink


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout, which is one document."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """stderr, which is one line with an error; stdout is empty."""
        assert self.out == ""
        assert self.err.count("\n") == 1
        error: dict[str, Any] = json.loads(self.err)["error"]
        return error


Focus = Callable[..., Done]


@pytest.fixture(autouse=True)
def sinks(monkeypatch: pytest.MonkeyPatch) -> list[MemorySink]:
    """No command opens a sound card; the outputs that were opened instead."""
    opened: list[MemorySink] = []

    def open_device(*_named: object) -> MemorySink:
        opened.append(MemorySink(latency_frames=4800))
        return opened[-1]

    monkeypatch.setattr("focuscli.playback.sink.open_device", open_device)
    return opened


@pytest.fixture
def focus(capsys: pytest.CaptureFixture[str]) -> Focus:
    def focus(*argv: str, through: Callable[[list[str]], int | None] = run) -> Done:
        capsys.readouterr()
        code = through(list(argv))
        assert code is not None
        return Done(code, *capsys.readouterr())

    return focus


@pytest.fixture
def paths() -> Paths:
    return Paths.find(os.environ)


@pytest.fixture
def fake(paths: Paths) -> Iterator[FakeEngine]:
    with FakeEngine().listening() as engine:
        engine.announce(paths)
        yield engine


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEngine]:
    """An engine that the environment names as the remote one."""
    with FakeEngine(key="fk_live_secret", organization="org_abc123", prefix="/freddy").listening() as engine:
        monkeypatch.setenv("FOCUS_REMOTE", engine.url)
        monkeypatch.setenv("FOCUS_ORGANIZATION", engine.organization)
        monkeypatch.setenv("FREDDY_API_KEY", engine.key)
        yield engine
