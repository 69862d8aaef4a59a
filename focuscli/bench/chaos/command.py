"""The command: whether there can be a field here, what is to happen in it, and the page that shows what came of it.

python -m focuscli.bench chaos                  # a quarter of an hour, as root on Linux
python -m focuscli.bench chaos --without-fence  # can it fail?
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from focuscli.bench.chaos.field import ENTRY, missing
from focuscli.bench.dask_cluster import PYTHONPATH
from focuscli.bench.tables import table

LEASE_S, QUICK_LEASE_S = 3.0, 2.0
GAP_S, QUICK_GAP_S = 4.6, 1.2
SEGMENT_S = 5
MINUTES = 1
RENDER_S = 2.0
LISTENERS, QUICK_LISTENERS = 6, 4


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
    return missing()


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """The rows of a run, and the page; progress goes to standard error."""
    reason = impossible()
    if reason:
        raise SystemExit(f"chaos needs root on Linux, Postgres and Dask: {reason}")
    told = {
        "seed": options.seed,
        "quick": options.quick,
        "lease_s": options.lease or (QUICK_LEASE_S if options.quick else LEASE_S),
        "gap_s": options.gap or (QUICK_GAP_S if options.quick else GAP_S),
        "listeners": QUICK_LISTENERS if options.quick else LISTENERS,
        "segment_s": SEGMENT_S,
        "minutes": MINUTES,
        "render_s": RENDER_S,
        "keep": str(Path(options.keep).resolve()) if options.keep else "",
        "mutant": "without-fence" if options.without_fence else "",
    }
    words = [*ENTRY, sys.executable, "-m", "focuscli.bench.chaos.inside"]
    done = subprocess.run(words, input=json.dumps(told), stdout=subprocess.PIPE, text=True, cwd=PYTHONPATH, check=False)
    if done.returncode:
        raise SystemExit(f"the run broke off with {done.returncode}")
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows, table(rows)
