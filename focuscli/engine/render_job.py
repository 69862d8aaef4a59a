"""What a render process does: JSON in, JSON out, and the audio goes to the objects."""

import json
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

from focuscli.engine.objects import LocalObjects
from focuscli.engine.store import ReadySegment

ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""One thread a process: the slots are the parallelism. Read when numpy is imported, so set before the spawn."""

NICENESS = 10


@dataclass(frozen=True, slots=True)
class RenderSpec:
    """One segment to be rendered: of which piece, and where its audio goes."""

    piece: str
    segment_index: int
    objects_root: str
    object_key: str

    def to_json(self) -> str:
        """As text, to cross a process boundary."""
        return json.dumps(asdict(self))


def render_segment_job(spec_json: str) -> str:
    """Render one segment into the objects; returns a `ReadySegment` as JSON.

    Raises whatever rendering or writing raises; nothing is left under the object's name then.
    """
    from focuscli.audio.encode import write_flac
    from focuscli.music.render import render_segment
    from focuscli.music.timeline import FADE_MS, Piece, spans, target_lufs
    from focuscli.units import seconds

    spec = RenderSpec(**json.loads(spec_json))
    piece, index = Piece.from_json(spec.piece), spec.segment_index
    samples = render_segment(piece, index)
    first_frame = spans(piece)[index].start
    placed = LocalObjects(Path(spec.objects_root)).place(
        spec.object_key, lambda file: write_flac(file, samples, first_frame)
    )
    ready = ReadySegment(
        segment_index=index,
        object_key=spec.object_key,
        sha256=placed.sha256,
        size_bytes=placed.size_bytes,
        measured_duration_s=round(seconds(len(samples)), 3),
        target_lufs=target_lufs(piece, index),
        fade_in_ms=FADE_MS,
        fade_out_ms=FADE_MS,
    )
    return json.dumps(asdict(ready))


def read_result(result_json: str) -> ReadySegment:
    """What a job answered; raises ValueError or TypeError for anything else."""
    fields: dict[str, Any] = json.loads(result_json)
    return ReadySegment(**fields)


def warm_up() -> None:
    """Import and prepare everything that rendering needs, so that the first segment does not wait for it."""
    import focuscli.audio.encode  # for its time, not for its names
    import focuscli.music.render

    focuscli.music.render.warm_up()


def begin_worker(warm: Callable[[], None]) -> None:
    """First thing in a render process: die with the engine, leave signals to it, warm up, then stand back."""
    threading.Thread(target=_die_with_parent, name="die-with-parent", daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    warm()
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def _die_with_parent() -> None:
    """A killed engine cannot stop its workers, and idle ones would wait for ever (cpython#111873)."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
