"""The gain of the whole mix, predicted from the score: no audio is looked at, so every process agrees.

Each note's K-weighted energy is known from its partials, the pad's and the textures' from their unit tables,
the room's answer from its power response. Summed in cells of two absolute seconds and smoothed over a window
that is shorter near the ends and for short segments, they give the gain that lands on the planned loudness.
"""

import math
from functools import lru_cache

import numpy as np

from focuscli.music.arc import tail_s
from focuscli.music.bank import Sounding, heard_energy
from focuscli.music.character import character_of
from focuscli.music.cues import cues_of
from focuscli.music.curves import smoothstep
from focuscli.music.drumkit import DRUMS
from focuscli.music.form import section_at
from focuscli.music.mix import SENDS
from focuscli.music.motion import (
    drone_gain,
    expression,
    modulation_depth,
    pad_brightness,
    pad_gain,
    room_level,
    texture_gain,
)
from focuscli.music.palette import value
from focuscli.music.resonance import sounding_power
from focuscli.music.reverb import room_of
from focuscli.music.score import score_of
from focuscli.music.signals import Curve
from focuscli.music.tempo import Phrase, phrases_between
from focuscli.music.timeline import PLATEAU_LUFS, Piece, planned_level, spans
from focuscli.music.unison import meetings
from focuscli.music.weighting import OFFSET_LUFS
from focuscli.units import SAMPLE_RATE, amplitude

CELL_S = 2.0
_SHORTEST_WINDOW_S = 6.0
_LONGEST_WINDOW_S = 36.0
_MOST_DB = 30.0
_SHORT_S = 30.0
_MOST_TRIM_DB = 3.0
_LEVELLED, _MOST_LEVELLED_DB = 0.7, 2.5
"""The share of what is too far out that is taken back, and the most."""
_LEAD_IN_OVER_DB = 0.4
"""How much louder than its score says a lead-in is on average, measured: keys stand on the pad's own tones."""
_PARTS = ("keys", "lead", "bass", "drums")
_STRETCH = 16
"""Cells that are predicted together."""
_MONO_POWER = 0.45
"""Power of half the sum of two channels that are nearly alike, against the power of both."""
_DRUM_HZ = 3000.0
_BRIGHT_HZ = 1500.0
"""Where the power of a bright table lies."""
_CENTRE, _LATEST_S = 0.35, 1.4
"""Where the energy of a note and its reverberation lies: at this share of its length, but not later."""


def gain_db(piece: Piece, times: Curve) -> Curve:
    """The mix's gain in dB at absolute times (s): straight lines between the middles of cells."""
    first = math.floor(float(times[0]) / CELL_S - 0.5)
    last = math.ceil(float(times[-1]) / CELL_S - 0.5)
    cells = range(first, last + 1)
    middles = [(cell + 0.5) * CELL_S for cell in cells]
    curve: Curve = np.interp(times, middles, [_cell_gain_db(piece, cell) for cell in cells])
    return curve


def _last_cell(piece: Piece) -> int:
    """The closing chord is only faded, never lifted: its cells take the gain of the last one before."""
    return max(0, int((piece.duration_s - tail_s(piece.plain_goal, piece.duration_s)) / CELL_S) - 1)


@lru_cache(maxsize=2048)
def _cell_gain_db(piece: Piece, cell: int) -> float:
    middle = (cell + 0.5) * CELL_S
    trim_db = _lead_in_trim_db(piece)
    if trim_db:
        end = spans(piece)[0].stop / SAMPLE_RATE
        trim_db *= 1.0 - smoothstep(middle, end, end + 20.0)
    return min(_MOST_DB, _steady_gain_db(piece, cell) + trim_db)


def _steady_gain_db(piece: Piece, cell: int) -> float:
    """From the planned level and the power around a cell."""
    cell = min(max(0, cell), _last_cell(piece))
    wanted = PLATEAU_LUFS + planned_level(piece, (cell + 0.5) * CELL_S) - OFFSET_LUFS
    around_db = 10.0 * math.log10(_smoothed_power(piece, cell))
    return wanted + character_of(piece).levels.trim - around_db - _levelled_db(piece, cell, around_db)


def _levelled_db(piece: Piece, cell: int, around_db: float) -> float:
    """By how much a moment that stands out of its surroundings farther than its character allows is turned down.

    One that falls behind as far is turned up; a rest of everybody, which is meant, by no more than `_MOST_LEVELLED_DB`.
    """
    out_db = 10.0 * math.log10(_powers(piece, cell, cell + 1)[0]) - around_db
    over_db = max(0.0, abs(out_db) - character_of(piece).even_lu)
    return math.copysign(min(_MOST_LEVELLED_DB, _LEVELLED * over_db), out_db)


