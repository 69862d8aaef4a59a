"""An engine of another version is used, replaced or left in peace; what is busy is never cut off."""

import os
import subprocess
from collections.abc import Mapping

import pytest

from focuscli.client.local import Launch, client_of, find_local
from focuscli.client.nearby import Nearby
from focuscli.client.skew import Verdict, judge
from focuscli.errors import Conflict
from focuscli.paths import Paths
from tests.fakes.engine import FakeEngine, Reply

N = 5
USE, REPLACE, KEEP, REFUSE = Verdict.USE, Verdict.REPLACE, Verdict.KEEP, Verdict.REFUSE


def engine(lowest: int, highest: int, *, version: str = "1.5.0", active: int = 0) -> Nearby:
    said: dict[str, str | int] = {"proto_min": lowest, "proto_max": highest, "version": version}
    return Nearby("127.0.0.1:1", "key", {}, {**said, "active_sessions": active})


MATRIX = [
    # the engine's protocols and version, then what a program of N−1, N and N+1 does: engine idle, engine busy
    ((N - 1, N - 1), "1.4.0", (USE, REPLACE, REPLACE), (USE, REFUSE, REFUSE)),
    ((N, N), "1.5.0", (REFUSE, USE, REPLACE), (REFUSE, USE, REFUSE)),
    ((N + 1, N + 1), "1.6.0", (REFUSE, REFUSE, USE), (REFUSE, REFUSE, USE)),
    ((N - 2, N - 1), "1.4.0", (USE, REPLACE, REPLACE), (USE, REFUSE, REFUSE)),
    ((N - 1, N), "1.5.0", (USE, USE, REPLACE), (USE, USE, REFUSE)),
    ((N, N + 1), "1.6.0", (REFUSE, USE, USE), (REFUSE, USE, USE)),
    ((N - 1, N + 1), "1.6.0", (USE, USE, USE), (USE, USE, USE)),
    ((N - 1, N + 1), "1.4.0", (USE, REPLACE, REPLACE), (USE, KEEP, KEEP)),
]


@pytest.mark.parametrize(("protocols", "version", "idle", "busy"), MATRIX)
def test_the_matrix_of_versions(
    protocols: tuple[int, int], version: str, idle: tuple[Verdict, ...], busy: tuple[Verdict, ...]
) -> None:
    programs = [(N - 1, "1.4.0"), (N, "1.5.0"), (N + 1, "1.6.0")]
    for active, expected in ((0, idle), (2, busy)):
        found = engine(*protocols, version=version, active=active)
        assert tuple(judge(found, (spoken, spoken), ours) for spoken, ours in programs) == expected


@pytest.mark.parametrize(
    ("theirs", "ours", "expected"),
    [("1.4.9", "1.5.0", REPLACE), ("1.10.0", "1.9.0", USE), ("1.5.0", "1.5.0", USE), ("2.0", "1.9", USE),
     ("1.5.0rc1", "1.5.0", REPLACE), ("", "1.0", REPLACE), ("nonsense", "1.0", REPLACE)],
)  # fmt: skip
def test_versions_are_compared_as_numbers(theirs: str, ours: str, expected: Verdict) -> None:
    assert judge(engine(N, N, version=theirs), (N, N), ours) is expected


def test_an_engine_without_a_range_speaks_the_one_protocol_that_it_names(fake: FakeEngine, paths: Paths) -> None:
    fake.announce(paths)
    found = find_local(paths)
    assert found is not None
    assert found.protocols == (1, 1)
    assert found.protocol == 1


class Spawned:
    """Stands for the engine that a client starts: it takes the place of the fake one."""

    def __init__(self, fake: FakeEngine, paths: Paths) -> None:
        self.fake, self.paths = fake, paths
        self.count = 0

    def __call__(self, _log_file: str, _environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        self.count += 1
        self.fake.announce(self.paths)
        return subprocess.Popen(["true"])


@pytest.mark.parametrize("protocol", [0, 1])
def test_an_idle_older_engine_is_replaced_silently(fake: FakeEngine, paths: Paths, protocol: int) -> None:
    fake.announce(paths, protocol=protocol, version="0.0.9")
    stopped: list[bool] = []
    fake.on_stop = lambda: stopped.append(True) or paths.engine_address.unlink()  # type: ignore[func-returns-value]
    spawned = Spawned(fake, paths)
    launched = Launch(paths, os.environ, limit_s=5, spawn=spawned)
    assert launched.is_starting
    assert launched.wait(pytest.fail).version == "0.1.0"
    assert (stopped, spawned.count) == ([True], 1)
    launched._child.wait()  # type: ignore[union-attr]


def test_a_busy_older_engine_is_kept_with_one_line(fake: FakeEngine, paths: Paths) -> None:
    fake.announce(paths, version="0.0.9")
    fake.hello["active_sessions"] = 1
    fake.on_stop = pytest.fail
    said: list[str] = []
    found = Launch(paths, os.environ, limit_s=5, spawn=pytest.fail).wait(said.append)
    assert found.version == "0.0.9"
    assert len(said) == 1
    assert "0.0.9" in said[0]
    assert client_of(found).sessions() == []


def test_an_engine_that_became_busy_before_it_was_asked_to_leave_is_kept(fake: FakeEngine, paths: Paths) -> None:
    fake.announce(paths, version="0.0.9")
    said: list[str] = []
    fake.answers.append(Reply(200, {"status": "busy", "active_sessions": 1}))
    assert Launch(paths, os.environ, limit_s=5, spawn=pytest.fail).wait(said.append).version == "0.0.9"
    assert len(said) == 1


@pytest.mark.parametrize(("protocol", "active", "says"), [(0, 1, "focus engine stop"), (2, 0, "newer program")])
def test_what_cannot_be_spoken_with_nor_replaced_is_a_conflict_and_goes_on(
    fake: FakeEngine, paths: Paths, protocol: int, active: int, says: str
) -> None:
    fake.announce(paths, protocol=protocol, version="9.0.0" if protocol else "0.0.1")
    fake.hello["active_sessions"] = active
    fake.on_stop = pytest.fail
    with pytest.raises(Conflict) as caught:
        Launch(paths, os.environ, limit_s=5, spawn=pytest.fail)
    assert says in caught.value.hint
    assert find_local(paths) is not None


def test_an_engine_that_foresaw_why_it_cannot_start_is_quoted(paths: Paths) -> None:
    paths.engine_log.parent.mkdir(parents=True)

    def refusing(log_file: str, _environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        paths.engine_log.write_text("the engine cannot start: the database is newer\nupdate\n", encoding="utf-8")
        return subprocess.Popen(["sh", "-c", "exit 9"])

    with pytest.raises(Conflict, match="could not start: the database is newer"):
        Launch(paths, os.environ, limit_s=5, spawn=refusing).wait(lambda _: None)
