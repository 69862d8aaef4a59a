"""What was played stays for a while, and what is kept is what was fetched."""

import os
from pathlib import Path

import pytest

from focuscli.model import Goal, Segment, Session, SessionStatus
from focuscli.playback.cache import SegmentCache
from focuscli.playback.kept import KeptSessions
from focuscli.playback.workplace import Workplace

SESSION = "mfocus_0123456789ab"


def body(folder: Path, letter: str, size: int = 1000) -> Path:
    file = folder / f"body-{letter}"
    file.write_bytes(letter.encode() * size)
    return file


def segment(index: int, url: str | None = None) -> Segment:
    return Segment(index, f"https://example.com/{index}.flac?s=1" if url is None else url, 120.4, -14.0, 1500, 1500)


def session(ready: int = 3, *, more: bool = False) -> Session:
    return Session(
        SESSION, SessionStatus.ACTIVE, Goal.FOCUS, "test", 6, 3, ready, tuple(map(segment, range(ready))), more, None
    )


@pytest.fixture
def cache(tmp_path: Path) -> SegmentCache:
    return SegmentCache(tmp_path / "segments", 3000)


def test_what_is_kept_is_lent_under_another_name(cache: SegmentCache, tmp_path: Path) -> None:
    file = body(tmp_path, "a")
    digest = cache.keep(file)
    file.unlink()
    assert cache.lend(digest, tmp_path / "here")
    assert cache.lend(digest, tmp_path / "here")
    assert (tmp_path / "here").read_bytes() == b"a" * 1000
    assert not list(tmp_path.rglob(".*"))


def test_the_longest_unused_goes_first(cache: SegmentCache, tmp_path: Path) -> None:
    digests = [cache.keep(body(tmp_path, letter)) for letter in "abc"]
    for age, digest in enumerate(digests):
        os.utime(tmp_path / "segments" / f"{digest}.segment", (1000 + age, 1000 + age))
    assert cache.lend(digests[0], tmp_path / "used")
    newest = cache.keep(body(tmp_path, "d"))
    assert [cache.has(digest) for digest in [*digests, newest]] == [True, False, True, True]


def test_what_is_lent_outlives_its_place(cache: SegmentCache, tmp_path: Path) -> None:
    digest = cache.keep(body(tmp_path, "a"))
    assert cache.lend(digest, tmp_path / "here")
    cache.empty()
    assert not cache.has(digest)
    assert (tmp_path / "here").read_bytes() == b"a" * 1000


def test_what_is_larger_than_the_quota_is_not_kept(cache: SegmentCache, tmp_path: Path) -> None:
    kept = cache.keep(body(tmp_path, "a"))
    assert not cache.has(cache.keep(body(tmp_path, "b", 3001)))
    assert cache.has(kept)


def test_a_body_that_rotted_is_not_lent(cache: SegmentCache, tmp_path: Path) -> None:
    digest = cache.keep(body(tmp_path, "a"))
    (tmp_path / "segments" / f"{digest}.segment").write_bytes(b"a" * 999 + b"b")
    assert not cache.lend(digest, tmp_path / "here")
    assert not (tmp_path / "here").exists()
    assert not cache.has(digest)


def test_file_systems_without_links_hold_copies(
    cache: SegmentCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    digest = cache.keep(body(tmp_path, "a"))
    assert cache.lend(digest, tmp_path / "here")
    assert (tmp_path / "here").stat().st_mode & 0o077 == 0


def kept_sessions(tmp_path: Path, cache: SegmentCache, owner: str = "local") -> KeptSessions:
    return KeptSessions(tmp_path / "sessions", owner, cache)


def test_a_session_is_remembered_with_what_is_here_of_it(cache: SegmentCache, tmp_path: Path) -> None:
    kept = kept_sessions(tmp_path, cache)
    kept.seen(session())
    assert kept.session(SESSION) is None
    for index, letter in ((0, "a"), (2, "c")):
        kept.put(SESSION, segment(index), cache.keep(body(tmp_path, letter)))
    again = kept_sessions(tmp_path, cache).session(SESSION)
    assert again is not None
    assert again.segments == (segment(0, ""), segment(2, ""))
    assert (again.ready_count, again.more_pending, again.goal) == (3, False, Goal.FOCUS)
    assert kept_sessions(tmp_path, cache, "https://example.com org_1").session(SESSION) is None
    cache.empty()
    assert kept.session(SESSION) is None
    kept.sweep()
    assert not list((tmp_path / "sessions").iterdir())


def test_what_a_session_became_is_remembered_too(cache: SegmentCache, tmp_path: Path) -> None:
    kept = kept_sessions(tmp_path, cache)
    kept.seen(session(1, more=True))
    kept.put(SESSION, segment(0), cache.keep(body(tmp_path, "a")))
    kept.seen(session(3))
    again = kept_sessions(tmp_path, cache).session(SESSION)
    assert again is not None
    assert (again.ready_count, again.more_pending) == (3, False)


def test_another_path_is_another_content(cache: SegmentCache, tmp_path: Path) -> None:
    kept = kept_sessions(tmp_path, cache)
    digest = cache.keep(body(tmp_path, "a"))
    kept.put(SESSION, segment(0), digest)
    assert kept.content(SESSION, segment(0, "https://example.com/0.flac?s=2")) == digest
    assert kept.content(SESSION, segment(0, "https://example.com/other.flac?s=1")) is None
    assert kept.content(SESSION, segment(0, "")) == digest
    kept.forget(SESSION, segment(0))
    assert kept.content(SESSION, segment(0)) is None
    assert not cache.has(digest)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"schema": 1}',
        '{"schema": 2, "session": {}, "segments": {}}',
        '{"schema": 1, "session": {}, "segments": {"0": 7, "x": {}, "1": {"content": "../../etc/passwd"}}}',
    ],
)
def test_a_memory_that_cannot_be_read_is_none(cache: SegmentCache, tmp_path: Path, content: str) -> None:
    kept = kept_sessions(tmp_path, cache)
    kept.put(SESSION, segment(0), cache.keep(body(tmp_path, "a")))
    (file,) = (tmp_path / "sessions").iterdir()
    file.write_text(content)
    again = kept_sessions(tmp_path, cache)
    assert again.session(SESSION) is None
    assert again.content(SESSION, segment(0)) is None


def test_a_workplace_is_swept_when_its_player_is_gone(tmp_path: Path) -> None:
    mine = Workplace(tmp_path / "playing")
    (mine.folder / "0-segment").write_bytes(b"a")
    dead = tmp_path / "playing" / "4194305-1f"  # beyond the highest process id there can be
    dead.mkdir()
    (dead / "0-segment").write_bytes(b"a")
    Workplace(tmp_path / "playing").sweep()
    assert dead.exists()  # somebody may be at work there whom this machine cannot see
    for folder in (dead, mine.folder):
        os.utime(folder, (1000, 1000))
    Workplace(tmp_path / "playing").sweep()
    assert not dead.exists()
    assert (mine.folder / "0-segment").exists()
    mine.close()
    assert not list((tmp_path / "playing").iterdir())
