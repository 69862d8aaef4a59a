"""K-weighting, the ear's frequency response as ITU-R BS.1770-5 Annex 1 draws it, by FFT in blocks.

The two second-order stages of the recommendation are given for 48 kHz; for other rates they are designed anew
from their analogue prototype by the bilinear transform (as libebur128 does). Their impulse response has fallen
below 1e-9 after a tenth of a second, so a block that is given that much of what came before is filtered exactly
as by the recursion, and numpy does it without a per-sample loop.
"""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from focuscli.units import SAMPLE_RATE

MEMORY_S = 0.1
"""How long the filters remember: the 38 Hz double pole decays by exp(-24) in this time."""

SIZE = 1 << 16
"""Points of one transform: the larger, the smaller the share of it that the memory takes."""

_SHELF_HZ, _SHELF_GAIN_DB, _SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
_PASS_HZ, _PASS_Q = 38.13547087602444, 0.5003270373238773

Spectrum = npt.NDArray[np.complex64]
Samples = npt.NDArray[np.float32]


@lru_cache(maxsize=8)
def response(size: int, sample_rate: int) -> Spectrum:
    """The complex frequency response on the `size` points of an FFT."""
    z = np.exp(-2j * np.pi * np.arange(size) / size)
    found = np.asarray(_shelf(z, sample_rate) * _high_pass(z, sample_rate), dtype=np.complex64)
    found.flags.writeable = False  # it is shared
    return found


def _shelf(z: npt.NDArray[np.complex128], sample_rate: int) -> npt.NDArray[np.complex128]:
    k = math.tan(math.pi * _SHELF_HZ / sample_rate)
    high = 10.0 ** (_SHELF_GAIN_DB / 20.0)
    band = high**0.4996667741545416
    over = 1.0 / (1.0 + k / _SHELF_Q + k * k)
    b = (high + band * k / _SHELF_Q + k * k, 2.0 * (k * k - high), high - band * k / _SHELF_Q + k * k)
    return over * _second_order(b, z) / _poles(k, _SHELF_Q, z)


def _high_pass(z: npt.NDArray[np.complex128], sample_rate: int) -> npt.NDArray[np.complex128]:
    k = math.tan(math.pi * _PASS_HZ / sample_rate)
    return _second_order((1.0, -2.0, 1.0), z) / _poles(k, _PASS_Q, z)


def _poles(k: float, q: float, z: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
    over = 1.0 / (1.0 + k / q + k * k)
    return _second_order((1.0, 2.0 * (k * k - 1.0) * over, (1.0 - k / q + k * k) * over), z)


def _second_order(c: tuple[float, float, float], z: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
    return c[0] + c[1] * z + c[2] * z * z


class KWeighting:
    """The filter with its memory, for the blocks of one sound in their order."""

    def __init__(self, sample_rate: int = SAMPLE_RATE) -> None:
        self._memory_frames = math.ceil(MEMORY_S * sample_rate)
        self._response = response(SIZE, sample_rate)
        self._past: Spectrum | None = None

    @property
    def step(self) -> int:
        """How many frames one transform filters; multiples of this are the cheapest blocks."""
        return SIZE - self._memory_frames

    def filter(self, block: Samples) -> Samples:
        """The weighted block; shape (frames, channels) as given, the same number of channels each time."""
        pairs = _as_complex(block)
        pieces = [self._filter_step(pairs[:, at : at + self.step]) for at in range(0, len(block), self.step)]
        weighted = np.concatenate(pieces, axis=1) if pieces else pairs
        return np.ascontiguousarray(weighted.T).view(np.float32)[:, : block.shape[1]]

    def _filter_step(self, piece: Spectrum) -> Spectrum:
        """One channel as the real and another as the imaginary part: a real filter keeps them apart."""
        if self._past is None:
            self._past = np.zeros((len(piece), self._memory_frames), np.complex64)
        whole = np.concatenate([self._past, piece], axis=1)
        self._past = whole[:, piece.shape[1] :]
        spectrum = np.fft.fft(whole, SIZE)
        spectrum *= self._response
        weighted = np.asarray(np.fft.ifft(spectrum), dtype=np.complex64)
        return weighted[:, self._memory_frames : whole.shape[1]]


def _as_complex(block: Samples) -> Spectrum:
    """Shape (pairs of channels, frames); an odd last channel is alone."""
    odd = block.shape[1] % 2
    even = np.pad(block, ((0, 0), (0, 1))) if odd else block
    pairs: Spectrum = np.ascontiguousarray(even, np.float32).view(np.complex64).T
    return pairs
