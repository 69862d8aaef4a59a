"""Settings in, running objects out, each closed by the exit stack that it was given."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from focuscli.client import local
from focuscli.errors import NotSignedIn, UsageError
from focuscli.paths import Paths
from focuscli.settings import Settings

if TYPE_CHECKING:
    from focuscli.client.api import EngineClient


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a command finds: where things live, what was set, and the environment."""

    paths: Paths
    settings: Settings
    environment: Mapping[str, str]

    @classmethod
    def find(cls, environment: Mapping[str, str], options: Mapping[str, object]) -> "Surroundings":
        """Read all settings; raises BadSetting naming every bad value at once."""
        paths = Paths.find(environment)
        settings = Settings.load(file=paths.config_file, environment=environment, options=options)
        return cls(paths, settings, environment)

    @property
    def remote(self) -> str:
        """The remote engine's URL; empty for the engine of this machine."""
        return str(self.settings["remote"])


def running_client(around: Surroundings, stack: ExitStack) -> "EngineClient | None":
    """A client of the engine that is meant, as it is; None where that is this machine's, and none runs."""
    if around.remote:
        return stack.enter_context(_remote_client(around))
    engine = local.find_local(around.paths)
    return None if engine is None else stack.enter_context(local.client_of(engine))


def launch(around: Surroundings) -> "local.Launch | None":
    """Begin to start this machine's engine where that is the one that is meant; returns at once."""
    if around.remote:
        return None
    return local.Launch(around.paths, around.environment, limit_s=around.settings["start_timeout"])


def ready_client(
    around: Surroundings, launched: "local.Launch | None", stack: ExitStack, announce: Callable[[str], None]
) -> "EngineClient":
    """A client of the engine that is meant, once it answers; raises EngineUnreachable where it does not."""
    if launched is None:
        return stack.enter_context(_remote_client(around))
    return stack.enter_context(local.client_of(launched.wait(announce)))


def _remote_client(around: Surroundings) -> "EngineClient":
    from focuscli.client.api import EngineClient
    from focuscli.client.remote import RemoteWire

    key = around.environment.get("FREDDY_API_KEY", "").strip()
    organization = str(around.settings["organization"])
    if not organization:
        raise UsageError(
            f"{around.remote} serves many organizations, and none is named",
            hint="name yours: --organization ID, or FOCUS_ORGANIZATION",
        )
    if not key:
        raise NotSignedIn(f"there is no key for {around.remote}", hint="set FREDDY_API_KEY to your key")
    return EngineClient(RemoteWire(around.remote), key=key, organization=organization)


def serve(around: Surroundings, host: str, port: int, ready: Callable[[str, int], None]) -> None:
    """Run this machine's engine in this process until it is told to stop; `ready` gets its URL and process id."""
    from focuscli.engine.serve import serve as run_engine

    run_engine(
        around.settings,
        around.paths,
        host=host,
        port=port,
        auto_started=False,
        ready=lambda address: ready(address.url, address.pid),
    )
