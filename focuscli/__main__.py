"""The door: the quickest commands are answered before the rest of the program is loaded."""

import sys


def main() -> int:
    """Run the command line of this process; returns its exit code."""
    argv = sys.argv[1:]
    from focuscli.commands.glance import glance

    code = glance(argv)
    if code is not None:
        return code
    from focuscli.main import run

    return run(argv)


if __name__ == "__main__":
    sys.exit(main())
