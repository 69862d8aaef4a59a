"""Where one segment goes over into another, and under which crossfade."""

from dataclasses import dataclass, replace

from focuscli.audio.crossfade import STRANGERS, Comparison, Crossfade, Likeness
from focuscli.audio.decode import SoundFile
from focuscli.loudness.kweighting import KWeighting
from focuscli.playback.prepare import Prepared
from focuscli.units import SAMPLE_RATE, amplitude, frames

SKIP_S = 0.5
HOLD_BACK_S = 25.0
"""How far a late segment makes the last one go back."""

HOLD_FADE_S = 1.0
"""The shortest overlap for going back, where the segment itself asks for less."""

SHORTEST_HELD_S = 2.0


@dataclass(frozen=True, slots=True)
class Seam:
    """The overlap: its first frame in either segment, and the crossfade over it (of no frames: a plain joint)."""

    leaves_at: int
    enters_at: int
    fade: Crossfade

    def entered_late(self, at: int) -> "Seam":
        """What is left of the overlap from a later frame of the outgoing segment on, still in step."""
        late = at - self.leaves_at
        left = max(0, self.fade.frames - late)
        return Seam(at, self.enters_at + late, replace(self.fade, frames=left))


def join(outgoing: Prepared, incoming: Prepared) -> tuple[Seam, Prepared]:
    """The regular seam: the last fade-out of one lies over the first fade-in of the other, as long as the shorter.

    Returned with the incoming segment as it must be played: where both are one music, it begins with the gain
    that the outgoing one ends with, and glides to its own afterwards.
    """
    count = min(outgoing.fade_out_frames, incoming.fade_in_frames, outgoing.frames, incoming.frames)
    leaves_at = outgoing.frames - count
    likeness = compare(outgoing, leaves_at, incoming, 0, count)
    if likeness.is_same_music:
        end = outgoing.gain.at(outgoing.frames)
        glide_to = incoming.frames - incoming.fade_out_frames
        incoming = replace(incoming, gain=incoming.gain.entered_with(end, count, glide_to))
    return Seam(leaves_at, 0, _fade(count, likeness, outgoing, leaves_at, incoming, 0)), incoming


def going_back(held: Prepared) -> Seam | None:
    """The seam from a segment's end to a place before it, so that it lasts longer; None where it is too short."""
    if held.frames < SHORTEST_HELD_S * SAMPLE_RATE:
        return None
    count = min(max(held.fade_out_frames, frames(HOLD_FADE_S)), held.frames // 4)
    leaves_at = held.frames - count
    enters_at = max(0, leaves_at - frames(HOLD_BACK_S))
    return _measured(held, leaves_at, held, enters_at, count)


def skipping(outgoing: Prepared, at: int, incoming: Prepared) -> Seam:
    """A short seam from the present frame into the beginning of another segment."""
    count = min(frames(SKIP_S), outgoing.frames - at, incoming.frames)
    return _measured(outgoing, at, incoming, 0, count)


def compare(outgoing: Prepared, leaves_at: int, incoming: Prepared, enters_at: int, count: int) -> Likeness:
    """How alike two stretches of so many frames are to the ear, before any gain; read in blocks."""
    if not count:
        return STRANGERS
    comparison, weight_a, weight_b = Comparison(count), KWeighting(), KWeighting()
    with SoundFile(outgoing.file) as a, SoundFile(incoming.file) as b:
        a.seek(leaves_at)
        b.seek(enters_at)
        for at in range(0, count, weight_a.step):
            step = min(weight_a.step, count - at)
            comparison.push(weight_a.filter(a.read(step)), weight_b.filter(b.read(step)))
    return comparison.likeness()


def _measured(outgoing: Prepared, leaves_at: int, incoming: Prepared, enters_at: int, count: int) -> Seam:
    likeness = compare(outgoing, leaves_at, incoming, enters_at, count)
    return Seam(leaves_at, enters_at, _fade(count, likeness, outgoing, leaves_at, incoming, enters_at))


def _fade(
    count: int, likeness: Likeness, outgoing: Prepared, leaves_at: int, incoming: Prepared, enters_at: int
) -> Crossfade:
    first, second = outgoing.gain.at(leaves_at), incoming.gain.at(enters_at)
    return Crossfade(count, likeness.amplified(amplitude(first), amplitude(second)))
