"""Downloads from servers that mean well, and from others."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from focuscli.errors import (
    EngineFailed,
    EngineUnreachable,
    FocusError,
    MediaDamaged,
    MediaRefused,
    TimedOut,
)
from focuscli.model import Segment
from focuscli.playback.fetch import MediaFetcher
from focuscli.playback.media_url import checked
from tests.playback.media_server import BODY, MediaServer, served

SESSION = "mfocus_0123456789ab"


@pytest.fixture
def server() -> Iterator[MediaServer]:
    with served() as server:
        yield server


def segment(url: str, index: int = 0) -> Segment:
    return Segment(index, url, 120.0, -14.0, 1500, 1500)


@pytest.fixture
def fetcher(tmp_path: Path, server: MediaServer) -> Iterator[MediaFetcher]:
    fetcher = MediaFetcher(tmp_path / "cache", server.base, most_bytes=1 << 20, deadline_s=2.0)
    yield fetcher
    fetcher.close()


def test_a_segment_is_fetched_once(fetcher: MediaFetcher, server: MediaServer) -> None:
    file = fetcher.fetch(SESSION, segment(f"{server.base}/whole.flac?e=1&s=abc"))
    assert file.read_bytes() == BODY
    assert fetcher.fetch(SESSION, segment(f"{server.base}/whole.flac?e=2&s=def")) == file
    assert len(server.seen) == 1
    assert file.parent.stat().st_mode & 0o077 == 0


def test_requests_carry_nothing_secret(
    fetcher: MediaFetcher, server: MediaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FREDDY_API_KEY", "fk_secret")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    fetcher.fetch(SESSION, segment(f"{server.base}/whole.flac"))
    headers = server.seen[0][1]
    assert not {"x-api-key", "authorization", "cookie"} & set(headers)
    assert headers["accept-encoding"] == "identity"
    assert headers["host"] == server.base.removeprefix("http://")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("expired", MediaRefused),
        ("gone", MediaRefused),
        ("elsewhere_private", MediaRefused),
        ("elsewhere_forever", MediaRefused),
        ("broken", EngineFailed),
        ("empty", EngineFailed),
        ("bomb", MediaDamaged),
        ("boast", MediaDamaged),
        ("endless", MediaDamaged),
        ("drip", TimedOut),
    ],
)
def test_bad_answers_are_told_apart_and_bounded(
    fetcher: MediaFetcher, server: MediaServer, tmp_path: Path, path: str, error: type[FocusError]
) -> None:
    began = time.monotonic()
    with pytest.raises(error) as caught:
        fetcher.fetch(SESSION, segment(f"{server.base}/{path}.flac"))
    assert type(caught.value) is error
    assert time.monotonic() - began < 10.0
    assert {seen for seen, _ in server.seen} == {f"/{path}.flac"}
    assert len(server.seen) == (3 if path == "elsewhere_forever" else 1)
    kept = [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in kept) < 1 << 20
    assert not [file for file in kept if file.suffix == ".segment"]


def test_a_redirect_is_followed_to_where_one_may_go(fetcher: MediaFetcher, server: MediaServer) -> None:
    assert fetcher.fetch(SESSION, segment(f"{server.base}/elsewhere.flac")).read_bytes() == BODY
    assert [path for path, _ in server.seen] == ["/elsewhere.flac", "/whole.flac"]


def test_a_broken_download_goes_on_where_it_ended(fetcher: MediaFetcher, server: MediaServer) -> None:
    with pytest.raises(EngineUnreachable):
        fetcher.fetch(SESSION, segment(f"{server.base}/cut.flac?e=1"))
    assert fetcher.fetch(SESSION, segment(f"{server.base}/cut.flac?e=2")).read_bytes() == BODY
    assert server.seen[1][1]["range"] == f"bytes={len(BODY) // 2}-"


def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(EngineUnreachable):
        MediaFetcher(tmp_path, "http://127.0.0.1:9").fetch(SESSION, segment("http://127.0.0.1:9/a.flac"))


def test_a_cancelled_download_ends(fetcher: MediaFetcher, server: MediaServer) -> None:
    with pytest.raises(TimedOut):
        fetcher.fetch(SESSION, segment(f"{server.base}/drip.flac"), cancelled=lambda: True)


def test_what_was_played_leaves_the_workplace(fetcher: MediaFetcher, server: MediaServer) -> None:
    files = [fetcher.fetch(SESSION, segment(f"{server.base}/whole.flac?{index}", index)) for index in range(3)]
    fetcher.forget(before=2)
    assert [file.exists() for file in files] == [False, False, True]
    fetcher.close()
    assert not files[2].parent.exists()


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("http://example.com/a", "https://example.com"),
        ("http://127.0.0.1/a", "https://example.com"),
        ("http://192.0.2.1/a", "http://127.0.0.1:8000"),
        ("https://127.0.0.1/a", "https://93.184.216.34"),
        ("https://10.0.0.1/a", "https://93.184.216.34"),
        ("https://169.254.169.254/latest", "https://93.184.216.34"),
        ("https://[::1]/a", "https://93.184.216.34"),
        ("https://[::ffff:10.0.0.1]/a", "https://93.184.216.34"),
        ("https://[64:ff9b::a00:1]/a", "https://93.184.216.34"),
        ("https://[2002:a00:1::]/a", "https://93.184.216.34"),
        ("https://[ff02::1]/a", "https://93.184.216.34"),
        ("https://224.0.0.1/a", "https://93.184.216.34"),
        ("https://100.64.0.1/a", "https://93.184.216.34"),
        ("https://0.0.0.0/a", "https://93.184.216.34"),
        ("https://93.184.216.34:22/a", "https://93.184.216.34"),
        ("http://127.0.0.1:6379/a", "http://127.0.0.1:8000"),
        ("https://93.184.216.34/" + 5000 * "a", "https://93.184.216.34"),
        ("https://93.184.216.34/a\r\nX-Evil: 1", "https://93.184.216.34"),
        ("https://user:word@93.184.216.34/a", "https://93.184.216.34"),
        ("file:///etc/passwd", "http://127.0.0.1:8000"),
        ("ftp://127.0.0.1/a", "http://127.0.0.1:8000"),
        ("https://93.184.216.34:99999/a", "https://93.184.216.34"),
        ("", "http://127.0.0.1:8000"),
    ],
)
def test_urls_that_are_not_asked(url: str, api: str) -> None:
    with pytest.raises(FocusError):
        checked(url, api)


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("http://127.0.0.1:8000/a?s=1", "http://127.0.0.1:8000"),
        ("http://localhost:8000/a", "http://localhost:8000"),
        ("https://93.184.216.34/a", "https://1.1.1.1"),
        ("https://93.184.216.34/a", "http://127.0.0.1:8000"),
        ("https://10.0.0.1/a", "https://10.0.0.1"),
        ("https://10.0.0.1:8443/a", "https://10.0.0.1:8443"),
        ("https://10.0.0.1/a", "https://10.0.0.1:8443"),
    ],
)
def test_urls_that_are_asked(url: str, api: str) -> None:
    destination = checked(url, api)
    assert destination.url == url
    assert destination.host == urlsplit(url).hostname


def test_a_connection_goes_to_the_address_that_was_checked(
    fetcher: MediaFetcher, server: MediaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that means this machine when it is checked, and another one a moment later."""
    port = int(server.base.rpartition(":")[2])
    answers = iter(["127.0.0.1"])

    def looked_up(host: str, *_: object, **__: object) -> list[object]:
        address = next(answers, "10.0.0.1") if host == "media.example" else host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    connected = []
    connect = socket.create_connection

    def connecting(address: tuple[str, int], *rest: object, **options: object) -> socket.socket:
        connected.append(address)
        return connect(address, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_connection", connecting)
    url = f"http://media.example:{port}/whole.flac"
    assert fetcher.fetch(SESSION, segment(url)).read_bytes() == BODY
    assert connected == [("127.0.0.1", port)]
    assert server.seen[0][1]["host"] == f"media.example:{port}"
