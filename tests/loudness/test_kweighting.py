"""The weighting by blocks is the recursion of the recommendation, sample by sample."""

import numpy as np
import pytest
from scipy.signal import sosfilt

from focuscli.loudness.kweighting import BLOCK, GROUP, PIECE_FRAMES, KWeighting

AT_48_KHZ = [
    [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
    [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
]
"""ITU-R BS.1770-5, Annex 1, Tables 1 and 2."""


@pytest.mark.parametrize("channels", [1, 2, 5])
def test_it_equals_the_recommendations_recursion(channels: int) -> None:
    random = np.random.default_rng(1)
    sound = (0.3 + 0.1 * random.standard_normal((100_000, channels))).astype(np.float32)
    expected = sosfilt(AT_48_KHZ, sound.astype(np.float64), axis=0)
    assert np.abs(KWeighting().filter(sound) - expected).max() < 1e-5


@pytest.mark.parametrize("size", [1, BLOCK - 1, BLOCK, GROUP * BLOCK, GROUP * BLOCK + 1, PIECE_FRAMES, 40_001])
def test_its_memory_reaches_over_any_blocks(size: int) -> None:
    frames = 200 if size == 1 else 3 * max(size, 1000)
    sound = (0.1 * np.random.default_rng(2).standard_normal((frames, 2))).astype(np.float32)
    weighting = KWeighting()
    parts = [weighting.filter(sound[at : at + size]) for at in range(0, frames, size)]
    assert np.abs(np.concatenate(parts) - KWeighting().filter(sound)).max() < 1e-5


def test_nothing_in_is_nothing_out() -> None:
    weighting = KWeighting()
    assert weighting.filter(np.zeros((0, 2), np.float32)).shape == (0, 2)
    weighting.filter(np.ones((1000, 2), np.float32))
    for _ in range(20):
        quiet = weighting.filter(np.zeros((48_000, 2), np.float32))
    assert np.array_equal(quiet, np.zeros((48_000, 2)))
