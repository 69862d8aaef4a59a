"""Whatever happens in whatever order, store and web face agree with the model; three planted bugs are found."""

import pytest

from focuscli.bench.life import MUTANTS, STEPS, found_out, live
from focuscli.bench.worlds import HttpWorld, StoreWorld
from tests.postgres import opener


@pytest.mark.parametrize("world", [StoreWorld, HttpWorld])
def test_sessions_live_by_the_rules(world: type[StoreWorld]) -> None:
    live(world, runs=8, steps=STEPS)


def test_sessions_live_by_the_rules_on_postgres() -> None:
    live(lambda folder: StoreWorld(folder, opened=opener()), runs=4, steps=STEPS)


@pytest.mark.parametrize("bug", MUTANTS)
def test_a_planted_bug_is_found(bug: str) -> None:
    assert found_out(MUTANTS[bug], runs=150, steps=STEPS)
