"""A fake engine that listens, and the paths of a home of its own."""

import os
from collections.abc import Iterator

import pytest

from focuscli.paths import Paths
from tests.fakes.engine import FakeEngine


@pytest.fixture
def fake() -> Iterator[FakeEngine]:
    with FakeEngine().listening() as engine:
        yield engine


@pytest.fixture
def paths() -> Paths:
    return Paths.find(os.environ)
