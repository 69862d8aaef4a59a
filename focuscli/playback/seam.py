"""Where one segment goes over into another, and under which crossfade."""

from dataclasses import dataclass, replace

import numpy as np

from focuscli.audio.block import Block, silence
from focuscli.audio.crossfade import STRANGERS, Comparison, Crossfade, Drawn, Likeness
from focuscli.audio.decode import SoundFile
from focuscli.audio.edges import DrawnFade
from focuscli.audio.lag import LONGEST_SEARCH, best_lag
from focuscli.loudness.kweighting import KWeighting
from focuscli.playback.prepare import Prepared
from focuscli.units import SAMPLE_RATE, amplitude, frames

HOLD_BACK_S = 25.0
"""How far a late segment makes the last one go back."""

HOLD_FADE_S = 1.0
"""The shortest overlap for going back, where the segment itself asks for less."""

LONGEST_HOLD_FADE_S = 3.0
"""And the longest, but for a fade that is in the sound: the mixing thread waits while this one is compared."""

SHORTEST_HELD_S = 2.0


@dataclass(frozen=True, slots=True)
class Seam:
    """The overlap: its first frame in either segment, and the crossfade over it (of no frames: a plain joint)."""

    leaves_at: int
    enters_at: int
    fade: Crossfade
    lag: int = 0
    """By how many frames the incoming segment was shifted to be most like the outgoing one."""

    def entered_late(self, at: int) -> "Seam":
        """What is left of the overlap from a later frame of the outgoing segment on, still in step."""
        late = at - self.leaves_at
        return replace(self, leaves_at=at, enters_at=self.enters_at + late, fade=self.fade.shortened(late))


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two stretches of equal length that are to lie over each other, and the fades drawn into them."""

    outgoing: Prepared
    leaves_at: int
    incoming: Prepared
    enters_at: int
    frames: int
    fade_out: DrawnFade | None = None
    fade_in: DrawnFade | None = None

    @property
    def drawn_out(self) -> Drawn | None:
        """The outgoing segment's own fade."""
        return None if self.fade_out is None else Drawn(self.fade_out, self.leaves_at)

    @property
    def drawn_in(self) -> Drawn | None:
        """The incoming segment's own fade."""
        return None if self.fade_in is None else Drawn(self.fade_in, self.enters_at)

    def likeness(self) -> Likeness:
        """How alike the two are to the ear, before any gain and without drawn fades; read in blocks."""
        if not self.frames:
            return STRANGERS
        comparison, weight_a, weight_b = Comparison(self.frames), KWeighting(), KWeighting()
        with SoundFile(self.outgoing.file) as a, SoundFile(self.incoming.file) as b:
            a.seek(self.leaves_at)
            b.seek(self.enters_at)
            for at in range(0, self.frames, weight_a.step):
                count = min(weight_a.step, self.frames - at)
                comparison.push(
                    weight_a.filter(_read(a, count, self.drawn_out, at)),
                    weight_b.filter(_read(b, count, self.drawn_in, at)),
                )
        return comparison.likeness()

    def best_lag(self) -> int:
        """By how many frames the incoming stretch is behind where it would be most like the outgoing one."""
        count = min(self.frames, LONGEST_SEARCH)
        first = (self.frames - count) // 2
        with SoundFile(self.outgoing.file) as a, SoundFile(self.incoming.file) as b:
            a.seek(self.leaves_at + first)
            b.seek(self.enters_at + first)
            return best_lag(
                KWeighting().filter(_read(a, count, self.drawn_out, first)),
                KWeighting().filter(_read(b, count, self.drawn_in, first)),
            )

    def shifted(self, lag: int) -> "Overlap":
        """With the incoming segment entered so much later; where it would be before its beginning, the outgoing
        one is left later instead, and the overlap is so much shorter.
        """
        if self.enters_at + lag >= 0:
            lost = max(0, self.enters_at + lag + self.frames - self.incoming.frames)
            return replace(self, enters_at=self.enters_at + lag, frames=self.frames - lost)
        return replace(self, leaves_at=self.leaves_at - lag, frames=self.frames + lag)

    def crossfade(self, likeness: Likeness) -> Crossfade:
        """The fade over it, with each segment at its own gain."""
        first, second = self.outgoing.gain.at(self.leaves_at), self.incoming.gain.at(self.enters_at)
        loud = likeness.amplified(amplitude(first), amplitude(second))
        return Crossfade(self.frames, loud, self.drawn_out, self.drawn_in)

    def matched(self) -> Seam:
        """The seam with the incoming segment shifted to where it is most like the outgoing one."""
        lag = self.best_lag()
        shifted = self.shifted(lag)
        return Seam(shifted.leaves_at, shifted.enters_at, shifted.crossfade(shifted.likeness()), lag)


