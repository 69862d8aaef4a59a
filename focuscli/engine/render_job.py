"""What a render process does with one segment: JSON in, JSON out, and the audio goes to the objects."""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from focuscli.engine.generators import DEFAULT_KEY, generator
from focuscli.engine.objects import Objects
from focuscli.engine.open_objects import objects_at
from focuscli.generator import Continuous, Generator
from focuscli.version import __version__

if TYPE_CHECKING:
    from focuscli.generator import Samples
    from focuscli.music.timeline import Piece


class OtherVersion(Exception):
    """This renderer has another version of the program than the engine: its music may be another."""


@dataclass(frozen=True, slots=True)
class RenderSpec:
    """One segment to be rendered: of which piece, where its audio goes, and by which version of this program."""

    piece: str
    segment_index: int
    objects_root: str
    object_key: str
    version: str = __version__

    def to_json(self) -> str:
        """As text, to cross a process boundary."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "RenderSpec":
        """What an engine of this very version wrote; raises OtherVersion."""
        told = json.loads(text)
        if told.get("version") != __version__:
            raise OtherVersion(f"the engine is version {told.get('version')}, and this renderer is {__version__}")
        return cls(**told)


def render_segment_job(spec_json: str) -> str:
    """Render one segment into the objects; returns the fields of a `ReadySegment` as JSON.

    Raises OtherVersion, and whatever finding the generator, rendering or writing raises; nothing is left under the
    object's name then.
    """
    from focuscli.audio.encode import write_flac
    from focuscli.music.timeline import FADE_MS, Piece, spans, target_lufs
    from focuscli.units import seconds

    spec = RenderSpec.from_json(spec_json)
    piece, index = Piece.from_json(spec.piece), spec.segment_index
    objects = _opened(spec.objects_root)
    made_by = generator(piece.generator or DEFAULT_KEY)
    samples = _rendered(made_by, piece, index, objects, spec.object_key)
    first_frame = spans(piece)[index].start
    placed = objects.place(
        spec.object_key,
        lambda file: write_flac(file, samples, first_frame, mastered=isinstance(made_by, Continuous)),
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


_opened = lru_cache(maxsize=4)(objects_at)  # a bucket's connections serve one segment after the other


def _rendered(made_by: Generator, piece: "Piece", index: int, objects: Objects, key: str) -> "Samples":
    """The samples of a segment; raises ValueError where they are not what the contract promises."""
    from focuscli.music.timeline import spans

    span = spans(piece)[index]
    if isinstance(made_by, Continuous):
        return _checked(made_by.render_span(piece, span), span.frames, span.frames)
    tail = None
    if index > 0 and made_by.remembers_s > 0.0 and (before := objects.before(key)) is not None:
        from focuscli.audio.tail import read_tail

        with objects.file(before) as file:
            tail = read_tail(file, made_by.remembers_s)
    return _checked(made_by.render_segment(piece, index, tail), span.frames // 2, 2 * span.frames)


def _checked(samples: "Samples", least: int, most: int) -> "Samples":
    import numpy as np

    from focuscli.units import CHANNELS

    if samples.dtype != np.float32 or samples.ndim != 2 or samples.shape[1] != CHANNELS:
        raise ValueError(f"samples of shape {samples.shape} and type {samples.dtype}, not (frames, 2) and float32")
    if not least <= len(samples) <= most:
        raise ValueError(f"{len(samples)} frames, not {least} to {most}")
    highest = float(np.abs(samples).max())
    if not highest <= 1.0:  # also refuses NaN
        raise ValueError(f"a sample of {highest}, over full scale")
    return samples
