"""Downloads segments over a client that holds no secret, into a private cache."""

import hashlib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from focuscli.errors import Conflict, EngineFailed, EngineUnreachable, MediaDamaged, MediaRefused, TimedOut
from focuscli.model import Segment
from focuscli.paths import private_folder
from focuscli.playback.media_url import checked

MOST_BYTES = 64 << 20
DEADLINE_S = 120.0
KEPT_S = 24 * 3600.0
REFUSALS = {401, 403, 404, 410}


class MediaFetcher:
    """The only place that touches `playback_url`, and it keeps none.

    Its HTTP client knows no key, no cookies, no proxies, and follows no redirects. A body is taken as raw bytes
    (a compressed one is refused), up to a size and a total time, into a temporary file that gets its name once it
    is whole; what was cut off is asked for from where it ended. A file is known by session, index and URL path:
    the path names the content, the query only permits it.
    """

    def __init__(
        self, cache: Path, api_base: str, *, most_bytes: int = MOST_BYTES, deadline_s: float = DEADLINE_S
    ) -> None:
        self._cache = cache / "media"
        self._api_base = api_base
        self._most_bytes = most_bytes
        self._deadline_s = deadline_s
        self._clients: dict[str, httpx.Client] = {}

    def fetch(self, session_id: str, segment: Segment, *, cancelled: Callable[[], bool] = lambda: False) -> Path:
        """The segment's file, whole, on this machine; at once where it is in the cache.

        Raises MediaRefused (the URL has expired or is not to be asked: ask the engine for the session anew),
        MediaDamaged (too large, compressed), EngineUnreachable, EngineFailed (broken off), TimedOut, Conflict (disk
        full). `cancelled` is asked between pieces and ends the download like a time-out.
        """
        file = self._folder(session_id) / self._file_name(segment)
        if not file.is_file():
            private_folder(file.parent)
            part = file.with_suffix(".part")
            try:
                self._download(segment.playback_url, part, cancelled)
            except MediaDamaged:
                part.unlink(missing_ok=True)
                raise
            part.replace(file)
        return file

    def forget(self, session_id: str, *, before: int) -> None:
        """Remove the session's segments of a lower index from the cache."""
        folder = self._folder(session_id)
        for file in folder.iterdir() if folder.is_dir() else ():
            index = file.name.partition("-")[0]
            if index.isdecimal() and int(index) < before:
                file.unlink(missing_ok=True)

    def sweep(self, older_than_s: float = KEPT_S) -> None:
        """Remove what no player has needed for a day: sessions that were left in the middle."""
        oldest = time.time() - older_than_s
        for file in self._cache.glob("*/*"):
            if file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    def _folder(self, session_id: str) -> Path:
        return self._cache / _digest(session_id)

    @staticmethod
    def _file_name(segment: Segment) -> str:
        parts = urlsplit(segment.playback_url)
        return f"{segment.segment_index}-{_digest(f'{parts.netloc}{parts.path}')}.segment"

    def _download(self, url: str, part: Path, cancelled: Callable[[], bool]) -> None:
        deadline = time.monotonic() + self._deadline_s
        have = part.stat().st_size if part.is_file() else 0
        with _translated(), self._asked(url, have) as response:
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.unlink(missing_ok=True)
                raise EngineFailed("the segment on the engine is shorter than what was fetched of it")
            resumed = response.status_code == httpx.codes.PARTIAL_CONTENT and _starts_at(response, have)
            size = _checked_size(response, have if resumed else 0, self._most_bytes)
            with part.open("ab" if resumed else "wb") as file:
                for piece in response.iter_raw():  # without a size: with one it waits until it is full
                    file.write(piece)
                    if file.tell() > self._most_bytes:
                        raise MediaDamaged(f"the segment is larger than {self._most_bytes >> 20} MiB")
                    if time.monotonic() > deadline or cancelled():
                        raise TimedOut(f"the segment was not fetched within {self._deadline_s:.0f} s")
                whole = file.tell()
        if whole == 0 or (size is not None and whole != size):
            raise EngineFailed("the segment's download broke off")

    @contextmanager
    def _asked(self, url: str, have: int) -> Iterator[httpx.Response]:
        destination = checked(url, self._api_base)
        headers = {"Host": destination.host, "Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
        client = self._client(destination.url)
        request = client.build_request("GET", destination.url, headers=headers)
        request.extensions["sni_hostname"] = destination.name
        response = client.send(request, stream=True)
        try:
            _check_answer(response)
            yield response
        finally:
            response.close()

    def _client(self, url: str) -> httpx.Client:
        """One for each scheme, made when first needed: loading the certificates takes 40 ms, which http can save."""
        scheme = urlsplit(url).scheme
        if scheme not in self._clients:
            self._clients[scheme] = httpx.Client(
                trust_env=False,
                follow_redirects=False,
                timeout=httpx.Timeout(10.0, connect=5.0),
                verify=ssl.create_default_context() if scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            )
        return self._clients[scheme]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _check_answer(response: httpx.Response) -> None:
    status = response.status_code
    if status in REFUSALS:
        raise MediaRefused(f"the media URL was refused ({status})")
    if status >= 500 or status == httpx.codes.TOO_MANY_REQUESTS:
        raise EngineFailed(f"the media server answered {status}")
    if status not in (200, 206, 416):
        raise MediaRefused(f"the media URL was answered with {status}")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise MediaDamaged("the segment came compressed, which was not asked for")


def _starts_at(response: httpx.Response, have: int) -> bool:
    if not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
        raise EngineFailed("the media server answered with another range than was asked for")
    return True


def _checked_size(response: httpx.Response, have: int, most: int) -> int | None:
    """The size of the whole file where the server tells."""
    length = response.headers.get("Content-Length", "")
    if not length.isdecimal():
        return None
    if have + int(length) > most:
        raise MediaDamaged(f"the segment is larger than {most >> 20} MiB")
    return have + int(length)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except httpx.TimeoutException as exc:
        raise TimedOut("the media server took too long") from exc
    except httpx.InvalidURL as exc:
        raise MediaRefused("the media URL is malformed") from exc
    except httpx.HTTPError as exc:
        raise EngineUnreachable(f"the segment could not be fetched: {exc}", hint="is the network up?") from exc
    except OSError as exc:
        raise Conflict(f"the segment could not be stored: {exc}", hint="is the disk full?") from exc
