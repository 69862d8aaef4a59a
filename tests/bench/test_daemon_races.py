"""One engine for all who start at once, and no key for who sits on a dead one's port: the small form of two benches."""

import os
from pathlib import Path

import pytest

from focuscli.bench import skew
from focuscli.bench.impostor import rounds
from focuscli.bench.race import Outcome, _is_one, race

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def test_of_four_clients_after_a_kill_all_find_the_one_engine() -> None:
    row = race(rounds=2, clients=4)
    assert row["ok"], row
    assert (row["with_one_engine"], row["engines_at_most"]) == (2, 1)


@pytest.mark.parametrize(
    "outcomes",
    [
        [Outcome(5, 0.1, (5,)), Outcome(6, 0.1, (6,))],
        [Outcome(5, 0.1, (5,)), Outcome(5, 0.1, (6,))],
        [Outcome(5, 0.1, (5,)), Outcome(0, 0.1, (), "no")],
        [Outcome(5, 0.1, ())],
    ],
)
def test_two_engines_or_a_lost_client_would_be_seen(outcomes: list[Outcome]) -> None:
    assert not _is_one(outcomes)
    assert _is_one([Outcome(5, 0.1, (5,)), Outcome(5, 0.2, ())])


def test_an_impostor_is_given_no_key_whatever_it_tries(tmp_path: Path) -> None:
    rows = rounds(tmp_path, 3)
    assert [row["what"] for row in rows] == ["ignorant", "nonsense", "relay"]
    assert all(row["ok"] for row in rows), rows
    assert sum(row["asked"] for row in rows) >= 9


@pytest.mark.parametrize(("busy", "outcome"), [(False, skew.REPLACED), (True, skew.REFUSED)])
def test_an_older_engine_is_replaced_by_a_real_program_unless_it_has_a_session(busy: bool, outcome: str) -> None:
    older, program = skew.PROGRAMS[:2]
    assert skew.meet(older, program, busy=busy) == outcome
