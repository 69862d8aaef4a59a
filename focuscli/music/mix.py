"""The mix: one block of the absolute grid, every part summed into its stem and the stems into the bus."""

from collections import OrderedDict
from functools import lru_cache

import numpy as np

from focuscli.music.bank import Bank, release_frames, sounding
from focuscli.music.character import character_of, seed_of
from focuscli.music.drumkit import DRUMS
from focuscli.music.events import Held, Note, PhraseScore, Push
from focuscli.music.motion import modulation_depth, pad_brightness, pad_gain, texture_gain
from focuscli.music.pads import Pads, timbre_of
from focuscli.music.reverb import BLOCK, convolve, halve, room_of
from focuscli.music.score import score_of
from focuscli.music.signals import CONTROL, Curve, Signal, raised_cosine, upsample
from focuscli.music.tempo import MODULATION_HZ, phrases_between
from focuscli.music.texture import lay
from focuscli.music.timeline import Piece
from focuscli.units import SAMPLE_RATE, amplitude

SENDS = {"pad": 0.55, "keys": 0.6, "lead": 0.95, "drums": 0.3, "bass": 0.0}
"""How much of each part goes into the room."""

_STEMS = tuple(SENDS)
_LONGEST_S = 7.0
"""No note sounds longer."""
_CROSSFADE_S = 2.4
_STRIP = 65_536
"""Frames that stay in the processor's cache."""
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
        self._stems = np.empty((len(_STEMS), 2, BLOCK), np.float32)
        self._scratch = np.empty((2, BLOCK), np.float32)
        self._sends: OrderedDict[int, Signal] = OrderedDict()

    def bus(self, block: int) -> Signal:
        """The block's frames, shape (2, BLOCK): a pure function of the piece and the block's number."""
        before = self._send(block - 1)
        here = self._send_of_stems(block)
        stems = dict(zip(_STEMS, self._stems, strict=True))
        tonal = convolve(self._room, before, here)
        for part in ("pad", "keys", "lead"):
            tonal += stems[part]
        times = control_times(block)
        self._modulate(tonal, block, times)
        tonal += stems["bass"]
        tonal += stems["drums"]
        textures = self._character.textures
        for place, kind in enumerate(textures):
            gains = upsample(texture_gain(self._piece, times, place, len(textures)))
            lay(tonal, block * BLOCK, kind, gains, self._seed)
        return tonal

    def _modulate(self, tonal: Signal, block: int, times: Curve) -> None:
        """Raised-cosine dips in phase with absolute time, which the beat grid of `focus` shares."""
        depth = modulation_depth(self._piece, times)
        if depth.max() > 0.0:
            period = SAMPLE_RATE // MODULATION_HZ
            place = block * BLOCK % period
            dips = upsample(depth)
            dips *= _cycles()[place : place + BLOCK]
            tonal *= np.subtract(np.float32(1.0), dips, out=dips)

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
        strip = self._scratch[0]
        for part, stem in zip(_STEMS, self._stems, strict=True):
            if SENDS[part]:
                np.add(stem[0], stem[1], out=strip)
                strip *= np.float32(0.5 * SENDS[part] * amplitude(self._character.levels.room))
                send += strip
        self._sends[block] = halve(send)
        if len(self._sends) > _KEPT_SENDS:
            self._sends.popitem(last=False)
        return self._sends[block]

    def _fill(self, block: int) -> None:
        """Every stem of a block."""
        start, stop = block * BLOCK, (block + 1) * BLOCK
        scores = self._scores(start, stop)
        self._stems.fill(0.0)
        self._hold_pad(start, scores)
        for score in scores:
            for note in score.notes:
                if note.start < stop:
                    self._add_note(note, start, stop)

    def _scores(self, start: int, stop: int) -> list[PhraseScore]:
        margin = SAMPLE_RATE // 4
        since = max(0, start - round(_LONGEST_S * SAMPLE_RATE))
        return [score_of(self._piece, phrase) for phrase in phrases_between(self._piece, since, stop + margin)]

    def _add_note(self, note: Note, start: int, stop: int) -> None:
        key = sounding(note, self._character.attack_ms)
        frames, release = key.frames, 0
        if note.gate and note.instrument not in DRUMS:
            release = release_frames(note.instrument)
            frames = min(frames, note.gate + release)
        first, last = max(start, note.start), min(stop, note.start + frames)
        if last <= first:
            return
        sound = _BANK.sound(key)[:, first - note.start : last - note.start]
        stem = self._stems[_STEMS.index(note.part)]
        ending = _release(release) if release and note.gate + release <= key.frames else None
        for channel, gain in enumerate(_pan_gains(note.pan)):
            piece = self._scratch[channel, : last - first]
            np.multiply(sound[channel], np.float32(gain * note.amplitude), out=piece)
            if ending is not None and last > note.start + note.gate:
                since = max(first, note.start + note.gate)
                place = since - note.start - note.gate
                piece[since - first :] *= ending[place : place + last - since]
            stem[channel, first - start : last - start] += piece

    def _hold_pad(self, start: int, scores: list[PhraseScore]) -> None:
        times = control_times(start // BLOCK)
        dark = pad_gain(self._piece, times)
        bright = pad_brightness(self._piece, times) * dark
        ducking = self._pushed(start, [push for score in scores for push in score.pushes])
        for held in (chord for score in scores for chord in score.chords):
            fade = _held_fade(held, start + CONTROL * np.arange(len(times)), self._piece.frames)
            sounding_points = np.nonzero(fade)[0]
            if len(sounding_points):
                reach = slice(max(0, int(sounding_points[0]) - 1), int(sounding_points[-1]) + 2)
                timbre = timbre_of(self._character.pads, held.timbre, self._seed)
                tables = _PADS.tables(held.pitches, timbre)
                for table, gain in zip(tables, (dark, bright), strict=True):
                    self._add_table(table, (gain * fade * ducking)[reach], start, reach.start * CONTROL)

    def _add_table(self, table: Signal, gains: Curve, start: int, offset: int) -> None:
        """Add a periodic table, read at the absolute frame, from `offset` on."""
        curve = upsample(gains)
        stem = self._stems[_STEMS.index("pad")]
        place = 0
        while place < len(curve):
            at = (start + offset + place) % table.shape[1]
            count = min(len(curve) - place, table.shape[1] - at, _STRIP)
            for channel in range(2):
                piece = self._scratch[channel, :count]
                np.multiply(table[channel, at : at + count], curve[place : place + count], out=piece)
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
    fade: Curve = rise * fall
    return fade


def _pan_gains(pan: float) -> tuple[float, float]:
    """Equal power, unity in the middle."""
    angle = 0.25 * np.pi * (1.0 + max(-1.0, min(1.0, pan)))
    return float(np.sqrt(2.0) * np.cos(angle)), float(np.sqrt(2.0) * np.sin(angle))


@lru_cache(maxsize=8)
def _release(frames: int) -> Signal:
    return np.ascontiguousarray(1.0 - raised_cosine(frames))


@lru_cache(maxsize=1)
def _cycles() -> Signal:
    """(1 - cos)/2 at 16 Hz for a block that may begin anywhere in a cycle."""
    period = SAMPLE_RATE // MODULATION_HZ
    cycle = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(period) / period)
    return np.tile(cycle, BLOCK // period + 2).astype(np.float32)
