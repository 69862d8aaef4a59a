"""How an error is shown: to people what, why and what to do; to scripts one line of JSON.

Light on purpose: the quickest look shows its own "nothing is running" with it.
"""

import json
import sys
from collections.abc import Sequence

from focuscli.plain_text import printable_lines


def json_wanted(argv: Sequence[str]) -> bool:
    """Whether `--json` or `--fields` stands among the options; a usage error arises before options are understood."""
    options = argv[: argv.index("--")] if "--" in argv else argv
    return any(word == "--json" or word.startswith("--fields") for word in options)


def show_error(
    code: str,
    message: str,
    hint: str,
    exit_code: int,
    *,
    request_id: str | None = None,
    retry_after_s: float | None = None,
    as_json: bool,
) -> None:
    """Write the error to stderr; stdout stays as it is."""
    if as_json:
        fields = {"code": code, "message": message, "hint": hint, "exit_code": exit_code, "request_id": request_id}
        fields["retry_after_s"] = retry_after_s
        sys.stderr.write(json.dumps({"error": fields}, separators=(",", ":")) + "\n")
        return
    request = f" ({request_id})" if request_id else ""
    lines = [f"focus: {message}{request}", *(f"  {line.strip()}" for line in hint.splitlines())]
    sys.stderr.write(printable_lines("\n".join(lines)) + "\n")