def join(outgoing: Prepared, incoming: Prepared) -> tuple[Seam, Prepared]:
    """The regular seam: the last fade-out of one lies over the first fade-in of the other, as long as the shorter.

    Returned with the incoming segment as it must be played: where both are one music, it begins with the gain
    that the outgoing one ends with, and glides to its own afterwards. Otherwise silence at the two edges is left
    out, and an overlap that was announced is made long enough for the fades that are in the sound already.
    """
    count = min(outgoing.fade_out_frames, incoming.fade_in_frames, outgoing.frames, incoming.frames)
    announced = Overlap(outgoing, outgoing.frames - count, incoming, 0, count)
    likeness = announced.likeness()
    if likeness.is_same_music:
        end = outgoing.gain.at(outgoing.frames)
        glide_to = incoming.frames - incoming.fade_out_frames
        incoming = replace(incoming, gain=incoming.gain.entered_with(end, count, glide_to))
        return Seam(announced.leaves_at, 0, replace(announced, incoming=incoming).crossfade(likeness)), incoming
    return _of_strangers(outgoing, incoming, count), incoming


def _of_strangers(outgoing: Prepared, incoming: Prepared, announced: int) -> Seam:
    ends, begins = outgoing.edges, incoming.edges
    if not announced:
        return Seam(ends.stops_at, begins.begins_at, Crossfade(0, STRANGERS))
    fade_out, fade_in = ends.fade_out, begins.fade_in
    wanted = max(
        announced,
        ends.stops_at - fade_out.full_at if fade_out else 0,
        fade_in.full_at - begins.begins_at if fade_in else 0,
    )
    room = min(ends.stops_at - outgoing.soonest_seam, begins.stops_at - begins.begins_at)
    count = max(0, min(wanted, room))
    return Overlap(outgoing, ends.stops_at - count, incoming, begins.begins_at, count, fade_out, fade_in).matched()


def going_back(held: Prepared) -> Seam | None:
    """The seam from a segment's end to a place before it, so that it lasts longer; None where it is too short."""
    sounding = held.edges.stops_at - held.edges.begins_at
    if sounding < SHORTEST_HELD_S * SAMPLE_RATE:
        return None
    fade_out = held.edges.fade_out
    drawn = 0 if fade_out is None else held.edges.stops_at - fade_out.full_at
    wanted = max(drawn, frames(HOLD_FADE_S), min(held.fade_out_frames, frames(LONGEST_HOLD_FADE_S)))
    count = min(wanted, sounding // 4)
    leaves_at = held.edges.stops_at - count
    enters_at = max(held.edges.begins_at, leaves_at - frames(HOLD_BACK_S))
    return Overlap(held, leaves_at, held, enters_at, count, fade_out).matched()


def _read(file: SoundFile, count: int, drawn: Drawn | None, first: int) -> Block:
    """Exactly so many frames, without the fade that is drawn into them."""
    block = file.read(count)
    if len(block) < count:
        block = np.concatenate([block, silence(count - len(block))])
    return block if drawn is None else drawn.undone(block, first)
