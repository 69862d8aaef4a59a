"""What `focus doctor` looks at: each check finds one thing, changes nothing, and knows how to mend it."""

import locale
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from focuscli.assemble import Surroundings, remote_client
from focuscli.client.local import client_of, find_local
from focuscli.clock import SystemClock
from focuscli.commands import machine_checks
from focuscli.commands.findings import Check, Health
from focuscli.commands.sound_checks import sound
from focuscli.errors import FocusError
from focuscli.hello import PROTOCOL
from focuscli.plain_text import printable
from focuscli.setting_table import TABLE
from focuscli.version import __version__
from focuscli.view.terminal import decide

LOW_DISK_BYTES = 1 << 30
TOO_LOW_DISK_BYTES = 100 << 20
CLOCKS_APART_S = 30.0
"""Beyond this, times that the engine tells are misread: when the next segment is ready, until when a URL holds."""


def program(environment: Mapping[str, str]) -> Check:
    """Which program this is, and whether a shell would find another one of the name."""
    what = f"focus {__version__}, protocol {PROTOCOL}, Python {platform.python_version()}, {platform.system()}"
    found = shutil.which("focus", path=environment.get("PATH"))
    ours = Path(sys.executable).parent / "focus"
    if found is None:
        return Check("program", Health.WARN, f"{what}; no focus on PATH", f"add {ours.parent} to PATH")
    if Path(found).parent.resolve() != ours.parent.resolve():
        return Check("program", Health.WARN, f"{what}; on PATH first: {found}", f"put {ours.parent} in front on PATH")
    return Check("program", Health.OK, f"{what}; {found}")


def settings(around: Surroundings) -> Check:
    """What was set, and where."""
    changed = [
        f"{row.name} = {around.settings[row.name]} ({around.settings.origin(row.name)})"
        for row in TABLE
        if around.settings.origin(row.name) != "default"
    ]
    cautions = around.cautions()
    if cautions:
        return Check("settings", Health.WARN, printable("; ".join(cautions)), "focus config list")
    return Check("settings", Health.OK, printable("; ".join(changed) or "all as they come"))


def folders(around: Surroundings) -> Check:
    """Whether what must be kept can be written, and nobody else can read the key."""
    paths = around.paths
    for folder in (paths.state, paths.cache, paths.runtime):
        standing = next(place for place in (folder, *folder.parents) if place.exists())
        if not os.access(standing, os.W_OK | os.X_OK):
            return Check("folders", Health.FAIL, f"{standing} cannot be written", f"chown -R $USER {standing}")
    if os.name == "posix" and paths.engine_key.exists() and paths.engine_key.stat().st_mode & 0o077:
        return Check("folders", Health.FAIL, "others can read the engine's key", f"chmod 600 {paths.engine_key}")
    return Check("folders", Health.OK, f"config {paths.config}, state {paths.state}, cache {paths.cache}")


def disk(around: Surroundings) -> Check:
    """Whether there is room for what is rendered."""
    standing = next(place for place in (around.paths.state, *around.paths.state.parents) if place.exists())
    free = shutil.disk_usage(standing).free
    detail = f"{free / 1e9:.1f} GB free at {standing}"
    if free < TOO_LOW_DISK_BYTES:
        return Check("disk", Health.FAIL, detail, "free some space; an hour of music takes about 350 MB")
    return Check("disk", Health.WARN if free < LOW_DISK_BYTES else Health.OK, detail)


def engine(around: Surroundings) -> Check:
    """The engine of this machine, as it is: not running is well, for it starts when a session needs it."""
    running = find_local(around.paths)
    if running is None:
        return Check("engine", Health.OK, f"not running; log: {around.paths.engine_log}")
    where = f"{running.url}, version {printable(running.version)}, process {running.pid}"
    try:
        with client_of(running) as client:
            health = printable(client.health().get("status"))
    except FocusError as error:
        return Check("engine", Health.FAIL, f"{where}: {error.message}", "focus engine restart")
    if health != "healthy":
        return Check("engine", Health.WARN, f"{where}: {health}", "focus engine logs")
    return Check("engine", Health.OK, where)


