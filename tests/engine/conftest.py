"""An engine without a port or processes, for every test that wants one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.rig import Rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(tmp_path)
    yield rig
    rig.file.close()


@pytest.fixture(scope="module")
def quiet_rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One engine for many tests that leave it as it was."""
    rig = Rig(tmp_path_factory.mktemp("quiet"))
    yield rig
    rig.file.close()
