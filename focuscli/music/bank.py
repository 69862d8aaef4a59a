"""The note bank: every note and strike that was made once is kept, within a bound, at unit loudness.

A sound is at unit loudness when its K-weighted energy, both channels, first second, is one: a stream of one
such note a second measures about 0 LUFS. Nothing in a sound depends on a session. What has a pitch is kept at the
tones' rate, half of the sample rate; drums at the full one.
"""

import math
from bisect import bisect_left
from collections import OrderedDict
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from focuscli.music.basses import BASSES
from focuscli.music.drumkit import DRUMS
from focuscli.music.events import Note
from focuscli.music.instruments import INSTRUMENTS, partials_of
from focuscli.music.modal import render
from focuscli.music.rates import REACH, halve
from focuscli.music.signals import TONE_RATE, Curve, Signal, raised_cosine
from focuscli.music.spectra import bin_hertz, forward
from focuscli.music.tones import knocked
from focuscli.music.weighting import k_weight
from focuscli.music.winds import WINDS
from focuscli.units import SAMPLE_RATE, amplitude

VELOCITIES = 5
_LENGTHS = (0.45, 1.0)
"""Fractions of an instrument's full length that are kept, the shortest that holds the gate is taken. With more of them
fewer notes are found again, and more frames are made in all."""
_BOUND_BYTES = 64 << 20
_BOUND_STRIKES = 128
_HARD_S = 0.009
"""The slowest attack of a tone that lets all of its knock be heard; a soft attack has none."""
_BREATH_S = 0.04
"""Noise that lasts longer is breath or rosin and swells with the tone."""
_TREBLE_LU = -0.1
"""A semitone above `_TREBLE_FROM`: high notes carry further than their weighted energy says."""
_TREBLE_FROM = 66


class Sounding(NamedTuple):
    """What makes two notes the same sound."""

    instrument: str
    pitch: int
    velocity: int
    """Bucket of `VELOCITIES`; a drum's variant."""
    frames: int
    attack: int
    """Frames; 0 for a drum."""


def sounding(note: Note, attack_ms: float) -> Sounding:
    """The sound that a note needs; `attack_ms` is the shortest attack that the session allows."""
    name = note.instrument
    if name in DRUMS:
        return Sounding(name, note.pitch, note.variant, _drum_frames(name), 0)
    lengths, gate = _lengths(name), note.gate
    needed = gate + release_frames(name) if gate else lengths[-1]
    frames = lengths[min(len(lengths) - 1, bisect_left(lengths, needed))]
    bucket = min(VELOCITIES - 1, max(0, int(note.velocity * VELOCITIES)))
    return Sounding(name, note.pitch, bucket, frames, _attack_frames(name, attack_ms))


@lru_cache(maxsize=64)
def _drum_frames(instrument: str) -> int:
    return round(DRUMS[instrument].seconds * SAMPLE_RATE)


@lru_cache(maxsize=128)
def _attack_frames(instrument: str, shortest_ms: float) -> int:
    return round(max(INSTRUMENTS[instrument].attack_ms, shortest_ms) * SAMPLE_RATE / 1000.0)