def remote(around: Surroundings) -> Check:
    """The remote engine, where one is meant: its address, its key (never shown), and whether it takes it."""
    if not around.remote:
        return Check("remote", Health.OK, "none is set; sessions are made on this machine")
    origin = f"{printable(around.remote)} ({around.settings.origin('remote')})"
    try:
        with remote_client(around) as client:
            client.engines()
    except FocusError as error:
        return Check("remote", Health.FAIL, f"{origin}: {error.message}", error.hint)
    return Check("remote", Health.OK, f"{origin}, organization {printable(client.organization)}, key accepted")


def clock(around: Surroundings) -> Check:
    """This machine's clock against that of the remote engine, whose signed URLs and certificates go by its own."""
    if not around.remote:
        return Check("clock", Health.OK, "this machine's own; no other one matters")
    try:
        with remote_client(around) as client:
            ahead_s = client.clock_ahead_s(SystemClock())
    except FocusError as error:
        return Check("clock", Health.OK, f"not compared: {error.message}")
    if ahead_s is None:
        return Check("clock", Health.OK, "not compared: the remote engine does not say what time it is")
    apart = f"{abs(ahead_s):.0f} s {'behind' if ahead_s > 0 else 'ahead of'} the remote engine's"
    if abs(ahead_s) > CLOCKS_APART_S:
        return Check("clock", Health.WARN, apart, "set it: sudo timedatectl set-ntp true")
    return Check("clock", Health.OK, apart)


def generators() -> Check:
    """Which generators of sound work here; a plug-in that cannot be loaded is named."""
    from focuscli.engine.generators import Absent, NotOffered, generator, known

    working, absent, broken = [], [], []
    for key in known():
        try:
            working.append(generator(key).description.key)
        except Absent as error:
            absent.append(str(error))
        except NotOffered as error:
            broken.append(str(error))
    detail = printable("; ".join([", ".join(working), *broken, *absent]), 600)
    if broken:
        return Check("engines", Health.WARN, detail, "mend or remove the package that is named")
    return Check("engines", Health.OK, detail)


def terminal(environment: Mapping[str, str]) -> Check:
    """What the terminal can show."""
    size = shutil.get_terminal_size()
    encoding = sys.stdout.encoding or locale.getpreferredencoding(False)
    detail = (
        f"{'a terminal' if sys.stdout.isatty() else 'no terminal'}, TERM={printable(environment.get('TERM', ''), 40)}, "
        f"{size.columns}x{size.lines}, {encoding}, {'colour' if decide(sys.stdout, environment).color else 'no colour'}"
    )
    if encoding.lower().replace("-", "") != "utf8":
        return Check("terminal", Health.WARN, detail, "set a UTF-8 locale, such as LANG=C.UTF-8, for finer drawing")
    return Check("terminal", Health.OK, detail)


def all_checks(around: Surroundings) -> Iterator[Check]:
    """Every check, one after the other; one that breaks is itself a finding."""
    looks: tuple[tuple[str, Callable[[], Check]], ...] = (
        ("program", lambda: program(around.environment)),
        ("settings", lambda: settings(around)),
        ("folders", lambda: folders(around)),
        ("disk", lambda: disk(around)),
        ("engine", lambda: engine(around)),
        ("remote", lambda: remote(around)),
        ("clock", lambda: clock(around)),
        ("engines", generators),
        ("sound", lambda: sound(around)),
        ("desktop", lambda: machine_checks.desktop(around.settings, around.environment)),
        ("awake", lambda: machine_checks.awake(around.environment)),
        ("shell", lambda: machine_checks.shell(Path(sys.prefix))),
        ("hooks", lambda: machine_checks.hooks(around.settings.hooks, around.environment)),
        ("terminal", lambda: terminal(around.environment)),
    )
    for name, look in looks:
        try:
            yield look()
        except (OSError, ValueError) as error:
            yield Check(name, Health.FAIL, printable(f"{type(error).__name__}: {error}"), "mend it, then ask again")
