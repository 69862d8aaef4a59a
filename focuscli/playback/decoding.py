"""One pass over a fetched file: decoded from end to end, converted where it must be, measured on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from focuscli.audio.block import Block
from focuscli.audio.decode import SoundFile, converted
from focuscli.errors import MediaDamaged
from focuscli.loudness.measured import Measured, Measurement
from focuscli.loudness.meter import Energies


@dataclass(frozen=True, slots=True)
class Findings:
    """What a pass over the whole of a sound has found."""

    frames: int
    measured: Measured
    hop_powers: Energies
    """The weighted mean power of every 10 ms."""
    is_mastered: bool


def look_through(sound: SoundFile, most_frames: int, take: Callable[[Block], None]) -> Findings:
    """Decode all of it in blocks of 48 kHz stereo, which `take` is given one after the other.

    Raises MediaDamaged where that fails, where there is nothing, or where there are more frames than that.
    """
    measurement = Measurement()
    count = 0
    for block in converted(sound, measurement.step):
        count += len(block)
        if count > most_frames:
            raise MediaDamaged("the segment is far longer than the engine announced")
        measurement.push(block)
        take(block)
    if not count:
        raise MediaDamaged("the segment holds no sound")
    return Findings(count, measurement.result(), measurement.hop_powers(), sound.is_mastered)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file of 48 kHz stereo that can be read from any frame exactly, and what was found in it."""

    playable: Path
    findings: Findings
