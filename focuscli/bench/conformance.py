"""Does the engine do what its OpenAPI document says? Schemathesis asks, with sense and without, alone and in chains.

    python -m focuscli.bench conformance --cases 5000

The engine listens on a port and makes its segments at once, without music. All of Schemathesis' checks are on; what is
taken out is said in `conformance_hooks` and below. Needs the packages of the group `test`.
"""

import argparse
import json
import os
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
PHASES = ("coverage", "fuzzing", "stateful")
_CASES_AN_EXAMPLE = 12
"""What one more example of each operation adds to a run, roughly."""

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
    """One row; the page shows what was found."""
    cases, phases = (0, PHASES[1:]) if options.quick else (options.cases, PHASES)
    row, findings = conformance(cases, options.seed, phases)
    return [row], "\n\n".join([table([row]), *findings])


def conformance(cases: int, seed: int, phases: tuple[str, ...] = PHASES) -> tuple[dict[str, Any], list[str]]:
    """Ask until so many cases were tried; returns the figures, and Schemathesis' own words on each run that failed."""
    tried, findings, rounds = 0, 0, 0
    words: list[str] = []
    with tempfile.TemporaryDirectory(prefix="focus-conformance-") as folder, instant_engine(Path(folder)) as engine:
        while rounds == 0 or tried < cases:
            examples = max(2, (cases - tried) // _CASES_AN_EXAMPLE)
            report, said = _schemathesis(Path(folder), engine.url, seed + rounds, examples, phases)
            tried += report["test_cases"]["generated"]
            findings += report["test_cases"]["unique_failures"] + len(report["errors"])
            words += [said] if report["exit_code"] else []
            rounds += 1
    row = {
        "cases": tried,
        "runs": rounds,
        "operations": report["operations"]["tested"],
        "phases": " ".join(phases),
        "findings": findings,
        "ok": findings == 0 and not words,
    }
    return row, words


def _schemathesis(
    folder: Path, url: str, seed: int, examples: int, phases: tuple[str, ...]
) -> tuple[dict[str, Any], str]:
    """One run; returns its report, and what it wrote."""
    config, spec, report = folder / "schemathesis.toml", folder / "openapi.json", folder / "report.json"
    config.write_text(_CONFIG, encoding="utf-8")
    spec.write_text(json.dumps(_of_this_engine(document())), encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run", str(spec), "--url", url,
               "-H", f"X-API-Key: {KEY}", "--phases", ",".join(phases), "--checks", "all", "-n", str(examples),
               "--seed", str(seed), "--exclude-operation-id", "stopEngine", "--continue-on-failure", "--no-color",
               "--report", "json", "--report-json-path", str(report)]  # fmt: skip
    places = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": places, "SCHEMATHESIS_HOOKS": "focuscli.bench.conformance_hooks"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
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
