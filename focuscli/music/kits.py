"""The drum kits: what makes a soft one soft, a dry one tight, a live one open, and an electronic one snap."""

from typing import NamedTuple

CYMBALS = frozenset({"hat", "shaker"})
"""The roles that are not drums of skin or wood."""


class Kick(NamedTuple):
    """The bass drum."""

    sweep_hz: float
    """How far above its ground the pitch begins, and in how long it falls by e."""
    sweep_s: float
    snap_hz: float
    """A second, much quicker fall: the edge of the attack."""
    seconds: float
    drive: float
    beater: float
    beater_hz: float


class Snare(NamedTuple):
    """The snare drum, or what stands in for it."""

    shell: float
    shell_hz: float
    shell_s: float
    wires: float
    low_hz: float
    high_hz: float
    wires_s: float
    stick: float
    hands: int = 0
    """Of a clap, before the last."""


class Rim(NamedTuple):
    """A stick across the rim, or a block of wood."""

    hz: float
    seconds: float


class Hat(NamedTuple):
    """The closed hi-hat."""

    low_hz: float
    high_hz: float
    seconds: float
    metal: float
    """Partials against noise."""


class Shaker(NamedTuple):
    """Beads in a box."""

    low_hz: float
    high_hz: float


class Kit(NamedTuple):
    """One drummer's instruments."""

    kick: Kick
    snare: Snare
    rim: Rim
    hat: Hat
    shaker: Shaker
    cymbals: float = 0.0
    """LU on top of hat and shaker: a dull pair is played harder, so that no kit takes the air out of the music."""


KITS: dict[str, Kit] = {
    "felt": Kit(
        Kick(60.0, 0.022, 60.0, 0.12, 1.2, 0.14, 1800.0),
        Snare(0.5, 178.0, 0.05, 0.45, 800.0, 5200.0, 0.042, 0.2),
        Rim(1250.0, 0.01),
        Hat(5000.0, 9000.0, 0.017, 0.15),
        Shaker(3800.0, 9000.0),
    ),
    "cloth": Kit(
        Kick(38.0, 0.03, 95.0, 0.1, 1.3, 0.22, 2600.0),
        Snare(0.46, 168.0, 0.05, 0.55, 900.0, 4800.0, 0.04, 0.25),
        Rim(980.0, 0.012),
        Hat(3700.0, 7000.0, 0.019, 0.12),
        Shaker(3300.0, 7000.0),
        cymbals=1.5,
    ),
    "brush": Kit(
        Kick(45.0, 0.025, 40.0, 0.14, 1.1, 0.1, 1400.0),
        Snare(0.3, 192.0, 0.05, 0.5, 1000.0, 7000.0, 0.075, 0.1),
        Rim(1500.0, 0.012),
        Hat(4600.0, 10_500.0, 0.035, 0.3),
        Shaker(4200.0, 10_000.0),
    ),
    "live": Kit(
        Kick(52.0, 0.024, 95.0, 0.115, 1.45, 0.24, 3200.0),
        Snare(0.46, 188.0, 0.05, 0.6, 1000.0, 8200.0, 0.05, 0.35),
        Rim(1500.0, 0.011),
        Hat(5600.0, 11_000.0, 0.022, 0.25),
        Shaker(4400.0, 11_000.0),
    ),
    "tight": Kit(
        Kick(95.0, 0.016, 130.0, 0.085, 1.7, 0.3, 4200.0),
        Snare(0.42, 205.0, 0.04, 0.6, 1300.0, 9500.0, 0.036, 0.5),
        Rim(1750.0, 0.011),
        Hat(6200.0, 12_500.0, 0.016, 0.35),
        Shaker(4800.0, 12_500.0),
    ),
    "electronic": Kit(
        Kick(120.0, 0.03, 170.0, 0.15, 2.2, 0.2, 5000.0),
        Snare(0.16, 220.0, 0.03, 0.6, 1000.0, 8500.0, 0.05, 0.2, hands=3),
        Rim(2100.0, 0.008),
        Hat(6800.0, 13_500.0, 0.019, 0.7),
        Shaker(5600.0, 13_500.0),
        cymbals=-1.5,
    ),
}
