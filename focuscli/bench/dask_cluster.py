"""A Dask cluster of processes on loopback under mutual TLS, whose scheduler and workers can be killed and come back."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PYTHONPATH = str(Path(__file__).parents[2])
LOOPBACK = "127.0.0.1"
_QUIET = ("--no-dashboard", "--protocol", "tls")


def free_port() -> int:
    """A port of loopback that nobody has just now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


class Cluster:
    """One scheduler, and workers by number, each a process with one thread."""

    def __init__(self, folder: Path, certificate: Path, key: Path, *, host: str = LOOPBACK) -> None:
        """The certificate vouches for itself, and everyone has it; logs go to the folder. `host` has the scheduler."""
        self.folder, self.host, self.port = folder, host, free_port()
        self.certificate, self.key = certificate, key
        self.workers: dict[int, subprocess.Popen[bytes]] = {}
        self.scheduler: subprocess.Popen[bytes] | None = None
        self._count = 0

    @property
    def address(self) -> str:
        """The scheduler's host and port."""
        return f"{self.host}:{self.port}"

    def settings(self) -> dict[str, str]:
        """The environment of an engine that renders here."""
        return {
            "FOCUS_RENDER_EXECUTOR": f"tls://{self.address}",
            "FOCUS_RENDER_TLS_CA": str(self.certificate),
            "FOCUS_RENDER_TLS_CERT": str(self.certificate),
            "FOCUS_RENDER_TLS_KEY": str(self.key),
        }

    def start_scheduler(self, *, within: Sequence[str] = ()) -> None:
        """Start it at its port, and do not wait. `within` is what runs it in another network."""
        words = ["dask_scheduler", "--host", self.host, "--port", str(self.port), *_QUIET]
        self.scheduler = self._start(words, "scheduler", PYTHONPATH, within)

    def start_worker(
        self,
        *,
        pythonpath: str = PYTHONPATH,
        words: Sequence[str] = (),
        host: str = LOOPBACK,
        within: Sequence[str] = (),
    ) -> int:
        """Start one, and do not wait; returns its number."""
        self._count += 1
        common = ["dask_worker", f"tls://{self.address}", "--host", host, "--nthreads", "1", "--no-nanny"]
        named = ["--name", f"worker-{self._count}", "--local-directory", str(self.folder), *_QUIET]
        words = [*common, *named, *words]
        self.workers[self._count] = self._start(words, f"worker-{self._count}", pythonpath, within)
        return self._count

    def _start(
        self, words: Sequence[str], name: str, pythonpath: str, within: Sequence[str]
    ) -> "subprocess.Popen[bytes]":
        tls = ["--tls-ca-file", str(self.certificate), "--tls-cert", str(self.certificate), "--tls-key", str(self.key)]
        path = os.pathsep.join(filter(None, (pythonpath, os.environ.get("PYTHONPATH", ""))))
        environment = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [*within, sys.executable, "-m", f"distributed.cli.{words[0]}", *words[1:], *tls],
                cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def kill_scheduler(self) -> None:
        """SIGKILL; its workers leave by themselves, as they cannot find it again."""
        assert self.scheduler is not None
        self.scheduler.kill()
        self.scheduler.wait()

    def number_of(self, process_id: int) -> int:
        """The worker with that process."""
        return next(number for number, worker in self.workers.items() if worker.pid == process_id)

    def kill(self, number: int) -> None:
        """SIGKILL a worker."""
        worker = self.workers.pop(number)
        worker.kill()
        worker.wait()

    def stop(self, number: int) -> None:
        """SIGSTOP a worker: it hangs."""
        self.workers[number].send_signal(signal.SIGSTOP)

    def go_on(self, number: int) -> None:
        """SIGCONT."""
        self.workers[number].send_signal(signal.SIGCONT)

    def close(self) -> None:
        """Kill everything."""
        for number in tuple(self.workers):
            self.kill(number)
        if self.scheduler is not None:
            self.kill_scheduler()
