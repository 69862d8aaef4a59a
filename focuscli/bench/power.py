"""Is anything ready that would not be there after a loss of power? A disk that forgets what was not synced, replayed.

    python -m focuscli.bench.power --crashes 2000 --json

The engine's own steps run on a real folder behind a disk that notes them: a file's content is safe once it is synced,
a name or a folder once the folder around it is. Power is lost before one of these calls; what is not safe is then
undone or torn at random, and the next engine recovers. SQLite is trusted with its own file: a commit that returned is
on the disk, which `python -m focuscli.bench.order` shows for the very calls.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from focuscli.bench.stepped import SteppedClock
from focuscli.bench.worlds import OWNER
from focuscli.engine.disk import Disk
from focuscli.engine.library import Library
from focuscli.engine.objects import LocalObjects, object_key
from focuscli.engine.objects import measure as measure_file
from focuscli.engine.parts import recover
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.sqlite_file import SqliteFile
from focuscli.engine.store import NewSession, ReadySegment
from focuscli.model import Goal

CRASHES = 2000
SEGMENTS = 6


class PowerLost(BaseException):
    """No program hears of it."""


@dataclass(frozen=True, slots=True)
class Crash:
    """Before which call power is lost, and by which chance things go."""

    at: int
    seed: int


@dataclass(slots=True)
class Outcome:
    """What the next engine found; `violations` must be empty."""

    rendered: int = 0
    ready: int = 0
    violations: list[str] = field(default_factory=list)


class ForgetfulDisk(Disk):
    """Does everything, and undoes at the crash what nobody had waited for."""

    def __init__(self, crash: Crash, *, sync_files: bool, sync_folders: bool) -> None:
        self._crash = crash
        self._sync_files, self._sync_folders = sync_files, sync_folders
        self._calls = 0
        self._random = random.Random(crash.seed)  # noqa: S311  # repeatable on purpose
        self._unsafe_content: set[Path] = set()
        self._unsafe_names: list[tuple[Path, Callable[[], None]]] = []

    def sync(self, path: Path) -> None:
        """From here on content or names are safe."""
        self._step()
        if path.is_dir() and self._sync_folders:
            self._unsafe_names = [(folder, undo) for folder, undo in self._unsafe_names if folder != path]
        elif not path.is_dir() and self._sync_files:
            self._unsafe_content.discard(path)

    def rename(self, source: Path, target: Path) -> None:
        """The name is lost with its folder's content."""
        self._step()
        if source in self._unsafe_content:
            self._unsafe_content = self._unsafe_content - {source} | {target}
        super().rename(source, target)
        self._unsafe_names.append((target.parent, lambda: target.unlink(missing_ok=True)))

    def make_folder(self, folder: Path) -> None:
        """A folder is a name as well."""
        self._step()
        super().make_folder(folder)
        self._unsafe_names.append((folder.parent, lambda: shutil.rmtree(folder, ignore_errors=True)))

    def written(self, file: Path) -> None:
        """A file has content that is in nobody's hands yet."""
        self._unsafe_content.add(file)

    def lose_power(self) -> None:
        """Each thing that is not safe is lost, or torn, or happens to be there."""
        for file in sorted(self._unsafe_content):
            if file.exists() and self._random.random() < 0.7:
                content = file.read_bytes()[: self._random.randrange(file.stat().st_size + 1)]
                file.write_bytes(content + bytes(self._random.choice((0, 64))))
        for _, undo in reversed(self._unsafe_names):
            if self._random.random() < 0.7:
                undo()

    def _step(self) -> None:
        if self._calls == self._crash.at:
            raise PowerLost
        self._calls += 1


