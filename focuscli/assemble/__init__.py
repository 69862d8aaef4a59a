"""Settings in, running objects out, each closed by the exit stack that it was given."""

from focuscli.assemble.engines import (
    certificates,
    client_with,
    door_wish,
    launch,
    launch_local,
    ready_client,
    remote_client,
    running_client,
    serve,
    service_unit,
    sibling_client,
)
from focuscli.assemble.playing import (
    awake,
    client_or_absent,
    decoder,
    device_sink,
    fetcher,
    file_sink,
    load_player_meanwhile,
    player,
    process_started,
    silent_sink,
    view,
    window,
)
from focuscli.assemble.surroundings import (
    Surroundings,
)

__all__ = [
    "Surroundings",
    "running_client",
    "launch",
    "launch_local",
    "ready_client",
    "remote_client",
    "client_with",
    "sibling_client",
    "certificates",
    "serve",
    "door_wish",
    "service_unit",
    "client_or_absent",
    "load_player_meanwhile",
    "device_sink",
    "silent_sink",
    "file_sink",
    "fetcher",
    "decoder",
    "player",
    "awake",
    "window",
    "view",
    "process_started",
]