@lru_cache(maxsize=64)
def _lead_in_trim_db(piece: Piece) -> float:
    """A short first segment has no average to rely on: what its cells miss of their plan all together."""
    span = spans(piece)[0]
    if span.frames > _SHORT_S * SAMPLE_RATE:
        return 0.0
    wanted = heard = 0.0
    count = round(span.frames / SAMPLE_RATE / CELL_S)
    for cell, power in enumerate(_powers(piece, 0, count) + _met(piece, count)):
        gain_db = _steady_gain_db(piece, cell) - character_of(piece).levels.trim + OFFSET_LUFS
        wanted += 10.0 ** ((PLATEAU_LUFS + planned_level(piece, (cell + 0.5) * CELL_S)) / 10.0)
        heard += float(power) * 10.0 ** (gain_db / 10.0)
    return min(_MOST_TRIM_DB, max(-_MOST_TRIM_DB, 10.0 * math.log10(wanted / heard) - _LEAD_IN_OVER_DB))


def _met(piece: Piece, count: int) -> Curve:
    """What notes of one pitch add to each other in the first cells, shape (count,)."""
    cues = [cue for phrase in phrases_between(piece, 0, spans(piece)[0].stop) for cue in cues_of(piece, phrase)]
    powers = np.zeros(count)
    for second, energy in meetings(cues):
        if second < count * CELL_S:
            powers[int(second / CELL_S)] += energy / CELL_S
    middles = CELL_S * np.arange(0.5, count)
    met: Curve = powers * expression(piece, middles) ** 2
    return met


def _smoothed_power(piece: Piece, cell: int) -> float:
    """The mean power around a cell under a raised cosine."""
    middle = (cell + 0.5) * CELL_S
    window_s = min(_LONGEST_WINDOW_S, 0.3 * piece.segment_s, _SHORTEST_WINDOW_S + 0.8 * middle)
    reach = max(2, round(window_s / CELL_S))
    first, last = max(0, cell - reach), min(_last_cell(piece), cell + reach)
    weights = _bell(reach)[first - cell + reach : last - cell + reach + 1]
    return float((weights * _powers(piece, first, last + 1)).sum() / weights.sum())


@lru_cache(maxsize=64)
def _bell(reach: int) -> Curve:
    """The weights of the cells from `reach` before to `reach` after."""
    bell: Curve = np.cos(0.5 * math.pi * np.arange(-reach, reach + 1) / (reach + 1)) ** 2
    return bell


