"""A prompt's words as music: read once, granted inside the limits of the goal that was read.

The word tables are loaded with the first prompt; whoever plays a plain goal never pays for them.
"""

from functools import lru_cache

from focuscli.music.prompt.granting import grant
from focuscli.music.prompt.meaning import FASTEST_BPM, SLOWEST_BPM, Reading

__all__ = ["FASTEST_BPM", "SLOWEST_BPM", "Reading", "grant", "read"]


@lru_cache(maxsize=32)
def read(prompt: str) -> Reading:
    """Understand a prompt; what is not understood changes which music it is, and nothing of its character."""
    from focuscli.music.prompt.reading import understand

    return understand(prompt)
