"""A short matched fade from whatever sounds now into another place of the session."""

from dataclasses import dataclass

from focuscli.audio.block import Block
from focuscli.audio.crossfade import Comparison, Crossfade
from focuscli.audio.lag import MOST_LAG, best_lag
from focuscli.loudness.kweighting import KWeighting
from focuscli.playback.prepare import Prepared
from focuscli.playback.timeline import Timeline
from focuscli.playback.voice import Voice
from focuscli.units import frames

FADE_FRAMES = frames(0.5)


@dataclass(frozen=True, slots=True)
class Landing:
    """Where to enter a segment so that it is most like what sounds now, which may be shifted by `lag` for that."""

    prepared: Prepared
    enters_at: int
    lag: int

    @classmethod
    def matched(cls, outgoing: Block, prepared: Prepared, frame: int) -> "Landing":
        """At that frame of the segment, within what sounds of it.

        `outgoing`, shape (frames, 2), is what will be left, weighted for the ear.
        """
        begins, count = prepared.edges.begins_at, len(outgoing)
        begins = max(begins, min(frame - MOST_LAG, prepared.edges.stops_at - 1))
        if prepared.edges.stops_at - begins < count + 2 * MOST_LAG:
            return cls(prepared, begins, 0)
        voice = Voice(prepared, begins + MOST_LAG)
        incoming = voice.read(count)
        voice.close()
        lag = best_lag(outgoing, weighted(incoming))
        return cls(prepared, begins + MOST_LAG + lag, lag)


def overlap(outgoing: Block, heard: Block, timeline: Timeline) -> tuple[Block, Crossfade]:
    """The beginning of a timeline under a fade out of `outgoing`, shape (frames, 2), as long as the shorter.

    `heard` is the same, weighted for the ear.
    """
    incoming = timeline.read(len(outgoing))
    outgoing, heard = outgoing[: len(incoming)], heard[: len(incoming)]
    comparison = Comparison(len(incoming))
    comparison.push(heard, weighted(incoming))
    fade = Crossfade(len(incoming), comparison.likeness())
    return fade.blend(outgoing, incoming, 0), fade


def weighted(block: Block) -> Block:
    """As the ear weights it."""
    return KWeighting().filter(block)
