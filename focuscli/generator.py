"""What a generator of sound is: the contract between the engine and whoever makes its segments, ours or a plug-in's.

A plug-in is a package with an entry point in the group `focuscli.generators`; the entry's name is the generator's
key, and its value a callable without parameters (usually the generator's class) that returns it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from focuscli.model import MAX_TARGET_MINUTES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from focuscli.music.timeline import Piece, Span

    Samples: TypeAlias = NDArray[np.float32]
    """Shape (frames, 2), left and right, 48,000 frames a second, ±1 is full scale."""

ENTRY_POINTS = "focuscli.generators"


class Licence(StrEnum):
    """What the sound may be used for, as far as its maker can promise it: in doubt, the narrower one."""

    COMMERCIAL_CLEARED = "commercial_cleared"
    """Anything: nobody else's work is in it."""
    COMMERCIAL_ENTERPRISE = "commercial_enterprise"
    PERSONAL_ONLY = "personal_only"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Description:
    """What is told about a generator."""

    key: str
    display_name: str
    sentence: str
    licence: Licence
    requires_attribution: bool = False
    max_duration_s: int = MAX_TARGET_MINUTES * 60
    """No longer session is accepted."""
    vocals: bool = False
    lyrics: bool = False
    stems: bool = False
    languages: tuple[str, ...] = ()

    @property
    def commercial_use(self) -> bool:
        """Follows from the licence."""
        return self.licence in {Licence.COMMERCIAL_CLEARED, Licence.COMMERCIAL_ENTERPRISE}


class Unavailable(Exception):
    """Raised by a generator's entry where it is installed and cannot work here; the text says what is missing."""


@runtime_checkable
class Continuous(Protocol):
    """A generator of one long sound, of which any part can be had alone.

    Made once a process, by its entry without parameters. In the engine's own process nothing is asked but the
    description, so importing the entry's module and calling it must be quick: import what rendering needs in
    `render_span`. Rendering happens in a process of its own at low priority, in one thread at a time, within
    five minutes a segment; the process may be killed at any moment, and keeps nothing that matters.
    """

    description: Description

    def render_span(self, piece: "Piece", span: "Span") -> "Samples":
        """The frames `span.start` … `span.stop` of the session, shape (span.frames, 2).

        A pure function of piece and span: the same bytes in every process of this machine, in any order and after
        any history. Neighbouring segments ask for overlapping spans (1.5 s) and the player lays one over the other:
        they join without a seam because both have the same frames there. Mastered by the generator: integrated
        loudness within half a LU of `target_lufs(piece, index)`, true peak at most -1 dBTP, the session's first
        frame rises from silence and its last falls to it. Whatever it raises is one failed attempt of three.
        """


@runtime_checkable
class BySegment(Protocol):
    """A generator of one segment after the other: a foreign engine, a neural model.

    Processes, threads, imports and time as for `Continuous`.
    """

    description: Description
    remembers_s: float
    """How much of the segment before is to be handed over, in seconds; 0 for nothing."""

    def render_segment(self, piece: "Piece", index: int, before: "Samples | None") -> "Samples":
        """One segment of about `spans(piece)[index].frames` frames, at least half and at most twice as many.

        `before` is the end of the segment before, up to `remembers_s`, or None for the first one and where that
        segment is not ready yet (several may be rendered at once). Draw from `piece.seed` and `index` alone, so
        that an attempt that is repeated gives the same again. Any level below full scale will do: the player
        measures each segment, brings it to its target, and crosses over into the next by what it hears in both.
        Whatever it raises is one failed attempt of three.
        """


Generator: TypeAlias = Continuous | BySegment
