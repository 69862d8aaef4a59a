"""The mix: one block of the absolute grid, every part summed into its stem and the stems into the bus.

The room and the dark half of the pad are mixed at a quarter of the sample rate, what else has a pitch and the beds at
half of it, each with a margin of one control cell at either end so that the block can be brought to the next rate;
the drums are added at the full one.
"""

import math
from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from focuscli.music import rates
from focuscli.music.bank import Bank
from focuscli.music.character import character_of, seed_of
from focuscli.music.cues import Cue, cues_of
from focuscli.music.events import Held, Push
from focuscli.music.motion import drone_gain, modulation_depth, pad_brightness, pad_gain, room_level, texture_gain
from focuscli.music.pads import BRIGHT, DARK, Layer, Pads, drone_table, evened
from focuscli.music.reverb import BLOCK, MARGIN, ROOM_BLOCK, convolve, room_of
from focuscli.music.score import score_of
from focuscli.music.signals import (
    CONTROL,
    STRIP,
    TONE_CONTROL,
    TONE_RATE,
    Curve,
    Signal,
    points_of,
    raised_cosine,
    strips,
    upsample,
)
from focuscli.music.tempo import MODULATION_HZ, Phrase, phrases_between
from focuscli.music.texture import lay
from focuscli.music.timbres import Timbre, stirred, strayed, timbre_of
from focuscli.music.timeline import Piece
from focuscli.units import SAMPLE_RATE

SENDS = {"tonal": 0.62, "drums": 0.2, "low": 0.0, "thud": 0.0, "dry": 0.0}
"""How much of each stem goes into the room."""

_EDGE = TONE_CONTROL
"""The margin of a block at the tones' rate."""
_FRAMES = BLOCK // 2 + 2 * _EDGE
_ROOM_EDGE = _EDGE // 2
_ROOM_FRAMES = _FRAMES // 2
_TRIMMED = 8
"""Frames of the margin at the room's rate that are given up to reach the tones' rate."""
_LONGEST_S = 7.0
"""No note sounds longer."""
_KEPT_SENDS = 4

_BANK, _PADS = Bank(), Pads()
"""Shared by all sessions of a process: no sound depends on a session."""


