"""The spectrum over time as an image: frequency on a logarithmic scale, low notes below."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from focuscli.spectra.spectrogram import Curve, Sound
from focuscli.units import SAMPLE_RATE

LOWEST_HZ, HIGHEST_HZ = 30.0, 18_000.0
RANGE_DB = 84.0
SHADES = 28
"""Three dB each: few, so that the file is small."""
LONGEST_WINDOW = 8192
_WINDOWS = ((LONGEST_WINDOW, 0.0, 400.0), (4096, 400.0, 2500.0), (1024, 2500.0, 1e9))
"""The window, in frames, for each range of frequencies."""
_COLOURS = ((0, 0, 8), (40, 14, 92), (122, 28, 109), (196, 60, 78), (243, 120, 25), (250, 193, 39), (252, 253, 191))
"""From silence to the loudest point, evenly rising in lightness."""

Pixels = NDArray[np.uint8]
"""Indices into a palette, shape (rows, columns)."""


def levels(sound: Sound, columns: int, rows: int) -> Curve:
    """The power of a sound, shape (frames, 2), in dB under its highest point; shape (rows, columns)."""
    half = LONGEST_WINDOW // 2
    mono = np.pad(sound.mean(axis=1), half)
    centres = half + (np.arange(columns) + 0.5) * len(sound) / columns
    return below_highest(powers(mono, centres, rows))


def powers(mono: Sound, centres: Curve, rows: int) -> Curve:
    """The power of a sound, shape (frames,), around some of its frames; shape (rows, len(centres)).

    Each row takes the length of window that resolves its pitch, from 8192 frames in the bass to 1024 in the treble,
    and the highest of the bins that it covers.
    """
    edges = LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** (np.arange(rows + 1) / rows)
    picture = np.empty((rows, len(centres)))
    for window, low, high in _WINDOWS:
        starts = np.clip(centres - window // 2, 0, len(mono) - window).astype(int)
        frames = np.stack([mono[start : start + window] for start in starts]) * np.hanning(window)
        power = np.abs(np.fft.rfft(frames, axis=1)) ** 2 / window
        bins = edges * window / SAMPLE_RATE
        for row in np.nonzero((edges[:-1] >= low) & (edges[:-1] < high))[0]:
            first, last = round(bins[row]), max(round(bins[row]) + 1, round(bins[row + 1]))
            picture[rows - 1 - row] = power[:, first:last].max(axis=1)
    return picture


def below_highest(picture: Curve) -> Curve:
    """Powers as levels in dB under the highest of them."""
    highest = picture.max(initial=0.0) or 1.0
    decibels: Curve = 10.0 * np.log10(picture / highest + 1e-15)
    return decibels


def shades(picture: Curve) -> Pixels:
    """Levels in dB as shades between silence and the highest point."""
    return np.round(np.clip(1.0 + picture / RANGE_DB, 0.0, 1.0) * (SHADES - 1)).astype(np.uint8)


def shade_colours() -> Pixels:
    """The colour of each shade, shape (SHADES, 3)."""
    anchors = np.linspace(0.0, SHADES - 1.0, len(_COLOURS))
    parts = [np.interp(np.arange(SHADES), anchors, [colour[part] for colour in _COLOURS]) for part in range(3)]
    return np.stack(parts, axis=1).round().astype(np.uint8)


def png(pixels: Pixels, palette: Pixels | None = None) -> bytes:
    """An image (Portable Network Graphics, second edition: 8 bits that index a palette, that of shades by default)."""
    colours = shade_colours() if palette is None else palette
    lines = np.pad(pixels, ((0, 0), (1, 0)))  # each line begins with its filter: none
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"PLTE", colours.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
