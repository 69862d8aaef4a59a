"""What does an engine do on a disk that is full? On a small one of its own (tmpfs; root on Linux).

    python -m focuscli.bench.full_disk --json

It renders until there is no room, and stops: what is ready can be fetched, polls are answered, a start is refused with
503, and a session can be ended without a byte free. When there is room again, it goes on by itself.
"""

import argparse
import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from focuscli.bench.durability import SESSIONS, EngineProcess, Refusal

DISK_MIB = 24
STILL_S = 4.0
LIMIT_S = 120.0
START = {"goal": "sleep", "target_minutes": 60}


class NoDisk(Exception):
    """This process may not mount a disk; the text says why."""


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of so little room, for as long as the context is open; raises NoDisk."""
    folder.mkdir()
    if not shutil.which("mount"):
        raise NoDisk("there is no mount here")
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m,mode=700", "tmpfs", str(folder)]
    tried = subprocess.run(words, capture_output=True, check=False)
    if tried.returncode:
        raise NoDisk(f"no disk can be mounted: {tried.stderr.decode(errors='replace').strip()[:200]}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def observe(home: Path) -> dict[str, Any]:
    """Fill the disk under an engine; what it did. All of `checks` must hold."""
    engine = EngineProcess(home, FOCUS_SEGMENT_SECONDS="5", FOCUS_RATE_LIMIT="0", FOCUS_SLOTS="1")
    engine.spawn()
    engine.wait()
    try:
        long, other = (engine.call("POST", SESSIONS, START)["session_id"] for _ in range(2))
        ready = _still(engine, long)
        checks = {"ready is whole": _all_whole(engine, ready), "a start is refused": _refused(engine)}
        junk = home / "junk"
        _fill(junk)
        checks["a poll is answered"] = engine.call("GET", f"{SESSIONS}/{long}")["ready_count"] == ready["ready_count"]
        checks["still whole"] = _all_whole(engine, ready)
        checks["an end is possible"] = engine.call("POST", f"{SESSIONS}/{other}/end")["status"] == "ended"
        junk.unlink()
        for segment in (engine.paths.engine_data / "objects" / other).iterdir():
            segment.unlink()  # room again
        went_on_s = _goes_on(engine, long, ready["ready_count"])
    finally:
        code, _ = engine.stop()
    checks |= {"leaves in order": code == 0, "sound": _is_sound(engine), "went on": went_on_s is not None}
    return {"ok": all(checks.values()), "ready": ready["ready_count"], "went on after s": went_on_s, "checks": checks}


def _still(engine: EngineProcess, session_id: str) -> dict[str, Any]:
    """The session once nothing more of it is made."""
    before, since = -1, time.monotonic()
    while True:
        session: dict[str, Any] = engine.call("GET", f"{SESSIONS}/{session_id}")
        if session["ready_count"] != before:
            before, since = session["ready_count"], time.monotonic()
        elif time.monotonic() - since > STILL_S:
            return session
        time.sleep(0.05)


def _all_whole(engine: EngineProcess, session: dict[str, Any]) -> bool:
    listed = engine.call("GET", f"{SESSIONS}/{session['session_id']}")["segments"]
    for item in listed:
        status, body = engine.fetch(item["playback_url"])
        named = urlsplit(item["playback_url"]).path.rpartition("/")[2].removesuffix(".flac")
        if status != 200 or hashlib.sha256(body).hexdigest() != named:
            return False
    return 0 < len(listed) == int(session["ready_count"])


def _refused(engine: EngineProcess) -> bool:
    try:
        engine.call("POST", SESSIONS, START)
    except Refusal as exc:
        return str(exc).startswith("503")
    return False


def _fill(junk: Path) -> None:
    """Until not a byte is free."""
    try:
        with junk.open("wb", buffering=0) as stream:
            while True:
                stream.write(b"x" * 4096)
    except OSError:
        return


def _goes_on(engine: EngineProcess, session_id: str, ready: int) -> float | None:
    began = time.monotonic()
    while time.monotonic() - began < LIMIT_S:
        if engine.call("GET", f"{SESSIONS}/{session_id}")["ready_count"] > ready:
            return round(time.monotonic() - began, 1)
        time.sleep(0.05)
    return None


def _is_sound(engine: EngineProcess) -> bool:
    with closing(sqlite3.connect(engine.paths.engine_data / "engine.db")) as db:
        verdict: tuple[str] = db.execute("PRAGMA integrity_check").fetchone()
    return verdict == ("ok",)


def measure(quick: bool = False) -> list[dict[str, Any]]:  # noqa: ARG001  # a disk has to be filled
    """One row of figures; raises NoDisk."""
    with tempfile.TemporaryDirectory(prefix="focus-full-") as name, small_disk(Path(name) / "disk") as home:
        return [observe(home)]


def main(arguments: list[str]) -> int:
    """The command; exit code 1 where a check fails, 2 where no disk can be mounted."""
    parser = argparse.ArgumentParser(prog="python -m focuscli.bench.full_disk", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        (row,) = measure()
    except NoDisk as exc:
        print(exc, file=sys.stderr)
        return 2
    print(json.dumps(row) if options.json else "\n".join(f"{name:16} {value}" for name, value in row.items()))
    return 0 if row["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
