"""The engine as a service of systemd, a user's or the system's: a unit that may do what it needs, and no more."""

from collections.abc import Sequence
from pathlib import Path

from focuscli.paths import Paths

NAME = "focus-engine.service"
SYSTEM_FILE = Path("/etc/systemd/system") / NAME
SYSTEM_USER = "focus-engine"
SYSTEM_HOME = "/var/lib/focus-sessions"
"""Settings are in /etc/focus-sessions, all else is here."""

_UNIT = """\
[Unit]
Description=focus: the engine that makes endless music

[Service]
Type=notify
NotifyAccess=main
ExecStart={command}
{environment}Restart=on-failure
RestartSec=2
# wrong usage, and a conflict: another engine runs, or a newer one has been at the data
RestartPreventExitStatus=2 9
TimeoutStopSec=15
UMask=0077
Nice=5
OOMPolicy=continue
MemoryHigh=1G
TasksMax=256
LimitCORE=0

# what follows is what a user's own manager can enforce: the rest of the family needs capabilities that it lacks
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectControlGroups=yes
# made anew at each login
RuntimeDirectory=focus-sessions
RuntimeDirectoryMode=0700
RuntimeDirectoryPreserve=yes
ReadWritePaths={folders}

[Install]
WantedBy=default.target
"""

_SYSTEM_UNIT = """\
[Unit]
Description=focus: the engine of a team
Documentation=man:focus-engine(7)
Wants=network-online.target
After=network-online.target

[Service]
Type=notify
NotifyAccess=main
User={user}
Environment=FOCUS_HOME={home} FOCUS_LOG_FORMAT=json FOCUS_SERVE=
# FOCUS_SERVE=--behind-proxy --port 8080 --public-url https://… and what is secret; 0600 and root's
EnvironmentFile=-/etc/focus-sessions/environment
ExecStart={command} --config /etc/focus-sessions/engine.toml $FOCUS_SERVE
Restart=on-failure
RestartSec=2
# wrong usage, and a conflict: another engine runs, or a newer one has been at the data
RestartPreventExitStatus=2 9
# SIGTERM is for the engine alone, which lets its render processes finish: longer than the setting drain
KillMode=mixed
TimeoutStopSec=30
UMask=0077
OOMPolicy=continue
TasksMax=512
LimitNOFILE=65536
LimitCORE=0

StateDirectory=focus-sessions
StateDirectoryMode=0700
ConfigurationDirectory=focus-sessions
CapabilityBoundingSet=
NoNewPrivileges=yes
LockPersonality=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def system_unit(command: Sequence[str]) -> str:
    """The unit file with which the system's own manager runs that command line, as a user of its own."""
    return _SYSTEM_UNIT.format(command=" ".join(map(_quoted, command)), user=SYSTEM_USER, home=SYSTEM_HOME)


def unit(command: Sequence[str], paths: Paths, home: str = "") -> str:
    """The unit file for that command line; `home` is the FOCUS_HOME that it needs, empty for none.

    Everything is read-only to it but its own folders.
    """
    folders = (str(paths.state), f"-{paths.runtime}")  # the second may be the one that systemd makes
    return _UNIT.format(
        command=" ".join(map(_quoted, command)),
        environment=f"Environment={_quoted(f'FOCUS_HOME={home}')}\n" if home else "",
        folders=" ".join(map(_quoted, folders)),
    )


def unit_file(config_home: str, home: Path) -> Path:
    """Where the user's systemd looks for it (systemd.unit(5)): below XDG_CONFIG_HOME, or ~/.config."""
    base = Path(config_home) if config_home.startswith("/") else home / ".config"
    return base / "systemd" / "user" / NAME


def _quoted(word: str) -> str:
    """A word of a unit file: quoted, with specifiers and variables taken literally (systemd.service(5))."""
    literal = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{literal}"'
