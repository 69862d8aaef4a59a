"""What every kind of objects promises: the engine's own folder, a shared one, and a bucket."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from focuscli.engine.bucket import Bucket
from focuscli.engine.objects import (
    BLOCK_BYTES,
    UNFINISHED_S,
    LocalObjects,
    NameTaken,
    Objects,
    Placed,
    measure,
    object_key,
)
from tests.fakes.bucket import BUCKET, BucketServer, bucket_server

SESSION = "mfocus_00000000000a"
KEY = object_key(SESSION, 3, 1)
AUDIO = bytes(range(256)) * 1500
_numbers = count()


@dataclass
class Kept:
    """Objects, and a way to let what is in them grow old."""

    objects: Objects
    age: Callable[[float], None]
    is_shared: bool = True


@pytest.fixture(scope="module")
def bucket() -> Iterator[BucketServer]:
    with bucket_server() as server:
        yield server


@pytest.fixture(params=["own folder", "shared folder", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    if request.param != "bucket":
        root, is_shared = tmp_path / "objects", request.param == "shared folder"

        def age(seconds: float) -> None:
            for file in root.rglob("*"):
                os.utime(file, (file.stat().st_atime, file.stat().st_mtime - seconds))

        return Kept(LocalObjects(root, shared=is_shared), age, is_shared)
    server: BucketServer = request.getfixturevalue("bucket")
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    ahead = [0.0]
    objects = Bucket(f"s3://{BUCKET}/{next(_numbers)}", lambda: datetime.now(UTC) + timedelta(seconds=ahead[0]))
    return Kept(objects, lambda seconds: ahead.__setitem__(0, ahead[0] + seconds))


def writing(content: bytes) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        file.write_bytes(content)

    return write


def placed(content: bytes) -> Placed:
    return Placed(hashlib.sha256(content).hexdigest(), len(content))


def test_what_is_placed_can_be_read_whole_and_in_parts(kept: Kept) -> None:
    objects = kept.objects
    objects.check("focus_1")
    assert objects.place(KEY, writing(AUDIO)) == placed(AUDIO)
    assert objects.size(KEY) == len(AUDIO)
    with objects.file(KEY) as file:
        assert measure(file) == placed(AUDIO)
    assert b"".join(objects.stream(KEY, 0, len(AUDIO))) == AUDIO
    assert b"".join(objects.stream(KEY, 100, BLOCK_BYTES + 200)) == AUDIO[100 : BLOCK_BYTES + 200]
    assert objects.survey() == {KEY: len(AUDIO)}


def test_nothing_remains_of_what_could_not_be_written(kept: Kept) -> None:
    def half(file: Path) -> None:
        file.write_bytes(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        kept.objects.place(KEY, half)
    assert kept.objects.survey() == {}


def test_a_name_is_given_once(kept: Kept) -> None:
    kept.objects.place(KEY, writing(AUDIO))
    with pytest.raises(NameTaken):
        kept.objects.place(KEY, writing(b"another"))
    assert b"".join(kept.objects.stream(KEY, 0, len(AUDIO))) == AUDIO


def test_the_same_content_may_come_twice(kept: Kept) -> None:
    assert kept.objects.place(KEY, writing(AUDIO)) == kept.objects.place(KEY, writing(AUDIO)) == placed(AUDIO)


def test_an_object_that_is_not_there_is_not_found(kept: Kept) -> None:
    with pytest.raises(FileNotFoundError):
        kept.objects.size(KEY)
    with pytest.raises(FileNotFoundError), kept.objects.file(KEY):
        pass
    with pytest.raises(FileNotFoundError):
        list(kept.objects.stream(KEY, 0, 10))
    kept.objects.remove(KEY)
    kept.objects.quarantine(KEY)


def test_what_is_removed_or_put_aside_is_gone(kept: Kept) -> None:
    other = object_key(SESSION, 4, 1)
    kept.objects.place(KEY, writing(AUDIO))
    kept.objects.place(other, writing(AUDIO))
    kept.objects.remove(KEY)
    kept.objects.quarantine(other)
    assert kept.objects.survey() == {}


def test_the_newest_attempt_of_the_segment_before_is_found(kept: Kept) -> None:
    objects = kept.objects
    for attempt in (1, 2, 10):
        objects.place(object_key(SESSION, 2, attempt), writing(b"%d" % attempt))
    objects.place(object_key(SESSION, 1, 99), writing(b"x"))
    assert objects.before(KEY) == object_key(SESSION, 2, 10)
    assert objects.before(object_key(SESSION, 1, 1)) is None
    assert objects.before(object_key("mfocus_00000000000b", 3, 1)) is None


def test_what_nobody_knows_of_goes_when_it_is_old(kept: Kept) -> None:
    known, track = object_key(SESSION, 0, 2), "tracks/mtrack_00000000000a.flac"
    for key in (known, track, object_key(SESSION, 0, 1), "tracks/mtrack_00000000000b.flac"):
        kept.objects.place(key, writing(AUDIO))
    assert kept.objects.keep_only([known, track], UNFINISHED_S) == 0, "it may be on its way into the store"
    kept.age(UNFINISHED_S + 60)
    assert kept.objects.keep_only([known, track], UNFINISHED_S) == 2
    assert kept.objects.survey().keys() == {known, track}


def test_at_the_beginning_all_goes_that_nobody_knows_of_unless_others_place_there(kept: Kept) -> None:
    kept.objects.place(KEY, writing(AUDIO))
    assert kept.objects.keep_only([]) == (0 if kept.is_shared else 1)
