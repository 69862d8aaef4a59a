"""What a Dask worker runs of this program beside rendering: it says its version, and warms up where it is asked to.

dask worker tls://scheduler:8786 --nthreads 1 --nworkers 4 --preload focuscli.engine.dask_worker …
"""

import os
from typing import Any

from focuscli.engine.render_process import NICENESS, warm_up
from focuscli.version import __version__


def installed() -> str:
    """The version of this program that is installed where this runs."""
    return __version__


def dask_setup(worker: Any) -> None:  # noqa: ARG001  # Dask's own signature
    """Called by Dask in a worker that preloads this module: the first segment shall not wait for imports."""
    warm_up()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
