"""The score: every player's notes for one phrase, gathered and put in order."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from focuscli.music.arrangement import colours
from focuscli.music.bars import Bar, bars_of
from focuscli.music.bassline import play_bass
from focuscli.music.character import character_of
from focuscli.music.counterline import play_counterline
from focuscli.music.events import Held, Note, PhraseScore, Push
from focuscli.music.harmony import chord_of, tonic_chord
from focuscli.music.keys import play_keys
from focuscli.music.melody import play_lead
from focuscli.music.palette import balanced
from focuscli.music.percussion import play_drums
from focuscli.music.tempo import Phrase
from focuscli.music.timeline import Piece
from focuscli.music.voicing import bass_pitch, settle, voicing_of
from focuscli.units import SAMPLE_RATE, amplitude

_SETTLED = 0.6
"""Below this brightness of the arc the pad keeps to the sound it began with: a sleeper hears nothing new."""


@lru_cache(maxsize=256)
def score_of(piece: Piece, phrase: Phrase) -> PhraseScore:
    """What happens in a phrase."""
    if phrase.is_coda:
        return _coda(piece, phrase)
    bars = bars_of(piece, phrase)
    playing = (bar for bar in bars if not bar.pauses)
    players = (chain(play_keys(bar), play_bass(bar), play_drums(bar)) for bar in playing)
    lead = list(play_lead(bars))
    played = chain(chain.from_iterable(players), lead, play_counterline(bars, lead))
    notes = sorted(balanced(piece, bars[0].section.number, played))
    pushes = tuple(Push(note.start, note.velocity) for note in notes if note.instrument == "kick")
    return PhraseScore(tuple(notes), tuple(_held(bars)), pushes)


def _held(bars: tuple[Bar, ...]) -> Iterator[Held]:
    """The pad's chords, a chord that goes on counted once."""
    opened = 0
    for place, bar in enumerate(bars):
        following = bars[place + 1] if place + 1 < len(bars) else None
        if following is not None and following.chord == bar.chord:
            continue
        timbre = bar.colours.pad if bar.arc.brightness > _SETTLED else 0
        stop = bar.start + (bar.phrase.beat if bar.pauses else bar.phrase.bar)
        before, here, after = (_pad_pitches(bar, bar.chord.number + step) for step in (-1, 0, 1))
        yield Held(bars[opened].start, stop, here, timbre, before, after)
        opened = place + 1


def _pad_pitches(bar: Bar, number: int) -> tuple[int, ...]:
    """The tones of the pad in some chord near the bar's; a drone comes first."""
    if number < 0:
        return ()
    voices = voicing_of(bar.piece, number, bar.character.pad_centre + round(bar.arc.register))
    if bar.character.bass != "drone":
        return voices
    return (bass_pitch(chord_of(bar.piece, number), bar.character.lowest), *voices)


def _coda(piece: Piece, phrase: Phrase) -> PhraseScore:
    """The closing chord: the tonic, reached from the last voicing and left to ring."""
    character = character_of(piece)
    last = max(0, phrase.first_bar - 1) // character.bars_per_chord
    chord = tonic_chord(piece, last)
    pad = settle(chord, voicing_of(piece, last, character.pad_centre), character.pad_centre)
    bass = bass_pitch(chord, character.lowest)
    sound = colours(piece, phrase.number)
    held = Held(phrase.start, phrase.stop, (bass, *pad), sound.pad)
    if character.bass == "drone":
        return PhraseScore((), (held,), ())
    level = amplitude(character.levels.keys)
    keys = settle(chord, voicing_of(piece, last, character.keys_centre), character.keys_centre)
    notes = [
        Note(
            phrase.start + place * SAMPLE_RATE // 16, "keys", sound.keys, pitch, 0.4, level,
            pan=(pitch - 60) / 34.0,
        )
        for place, pitch in enumerate(keys)
    ]  # fmt: skip
    notes.append(Note(phrase.start, "bass", "bass", bass, 0.4, amplitude(character.levels.bass)))
    return PhraseScore(tuple(sorted(notes)), (held,), ())
