"""The stems of a span: each part played by the mixer alone, dry, before the master."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from focuscli.bench.music.clicks import steps
from focuscli.bench.music.levels import Figures
from focuscli.music.cues import Cue
from focuscli.music.mix import Mixer
from focuscli.music.reverb import BLOCK
from focuscli.music.timeline import Piece, Span
from focuscli.spectra.spectrogram import Sound

_SILENT_DB = -200.0
STEMS = ("pad", "keys", "lead", "bass", "drums", "texture")


class _Solo(Mixer):
    """A mixer in which all parts but one are muted, and so is the room."""

    def __init__(self, piece: Piece, part: str) -> None:
        super().__init__(piece)
        self._part = part
        character = self._character
        self._character = replace(
            character,
            levels=replace(character.levels, room=_SILENT_DB),
            textures=character.textures if part == "texture" else (),
        )

    def _sounding(self, block: int) -> Iterator[Cue]:
        return (cue for cue in super()._sounding(block) if cue.part == self._part)

    def _hold_pad(self, block: int) -> None:
        if self._part == "pad":
            super()._hold_pad(block)


def stem(piece: Piece, part: str, span: Span) -> Sound:
    """One part's dry sound, shape (frames, 2): the whole blocks of the grid within the span, at least one."""
    mixer = _Solo(piece, part)
    return np.concatenate([mixer.bus(block).T for block in blocks_of(span)])


def blocks_of(span: Span) -> range:
    """The blocks of the grid that lie within a span; at least the one after its start."""
    first = -(-span.start // BLOCK)
    return range(first, max(first + 1, span.stop // BLOCK))


def stem_figures(piece: Piece, span: Span) -> Figures:
    """Steps in each stem and in all, and every stem's level against the whole bus (dB).

    Before steps are looked for, the bus is brought to -20 dB of full scale and the stems with it. The texture is
    not searched: drops and crackle are meant to be steps.
    """
    mixer = Mixer(piece)
    power = float(np.mean([np.square(mixer.bus(block), dtype=np.float64).mean() for block in blocks_of(span)]))
    unit = np.float32(0.1 / max(np.sqrt(power), 1e-6))
    figures: Figures = {}
    for part in STEMS:
        sound = stem(piece, part, span) * unit
        level = float(np.square(sound, dtype=np.float64).mean()) / 0.01
        figures[f"{part}_db"] = float(10.0 * np.log10(max(level, 1e-12)))
        if part != "texture":
            figures[f"steps_{part}"] = float(len(steps(sound)))
    return figures | {"stem_steps": sum(count for name, count in figures.items() if name.startswith("steps_"))}
