"""The same notes played by others: Csound with a comparable patch, FluidSynth with a General MIDI font."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from focuscli.bench.spent import children_cpu_s
from focuscli.music.events import Note
from focuscli.music.score import score_of
from focuscli.music.tempo import phrases_between
from focuscli.music.timeline import Piece
from focuscli.music.tones import hertz
from focuscli.units import SAMPLE_RATE

FONTS = (Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"), Path("/usr/share/sounds/sf2/default-GM.sf2"))
LENGTH_S = 60
"""How much of a session is played: Csound takes a while."""
_FROM_S = 60
_RING_S = 3.0
"""How long a note without a gate is held."""

_PROGRAMS = {"keys": (0, 4), "lead": (1, 11), "bass": (2, 33)}
"""MIDI channel and General MIDI program (electric piano, vibraphone, electric bass) of each part."""
_DRUM_KEYS = {"kick": 36, "snare": 38, "brush": 38, "rim": 37, "hat": 42, "shaker": 82}
_PAD_CHANNEL, _DRUM_CHANNEL = 3, 9
_TICKS_PER_S = 960

_ORCHESTRA = """
sr = 48000
ksmps = 64
nchnls = 2
0dbfs = 1
gaL init 0
gaR init 0
instr 1 ; a voice of the pad: three oscillators, two ladder filters
  aenv linsegr 0, 1, p5, 1, 0
  a1 vco2 0.3, p4
  a2 vco2 0.3, p4 * 1.003
  a3 vco2 0.3, p4 * 0.997
  kcut = 900 + 500 * lfo(1, 0.06)
  aL moogladder a1 + a2, kcut, 0.1
  aR moogladder a1 + a3, kcut, 0.1
  outs aL * aenv, aR * aenv
  gaL += aL * aenv * 0.5
  gaR += aR * aenv * 0.5
endin
instr 2 ; a note: a pair of FM operators
  aenv expsegr p5, p3, 0.001, 0.2, 0.001
  kindex expon 2, p3, 0.1
  a1 foscili aenv, p4, 1, 1, kindex
  outs a1, a1
  gaL += a1 * 0.4
  gaR += a1 * 0.4
endin
instr 3 ; a drum: filtered noise
  aenv expseg p5, 0.15, 0.001
  a1 rand aenv
  a2 butterbp a1, p4, p4
  outs a2, a2
endin
instr 99 ; the room
  aL, aR reverbsc gaL, gaR, 0.85, 8000
  outs aL * 0.4, aR * 0.4
  clear gaL, gaR
endin
"""


def multiples(piece: Piece) -> dict[str, float]:
    """Multiples of real time by CPU time, for each of the peers that is installed."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        if csound := shutil.which("csound"):
            patch = Path(folder) / "patch.csd"
            patch.write_text(csound_patch(piece))
            command = [csound, "-d", "-m0", "-f", "-W", "-o", str(Path(folder) / "csound.wav"), str(patch)]
            found["csound"] = LENGTH_S / _cpu_s(command)
        font = next((font for font in FONTS if font.exists()), None)
        if (fluidsynth := shutil.which("fluidsynth")) and font:
            midi = Path(folder) / "notes.mid"
            midi.write_bytes(midi_file(piece))
            out = str(Path(folder) / "fluid.wav")
            found["fluidsynth"] = LENGTH_S / _cpu_s(
                [fluidsynth, "-ni", "-q", "-r", str(SAMPLE_RATE), "-F", out, str(font), str(midi)]
            )
    return found


def _cpu_s(command: list[str]) -> float:
    before = children_cpu_s()
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return children_cpu_s() - before


def _notes(piece: Piece) -> list[tuple[float, float, Note]]:
    """Start and length in seconds of each note in the stretch, from its beginning."""
    first, last = _FROM_S * SAMPLE_RATE, (_FROM_S + LENGTH_S) * SAMPLE_RATE
    notes = (note for phrase in phrases_between(piece, first, last) for note in score_of(piece, phrase).notes)
    return [
        ((note.start - first) / SAMPLE_RATE, note.gate / SAMPLE_RATE if note.gate else _RING_S, note)
        for note in notes
        if first <= note.start < last
    ]