@lru_cache(maxsize=64)
def _lengths(instrument: str) -> tuple[int, ...]:
    """How far a sound may be made, in frames."""
    full = INSTRUMENTS[instrument].seconds * SAMPLE_RATE
    return tuple(int(share * full) // 512 * 512 for share in _LENGTHS)


@lru_cache(maxsize=64)
def release_frames(instrument: str) -> int:
    """How long a note takes to end after its gate."""
    return round(INSTRUMENTS[instrument].release_ms * SAMPLE_RATE / 1000.0)


class Strike(NamedTuple):
    """A drum's sound."""

    dry: Signal
    """Shape (2, frames)."""
    half: Signal
    """The mean of both channels at the tones' rate, for a room, and for a drum that has nothing else."""


class Bank:
    """Sounds by what makes them the same, the oldest forgotten when they grow too many."""

    def __init__(self, bound_bytes: int = _BOUND_BYTES) -> None:
        self._tones: OrderedDict[Sounding, Signal] = OrderedDict()
        self._strikes: OrderedDict[Sounding, Strike] = OrderedDict()
        self._bound = bound_bytes
        self._bytes = 0

    def tone(self, key: Sounding) -> Signal:
        """The frames of a pitched sound at the tones' rate, shape (2, key.frames // 2)."""
        found = self._tones.get(key)
        if found is not None:
            self._tones.move_to_end(key)
            return found
        made = self._tones[key] = play(key)
        self._bytes += made.nbytes
        while self._bytes > self._bound:
            self._bytes -= self._tones.popitem(last=False)[1].nbytes
        return made

    def strike(self, key: Sounding) -> Strike:
        """A drum's sound; they are short, and as many are kept as a drummer needs."""
        if key not in self._strikes:
            if len(self._strikes) >= _BOUND_STRIKES:
                self._strikes.popitem(last=False)
            dry = strike(key)
            mono = np.zeros(key.frames + 8 * REACH, np.float32)
            np.mean(dry, axis=0, out=mono[4 * REACH : 4 * REACH + key.frames])
            self._strikes[key] = Strike(dry, halve(mono, 2 * REACH))
        return self._strikes[key]


def play(key: Sounding) -> Signal:
    """One note of a pitched instrument, with its own attack and a fade at the end of its length; at the tones' rate."""
    frames, attack = key.frames // 2, key.attack // 2
    instrument = INSTRUMENTS[key.instrument]
    velocity = (key.velocity + 0.5) / VELOCITIES
    partials = partials_of(key.instrument, key.pitch, velocity)
    unit = amplitude(tilt_db(key.pitch)) / math.sqrt(_unit_energy(key.instrument, key.pitch, key.velocity))
    sound = render(partials, frames)
    sound *= np.float32(unit)
    rise = raised_cosine(attack)
    sound[:, :attack] *= rise
    hardness = min(1.0, (_HARD_S * TONE_RATE / max(1, attack)) ** 2)
    for knock in instrument.knocks:
        noise = knocked(knock, key.pitch % 3, key.instrument in BASSES)[:, :frames]
        peak = unit * np.abs(partials.left).max() * knock.level * (0.3 + 1.4 * velocity)
        if knock.seconds > _BREATH_S:
            noise = noise.copy()
            noise[:, :attack] *= rise[: noise.shape[1]]
        else:
            peak *= hardness
        sound[:, : noise.shape[1]] += np.float32(peak) * noise
    ending = min(frames // 3, TONE_RATE // 2)
    sound[:, -ending:] *= raised_cosine(ending)[::-1]
    return sound


def strike(key: Sounding) -> Signal:
    """One drum at unit loudness, its end faded, without a mean of its own (many strikes would add up to one)."""
    sound = DRUMS[key.instrument].strike(key.frames, key.velocity, key.pitch).astype(np.float32)
    ending = key.frames // 6
    sound[:, -ending:] *= raised_cosine(ending)[::-1]
    hump, weight = _hump(key.frames), _drum_weight(key.frames)
    sound -= sound.sum(axis=1, keepdims=True) / hump.sum() * hump
    spectrum = forward(sound)
    energy = 2.0 * float(((spectrum.real**2 + spectrum.imag**2) @ weight).sum()) / key.frames / SAMPLE_RATE
    sound *= np.float32(1.0 / np.sqrt(energy))
    return sound


@lru_cache(maxsize=16)
def _hump(frames: int) -> Signal:
    """Half a wave, which has a mean and no steps."""
    return np.sin(np.linspace(0.0, np.pi, frames)).astype(np.float32)


@lru_cache(maxsize=16)
def _drum_weight(frames: int) -> Signal:
    return k_weight(bin_hertz(frames)).astype(np.float32)


def tilt_db(pitch: int) -> float:
    """How much softer a note is kept than its weighted energy asks."""
    return _TREBLE_LU * max(0, pitch - _TREBLE_FROM)


_STRONGEST = 24
"""Partials whose interference counts: strings and tines are pairs that beat. Winds are differences throughout."""


class _Weighed(NamedTuple):
    """What the energy of a note of any length is made of."""

    power: Curve
    """Half the K-weighted power of each partial at its start, both channels."""
    rate: Curve
    """1/s: how fast it falls."""
    strongest: NDArray[np.intp]
    """The partials whose interference counts; the rest of the row is about them."""
    pole: NDArray[np.complex128]
    waves: NDArray[np.complex128]
    """Their K-weighted amplitudes left and right, shape (2, partials)."""
    overlap: NDArray[np.complex128]
    """½ aᵢ aⱼ* / sᵢⱼ of both channels, K-weighted, with sᵢⱼ = dᵢ + dⱼ - j(ωᵢ - ωⱼ).

    The energy of their sum until t is ½ Re Σᵢⱼ aᵢ aⱼ* (1 - exp(-sᵢⱼ t)) / sᵢⱼ.
    """
    frequency: Curve


@lru_cache(maxsize=1024)
def _weighed(instrument: str, pitch: int, bucket: int) -> _Weighed:
    partials = partials_of(instrument, pitch, (bucket + 0.5) / VELOCITIES)
    weight = k_weight(partials.frequency)
    power = 0.5 * weight * (np.abs(partials.left) ** 2 + np.abs(partials.right) ** 2)
    rate = 2.0 * np.maximum(partials.decay, 1e-3)
    strongest = np.argsort(power / rate)[-(len(power) if instrument in WINDS else _STRONGEST) :]
    root = np.sqrt(weight[strongest])
    pole = -partials.decay[strongest] + 2j * np.pi * partials.frequency[strongest]
    waves = np.stack((partials.left[strongest], partials.right[strongest])) * root
    overlap = 0.5 * (waves.T @ waves.conj()) / -(pole[:, None] + pole.conj())
    return _Weighed(power, rate, strongest, pole, waves, overlap, partials.frequency)


def _energies(weighed: _Weighed, seconds: Curve) -> tuple[Curve, NDArray[np.float64]]:
    """K-weighted energies of the first seconds, and each partial's share of them: shapes (n,) and (n, partials)."""
    energy = weighed.power * -np.expm1(-weighed.rate * seconds[:, None]) / weighed.rate
    total = energy.sum(axis=1)
    ends = np.exp(weighed.pole * seconds[:, None])
    apart = ((ends @ weighed.overlap) * ends.conj()).sum(axis=1).real
    together = float(weighed.overlap.sum().real) - apart
    return total - energy[:, weighed.strongest].sum(axis=1) + together, energy / total[:, None]


@lru_cache(maxsize=1024)
def _unit_energy(instrument: str, pitch: int, bucket: int) -> float:
    """The energy of a note's first second as its partials are."""
    return float(_energies(_weighed(instrument, pitch, bucket), np.ones(1))[0][0])


def heard_energy(key: Sounding, seconds: Curve) -> tuple[Curve, NDArray[np.float64], Curve]:
    """A note's K-weighted energies in so many first seconds each, in units of the bank's; shape (n,).

    With them the partials' shares, shape (n, partials), and frequencies in Hz. The shortest of the seconds should be
    longer than the attack.
    """
    weighed = _weighed(key.instrument, key.pitch, key.velocity)
    lost_s = 0.6 * key.attack / SAMPLE_RATE
    energies, shares = _energies(weighed, np.append(seconds, lost_s))
    lost = energies[-1] if lost_s > 0.01 else 0.0
    heard = 10.0 ** (tilt_db(key.pitch) / 10.0) / _unit_energy(key.instrument, key.pitch, key.velocity)
    return heard * (energies[:-1] - lost), shares[:-1], weighed.frequency


def weighted_waves(key: Sounding) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """The poles of a note's strongest partials, and their K-weighted amplitudes left and right as the bank has them."""
    weighed = _weighed(key.instrument, key.pitch, key.velocity)
    unit = amplitude(tilt_db(key.pitch)) / math.sqrt(_unit_energy(key.instrument, key.pitch, key.velocity))
    return weighed.pole, unit * weighed.waves
