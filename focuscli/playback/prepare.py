"""Makes a fetched file playable: decoded once from end to end, measured, and converted where it must be."""

from dataclasses import dataclass
from pathlib import Path

from focuscli.audio.edges import Edges
from focuscli.errors import MediaDamaged
from focuscli.loudness.measured import Measured
from focuscli.loudness.meter import HOPS_PER_S
from focuscli.model import Segment
from focuscli.playback.decoder import Decoder, TrustingDecoder
from focuscli.playback.decoding import Findings
from focuscli.playback.level import GainCurve, gain_towards
from focuscli.units import SAMPLE_RATE, frames, seconds

LONGEST_S = 30 * 60.0
LEAST_SHARE = 0.9
"""What is shorter than this share of its announcement has been cut off on its way."""


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


def prepare(file: Path, segment: Segment, decoder: Decoder | None = None) -> Prepared:
    """Decode and measure all of it; raises MediaDamaged where that fails, or where its length is not as announced.

    What is played may be a converted neighbour of the file: every seek in it is exact, and the mixing thread neither
    resamples nor sees a stranger's bytes.
    """
    announced_s = segment.measured_duration_seconds
    most_s = min(LONGEST_S, 2.0 * announced_s + 1.0)
    decoded = (decoder or TrustingDecoder()).decode(file, int(most_s * SAMPLE_RATE))
    found = decoded.findings
    if seconds(found.frames) < LEAST_SHARE * announced_s - 1.0:
        raise MediaDamaged(f"the segment breaks off after {seconds(found.frames):.1f} of {announced_s:.1f} s")
    gain_db = gain_towards(segment.target_lufs, found.measured.integrated, mastered=found.is_mastered)
    return Prepared(
        segment_index=segment.segment_index,
        file=decoded.playable,
        frames=found.frames,
        measured=found.measured,
        gain=GainCurve.constant(gain_db),
        fade_in_frames=min(found.frames, frames(segment.fade_in_ms / 1000)),
        fade_out_frames=min(found.frames, frames(segment.fade_out_ms / 1000)),
        edges=_edges(found, gain_db),
    )


def _edges(found: Findings, gain_db: float) -> Edges:
    """Of a stranger's file; one that is mastered for its session is meant as it is, from its first frame on."""
    if found.is_mastered:
        return Edges(0, found.frames)
    return Edges.found(found.hop_powers, SAMPLE_RATE // HOPS_PER_S, found.frames, gain_db)
