"""Who renders is a setting: processes, whatever a callable makes, or a cluster behind certificates."""

import os
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from focuscli.engine.render_job import OtherVersion, RenderSpec, render_segment_job
from focuscli.engine.rendering import Rendering, open_rendering
from focuscli.engine.workers import WorkerPool
from focuscli.errors import UsageError
from focuscli.settings import Settings
from tests.engine import jobs


def opened(**settings: object) -> Rendering:
    return open_rendering(Settings.load(file=None, environment={}, options=settings))


def threads() -> Executor:
    return ThreadPoolExecutor(1)


def processes() -> Executor:
    return ProcessPoolExecutor(1, get_context("spawn"))


def no_executor() -> str:
    return "text"


@pytest.mark.skipif(os.name != "posix", reason="kills processes with signals")
def test_processes_of_this_machine_render_by_default() -> None:
    rendering = opened(slots=1)
    assert isinstance(rendering.executor, WorkerPool)
    assert rendering.slots() == 1
    rendering.executor.shutdown()


def test_any_callable_that_makes_an_executor_will_do() -> None:
    rendering = opened(render_executor=f"{__name__}:threads", slots=3)
    with rendering.executor as executor:
        assert executor.submit(jobs.echo, "rendered").result(30) == "rendered"
    assert rendering.slots() == 3


@pytest.mark.skipif(os.name != "posix", reason="kills processes with signals")
def test_an_executor_that_broke_is_made_anew() -> None:
    with opened(render_executor=f"{__name__}:processes").executor as executor:
        with pytest.raises(BrokenExecutor):
            executor.submit(jobs.die, "").result(60)
        assert executor.submit(jobs.echo, "again").result(60) == "again"


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        ("no_such_module:make", "no_such_module"), (f"{__name__}:nothing", "nothing"), ("x", "x"), (":x", ":x"),
        (f"{__name__}:no_executor", "it makes a str"), ("tls://render.example.org:8786", "needs mutual TLS"),
        ("dask://render.example.org:8786", "needs mutual TLS"), ("dask://127.0.0.1.evil.example:8786", "mutual TLS"),
    ],
)  # fmt: skip
def test_a_wish_that_makes_no_sense_or_is_unsafe_is_refused(wish: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        opened(render_executor=wish)


def test_certificates_that_are_not_there_are_named(tmp_path: Path) -> None:
    files = {f"render_tls_{name}": str(tmp_path / name) for name in ("ca", "cert", "key")}
    (tmp_path / "cert").touch()
    with pytest.raises(UsageError, match=r"ca nor .*key"):
        opened(render_executor="tls://render.example.org:8786", **files)
    with pytest.raises(UsageError, match="needs mutual TLS"):  # one that is forgotten is not left out
        opened(render_executor="dask://127.0.0.1:8786", render_tls_ca=files["render_tls_cert"])


def test_a_renderer_of_another_version_refuses_and_says_so() -> None:
    spec = RenderSpec("piece", 0, "objects", "key", version="0.0.1")
    with pytest.raises(OtherVersion, match=r"the engine is version 0\.0\.1, and this renderer is"):
        render_segment_job(spec.to_json())
