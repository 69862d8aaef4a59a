"""`focus report`: what a session sounds like, in figures and pictures."""

import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from focuscli.assemble import client_or_absent, launch
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, note, say
from focuscli.errors import UsageError

if TYPE_CHECKING:
    from focuscli.report.figures import Portrait, Report

app = typer.Typer(**PLAIN)

_LABEL = 12


@app.command(cls=Verb)
def report(
    ctx: typer.Context,
    session: Annotated[str | None, typer.Argument(metavar="SESSION", help="Its id.", show_default="the newest")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page with pictures.")] = None,
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Write one picture.")] = None,
) -> None:
    """Show what a session sounds like: loudness, seams, stages, what changes and why, dropouts.

    \b
    Examples:
      focus report
      focus report --html night.html
      focus report --json | jq '.segments[] | [.starts_s, .change]'

    It hears what is ready, as fast as it can, and waits for no more. The page is one file that needs nothing else.
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    with ExitStack() as stack:
        client = client_or_absent(around, launch(around), stack, note, session)
        session_id = session or client.newest_active()
        from focuscli.commands.reporting import make_report

        made = make_report(around, client, session_id, stack)
    written = _write(made, html, png)
    if asked.json:
        document(made.document())
        return
    from focuscli.view.terminal import decide

    for line in lines_of(made, shutil.get_terminal_size().columns, ascii=decide(sys.stdout, around.environment).ascii):
        say(line)
    for file in written:
        note(f"written: {file}")


def _write(made: "Report", html: Path | None, png: Path | None) -> list[Path]:
    """The files that are wanted; raises UsageError where one cannot be written."""
    from focuscli.report.page import page
    from focuscli.report.raster import raster

    wanted = [(html, page(made).encode() if html else b""), (png, raster(made) if png else b"")]
    for file, content in wanted:
        try:
            if file is not None:
                file.write_bytes(content)
        except OSError as exc:
            raise UsageError(f"the report cannot be written to {file}: {exc.strerror or exc}") from exc
    return [file for file, _ in wanted if file is not None]


def lines_of(made: "Report", columns: int, *, ascii: bool) -> list[str]:  # noqa: A002
    """The report for people, a thing a line."""
    from focuscli.plain_text import printable
    from focuscli.report.scale import loudness_range, moment_text
    from focuscli.report.sparkline import sparkline

    session, hearing = made.session, made.hearing
    short = made.loudness("short_term")
    low, high = loudness_range([value for value in short if value is not None])
    width = max(10, min(100, columns - _LABEL - 1))
    peak = max((portrait.heard.true_peak_db for portrait in made.portraits), default=float("-inf"))
    lines = [
        ("session", f"{session.session_id}, {session.goal.value}, {session.target_minutes} minutes"),
        ("heard", f"{moment_text(hearing.seconds)}, {len(made.portraits)} of {session.total_segments} segments"),
        ("loudness", sparkline(short, width, low, high, ascii=ascii)),
        ("", f"{low:.0f} to {high:.0f} LUFS; all of it {hearing.loudness_lufs:.1f}, true peak {peak:.1f} dBTP"),
        ("stages", ", ".join(f"{stage.name} from {moment_text(stage.starts_s)}" for stage in made.stages) or "unknown"),
        *((f"segment {one.heard.segment_index + 1}", _portrait(one)) for one in made.portraits),
        *((f"left out {index + 1}", reason) for index, reason in made.skipped),
        ("seams", ", ".join(_seam(seam.starts_s, seam.step_lu) for seam in made.seams) or "none"),
        ("dropouts", ", ".join(f"{one.ms:.0f} ms at {moment_text(one.position_s)}" for one in made.dropouts) or "none"),
    ]
    return [f"{label:{_LABEL}}{printable(what) if label != 'loudness' else what}" for label, what in lines]


def _seam(starts_s: float, step_lu: float | None) -> str:
    from focuscli.report.scale import moment_text

    return moment_text(starts_s) + ("" if step_lu is None else f" ({step_lu:+.1f} LU)")


def _portrait(one: "Portrait") -> str:
    from focuscli.report.scale import moment_text

    figures = (
        f"from {moment_text(one.heard.starts_s)}: {one.loudness_lufs:.1f} LUFS, {one.brightness_hz:.0f} Hz, "
        f"{one.onsets_per_s:.1f} onsets/s, {' '.join(one.note_names)}"
    )
    why = f" ({one.reason})" if one.reason else ""
    return figures + (f"; {one.change}{why}" if one.change else "")
