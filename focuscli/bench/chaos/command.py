"""The command: whether there can be a field here, what is to happen in it, and the page that shows what came of it.

python -m focuscli.bench chaos                  # a quarter of an hour, as root on Linux
python -m focuscli.bench chaos --without-fence  # can it fail?
"""

import argparse
import json
import shutil
import subprocess
import sys
from typing import Any

from focuscli.bench.chaos.field import ENTRY, missing
from focuscli.bench.chaos.plan import Plan
from focuscli.bench.dask_cluster import PYTHONPATH
from focuscli.bench.tables import table


def add_options(parser: argparse.ArgumentParser) -> None:
    """What happens in which order, and to which engines."""
    parser.add_argument("--seed", type=int, default=1, help="of the faults")
    parser.add_argument("--lease", type=float, default=None, metavar="SECONDS", help="of the engines")
    parser.add_argument("--gap", type=float, default=None, metavar="SECONDS", help="between two faults, on average")
    parser.add_argument("--keep", default="", metavar="FOLDER", help="where logs and all that was seen are to be kept")
    parser.add_argument("--without-fence", action="store_true", help="engines that commit whatever was overtaken")


def impossible() -> str | None:
    """Why it cannot be done here; None where it can."""
    from focuscli.bench.cluster import CannotStart, programs

    try:
        import distributed  # noqa: F401
        import psycopg  # noqa: F401

        programs()
    except ImportError as exc:
        return f"{exc}: pip install 'focus-sessions[team]'"
    except CannotStart as exc:
        return str(exc)
    return missing() if shutil.which("openssl") else "openssl is not installed"


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """The rows of a run, and the page; progress goes to standard error."""
    reason = impossible()
    if reason:
        raise SystemExit(f"chaos needs root on Linux, Postgres and Dask: {reason}")
    plan = Plan.of(options).to_json()
    words = [*ENTRY, sys.executable, "-m", "focuscli.bench.chaos.inside"]
    done = subprocess.run(words, input=plan, stdout=subprocess.PIPE, text=True, cwd=PYTHONPATH, check=False)
    if done.returncode:
        raise SystemExit(f"the run broke off with {done.returncode}")
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows, table(rows)
