"""The wire to anywhere: no plain text, no redirects, no surprises in size or encoding."""

import httpx
import pytest

from focuscli.client.api import EngineClient
from focuscli.client.remote import RemoteWire
from focuscli.client.retry import Retry
from focuscli.errors import EngineFailed, EngineUnreachable, UsageError
from tests.fakes.clock import StepClock


def wire(answer: httpx.Response | Exception, base_url: str = "https://api.aitronos.com") -> RemoteWire:
    def handle(_: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return RemoteWire(base_url, transport=httpx.MockTransport(handle))


def get(wire: RemoteWire) -> object:
    with EngineClient(wire, key="secret", organization="org_abc123", retry=Retry(attempts=1)) as client:
        return client.sessions()


@pytest.mark.parametrize(
    "url",
    [
        "http://api.aitronos.com",
        "http://127.0.0.1.example.com",
        "http://10.0.0.7:8750",
        "http://[2001:db8::1]:8750",
        "ftp://api.aitronos.com",
        "api.aitronos.com",
        "https://",
        "https://key@api.aitronos.com",
        "https://api.aitronos.com/?a=b",
        "https://api.aitronos.com:port",
        "https://[::1",
    ],
)
def test_a_url_that_would_leak_the_key_or_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        RemoteWire(url)
    assert caught.value.hint


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8750", "http://localhost:8750/", "http://[::1]:8750", "https://a.b/c"]
)
def test_plain_http_is_for_this_machine(url: str) -> None:
    assert RemoteWire(url).base_url == url.rstrip("/")


def test_the_path_prefix_of_the_base_is_kept() -> None:
    seen: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(200, content=iter([b'{"items": []}']))

    get(RemoteWire("https://gate.example/freddy/", transport=httpx.MockTransport(handle)))
    assert seen == ["https://gate.example/freddy/v1/music/org_abc123/focus/sessions?limit=50&offset=0"]


def test_a_redirect_is_not_followed() -> None:
    with pytest.raises(EngineFailed, match="redirects elsewhere"):
        get(wire(httpx.Response(307, headers={"location": "https://evil.example/"})))


def test_an_endless_body_is_cut_off() -> None:
    with pytest.raises(EngineFailed, match="more than 4 MiB"):
        get(wire(httpx.Response(200, content=iter([b"x" * (1 << 20)] * 6))))


def test_a_compressed_body_is_refused() -> None:
    with pytest.raises(EngineFailed, match="encoding"):
        get(wire(httpx.Response(200, headers={"content-encoding": "zstd"}, content=iter([b"x"]))))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (httpx.ConnectError("Name or service not known"), "api.aitronos.com cannot be reached"),
        (httpx.ConnectTimeout("slow"), "did not answer within"),
        (httpx.RemoteProtocolError("no \x1b[2Jstatus"), "no \ufffd\\[2Jstatus"),
    ],
)
def test_a_failing_network_is_told_with_the_host(error: Exception, words: str) -> None:
    with pytest.raises(EngineUnreachable, match=words):
        get(wire(error))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"items": 5}', b'{"items": [1]}'])
def test_nonsense_is_a_failure_of_the_engine(body: bytes) -> None:
    with pytest.raises(EngineFailed):
        get(wire(httpx.Response(200, content=iter([body]))))


@pytest.mark.parametrize(
    ("date", "ahead_s"),
    [("Sun, 28 Jun 2026 10:31:00 GMT", 60.0), ("Sun, 28 Jun 2026 10:29:30 GMT", -30.0), ("soon", None), ("", None)],
)
def test_the_other_clock_is_read_whatever_is_answered(date: str, ahead_s: float | None) -> None:
    with EngineClient(
        wire(httpx.Response(404, headers={"date": date}, stream=httpx.ByteStream(b""))), key="secret", organization="o"
    ) as client:
        assert client.clock_ahead_s(StepClock()) == ahead_s
