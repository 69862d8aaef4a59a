"""Pairs of sounds that are hard to cross over, and what a crossfade made of them."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from focuscli.loudness.meter import LoudnessMeter, integrated_loudness
from focuscli.model import Segment
from focuscli.playback.prepare import Prepared, prepare
from focuscli.playback.seam import Seam, join
from focuscli.playback.timeline import Following, Next, NoMore, Timeline
from focuscli.units import SAMPLE_RATE

Samples = npt.NDArray[np.float32]

FADE_S = 8.0
BODY_S = 6.0
"""Of each sound, beside the overlap."""
LENGTH = round((FADE_S + BODY_S) * SAMPLE_RATE)
LEVEL = 0.05

_CHORD_HZ = 110.0 * 2.0 ** (np.array([0, 7, 12, 16, 19, 23, 26]) / 12.0)
_PARTIALS = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sounds of shape (LENGTH, 2): the last FADE_S of the one lie over the first of the other."""

    name: str
    outgoing: Samples
    incoming: Samples


def pink(frames: int, seed: int) -> Samples:
    """Noise with as much power in every octave, from 20 Hz; shape (frames, 2), RMS 1."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal((frames, 2)), axis=0)
    frequency = np.fft.rfftfreq(frames, 1 / SAMPLE_RATE)
    spectrum *= np.where(frequency > 20.0, 1.0 / np.sqrt(np.maximum(frequency, 20.0)), 0.0)[:, None]
    noise = np.fft.irfft(spectrum, frames, axis=0)
    return np.asarray(noise / np.sqrt(np.square(noise).mean(axis=0)), dtype=np.float32)


def related(correlation: float, seed: int) -> Pair:
    """Pink noises whose overlap has that correlation."""
    fade = round(FADE_S * SAMPLE_RATE)
    first, other = pink(LENGTH, 2 * seed), pink(LENGTH, 2 * seed + 1)
    common = np.roll(first, fade - LENGTH, axis=0)  # its last FADE_S come first
    second = np.float32(correlation) * common + np.float32(np.sqrt(1.0 - correlation**2)) * other
    level = np.float32(LEVEL)
    return Pair(f"noise, r = {correlation:g}", level * first, level * second)


def drones(detune_percent: float, seed: int) -> Pair:
    """Seven notes of four partials each: one chord twice, with other phases and a little out of tune."""
    random = np.random.default_rng(seed)
    one = _drone(_CHORD_HZ, random)
    other = _drone(_CHORD_HZ * (1.0 + 0.01 * detune_percent * random.choice([-1.0, 1.0], len(_CHORD_HZ))), random)
    return Pair(f"one chord, {detune_percent:g} % out of tune", one, other)


def _drone(notes_hz: npt.NDArray[np.float64], random: np.random.Generator) -> Samples:
    time = np.arange(LENGTH) / SAMPLE_RATE
    wave = np.zeros(LENGTH)
    for hertz in notes_hz:
        for partial in range(1, _PARTIALS + 1):
            wave += np.sin(2.0 * np.pi * (hertz * partial * time + random.random())) / partial
    return np.repeat((LEVEL * wave / np.sqrt(np.square(wave).mean()))[:, None], 2, axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Announced:
    """A sound as an engine announces it; `target_lufs` None leaves its level as it is."""

    sound: Samples
    fade_in_s: float = FADE_S
    fade_out_s: float = FADE_S
    target_lufs: float | None = None

    def prepared(self, folder: Path, index: int) -> Prepared:
        """Written to a file, fetched and measured, as in the player."""
        file = folder / f"{index}.wav"
        soundfile.write(file, self.sound, SAMPLE_RATE, subtype="FLOAT")
        target = float(integrated_loudness(self.sound)) if self.target_lufs is None else self.target_lufs
        length_s = len(self.sound) / SAMPLE_RATE
        return prepare(
            file, Segment(index, "", length_s, target, round(1000 * self.fade_in_s), round(1000 * self.fade_out_s))
        )


def played(segments: list[Announced]) -> tuple[Samples, list[Seam]]:
    """The segments one after the other through the player's own timeline, and the seams that it made."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = [segment.prepared(Path(folder), index) for index, segment in enumerate(segments)]
        ways = list(_ways(prepared))

        def following(index: int, _at_seam: bool) -> Following:
            return ways[index] if index < len(ways) else NoMore()

        with closing(Timeline(prepared[0], 0, following, lambda _turn: None)) as timeline:
            blocks = _all_of(timeline)
    return np.concatenate(blocks), [way.seam for way in ways]


def _ways(prepared: list[Prepared]) -> Iterator[Next]:
    before = prepared[0]
    for incoming in prepared[1:]:
        seam, before = join(before, incoming)
        yield Next(before, seam)


def _all_of(timeline: Timeline) -> list[Samples]:
    blocks = []
    while len(block := timeline.read(1 << 14)):
        blocks.append(block)
    return blocks


def crossed(pair: Pair) -> tuple[Samples, Seam]:
    """What the player makes of a pair."""
    sound, (seam,) = played([Announced(pair.outgoing), Announced(pair.incoming)])
    return sound, seam


def momentary(sound: Samples) -> npt.NDArray[np.float64]:
    """Loudness of every 400 ms in LUFS, every 10 ms."""
    meter = LoudnessMeter()
    meter.push(sound)
    return meter.momentary()


def strays(pair: Pair, made: Samples, leaves_at: int, enters_at: int, fade_frames: int) -> tuple[float, float]:
    """How far the momentary loudness of a crossfade lies below and above what it should be, in LU.

    That is the straight line in dB between what the two sounds have at the place, along the fade's own course.
    """
    loud, hop = momentary(made), SAMPLE_RATE // 100
    starts = np.arange(len(loud)) * hop
    middles = starts + 20 * hop
    parts = [(momentary(pair.outgoing), starts), (momentary(pair.incoming), starts - (leaves_at - enters_at))]
    one, other = (np.interp(places / hop, np.arange(len(part)), part) for part, places in parts)
    share = np.sin(0.5 * np.pi * np.clip((middles - leaves_at) / fade_frames, 0.0, 1.0)) ** 2
    within = (middles > leaves_at) & (middles < leaves_at + fade_frames)
    errors = (loud - (1.0 - share) * one - share * other)[within]
    return float(errors.min()), float(errors.max())
