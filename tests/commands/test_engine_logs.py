"""The engine's log as it grows, and on into the next one when it is begun anew."""

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest

from focuscli.commands.engine_logs import followed, last_lines
from focuscli.errors import ExitCode, NotFound
from focuscli.paths import Paths
from tests.commands.conftest import Focus
from tests.commands.test_schemas import check


@pytest.fixture
def log(paths: Paths) -> Path:
    paths.state.mkdir(parents=True)
    paths.engine_log.write_text("one\ntwo\nthree\n")
    return paths.engine_log


class Writer:
    """Does the next thing to the log each time that a follower waits; when all is done, it stops waiting."""

    def __init__(self, *deeds: object) -> None:
        self.deeds = iter(deeds)

    def __call__(self, _seconds: float) -> None:
        deed = next(self.deeds, None)
        if deed is None:
            raise KeyboardInterrupt
        assert callable(deed)
        deed()


def add(log: Path, text: str) -> None:
    with log.open("a", encoding="utf-8") as stream:
        stream.write(text)


def heard(lines: Iterator[str]) -> list[str]:
    found: list[str] = []
    with suppress(KeyboardInterrupt):
        for line in lines:
            found.append(line)  # noqa: PERF402  # what came before the interruption counts
    return found


def test_lines_are_told_as_they_are_added_and_whole(log: Path) -> None:
    writer = Writer(lambda: add(log, "fo"), lambda: add(log, "ur\nfive\nsi"), lambda: add(log, "x\n"))
    assert heard(followed(log, 1, writer)) == ["three", "four", "five", "six"]


def test_a_log_that_is_begun_anew_is_followed(log: Path) -> None:
    def turn_over() -> None:
        add(log, "last of the old\n")
        log.rename(log.with_name("engine.log.1"))
        add(log, "first of the new\n")

    assert heard(followed(log, 0, Writer(turn_over, lambda: None))) == ["last of the old", "first of the new"]


def test_the_last_lines_reach_into_the_part_before(log: Path) -> None:
    log.rename(log.with_name("engine.log.1"))
    add(log, "four\n")
    assert last_lines(log, 2) == ["three", "four"]
    assert last_lines(log, 0) == []
    log.unlink()
    with pytest.raises(NotFound):
        next(followed(log, 1))


def test_a_script_gets_a_record_a_line(focus: Focus, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.commands.engine_logs.followed", lambda file, n: islice(last_lines(file, n), 2))
    records = [json.loads(line) for line in focus("engine", "logs", "-n", "2", "--follow", "--json").out.splitlines()]
    assert [(record["type"], record.get("line")) for record in records] == [
        ("hello", None), ("line", "two"), ("line", "three"),
    ]  # fmt: skip
    assert [record["seq"] for record in records] == [0, 1, 2]
    for record in records:
        check("stream", record)


def test_a_follower_that_is_interrupted_says_bye(focus: Focus, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Writer(lambda: add(log, "four\n"))
    monkeypatch.setattr("focuscli.commands.engine_logs.followed", lambda file, n: followed(file, n, writer))
    done = focus("engine", "logs", "-n", "1", "--follow", "--json")
    *_, last, bye = (json.loads(line) for line in done.out.splitlines())
    assert (done.code, last["line"]) == (ExitCode.INTERRUPTED, "four")
    assert (bye["type"], bye["reason"], bye["exit_code"]) == ("bye", "interrupted", 130)
    shown = focus("engine", "logs", "-n", "1", "--follow").out
    assert shown == "four\n"
