"""Who decodes a fetched file: this process where our own engine made it, a limited one where a stranger did."""

import threading
from pathlib import Path
from typing import Protocol

from focuscli.audio.block import Block
from focuscli.audio.convert import StoredSound
from focuscli.audio.decode import SoundFile
from focuscli.errors import MediaDamaged
from focuscli.playback.decoding import Decoded, look_through


class Decoder(Protocol):
    """Used by one thread, but for `close`, which may come from any and ends what is being decoded."""

    def start(self) -> None:
        """Be ready soon; returns at once."""

    def decode(self, file: Path, most_frames: int) -> Decoded:
        """Decode all of it; raises MediaDamaged, and Conflict where the disk is full. Blocks."""

    def close(self) -> None:
        """Give everything back; a second call does nothing."""


class TrustingDecoder:
    """Decodes in this process: for files of the engine of this machine, which proved that it is ours.

    What is 48 kHz stereo FLAC or WAV already is played from where it is; of anything else a copy is made. Nothing
    larger than a block is held in memory.
    """

    def __init__(self) -> None:
        self._closed = threading.Event()

    def start(self) -> None:
        """It is ready."""

    def decode(self, file: Path, most_frames: int) -> Decoded:
        """See `Decoder`."""
        with SoundFile(file) as sound:
            if sound.is_ready_to_play:
                return Decoded(file, look_through(sound, most_frames, self._go_on))
            with StoredSound(stored_beside(file)) as copy:

                def take(block: Block) -> None:
                    self._go_on(block)
                    copy.write(block)

                findings = look_through(sound, most_frames, take)
        return Decoded(stored_beside(file), findings)

    def close(self) -> None:
        """Nothing more is decoded."""
        self._closed.set()

    def _go_on(self, _block: Block) -> None:
        if self._closed.is_set():
            raise MediaDamaged("the decoder is closed")


def stored_beside(file: Path) -> Path:
    """Where what was decoded of a file goes."""
    return file.with_name(f"{file.name}.wav")
