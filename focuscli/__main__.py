"""The door: the quickest commands are answered before the rest of the program is loaded."""

import gc
import sys


def main() -> int:
    """Run the command line of this process; returns its exit code."""
    gc.set_threshold(50_000)  # what is imported is no garbage, and looking for it there is a seventh of the start-up
    sys.modules["httpx._main"] = None  # type: ignore[assignment]  # its own command line: a third of its import
    argv = sys.argv[1:]
    if argv[:1] == ["__complete"]:
        from focuscli.completion.candidates import complete

        return complete(argv[1:])
    from focuscli.commands.glance import glance

    code = glance(argv)
    if code is not None:
        return code
    from focuscli.main import run

    try:
        return run(argv)
    finally:
        gc.freeze()  # else Python looks through all that was loaded once more before it leaves: a fifth of a second


if __name__ == "__main__":
    sys.exit(main())
