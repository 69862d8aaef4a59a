"""The first moments of a render process: die with the engine, leave signals to it, warm up, then stand back.

Light on purpose: the engine imports this before it spawns, and whatever it costs delays the first sound.
"""

import os
import signal
import threading
from collections.abc import Callable
from multiprocessing import parent_process

NICENESS = 10


def warm_up() -> None:
    """Import and prepare everything that rendering needs, so that the first segment does not wait for it."""
    import focuscli.music.render  # first: it settles how numpy is loaded
    import focuscli.audio.encode  # isort: skip  # for its time, not for its names
    import focuscli.engine.render_job

    focuscli.music.render.warm_up()


def begin_worker(warm: Callable[[], None]) -> None:
    """First thing in a render process: die with the engine, leave signals to it, warm up, then stand back."""
    threading.Thread(target=_die_with_parent, name="die-with-parent", daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    warm()
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def _die_with_parent() -> None:
    """A killed engine cannot stop its workers, and idle ones would wait for ever (cpython#111873)."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
