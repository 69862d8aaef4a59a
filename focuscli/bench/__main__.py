"""Run one measurement by name and print its figures as a table or as JSON."""

import argparse
import importlib
import json
import sys
from typing import Any

from focuscli.bench.tables import table

BENCHES = {
    "speed": "how fast music is made, warm and from a cold interpreter",
    "seams": "whether segments of other processes fit bit for bit",
    "first_sound": "how long from the start of the program to the first sound",
    "durability": "what is lost when the engine is killed with -9 in the middle of a session",
    "chaos": "whether two engines and four workers on networks of their own lose or double anything, whatever fails",
    "race": "whether many clients that start at once get one engine, and one only",
    "bucket": "what it costs to have the audio in a bucket: loading, and signing a session's URLs",
    "skew": "whether engines of other versions are used, replaced or left in peace as they should be",
    "impostor": "whether one who took over the port of an engine that died is ever given the key",
    "urls": "whether any changed media URL is accepted, and any good one refused while the signing key changes",
    "intruder": "whether web pages, wrong names and another user of this machine get anywhere",
    "daemon": "how soon the engine answers and leaves, and how much memory it takes while idle",
    "conformance": "whether the engine does what its OpenAPI document says, asked by Schemathesis",
    "polls": "how many polls the engine answers, how fast while it renders, and what it costs to be there",
    "listeners": "whether any of 200 listeners of two cores runs dry, and how long a newcomer waits behind 1,000",
    "growth": "what 100, 10,000 and a million listeners at once need, simulated with measured costs",
    "life": "whether sessions live by the rules, whatever happens in whatever order",
    "order": "in which order a segment reaches the disk, by the engine's system calls",
    "power": "what a loss of power leaves, at any moment",
    "full_disk": "what the engine does on a disk that is full",
    "orphans": "how long until nothing is left of a client, a render process or an engine that was killed",
    "prompts": "how many prompts of a table are understood, and whether random ones stay in their goal's bounds",
    "meters": "whether loudness and true peaks are read as the standards say, and the limiter holds its ceiling",
    "crossfade": "whether anyone could hear a seam, and how other programs do on the same pairs",
    "export": "how fast strangers' segments become one file on one core, beside ffmpeg",
    "output": "whether the sound drops out under loads, beside a plain callback",
    "view": "what the live view costs alone, as a share of a core",
    "startup": "what a command costs before it answers, as a multiple of a bare Python",
    "control": "how long after a command its effect is heard",
    "recovery": "whether the sound comes back when its device does",
    "noise": "whether noise has its colour, its loudness and its width, and never comes back, beside sox",
    "soak": "whether hours of playing, with a restless listener, keep memory flat and the place exact",
    "music": "whether takes of every goal keep to what the music is meant to be",
}
"""Each is a module of this package with `measure(quick: bool) -> list[dict[str, Any]]`, or with options of its own:
`add_options(parser)` and `run(options)`, which gives the rows and a page that shows them."""


def main() -> int:
    """Dispatch; exit code 1 when a row says that it is not `ok`."""
    parser = argparse.ArgumentParser(prog="python -m focuscli.bench", description=__doc__)
    parser.add_argument("name", choices=BENCHES, help="; ".join(f"{k}: {v}" for k, v in BENCHES.items()))
    parser.add_argument("--json", action="store_true", help="one JSON array instead of a table")
    parser.add_argument("--quick", action="store_true", help="less of everything")
    named = next((word for word in sys.argv[1:] if word in BENCHES), "")
    bench: Any = importlib.import_module(f"focuscli.bench.{named}" if named else "focuscli.bench")
    if hasattr(bench, "add_options"):
        bench.add_options(parser)
    options = parser.parse_args()
    if hasattr(bench, "run"):
        rows, page = bench.run(options)
    else:
        rows = bench.measure(options.quick)
        page = table(rows)
    print(json.dumps(rows, indent=2) if options.json else page)
    return 0 if all(row.get("ok", True) for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
