"""Rendered audio in a bucket (S3, GCS, Azure): names are made once, and the bucket itself gives URLs for them.

Render processes put their audio here themselves, so it crosses neither the engine nor whatever hands out the work.
Credentials are what the process finds in its environment (variables, web identity, the container's or the machine's),
and nothing of them is ever in a location, an error or a log. Lifecycle rules are not needed: whatever is in the bucket
is in the store, or is swept.
"""

import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import AzureStore, GCSStore, S3Store

from focuscli.engine.credentials_life import credentials_end_in_s
from focuscli.engine.objects import (
    BLOCK_BYTES,
    UNFINISHED_S,
    NameTaken,
    ObjectsAway,
    Placed,
    measure,
    newest,
    prefix_before,
)
from focuscli.errors import Conflict

if TYPE_CHECKING:
    from obstore import Attributes
    from obstore.store import ClientConfig, RetryConfig

log = logging.getLogger(__name__)

MARKER = "deployment"
"""The object that says whose engines sweep here."""

MARGIN_S = 30.0
"""URLs end so long before the credentials that they were signed with."""

_OURS = re.compile(r"(mfocus_[0-9a-f]+/[0-9]{5}\.[0-9]+|tracks/mtrack_[0-9a-f]+)\.flac", re.ASCII)
"""Nothing else is ever swept, whoever put it here."""

_PATIENCE: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
_TYPE: "Attributes" = {"Content-Type": "audio/flac", "Content-Disposition": "attachment"}


