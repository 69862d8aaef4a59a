"""A file of the format that its ending names."""

from pathlib import Path

from focuscli.audio.block import Block
from focuscli.audio.sequential import SequentialFile
from focuscli.errors import Conflict, UsageError
from focuscli.playback.sink import Unheld
from focuscli.playback.sinks.grid import to_pcm16
from focuscli.units import CHANNELS, SAMPLE_RATE

FORMATS: dict[str, tuple[str, str]] = {
    ".flac": ("FLAC", "PCM_16"),
    ".wav": ("WAV", "PCM_16"),
    ".ogg": ("OGG", "VORBIS"),
    ".opus": ("OGG", "OPUS"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
}
"""Container and coding by file ending."""

FLAC_LEVEL = 0.4
"""A quarter faster than libsndfile's default of 0.5, for files 1.3 % larger."""

WRITE_FRAMES = 16_384
"""libsndfile 1.2.2 crashes when it is given a minute of Vorbis at once."""


class FileSink(Unheld):
    """Writes FLAC, WAV, Ogg (Vorbis, Opus) or MP3 beside the wanted name, and gives it the name at the end.

    A name with another ending raises UsageError at once. A file that cannot be written (disk full, folder gone)
    raises Conflict.
    """

    latency_s = 0.0
    queued_frames = 0
    missed_frames = 0

    def __init__(self, path: Path) -> None:
        if path.suffix.lower() not in FORMATS:
            raise UsageError(
                f"{path.name}: the ending {path.suffix or '(none)'} is not known",
                hint=f"use one of {', '.join(FORMATS)}",
            )
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._format, self._coding = FORMATS[path.suffix.lower()]
        self._file: SequentialFile | None = None
        self._frames = 0

    @property
    def name(self) -> str:
        """The file's name."""
        return str(self._path)

    def open(self) -> None:
        """Start a temporary file beside the wanted one."""
        try:
            level = FLAC_LEVEL if self._format == "FLAC" else None
            self._file = SequentialFile(
                self._part,
                "w",
                SAMPLE_RATE,
                CHANNELS,
                format=self._format,
                subtype=self._coding,
                compression_level=level,
            )
        except (RuntimeError, OSError) as exc:
            raise self._unwritable(exc) from exc

    def write(self, block: Block) -> None:
        """Encode a block; 16 bits are dithered unless the block lies on their grid already."""
        for at in range(0, len(block), WRITE_FRAMES):
            self._write(block[at : at + WRITE_FRAMES])

    def drain(self) -> None:
        """Finish the file and give it its name, in the place of what had it."""
        self.close()
        try:
            self._part.replace(self._path)
        except OSError as exc:
            raise self._unwritable(exc) from exc

    def abort(self) -> None:
        """Remove the unfinished file."""
        self.close()
        self._part.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is None:
            return
        file, self._file = self._file, None
        try:
            file.close()
        except (RuntimeError, OSError) as exc:
            raise self._unwritable(exc) from exc

    def _write(self, block: Block) -> None:
        assert self._file is not None, "write before open"
        samples = to_pcm16(block, self._frames) if self._coding == "PCM_16" else block
        self._frames += len(block)
        try:
            self._file.write(samples)
        except (RuntimeError, OSError, AssertionError) as exc:
            raise self._unwritable(exc) from exc

    def _unwritable(self, exc: Exception) -> Conflict:
        folder = self._path.parent
        if not folder.is_dir():
            return Conflict(
                f"{self._path} cannot be written: there is no such folder", hint=f"make it: mkdir -p {folder}"
            )
        return Conflict(f"{self._path} cannot be written: {exc}", hint="is the disk full, does the folder exist?")
