"""Does a session live by the rules, whatever happens in whatever order? A model of its life, beside the real thing.

    python -m focuscli.bench.life --runs 400 --steps 40 --json

Hypothesis picks the steps: start, poll, claim, finish, fail, renew, end, cap, promote, rot, wait, sweep, crash. The
same machine runs on the store and on the web face, and three stores with a planted bug must each be found out.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from focuscli.bench.cluster import Databases, cluster
from focuscli.bench.life_model import Model
from focuscli.bench.worlds import RENDER_LEASE_S, HttpWorld, Open, StoreWorld, digest, of_sqlite
from focuscli.engine.sentences import Sentence
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.store import Claim, EndReason, ReadySegment
from focuscli.model import SessionStatus

RUNS, STEPS = 400, 40
MOST_SESSIONS = 4
"""Few, so that much happens to each."""

MOVES = ("start", "poll", "poll", "claim", "claim", "claim", "overtake", "finish", "finish", "finish", "fail", "renew",
         "end", "cap", "promote", "rot", "wait", "sweep", "crash")  # fmt: skip
WAITS_S = (0.25, 20.0, 61.0, 80.0, 80.0, 400.0, 1000.0, 44_000.0)

Build = Callable[[Path], StoreWorld]
Opener = Callable[[], Open]
"""Of a new database, which it opens again after a crash."""


class LifeMachine(RuleBasedStateMachine):
    """Does the same to a world and to the model, and compares them after every step.

    One rule, and not one for each move: Hypothesis leaves out rules at random, and with most moves left out little
    happens in a life.
    """

    build: Build

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="focus-life-")
        self.world = type(self).build(Path(self._folder.name))
        self.model = Model(self.world.clock)
        self.sessions: list[str] = []
        self.claims: list[Claim] = []
        self.start(3)

    @rule(move=st.sampled_from(MOVES), which=st.integers(0, 63), value=st.integers(0, 5))
    def move(self, move: str, which: int, value: int) -> None:
        """Somebody does something to one of the sessions or claims."""
        match move:
            case "start":
                self.start(1 + value)
            case "claim" | "overtake":
                self.claim(61.0 if move == "overtake" else 0.0)
            case "poll" | "end" | "cap":
                getattr(self, move)(self.sessions[which % len(self.sessions)])
            case "promote" | "rot":
                getattr(self, move)(self.sessions[which % len(self.sessions)], value)
            case "finish" | "fail" | "renew" if self.claims:
                getattr(self, move)(self.claims[-1 - which % len(self.claims)])
            case "wait":
                self.world.clock.step(WAITS_S[which % len(WAITS_S)])
            case "sweep" | "crash":
                getattr(self, move)()
            case _:
                pass  # there is no claim yet

    def start(self, segments: int) -> None:
        """A client starts a session, every other time with a lease."""
        if len(self.sessions) < MOST_SESSIONS:
            lease_s = 60 * segments if len(self.sessions) % 2 else None
            self.sessions.append(self.world.start(2 * segments, lease_s))
            self.model.start(self.sessions[-1], segments, lease_s)

    def poll(self, session_id: str) -> None:
        """A client asks how it stands."""
        seen = self.world.poll(session_id)
        expected = self.model.sight(session_id)
        assert seen == (expected.status, expected.digests)
        self.model.attend(session_id)

    def claim(self, later_s: float) -> None:
        """A renderer asks for work, or another one after it was not heard of for too long."""
        self.world.clock.step(later_s)
        claim, expected = self.world.claim(), self.model.claim()
        assert (claim and (claim.session_id, claim.segment_index, claim.attempt)) == expected
        if claim is not None:
            self.claims.append(claim)

    def finish(self, claim: Claim) -> None:
        """A renderer comes back, however late and however often."""
        segment = self.world.render(claim)
        assert self.world.store.finish(claim, segment) == self.model.finish(claim, digest(segment.object_key))

    def fail(self, claim: Claim) -> None:
        """A renderer fails."""
        assert self.world.store.release(claim, "broken") == self.model.fail(claim)

    def renew(self, claim: Claim) -> None:
        """A renderer gives a sign of life."""
        assert self.world.store.renew(claim, RENDER_LEASE_S) == self.model.renew(claim)

    def end(self, session_id: str) -> None:
        """A client ends it."""
        status = self.world.end(session_id)
        self.model.end(session_id, SessionStatus.ENDED, EndReason.CLIENT)
        assert status is self.model.sight(session_id).status

    def cap(self, session_id: str) -> None:
        """Its organization has spent enough."""
        stopped = self.world.cap(session_id)
        assert stopped == self.model.end(session_id, SessionStatus.STOPPED_CAP, EndReason.CAP)

    def promote(self, session_id: str, index: int) -> None:
        """Somebody wants to keep a segment."""
        assert self.world.promote(session_id, index) == self.model.promote(session_id, index)

    def rot(self, session_id: str, index: int) -> None:
        """The disk loses a segment."""
        assert self.world.rot(session_id, index) == self.model.rot(session_id, index)

    def sweep(self) -> None:
        """What is over ends."""
        self.world.sweep()
        self.model.sweep()

    def crash(self) -> None:
        """The engine dies; the next one recovers."""
        self.world.crash()
        self.model.crash()

    @invariant()
    def agrees(self) -> None:
        """World and model say the same of every session, of money and of tracks."""
        for session_id in self.model.ids():
            seen, expected = self.world.look(session_id), self.model.sight(session_id)
            assert seen == expected, f"{session_id}: {seen}, and not {expected}"

    def teardown(self) -> None:
        """The books are compared at the end, and everything is given back."""
        try:
            assert self.world.charged() == self.model.charged, "charged otherwise than made"
            assert self.world.tracks() == self.model.tracks, "tracks were lost, or made twice"
        finally:
            self.world.close()
            self._folder.cleanup()


class StaleAccepted(SqlStore):
    """A planted bug: whoever was overtaken may finish all the same."""

    def finish(self, claim: Claim, segment: ReadySegment) -> bool:
        """Without its fence."""
        with self._database.read() as db:
            row = db.execute(
                Sentence(
                    "SELECT attempt FROM segment WHERE segment_index = :segment_index AND state = 'claimed'"
                    " AND session = (SELECT sequence FROM session WHERE session_id = :session_id)"
                ),
                {"segment_index": claim.segment_index, "session_id": claim.session_id},
            ).fetchone()
        held = claim if row is None else Claim(claim.session_id, claim.segment_index, row["attempt"], claim.piece)
        return super().finish(held, segment)


class _SecondWins(SqlStore):
    over: SessionStatus
    by: SessionStatus

    def end(self, session_id: str, status: SessionStatus, reason: EndReason, at: float) -> bool:
        """The first terminal status does not win."""
        if super().end(session_id, status, reason, at):
            return True
        change = {"session_id": session_id, "over": self.over, "status": status, "reason": reason, "at": at}
        with self._database.write() as db:
            sentence = "UPDATE session SET status = :status, end_reason = :reason, ended_at = :at"
            where = " WHERE session_id = :session_id AND status = :over"
            return status is self.by and db.execute(Sentence(sentence + where), change).rowcount == 1


class EndOverCap(_SecondWins):
    """A planted bug: a client's end turns stopped_cap into ended."""

    over, by = SessionStatus.STOPPED_CAP, SessionStatus.ENDED


