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
from focuscli.music.cues import Cue, cues_of
from focuscli.music.curves import smoothstep
from focuscli.music.drumkit import DRUMS
from focuscli.music.instruments import hertz
from focuscli.music.mix import SENDS
from focuscli.music.motion import expression, modulation_depth, pad_brightness, pad_gain, texture_gain
from focuscli.music.reverb import room_of
from focuscli.music.signals import Curve
from focuscli.music.tempo import Phrase, phrases_between
from focuscli.music.timeline import PLATEAU_LUFS, Piece, planned_level, spans
from focuscli.music.weighting import OFFSET_LUFS
from focuscli.units import SAMPLE_RATE, amplitude

CELL_S = 2.0
_SHORTEST_WINDOW_S = 6.0
_LONGEST_WINDOW_S = 36.0
_MOST_DB = 30.0
_SHORT_S = 30.0
_MOST_TRIM_DB = 3.0
_MONO_POWER = 0.45
"""Power of half the sum of two channels that are nearly alike, against the power of both."""
_DRUM_HZ = 3000.0
_PAD_MIDDLE = 1.3
"""Where the power of a dark table lies, against its centre."""
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


@lru_cache(maxsize=2048)
def _steady_gain_db(piece: Piece, cell: int) -> float:
    """From the planned level and the power around a cell."""
    cell = min(max(0, cell), _last_cell(piece))
    wanted = PLATEAU_LUFS + planned_level(piece, (cell + 0.5) * CELL_S) - OFFSET_LUFS
    return wanted + character_of(piece).levels.trim - 10.0 * math.log10(_smoothed_power(piece, cell))


@lru_cache(maxsize=64)
def _lead_in_trim_db(piece: Piece) -> float:
    """A short first segment has no average to rely on: what its cells miss of their plan all together."""
    span = spans(piece)[0]
    if span.frames > _SHORT_S * SAMPLE_RATE:
        return 0.0
    wanted = heard = 0.0
    for cell in range(round(span.frames / SAMPLE_RATE / CELL_S)):
        gain_db = _steady_gain_db(piece, cell) - character_of(piece).levels.trim + OFFSET_LUFS
        wanted += 10.0 ** ((PLATEAU_LUFS + planned_level(piece, (cell + 0.5) * CELL_S)) / 10.0)
        heard += cell_power(piece, cell) * 10.0 ** (gain_db / 10.0)
    return min(_MOST_TRIM_DB, max(-_MOST_TRIM_DB, 10.0 * math.log10(wanted / heard)))


def _smoothed_power(piece: Piece, cell: int) -> float:
    """The mean power around a cell under a raised cosine."""
    middle = (cell + 0.5) * CELL_S
    window_s = min(_LONGEST_WINDOW_S, 0.3 * piece.segment_s, _SHORTEST_WINDOW_S + 0.8 * middle)
    reach = max(2, round(window_s / CELL_S))
    total = weights = 1e-12
    for other in range(max(0, cell - reach), min(_last_cell(piece), cell + reach) + 1):
        weight = math.cos(0.5 * math.pi * (other - cell) / (reach + 1)) ** 2
        total += weight * cell_power(piece, other)
        weights += weight
    return total / weights


@lru_cache(maxsize=4096)
def cell_power(piece: Piece, cell: int) -> float:
    """The predicted K-weighted power of one cell before the gain."""
    times = (cell + np.array([0.17, 0.5, 0.83])) * CELL_S
    return sum(part_powers(piece, cell).values()) * float((expression(piece, times) ** 2).mean())


def part_powers(piece: Piece, cell: int) -> dict[str, float]:
    """The power of each part in one cell, the room's answer counted with its part."""
    start, stop = round(cell * CELL_S * SAMPLE_RATE), round((cell + 1) * CELL_S * SAMPLE_RATE)
    powers = {"keys": 0.0, "lead": 0.0, "bass": 0.0, "drums": 0.0}
    for phrase in phrases_between(piece, start - 4 * SAMPLE_RATE, stop + SAMPLE_RATE):
        for part, energy in _phrase_energies(piece, phrase).get(cell, {}).items():
            powers[part] += energy / CELL_S
    times = (cell + np.array([0.25, 0.75])) * CELL_S
    dips = float(_kept_under_modulation(modulation_depth(piece, times)).mean())
    for part in ("keys", "lead"):
        powers[part] *= dips
    powers["pad"] = _pad_power(piece, times) * dips
    textures = character_of(piece).textures
    powers["texture"] = sum(
        float((texture_gain(piece, times, place, len(textures)) ** 2).mean()) for place in range(len(textures))
    )
    return powers


def _kept_under_modulation(depth: Curve) -> Curve:
    """The power that is left by raised-cosine dips: mean of (1 - d (1 - cos)/2)²."""
    kept: Curve = 1.0 - depth + 0.375 * depth**2
    return kept


def _pad_power(piece: Piece, times: Curve) -> float:
    character = character_of(piece)
    gain, bright = pad_gain(piece, times), pad_brightness(piece, times)
    room = room_of(character.room_s)
    sent = _wet(piece, "tonal")
    answers = (
        _MONO_POWER
        * sent
        * np.interp([_PAD_MIDDLE * hertz(character.pad_centre), 1500.0], room.frequencies, room.power)
    )
    return float((gain**2 * (1.0 + answers[0] + bright**2 * (1.0 + answers[1]))).mean())


def _wet(piece: Piece, stem: str) -> float:
    """The power factor of a stem's send and the room's level together."""
    return float(amplitude(character_of(piece).levels.room) * SENDS[stem]) ** 2


@lru_cache(maxsize=512)
def _phrase_energies(piece: Piece, phrase: Phrase) -> dict[int, dict[str, float]]:
    """The energy of each part's notes by cell, each note's at the centre of its ringing."""
    character = character_of(piece)
    energies: dict[int, dict[str, float]] = {}
    for cue in cues_of(piece, phrase):
        seconds = _sounding_s(cue)
        unit = _unit_energy(cue.sounding, seconds, character.room_s, _wet(piece, cue.stem))
        place = (cue.start / SAMPLE_RATE + min(_LATEST_S, _CENTRE * seconds)) / CELL_S - 0.5
        cell = math.floor(place)
        for number, share in ((cell, 1.0 - (place - cell)), (cell + 1, place - cell)):
            powers = energies.setdefault(number, {})
            powers[cue.part] = powers.get(cue.part, 0.0) + share * cue.power * unit
    return energies


def _sounding_s(cue: Cue) -> float:
    """How long a note sounds: until its release and the power of that (3/8), to a sixteenth of a second."""
    frames = cue.release_at - cue.start + 0.375 * (cue.stop - cue.release_at)
    return max(1, round(16.0 * frames / SAMPLE_RATE)) / 16.0


@lru_cache(maxsize=4096)
def _unit_energy(key: Sounding, seconds: float, room_s: float, sent: float) -> float:
    """A sound's energy with the room's answer to its mono sum; `sent` is the power sent."""
    room = room_of(room_s)
    if key.instrument in DRUMS:
        return 1.0 + _MONO_POWER * sent * float(np.interp(_DRUM_HZ, room.frequencies, room.power))
    energy, shares, frequencies = heard_energy(key, seconds)
    answer = float((shares * np.interp(frequencies, room.frequencies, room.power)).sum())
    return energy * (1.0 + _MONO_POWER * sent * answer)
