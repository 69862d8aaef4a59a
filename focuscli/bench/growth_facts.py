"""What the growth model is told and what it finds, as it is kept in a file beside: `growth.json`."""

from pathlib import Path

import msgspec

from focuscli.bench.growth_audience import Render

FILE = Path(__file__).with_name("growth.json")


class Operation(msgspec.Struct, frozen=True):
    """One call of the store: processor seconds of the engine and of the database, wall time, bytes of its log."""

    engine_s: float
    server_s: float
    took_s: float
    written_bytes: float


class StoreCosts(msgspec.Struct, frozen=True):
    """A database's calls by name; `skip_s`: what a claim pays more for each segment that somebody holds already;
    `sweep_engine_s` and `sweep_server_s`: what going over all active sessions costs each engine for each of them."""

    calls: dict[str, Operation]
    skip_s: float
    sweep_engine_s: float
    sweep_server_s: float


class Costs(msgspec.Struct, frozen=True):
    """Seconds are of one core. A poll costs `poll_s`, and `listed_s` more for each segment that it lists, and the proxy
    `proxied_s` without TLS (None: there was none)."""

    machine: str
    renders: list[Render]
    bytes_a_minute: float
    poll_s: float
    listed_s: float
    poll_bytes: float
    listed_bytes: float
    start_s: float
    sent_byte_s: float
    proxied_s: float | None
    sqlite: StoreCosts
    postgres: StoreCosts | None

    @property
    def store(self) -> StoreCosts:
        """That of a team, where it was measured."""
        return self.postgres or self.sqlite


class Rates(msgspec.Struct, frozen=True):
    """What one listener leads to a second, in the busiest minute of a cell."""

    listeners: int
    poll_hz: float
    start_hz: float
    claim_hz: float
    ready_hz: float
    attend_hz: float
    listed: float
    cores: float

    def calls(self) -> dict[str, float]:
        """Of the store."""
        return {"listing": self.poll_hz, "create": self.start_hz, "claim": self.claim_hz, "finish": self.ready_hz,
                "attend": self.attend_hz}  # fmt: skip


class Cell(msgspec.Struct, frozen=True):
    """What was simulated: the least cores that keep both marks, what then happens, and what it comes to a second."""

    listeners: int
    cores: int
    for_burst: int
    for_long: int
    p50_s: float
    p99_s: float
    dry_share: float
    unheard_share: float
    most_waiting: int
    rates: Rates


class Answer(msgspec.Struct, frozen=True):
    """What so many listeners need."""

    listeners: int
    cells: int
    render_cores: int
    engines: int
    postgres_servers: int
    postgres_cores: int
    reads_hz: float
    writes_hz: float
    log_mb_s: float
    connections: int
    audio_tb_a_day: float
    egress_gbit_s: float
    first_s: float
    dry_share: float


class Limit(msgspec.Struct, frozen=True):
    """A part, how many listeners it holds, and what to do when these are there."""

    part: str
    listeners: float
    then: str


class Check(msgspec.Struct, frozen=True):
    """The model beside the thing itself, and how far apart they may be, as a share of what was measured."""

    what: str
    unit: str
    measured: float
    model: float
    tolerance: float

    @property
    def ok(self) -> bool:
        """Whether the model may be believed so far."""
        return abs(self.model - self.measured) <= self.tolerance * self.measured


class Point(msgspec.Struct, frozen=True):
    """What a burst does to so many listeners with so many cores."""

    listeners: int
    cores: int
    p99_s: float
    dry_share: float


class Findings(msgspec.Struct, frozen=True):
    """All of it; the model's part can be made again from the costs."""

    costs: Costs
    checks: list[Check]
    cells: list[Cell] = []
    answers: list[Answer] = []
    limits: list[Limit] = []
    curve: list[Point] = []


def polled_share(costs: Costs, rates: Rates) -> float:
    """How much of what the database does is answering polls."""
    spent = {name: rate * costs.store.calls[name].server_s for name, rate in rates.calls().items()}
    return spent["listing"] / sum(spent.values())


def read_findings(file: Path = FILE) -> Findings:
    """What is kept; raises OSError and msgspec.ValidationError."""
    return msgspec.json.decode(file.read_bytes(), type=Findings)


def write_findings(findings: Findings, file: Path = FILE) -> None:
    """Keep them."""
    file.write_bytes(msgspec.json.format(msgspec.json.encode(findings), indent=1) + b"\n")
