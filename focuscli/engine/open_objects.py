"""Which objects are meant by a folder's name or a bucket's URL; what a bucket needs is loaded for a bucket alone."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from focuscli.engine.objects import Links, LocalObjects, Objects, ObjectsAway
from focuscli.errors import Conflict

if TYPE_CHECKING:
    from focuscli.engine.bucket import Bucket


def objects_at(location: str) -> Objects:
    """The objects in a folder, or in the bucket of a URL. Raises Conflict where the extra for buckets is missing."""
    return _bucket(location) if "://" in location else LocalObjects(Path(location))


def chosen_objects(url: str, media_from: str, own: Path) -> tuple[Objects, Links | None]:
    """The objects of the setting, or in the engine's `own` folder; and what links to them, where listeners may ask it.

    Raises Conflict as `objects_at` does.
    """
    if not url:
        return LocalObjects(own), None
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalObjects(Path(url2pathname(parts.path)), shared=True), None
    bucket = _bucket(url)
    return bucket, bucket if media_from == "bucket" else None


def check_objects(objects: Objects, links: Links | None, deployment: str) -> None:
    """Before an engine serves: audio can be placed, and linked to where it is to be. Raises Conflict with a remedy."""
    try:
        objects.check(deployment)
    except ObjectsAway as exc:
        raise Conflict(f"the engine cannot begin: {exc}", hint="nothing is lost; try again when it is back") from exc
    try:
        if links:
            links.links(["any"], 60.0)
    except ObjectsAway as exc:
        hint = "give the engine credentials that can sign, or: focus config set media_from engine"
        raise Conflict(f"no URLs can be signed for {objects.location}: {exc}", hint=hint) from exc


def _bucket(url: str) -> "Bucket":
    try:
        from focuscli.engine.bucket import Bucket
    except ImportError as exc:
        raise Conflict(
            f"objects in {url} need a part that is not installed ({exc})",
            hint='install it: pip install "focus-sessions[team]"',
        ) from exc
    return Bucket(url)
