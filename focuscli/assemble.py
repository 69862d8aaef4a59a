"""Settings in, running objects out, each closed by the exit stack that it was given."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from focuscli.client import local
from focuscli.clock import SystemClock
from focuscli.credentials import OUR_API
from focuscli.errors import EngineUnreachable, UsageError
from focuscli.folders import project_file
from focuscli.paths import Paths
from focuscli.plain_text import printable
from focuscli.settings import Settings

if TYPE_CHECKING:
    import ssl

    from focuscli.client.api import EngineClient
    from focuscli.client.remote import RemoteWire
    from focuscli.client.sibling import SiblingClient
    from focuscli.desktop.awake import Awake
    from focuscli.engine.doors import Wish
    from focuscli.events import Event
    from focuscli.keyfiles import KeyFiles
    from focuscli.playback.decoder import Decoder
    from focuscli.playback.fetch import MediaFetcher
    from focuscli.playback.player import Player
    from focuscli.playback.positions import Remembered
    from focuscli.playback.sink import Sink, Turnable
    from focuscli.view.keys import Action
    from focuscli.view.loop import View
    from focuscli.view.terminal import Terminal
    from focuscli.view.window import Window


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a command finds: where things live, what was set, and the environment."""

    paths: Paths
    settings: Settings
    environment: Mapping[str, str]

    @classmethod
    def find(
        cls, environment: Mapping[str, str], options: Mapping[str, object], *, file: Path | None = None
    ) -> "Surroundings":
        """Read all settings, those in files unless FOCUS_NO_CONFIG; raises BadSetting naming every bad value.

        With `file` it is read, and neither the user's nor a project's.
        """
        paths = Paths.find(environment)
        files = not file and not environment.get("FOCUS_NO_CONFIG")
        of_project = project_file() if files else ""
        settings = Settings.load(
            file=paths.config_file if files else file,
            environment=environment,
            options=options,
            project=Path(of_project) if of_project else None,
        )
        return cls(paths, settings, environment)

    @property
    def keys(self) -> "KeyFiles":
        """The keys of remote engines that are kept here."""
        from focuscli.keyfiles import KeyFiles

        return KeyFiles(self.paths.keys)

    @property
    def remote(self) -> str:
        """The remote engine's URL; empty for the engine of this machine."""
        return str(self.settings["remote"])

    def cautions(self) -> list[str]:
        """What is likely not as it was meant: a sentence each."""
        if not self.remote:
            return list(self.settings.cautions)
        from focuscli.client.signing_in import beaten

        return [*self.settings.cautions, *beaten(self.remote, str(self.settings["api"]), self.environment, self.keys)]

    def where(self, client: "EngineClient") -> str:
        """Which engine is talked to, for people."""
        if not self.remote:
            return "this machine"
        name = self.settings.remote_name
        return f"{f'{printable(name)}: ' if name else ''}{client.host}, {printable(client.organization)}"


def running_client(around: Surroundings, stack: ExitStack) -> "EngineClient | None":
    """A client of the engine that is meant, as it is; None where that is this machine's, and none runs."""
    if around.remote:
        return stack.enter_context(remote_client(around))
    engine = local.find_local(around.paths)
    return None if engine is None else stack.enter_context(local.client_of(engine))


def launch(around: Surroundings) -> "local.Launch | None":
    """Begin to start this machine's engine where that is the one that is meant; returns at once."""
    if around.remote:
        return None
    return launch_local(around)


def launch_local(around: Surroundings) -> "local.Launch":
    """Begin to start this machine's engine, whichever one is meant elsewhere; returns at once."""
    return local.Launch(around.paths, around.environment, limit_s=around.settings["start_timeout"])


def ready_client(
    around: Surroundings, launched: "local.Launch | None", stack: ExitStack, announce: Callable[[str], None]
) -> "EngineClient":
    """A client of the engine that is meant, once it answers; raises EngineUnreachable where it does not."""
    if launched is None:
        return stack.enter_context(remote_client(around))
    return stack.enter_context(local.client_of(launched.wait(announce)))


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


