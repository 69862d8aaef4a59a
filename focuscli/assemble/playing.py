"""What plays a session, and what shows it."""

import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from focuscli.assemble.engines import certificates, ready_client
from focuscli.assemble.surroundings import Surroundings
from focuscli.client import local
from focuscli.clock import SystemClock
from focuscli.errors import EngineUnreachable

if TYPE_CHECKING:
    from focuscli.client.api import EngineClient
    from focuscli.desktop.awake import Awake
    from focuscli.events import Event
    from focuscli.playback.decoder import Decoder
    from focuscli.playback.fetch import MediaFetcher
    from focuscli.playback.player import Player
    from focuscli.playback.positions import Remembered
    from focuscli.playback.sink import Sink, Turnable
    from focuscli.view.keys import Action
    from focuscli.view.loop import View
    from focuscli.view.terminal import Terminal
    from focuscli.view.window import Window


def client_or_absent(
    around: Surroundings,
    launched: "local.Launch | None",
    stack: ExitStack,
    announce: Callable[[str], None],
    session_id: str | None,
) -> "EngineClient":
    """As `ready_client`; for a session of which something is kept here, an engine that does not come up is no error."""
    try:
        return ready_client(around, launched, stack, announce)
    except EngineUnreachable as gone:
        from focuscli.client.absent import AbsentWire
        from focuscli.client.api import EngineClient
        from focuscli.client.retry import Retry
        from focuscli.hello import LOCAL_ORGANIZATION

        client = EngineClient(AbsentWire(gone), key="", organization=LOCAL_ORGANIZATION, retry=Retry(attempts=1))
        if session_id is None or fetcher(around, client, stack).kept(session_id) is None:
            raise
        return client


def load_player_meanwhile(launched: "local.Launch | None") -> None:
    """Load what playing needs in a thread while an engine comes up; returns at once.

    Where the engine is up already, the thread would only hold up the request that sets it to work.
    """
    import threading

    if launched is not None and launched.is_starting:
        threading.Thread(target=_load_player, name="load-player", daemon=True).start()


def _load_player() -> None:
    import focuscli.playback.player
    import focuscli.playback.sinks.device  # noqa: F401  # both are wanted in a moment


def device_sink(around: Surroundings, device: str, remembered: str) -> "Turnable":
    """The output device that is meant: as named, else as it was the last time, else as set, else the system's default.

    Not opened yet. One that is only remembered may be gone by now; then it is the system's default.
    """
    from focuscli.playback.sink import open_device

    latency_s = float(around.settings["latency"])
    if not device and remembered:
        return open_device(remembered, latency_s, otherwise=str(around.settings["device"]))
    return open_device(device or str(around.settings["device"]), latency_s)


def silent_sink() -> "Sink":
    """No sound, at the speed of sound."""
    from focuscli.playback.sinks.clocked import ClockedSink

    return ClockedSink(SystemClock(), ahead_s=0.25)


def file_sink(target: str) -> "Sink":
    """A file of the format that its ending names, `-` for WAV to stdout; raises UsageError for other endings."""
    from focuscli.playback.sinks.file import FileSink
    from focuscli.playback.sinks.stdout import StdoutSink

    return StdoutSink(sys.stdout.buffer) if target == "-" else FileSink(Path(target))


def fetcher(around: Surroundings, client: "EngineClient", stack: ExitStack) -> "MediaFetcher":
    """What downloads segments: it knows the engine's address, and not its key."""
    from focuscli.playback.fetch import MediaFetcher

    owner = f"{around.remote} {client.organization}" if around.remote else "local"
    quota_bytes = int(around.settings["cache"]) << 20
    made = MediaFetcher(
        around.paths.cache,
        client.base_url,
        owner=owner,
        quota_bytes=quota_bytes,
        certificates=certificates(around),
    )
    stack.callback(made.close)
    return made


def decoder(around: Surroundings, stack: ExitStack) -> "Decoder":
    """What decodes segments: a process of its own, but for those of this machine's engine, which proved to be ours."""
    made: Decoder
    if around.remote:
        from focuscli.playback.decoding_child import ChildDecoder

        made = ChildDecoder()
    else:
        from focuscli.playback.decoder import TrustingDecoder

        made = TrustingDecoder()
    stack.callback(made.close)
    return made


def player(
    around: Surroundings,
    client: "EngineClient",
    session_id: str,
    sink: "Sink",
    emit: "Callable[[Event], None]",
    memory: "Remembered",
    stack: ExitStack,
    *,
    rise_s: float = 0.0,
) -> "Player":
    """A player of the session from where it was left; the time to its first sound counts from this process's start."""
    from focuscli.client.feed import Feed
    from focuscli.playback.player import Player

    feed = Feed(client, session_id)
    stack.callback(feed.close)
    return Player(
        feed,
        fetcher(around, client, stack),
        sink,
        emit,
        volume=memory.volume,
        muted=memory.muted,
        start_at=memory.at(session_id),
        started_monotonic=process_started(),
        rise_s=rise_s,
        decoder=decoder(around, stack),
    )


def awake(around: Surroundings, changed: Callable[[bool], None], *, audible: bool) -> "Awake":
    """What keeps the machine awake while sound plays; nothing where none is heard, or where that is not wanted."""
    from focuscli.desktop.awake import Awake, inhibitor

    wanted = audible and around.settings["awake"] == "on"
    return Awake(inhibitor(around.environment) if wanted else None, changed)


def window(around: Surroundings, terminal: "Terminal") -> "Window | None":
    """What is shown around the picture, where there is one and anything of that was asked for."""
    from focuscli.view.window import Window

    title, progress = around.settings["title"] == "on", around.settings["progress"] == "on"
    rings = around.settings["notify_by"]
    if not terminal.animate or not (title or progress or rings != "desktop"):
        return None
    return Window(title=title, progress=progress, rings=rings)


def view(
    stream: TextIO,
    terminal: "Terminal",
    actions: "Callable[[Action], None]",
    *,
    engine: str,
    on_suspend: Callable[[], None],
    on_resume: Callable[[], None],
    window: "Window | None" = None,
) -> "View":
    """What people watch on that stream: the live panel where it can be drawn, else lines that are only appended."""
    from focuscli.view.keyboard import open_keyboard
    from focuscli.view.loop import Hooks
    from focuscli.view.snapshot import Snapshot

    clock = SystemClock()
    hooks = Hooks(suspended=on_suspend, resumed=on_resume)
    snapshot = Snapshot(now=clock.now().astimezone(), engine=engine)
    if terminal.animate:
        from focuscli.view.live import LiveView

        return LiveView.on(stream, terminal, actions, clock, snapshot=snapshot, hooks=hooks, window=window)
    from focuscli.view.plain import PlainView

    keys = open_keyboard() if terminal.is_tty else None
    return PlainView(stream, keys, actions, clock, snapshot=snapshot, hooks=hooks)


def process_started() -> float:
    """When this process began, on the scale of `time.monotonic`; the present where the system does not say."""
    now = time.monotonic()
    try:
        ticks = int(Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
        up_s = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
        return now - max(0.0, up_s - ticks / os.sysconf("SC_CLK_TCK"))
    except (OSError, ValueError, IndexError, AttributeError):
        return now
