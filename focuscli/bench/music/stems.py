"""The stems of a span, as the mixer has them before they are summed."""

import numpy as np

from focuscli.bench.music.clicks import steps
from focuscli.bench.music.levels import Figures
from focuscli.bench.music.recording import Sound
from focuscli.music.character import character_of, seed_of
from focuscli.music.mix import Mixer, control_times
from focuscli.music.motion import texture_gain
from focuscli.music.reverb import BLOCK
from focuscli.music.signals import upsample
from focuscli.music.texture import lay
from focuscli.music.timeline import Piece, Span


def stems_of(piece: Piece, span: Span) -> dict[str, Sound]:
    """Every stem's dry sound, the textures together as one more and the whole bus, each of shape (frames, 2).

    Whole blocks of the grid that lie within the span (at least one), so some frames fewer than the span.
    """
    first = -(-span.start // BLOCK)
    blocks = range(first, max(first + 1, span.stop // BLOCK))
    mixer = Mixer(piece)
    parts: dict[str, list[Sound]] = {}
    for block in blocks:
        bus = mixer.bus(block)
        for name, stem in mixer._stems.items():  # noqa: SLF001
            parts.setdefault(name, []).append(stem.T.copy())
        parts.setdefault("texture", []).append(_texture(piece, block).T)
        parts.setdefault("bus", []).append(bus.T.copy())
    return {name: np.concatenate(some) for name, some in parts.items()}


def _texture(piece: Piece, block: int) -> Sound:
    laid = np.zeros((2, BLOCK), np.float32)
    textures = character_of(piece).textures
    for place, kind in enumerate(textures):
        gains = upsample(texture_gain(piece, control_times(block), place, len(textures)), np.empty(BLOCK, np.float32))
        lay(laid, block * BLOCK, kind, gains, seed_of(piece))
    return laid


def stem_figures(piece: Piece, span: Span) -> Figures:
    """Steps in any stem, the texture's level against the bus and that of each stem, dB."""
    stems = stems_of(piece, span)
    bus = stems.pop("bus")
    whole = _power(bus)
    unit = np.float32(0.1 / max(np.sqrt(whole), 1e-6))
    figures = {f"{name}_db": float(10.0 * np.log10(max(_power(stem) / whole, 1e-12))) for name, stem in stems.items()}
    per_stem = {f"steps_{name}": float(len(steps(stem * unit))) for name, stem in stems.items() if name != "texture"}
    return figures | per_stem | {"stem_steps": sum(per_stem.values())}


def _power(sound: Sound) -> float:
    return float(np.einsum("ij,ij->", sound, sound, dtype=np.float64)) / len(sound)
