"""Where an engine may listen, and what is answered at which door."""

from pathlib import Path

import pytest

from focuscli.engine.doors import PublicDoor, Wish, plan
from focuscli.errors import UsageError
from tests.engine.rig import KEY, SESSIONS, Rig, ask
from tests.engine.tls import make_certificate

PROXY = {"behind_proxy": True, "public_url": "https://focus.example.org", "port": 8080}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_needs_nothing_more(host: str) -> None:
    assert plan(Wish(host)) is None
    assert plan(Wish(host, 8750)) is None


REFUSED = {
    "everywhere": (Wish("0.0.0.0"), "nothing there is encrypted"),
    "everywhere, IPv6": (Wish("::", 80), "nothing there is encrypted"),
    "a private address": (Wish("192.168.1.5", 80), "nothing there is encrypted"),
    "a name": (Wish("example.com", 80), "nothing there is encrypted"),
    "another loopback address": (Wish("127.0.0.2"), "nothing there is encrypted"),
    "no address": (Wish(""), "nothing there is encrypted"),
    "a certificate alone": (Wish("0.0.0.0", 443, Path("c.pem")), "both a certificate and its key"),
    "a key alone": (Wish("0.0.0.0", 443, None, Path("k.pem")), "both a certificate and its key"),
    "TLS twice": (Wish("0.0.0.0", 443, Path("c.pem"), Path("k.pem"), behind_proxy=True), "either the engine"),
    "files that are none": (Wish("192.168.1.5", 443, Path("/no/c.pem"), Path("/no/k.pem")), "cannot be used"),
    "a proxy without a port": (Wish(**{**PROXY, "port": 0}), "must know the port"),
    "a proxy without a URL": (Wish(**{**PROXY, "public_url": ""}), "as others know it"),
    "a URL in plain text": (Wish(**{**PROXY, "public_url": "http://focus.example.org"}), "https://"),
    "a URL with a path": (Wish(**{**PROXY, "public_url": "https://focus.example.org/x"}), "https://"),
    "a URL with a name in it": (Wish(**{**PROXY, "public_url": "https://me@focus.example.org"}), "https://"),
    "a URL with a bad port": (Wish(**{**PROXY, "public_url": "https://focus.example.org:x"}), "not a URL"),
    "no URL": (Wish(**{**PROXY, "public_url": "focus"}), "https://"),
    "a URL for nobody": (Wish(public_url="https://focus.example.org"), "for a public engine"),
}


@pytest.mark.parametrize(("wish", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_a_door_that_would_be_unsafe_is_refused(wish: Wish, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        plan(wish)


def test_tls_opens_a_door(certificate: tuple[Path, Path]) -> None:
    door = plan(Wish("192.168.1.5", 8443, *certificate))
    assert door is not None
    assert door.tls is not None
    assert door.names == {"192.168.1.5:8443"}
    with pytest.raises(UsageError, match="as others know it"):
        plan(Wish("0.0.0.0", 8443, *certificate))
    named = plan(Wish("0.0.0.0", 443, *certificate, public_url="https://Focus.example.org/"))
    assert named is not None
    assert named.names == {"focus.example.org", "focus.example.org:443"}
    assert named.origin == "https://focus.example.org"


def test_a_key_file_of_tls_that_everyone_can_read_is_refused(certificate: tuple[Path, Path]) -> None:
    certificate[1].chmod(0o644)
    with pytest.raises(UsageError, match="everyone can read"):
        plan(Wish("192.168.1.5", 8443, *certificate))
    certificate[1].chmod(0o600)


@pytest.mark.parametrize(
    ("authority", "names"),
    [
        ("focus.lan", {"focus.lan", "focus.lan:443"}),
        ("focus.lan:443", {"focus.lan", "focus.lan:443"}),
        ("focus.lan:8443", {"focus.lan:8443"}),
        ("[fe80::1]", {"[fe80::1]", "[fe80::1]:443"}),
        ("[fe80::1]:8443", {"[fe80::1]:8443"}),
    ],
)
def test_a_public_door_answers_to_its_name_alone(authority: str, names: set[str]) -> None:
    assert PublicDoor("0.0.0.0", 1, "https", authority, None).names == names


@pytest.fixture
def public(rig: Rig) -> Rig:
    door = plan(Wish(**PROXY))
    rig.open_public_door(door)
    return rig


def test_at_the_public_door_nobody_keeps_the_engine(public: Rig) -> None:
    face = public.parts.public_face
    assert face is not None
    for method, path in (("GET", "/hello?nonce=x"), ("POST", "/v1/engine/stop"), ("GET", "/v1/engine/keys")):
        answer = ask(face, method, path, {"X-API-Key": KEY}, host="focus.example.org")
        assert (answer.status, answer.error["code"]) == (404, "RESOURCE_NOT_FOUND")
    assert not public.parts.lifetime.stopping


def test_at_the_public_door_this_machines_own_key_is_none(public: Rig) -> None:
    face = public.parts.public_face
    assert face is not None
    answer = ask(face, "GET", SESSIONS, {"X-API-Key": KEY}, host="focus.example.org")
    assert (answer.status, answer.error["code"]) == (401, "INVALID_API_KEY")


def test_media_urls_name_the_public_origin(public: Rig) -> None:
    made = public.ask("POST", "/v1/engine/keys", {"organization_id": "org_team"}).json
    face, headers = public.parts.public_face, {"X-API-Key": made["key"]}
    assert face is not None
    sessions = "/v1/music/org_team/focus/sessions"
    started = ask(face, "POST", sessions, headers, b'{"goal":"focus","target_minutes":2}', host="focus.example.org")
    assert started.status == 202
    public.make_ready()
    path = f"{sessions}/{started.json['session_id']}"
    url = ask(face, "GET", path, headers, host="focus.example.org:443").json["segments"][0]["playback_url"]
    assert url.startswith("https://focus.example.org/v1/media/org_team/")
    below = url.removeprefix("https://focus.example.org")
    assert ask(face, "GET", below, host="focus.example.org").status == 200
    for host in ("127.0.0.1:8080", "evil.example", None):
        assert ask(face, "GET", below, host=host).status == 421
