"""Matrix products on one thread: how OpenBLAS shares them out among several would show in the last bit of the music.

Settled when this package is imported, before its first product. Where numpy is not loaded yet the environment does it
for nothing, here and in the processes to come; where it is, the library itself has to be told.
"""

import os
import sys

ENVIRONMENT = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""Read when numpy is loaded."""


def settle() -> None:
    """Let numpy's linear algebra use one thread in this process from now on."""
    os.environ.update(ENVIRONMENT)
    if "numpy" in sys.modules:
        from threadpoolctl import threadpool_limits

        threadpool_limits(limits=1, user_api="blas")
