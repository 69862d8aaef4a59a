"""The program: its verbs, each loaded when it is asked for, and the one place where an error ends."""

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from focuscli.commands.failure import json_wanted, show_error
from focuscli.commands.invocation import PLAIN, Verbs
from focuscli.errors import ExitCode, FocusError, LimitReached, UsageError
from focuscli.plain_text import printable
from focuscli.version import __version__

VERBS: dict[str, tuple[str, str]] = {
    "start": ("start", "Start a session."),
    "watch": ("watch", "Listen to a session, live."),
    "status": ("status", "Show how a session stands; exit code 3 when nothing is running."),
    "show": ("show", "Show everything that is known of a session, segment by segment."),
    "end": ("end", "End a session; what is ready of it stays playable."),
    "list": ("listing", "List the sessions, newest first."),
    "pause": ("pause", "Pause the sound of the player that is playing."),
    "resume": ("resume", "Let a paused player go on."),
    "next": ("next", "Cross over into the next segment."),
    "previous": ("previous", "Cross over to the beginning of this segment, or into the one before."),
    "seek": ("seek", "Cross over to another moment of the session."),
    "volume": ("volume", "Turn the volume of the player that is playing, or tell it."),
    "mute": ("mute", "Silence the player that is playing, or let it sound again; it plays on meanwhile."),
    "sleep": ("sleep", "Let the player that is playing fall silent by then, and leave."),
    "export": ("export", "Write a whole session into a file, or to stdout."),
    "report": ("report", "Show what a session sounds like: loudness, seams, stages, what changes and why, dropouts."),
    "promote": ("promote", "Keep a ready segment for good, as a track."),
    "tracks": ("tracks", "List the tracks that were kept, newest first; show or delete one."),
    "engines": ("engines", "List the music generators, and what their music may be used for."),
    "usage": ("usage", "Show what was made and spent today, this week and this month, and the caps."),
    "devices": ("devices", "List the output devices; exit code 8 when there is none."),
    "engine": ("engine", "See, start and stop the engine of this machine."),
    "config": ("config", "See and change the settings."),
    "auth": ("auth", "Sign in to a remote engine, and see how that stands."),
    "doctor": ("doctor", "Check everything that sound needs, and say how to mend it."),
    "help": ("helping", "Explain a topic, or a command."),
    "completion": ("completion", "Print the completion script of a shell."),
    "version": ("version", "Show the versions of this program and of the running engine."),
}
"""Every verb: the module that holds it, and what it does, so that `--help` need not load any."""

SHORT_HELP = """\
Endless music for working, resting, sleeping and moving.

  focus start --watch                      music to focus, for an hour, now
  focus start --goal sleep --minutes 90    a session for the night; then: focus watch

Commands: start  watch  status  end  export  list
All of them: focus --help   Topics: focus help
"""


class Program(Verbs):
    """The verbs of the table."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # the base class has it
        """All verbs, the most used first."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The verb, its module loaded now."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"focuscli.commands.{VERBS[cmd_name][0]}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The verb that is meant; raises UsageError that names the nearest ones."""
        if args[0] not in VERBS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], VERBS)
            hint = f"did you mean: focus {' or '.join(near)}" if near else "all commands: focus --help"
            raise UsageError(f"there is no command {printable(args[0])!r}", hint=hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """The list of all verbs, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in VERBS.items()])


app = typer.Typer(**PLAIN, cls=Program)


@app.callback(invoke_without_command=True)
def focus(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
) -> None:
    """Endless music for working, resting, sleeping and moving.

    \b
    Examples:
      focus start --watch
      focus start --goal sleep --minutes 90
    """
    if version:
        sys.stdout.write(f"focus {__version__}\n")
        raise typer.Exit(ExitCode.OK)
    if ctx.invoked_subcommand is None:
        sys.stdout.write(SHORT_HELP)


def run(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code; every error ends here."""
    as_json = json_wanted(argv)
    try:
        code = _invoke(argv)
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_the_pipe()
        return ExitCode.OK
    except FocusError as error:
        return _show(error, as_json=as_json)
    except typer.TyperException as error:
        return _show(_usage(error), as_json=as_json)
    except (KeyboardInterrupt, typer.Abort) as leaving:
        from focuscli.commands.streaming import exit_code_of

        return exit_code_of(leaving)
    except Exception as error:  # noqa: BLE001  # the last place that can say something useful
        return _show(_full_or_forbidden(error) or _unforeseen(error), as_json=as_json)
    return code


def _invoke(argv: Sequence[str]) -> int:
    """Typer's own `main` would turn a closed pipe and Ctrl-C into exit codes of its choosing."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("focus", list(argv)) as ctx:
            command.invoke(ctx)
    except typer.Exit as leaving:
        return leaving.exit_code
    return ExitCode.OK


def _show(error: FocusError, *, as_json: bool) -> int:
    show_error(
        error.code,
        error.message,
        error.hint,
        error.exit_code,
        request_id=error.request_id,
        retry_after_s=error.retry_after_s if isinstance(error, LimitReached) else None,
        as_json=as_json,
    )
    return error.exit_code


def _usage(error: typer.TyperException) -> UsageError:
    context = getattr(error, "ctx", None)
    return UsageError(
        printable(error.format_message()), hint=f"see: {context.command_path if context else 'focus'} --help"
    )


def _full_or_forbidden(error: Exception) -> FocusError | None:
    """What a disk or its owner does not allow is nobody's mistake in here; None for anything else."""
    if not isinstance(error, OSError):
        return None
    from focuscli.commands.storage import unwritable

    return unwritable(error, os.environ)


def _unforeseen(error: Exception) -> FocusError:
    """Keep the traceback where it can be asked for, and tell people where that is."""
    import logging
    import traceback

    from focuscli.logs import log_to
    from focuscli.paths import Paths

    if os.environ.get("FOCUS_DEBUG"):
        traceback.print_exception(error)
    file = Paths.find(os.environ).client_log
    try:
        log_to(file)
        logging.getLogger(__name__).error("unforeseen", exc_info=error)
        logging.shutdown()
        where = f"details: {file}"
    except OSError as unwritable:
        where = f"details could not be kept: {unwritable}"
    said = printable(f"{type(error).__name__}: {error}")
    return FocusError(f"something went wrong that should not have ({said})", hint=f"{where}\ncheck with: focus doctor")


def _leave_the_pipe() -> None:
    """Whoever read our output has left; the interpreter's own flush at exit must not complain either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
