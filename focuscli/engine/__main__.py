"""`python -m focuscli.engine --auto`: how a client starts the engine that it needs."""

import os
import sys


def main(arguments: list[str]) -> int:
    """Serve until nobody needs it; returns the exit code. `--auto`: log to a file, leave when idle."""
    from focuscli.engine.serve import serve
    from focuscli.errors import FocusError
    from focuscli.hello import REFUSED
    from focuscli.paths import Paths
    from focuscli.plain_text import printable_lines
    from focuscli.settings import Settings

    auto_started = "--auto" in arguments
    paths = Paths.find()
    try:
        settings = Settings.load(
            file=None if os.environ.get("FOCUS_NO_CONFIG") else paths.config_file, environment=os.environ
        )
        serve(settings, paths, auto_started=auto_started)
    except FocusError as exc:
        sys.stderr.write(printable_lines(f"{REFUSED}{exc.message}\n{exc.hint}\n"))
        return exc.exit_code
    return 0


if __name__ == "__main__":  # render processes import this file too, under another name
    sys.exit(main(sys.argv[1:]))
