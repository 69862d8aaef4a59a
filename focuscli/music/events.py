"""What a score is made of: notes, held chords and strikes that push the pad down, all in absolute frames."""

from typing import NamedTuple


class Note(NamedTuple):
    """One note or strike. `gate` 0 lets it ring; a drum's `pitch` tunes it where it has a tuning."""

    start: int
    part: str
    """Which stem it is mixed into: keys, lead, bass or drums."""
    instrument: str
    pitch: int
    velocity: float
    gain: float
    pan: float = 0.0
    gate: int = 0
    """Frames until it is released."""
    variant: int = 0
    """Round robin of a drum."""
    is_echo: bool = False

    @property
    def amplitude(self) -> float:
        """The factor on the instrument's unit loudness."""
        return self.gain * (0.2 + 0.8 * min(1.0, max(0.05, self.velocity)))


class Held(NamedTuple):
    """A chord of the pad: MIDI numbers that sound from start to stop."""

    start: int
    stop: int
    pitches: tuple[int, ...]
    timbre: int
    """Which renewal of the pad's sound."""
    before: tuple[int, ...] = ()
    """The chord that it comes from."""
    after: tuple[int, ...] = ()
    """And the one that it goes to."""


class Push(NamedTuple):
    """A kick's moment and strength, 0…1, for the pad to make room."""

    start: int
    strength: float


class PhraseScore(NamedTuple):
    """All that happens in one phrase, each kind in the order of time."""

    notes: tuple[Note, ...]
    chords: tuple[Held, ...]
    pushes: tuple[Push, ...]
