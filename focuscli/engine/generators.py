"""Which generators of sound there are: ours and those of plug-ins, each loaded when it is asked for by name.

The default one costs nothing here. Looking for plug-ins reads the metadata of every installed package (40 ms), so it
happens for a key that is not ours, and for a list; neither `start` without `--engine` nor `status` comes here.
"""

import importlib
import logging
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache

from focuscli.generator import ENTRY_POINTS, BySegment, Continuous, Description, Generator, Licence, Unavailable

log = logging.getLogger(__name__)

DEFAULT_KEY = "procedural"
OURS: Mapping[str, str] = {
    DEFAULT_KEY: "focuscli.engine.procedural:Procedural",
    "noise": "focuscli.noise.generator:Noise",
    "musicgen": "focuscli.neural.musicgen:make",
}
"""By key, in the form of an entry point's value."""


class NotOffered(Exception):
    """There is no such generator here, or it cannot work; the text is a sentence."""


class Absent(NotOffered):
    """It says itself that something is missing."""


class Broken(NotOffered):
    """It cannot be loaded, or is not what the contract says."""


def generator(key: str) -> Generator:
    """The generator of a key, loaded once a process; raises NotOffered."""
    value = OURS.get(key) or plug_ins().get(key)
    if value is None:
        raise NotOffered(f"engine must be one of {', '.join(known())}")
    return _loaded(key, value)


def known() -> list[str]:
    """All keys that can be asked for, ours first; one that turns out not to work is among them."""
    return [*OURS, *sorted(plug_ins().keys() - OURS.keys())]


def offered() -> list[Generator]:
    """Every generator that works here, the default one first; others are logged and left out."""
    found = []
    for key in known():
        try:
            found.append(generator(key))
        except Absent as exc:
            log.debug("%s", exc)
        except NotOffered as exc:
            log.warning("%s", exc)
    return found


def refusal(key: str, minutes: int) -> str | None:
    """Why a generator cannot be had for so many minutes; None where it can."""
    if key == DEFAULT_KEY:
        return None
    try:
        longest_s = generator(key).description.max_duration_s
    except NotOffered as exc:
        return str(exc)
    return None if minutes * 60 <= longest_s else f"engine {key} makes no more than {longest_s // 60} minutes"


def described(key: str) -> Description:
    """What is told about a generator; nobody vouches for one that is not offered any more."""
    try:
        return generator(key).description
    except NotOffered:
        return Description(key, key, "It is not offered any more.", Licence.UNCLEAR)


def plug_ins() -> Mapping[str, str]:
    """The entry points of installed packages, by key."""
    return _entries(tuple(sys.path))


@lru_cache(maxsize=4)
def _entries(path: tuple[str, ...]) -> Mapping[str, str]:  # noqa: ARG001  # what is found depends on it
    from importlib.metadata import entry_points

    return {entry.name: entry.value for entry in entry_points(group=ENTRY_POINTS)}


@lru_cache(maxsize=64)
def _loaded(key: str, value: str) -> Generator:
    try:
        made = _entry(value)()
    except Unavailable as exc:
        raise Absent(f"engine {key} cannot be used here: {exc}") from exc
    except (Exception, SystemExit) as exc:
        raise Broken(f"engine {key} ({value}) cannot be loaded: {type(exc).__name__}: {exc}") from exc
    if not isinstance(made, Continuous | BySegment):
        raise Broken(f"engine {key} ({value}) has neither render_span nor render_segment")
    if made.description.key != key:
        raise Broken(f"engine {key} ({value}) calls itself {made.description.key}")
    return made


def _entry(value: str) -> Callable[[], object]:
    module, _, name = value.partition(":")
    entry: Callable[[], object] = getattr(importlib.import_module(module), name.strip())
    return entry