class Bucket:
    """Objects below the prefix of one URL, such as s3://bucket/prefix."""

    def __init__(self, url: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Ask nothing yet. Raises Conflict where the environment says nothing that could be asked with."""
        self._url, self._now = url, now
        try:
            self._store = _opened(url)
        except (BaseError, ValueError) as exc:
            raise Conflict(f"the bucket {url} cannot be used: {_sentence(exc)}", hint="check its name") from exc

    @property
    def location(self) -> str:
        """The URL, which holds no secret."""
        return self._url

    @property
    def disk(self) -> Path:
        """Where audio is before it is in the bucket."""
        return Path(tempfile.gettempdir())

    def check(self, deployment: str) -> None:
        """See `Objects`: the marker is put, or is there already."""
        try:
            with self._translated():
                obstore.put(self._store, MARKER, deployment.encode(), mode="create", use_multipart=False)
        except NameTaken:
            self._check_marker(deployment)
        except FileNotFoundError as exc:
            raise Conflict(f"there is no bucket {self._url}", hint="make it, or change the setting objects") from exc
        except _Denied as exc:
            hint = "check the credentials in the engine's environment, and what they may do"
            raise Conflict(f"the bucket {self._url} refuses the engine: {exc}", hint=hint) from exc

    def _check_marker(self, deployment: str) -> None:
        with self._translated():
            theirs = bytes(obstore.get(self._store, MARKER).bytes()).decode("ascii", "replace")
        if theirs != deployment:
            raise Conflict(
                f"{self._url} holds the audio of another deployment ({theirs[:40]!r}, and this is {deployment!r})",
                hint="use a prefix of its own; engines of one team share one signing.json",
            )

    def place(self, key: str, write: Callable[[Path], None]) -> Placed:
        """See `Objects`. What is sent twice because its first answer was lost is the same content."""
        with tempfile.TemporaryDirectory(prefix="focus-") as folder:
            file = Path(folder) / "audio"
            write(file)
            placed = measure(file)
            try:
                with self._translated():
                    obstore.put(self._store, key, file, mode="create", use_multipart=False, attributes=_TYPE)
            except NameTaken:
                with self.file(key) as there:
                    if measure(there) != placed:
                        raise
            except FileNotFoundError as exc:
                raise ObjectsAway(f"there is no bucket {self._url}") from exc
        return placed

    @contextmanager
    def file(self, key: str) -> Iterator[Path]:
        """A copy of the object on this machine."""
        with tempfile.TemporaryDirectory(prefix="focus-") as folder:
            file = Path(folder) / "audio"
            with file.open("wb") as copy, self._translated():
                for block in obstore.get(self._store, key).stream(min_chunk_size=BLOCK_BYTES):
                    copy.write(block)
            yield file

    def stream(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """These bytes of the object, in blocks as they come."""
        with self._translated():
            for block in obstore.get(self._store, key, options={"range": (start, stop)}).stream(BLOCK_BYTES):
                yield bytes(block)

    def size(self, key: str) -> int:
        """The size of the object in bytes."""
        with self._translated():
            return int(obstore.head(self._store, key)["size"])

    def links(self, keys: Sequence[str], ttl_s: float) -> list[str]:
        """See `Links`: signed by the bucket's own scheme."""
        if not keys:
            return []
        lasting_s = min(ttl_s, credentials_end_in_s(urlsplit(self._url).scheme, os.environ, self._now()) - MARGIN_S)
        if lasting_s < 1.0:
            raise ObjectsAway("the credentials for the bucket are about to end, or have ended")
        with self._translated():
            return list(obstore.sign(self._store, "GET", keys, timedelta(seconds=int(lasting_s))))

    def before(self, key: str) -> str | None:
        """The newest audio of the segment before this object's, where there is any."""
        folder = key.partition("/")[0]
        return newest(
            found for found, _, _ in self._listed(folder) if found.startswith(f"{folder}/{prefix_before(key)}")
        )

    def survey(self) -> dict[str, int]:
        """The size in bytes of every object, by name."""
        return {key: size for key, size, _ in self._listed()}

    def keep_only(self, keys: Iterable[str], unfinished_s: float = 0.0) -> int:
        """Remove every object that is none of these and old enough; returns how many."""
        kept, young = set(keys), self._now() - timedelta(seconds=max(unfinished_s, UNFINISHED_S))
        strays = [key for key, _, made_at in self._listed() if key not in kept and made_at < young]
        if strays:
            with self._translated():
                obstore.delete(self._store, strays)
            log.info("%d objects that nobody knows of were removed", len(strays))
        return len(strays)

    def remove(self, key: str) -> None:
        """Remove an object, if it is there."""
        with suppress(FileNotFoundError), self._translated():
            obstore.delete(self._store, key)

    def quarantine(self, key: str) -> None:
        """Remove it: a bucket that is to keep what was has versions."""
        self.remove(key)

    def _listed(self, folder: str | None = None) -> Iterator[tuple[str, int, datetime]]:
        """Name, size and time of everything that is ours."""
        with self._translated():
            for page in obstore.list(self._store, folder):
                for found in page:
                    if _OURS.fullmatch(found["path"]):
                        yield found["path"], found["size"], found["last_modified"]

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except AlreadyExistsError as exc:
            raise NameTaken("another content has the name") from exc
        except (PermissionDeniedError, UnauthenticatedError) as exc:
            raise _Denied(f"access denied: {_sentence(exc)}") from exc
        except BaseError as exc:
            raise ObjectsAway(f"the bucket {self._url} cannot be used: {_sentence(exc)}") from exc


class _Denied(ObjectsAway):
    """The bucket answers, and not to us."""


def _opened(url: str) -> AzureStore | GCSStore | S3Store:
    plain = os.environ.get("AWS_ALLOW_HTTP", "").lower() in {"1", "true"}
    client: ClientConfig = {"connect_timeout": "5s", "timeout": "60s", "allow_http": plain}
    match urlsplit(url).scheme:
        case "s3":  # which compares what arrives with its sum
            return S3Store.from_url(url, checksum_algorithm="SHA256", client_options=client, retry_config=_PATIENCE)
        case "gs":
            return GCSStore.from_url(url, client_options=client, retry_config=_PATIENCE)
        case "az":
            return AzureStore.from_url(url, client_options=client, retry_config=_PATIENCE)
    raise ValueError("it is none of s3, gs, az")


def _sentence(exc: Exception) -> str:
    """What an error says, without what may be secret: a URL's query, an answer's body."""
    said = str(exc).partition("\n")[0].partition("<")[0]
    return re.sub(r"\?[^\s]*", "", said).strip(" :")[:300]
