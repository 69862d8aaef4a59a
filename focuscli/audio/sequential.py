"""A sound file that is read or written from one block to the next, without a seek in between."""

import soundfile


class SequentialFile(soundfile.SoundFile):  # type: ignore[misc]  # soundfile has no types
    """soundfile seeks after every block, to where it is already: an MP3 decoder forgets its state there and goes
    silent for some thousand frames, and FLAC and WAV lose time. It leaves that out for streams that cannot seek,
    which this claims to be. An explicit `seek` works all the same.
    """

    def seekable(self) -> bool:
        """Never, as far as soundfile's own seeks are concerned."""
        return False
