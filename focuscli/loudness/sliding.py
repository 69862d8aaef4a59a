"""The highest or the lowest of every few neighbours, by doubling: as many passes as the width has binary digits."""

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Scalar = TypeVar("Scalar", bound=np.floating[Any])


def sliding(extreme: np.ufunc, values: npt.NDArray[Scalar], width: int) -> npt.NDArray[Scalar]:
    """`np.maximum` or `np.minimum` of every `width` neighbours: shape (n,) becomes (n - width + 1,)."""
    reach = 1
    while 2 * reach <= width:
        values, reach = extreme(values[:-reach], values[reach:]), 2 * reach
    rest = width - reach
    found: npt.NDArray[Scalar] = extreme(values[: len(values) - rest], values[rest:])
    return found