def _pad_voices(piece: Piece) -> list[tuple[float, float, int]]:
    """Start and length in seconds and MIDI number of each voice of the pad's chords."""
    first, last = _FROM_S * SAMPLE_RATE, (_FROM_S + LENGTH_S) * SAMPLE_RATE
    voices = []
    for phrase in phrases_between(piece, first, last):
        for chord in score_of(piece, phrase).chords:
            start, stop = max(first, chord.start), min(last, chord.stop)
            if start < stop:
                begins_s, length_s = (start - first) / SAMPLE_RATE, (stop - start) / SAMPLE_RATE
                voices += [(begins_s, length_s, pitch) for pitch in chord.pitches]
    return voices


def csound_patch(piece: Piece) -> str:
    """The stretch as a Csound document."""
    lines = [f"i99 0 {LENGTH_S}"]
    lines += [f"i1 {start:.4f} {length:.4f} {hertz(pitch):.3f} 0.08" for start, length, pitch in _pad_voices(piece)]
    for start, length, note in _notes(piece):
        if note.part == "drums":
            lines.append(f"i3 {start:.4f} 0.2 {120 if note.instrument == 'kick' else 5000} {0.2 * note.velocity:.3f}")
        else:
            lines.append(f"i2 {start:.4f} {length:.4f} {hertz(note.pitch):.3f} {0.1 * note.velocity:.3f}")
    score = "\n".join(lines)
    return (
        f"<CsoundSynthesizer>\n<CsInstruments>{_ORCHESTRA}</CsInstruments>\n"
        f"<CsScore>\n{score}\ne {LENGTH_S}\n</CsScore>\n</CsoundSynthesizer>\n"
    )


def midi_file(piece: Piece) -> bytes:
    """The stretch as a standard MIDI file of one track (format 0)."""
    events: list[tuple[int, bytes]] = [(0, bytes((0xC0 | channel, program))) for channel, program in _PROGRAMS.values()]
    events.append((0, bytes((0xC0 | _PAD_CHANNEL, 89))))
    for start, length, note in _notes(piece):
        if note.part == "drums":
            channel, key = _DRUM_CHANNEL, _DRUM_KEYS.get(note.instrument, 42)
        else:
            channel, key = _PROGRAMS[note.part][0], note.pitch
        events += _held(channel, key, round(20 + 100 * min(1.0, note.velocity)), start, length)
    for start, length, pitch in _pad_voices(piece):
        events += _held(_PAD_CHANNEL, pitch, 60, start, length)
    track, now = bytearray(b"\x00\xff\x51\x03\x07\xa1\x20"), 0  # half a second a quarter
    for tick, message in sorted(events):
        track += _variable_length(tick - now) + message
        now = tick
    track += _variable_length(max(0, LENGTH_S * _TICKS_PER_S - now)) + b"\xff\x2f\x00"
    header = b"MThd" + (6).to_bytes(4, "big") + b"\x00\x00\x00\x01" + (_TICKS_PER_S // 2).to_bytes(2, "big")
    return header + b"MTrk" + len(track).to_bytes(4, "big") + bytes(track)


def _held(channel: int, key: int, velocity: int, start: float, length: float) -> list[tuple[int, bytes]]:
    """Note on and note off; all are off a moment before the end, so that no player rings on for ever."""
    first = round(start * _TICKS_PER_S)
    last = min(max(first + 1, round((start + length) * _TICKS_PER_S)), LENGTH_S * _TICKS_PER_S - 1)
    return [(first, bytes((0x90 | channel, key, velocity))), (max(first, last), bytes((0x80 | channel, key, 0)))]


def _variable_length(value: int) -> bytes:
    """Seven bits a byte, the highest first, all but the last with the top bit set."""
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(0x80 | value & 0x7F)
    return bytes(reversed(groups))
