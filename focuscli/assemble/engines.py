"""Clients of the engine that is meant, and this machine's engine itself."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from focuscli.assemble.surroundings import Surroundings
from focuscli.client import local
from focuscli.credentials import OUR_API
from focuscli.errors import UsageError
from focuscli.plain_text import printable

if TYPE_CHECKING:
    import ssl

    from focuscli.client.api import EngineClient
    from focuscli.client.remote import RemoteWire
    from focuscli.client.sibling import SiblingClient
    from focuscli.engine.doors import Wish


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
