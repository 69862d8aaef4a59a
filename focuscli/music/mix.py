"""The mix: one block of the absolute grid, every part summed into its stem and the stems into the bus."""

from collections import OrderedDict
from functools import lru_cache

import numpy as np

from focuscli.music.bank import Bank
from focuscli.music.character import character_of, seed_of
from focuscli.music.cues import Cue, cues_of
from focuscli.music.events import Held, PhraseScore, Push
from focuscli.music.motion import modulation_depth, pad_brightness, pad_gain, texture_gain
from focuscli.music.pads import Pads, timbre_of
from focuscli.music.reverb import BLOCK, convolve, halve, room_of
from focuscli.music.score import score_of
from focuscli.music.signals import CONTROL, STRIP, Curve, Signal, points_of, raised_cosine, strips, upsample
from focuscli.music.tempo import MODULATION_HZ, Phrase, phrases_between
from focuscli.music.texture import lay
from focuscli.music.timeline import Piece
from focuscli.units import SAMPLE_RATE, amplitude

SENDS = {"tonal": 0.62, "drums": 0.3, "low": 0.0}
"""How much of each stem goes into the room."""

_STEMS = tuple(SENDS)
_LONGEST_S = 7.0
"""No note sounds longer."""
_CROSSFADE_S = 2.4
_CROSSFADE_POWER = 0.75
"""1 suits tones that two chords have in common, 0.5 strange ones; about half are common."""
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
        self._stems = {stem: np.empty((2, BLOCK), np.float32) for stem in _STEMS}
        self._scratch = np.empty(BLOCK, np.float32)
        self._sends: OrderedDict[int, Signal] = OrderedDict()

    def bus(self, block: int) -> Signal:
        """The block's frames, shape (2, BLOCK): a pure function of the piece and the block's number."""
        before = self._send(block - 1)
        here = self._send_of_stems(block)
        bus = convolve(self._room, before, here)
        bus += self._stems["tonal"]
        times = control_times(block)
        self._modulate(bus, block, times)
        bus += self._stems["low"]
        bus += self._stems["drums"]
        textures = self._character.textures
        for place, kind in enumerate(textures):
            gains = upsample(texture_gain(self._piece, times, place, len(textures)), self._scratch)
            lay(bus, block * BLOCK, kind, gains, self._seed)
        return bus

    def _modulate(self, tonal: Signal, block: int, times: Curve) -> None:
        """Raised-cosine dips in phase with absolute time, which the beat grid of `focus` shares."""
        depth = -modulation_depth(self._piece, times)
        if depth.min() == 0.0:
            return
        place = block * BLOCK % (SAMPLE_RATE // MODULATION_HZ)
        for strip in strips(BLOCK):
            dips = upsample(depth[points_of(strip)], self._scratch[strip])
            dips *= _cycles()[place + strip.start : place + strip.stop]
            dips += np.float32(1.0)
            tonal[:, strip] *= dips

    def _send(self, block: int) -> Signal:
        if block < 0:
            return np.zeros(BLOCK // 2, np.float32)
        if block not in self._sends:
            self._send_of_stems(block)
        return self._sends[block]

    def _send_of_stems(self, block: int) -> Signal:
        """Fill the stems of a block and keep what they send into the room, mono at half the rate."""
        self._fill(block)
        send = np.zeros(BLOCK, np.float32)
        for stem, share in SENDS.items():
            if share:
                gain = np.float32(0.5 * share * amplitude(self._character.levels.room))
                for strip in strips(BLOCK):
                    left, right = self._stems[stem][:, strip]
                    mono = np.add(left, right, out=self._scratch[strip])
                    mono *= gain
                    send[strip] += mono
        self._sends[block] = halve(send)
        if len(self._sends) > _KEPT_SENDS:
            self._sends.popitem(last=False)
        return self._sends[block]

    def _fill(self, block: int) -> None:
        """Every stem of a block."""
        start, stop = block * BLOCK, (block + 1) * BLOCK
        for stem in self._stems.values():
            stem.fill(0.0)
        phrases = self._phrases(start, stop)
        self._hold_pad(start, [score_of(self._piece, phrase) for phrase in phrases])
        for phrase in phrases:
            for cue in cues_of(self._piece, phrase):
                if cue.start < stop and cue.stop > start:
                    self._add(cue, start, stop)

    def _phrases(self, start: int, stop: int) -> tuple[Phrase, ...]:
        """All that may sound in a block: notes ring on, and the next phrase's chord begins to rise early."""
        since = max(0, start - round(_LONGEST_S * SAMPLE_RATE))
        return phrases_between(self._piece, since, stop + round(_CROSSFADE_S * SAMPLE_RATE))

    def _add(self, cue: Cue, start: int, stop: int) -> None:
        """Add what falls between start and stop of one sound."""
        first, last = max(start, cue.start), min(stop, cue.stop)
        sound = _BANK.sound(cue.sounding)
        stem = self._stems[cue.stem]
        released = max(first, cue.release_at)
        for channel, gain in enumerate((cue.left, cue.right)):
            piece = self._scratch[: last - first]
            np.multiply(sound[channel, first - cue.start : last - cue.start], np.float32(gain), out=piece)
            if last > released:
                ending = _release(cue.stop - cue.release_at)
                piece[released - first :] *= ending[released - cue.release_at : last - cue.release_at]
            stem[channel, first - start : last - start] += piece

    def _hold_pad(self, start: int, scores: list[PhraseScore]) -> None:
        times = control_times(start // BLOCK)
        dark = pad_gain(self._piece, times)
        bright = pad_brightness(self._piece, times) * dark
        ducking = self._pushed(start, [push for score in scores for push in score.pushes])
        for held in (chord for score in scores for chord in score.chords):
            fade = _held_fade(held, SAMPLE_RATE * times, self._piece.frames)
            sounding_points = np.nonzero(fade)[0]
            if len(sounding_points):
                reach = slice(max(0, int(sounding_points[0]) - 1), int(sounding_points[-1]) + 2)
                timbre = timbre_of(self._character.pads, held.timbre, self._seed)
                tables = _PADS.tables(held.pitches, timbre)
                for table, gain in zip(tables, (dark, bright), strict=True):
                    self._add_table(table, (gain * fade * ducking)[reach], start, reach.start * CONTROL)

    def _add_table(self, table: Signal, gains: Curve, start: int, offset: int) -> None:
        """Add a periodic table, read at the absolute frame, from `offset` on."""
        stem = self._stems["tonal"]
        frames = table.shape[1]
        for strip in strips((len(gains) - 1) * CONTROL):
            curve = upsample(gains[points_of(strip)], self._scratch[: strip.stop - strip.start])
            place = strip.start
            while place < strip.stop:
                at = (start + offset + place) % frames
                count = min(strip.stop - place, frames - at)
                for channel in range(2):
                    piece = self._scratch[STRIP : STRIP + count]
                    gain = curve[place - strip.start : place - strip.start + count]
                    np.multiply(table[channel, at : at + count], gain, out=piece)
                    stem[channel, offset + place : offset + place + count] += piece
                place += count

    def _pushed(self, start: int, pushes: list[Push]) -> Curve:
        """What the kick leaves of the pad at each control point."""
        left = np.ones(BLOCK // CONTROL + 1)
        if self._character.pump == 0.0:
            return left
        for push in pushes:
            place = (push.start - start) / CONTROL
            first, last = max(0, round(place) - 2), min(len(left), round(place) + 40)
            if last > first:
                since = np.arange(first, last) - place
                shape = np.where(since < 0.0, np.clip(1.0 + 0.5 * since, 0.0, 1.0), np.exp(-since / 11.0))
                pushed = 1.0 - self._character.pump * min(1.0, push.strength) * shape
                left[first:last] = np.minimum(left[first:last], pushed)
        return left


def control_times(block: int) -> Curve:
    """The control points of a block in seconds, both ends included."""
    times: Curve = (block * BLOCK + CONTROL * np.arange(BLOCK // CONTROL + 1)) / SAMPLE_RATE
    return times


def _held_fade(held: Held, frames: Curve, end: int) -> Curve:
    """A chord's own envelope: straight crossfades that meet in the middle of its ends."""
    width = min(_CROSSFADE_S * SAMPLE_RATE, 0.55 * (held.stop - held.start))
    rise = np.clip((frames - held.start) / width + 0.5, 0.0, 1.0) if held.start > 0 else np.ones(len(frames))
    fall = np.clip((held.stop - frames) / width + 0.5, 0.0, 1.0) if held.stop < end else np.ones(len(frames))
    fade: Curve = (rise * fall) ** _CROSSFADE_POWER
    return fade


@lru_cache(maxsize=8)
def _release(frames: int) -> Signal:
    return np.ascontiguousarray(1.0 - raised_cosine(frames))


@lru_cache(maxsize=1)
def _cycles() -> Signal:
    """(1 - cos)/2 at 16 Hz for a block that may begin anywhere in a cycle."""
    period = SAMPLE_RATE // MODULATION_HZ
    cycle = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(period) / period)
    return np.tile(cycle, BLOCK // period + 2).astype(np.float32)
