"""The run itself, in namespaces of its own: told on standard input what to do, it writes rows to standard output."""

import json
import os
import random
import secrets
import shutil
import ssl
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from focuscli.bench.certificate import make_certificate
from focuscli.bench.chaos import nemesis, paced, verdict
from focuscli.bench.chaos.field import HUB, Field
from focuscli.bench.chaos.listeners import Heard, Listener
from focuscli.bench.chaos.plan import MINUTES, SEGMENT_S, Plan
from focuscli.bench.chaos.team import (
    ENGINES,
    NODES,
    POSTGRES,
    SCHEDULER,
    WATCHING_PORT,
    WORKERS,
    Team,
    engine_url,
    settings_file,
)
from focuscli.bench.chaos.watch import Watch
from focuscli.bench.chaos.witness import Witness
from focuscli.bench.cluster import Cluster, cluster
from focuscli.bench.dask_cluster import Cluster as Renderers

ORGANIZATION = "org_chaos"
SESSIONS = f"/v1/music/{ORGANIZATION}/focus/sessions"
START_S = 180.0
COMPLETION_S = 90.0
"""Once nothing goes wrong any more, something more is ready within so long, until every session is complete."""


def new_key(database: str) -> str:
    """Make the engine's schema, and a key that lets the listeners in."""
    from focuscli.engine.key_form import Kind, digest, key_id_of, new_key
    from focuscli.engine.key_store import KeyStore, StoredKey
    from focuscli.engine.keys import USE_MUSIC_GENERATION
    from focuscli.engine.postgres import PostgresDatabase
    from focuscli.engine.store import Owner

    key = new_key(Kind.LIVE)
    owner = Owner(ORGANIZATION, f"user_{secrets.token_hex(6)}")
    with closing(PostgresDatabase(database)) as opened:
        KeyStore(opened).add(
            StoredKey(
                key_id_of(key.encode()) or "", digest(key.encode()), owner, "chaos", frozenset({USE_MUSIC_GENERATION}),
                time.time(),
            )
        )  # fmt: skip
    return key


class Run:
    """One run."""

    def __init__(self, plan: Plan, folder: Path, field: Field, server: Cluster) -> None:
        self._plan, self._folder, self._field = plan, folder, field
        database = server.create("chaos")
        self._key, self._witness = new_key(database), Witness(database)
        names = [f"IP:{field.address(node)}" for node in NODES]
        certificate, key = make_certificate(folder, [*names, f"IP:{HUB}"])
        self._tls = ssl.create_default_context(cafile=str(certificate))
        (folder / "logs").mkdir()
        renderers = Renderers(folder / "logs", certificate, key, host=field.address(SCHEDULER))
        settings = settings_file(folder / "team.toml", database, renderers,
                                 lease_s=plan.lease_s, segment_s=SEGMENT_S)  # fmt: skip
        chance = random.Random(plan.seed)  # noqa: S311  # repeatable on purpose
        self._team = Team(field, server, renderers, settings, mutant=plan.mutant, chance=chance)
        self._watch = Watch([f"http://{field.address(engine)}:{WATCHING_PORT}" for engine in ENGINES])
        self._heard = Heard()

    def rows(self) -> list[dict[str, Any]]:
        """Let it all happen; what came of it."""
        with self._team.running():
            self._watch.start()
            self._assemble()
            began = time.monotonic()
            done = self._happen()
            self._watch.close()
            left = self._team.left + self._team.leave()
            seconds = time.monotonic() - began
        evidence = verdict.Evidence(
            self._heard,
            self._witness.seen(),
            self._watch,
            self._expected(),
            self._plan.lease_s,
            left,
            done,
            seconds,
        )
        if self._plan.keep:
            self._keep(Path(self._plan.keep), evidence)
        return verdict.rows(evidence, unfenced=bool(self._plan.mutant))

    def _expected(self) -> dict[int, str]:
        sys.path.append(str(self._team.plugins))
        os.environ[paced.LONGEST_VARIABLE] = "0"  # nobody waits for these
        return verdict.expected_digests(self._witness.piece())

    def _keep(self, folder: Path, evidence: verdict.Evidence) -> None:
        """Logs, every step of every segment, and all violations, for whoever wants to know why."""
        folder.mkdir(parents=True, exist_ok=True)
        for log in (*self._folder.glob("*.log"), *(self._folder / "logs").glob("*.log")):
            shutil.copy(log, folder)
        (folder / "steps").write_text("".join(f"{step}\n" for step in evidence.seen.steps), encoding="utf-8")
        (folder / "violations").write_text("\n".join(verdict.violations(evidence)), encoding="utf-8")

    def _assemble(self) -> None:
        """Wait until both engines have all workers."""
        deadline = time.monotonic() + START_S
        while [*self._watch.slots.values()] != [len(WORKERS)] * len(ENGINES):
            if time.monotonic() > deadline:
                raise SystemExit(f"the team did not assemble: {self._watch.slots}\n{self._last_words()}")
            self._team.tend()
            time.sleep(nemesis.TICK_S)

    def _last_words(self) -> str:
        logs = [*self._folder.glob("*.log"), *(self._folder / "logs").glob("*.log")]
        return "\n".join(f"{log.name}: {log.read_text(encoding='utf-8', errors='replace')[-500:]}" for log in logs)

    def _happen(self) -> dict[nemesis.Kind, int]:
        plan = self._plan
        counts, long_share = (nemesis.QUICK, 0.0) if plan.quick else (nemesis.FULL, nemesis.LONG_SHARE)
        faults = nemesis.drawn(plan.seed, counts, plan.gap_s, plan.lease_s, long_share)
        urls = [engine_url(self._field, engine) for engine in ENGINES]
        listeners = [Listener([*urls], SESSIONS, self._key, self._tls, MINUTES, self._heard)
                     for _ in range(plan.listeners)]  # fmt: skip
        for listener in listeners:
            listener.start()
        doing = nemesis.Nemesis(self._team, faults, nemesis.aloud)
        doing.run()
        for listener in listeners:
            listener.last.set()
        before = -1
        while any(listener.is_alive() for listener in listeners) and self._heard.bodies > before:
            before = self._heard.bodies
            doing.rest(COMPLETION_S, lambda: not any(listener.is_alive() for listener in listeners))
        for listener in listeners:
            listener.give_up()
        return doing.done


def main() -> int:
    """Read what to do, do it, and write what came of it."""
    plan = Plan.from_json(sys.stdin.read())
    os.environ[paced.LONGEST_VARIABLE] = str(plan.render_s)
    field = Field(NODES)
    with (
        tempfile.TemporaryDirectory(prefix="focus-chaos-", dir="/tmp", ignore_cleanup_errors=True) as folder,
        cluster(durable=True, host=field.address(POSTGRES), within=field.within(POSTGRES)) as server,
    ):
        found = Run(plan, Path(folder), field, server).rows()
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
