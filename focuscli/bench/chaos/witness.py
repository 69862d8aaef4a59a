"""A witness in the database, which the engines know nothing of: triggers that write down every step of a segment.

What it writes is committed with what it saw, or not at all; so its word is the database's, and not the engines'.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, NamedTuple

_BEGIN = """
CREATE SCHEMA witness;
CREATE TABLE witness.step (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at DOUBLE PRECISION, session BIGINT, segment_index INTEGER,
  was TEXT, state TEXT, attempt INTEGER, had_until DOUBLE PRECISION, old_key TEXT, object_key TEXT
);
CREATE FUNCTION witness.see_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO witness.step (at, session, segment_index, was, state, attempt, had_until, old_key, object_key)
  VALUES (extract(epoch FROM clock_timestamp()), NEW.session, NEW.segment_index, OLD.state, NEW.state, NEW.attempt,
          OLD.lease_ends_at, OLD.object_key, NEW.object_key);
  RETURN NULL;
END $$;
CREATE TRIGGER seen AFTER UPDATE ON segment FOR EACH ROW
  WHEN ((OLD.state, OLD.attempt, OLD.object_key) IS DISTINCT FROM (NEW.state, NEW.attempt, NEW.object_key))
  EXECUTE FUNCTION witness.see_step();
CREATE TABLE witness.charge (what TEXT, session_id TEXT, segment_index INTEGER, microchf BIGINT);
CREATE FUNCTION witness.see_charge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE it charge;
BEGIN
  it := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  INSERT INTO witness.charge VALUES (TG_OP, it.session_id, it.segment_index, it.microchf);
  RETURN NULL;
END $$;
CREATE TRIGGER seen AFTER INSERT OR UPDATE OR DELETE ON charge FOR EACH ROW EXECUTE FUNCTION witness.see_charge();
"""
_STEPS = "SELECT at, session, segment_index, was, state, attempt, had_until, old_key, object_key"
_STEPS += " FROM witness.step ORDER BY session, segment_index, number"
_CHARGES = "SELECT what, session_id, segment_index, microchf FROM witness.charge"
_SEGMENTS = """SELECT session_id, segment_index, segment.state, object_key, sha256, failure
  FROM segment JOIN session ON sequence = segment.session"""


class Step(NamedTuple):
    """One change of a segment: from which state to which; `had_until` is when the lease before would have ended."""

    at: float
    session: int
    segment_index: int
    was: str
    state: str
    attempt: int
    had_until: float | None
    old_key: str | None
    object_key: str | None

    @property
    def is_commit(self) -> bool:
        """Whether other audio than before is the segment's now."""
        return self.state == "ready" and self.object_key != self.old_key


class Segment(NamedTuple):
    """How a segment stands."""

    session_id: str
    segment_index: int
    state: str
    object_key: str | None
    sha256: str | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class Reclaim:
    """A segment whose lease ran out was claimed again, so long after (both in Unix seconds)."""

    ended_at: float
    claimed_at: float


@dataclass(frozen=True, slots=True)
class Seen:
    """All that was seen."""

    steps: list[Step]
    charges: list[tuple[str, str, int, int]]
    segments: list[Segment]

    def _by_segment(self) -> Iterator[list[Step]]:
        for _, steps in groupby(self.steps, key=lambda step: (step.session, step.segment_index)):
            yield list(steps)

    @property
    def commits(self) -> Counter[tuple[int, int]]:
        """How often each segment was committed."""
        return Counter((step.session, step.segment_index) for step in self.steps if step.is_commit)

    @property
    def taken_back(self) -> list[Step]:
        """Whatever was ready, and then was not."""
        return [step for step in self.steps if step.was == "ready" and step.state != "ready"]

    @property
    def attempts(self) -> int:
        """How many claims there were."""
        return sum(step.state == "claimed" for step in self.steps)

    @property
    def reclaims(self) -> list[Reclaim]:
        """Every claim of a segment that somebody else held until the lease was over."""
        return [
            Reclaim(step.had_until, step.at)
            for step in self.steps
            if step.was == step.state == "claimed" and step.had_until is not None
        ]

    @property
    def given_back(self) -> int:
        """How many claims were given back before their lease was over, by whoever held them or knew that he is dead."""
        return sum(
            later.state == "claimed" and earlier.was == "claimed" and earlier.state == "planned"
            for steps in self._by_segment()
            for earlier, later in pairwise(steps)
        )


class Witness:
    """Watches a database with the engine's schema from now on."""

    def __init__(self, url: str) -> None:
        import psycopg

        self._url = url
        with psycopg.connect(url) as connection:
            connection.execute(_BEGIN)

    def seen(self) -> Seen:
        """What it has seen up to now."""
        with self._asking() as ask:
            return Seen([Step(*row) for row in ask(_STEPS)], ask(_CHARGES), [Segment(*row) for row in ask(_SEGMENTS)])

    def piece(self) -> str:
        """What the first session is made from."""
        with self._asking() as ask:
            return str(ask("SELECT piece FROM session ORDER BY sequence LIMIT 1")[0][0])

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        import psycopg

        with psycopg.connect(self._url) as connection:
            yield lambda question: connection.execute(question).fetchall()