def _powers(piece: Piece, first: int, stop: int) -> Curve:
    """The powers of some cells, shape (stop - first,)."""
    stretches = range(first // _STRETCH, (stop - 1) // _STRETCH + 1)
    powers = np.concatenate([_stretch_powers(piece, number) for number in stretches])
    begin = stretches[0] * _STRETCH
    return powers[first - begin : stop - begin]


@lru_cache(maxsize=256)
def _stretch_powers(piece: Piece, number: int) -> Curve:
    """The predicted K-weighted power of one stretch of cells before the gain."""
    first = number * _STRETCH
    times = ((np.arange(first, first + _STRETCH)[:, None] + np.array([0.17, 0.5, 0.83])) * CELL_S).ravel()
    loudest = (expression(piece, times) ** 2).reshape(-1, 3).mean(axis=1)
    powers: Curve = sum(part_powers(piece, first, _STRETCH).values(), start=np.full(_STRETCH, 1e-12)) * loudest
    return powers


def part_powers(piece: Piece, first: int, count: int) -> dict[str, Curve]:
    """The power of each part in some cells, the room's answer counted with its part; each of shape (count,)."""
    start, stop = round(first * CELL_S * SAMPLE_RATE), round((first + count) * CELL_S * SAMPLE_RATE)
    powers = {part: np.zeros(count) for part in _PARTS}
    for phrase in phrases_between(piece, max(0, start - 4 * SAMPLE_RATE), stop + SAMPLE_RATE):
        begin, energies = _phrase_energies(piece, phrase)
        here = slice(max(0, begin - first), max(0, min(count, begin - first + energies.shape[1])))
        for part, energy in zip(_PARTS, energies, strict=True):
            powers[part][here] += energy[here.start + first - begin : here.stop + first - begin] / CELL_S
    times = ((np.arange(first, first + count)[:, None] + np.array([0.25, 0.75])) * CELL_S).ravel()
    dips = _mean_of_pairs(_kept_under_modulation(modulation_depth(piece, times)))
    for part in ("keys", "lead"):
        powers[part] *= dips
    powers["pad"] = _mean_of_pairs(_pad_power(piece, times)) * dips
    places = range(len(character_of(piece).textures))
    beds = [_mean_of_pairs(texture_gain(piece, times, place, len(places)) ** 2) for place in places]
    powers["texture"] = sum(beds, start=np.zeros(count))
    return powers


def _mean_of_pairs(values: Curve) -> Curve:
    means: Curve = 0.5 * (values[0::2] + values[1::2])
    return means


def _kept_under_modulation(depth: Curve) -> Curve:
    """The power that is left by raised-cosine dips: mean of (1 - d (1 - cos)/2)²."""
    kept: Curve = 1.0 - depth + 0.375 * depth**2
    return kept


def _pad_power(piece: Piece, times: Curve) -> Curve:
    character = character_of(piece)
    bright = pad_brightness(piece, times)
    gain = pad_gain(piece, times, bright)
    room = room_of(character.room_s)
    sent = SENDS["tonal"] * room_level(piece, times)
    bright_answer = _MONO_POWER * sent**2 * np.interp(_BRIGHT_HZ, room.frequencies, room.power)
    power: Curve = gain**2 * (_dark_power(piece, times, sent) + bright**2 * (1.0 + bright_answer))
    return power + drone_gain(piece, times) ** 2 if character.bass == "drone" else power


def _dark_power(piece: Piece, times: Curve, sent: Curve) -> Curve:
    """What the room makes of the chords of the dark half that are held at some times, in order, against unit power."""
    character = character_of(piece)
    start, stop = max(0, round(float(times[0]) * SAMPLE_RATE)), round(float(times[-1]) * SAMPLE_RATE) + 1
    power = np.ones(len(times))
    for held in (chord for phrase in phrases_between(piece, start, stop) for chord in score_of(piece, phrase).chords):
        first, last = np.searchsorted(times, (held.start / SAMPLE_RATE, held.stop / SAMPLE_RATE))
        voices = held.pitches[1:] if character.bass == "drone" else held.pitches
        power[first:last] = sounding_power(
            voices, character.room_s, character.pad_dark_hz, character.pad_wide_hz, sent[first:last]
        )
    return power


def _wet(piece: Piece, stem: str, section: int) -> float:
    """The power factor of a stem's send and the room's level together, to a fifth of a dB."""
    level = character_of(piece).levels.room + value(piece, "room", section)
    return float(amplitude(round(5.0 * level) / 5.0) * SENDS[stem]) ** 2


@lru_cache(maxsize=512)
def _phrase_energies(piece: Piece, phrase: Phrase) -> tuple[int, Curve]:
    """The energy of each part's notes by cell, each note's at the centre of its ringing: shape (parts, cells).

    With it comes the number of the first cell.
    """
    first = math.floor(phrase.start / SAMPLE_RATE / CELL_S) - 1
    energies = [[0.0] * (math.ceil((phrase.stop - phrase.start) / SAMPLE_RATE / CELL_S) + 6) for _ in _PARTS]
    room_s = character_of(piece).room_s
    number = section_at(piece, phrase.number).number
    sent = {stem: _wet(piece, stem, number) for stem in SENDS}
    rows = dict(zip(_PARTS, energies, strict=True))
    for start, stop, stem, part, key, left, right, release_at in cues_of(piece, phrase):
        length = _length_of(start, stop, release_at)
        units, answers = _unit_energies(key.instrument, key.pitch, key.velocity, key.attack, room_s)
        energy = 0.5 * (left * left + right * right) * units[length]
        energy *= 1.0 + _MONO_POWER * sent[stem] * answers[length]
        place = (start / SAMPLE_RATE + _CENTRES_S[length]) / CELL_S - 0.5 - first
        cell = int(place)
        row = rows[part]
        row[cell] += (1.0 - (place - cell)) * energy
        row[cell + 1] += (place - cell) * energy
    return first, np.array(energies)


_LENGTHS_S = np.exp2(np.arange(-30, 18) / 6.0)
"""Sixths of octaves from a thirtieth of a second to seven: few lengths are enough to know the energy."""
_CENTRES_S = np.minimum(_LATEST_S, _CENTRE * _LENGTHS_S).tolist()


def _length_of(start: int, stop: int, release_at: int) -> int:
    """How long a note sounds: until its release and the power of that (3/8); a place in `_LENGTHS_S`."""
    return _nearest_length(int(release_at - start + 0.375 * (stop - release_at)) >> 8)


@lru_cache(maxsize=2048)
def _nearest_length(cells: int) -> int:
    """The place of so many times 256 frames."""
    place = round(6.0 * math.log2((cells + 0.5) * 256 / SAMPLE_RATE)) + 30
    return min(max(0, place), len(_LENGTHS_S) - 1)


@lru_cache(maxsize=1024)
def _unit_energies(
    instrument: str, pitch: int, velocity: int, attack: int, room_s: float
) -> tuple[list[float], list[float]]:
    """A sound's energy at each of `_LENGTHS_S`, and the power with which the room answers to it."""
    room = room_of(room_s)
    if instrument in DRUMS:
        answer = float(np.interp(_DRUM_HZ, room.frequencies, room.power))
        return [1.0] * len(_LENGTHS_S), [answer] * len(_LENGTHS_S)
    key = Sounding(instrument, pitch, velocity, 0, attack)
    energies, shares, frequencies = heard_energy(key, _LENGTHS_S)
    return energies.tolist(), (shares @ np.interp(frequencies, room.frequencies, room.power)).tolist()