class Mixer:
    """The blocks of one session's bus, before gain and limiter; one thread at a time."""

    def __init__(self, piece: Piece) -> None:
        self._piece = piece
        self._seed = seed_of(piece)
        self._character = character_of(piece)
        self._room = room_of(self._character.room_s)
        self._tones = np.empty((2, _FRAMES), np.float32)
        self._dark = np.empty((2, _ROOM_FRAMES), np.float32)
        self._ground = np.zeros((2, _ROOM_FRAMES), np.float32)
        self._send = np.empty(_FRAMES, np.float32)
        self._scratch = np.empty(max(_FRAMES, STRIP), np.float32)
        self._sent: OrderedDict[int, Signal] = OrderedDict()
        self._cues: dict[str, list[Cue]] = {}

    def bus(self, block: int) -> Signal:
        """The block's frames, shape (2, BLOCK): a pure function of the piece and the block's number."""
        before = self._sent_by(block - 1)
        here = self._fill(block)
        tones = self._tones
        self._dark[:, _ROOM_EDGE - MARGIN : MARGIN - _ROOM_EDGE] += convolve(self._room, before, here)
        if self._character.bass == "drone":
            self._dark += self._ground
        tones[:, 2 * _TRIMMED : -2 * _TRIMMED] += rates.double(self._dark, _TRIMMED)
        times = _tone_times(block)
        self._modulate(block, times)
        for cue in self._cues["low"]:
            self._sound(cue, block)
        for cue in self._cues["thud"]:
            self._add_half(self._tones, cue, block, (cue.left, cue.right))
        textures = self._character.textures
        for place, kind in enumerate(textures):
            gains = upsample(
                texture_gain(self._piece, times, place, len(textures)), self._scratch[:_FRAMES], TONE_CONTROL
            )
            lay(tones, block * BLOCK // 2 - _EDGE, kind, gains, self._seed)
        bus = rates.double(tones, _EDGE)
        for cue in (*self._cues["drums"], *self._cues["dry"]):
            self._strike(bus, cue, block)
        return bus

    def _modulate(self, block: int, times: Curve) -> None:
        """Raised-cosine dips in phase with absolute time, which the beat grid of `focus` shares."""
        depth = -modulation_depth(self._piece, times)
        if depth.min() == 0.0:
            return
        place = (block * BLOCK // 2 - _EDGE) % _PERIOD
        for strip in strips(_FRAMES):
            dips = upsample(depth[points_of(strip, TONE_CONTROL)], self._scratch[strip], TONE_CONTROL)
            dips *= _cycles()[place + strip.start : place + strip.stop]
            dips += np.float32(1.0)
            self._tones[:, strip] *= dips

    def _sent_by(self, block: int) -> Signal:
        if block < 0:
            return np.zeros(ROOM_BLOCK, np.float32)
        if block not in self._sent:
            self._fill(block)
        return self._sent[block]

    def _fill(self, block: int) -> Signal:
        """Lay down what a block sends into the room, and return that: shape (ROOM_BLOCK,).

        Pads and tones are left in their arrays; bass and drums wait in `_cues`.
        """
        self._dark.fill(0.0)
        self._tones.fill(0.0)
        self._hold_pad(block)
        self._cues = {stem: [] for stem in SENDS}
        for cue in self._sounding(block):
            self._cues[cue.stem].append(cue)
        for cue in self._cues["tonal"]:
            self._sound(cue, block)
        np.add(self._tones[0], self._tones[1], out=self._send)
        self._send *= np.float32(0.5 * SENDS["tonal"])
        for cue in self._cues["drums"]:
            self._add_half(self._send[None], cue, block, (0.5 * SENDS["drums"] * (cue.left + cue.right),))
        sent = rates.halve(self._send, _EDGE)
        inner = self._dark[:, _ROOM_EDGE:-_ROOM_EDGE]
        sent += (inner[0] + inner[1]) * np.float32(0.5 * SENDS["tonal"])
        levels = room_level(self._piece, control_times(block))
        sent *= upsample(levels, self._scratch[:ROOM_BLOCK], CONTROL * ROOM_BLOCK // BLOCK)
        self._sent[block] = sent
        if len(self._sent) > _KEPT_SENDS:
            self._sent.popitem(last=False)
        return sent

    def _sounding(self, block: int) -> Iterator[Cue]:
        """What sounds in a block, its margins included."""
        start, stop = block * BLOCK - CONTROL, (block + 1) * BLOCK + CONTROL
        for phrase in self._phrases(block):
            for cue in cues_of(self._piece, phrase):
                if cue.start < stop and cue.stop > start:
                    yield cue

    def _phrases(self, block: int) -> tuple[Phrase, ...]:
        """All that may sound in a block: notes ring on, and the next phrase's chord begins to rise early."""
        since = max(0, block * BLOCK - round(_LONGEST_S * SAMPLE_RATE))
        return phrases_between(
            self._piece, since, (block + 1) * BLOCK + round(self._character.crossfade_s * SAMPLE_RATE)
        )

    def _sound(self, cue: Cue, block: int) -> None:
        """Add what falls into a block of one pitched sound."""
        begin = block * BLOCK // 2 - _EDGE
        cue_start, cue_stop, release_at = cue.start // 2, cue.stop // 2, cue.release_at // 2
        first, last = max(begin, cue_start), min(begin + _FRAMES, cue_stop)
        if last <= first:
            return
        sound = _BANK.tone(cue.sounding)
        released = max(first, release_at)
        piece = self._scratch[: last - first]
        for channel, gain in enumerate((cue.left, cue.right)):
            np.multiply(sound[channel, first - cue_start : last - cue_start], np.float32(gain), out=piece)
            if last > released:
                ending = _release(cue_stop - release_at)
                piece[released - first :] *= ending[released - release_at : last - release_at]
            self._tones[channel, first - begin : last - begin] += piece

    def _add_half(self, out: Signal, cue: Cue, block: int, gains: tuple[float, ...]) -> None:
        """Add what falls into a block of a drum's mean at the tones' rate to each row of `out`."""
        begin, start = block * BLOCK // 2 - _EDGE, cue.start // 2 - rates.REACH
        sound = _BANK.strike(cue.sounding).half
        first, last = max(begin, start), min(begin + _FRAMES, start + len(sound))
        if last > first:
            for row, gain in zip(out, gains, strict=True):
                row[first - begin : last - begin] += sound[first - start : last - start] * np.float32(gain)

    def _strike(self, bus: Signal, cue: Cue, block: int) -> None:
        """Add what falls into a block of a drum."""
        begin = block * BLOCK
        first, last = max(begin, cue.start), min(begin + BLOCK, cue.stop)
        if last <= first:
            return
        sound = _BANK.strike(cue.sounding).dry[:, first - cue.start : last - cue.start]
        bus[:, first - begin : last - begin] += sound * np.array(((cue.left,), (cue.right,)), np.float32)

    def _hold_pad(self, block: int) -> None:
        is_drone = self._character.bass == "drone"
        voices, drone = slice(1 if is_drone else 0, None), slice(1)
        scores = [score_of(self._piece, phrase) for phrase in self._phrases(block)]
        times = _tone_times(block)
        brightness = pad_brightness(self._piece, times)
        dark = pad_gain(self._piece, times, brightness)
        if self._character.pump:
            dark = dark * self._pushed(block, [push for score in scores for push in score.pushes])
        bright = brightness * dark
        if is_drone:
            self._ground.fill(0.0)
            ground = drone_gain(self._piece, times)
        frames, crossfade = SAMPLE_RATE * times, SAMPLE_RATE * self._character.crossfade_s
        for held in (chord for score in scores for chord in score.chords):
            if held.start - 0.5 * crossfade > frames[-1] or held.stop + 0.5 * crossfade < frames[0]:
                continue
            rise, fall = _held_fades(held, frames, self._piece.frames, crossfade)
            sounding_points = np.nonzero(rise * fall)[0]
            if len(sounding_points):
                reach = slice(max(0, int(sounding_points[0]) - 1), int(sounding_points[-1]) + 2)
                fade = _crossfade(held, voices, rise, fall)
                tables = _PADS.tables(held.pitches[voices], self._timbre(held))
                self._add_table(self._dark, DARK, tables[0], (dark * fade)[reach], block, reach.start)
                self._add_table(self._tones, BRIGHT, tables[1], (bright * fade)[reach], block, reach.start)
                if is_drone:
                    gain = ground * _crossfade(held, drone, rise, fall)
                    table = drone_table(held.pitches[0])
                    self._add_table(self._ground, DARK, table, gain[reach], block, reach.start)

    def _timbre(self, held: Held) -> Timbre:
        """How a chord of the pad sounds."""
        character = self._character
        timbre = timbre_of(character.pads, held.timbre, self._seed)
        timbre = evened(timbre, character.pad_centre, character.pad_upper_db)
        timbre = timbre._replace(wide_hz=character.pad_wide_hz, dark_hz=character.pad_dark_hz)
        if character.pad_strays:
            timbre = strayed(timbre, character.pad_strays * self._piece.divergence, self._seed, held.timbre)
        return stirred(timbre, self._seed, held.start) if character.pad_stirs else timbre

    def _add_table(self, stem: Signal, layer: Layer, table: Signal, gains: Curve, block: int, point: int) -> None:
        """Add a periodic table, read at the absolute frame, from a control point of the block on."""
        cell = CONTROL * layer.rate // SAMPLE_RATE
        offset = point * cell
        begin = (block * BLOCK // CONTROL - 1) * cell + offset
        piece = self._scratch[STRIP // 2 : STRIP]
        for strip in strips((len(gains) - 1) * cell, STRIP // 2):
            curve = upsample(gains[points_of(strip, cell)], self._scratch[: strip.stop - strip.start], cell)
            place = strip.start
            while place < strip.stop:
                at = (begin + place) % layer.frames
                count = min(strip.stop - place, layer.frames - at)
                gain = curve[place - strip.start : place - strip.start + count]
                for channel in range(2):
                    np.multiply(table[channel, at : at + count], gain, out=piece[:count])
                    stem[channel, offset + place : offset + place + count] += piece[:count]
                place += count

    def _pushed(self, block: int, pushes: list[Push]) -> Curve:
        """What the kick leaves of the pad at each control point."""
        left = np.ones(_FRAMES // TONE_CONTROL + 1)
        if pushes:
            starts, strengths = np.array(pushes).T
            places = (starts - block * BLOCK) / CONTROL + 1.0
            points = np.rint(places).astype(np.int64)[:, None] + np.arange(-2, 40)
            since = points - places[:, None]
            shapes = np.where(since < 0.0, np.clip(1.0 + 0.5 * since, 0.0, 1.0), np.exp(-since / 11.0))
            pushed = 1.0 - self._character.pump * np.minimum(1.0, strengths)[:, None] * shapes
            inside = (points >= 0) & (points < len(left))
            np.minimum.at(left, points[inside], pushed[inside])
        return left


def control_times(block: int) -> Curve:
    """The control points of a block in seconds, both ends included."""
    times: Curve = (block * BLOCK + CONTROL * np.arange(BLOCK // CONTROL + 1)) / SAMPLE_RATE
    return times


def _tone_times(block: int) -> Curve:
    """The control points of a block and its margins in seconds; before the session its first instant."""
    times: Curve = (block * BLOCK + CONTROL * np.arange(-1, BLOCK // CONTROL + 2)) / SAMPLE_RATE
    return np.maximum(times, 0.0)


def _held_fades(held: Held, frames: Curve, end: int, crossfade: float) -> tuple[Curve, Curve]:
    """A chord's beginning and end: raised cosines of so many frames that meet in the middle.

    Their sum is one, and even their square roots end without a drop that could be heard.
    """
    width = min(crossfade, 0.55 * (held.stop - held.start))
    begun = (frames - held.start) / width + 0.5 if held.start > 0 else np.ones(len(frames))
    left = (held.stop - frames) / width + 0.5 if held.stop < end else np.ones(len(frames))
    rise, fall = (np.sin(0.5 * np.pi * np.clip(share, 0.0, 1.0)) ** 2 for share in (begun, left))
    return rise, fall


def _crossfade(held: Held, voices: slice, rise: Curve, fall: Curve) -> Curve:
    """The envelope of some voices of a chord, each end at the power that suits what they have in common."""
    before, here, after = held.before[voices], held.pitches[voices], held.after[voices]
    envelope: Curve = rise ** _power(before, here) * fall ** _power(here, after)
    return envelope


def _power(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The power of the fades of a crossfade: 1 for the same tones, which meet in phase, ½ for strange ones.

    Half way a share c of common tones has the power c (2a)² + (1 - c) 2a² of one side's, which is 1 for a = ½^p with
    p = ½ + ½ log2(1 + c).
    """
    common = len(set(one) & set(other)) / max(1, len(one), len(other))
    return 0.5 + 0.5 * math.log2(1.0 + common)


@lru_cache(maxsize=8)
def _release(frames: int) -> Signal:
    return np.ascontiguousarray(1.0 - raised_cosine(frames))


_PERIOD = TONE_RATE // MODULATION_HZ


@lru_cache(maxsize=1)
def _cycles() -> Signal:
    """(1 - cos)/2 at 16 Hz for a block that may begin anywhere in a cycle."""
    cycle = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(_PERIOD) / _PERIOD)
    return np.tile(cycle, _FRAMES // _PERIOD + 2).astype(np.float32)
