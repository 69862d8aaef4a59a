"""Strangers' files are decoded in a process of their own, which is killed when it takes too long, and started anew."""

import contextlib
import json
import math
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from focuscli.audio.convert import StoredSound
from focuscli.errors import MediaDamaged
from focuscli.loudness.measured import Measured
from focuscli.loudness.meter import HOPS_PER_S
from focuscli.playback.decoder import stored_beside
from focuscli.playback.decoding import Decoded, Findings
from focuscli.playback.decoding_process import DAMAGED, END, POWERS, RECORD, SIXTEEN, SOUND
from focuscli.units import CHANNELS, SAMPLE_RATE, Decibels, Lufs

DEADLINE_S, DEADLINE_S_PER_MINUTE = 30.0, 15.0
MOST_RECORD_BYTES = 4 << 20
MOST_WORDS = 300

_COMMAND = (sys.executable, "-m", "focuscli.playback.decoding_process")
_PASSED_ON = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "COVERAGE_PROCESS_START")
"""What an interpreter needs to start; the key, if the environment holds one, is not among it."""

_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(1 << 26), "MALLOC_TRIM_THRESHOLD_": str(1 << 27)}
"""For glibc: blocks that are freed stay with the process, or each would be cleared anew by the kernel."""

PIPE_BYTES = 1 << 20
"""Where a pipe's size can be set: two blocks, so that neither side waits for the other after every 64 KiB."""


class ChildDecoder:
    """Hands files to the process and stores what comes back, after a look at it: no number is taken on trust.

    The process is kept from one file to the next, since starting one takes as long as decoding a minute.
    """

    def __init__(self, command: tuple[str, ...] = _COMMAND, deadline_s: float = DEADLINE_S) -> None:
        self._command = command
        self._deadline_s = deadline_s
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def start(self) -> None:
        """Start the process, so that it is warm when it is needed; returns at once."""
        if self._process is not None and self._process.poll() is not None:
            self._end(self._process)
            self._process = None
        if self._process is None:
            kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
            self._process = subprocess.Popen(  # noqa: S603  # the interpreter that runs this, and a module of ours
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**kept, **_ONE_THREAD, **_KEEP_MEMORY},
                pipesize=PIPE_BYTES,
                start_new_session=True,
            )

    def decode(self, file: Path, most_frames: int) -> Decoded:
        """See `Decoder`. A process that crashes, hangs or babbles is a file that cannot be played."""
        if self._closed:
            raise MediaDamaged("the decoder is closed")
        self.start()
        process = self._process
        assert process is not None
        try:
            with self._no_longer_than(process, most_frames), StoredSound(stored_beside(file)) as copy:
                _ask(process, file, most_frames)
                findings = _take(_records(process), copy, most_frames)
        except (_Broken, ValueError) as exc:
            self._end(process)
            raise MediaDamaged(f"the segment cannot be decoded: {exc}") from exc
        except MediaDamaged:
            raise
        except BaseException:  # such as a full disk: what is still in the pipe must not be taken for the next file
            self._end(process)
            raise
        return Decoded(stored_beside(file), findings)

    def close(self) -> None:
        """End the process, whatever it does."""
        self._closed = True
        if self._process is not None:
            self._end(self._process)

    @contextmanager
    def _no_longer_than(self, process: "subprocess.Popen[bytes]", most_frames: int) -> Iterator[None]:
        minutes = most_frames / SAMPLE_RATE / 60.0
        timer = threading.Timer(self._deadline_s + DEADLINE_S_PER_MINUTE * minutes, process.kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @staticmethod
    def _end(process: "subprocess.Popen[bytes]") -> None:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                pipe.close() if pipe is not None else None


_BABBLE = "the decoder says what makes no sense"


class _Broken(Exception):
    """The process did not answer as it should."""


def _ask(process: "subprocess.Popen[bytes]", file: Path, most_frames: int) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps({"file": str(file), "most_frames": most_frames}).encode() + b"\n")
        process.stdin.flush()
    except OSError as exc:
        raise _Broken("the decoder is gone") from exc


def _records(process: "subprocess.Popen[bytes]") -> Iterator[tuple[bytes, bytes]]:
    assert process.stdout is not None
    while True:
        kind, size = RECORD.unpack(_exactly(process.stdout, RECORD.size))
        if size > MOST_RECORD_BYTES:
            raise _Broken(_BABBLE)
        yield kind, _exactly(process.stdout, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise _Broken("the decoder broke down, or took too long")
    return found


def _take(records: Iterator[tuple[bytes, bytes]], copy: StoredSound, most_frames: int) -> Findings:
    count, first, powers = 0, b"", np.zeros(0)
    for kind, content in records:
        if kind in {SOUND, SIXTEEN}:
            if kind != (first := first or kind):
                break
            block = _numbers(content, np.float32 if kind == SOUND else np.int16).reshape(-1, CHANNELS)
            count += len(block)
            if count > most_frames:
                break
            copy.write(block)
        elif kind == POWERS:
            powers = _numbers(content, np.float64)
        elif kind == END:
            return _findings(json.loads(content), count, powers)
        elif kind == DAMAGED:
            raise MediaDamaged(_printable(content))
        else:
            break
    raise _Broken(_BABBLE)


def _printable(content: bytes) -> str:
    """A sentence that may come from a process that a stranger's file has taken over."""
    text = content.decode(errors="replace")[:MOST_WORDS]
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _numbers(content: bytes, kind: type[np.number[Any]]) -> np.ndarray[Any, np.dtype[Any]]:
    numbers = np.frombuffer(content, kind)
    if not np.isfinite(numbers).all():
        raise _Broken(_BABBLE)
    return numbers


def _findings(told: dict[str, Any], count: int, powers: np.ndarray[Any, np.dtype[Any]]) -> Findings:
    try:
        integrated, true_peak, momentary, short_term = map(float, told["measured"])
    except (KeyError, TypeError, ValueError) as exc:
        raise _Broken(_BABBLE) from exc
    figures = (integrated, true_peak, momentary, short_term)
    hops = count * HOPS_PER_S // SAMPLE_RATE
    if not count or len(powers) != hops or (powers < 0.0).any() or any(math.isnan(figure) for figure in figures):
        raise _Broken(_BABBLE)
    loud = Measured(Lufs(integrated), Decibels(true_peak), Lufs(momentary), Lufs(short_term))
    return Findings(count, loud, powers, bool(told.get("mastered")))