class CapOverEnd(_SecondWins):
    """A planted bug: a cap turns ended into stopped_cap."""

    over, by = SessionStatus.ENDED, SessionStatus.STOPPED_CAP


MUTANTS: dict[str, type[SqlStore]] = {
    "stale attempt accepted": StaleAccepted,
    "end over cap": EndOverCap,
    "cap over end": CapOverEnd,
}


def live(build: Build, runs: int, steps: int) -> None:
    """So many lives of so many steps; raises where one of them is not as the model has it. Always the same ones."""
    machine = type("Machine", (LifeMachine,), {"build": staticmethod(build)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            derandomize=True,
            database=None,
            deadline=None,
            print_blob=False,
            report_multiple_bugs=False,
            phases=[Phase.generate],  # whether it is found is the question, and not how short it can be told
            suppress_health_check=list(HealthCheck),
        ),
    )


def found_out(mutant: type[SqlStore], runs: int, steps: int, opener: Opener = lambda: of_sqlite) -> bool:
    """Whether the machine finds the planted bug."""
    try:
        live(lambda folder: StoreWorld(folder, mutant, opener()), runs, steps)
    except AssertionError:
        return True
    return False


def measure(
    quick: bool = False, *, runs: int = RUNS, steps: int = STEPS, opener: Opener = lambda: of_sqlite
) -> list[dict[str, Any]]:
    """A row for each world, and one for each planted bug; `opener` gives each life a database of its own."""
    runs = 40 if quick else runs
    rows: list[dict[str, Any]] = []
    worlds: tuple[tuple[str, type[StoreWorld]], ...] = (("store", StoreWorld), ("HTTP", HttpWorld))
    for name, world in worlds:
        began = time.perf_counter()
        live(lambda folder, world=world: world(folder, SqlStore, opener()), runs, steps)  # type: ignore[misc]
        took_s = round(time.perf_counter() - began, 1)
        rows.append({"life": name, "runs": runs, "steps": steps, "seconds": took_s, "ok": True})
    for name, mutant in MUTANTS.items():
        rows.append({"life": f"planted: {name}", "ok": found_out(mutant, runs, steps, opener)})
    return rows


def main(arguments: list[str]) -> int:
    """The command; raises what the machine found, exit code 1 where a planted bug was not."""
    parser = argparse.ArgumentParser(prog="python -m focuscli.bench.life", description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite", help="what keeps the sessions")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if options.store == "postgres":
        with cluster() as server:
            rows = measure(runs=options.runs, steps=options.steps, opener=Databases(server).opener)
    else:
        rows = measure(runs=options.runs, steps=options.steps)
    print(json.dumps(rows) if options.json else "\n".join(map(str, rows)))
    return 0 if all(row["ok"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
