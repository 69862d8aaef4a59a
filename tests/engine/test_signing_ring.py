"""The signing key changes without a URL becoming invalid before its time."""

from dataclasses import replace
from pathlib import Path

import pytest

from focuscli.engine.shared_ring import SharedRing
from focuscli.engine.signing import Refused, Signer
from focuscli.engine.signing_ring import DUE_S, SigningRing
from focuscli.errors import Conflict
from tests.engine.rig import Rig, SteppedClock, ask

TTL_S = 300.0
PATH = "/v1/media/org_local/mfocus_7c2a9f4e1b8d/0/" + "a" * 64 + ".flac"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "signing.json"


def test_the_ring_outlives_the_engine_and_is_for_its_owner_alone(file: Path) -> None:
    first, again = SigningRing(file, SteppedClock(), TTL_S), SigningRing(file, SteppedClock(), TTL_S)
    assert (first.secrets, first.deployment) == (again.secrets, again.deployment)
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o640)
    with pytest.raises(Conflict, match="can be read by others"):
        SigningRing(file, SteppedClock(), TTL_S)


def test_every_url_is_valid_until_it_expires_however_often_the_key_changes(file: Path) -> None:
    clock = SteppedClock()
    ring = SigningRing(file, clock, TTL_S)
    signer = Signer(ring.secrets, ring.deployment, TTL_S, clock)
    out: list[tuple[float, str]] = []
    changes = 0
    for _ in range(600):
        out.append((clock.wall + TTL_S, signer.sign(PATH)))
        clock.step(7)
        changes += ring.rotate()
        signer.use(ring.secrets)
        assert len(ring.secrets) <= 3
        out = [(until, url) for until, url in out if until > clock.wall]
        for _, url in out:
            assert signer.verify(PATH, url.partition("?")[2]) > 0
    assert changes > 20


def test_a_ring_without_the_old_keys_would_fail_that(file: Path) -> None:
    clock = SteppedClock()
    ring = SigningRing(file, clock, longest_ttl_s=-1.0)
    signer = Signer(ring.secrets, ring.deployment, TTL_S, clock)
    url = signer.sign(PATH)
    for _ in range(2):
        clock.step(1)
        assert ring.rotate()
    signer.use(ring.secrets)
    with pytest.raises(Refused, match="unknown"):
        signer.verify(PATH, url.partition("?")[2])


def test_a_fourth_key_waits_until_the_first_is_not_needed(file: Path) -> None:
    clock = SteppedClock()
    ring = SigningRing(file, clock, TTL_S)
    assert [ring.rotate() for _ in range(3)] == [True, True, False]
    clock.step(TTL_S + 1)
    assert ring.rotate()
    assert list(ring.secrets) == ["3", "4"]


def test_an_old_key_is_followed_at_the_next_start(file: Path) -> None:
    clock = SteppedClock()
    SigningRing(file, clock, TTL_S)
    clock.step(DUE_S + 1)
    assert list(SigningRing(file, clock, TTL_S).secrets) == ["1", "2"]


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff" * 40, b'{"deployment":"x","keys":[]}', b"half"])
def test_a_damaged_ring_is_made_anew(file: Path, damage: bytes) -> None:
    before = SigningRing(file, SteppedClock(), TTL_S)
    file.write_bytes(damage)
    after = SigningRing(file, SteppedClock(), TTL_S)
    assert after.secrets["1"] != before.secrets["1"]
    assert SigningRing(file, SteppedClock(), TTL_S).secrets == after.secrets


def test_urls_that_are_out_stay_valid_when_the_keeper_changes_the_key(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.make_ready()
    urls = []
    for expected in (201, 201, 429):
        urls.append(rig.get(session_id)["segments"][0]["playback_url"].removeprefix("http://127.0.0.1:4711"))
        answer = rig.ask("POST", "/v1/engine/signing-keys")
        assert answer.status == expected
    assert answer.error["code"] == "RATE_LIMIT_EXCEEDED"
    assert int(answer.headers["retry-after"]) >= 1
    assert ["&k=1&" in urls[0], "&k=2&" in urls[1], "&k=3&" in urls[2]] == [True] * 3
    assert [ask(rig.parts.face, "GET", url).status for url in urls] == [200] * 3


def test_engines_that_share_a_secret_know_each_others_urls_whatever_the_day(tmp_path: Path) -> None:
    one, other = SteppedClock(), SteppedClock()
    other.wall += 90.0  # no two clocks are the same
    signers = [(ring := SharedRing(tmp_path / "secret", clock), Signer(ring.secrets, ring.deployment, TTL_S, clock))
               for clock in (one, other)]  # fmt: skip
    keys = set()
    for _ in range(700):
        for (_, signer), (_, verifier) in (signers, signers[::-1]):
            path, _, query = signer.sign(PATH).partition("?")
            assert verifier.verify(path, query) > 0
            keys.add(query.partition("&k=")[2].partition("&")[0])
        one.step(7_000.0)
        other.step(7_000.0)
        for ring, signer in signers:
            signer.use(ring.secrets)
    assert len(keys) in {2, 3, 4}


def test_a_url_lives_through_the_change_of_the_calendar(tmp_path: Path) -> None:
    clock = SteppedClock()
    clock.wall = DUE_S * 600 - 1.0
    ring = SharedRing(tmp_path / "secret", clock)
    signer = Signer(ring.secrets, ring.deployment, TTL_S, clock)
    path, _, query = signer.sign(PATH).partition("?")
    clock.step(10.0)
    signer.use(ring.secrets)
    assert signer.verify(path, query) > 0
    assert "&k=600&" in signer.sign(PATH)


def test_engines_of_other_secrets_are_strangers(tmp_path: Path) -> None:
    clock = SteppedClock()
    one, other = (SharedRing(tmp_path / name, clock) for name in ("one", "other"))
    assert one.deployment != other.deployment
    path, _, query = Signer(one.secrets, one.deployment, TTL_S, clock).sign(PATH).partition("?")
    with pytest.raises(Refused):
        Signer(other.secrets, other.deployment, TTL_S, clock).verify(path, query)
    (tmp_path / "one").chmod(0o644)
    with pytest.raises(Conflict, match="can be read by others"):
        SharedRing(tmp_path / "one", clock)


def test_a_shared_key_is_changed_by_the_calendar_and_not_by_a_call(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.terms = replace(rig.terms, signing_ring=SharedRing(tmp_path / "secret", rig.clock))
    rig.open_public_door(None)
    assert rig.ask("POST", "/v1/engine/signing-keys").error["details"] == {"field": "signing_secret"}
    rig.start()
    rig.make_ready()
    session = rig.ask("GET", "/v1/music/org_local/focus/sessions").json["items"][0]
    url = rig.get(session["session_id"])["segments"][0]["playback_url"].partition("127.0.0.1:4711")[2]
    rig.clock.step(60 * 86_400)
    rig.parts.renew_signing()
    assert rig.ask("GET", url, key=None).status == 403  # expired
    fresh = rig.get(session["session_id"])["segments"][0]["playback_url"].partition("127.0.0.1:4711")[2]
    assert rig.ask("GET", fresh, key=None).status == 200
    assert fresh.partition("&k=")[2] != url.partition("&k=")[2]
    rig.file.close()
