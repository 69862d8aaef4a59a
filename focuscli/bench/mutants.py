"""Engines with one planted bug each: what kills them must notice.

    python -m focuscli.bench.mutants early-ready --auto

Render processes are spawned with this module as their main one, so a bug can be planted there as well.
"""

import asyncio
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

RENAMED_S = 0.3


def early_ready() -> None:
    """A segment is ready a moment before its audio has its name."""
    from focuscli.engine.disk import Disk
    from focuscli.engine.dispatch import Dispatcher
    from focuscli.engine.store import Claim, ReadySegment

    rename, finish = Disk.rename, Dispatcher._finish  # noqa: SLF001  # a bug is planted where it hurts

    def not_yet(self: Disk, source: Path, target: Path) -> None:
        if target.suffix != ".flac":
            rename(self, source, target)

    async def too_early(self: Dispatcher, claim: Claim, segment: ReadySegment) -> None:
        await finish(self, claim, segment)
        await asyncio.sleep(RENAMED_S)
        target = Path(self._objects.location) / segment.object_key
        for source in target.parent.glob(f".{target.name}.*"):
            source.replace(target)

    Disk.rename = not_yet  # type: ignore[method-assign]
    Dispatcher._finish = too_early  # type: ignore[method-assign]  # noqa: SLF001


def claims_kept() -> None:
    """Recovery leaves segments to renderers that are dead."""
    from focuscli.engine.sentences import Sentence
    from focuscli.engine.session_rows import SQL

    SQL["release_all"] = SQL["release_dead"] = Sentence("UPDATE segment SET owner = owner WHERE 1 = 0")


def orphaned_workers() -> None:
    """Render processes do not notice that their engine died."""
    from focuscli.engine import render_process

    render_process._die_with_parent = lambda: None  # noqa: SLF001


def never_synced() -> None:
    """Audio gets its name, and nobody waited for the disk."""
    from focuscli.engine.disk import Disk

    Disk.sync = lambda self, path: None  # type: ignore[method-assign]  # noqa: ARG005


def careless_commits() -> None:
    """A commit returns before the database's log is on the disk."""
    from focuscli.engine import sqlite_file

    sqlite_file._PRAGMAS += "PRAGMA synchronous = OFF;"  # noqa: SLF001


def without_fence() -> None:
    """Whoever was overtaken commits all the same, over whatever was committed meanwhile."""
    from focuscli.engine.sentences import Sentence
    from focuscli.engine.session_rows import SQL

    unfenced, fence, _ = SQL["finish"].text.partition("AND attempt")
    assert fence
    SQL["finish"] = Sentence(unfenced)


MUTANTS: dict[str, Callable[[], None]] = {
    "early-ready": early_ready,
    "claims-kept": claims_kept,
    "orphaned-workers": orphaned_workers,
}
"""What `durability` finds."""

POWER_MUTANTS: dict[str, Callable[[], None]] = {
    "never-synced": never_synced,
    "careless-commits": careless_commits,
}
"""What no kill can show, and `order` does."""

TEAM_MUTANTS: dict[str, Callable[[], None]] = {"without-fence": without_fence}
"""What only several engines show, and `chaos` finds: after the name, the words of the whole program."""

if __name__ in {"__main__", "__mp_main__"}:
    (MUTANTS | POWER_MUTANTS | TEAM_MUTANTS)[sys.argv[1]]()

if __name__ == "__main__" and sys.argv[1] in TEAM_MUTANTS:
    del sys.argv[1]
    runpy.run_module("focuscli", run_name="__main__")

if __name__ == "__main__":
    from focuscli.engine.__main__ import main

    sys.exit(main(sys.argv[2:]))
