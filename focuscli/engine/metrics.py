"""Figures of a running engine in Prometheus' text format 0.0.4: what was counted, how long it took, how it stands.

https://prometheus.io/docs/instrumenting/exposition_formats/ and …/practices/naming/. Nothing in them tells of anybody:
labels have few values, and none names an organization, a user, a session or a key.
"""

import os
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from focuscli.version import __version__

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BEGAN = time.time()

REQUEST_BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
RENDER_BOUNDS_S = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)

Labels = tuple[str, ...]


class Counter:
    """What only grows; one value for each combination of labels. Safe on one thread."""

    def __init__(self, name: str, text: str, labels: Labels = ()) -> None:
        self._name, self._text, self._labels = name, text, labels
        self._values: dict[Labels, float] = {} if labels else {(): 0.0}

    def add(self, *labels: str, amount: float = 1.0) -> None:
        """Count one more."""
        self._values[labels] = self._values.get(labels, 0.0) + amount

    def lines(self) -> Iterator[str]:
        """As text."""
        yield from _head(self._name, self._text, "counter")
        for labels, value in sorted(self._values.items()):
            yield _sample(self._name, dict(zip(self._labels, labels, strict=True)), value)


class Histogram:
    """How often something took up to so many seconds. Safe on one thread."""

    def __init__(self, name: str, text: str, bounds_s: tuple[float, ...]) -> None:
        self._name, self._text, self._bounds_s = name, text, bounds_s
        self._counts, self._sum_s = [0] * (len(bounds_s) + 1), 0.0

    def observe(self, seconds: float) -> None:
        """Count one that took so long."""
        self._counts[bisect_left(self._bounds_s, seconds)] += 1
        self._sum_s += seconds

    def lines(self) -> Iterator[str]:
        """As text; buckets hold what is in the smaller ones too."""
        yield from _head(self._name, self._text, "histogram")
        count = 0
        for bound, more in zip((*map(repr, self._bounds_s), "+Inf"), self._counts, strict=True):
            count += more
            yield _sample(f"{self._name}_bucket", {"le": bound}, count)
        yield _sample(f"{self._name}_sum", {}, self._sum_s)
        yield _sample(f"{self._name}_count", {}, count)


class Metrics:
    """What an engine counts while it runs. Counting belongs to the event loop's thread."""

    def __init__(self) -> None:
        self.requests = Counter("focus_http_requests_total", "Requests that were answered.", ("method", "code"))
        self.answered = Histogram(
            "focus_http_request_duration_seconds", "From a request to the end of its answer.", REQUEST_BOUNDS_S
        )
        self.segments = Counter("focus_segments_total", "Attempts at segments, by what became of them.", ("outcome",))
        self.rendered = Histogram(
            "focus_render_duration_seconds", "From submitting a segment to its audio.", RENDER_BOUNDS_S
        )
        self._gauges: list[tuple[Mapping[str, str], Callable[[], Sequence[float] | None]]] = []

    def gauge(self, name: str, text: str, read: Callable[[], float | None]) -> None:
        """One more figure, read when somebody asks; None: not known just now, and left out."""

        def alone() -> Sequence[float] | None:
            value = read()
            return None if value is None else (value,)

        self.gauges({name: text}, alone)

    def gauges(self, texts: Mapping[str, str], read: Callable[[], Sequence[float] | None]) -> None:
        """Figures that one look gives, in the order of their names; None: not known just now, and left out."""
        self._gauges.append((texts, read))

    def text(self) -> str:
        """All of them; reading the gauges may block on the store."""
        lines: list[str] = []
        for counted in (self.requests, self.answered, self.segments, self.rendered):
            lines += counted.lines()
        for texts, read in self._gauges:
            values = read()
            for (name, text), value in zip(texts.items(), values, strict=True) if values is not None else ():
                lines += [*_head(name, text, "gauge"), _sample(name, {}, value)]
        return "\n".join([*lines, *_of_process()]) + "\n"


def _of_process() -> Iterator[str]:
    """What https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics asks for, where it is known."""
    version = {"version": __version__, "python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    yield from _head("focus_build_info", "Which program this is.", "gauge")
    yield _sample("focus_build_info", version, 1)
    yield from _head("process_cpu_seconds_total", "User and system time of this process.", "counter")
    yield _sample("process_cpu_seconds_total", {}, time.process_time())
    yield from _head("process_start_time_seconds", "When this process began, in Unix seconds.", "gauge")
    yield _sample("process_start_time_seconds", {}, _BEGAN)
    statm = Path("/proc/self/statm")
    if statm.exists():
        resident = int(statm.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
        yield from _head("process_resident_memory_bytes", "Resident memory.", "gauge")
        yield _sample("process_resident_memory_bytes", {}, resident)


def _head(name: str, text: str, kind: str) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"


def _sample(name: str, labels: dict[str, str], value: float) -> str:
    told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{told}}} {value!r}" if told else f"{name} {value!r}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
