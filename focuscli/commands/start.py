"""`focus start`: a session begins, and the engine makes it ahead of the listener."""

import math
from contextlib import ExitStack
from typing import Annotated

import typer

from focuscli.assemble import Surroundings, launch, load_player_meanwhile, ready_client
from focuscli.client.api import EngineClient, Report, Wish
from focuscli.commands import durations
from focuscli.commands.invocation import PLAIN, Invocation, Verb
from focuscli.commands.output import document, note, say
from focuscli.commands.standing import word
from focuscli.commands.waiting import wait_until_ready
from focuscli.completion.seen import keep
from focuscli.errors import NothingRunning, UsageError
from focuscli.model import MAX_PROMPT_CHARACTERS, Goal, Intensity, Modulation

app = typer.Typer(**PLAIN)


def _divergence(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0.0 <= share <= 1.0:  # also refuses NaN
        raise typer.BadParameter(f"{text!r} is not a number from 0 to 1")
    return share


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise typer.BadParameter(f"{text!r} is not a whole number, 0 or more")
    return int(text)


@app.command(cls=Verb)
def start(
    ctx: typer.Context,
    goal: Annotated[Goal | None, typer.Option(help="What the music is for.")] = None,
    minutes: Annotated[
        int | None,
        typer.Option("--minutes", "--for", parser=durations.minutes, metavar="N", help="How long: 90, 90m or 1h30m."),
    ] = None,
    until: Annotated[
        int | None, typer.Option(parser=durations.until, metavar="HH:MM", help="Or until when, by the clock here.")
    ] = None,
    prompt: Annotated[str | None, typer.Option(metavar="TEXT", help="The music in words; means custom_prompt.")] = None,
    intensity: Annotated[Intensity | None, typer.Option(help="How much of it.")] = None,
    divergence: Annotated[
        float | None,
        typer.Option(parser=_divergence, metavar="0..1", help="How varied: 0 very similar, 1 highly varied."),
    ] = None,
    engine: Annotated[str | None, typer.Option(metavar="KEY", help="The music generator to use.")] = None,
    seed: Annotated[
        int | None, typer.Option(parser=_seed, metavar="N", help="The same seed gives the same music.")
    ] = None,
    modulation: Annotated[
        Modulation | None, typer.Option(help="How deep it dips 16 times a second.", show_default="the goal's own")
    ] = None,
    lease: Annotated[
        int | None,
        typer.Option(metavar="TIME", parser=durations.lease, help="End it when nobody asks for it so long: 5m, 90s."),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Listen to it at once.")] = False,
    no_audio: Annotated[bool, typer.Option("--no-audio", help="With --watch: silently, at the same pace.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until all of it is ready.")] = False,
    if_none: Annotated[
        bool, typer.Option("--if-none", help="Take the session that is active already, if there is one.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the id alone.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what the prompt is understood to mean, and start nothing.")
    ] = False,
) -> None:
    """Start a session.

    \b
    Examples:
      focus start --watch
      focus start --goal sleep --minutes 90
      focus start --goal sleep --until 07:00
      focus start --if-none --quiet
      focus start --prompt "slow rainy piano" --minutes 45
      focus start --prompt "lo-fi, 70 bpm, D minor, no drums" --explain

    Without options it is the session that the settings name: 60 minutes to focus.
    """
    asked = Invocation.of(ctx)
    around = asked.surroundings()
    if watch and (wait or quiet):
        raise UsageError("--watch goes with neither --wait nor --quiet", hint="see: focus start --help")
    if no_audio and not watch:
        raise UsageError("--no-audio says how to watch, and --watch is not given", hint="see: focus start --help")
    if minutes is not None and until is not None:
        raise UsageError("--minutes and --until both say how long", hint="give one of the two")
    meant = _goal(around, goal, prompt)
    if explain:
        _explain(around, prompt, intensity, modulation, asked, starts=watch or wait or quiet)
        return
    wish = Wish(
        goal=meant,
        target_minutes=minutes or until or around.settings["minutes"],
        custom_prompt=prompt,
        intensity=intensity or around.settings["intensity"],
        divergence=divergence,
        engine_key=engine,
        seed=seed,
        modulation=modulation,
        lease_s=lease,
    )
    with ExitStack() as stack:
        launched = launch(around)
        if watch:
            load_player_meanwhile(launched)
        client = ready_client(around, launched, stack, note)
        report = (_active(client) if if_none else None) or client.start(wish)
        if around.remote:
            keep(str(around.paths.cache), around.remote, [report.raw], all_of_them=False)
        if watch:
            from focuscli.commands.listening import Choices, listen

            raise typer.Exit(listen(around, client, report.session.session_id, Choices(audio=not no_audio), asked))
        if wait:
            report = wait_until_ready(client, report, asked)
            if asked.json:
                return  # it was told
    _show(report, asked, quiet=quiet)


def _active(client: EngineClient) -> Report | None:
    """The newest active session; None where there is none."""
    try:
        return client.get(client.newest_active())
    except NothingRunning:
        return None


def _goal(around: Surroundings, goal: Goal | None, prompt: str | None) -> str:
    """The goal that is meant; raises UsageError where goal and prompt contradict each other."""
    if prompt is None:
        if goal is Goal.CUSTOM_PROMPT:
            raise UsageError("the goal custom_prompt needs a prompt", hint='say what: --prompt "slow rainy piano"')
        return goal or str(around.settings["goal"])
    if goal not in {None, Goal.CUSTOM_PROMPT}:
        raise UsageError(f"a prompt and the goal {goal} contradict each other", hint="give one of the two")
    if not prompt.strip() or len(prompt) > MAX_PROMPT_CHARACTERS:
        raise UsageError(f"a prompt has 1 to {MAX_PROMPT_CHARACTERS} characters", hint="see: focus start --help")
    return Goal.CUSTOM_PROMPT


def _explain(
    around: Surroundings,
    prompt: str | None,
    intensity: Intensity | None,
    modulation: Modulation | None,
    asked: Invocation,
    *,
    starts: bool,
) -> None:
    """Tell what a prompt means; raises UsageError where there is none, or a session was asked for as well."""
    if prompt is None:
        raise UsageError("--explain explains a prompt, and none is given", hint='say what: --prompt "slow rainy piano"')
    if starts:
        raise UsageError("--explain starts nothing to --watch, --wait for or name", hint="see: focus start --help")
    from focuscli.commands.explaining import explain_prompt

    explain_prompt(prompt, Intensity(intensity or around.settings["intensity"]), modulation, as_json=asked.json)


def _show(report: Report, asked: Invocation, *, quiet: bool) -> None:
    session_id = word(report.raw, "session_id")
    if asked.json:
        document(report.raw)
    elif quiet:
        say(session_id)
    else:
        what = f"{word(report.raw, 'goal')}, {word(report.raw, 'target_minutes')} min"
        say(f"{session_id} {word(report.raw, 'status')}: {what}. Listen: focus watch   End: focus end")
