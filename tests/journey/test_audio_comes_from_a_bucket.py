"""The real program with its audio in a bucket: what is exported is what an engine with a folder of its own gives."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes.bucket import BUCKET, SECRET, BucketServer, bucket_server

from .conftest import Program

BUCKETS_HOST = "127.0.0.2"
"""A host of its own with the engine's port: players ask other hosts at no other port but that of https."""

SEGMENTS = 3


@pytest.fixture
def bucket() -> Iterator[BucketServer]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    try:
        with socket.socket() as there:
            there.bind((BUCKETS_HOST, port))
    except OSError:
        pytest.skip(f"this machine has no {BUCKETS_HOST}")
    with bucket_server(BUCKETS_HOST, port) as server:
        yield server


@contextmanager
def serving(focus: Program, port: int) -> Iterator["subprocess.Popen[str]"]:
    """An engine in the foreground, stopped in order at the end."""
    engine = focus.popen("engine", "serve", "--port", str(port), "--json", stdout=subprocess.PIPE)
    try:
        assert engine.stdout is not None
        assert engine.stdout.readline(), "it tells where it listens"
        yield engine
    finally:
        engine.terminate()
        engine.communicate(timeout=30)
    assert engine.returncode == 0


def exported(focus: Program, file: Path) -> bytes:
    session = focus.json("start", "--goal", "relax", "--minutes", "1", "--seed", "5")
    done = focus.run("export", session["session_id"], "--to", str(file))
    assert done.returncode == 0, done.stderr
    return file.read_bytes()


@pytest.mark.journey
def test_what_is_heard_from_a_bucket_is_what_is_heard_from_a_folder(
    focus: Program, bucket: BucketServer, tmp_path: Path
) -> None:
    at_home = exported(focus, tmp_path / "folder.wav")
    objects = {**bucket.environment(), "FOCUS_OBJECTS": f"s3://{BUCKET}/team"}
    team = Program(tmp_path / "team", {**focus.environment, **objects})
    team.home.mkdir()
    bucket.refuse_next = 1
    with serving(team, int(bucket.url.rpartition(":")[2])) as engine:
        assert exported(team, tmp_path / "bucket.wav") == at_home
        words = Path(f"/proc/{engine.pid}/cmdline")
        assert SECRET not in (words.read_text() if words.exists() else "")
    fetched = [asked for asked in bucket.asked if asked.presigned]
    assert len(fetched) == SEGMENTS + 1, "what was refused is asked for once more, by a new URL"
    assert len({asked.target.partition("?")[0] for asked in fetched}) == SEGMENTS
    assert not any({"x-api-key", "authorization", "cookie"} & asked.headers.keys() for asked in fetched)
    assert len([asked for asked in bucket.asked if asked.method == "PUT"]) == SEGMENTS + 1, "and the deployment's mark"
    told = [file.read_text(errors="replace") for file in team.home.rglob("*") if file.suffix in {".log", ".json"}]
    assert not any(SECRET in text for text in told)


@pytest.mark.journey
def test_an_engine_without_its_bucket_does_not_begin(focus: Program, bucket: BucketServer) -> None:
    focus.environment |= {**bucket.environment(), "FOCUS_OBJECTS": "s3://mistyped/team"}
    done = focus.run("engine", "serve", "--json")
    assert done.returncode != 0
    assert "there is no bucket s3://mistyped/team" in done.stderr + done.stdout
