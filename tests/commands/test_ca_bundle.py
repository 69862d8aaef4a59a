"""Engines whose certificates are vouched for by somebody whom only this user trusts."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from focuscli.assemble import Surroundings, certificates
from focuscli.client.remote import RemoteWire
from focuscli.errors import EngineUnreachable, UsageError
from focuscli.model import Segment
from focuscli.playback.fetch import MediaFetcher
from tests.playback.media_server import BODY, MediaServer, served

SEGMENT = "mfocus_0123456789ab"


@pytest.fixture(scope="module")
def vouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the certificate of a server on this machine, which is its own authority, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("vouched")
    made = ["-keyout", folder / "key.pem", "-out", folder / "ca.pem", "-days", "2", "-subj", "/CN=127.0.0.1"]
    words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", *made]
    command = ["openssl", *words, "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def server(vouched: Path) -> Iterator[MediaServer]:
    """Media, and whatever else, over TLS."""
    with served() as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(vouched / "ca.pem", vouched / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        yield server


def trusted(ca_bundle: str, home: Path) -> ssl.SSLContext | None:
    return certificates(Surroundings.find({"FOCUS_HOME": str(home)}, {"ca_bundle": ca_bundle}))


def base(server: MediaServer) -> str:
    return server.base.replace("http://", "https://")


def test_a_named_authority_vouches_for_engine_and_media(server: MediaServer, vouched: Path, tmp_path: Path) -> None:
    context = trusted(str(vouched / "ca.pem"), tmp_path)
    wire = RemoteWire(base(server), certificates=context)
    assert wire.exchange("GET", "/whole", {}, b"", 5.0).body == BODY
    wire.close()
    fetcher = MediaFetcher(tmp_path / "cache", base(server), certificates=context)
    segment = Segment(0, f"{base(server)}/whole.flac?s=1", 120.0, -14.0, 0, 0)
    assert fetcher.fetch(SEGMENT, segment).read_bytes() == BODY
    fetcher.close()


def test_nobody_else_is_believed(server: MediaServer, tmp_path: Path) -> None:
    assert trusted("", tmp_path) is None
    wire = RemoteWire(base(server))
    with pytest.raises(EngineUnreachable):
        wire.exchange("GET", "/whole", {}, b"", 5.0)
    wire.close()
    fetcher = MediaFetcher(tmp_path / "cache", base(server))
    with pytest.raises(EngineUnreachable):
        fetcher.fetch(SEGMENT, Segment(0, f"{base(server)}/whole.flac?s=1", 120.0, -14.0, 0, 0))
    fetcher.close()
    assert server.seen == []


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_bundle_that_is_none_is_refused_at_once(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "bundle.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match="no certificates that can be read"):
        trusted(str(file), tmp_path)
