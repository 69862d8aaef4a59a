"""In which order does a segment reach the disk? Read from the system calls of an engine and its render processes.

    python -m focuscli.bench.order --json

For every segment: its temporary file is synced, then gets its name, then its folder is synced, then the database's
log is, and only then does an answer name it. Needs strace, and the right to trace.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from focuscli.bench.durability import SESSIONS, EngineProcess, digest_in

CALLS = "fsync,fdatasync,rename,renameat,renameat2,sendto,sendmsg,write,writev"
STEPS = ("content synced", "named", "folder synced", "log synced", "answered")
_SYNCED = re.compile(r"f(?:data)?sync\(\d+<(?P<path>[^>]+)>")
_RENAMED = re.compile(r'rename\w*\(.*?"(?P<source>[^"]+)".*?"(?P<target>[^"]+)"')
_LINE = re.compile(r"(?P<process>\d+)\s+(?P<call>.*)")


class CannotTrace(Exception):
    """There is no strace here, or it may not trace; the text says which."""


def traced(folder: Path, minutes: int = 1, mutant: str = "") -> tuple[list[str], dict[str, str]]:
    """The calls of an engine that renders a session, in order, and the digest of each of its objects.

    Raises CannotTrace.
    """
    trace = folder / "calls"
    words = ["strace", "-D", "-f", "-y", "-s", "1000000", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(trace)]
    _try_out(words[0])
    engine = EngineProcess(folder, prefix=words, mutant=mutant, FOCUS_SEGMENT_SECONDS="5", FOCUS_RATE_LIMIT="0")
    engine.spawn()
    engine.wait()
    try:
        session_id = engine.call("POST", SESSIONS, {"goal": "sleep", "target_minutes": minutes})["session_id"]
        session = engine.session_when(session_id, lambda session: not session["more_pending"])
    finally:
        engine.stop()
    digests = {
        f"{session_id}/{item['segment_index']:05d}.": digest_in(item["playback_url"]) for item in session["segments"]
    }
    return list(completed(trace.read_text(encoding="utf-8", errors="replace").splitlines())), digests


def _try_out(strace: str) -> None:
    if not shutil.which(strace):
        raise CannotTrace("strace is not installed")
    tried = subprocess.run([strace, "-f", "-o", "/dev/null", "true"], capture_output=True, check=False)
    if tried.returncode:
        raise CannotTrace(f"this process may not trace: {tried.stderr.decode(errors='replace').strip()[:200]}")


def completed(lines: list[str]) -> Iterator[str]:
    """Each call at the moment from which its effect counts: a sync when it returns, an answer when it begins."""
    begun: dict[str, str] = {}
    for line in lines:
        parts = _LINE.match(line)
        if parts is None:
            continue
        process, call = parts["process"], parts["call"]
        if call.endswith("<unfinished ...>"):
            if call.startswith(("send", "write")):
                yield call
            else:
                begun[process] = call
        elif call.startswith("<... "):
            if process in begun:
                yield begun.pop(process)
        else:
            yield call


def moments(calls: list[str], key: str, digest: str) -> list[int | None]:
    """When each of the `STEPS` happened to one segment, as places in the list; None for what did not."""
    found: list[int | None] = [None] * len(STEPS)
    for place, call in enumerate(calls):
        synced, renamed = _SYNCED.match(call), _RENAMED.match(call)
        if synced:
            _note_sync(found, place, synced["path"], key)
        elif renamed and key in renamed["target"]:
            found[1] = place
        elif found[4] is None and f"{digest}.flac" in call:  # in a URL, and not in what the renderer tells the engine
            found[4] = place
    return found


def _note_sync(found: list[int | None], place: int, path: str, key: str) -> None:
    folder, _, name = key.partition("/")
    if f"/{folder}/.{name}" in path:
        found[0] = place
    elif path.endswith(f"/objects/{folder}") and found[1] is not None and found[2] is None:
        found[2] = place
    elif path.endswith("-wal") and found[2] is not None and found[3] is None:
        found[3] = place


def in_order(found: list[int | None]) -> bool:
    """Whether all of it happened, one after the other."""
    known = [place for place in found if place is not None]
    return len(known) == len(STEPS) and known == sorted(known)


def measure(quick: bool = False, mutant: str = "") -> list[dict[str, Any]]:
    """One row: so many segments, and how many of them reached the disk in order."""
    with tempfile.TemporaryDirectory(prefix="focus-order-") as name:
        calls, digests = traced(Path(name), 1 if quick else 2, mutant)
    found = {key: moments(calls, key, digest) for key, digest in digests.items()}
    good = sum(map(in_order, found.values()))
    wrong = {key: dict(zip(STEPS, places, strict=True)) for key, places in found.items() if not in_order(places)}
    return [
        {"ok": good == len(found) > 0, "segments": len(found), "in order": good, "first wrong": [*wrong.items()][:1]}
    ]


def main(arguments: list[str]) -> int:
    """The command; exit code 1 where a segment came in another order, 2 where nothing can be traced."""
    parser = argparse.ArgumentParser(prog="python -m focuscli.bench.order", description=__doc__.partition("\n")[0])
    parser.add_argument("--mutant", default="", help="trace an engine with that planted bug")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        (row,) = measure(mutant=options.mutant)
    except CannotTrace as exc:
        print(exc, file=sys.stderr)
        return 2
    print(json.dumps(row) if options.json else "\n".join(f"{name:12} {value}" for name, value in row.items()))
    return 0 if row["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
