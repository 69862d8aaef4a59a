"""Does the engine do what its OpenAPI document says? Schemathesis asks, with sense and without, alone and in chains.

    python -m focuscli.bench conformance --cases 5000

The engine listens on a port and makes its segments at once, without music. All of Schemathesis' checks are on; what is
taken out is said in `conformance_hooks` and below. Needs the packages of the group `test`.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from focuscli.bench.instant_engine import KEY, ORGANIZATION, instant_engine
from focuscli.bench.tables import table
from focuscli.engine.generators import DEFAULT_KEY
from focuscli.engine.openapi import document

CASES = 5000
ALONE = ("coverage", "fuzzing")
_CHAINED_SHARE = 0.2
"""Of the cases: those in chains, where one call's answer goes into the next call."""
_FEWEST_LINKS = 8
"""So many at least are followed, from what made something to what uses it: chains without any would say nothing."""
_CASES_AN_EXAMPLE = {True: 12, False: 7}
"""What one more example of each operation, or one more chain, adds to a run, roughly."""
_LINKS = re.compile(r"API Links: +([0-9]+) covered / ([0-9]+) selected")

_CONFIG = """
[checks]
# a Host header that is made up is refused before anything else is looked at (RFC 9110, 15.5.20)
negative_data_rejection.expected-statuses = ["400", "401", "403", "404", "405", "413", "421", "422", "429", "5xx"]

[[operations]]
include-operation-id = "stopEmoggSession"
# that API answers 400 to whoever stops what is over
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "403", "404", "429", "5xx"]
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """How much."""
    parser.add_argument("--cases", type=int, default=CASES, help=f"at least so many ({CASES})")
    parser.add_argument("--seed", type=int, default=1, help="of what is asked (1)")


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """A row for calls alone and one for chains of them; the page shows what was found."""
    with tempfile.TemporaryDirectory(prefix="focus-conformance-") as name, instant_engine(Path(name)) as engine:
        there = Schemathesis(Path(name), engine.url, options.seed)
        if options.quick:
            found = [there.ask(("fuzzing",), 0), there.ask(("stateful",), 0)]
        else:
            chained = round(options.cases * _CHAINED_SHARE)
            found = [there.ask(ALONE, options.cases - chained), there.ask(("stateful",), chained)]
    rows = [row for row, _ in found]
    return rows, "\n\n".join([table(rows), *(words for _, said in found for words in said)])


class Schemathesis:
    """Asks one engine."""

    def __init__(self, folder: Path, url: str, seed: int) -> None:
        """`folder` is for its files."""
        self._folder, self._url, self._seed = folder, url, seed

    def ask(self, phases: tuple[str, ...], cases: int) -> tuple[dict[str, Any], list[str]]:
        """At least so many cases; returns the figures, and Schemathesis' own words on each run that failed.

        `links`: how many of the document's links, and of those that Schemathesis sees besides, were followed, at best.
        """
        tried, findings, rounds, links = 0, 0, 0, (0, 0)
        words: list[str] = []
        alone = phases != ("stateful",)
        while rounds == 0 or tried < cases:
            examples = max(2, (cases - tried) // _CASES_AN_EXAMPLE[alone])
            report, said = self._run(phases, self._seed + rounds, examples)
            tried += report["test_cases"]["generated"]
            findings += report["test_cases"]["unique_failures"] + len(report["errors"])
            words += [said] if report["exit_code"] else []
            rounds += 1
            if followed := _LINKS.search(said):
                links = max(links, (int(followed[1]), int(followed[2])))
        row = {
            "phases": " ".join(phases),
            "cases": tried,
            "runs": rounds,
            "operations": report["operations"]["tested"],
            "links": "" if alone else f"{links[0]} of {links[1]}",
            "findings": findings,
            "ok": findings == 0 and not words and (alone or links[0] >= (_FEWEST_LINKS if cases else 1)),
        }
        return row, words

    def _run(self, phases: tuple[str, ...], seed: int, examples: int) -> tuple[dict[str, Any], str]:
        """One run; returns its report, and what it wrote."""
        names = ("schemathesis.toml", "openapi.json", "report.json")
        config, spec, report = (self._folder / name for name in names)
        config.write_text(_CONFIG, encoding="utf-8")
        of_this_engine = _of_this_engine(document())
        spec.write_text(
            json.dumps(_at_home(of_this_engine) if phases == ("stateful",) else of_this_engine), encoding="utf-8"
        )
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", str(spec),
                   "--url", self._url, "-H", f"X-API-Key: {KEY}", "--phases", ",".join(phases), "--checks", "all",
                   "-n", str(examples), "--seed", str(seed), "--exclude-operation-id", "stopEngine",
                   "--continue-on-failure", "--no-color",
                   "--report", "json", "--report-json-path", str(report)]  # fmt: skip
        places = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")]))
        environment = {**os.environ, "PYTHONPATH": places, "SCHEMATHESIS_HOOKS": "focuscli.bench.conformance_hooks"}
        done = subprocess.run(command, cwd=self._folder, env=environment, capture_output=True, text=True, check=False)
        if not report.exists():
            raise SystemExit(f"schemathesis did not run:\n{done.stdout}{done.stderr}")
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        report.unlink()
        return found, done.stdout


def _of_this_engine(spec: dict[str, Any]) -> dict[str, Any]:
    """The document with the organization and the generators that this engine has."""
    for operations in spec["paths"].values():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                if parameter["name"] == "organization_id":
                    parameter["schema"] = {"type": "string", "enum": [ORGANIZATION]}
    for body in ("StartBody", "PromptStartBody"):
        spec["components"]["schemas"][body]["properties"]["engine"] = {"enum": [DEFAULT_KEY, "noise", None]}
    return spec


def _at_home(spec: dict[str, Any]) -> dict[str, Any]:
    """The document with the organization written into its paths.

    A chain begins with a call that needs nothing of another one, and to Schemathesis one with a parameter in its path
    does: sessions would never be started.
    """
    home = {path.replace("{organization_id}", ORGANIZATION): operations for path, operations in spec["paths"].items()}
    for operations in home.values():
        for operation in operations.values():
            operation["parameters"] = [one for one in operation["parameters"] if one["name"] != "organization_id"]
    return {**spec, "paths": home}
