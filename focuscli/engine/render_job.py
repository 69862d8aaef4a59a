"""What a render process does with one segment: JSON in, JSON out, and the audio goes to the objects."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from focuscli.engine.objects import LocalObjects


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
    """Render one segment into the objects; returns the fields of a `ReadySegment` as JSON.

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
    ready = {
        "segment_index": index,
        "object_key": spec.object_key,
        "sha256": placed.sha256,
        "size_bytes": placed.size_bytes,
        "measured_duration_s": round(seconds(len(samples)), 3),
        "target_lufs": target_lufs(piece, index),
        "fade_in_ms": FADE_MS,
        "fade_out_ms": FADE_MS,
    }
    return json.dumps(ready)
