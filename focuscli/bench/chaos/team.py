"""The members of a team, each on a node of its own: two engines, four workers, their scheduler and their database.

All are the real programs. Whatever dies is started again a moment later, as a service manager would.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from focuscli.bench.chaos import paced
from focuscli.bench.chaos.field import Field
from focuscli.bench.cluster import Cluster as Database
from focuscli.bench.dask_cluster import PYTHONPATH
from focuscli.bench.dask_cluster import Cluster as Renderers

POSTGRES, SCHEDULER = "postgres", "scheduler"
ENGINES = ("engine-1", "engine-2")
WORKERS = tuple(f"worker-{number}" for number in range(1, 5))
NODES = (POSTGRES, SCHEDULER, *ENGINES, *WORKERS)

PORT, WATCHING_PORT = 8443, 9464
AGAIN_S = 1.5
"""What died is started again after so long at most."""

LEAVING_S = 30.0
_PRICE_CHF = 0.01
PRICE_MICROCHF = 10_000


def engine_url(field: Field, engine: str) -> str:
    """Where clients find it."""
    return f"https://{field.address(engine)}:{PORT}"


def settings_file(file: Path, database: str, renderers: Renderers, *, lease_s: float, segment_s: int) -> Path:
    """Write what both engines are set to, as a team would have it."""
    folder = file.parent
    told = {
        "store": database,
        "objects": f"file://{folder / 'objects'}",
        "signing_secret": str(folder / "signing"),
        "segment_seconds": segment_s,
        "lease": lease_s,
        "rate_limit": 0,
        "prices": f"{paced.KEY}={_PRICE_CHF}",
        "cap_month": 1e6,  # far away, and so all money is counted by one engine at a time
        "log_format": "json",
        **{name.removeprefix("FOCUS_").lower(): value for name, value in renderers.settings().items()},
    }
    file.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in told.items()), encoding="utf-8")
    return file


class Team:
    """Starts, kills, stops and starts again; `left` tells which engines left without being told, and how."""

    def __init__(
        self,
        field: Field,
        database: Database,
        renderers: Renderers,
        settings: Path,
        *,
        mutant: str,
        chance: random.Random,
    ) -> None:
        """`mutant` names a planted bug of the engines, or is empty."""
        self.field, self.database, self._renderers = field, database, renderers
        self._settings, self._folder, self._mutant, self._chance = settings, settings.parent, mutant, chance
        self.plugins = self._folder / "plugins"
        paced.offer(self.plugins)
        self._path = os.pathsep.join((PYTHONPATH, str(self.plugins)))
        self._numbers: dict[str, int] = {}
        self._living: dict[str, subprocess.Popen[bytes]] = {}
        self._due: dict[str, float] = {}
        self.stopped: set[str] = set()
        self.left: list[str] = []

    def start(self, name: str) -> None:
        """Start one that does not run."""
        self._due.pop(name, None)
        starts: dict[str, Callable[[str], subprocess.Popen[bytes]]]
        starts = {
            SCHEDULER: self._scheduler,
            **dict.fromkeys(WORKERS, self._worker),
            **dict.fromkeys(ENGINES, self._engine),
        }
        self._living[name] = starts[name](name)

    def _scheduler(self, name: str) -> "subprocess.Popen[bytes]":
        self._renderers.start_scheduler(within=self.field.within(name))
        assert self._renderers.scheduler is not None
        return self._renderers.scheduler

    def _worker(self, name: str) -> "subprocess.Popen[bytes]":
        self._renderers.workers.pop(self._numbers.get(name, 0), None)
        self._numbers[name] = self._renderers.start_worker(
            pythonpath=self._path, host=self.field.address(name), within=self.field.within(name)
        )
        return self._renderers.workers[self._numbers[name]]

    def _engine(self, name: str) -> "subprocess.Popen[bytes]":
        module = ["focuscli.bench.mutants", self._mutant] if self._mutant else ["focuscli"]
        folder, address = self._folder, self.field.address(name)
        door = ["--host", address, "--port", str(PORT), "--metrics", f"{address}:{WATCHING_PORT}"]
        door += ["--tls-cert", str(folder / "cert.pem"), "--tls-key", str(folder / "key.pem")]
        serve = ["engine", "serve", "--json", "--config", str(self._settings), *door]
        environment = {**os.environ, "PYTHONPATH": self._path, "FOCUS_HOME": str(folder / name)}
        with (folder / f"{name}.log").open("ab") as log, self._told(name).open("wb") as told:
            return subprocess.Popen(
                [*self.field.within(name), sys.executable, "-m", *module, *serve],
                cwd="/", env=environment, stdin=subprocess.DEVNULL, stdout=told, stderr=log,
            )  # fmt: skip

    def _told(self, engine: str) -> Path:
        return self._folder / f"{engine}.json"

    def runs(self, name: str) -> bool:
        """Whether it lives, and is not stopped."""
        return name in self._living and self._living[name].poll() is None and name not in self.stopped

    def kill(self, name: str) -> None:
        """SIGKILL, and so much later than at once it is started again."""
        self.stopped.discard(name)
        self._living[name].kill()
        self._living[name].wait()
        self._mourn(name)

    def _mourn(self, name: str) -> None:
        del self._living[name]
        self._due[name] = time.monotonic() + self._chance.uniform(0.1, AGAIN_S)

    def stop(self, name: str) -> None:
        """SIGSTOP."""
        self.stopped.add(name)
        self._living[name].send_signal(signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        """SIGCONT, unless it was killed meanwhile."""
        if name in self.stopped:
            self.stopped.discard(name)
            self._living[name].send_signal(signal.SIGCONT)

    def tend(self) -> None:
        """Start again what is due; to be called many times a second."""
        for name, process in tuple(self._living.items()):
            code = process.poll()
            if code is not None:
                if name in ENGINES and self._told(name).stat().st_size:  # it served; else it could not begin
                    self.left.append(f"{name} left by itself with {code}")
                self._mourn(name)
        for name in [name for name, due in self._due.items() if due <= time.monotonic()]:
            self.start(name)

    def leave(self) -> list[str]:
        """SIGTERM to the engines, which have nothing to do any more; whatever is wrong with how they leave."""
        engines = {name: self._living.pop(name) for name in ENGINES}
        for engine in engines.values():
            engine.terminate()
        codes = {name: engine.wait(LEAVING_S) for name, engine in engines.items()}
        return [f"{name} left with {code} when it was told to" for name, code in codes.items() if code]

    @contextmanager
    def running(self) -> Iterator[None]:
        """All of them started; killed at the end, and not started again."""
        try:
            for name in (SCHEDULER, *WORKERS, *ENGINES):
                self.start(name)
            yield
        finally:
            for process in self._living.values():
                process.kill()
                process.wait()