def crash_once(crash: Crash, *, sync_files: bool = True, sync_folders: bool = True) -> Outcome:
    """One engine until power is lost, and the next one. Without one of the syncs it must be found out."""
    outcome = Outcome()
    disk = ForgetfulDisk(crash, sync_files=sync_files, sync_folders=sync_folders)
    with tempfile.TemporaryDirectory(prefix="focus-power-") as name:
        folder = Path(name)
        (folder / "objects").mkdir()
        acknowledged = _first_engine(folder, disk, outcome)
        disk.lose_power()
        _next_engine(folder, acknowledged, outcome)
    return outcome


def _first_engine(folder: Path, disk: ForgetfulDisk, outcome: Outcome) -> dict[int, str]:
    """Render until power is lost; returns the digests of what a client could have seen ready."""
    objects = LocalObjects(folder / "objects", disk)
    seen: dict[int, str] = {}
    with closing(SqliteFile(folder / "engine.db", durable=False)) as file:
        store = SqlStore(file, SteppedClock())
        durations = (120.0,) * SEGMENTS
        store.create(NewSession("mfocus_1", OWNER, Goal.FOCUS, "procedural", 12, "{}", durations, 0.0), None)
        try:
            while claim := store.claim("first", 60.0):
                key = object_key(claim.session_id, claim.segment_index, claim.attempt)
                placed = objects.place(key, lambda file, key=key: _write(disk, file, key))  # type: ignore[misc]
                segment = ReadySegment(
                    claim.segment_index, key, placed.sha256, placed.size_bytes, 120.0, -14.0, 1500, 1500
                )
                assert store.finish(claim, segment)
                outcome.rendered += 1
                seen[claim.segment_index] = placed.sha256
        except PowerLost:
            pass
    return seen


def _write(disk: ForgetfulDisk, file: Path, key: str) -> None:
    file.write_bytes(key.encode() * 200)
    disk.written(file)


def _next_engine(folder: Path, acknowledged: dict[int, str], outcome: Outcome) -> None:
    objects = LocalObjects(folder / "objects")
    with closing(SqliteFile(folder / "engine.db", durable=False)) as file:
        store = SqlStore(file, SteppedClock())
        recover(file, store, Library(file), objects)
        listing = store.listing(OWNER, "mfocus_1")
        assert listing is not None
        segments = {segment.segment_index: segment for segment in listing[1]}
        outcome.ready = len(segments)
        for index, sha256 in acknowledged.items():
            segment = segments.get(index)
            if segment is None:
                outcome.violations.append(f"segment {index} was ready, and is not")
            elif measure_file(objects.path(segment.object_key)).sha256 != sha256:
                outcome.violations.append(f"segment {index} is listed, and torn")
        strays = objects.survey().keys() - {segment.object_key for segment in segments.values()}
        if strays:
            outcome.violations.append(f"left behind: {strays}")


def measure_crashes(crashes: int, seed: int) -> dict[str, Any]:
    """The figures of so many losses of power, at moments by chance."""
    dice = random.Random(seed)  # noqa: S311  # repeatable on purpose
    outcomes = [crash_once(Crash(dice.randrange(4 * SEGMENTS + 4), dice.randrange(1 << 30))) for _ in range(crashes)]
    violations = [violation for outcome in outcomes for violation in outcome.violations]
    return {
        "ok": not violations,
        "crashes": crashes,
        "seed": seed,
        "acknowledged": sum(outcome.rendered for outcome in outcomes),
        "violations": violations[:10],
    }


def measure(quick: bool = False) -> list[dict[str, Any]]:
    """One row of figures."""
    return [measure_crashes(100 if quick else CRASHES, seed=1)]


def main(arguments: list[str]) -> int:
    """The command; exit code 1 where anything was violated."""
    parser = argparse.ArgumentParser(prog="python -m focuscli.bench.power", description=__doc__.partition("\n")[0])
    parser.add_argument("--crashes", type=int, default=CRASHES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    figures = measure_crashes(options.crashes, options.seed)
    print(json.dumps(figures) if options.json else "\n".join(f"{name:14} {value}" for name, value in figures.items()))
    return 0 if figures["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
