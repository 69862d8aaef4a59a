"""Reading a sound file that a stranger made: four containers, bounded blocks, 48 kHz stereo out."""

import struct
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile
import soxr  # type: ignore[import-untyped]

from focuscli.audio.block import Block
from focuscli.audio.mastering import MASTERED
from focuscli.audio.sequential import SequentialFile
from focuscli.errors import MediaDamaged
from focuscli.units import CHANNELS, SAMPLE_RATE

LOWEST_RATE, HIGHEST_RATE = 8_000, 192_000
BLOCK_FRAMES = 1 << 16
HEAD_BYTES = 4096

_CONTAINERS = {
    "WAV": {"PCM_16", "PCM_24", "FLOAT"},
    "WAVEX": {"PCM_16", "PCM_24", "FLOAT"},
    "FLAC": {"PCM_S8", "PCM_16", "PCM_24"},
    "OGG": {"VORBIS", "OPUS"},
    "MP3": {"MPEG_LAYER_III"},
    "MPEG": {"MPEG_LAYER_III"},
}
_WAVE_CODINGS = {1, 3, 0xFFFE}  # PCM, float, and the form that says which of them further on


def is_known(head: bytes) -> bool:
    """Whether the first bytes of a file (`HEAD_BYTES`) are those of a container that may reach the decoder.

    libsndfile would try two dozen formats, among them some whose readers have been broken again and again.
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return _wave_coding(head) in _WAVE_CODINGS
    if head[:4] == b"OggS":
        return b"\x01vorbis" in head[:64] or b"OpusHead" in head[:64]
    return head[:4] == b"fLaC" or _is_mp3(head)


def _wave_coding(head: bytes) -> int | None:
    """The coding that the `fmt` chunk names; None where there is none within the head."""
    at = 12
    while at + 10 <= len(head):
        name, size, coding = struct.unpack_from("<4sIH", head, at)
        if name == b"fmt ":
            return int(coding)
        at += 8 + size + size % 2
    return None


def _is_mp3(head: bytes) -> bool:
    layer_3 = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2
    return layer_3 or head[:3] == b"ID3"


class SoundFile:
    """An opened sound file, as it was made: its own rate and number of channels."""

    def __init__(self, path: Path) -> None:
        """Open and check; raises MediaDamaged for whatever may not or cannot be decoded."""
        try:
            with path.open("rb") as stream:
                known = is_known(stream.read(HEAD_BYTES))
            if not known:
                raise MediaDamaged("the segment is not a WAV, FLAC, Ogg or MP3 file")
            self._file = SequentialFile(path)
        except (soundfile.LibsndfileError, OSError) as exc:
            raise MediaDamaged(f"the segment cannot be decoded: {exc}") from exc
        self.sample_rate = int(self._file.samplerate)
        self.channels = int(self._file.channels)
        self.frames = int(self._file.frames)
        """As declared; only reading tells."""
        if not self._is_allowed():
            self._file.close()
            raise MediaDamaged(
                f"the segment is {self._file.format} {self._file.subtype}, {self.channels} channels at "
                f"{self.sample_rate} Hz, which is not played"
            )

    def _is_allowed(self) -> bool:
        return (
            self._file.subtype in _CONTAINERS.get(self._file.format, ())
            and 1 <= self.channels <= CHANNELS
            and LOWEST_RATE <= self.sample_rate <= HIGHEST_RATE
        )

    @property
    def is_ready_to_play(self) -> bool:
        """Whether it can be read block by block as it is: 48 kHz stereo, and exact after a seek."""
        return (
            self.sample_rate == SAMPLE_RATE
            and self.channels == CHANNELS
            and self._file.format in {"FLAC", "WAV", "WAVEX"}
        )

    @property
    def is_sixteen_bits(self) -> bool:
        """Whether 16 bits are enough for it as 48 kHz stereo, to the bit."""
        return self.sample_rate == SAMPLE_RATE and self._file.subtype == "PCM_16"

    @property
    def is_mastered(self) -> bool:
        """Whether its maker says that it is at its target loudness already."""
        return bool(self._file.comment == MASTERED)

    def seek(self, frame: int) -> None:
        """Go to a frame; raises MediaDamaged where the file has none such."""
        try:
            self._file.seek(frame)
        except (soundfile.LibsndfileError, RuntimeError) as exc:
            raise MediaDamaged(f"the segment cannot be decoded: {exc}") from exc

    def read(self, frames: int) -> Block:
        """Up to so many frames, shape (frames, channels); empty at the end. Raises MediaDamaged."""
        try:
            block: Block = self._file.read(frames, dtype="float32", always_2d=True)
        except (soundfile.LibsndfileError, RuntimeError) as exc:
            raise MediaDamaged(f"the segment cannot be decoded: {exc}") from exc
        return block

    def blocks(self, frames: int = BLOCK_FRAMES) -> Iterator[Block]:
        """All of it from here on, in blocks; raises MediaDamaged, for samples that are no numbers as well."""
        while len(block := self.read(frames)):
            if not np.isfinite(block).all():
                raise MediaDamaged("the segment holds samples that are no numbers")
            yield block

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def to_stereo(block: Block) -> Block:
    """Mono goes to both sides at the same amplitude, stereo stays."""
    return block if block.shape[1] == CHANNELS else np.repeat(block, CHANNELS, axis=1)


def converted(file: SoundFile, frames: int = BLOCK_FRAMES) -> Iterator[Block]:
    """The blocks of a file as 48 kHz stereo; raises MediaDamaged."""
    if file.sample_rate == SAMPLE_RATE:
        yield from map(to_stereo, file.blocks(frames))
        return
    resampler = soxr.ResampleStream(file.sample_rate, SAMPLE_RATE, file.channels, dtype="float32", quality="HQ")
    for block in file.blocks(frames):
        yield to_stereo(resampler.resample_chunk(block))
    yield to_stereo(resampler.resample_chunk(np.zeros((0, file.channels), np.float32), last=True))
