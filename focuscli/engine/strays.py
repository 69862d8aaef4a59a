"""Strays: objects that neither store nor library knows of, left by whoever failed, came too late, or was killed."""

from focuscli.engine.library import Library
from focuscli.engine.objects import UNFINISHED_S, Objects
from focuscli.engine.store import Store


class Strays:
    """Finds and removes them. What is known is read first: what is placed meanwhile is too young to be a stray."""

    def __init__(self, store: Store, library: Library, objects: Objects) -> None:
        self._store, self._library, self._objects = store, library, objects

    def sweep(self) -> int:
        """Remove them while others may be placed; returns how many went. Blocks on the objects, raises as they do."""
        return self._objects.keep_only(self._known(), UNFINISHED_S)

    def sweep_first(self) -> int:
        """Remove them before this engine has anything placed."""
        return self._objects.keep_only(self._known())

    def _known(self) -> list[str]:
        return [*self._store.object_keys(), *self._library.object_keys()]
