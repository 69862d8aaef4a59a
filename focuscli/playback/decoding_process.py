"""The process in which strangers' files are decoded: it may use some memory and time, and hardly anything else.

It reads a request a line from stdin (JSON: the file, the most frames) and answers on stdout in records of a kind
(one byte), a size (four bytes, little-endian) and so many bytes: `S` a block of float32 stereo at 48 kHz, `I` one of
16-bit integers where the file has no more, `P` the powers of every 10 ms as float64, `E` the findings as JSON, or `X`
why the file cannot be played.
"""

import contextlib
import ctypes
import os
import struct
import sys
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from focuscli.audio.block import Block

MOST_MEMORY_BYTES = 1 << 30
CPU_S, CPU_S_PER_MINUTE = 10, 6
"""Ten minutes of sound are decoded and measured in about three seconds."""

RECORD = struct.Struct("<cI")
SOUND, SIXTEEN, POWERS, END, DAMAGED = b"S", b"I", b"P", b"E", b"X"

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_NO_NEW_PRIVS = 38


def main() -> None:
    """Answer requests until stdin ends."""
    _leave_the_network()
    _be_modest()
    from focuscli.playback import decoding  # noqa: F401  # heavy: loaded before the first request, and under the limits

    for line in sys.stdin.buffer:
        _answer(line, sys.stdout.buffer)


def _leave_the_network() -> None:
    """A network namespace of its own, with nothing in it; where the kernel does not allow that, limits must do."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        kernel = ctypes.CDLL(None, use_errno=True)
        kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        kernel.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _be_modest() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _allow_cpu(most_s: float) -> None:
    """So much more than was used for the files before."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (round(used + most_s) + 1, hard))


def _answer(request: bytes, out: BinaryIO) -> None:
    import json
    from pathlib import Path

    from focuscli.audio.decode import SoundFile
    from focuscli.errors import MediaDamaged
    from focuscli.playback.decoding import look_through

    asked = json.loads(request)
    most_frames = int(asked["most_frames"])
    _allow_cpu(CPU_S + CPU_S_PER_MINUTE * most_frames / 48_000 / 60)
    try:
        with SoundFile(Path(asked["file"])) as sound:
            tell = _tell_sixteen if sound.is_sixteen_bits else _tell_sound
            found = look_through(sound, most_frames, lambda block: tell(out, block))
    except MediaDamaged as exc:
        _tell(out, DAMAGED, exc.message.encode())
    else:
        loud = found.measured
        figures = [loud.integrated, loud.true_peak, loud.momentary_max, loud.short_term_max]
        _tell(out, POWERS, found.hop_powers.tobytes())
        _tell(
            out, END, json.dumps({"frames": found.frames, "measured": figures, "mastered": found.is_mastered}).encode()
        )
    out.flush()


def _tell_sound(out: BinaryIO, block: "Block") -> None:
    _tell(out, SOUND, block.tobytes())


def _tell_sixteen(out: BinaryIO, block: "Block") -> None:
    _tell(out, SIXTEEN, (block * 32768.0).astype("int16").tobytes())


def _tell(out: BinaryIO, kind: bytes, content: bytes) -> None:
    out.write(RECORD.pack(kind, len(content)))
    out.write(content)


if __name__ == "__main__":
    main()
    os._exit(0)  # nothing is left to be done, and tearing numpy down takes time
