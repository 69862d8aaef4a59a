"""All that is measured of a sound, in one pass."""

from dataclasses import dataclass

from focuscli.loudness.meter import Energies, LoudnessMeter
from focuscli.loudness.true_peak import Samples, TruePeakMeter
from focuscli.units import Decibels, Lufs


@dataclass(frozen=True, slots=True)
class Measured:
    """How loud a sound is and how high it peaks. What is shorter than a window has its integrated loudness there."""

    integrated: Lufs
    true_peak: Decibels
    """In dBTP."""
    momentary_max: Lufs
    short_term_max: Lufs


class Measurement:
    """Takes a sound in blocks, shape (frames, channels)."""

    def __init__(self) -> None:
        self._loudness = LoudnessMeter()
        self._peak = TruePeakMeter()

    @property
    def step(self) -> int:
        """The cheapest block size, in frames."""
        return self._loudness.step

    def push(self, block: Samples) -> None:
        """Measure the next block."""
        self._loudness.push(block)
        self._peak.push(block)

    def result(self) -> Measured:
        """Of all that was pushed."""
        integrated = self._loudness.integrated()
        return Measured(
            integrated,
            self._peak.true_peak(),
            _highest(self._loudness.momentary(), integrated),
            _highest(self._loudness.short_term(), integrated),
        )

    def hop_powers(self) -> Energies:
        """The weighted mean power of every 10 ms."""
        return self._loudness.hop_powers()


def _highest(windows: Energies, integrated: Lufs) -> Lufs:
    return Lufs(float(windows.max())) if len(windows) else integrated
