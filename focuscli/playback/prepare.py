"""Makes a fetched file playable: decoded once from end to end, measured, and converted where it must be."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from focuscli.audio.block import Block
from focuscli.audio.convert import stored
from focuscli.audio.decode import SoundFile, converted
from focuscli.audio.edges import Edges
from focuscli.errors import MediaDamaged
from focuscli.loudness.measured import Measured, Measurement
from focuscli.loudness.meter import HOPS_PER_S
from focuscli.model import Segment
from focuscli.playback.level import GainCurve, gain_towards
from focuscli.units import SAMPLE_RATE, frames

LONGEST_S = 30 * 60.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """A segment that can be played from any of its frames at once: 48 kHz stereo, known length, known gain.

    `fade_in_frames` and `fade_out_frames` are the overlaps that were announced; `edges` tells what is silence, and
    which fades are in the sound already.
    """

    segment_index: int
    file: Path
    frames: int
    measured: Measured
    gain: GainCurve
    fade_in_frames: int
    fade_out_frames: int
    edges: Edges

    @property
    def soonest_seam(self) -> int:
        """The first frame at which it may go over into the next one."""
        fade = self.edges.fade_out
        drawn = self.edges.stops_at - fade.full_at if fade is not None and self.fade_out_frames else 0
        return max(0, self.edges.stops_at - max(self.fade_out_frames, drawn))


def prepare(file: Path, segment: Segment) -> Prepared:
    """Decode all of it in blocks; raises MediaDamaged where that fails, or where it is far longer than announced.

    A file that is not 48 kHz stereo FLAC or WAV gets a converted neighbour: then every seek is exact, and the
    mixing thread never resamples. Nothing larger than a block is held in memory.
    """
    measurement = Measurement()
    with SoundFile(file) as sound:
        playable = file if sound.is_ready_to_play else file.with_name(f"{file.name}.wav")
        blocks = converted(sound, measurement.step)
        if playable != file:
            blocks = stored(blocks, playable)
        count = 0
        for block in _bounded(blocks, segment):
            measurement.push(block)
            count += len(block)
        mastered = sound.is_mastered
    if not count:
        raise MediaDamaged("the segment holds no sound")
    measured = measurement.result()
    gain_db = gain_towards(segment.target_lufs, measured.integrated, mastered=mastered)
    return Prepared(
        segment_index=segment.segment_index,
        file=playable,
        frames=count,
        measured=measured,
        gain=GainCurve.constant(gain_db),
        fade_in_frames=min(count, frames(segment.fade_in_ms / 1000)),
        fade_out_frames=min(count, frames(segment.fade_out_ms / 1000)),
        edges=_edges(measurement, count, gain_db, mastered=mastered),
    )


def _edges(measurement: Measurement, count: int, gain_db: float, *, mastered: bool) -> Edges:
    """Of a stranger's file; one that is mastered for its session is meant as it is, from its first frame on."""
    if mastered:
        return Edges(0, count)
    return Edges.found(measurement.hop_powers(), SAMPLE_RATE // HOPS_PER_S, count, gain_db)


def _bounded(blocks: Iterator[Block], segment: Segment) -> Iterator[Block]:
    most = min(LONGEST_S, 2.0 * segment.measured_duration_seconds + 1.0) * SAMPLE_RATE
    count = 0
    for block in blocks:
        count += len(block)
        if count > most:
            raise MediaDamaged("the segment is far longer than the engine announced")
        yield block
