"""A field of network namespaces: each node has a network of its own, and any two nodes can be kept apart.

The nodes hang on one bridge, with whoever measures. All of it lies in namespaces of this very process (see `ENTRY`):
nothing of it is seen on the machine, and when the process dies, nothing of it is left. Two nodes are kept apart by
sending what they have for each other to an address of Ethernet that nobody has: it vanishes without a word, as in a
network that is torn, and neither of them is told.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ENTRY = ("setpriv", "--pdeathsig", "KILL",
         "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")  # fmt: skip
"""Runs a program in network, mount and process namespaces of its own; it and all it started die with its parent."""

HUB = "10.77.0.1"
"""Where whoever measures is."""

_NAMES = Path("/run/netns")
_NOBODY = "02:00:00:00:00:01"


def missing() -> str | None:
    """Why there can be no field here; None where there can."""
    if sys.platform != "linux":
        return "network namespaces are Linux's"
    if os.geteuid() != 0:
        return "only root can make network namespaces"
    absent = [program for program in ("ip", "unshare", "setpriv") if not shutil.which(program)]
    if absent:
        return f"not installed: {', '.join(absent)} (Debian: iproute2, util-linux)"
    tried = subprocess.run([*ENTRY, "ip", "link", "add", "hub", "type", "bridge"], capture_output=True, check=False)
    told = tried.stderr.decode(errors="replace").strip()
    return f"no network namespace can be made: {told[:200]}" if tried.returncode else None


class Field:
    """Nodes by name; to be made once, in a process that was started by `ENTRY`."""

    def __init__(self, nodes: Sequence[str]) -> None:
        self._addresses = {node: f"10.77.0.{number}" for number, node in enumerate(nodes, 2)}
        self._apart: set[frozenset[str]] = set()
        _NAMES.mkdir(exist_ok=True)
        _do("mount", "-t", "tmpfs", "tmpfs", str(_NAMES))
        _do("ip", "link", "set", "lo", "up")
        _do("ip", "link", "add", "hub", "type", "bridge")
        _do("ip", "address", "add", f"{HUB}/24", "dev", "hub")
        _do("ip", "link", "set", "hub", "up")
        for number, node in enumerate(nodes):
            self._join(node, f"port{number}")

    def _join(self, node: str, port: str) -> None:
        _do("ip", "netns", "add", node)
        _do("ip", "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", node)
        _do("ip", "link", "set", port, "master", "hub", "up")
        _do("ip", "-n", node, "address", "add", f"{self._addresses[node]}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            _do("ip", "-n", node, "link", "set", device, "up")

    def address(self, node: str) -> str:
        """The node's address, which everyone can reach."""
        return self._addresses[node]

    def within(self, node: str) -> tuple[str, ...]:
        """Runs a program on that node, as the same process."""
        return ("ip", "netns", "exec", node)

    def part(self, one: str, other: str) -> None:
        """From now on neither hears anything of the other."""
        self._apart.add(frozenset({one, other}))
        for here, there in ((one, other), (other, one)):
            nobody = ("lladdr", _NOBODY, "nud", "permanent")
            _do("ip", "-n", here, "neigh", "replace", self.address(there), *nobody, "dev", "eth0")

    def join(self, one: str, other: str) -> None:
        """They hear each other again."""
        self._apart.discard(frozenset({one, other}))
        for here, there in ((one, other), (other, one)):
            _do("ip", "-n", here, "neigh", "del", self.address(there), "dev", "eth0")

    def are_apart(self, one: str, other: str) -> bool:
        """Whether they are kept apart."""
        return frozenset({one, other}) in self._apart


def _do(*words: str) -> None:
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
