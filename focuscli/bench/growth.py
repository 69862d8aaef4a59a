"""How the engine grows: what 100, 10,000 and a million listeners at once need, and which part is full first.

    python -m focuscli.bench growth            # with costs that are measured now (on Linux)
    python -m focuscli.bench growth --kept     # with those of focus-growth(7): its tables again

The costs are measured (`growth_costs`); listeners, queue and renderers are simulated event by event (`growth_model`),
half of the listeners beginning at nine o'clock; what all cells share is computed by formulas of queues
(`growth_answers`); and the model stands beside the engine itself (`growth_check`).
"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec.structs import asdict, replace

from focuscli.bench.growth_answers import CELL, DRY_SHARE, WAIT_S, answer, curve, limits, meet, solve
from focuscli.bench.growth_facts import Answer, Cell, Check, Costs, Findings, read_findings, write_findings
from focuscli.bench.tables import table

LISTENERS = (100, 10_000, 1_000_000)
SETTLED = 0.1
"""From the second largest cell to the largest, the cores of a listener change by no more than this share."""

PICTURE = Path(__file__).parents[2] / ".github" / "growth.svg"


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--listeners", type=int, nargs="+", default=LISTENERS, metavar="N", help="at once")
    parser.add_argument("--cores", type=int, nargs="+", default=(), metavar="N", help="what becomes of each with these")
    parser.add_argument(
        "--kept", action="store_true", help="the costs that are kept in growth.json: nothing is measured"
    )
    parser.add_argument("--write", action="store_true", help="keep what is found there, and draw .github/growth.svg")


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """The rows, and a page of tables."""
    findings = found(kept() if options.kept else measured(quick=options.quick), options.listeners, quick=options.quick)
    if options.write:
        from focuscli.bench.growth_picture import picture

        write_findings(findings)
        PICTURE.write_text(picture(findings), encoding="utf-8")
    given = [meet(findings.costs, one, cores) for one in options.listeners if one <= CELL for cores in options.cores]
    asked = [{"row": "given", **asdict(point)} for point in given]
    return [*rows(findings), *asked], page(findings) + (f"\n\nwith these cores\n\n{table(asked)}" if asked else "")


def kept() -> Findings:
    """The costs and the checks of the last `--write`."""
    return read_findings()


def measured(*, quick: bool) -> Findings:
    """Costs, and the model beside the engine, as they are here and now."""
    from focuscli.bench.growth_check import check_burst, check_threshold
    from focuscli.bench.growth_costs import measure_costs

    costs = measure_costs(quick=quick)
    checks = [check_threshold(costs, slower=20.0 if quick else 1.0)]
    return Findings(costs, checks if quick else [*check_burst(costs), *checks])


def found(told: Findings, listeners: tuple[int, ...], *, quick: bool) -> Findings:
    """What the model says of the costs."""
    sizes = (100, 1_000, 2_000) if quick else (100, 1_000, CELL)
    cells = {count: solve(told.costs, count) for count in sizes}
    at = [(count, cells[max(one for one in cells if one <= max(count, 100))]) for count in listeners]
    return replace(
        told,
        cells=list(cells.values()),
        answers=[answer(told.costs, cell, count) for count, cell in at],
        limits=limits(told.costs, cells[sizes[-1]].rates),
        curve=curve(told.costs, sizes[1]),
    )


def settled(cells: list[Cell]) -> Check:
    """Whether a listener of the largest cell costs what one of a smaller cell does."""
    small, large = cells[-2:]
    what = f"cores that a burst needs for 1,000 listeners, in cells of {small.listeners} and of {large.listeners}"
    smaller, larger = (1000.0 * cell.for_burst / cell.listeners for cell in (small, large))
    return Check(what, "cores", larger, smaller, SETTLED)


def rows(findings: Findings) -> Iterator[dict[str, Any]]:
    """Everything, one thing a row; only checks can fail."""
    for check in (*findings.checks, settled(findings.cells)):
        yield {"row": "check", **asdict(check), "ok": check.ok}
    for cell in findings.cells:
        kept_marks = cell.p99_s <= WAIT_S and cell.dry_share <= DRY_SHARE
        yield {"row": "cell", **asdict(cell), "rates": asdict(cell.rates), "ok": kept_marks}
    for one in findings.answers:
        yield {"row": "answer", **asdict(one)}
    for limit in findings.limits:
        yield {"row": "limit", **asdict(limit)}


def page(findings: Findings) -> str:
    """All tables, one under the other."""
    parts = [f"measured: {findings.costs.machine}", table(cost_rows(findings.costs)), "simulated",
             table(cell_rows(findings.cells)), "needed", table(answer_rows(findings.answers)), "full first",
             table([{"listeners": _short(limit.listeners), "part": limit.part} for limit in findings.limits]),
             "the model beside the engine", table(check_rows([*findings.checks, settled(findings.cells)]))]  # fmt: skip
    return "\n\n".join(parts)


def cost_rows(costs: Costs) -> list[dict[str, Any]]:
    """What was measured, in words."""
    whole, first = ([getattr(one, name) for one in costs.renders] for name in ("other_s", "first_s"))
    told = [
        ("two minutes of music rendered into a file", f"{_mean(whole):.2f} s ({min(whole):.2f} to {max(whole):.2f})"),
        ("the first nine and a half seconds of a session", f"{_mean(first):.2f} s"),
        ("bytes of a minute", f"{costs.bytes_a_minute / 1e6:.1f} MB"),
        ("a poll, and for each segment that it lists", f"{1e6 * costs.poll_s:.0f} and {1e6 * costs.listed_s:.1f} us"),
        ("the same in the proxy", f"{1e6 * (costs.proxied_s or 0.0):.0f} us" if costs.proxied_s else "not measured"),
        ("a start", f"{1e3 * costs.start_s:.1f} ms"),
        ("sending a minute from the engine", f"{1e3 * costs.sent_byte_s * costs.bytes_a_minute:.0f} ms"),
    ]
    for name, store in (("SQLite", costs.sqlite), ("Postgres", costs.postgres)):
        for call, cost in store.calls.items() if store else ():
            spent = f"{1e6 * cost.engine_s:.0f} + {1e6 * cost.server_s:.0f} us, {1e3 * cost.took_s:.1f} ms"
            told.append((f"{call} on {name}: engine + server, wall", spent))
        if store:
            told.append((f"a sweep on {name}, for each session", f"{1e6 * store.sweep_engine_s:.0f} us"))
    return [{"what": what, "cost": cost} for what, cost in told]


def cell_rows(cells: list[Cell]) -> list[dict[str, Any]]:
    """What was simulated."""
    return [
        {
            "listeners": _short(cell.listeners),
            "cores": cell.cores,
            "burst": cell.for_burst,
            "long run": cell.for_long,
            "p50": f"{cell.p50_s:.2f} s",
            "p99": f"{cell.p99_s:.2f} s",
            "dry": f"{100 * cell.dry_share:.4f} %",
            "queue": cell.most_waiting,
            "unheard": f"{100 * cell.unheard_share:.0f} %",
        }
        for cell in cells
    ]


def answer_rows(answers: list[Answer]) -> list[dict[str, Any]]:
    """What is needed, one thing a row and one column a number of listeners."""
    told: dict[str, Callable[[Answer], str]] = {
        "cores that render": lambda one: f"{one.render_cores:,}",
        "engine processes": lambda one: f"{one.engines:,}",
        "Postgres servers": lambda one: f"{one.postgres_servers:,}",
        "cores of Postgres in all": lambda one: f"{one.postgres_cores:,}",
        "reads a second": lambda one: f"{one.reads_hz:,.0f}",
        "writes a second": lambda one: f"{one.writes_hz:,.0f}",
        "connections to each Postgres": lambda one: f"{one.connections:,}",
        "its log in all, MB/s": lambda one: f"{one.log_mb_s:.2f}",
        "audio kept for a day, TB": lambda one: f"{one.audio_tb_a_day:,.1f}",
        "egress, Gbit/s": lambda one: f"{one.egress_gbit_s:,.2f}",
    }
    return [{"": what, **{_short(one.listeners): show(one) for one in answers}} for what, show in told.items()]


def check_rows(checks: list[Check]) -> list[dict[str, Any]]:
    """The model beside what it is a model of."""
    return [
        {
            "measured": f"{one.measured:.4g} {one.unit}",
            "model": f"{one.model:.4g}",
            "off": f"{100 * (one.model / one.measured - 1):+.0f} %",
            "may": f"{100 * one.tolerance:.0f} %",
            "what": one.what,
        }
        for one in checks
    ]


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def _short(count: float) -> str:
    return f"{float(f'{count:.2g}'):,.0f}"
