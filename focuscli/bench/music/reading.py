"""The score as it is read: notes, chords and bars of a span, by goal and intensity."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from focuscli.bench.music.levels import Figures
from focuscli.bench.music.table import MODES
from focuscli.music.bank import Bank, Sounding
from focuscli.music.bars import Bar, bars_of
from focuscli.music.cues import Cue, cues_of
from focuscli.music.events import Held, Note
from focuscli.music.motion import modulation_depth
from focuscli.music.score import score_of
from focuscli.music.signals import TONE_RATE
from focuscli.music.tempo import phrases_between
from focuscli.music.timeline import Piece, Span
from focuscli.music.tones import hertz
from focuscli.spectra.spectrogram import Curve
from focuscli.units import SAMPLE_RATE

TOGETHER = round(0.03 * SAMPLE_RATE)
"""What begins within 30 ms begins together."""
_MOST_SOUNDS = 80
_SIXTEENTHS = 16
_STRENGTH = tuple(4 if s == 0 else 3 if s == 8 else 2 if s % 4 == 0 else 1 if s % 2 == 0 else 0 for s in range(16))


class Reading(NamedTuple):
    """All that begins within a span, echoes left out."""

    piece: Piece
    span: Span
    notes: tuple[Note, ...]
    cues: tuple[Cue, ...]
    chords: tuple[Held, ...]
    bars: tuple[Bar, ...]

    @property
    def seconds(self) -> float:
        """The span's length."""
        return self.span.frames / SAMPLE_RATE


def read(piece: Piece, span: Span) -> Reading:
    """The score between two frames."""
    notes: list[Note] = []
    cues: list[Cue] = []
    chords: list[Held] = []
    bars: list[Bar] = []
    for phrase in phrases_between(piece, span.start, span.stop):
        score = score_of(piece, phrase)
        notes += [note for note in score.notes if not note.is_echo and span.start <= note.start < span.stop]
        cues += [cue for cue in cues_of(piece, phrase) if span.start <= cue.start < span.stop]
        chords += score.chords
        bars += bars_of(piece, phrase) if not phrase.is_coda else ()
    return Reading(piece, span, tuple(sorted(notes)), tuple(cues), tuple(chords), tuple(bars))


def table_figures(reading: Reading) -> Figures:
    """What the table asks of the score."""
    piece, seconds = reading.piece, reading.seconds
    first = phrases_between(piece, 0, 1)[0]
    tonal = [note for note in reading.notes if note.part != "drums"]
    pitches = [note.pitch for note in tonal] + [pitch for chord in reading.chords for pitch in chord.pitches]
    low, high = np.percentile(pitches, (5.0, 95.0)) if pitches else (0.0, 0.0)
    allowed = MODES.get((piece.goal, piece.intensity), ())
    times = np.linspace(reading.span.start, reading.span.stop, 65) / SAMPLE_RATE
    keyed = [cue for cue in reading.cues if cue.part in {"keys", "lead"}]
    figures = {
        "tempo_bpm": 60.0 * SAMPLE_RATE / first.beat,
        "onsets_s": len(moments(reading.notes)) / seconds,
        "register_low": float(low),
        "register_high": float(high),
        "dip": float(modulation_depth(piece, times).max()),
        "drums_s": sum(note.part == "drums" for note in reading.notes) / seconds,
        "lead_s": sum(note.part == "lead" for note in reading.notes) / seconds,
        "syncopation": syncopation(reading),
        "mode_share": float(np.mean([bar.chord.key.mode in allowed for bar in reading.bars])),
        "chord_s": seconds_per_chord(reading.bars),
    }
    if keyed:
        figures["attack_ms"] = min(attack_ms(key) for key in sorted({cue.sounding for cue in keyed})[:_MOST_SOUNDS])
        figures["shortest_note_s"] = min(cue.stop - cue.start for cue in keyed) / SAMPLE_RATE
    return figures


def moments(notes: tuple[Note, ...]) -> Curve:
    """The frames at which something begins; what begins together is one moment."""
    starts = np.array([note.start for note in notes], np.float64)
    return starts[np.diff(starts, prepend=-np.inf) > TOGETHER]


def seconds_per_chord(bars: tuple[Bar, ...]) -> float:
    """The mean time from one harmony to a different one."""
    if len(bars) < 2:
        return 0.0
    harmonies = [(bar.chord.root, frozenset(bar.chord.tones)) for bar in bars]
    changes = sum(here != there for here, there in pairwise(harmonies))
    seconds = (bars[-1].start + bars[-1].phrase.bar - bars[0].start) / SAMPLE_RATE
    return seconds / (changes + 1)


def sixteenth_of(note: Note, bars: tuple[Bar, ...]) -> tuple[int, float]:
    """The nearest sixteenth of the bar grid, counted from the first bar's start, and the distance to it in ms."""
    bar = next((bar for bar in reversed(bars) if bar.start <= note.start + TOGETHER), bars[0])
    place = (note.start - bar.start) / bar.sixteenth
    slot = round(place)
    before = sum(_SIXTEENTHS for other in bars if other.start < bar.start)
    return before + slot, (place - slot) * bar.sixteenth * 1000.0 / SAMPLE_RATE


def syncopation(reading: Reading) -> float:
    """The share of tonal onsets on a weak sixteenth after which the next stronger place stays empty.

    After Longuet-Higgins and Lee (1984), counted and not weighted; strength by the metre: bar, half, beat, eighth.
    """
    if not reading.bars:
        return 0.0
    tonal = [note for note in reading.notes if note.part != "drums"]
    filled = {sixteenth_of(note, reading.bars)[0] for note in tonal}
    syncopated = 0
    for place in filled:
        strength = _STRENGTH[place % _SIXTEENTHS]
        if strength <= 1:
            stronger = next(later for later in range(place + 1, place + 5) if _STRENGTH[later % _SIXTEENTHS] > strength)
            syncopated += stronger not in filled
    return syncopated / len(filled) if filled else 0.0


def attack_ms(key: Sounding) -> float:
    """How long a sound's envelope takes to its highest, in ms, from a hundredth to 95 % of it and 5/4 of that.

    A raised cosine of so many ms reads as long as it is. The envelope is the greatest magnitude within a period
    of the fundamental, in steps of half a millisecond.
    """
    sound = np.abs(Bank().tone(key)).max(axis=0)
    frames = TONE_RATE // 2000
    heights = sound[: len(sound) // frames * frames].reshape(-1, frames).max(axis=1)
    period = max(1, round(2000.0 / hertz(key.pitch)))
    envelope = np.lib.stride_tricks.sliding_window_view(np.pad(heights, (period - 1, 0)), period).max(axis=1)
    begun, full = (int(np.argmax(envelope >= share * envelope.max())) for share in (0.01, 0.95))
    return 1.25 * 0.5 * (full - begun + 1)
