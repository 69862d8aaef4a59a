"""The measurements of the engine's face, in small: that they measure, not how fast this machine is."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from focuscli.bench import polls
from focuscli.bench.clients import Clients
from focuscli.bench.conformance import Schemathesis
from focuscli.bench.instant_engine import instant_engine
from focuscli.engine.engine_routes import EngineRoutes
from focuscli.engine.resource import json_response


def test_polls_are_counted_and_none_is_lost() -> None:
    rows = {row["what"]: row for row in polls.measure(quick=True)}
    assert list(rows) == [
        "cold start to first answer",
        "idle memory",
        (capacity := "polls of one core on which the plain peer takes 230 µs"),
        "idle clients that were reset",
        "p99 at 200 polls/s, both cores rendering",
    ]
    assert rows["idle clients that were reset"]["figure"] == 0
    assert "0 failures" in rows[capacity]["beside"]
    assert all(row["figure"] > 0 for what, row in rows.items() if "reset" not in what)


@contextmanager
def answering(answers: list[bytes]) -> Iterator[tuple[str, int]]:
    """A server that gives each request the next answer, and hangs up after the last."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                for answer in answers:
                    connection.recv(1000)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()
        thread.join()


GOOD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@pytest.mark.parametrize(
    ("answers", "failures"),
    [([GOOD] * 3, 0), ([GOOD, GOOD], 1), ([GOOD, b"HTTP/1.1 500 No\r\n\r\n", GOOD], 1)],
    ids=["all good", "hung up", "an error"],
)
def test_a_lost_client_is_counted(answers: list[bytes], failures: int) -> None:
    with answering(answers) as address, closing(Clients(address, b"GET / HTTP/1.1\r\n\r\n", 1)) as clients:
        for _ in range(3):
            clients.closed_loop(1)
    assert clients.failures == failures


@pytest.fixture
def schemathesis(tmp_path: Path) -> Iterator[Schemathesis]:
    with instant_engine(tmp_path) as engine:
        yield Schemathesis(tmp_path, engine.url, seed=1)


def test_the_engine_does_what_its_document_says(schemathesis: Schemathesis) -> None:
    row, findings = schemathesis.ask(("fuzzing",), 0)
    assert row["ok"], findings
    assert row["cases"] > 50
    assert row["operations"] > 15


def test_chains_of_calls_begin_with_a_session(schemathesis: Schemathesis) -> None:
    row, findings = schemathesis.ask(("stateful",), 0)
    assert row["ok"], findings
    assert row["operations"] > 3
    assert row["links"] != "0 of 26"


def test_what_the_document_does_not_say_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def health(*_: object) -> object:
        return json_response({"status": "well"})

    monkeypatch.setattr(EngineRoutes, "health", health)
    with instant_engine(tmp_path) as engine:
        row, findings = Schemathesis(tmp_path, engine.url, seed=1).ask(("fuzzing",), 0)
    assert (row["ok"], row["findings"]) == (False, 2)  # at both of its paths
    assert "GET /v1/health" in findings[0]
