"""A prompt's words as music: read once, granted inside the limits of the goal that was read.

Everything behind these two is loaded with the first prompt; whoever plays a plain goal never pays for it.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from focuscli.model import Intensity
    from focuscli.music.goals import Character
    from focuscli.music.prompt.meaning import Reading


@lru_cache(maxsize=32)
def read(prompt: str) -> "Reading":
    """Understand a prompt; what is not understood changes which music it is, and nothing of its character."""
    from focuscli.music.prompt.reading import understand

    return understand(prompt)


def grant(reading: "Reading", intensity: "Intensity") -> "Character":
    """The character of the goal that was read with every wish in it."""
    from focuscli.music.prompt.granting import granted

    return granted(reading, intensity)
