"""Fetching a segment by its signed URL, whole and in parts."""

import pytest

from tests.engine.rig import KEY, Answer, Rig, ask, audio

BODY = audio(0)


def signed(rig: Rig) -> str:
    session_id = rig.start()["session_id"]
    rig.make_ready()
    url: str = rig.get(session_id)["segments"][0]["playback_url"]
    return url.removeprefix("http://127.0.0.1:4711")


def fetch(rig: Rig, url: str, method: str = "GET", **headers: str) -> Answer:
    return ask(rig.parts.face, method, url, {name.replace("_", "-"): value for name, value in headers.items()})


def test_a_signed_url_needs_no_key_and_gives_the_whole_file(rig: Rig) -> None:
    answer = fetch(rig, signed(rig))
    assert (answer.status, answer.body) == (200, BODY)
    headers = answer.headers
    assert headers["content-type"] == "audio/flac"
    assert headers["content-length"] == str(len(BODY))
    assert headers["accept-ranges"] == "bytes"
    assert headers["cache-control"] == "private, max-age=300"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["etag"].strip('"') in signed(rig)
    assert "x-request-id" in headers


def test_head_is_get_without_the_body(rig: Rig) -> None:
    url = signed(rig)
    head, get = fetch(rig, url, "HEAD"), fetch(rig, url)
    assert (head.status, head.body) == (200, b"")
    changing = {"x-request-id", "freddy-processing-ms"}
    assert {k: v for k, v in head.headers.items() if k not in changing} == {
        k: v for k, v in get.headers.items() if k not in changing
    }
    assert fetch(rig, url, "HEAD", Range="bytes=0-1").headers["content-length"] == str(len(BODY))


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [("bytes=0-9", 0, 10), ("bytes=-7", len(BODY) - 7, len(BODY)), ("bytes=2000-", 2000, 2048)],
)
def test_one_range_is_served(rig: Rig, header: str, start: int, stop: int) -> None:
    answer = fetch(rig, signed(rig), Range=header)
    assert (answer.status, answer.body) == (206, BODY[start:stop])
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(BODY)}"
    assert answer.headers["content-length"] == str(stop - start)


def test_a_range_beyond_the_end_is_416(rig: Rig) -> None:
    answer = fetch(rig, signed(rig), Range=f"bytes={len(BODY)}-")
    assert answer.status == 416
    assert answer.headers["content-range"] == f"bytes */{len(BODY)}"
    assert answer.error["status"] == 416


def test_if_range_gives_the_whole_of_another_body(rig: Rig) -> None:
    url = signed(rig)
    etag = fetch(rig, url, "HEAD").headers["etag"]
    assert fetch(rig, url, Range="bytes=0-1", If_Range=etag).status == 206
    for other in ('"other"', f"W/{etag}", "Sun, 28 Jun 2026 10:30:00 GMT"):
        assert fetch(rig, url, Range="bytes=0-1", If_Range=other).status == 200


def test_a_large_file_comes_in_blocks(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focuscli.engine.objects.BLOCK_BYTES", 100)
    assert fetch(rig, signed(rig), Range="bytes=50-1049").body == BODY[50:1050]


def test_an_expired_url_is_refused(rig: Rig) -> None:
    url = signed(rig)
    rig.clock.step(301)
    answer = fetch(rig, url)
    assert (answer.status, answer.error["code"]) == (403, "INSUFFICIENT_PERMISSIONS")
    assert "expired" in answer.error["system_message"]


def test_a_key_does_not_replace_a_signature(rig: Rig) -> None:
    path = signed(rig).partition("?")[0]
    assert fetch(rig, path, X_API_Key=KEY).status == 403


@pytest.mark.parametrize("path", ["/v1/media/../../etc/passwd", "/v1/media/", "/v1/media/org_local/x/0/y.flac"])
def test_no_other_path_is_served(rig: Rig, path: str) -> None:
    assert fetch(rig, path).status == 403


def test_ready_segments_stay_playable_after_the_end(rig: Rig) -> None:
    url = signed(rig)
    session_id = url.split("/")[4]
    rig.ask("POST", f"/v1/music/org_local/focus/sessions/{session_id}/end")
    fresh = rig.get(session_id)["segments"][0]["playback_url"].removeprefix("http://127.0.0.1:4711")
    assert fetch(rig, fresh).body == BODY


@pytest.mark.parametrize("damage", ["flipped", "short", "gone"])
def test_damage_is_noticed_at_the_first_read_and_mended(rig: Rig, damage: str) -> None:
    url = signed(rig)
    (file,) = rig.objects.root.rglob("*.flac")
    content = file.read_bytes()
    if damage == "flipped":
        file.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    elif damage == "short":
        file.write_bytes(content[:-1])
    else:
        file.unlink()
    answer = fetch(rig, url)
    assert (answer.status, answer.error["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert fetch(rig, url).status == 404
    rig.make_ready()
    assert fetch(rig, url).body == BODY


def test_a_url_names_its_content(rig: Rig) -> None:
    url = signed(rig)
    path = url.partition("?")[0]
    other = path.replace(path[-69:-5], "0" * 64)
    from focuscli.engine.signing import Signer

    forged = Signer(rig.terms.signing_ring.secrets, rig.terms.signing_ring.deployment, 300.0, rig.clock).sign(other)
    assert fetch(rig, forged).status == 404
