"""A Postgres server for the tests that want one: one a process, started by the first of them, a database for each."""

import atexit
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from focuscli.bench.cluster import CannotStart, Cluster, Databases, cluster
from focuscli.engine.database import Database


@cache
def _server() -> tuple[Cluster, Databases] | str:
    stack = ExitStack()
    try:
        server = stack.enter_context(cluster())
    except CannotStart as exc:
        return str(exc)
    atexit.register(stack.close)
    return server, Databases(server)


def _running() -> tuple[Cluster, Databases]:
    found = _server()
    if isinstance(found, str):
        pytest.skip(found)
    return found


def new_url() -> str:
    """Of a database with the engine's schema in it; skips the test where there is no server."""
    return _running()[1].url()


def empty_url(name: str) -> str:
    """Of a database with nothing in it; skips the test where there is no server."""
    return _running()[0].create(name)


def opener() -> Callable[[Path], Database]:
    """Opens a new database, and then the same one; skips the test where there is no server."""
    return _running()[1].opener()
