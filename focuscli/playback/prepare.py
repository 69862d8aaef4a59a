"""Makes a fetched file playable: decoded once from end to end, measured, and converted where it must be."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from focuscli.audio.block import Block
from focuscli.audio.convert import stored
from focuscli.audio.decode import SoundFile, converted
from focuscli.errors import MediaDamaged
from focuscli.loudness.meter import LoudnessMeter
from focuscli.model import Segment
from focuscli.playback.level import GainCurve, gain_towards
from focuscli.units import SAMPLE_RATE, Lufs, frames

LONGEST_S = 30 * 60.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """A segment that can be played from any of its frames at once: 48 kHz stereo, known length, known gain."""

    segment_index: int
    file: Path
    frames: int
    loudness: Lufs
    gain: GainCurve
    fade_in_frames: int
    fade_out_frames: int


def prepare(file: Path, segment: Segment) -> Prepared:
    """Decode all of it in blocks; raises MediaDamaged where that fails, or where it is far longer than announced.

    A file that is not 48 kHz stereo FLAC or WAV gets a converted neighbour: then every seek is exact, and the
    mixing thread never resamples. Nothing larger than a block is held in memory.
    """
    meter = LoudnessMeter()
    with SoundFile(file) as sound:
        playable = file if sound.is_ready_to_play else file.with_name(f"{file.name}.wav")
        blocks = converted(sound, meter.step)
        if playable != file:
            blocks = stored(blocks, playable)
        count = 0
        for block in _bounded(blocks, segment):
            meter.push(block)
            count += len(block)
        mastered = sound.is_mastered
    if not count:
        raise MediaDamaged("the segment holds no sound")
    loudness = meter.integrated()
    return Prepared(
        segment_index=segment.segment_index,
        file=playable,
        frames=count,
        loudness=loudness,
        gain=GainCurve.constant(gain_towards(segment.target_lufs, loudness, mastered=mastered)),
        fade_in_frames=min(count, frames(segment.fade_in_ms / 1000)),
        fade_out_frames=min(count, frames(segment.fade_out_ms / 1000)),
    )


def _bounded(blocks: Iterator[Block], segment: Segment) -> Iterator[Block]:
    most = min(LONGEST_S, 2.0 * segment.measured_duration_seconds + 1.0) * SAMPLE_RATE
    count = 0
    for block in blocks:
        count += len(block)
        if count > most:
            raise MediaDamaged("the segment is far longer than the engine announced")
        yield block