def remote_client(around: Surroundings) -> "EngineClient":
    """A client of the remote engine; raises UsageError and NotSignedIn for what is missing. Asks nothing yet."""
    if _api(around) == OUR_API:
        _organization(around)
    return client_with(around, _remote_key(around))


def client_with(around: Surroundings, key: str) -> "EngineClient":
    """A client of the remote engine with that key; raises UsageError where no organization is named."""
    from focuscli.client.api import EngineClient

    if _api(around) != OUR_API:
        raise UsageError(
            f"{printable(around.remote)} speaks {_api(around)}, of which this program knows how to end a session",
            hint="end one: focus end SESSION",
        )
    return EngineClient(_remote_wire(around), key=key, organization=_organization(around))


def sibling_client(around: Surroundings, stack: ExitStack) -> "SiblingClient | None":
    """A client of a remote that speaks another session API than ours; None where the one that is meant does not."""
    if not around.remote or _api(around) == OUR_API:
        return None
    from focuscli.client.sibling import SiblingClient

    key = _remote_key(around)
    return stack.enter_context(SiblingClient(_remote_wire(around), api=_api(around), key=key))


def certificates(around: Surroundings) -> "ssl.SSLContext | None":
    """Whom remote engines and their media are checked against, where that was set; raises UsageError."""
    file = str(around.settings["ca_bundle"])
    if not file:
        return None
    import ssl

    try:
        return ssl.create_default_context(cafile=Path(file).expanduser())
    except OSError as exc:  # ssl.SSLError is one
        hint = "it must be a file of certificates in PEM: --ca-bundle, or FOCUS_CA_BUNDLE"
        raise UsageError(f"{printable(file)} holds no certificates that can be read: {exc}", hint=hint) from exc


def _remote_key(around: Surroundings) -> str:
    from focuscli.client.signing_in import sign_in

    return sign_in(around.remote, _api(around), around.environment, around.keys).key


def _remote_wire(around: Surroundings) -> "RemoteWire":
    from focuscli.client.remote import RemoteWire

    return RemoteWire(around.remote, certificates=certificates(around))


def _api(around: Surroundings) -> str:
    return str(around.settings["api"])


def _organization(around: Surroundings) -> str:
    organization = str(around.settings["organization"])
    if not organization:
        raise UsageError(
            f"{printable(around.remote)} serves many organizations, and none is named",
            hint="name yours: --organization ID, or FOCUS_ORGANIZATION",
        )
    return organization


def serve(around: Surroundings, wish: "Wish", ready: Callable[[str, int, str | None], None]) -> None:
    """Run this machine's engine in this process until it is told to stop.

    `ready` gets its URL on loopback, its process id, and the origin of its public door where it has one.
    """
    from focuscli.engine.serve import serve as run_engine

    run_engine(
        around.settings,
        around.paths,
        wish=wish,
        auto_started=False,
        ready=lambda address, origin: ready(address.url, address.pid, origin),
    )


def door_wish(
    host: str,
    port: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    *,
    behind_proxy: bool,
    public_url: str,
    metrics: str,
) -> "Wish":
    """What an engine is asked to listen on."""
    from focuscli.engine.doors import Wish

    return Wish(host, port, tls_cert, tls_key, behind_proxy, public_url, metrics)


def service_unit(around: Surroundings, command: tuple[str, ...], *, system: bool) -> tuple[Path, str]:
    """The unit with which systemd, the user's or the system's, runs that command line, and the file it belongs into."""
    from focuscli.engine.service import SYSTEM_FILE, system_unit, unit, unit_file

    if system:
        return SYSTEM_FILE, system_unit(command)
    environment = around.environment
    home = str(Path(environment["FOCUS_HOME"]).expanduser().absolute()) if environment.get("FOCUS_HOME") else ""
    user_home = Path(environment.get("HOME", "") or "~").expanduser()
    return unit_file(environment.get("XDG_CONFIG_HOME", ""), user_home), unit(command, around.paths, home)


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
