"""Signed URLs: what was signed is accepted until it expires, and nothing else ever is."""

import base64
import hmac
import re
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscli.bench.urls import Mutator, accepted
from focuscli.engine.signing import Refused, Signer
from tests.engine.rig import SteppedClock

PATH = "/v1/media/org_local/mfocus_7c2a9f4e1b8d/0/" + "a" * 64 + ".flac"
RING = {"1": b"first" * 8}


def signer(clock: SteppedClock, ring: dict[str, bytes] = RING, audience: str = "org_local") -> Signer:
    return Signer(ring, audience, 300.0, clock)


def query(url: str) -> str:
    return url.partition("?")[2]


def test_a_signed_url_is_accepted_until_it_expires() -> None:
    clock = SteppedClock()
    url = signer(clock).sign(PATH)
    assert url.startswith(PATH + "?e=")
    assert signer(clock).verify(PATH, query(url)) == 300.0
    clock.step(299)
    assert signer(clock).verify(PATH, query(url)) == 1.0
    clock.step(1)
    with pytest.raises(Refused, match="expired"):
        signer(clock).verify(PATH, query(url))


def test_a_short_life_is_never_shortened_by_rounding() -> None:
    clock = SteppedClock()
    clock.wall += 0.9
    brief = Signer(RING, "org_local", 1.0, clock)
    url = brief.sign(PATH)
    clock.step(0.99)
    assert brief.verify(PATH, query(url)) > 0


TAMPERED = {
    "nothing": lambda _: "",
    "later": lambda q: q.replace("e=1", "e=2"),
    "another key": lambda q: q.replace("k=1", "k=2"),
    "no key": lambda q: q.replace("k=1", "k="),
    "signature cut": lambda q: q[:-1],
    "signature longer": lambda q: q + "A",
    "signature changed": lambda q: q[:-5] + ("A" if q[-5] != "A" else "B") + q[-4:],
    "padding": lambda q: q + "=",
    "one more parameter": lambda q: q + "&x=1",
    "before it": lambda q: "x=1&" + q,
    "twice": lambda q: q + "&" + q,
    "other order": lambda q: "&".join(reversed(q.split("&"))),
    "leading zero": lambda q: q.replace("e=", "e=0"),
    "sign": lambda q: q.replace("e=", "e=+"),
    "escaped": lambda q: q.replace("e=", "%65="),
    "newline": lambda q: q + "\n",
    "other digits": lambda q: q.replace("e=1", "e=１"),
    "fragment": lambda q: q + "#",
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_changed_query_is_refused(change) -> None:  # type: ignore[no-untyped-def]  # lambdas of a table
    clock = SteppedClock()
    good = query(signer(clock).sign(PATH))
    changed = change(good)
    assert changed != good
    with pytest.raises(Refused):
        signer(clock).verify(PATH, changed)


@pytest.mark.parametrize(
    "path",
    [
        PATH.replace("org_local", "org_other"),
        PATH.replace("/0/", "/1/"),
        PATH.replace("/0/", "/00/"),
        PATH.replace("mfocus_7", "mfocus_8"),
        PATH.replace("a.flac", "b.flac"),
        PATH.upper(),
        PATH + "/",
        "/" + PATH,
        PATH.replace("/0/", "/0//"),
        PATH.replace("/0/", "/./0/"),
        PATH.replace("_", "%5F", 1),
    ],
)
def test_another_path_is_refused(path: str) -> None:
    clock = SteppedClock()
    with pytest.raises(Refused, match="does not match"):
        signer(clock).verify(path, query(signer(clock).sign(PATH)))


def test_every_second_spelling_of_the_signature_is_refused() -> None:
    clock = SteppedClock()
    good = query(signer(clock).sign(PATH))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for last in alphabet:
        if last != good[-1]:
            with pytest.raises(Refused):
                signer(clock).verify(PATH, good[:-1] + last)


def test_urls_of_another_deployment_are_refused() -> None:
    clock = SteppedClock()
    foreign = query(signer(clock, audience="elsewhere").sign(PATH))
    other_key = query(signer(clock, {"1": b"other" * 8}).sign(PATH))
    for bad in (foreign, other_key):
        with pytest.raises(Refused, match="does not match"):
            signer(clock).verify(PATH, bad)


def test_the_newest_key_signs_and_every_key_of_the_ring_verifies() -> None:
    clock = SteppedClock()
    ring = {**RING, "2": b"second" * 8}
    old, new = query(signer(clock).sign(PATH)), query(signer(clock, ring).sign(PATH))
    assert "k=1" in old
    assert "k=2" in new
    for url in (old, new):
        signer(clock, ring).verify(PATH, url)
    with pytest.raises(Refused, match="unknown"):
        signer(clock, {"2": ring["2"]}).verify(PATH, old)


def test_two_texts_are_never_the_same_to_the_signature() -> None:
    clock = SteppedClock()
    for one, other in (("é", "\udcc3\udca9"), ("\ud800", "!"), ("a", "\uff41")):
        with pytest.raises(Refused, match="does not match"):
            signer(clock).verify(PATH + one, query(signer(clock).sign(PATH + other)))


def test_no_changed_url_of_many_is_accepted() -> None:
    mutator = Mutator(seed=7)
    assert accepted(2000, mutator, mutator.signer.verify) == []


def without_path(signer: Signer, path: str, query: str) -> float:
    return signer.verify("/v1/media/" + path[10:].replace("//", "/"), query)


def case_blind(signer: Signer, path: str, query: str) -> float:
    return signer.verify(path.lower(), query)


def without_the_end(signer: Signer, path: str, query: str) -> float:
    return signer.verify(path, query.removesuffix("="))


def cut_at_a_sign(signer: Signer, path: str, query: str) -> float:
    return signer.verify(path, re.split("[;#]|&(?=[ekx]=.*&s=.*&|x=)", query)[0])


@pytest.mark.parametrize("careless", [without_path, case_blind, without_the_end, cut_at_a_sign])
def test_a_careless_check_would_be_found(careless: Callable[[Signer, str, str], float]) -> None:
    mutator = Mutator(seed=7)
    assert accepted(4000, mutator, partial(careless, mutator.signer)) != []


@given(st.text(), st.text())
def test_nothing_that_was_not_signed_is_accepted(path: str, made_up: str) -> None:
    with pytest.raises(Refused):
        signer(SteppedClock()).verify(path, made_up)


@pytest.mark.parametrize("secret", [b"", b"short", b"x" * 64, b"x" * 65, bytes(range(256))])
def test_the_signature_is_the_hmac_of_rfc_2104(secret: bytes) -> None:
    clock = SteppedClock()
    signed = signer(clock, {"old": b"another", "k1": secret}).sign_all([PATH, "/é"])
    for path, url in zip([PATH, "/é"], signed, strict=True):
        _, expires, key_id, signature = re.split(r"\?e=|&k=|&s=", url)
        message = f"focus-media-v1\nGET\norg_local\n{path}\n{expires}\n{key_id}".encode()
        digest = hmac.digest(secret, message, "sha256")
        assert (key_id, signature) == ("k1", base64.urlsafe_b64encode(digest).decode().rstrip("="))
