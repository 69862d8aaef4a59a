"""What every answer has in common: headers, the error envelope, who is let in, and in which order that is checked."""

import asyncio
import re
import sqlite3

import pytest

from focuscli.address import HELLO_PATH, proves
from focuscli.engine.store import StoreUnavailable
from focuscli.version import __version__
from tests.engine.rig import GUEST_KEY, HOST, KEY, PORT, SESSIONS, START, Answer, Rig, ask, ask_on_loop

INNER = ["code", "message", "system_message", "type", "status", "details", "trace_id", "timestamp"]


def assert_common_headers(answer: Answer) -> None:
    assert re.fullmatch(r"req_[0-9a-f]{12}", answer.headers["x-request-id"])
    assert answer.headers["freddy-processing-ms"].isdigit()
    assert answer.headers["freddy-api-version"] == "2025-01-01"
    assert answer.headers["aitronos-organization"] == "org_local"


FAILURES: list[tuple[str, str, str, int, str, str]] = [
    ("unknown route", "GET", "/v1/nothing", 404, "RESOURCE_NOT_FOUND", "client_error"),
    ("root", "GET", "/", 404, "RESOURCE_NOT_FOUND", "client_error"),
    ("trailing slash", "GET", SESSIONS + "/", 404, "RESOURCE_NOT_FOUND", "client_error"),
    ("wrong method", "DELETE", SESSIONS, 405, "METHOD_NOT_ALLOWED", "client_error"),
    ("get of end", "GET", SESSIONS + "/mfocus_1/end", 405, "METHOD_NOT_ALLOWED", "client_error"),
    ("options", "OPTIONS", SESSIONS, 405, "METHOD_NOT_ALLOWED", "client_error"),
    ("malformed", "POST", SESSIONS, 422, "VALIDATION_ERROR", "validation_error"),
    ("foreign organization", "GET", "/v1/music/org_other/focus/sessions", 403, "ORGANIZATION_ACCESS_DENIED",
     "authorization_error"),
    ("missing session", "GET", SESSIONS + "/mfocus_1", 404, "RESOURCE_NOT_FOUND", "client_error"),
    ("unsigned media", "GET", "/v1/media/org_local/mfocus_1/0/" + "0" * 64 + ".flac", 403, "INSUFFICIENT_PERMISSIONS",
     "authorization_error"),
    ("nonce missing", "GET", HELLO_PATH, 422, "VALIDATION_ERROR", "validation_error"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "status", "code", "kind"), [row[1:] for row in FAILURES],
                         ids=[row[0] for row in FAILURES])  # fmt: skip
def test_every_failure_has_the_whole_envelope(
    quiet_rig: Rig, method: str, path: str, status: int, code: str, kind: str
) -> None:
    answer = quiet_rig.ask(method, path)
    assert answer.status == status
    error = answer.error
    assert list(error) == INNER
    assert (error["code"], error["type"], error["status"]) == (code, kind, status)
    assert isinstance(error["details"], dict)
    assert error["trace_id"] == answer.headers["x-request-id"]
    assert error["timestamp"] == "2026-06-28T10:30:00Z"
    assert answer.headers["content-type"] == "application/json"
    assert_common_headers(answer)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [(SESSIONS, "GET, HEAD, POST"), (SESSIONS + "/mfocus_1/end", "POST"), ("/v1/health", "GET, HEAD")],
)
def test_a_wrong_method_says_which_are_right(rig: Rig, path: str, allowed: str) -> None:
    assert rig.ask("PATCH", path).headers["allow"] == allowed


def test_success_has_the_common_headers_and_is_kept_by_no_cache(rig: Rig) -> None:
    answer = rig.ask("POST", SESSIONS, START)
    assert_common_headers(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"


def test_a_body_that_is_too_long_is_refused(rig: Rig) -> None:
    answer = rig.ask("POST", SESSIONS, b" " * 70_000)
    assert (answer.status, answer.error["code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_a_client_that_leaves_in_the_middle_is_not_a_bug_of_ours(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    answer = asyncio.run(
        ask_on_loop(rig.parts.face, "POST", SESSIONS, {"X-API-Key": KEY}, b'{"goal": "fo', cut_off=True)
    )
    assert answer.status == 0
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert rig.ask("GET", SESSIONS).json["items"] == []


def test_a_bug_answers_500_without_a_trace_of_it(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(type(rig.store), "listing", broken)
    answer = rig.ask("GET", SESSIONS + "/mfocus_1")
    assert (answer.status, answer.error["code"], answer.error["type"]) == (500, "INTERNAL_SERVER_ERROR", "server_error")
    assert b"secret" not in answer.body
    assert list(answer.error) == INNER


def test_a_store_that_refuses_answers_503(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise StoreUnavailable("database is locked")

    monkeypatch.setattr(type(rig.store), "create", locked)
    answer = rig.ask("POST", SESSIONS, START)
    assert (answer.status, answer.error["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert int(answer.headers["retry-after"]) >= 1


def test_a_full_disk_answers_503(rig: Rig) -> None:
    page = sqlite3.connect(rig.objects.root.parent / "engine.db")
    (pages,) = page.execute("PRAGMA page_count").fetchone()
    page.close()
    rig.file._writer.execute(f"PRAGMA max_page_count = {pages}")
    assert rig.ask("POST", SESSIONS, {**START, "target_minutes": 1440}).status == 503
    rig.file._writer.execute("PRAGMA max_page_count = 1000000")
    assert rig.ask("POST", SESSIONS, START).status == 202


def test_an_engine_that_is_leaving_answers_503(rig: Rig) -> None:
    assert rig.ask("POST", "/v1/engine/stop").status == 202
    assert rig.parts.lifetime.stopping
    answer = rig.ask("POST", SESSIONS, START)
    assert (answer.status, answer.error["code"]) == (503, "SERVICE_UNAVAILABLE")


MISSING, INVALID = "AUTHENTICATION_REQUIRED", "INVALID_API_KEY"
CREDENTIALS: list[tuple[list[tuple[str, str]], str | None]] = [
    ([], MISSING),
    ([("X-API-Key", "")], MISSING),
    ([("X-API-Key", "  ")], MISSING),
    ([("Authorization", "")], MISSING),
    ([("Authorization", "Bearer")], MISSING),
    ([("Authorization", "Bearer ")], MISSING),
    ([("Authorization", "Basic " + KEY)], MISSING),
    ([("Authorization", KEY)], MISSING),
    ([("X-API-Key", "wrong")], INVALID),
    ([("X-API-Key", KEY[:-1])], INVALID),
    ([("X-API-Key", KEY + "k")], INVALID),
    ([("X-API-Key", "clé\xff")], INVALID),
    ([("Authorization", "Bearer wrong")], INVALID),
    ([("X-API-Key", "wrong"), ("Authorization", "Bearer wrong")], INVALID),
    ([("X-API-Key", KEY)], None),
    ([("x-api-key", KEY)], None),
    ([("X-API-KEY", KEY)], None),
    ([("Authorization", f"Bearer {KEY}")], None),
    ([("Authorization", f"bearer {KEY}")], None),
    ([("X-API-Key", ""), ("Authorization", f"Bearer {KEY}")], None),
    ([("X-API-Key", "wrong"), ("Authorization", f"Bearer {KEY}")], None),
    ([("X-API-Key", KEY), ("Authorization", "Bearer wrong")], None),
]


@pytest.mark.parametrize(("headers", "code"), CREDENTIALS, ids=lambda value: str(value)[:70])
def test_credentials(quiet_rig: Rig, headers: list[tuple[str, str]], code: str | None) -> None:
    answer = ask(quiet_rig.parts.face, "GET", SESSIONS, headers)
    if code is None:
        assert answer.status == 200
        return
    assert answer.status == 401
    assert (answer.error["code"], answer.error["type"]) == (code, "authentication_error")
    if code == MISSING:
        assert answer.error["message"] == "Authentication required. Please provide a valid API key."
        assert answer.error["system_message"] == "Missing or invalid authorization header"
        assert answer.error["details"] == {}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("POST", ""), ("GET", "/mfocus_1"), ("POST", "/mfocus_1/end")],
)
def test_credentials_are_checked_before_organization_and_both_before_the_body(
    quiet_rig: Rig, method: str, path: str
) -> None:
    for organization, key, status in (("org_other", None, 401), ("org_other", KEY, 403), ("org_local", None, 401)):
        url = f"/v1/music/{organization}/focus/sessions{path}"
        assert quiet_rig.ask(method, url, b"{", key=key).status == status


def test_engine_and_stop_need_a_key(rig: Rig) -> None:
    for method, path in (("GET", "/v1/music/org_local/engines"), ("POST", "/v1/engine/stop")):
        assert rig.ask(method, path, key=None).status == 401
    assert not rig.parts.lifetime.stopping


ALLOWED_HOSTS = [HOST, f"localhost:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}"]
REFUSED_HOSTS = [
    None, "", " ", "127.0.0.1", "localhost", "[::1]", f"127.0.0.1:{PORT + 1}", "127.0.0.1:", "127.0.0.1:0",
    f"127.0.0.2:{PORT}", f"0.0.0.0:{PORT}", f"[::]:{PORT}", f"::1:{PORT}", f"[::ffff:127.0.0.1]:{PORT}",
    f"evil.example:{PORT}", "evil.example", f"localhost.:{PORT}", f"localhost.evil.example:{PORT}",
    f"evil.example.localhost:{PORT}", f"127.0.0.1.nip.io:{PORT}", f"127.1:{PORT}", f"2130706433:{PORT}",
    f"0x7f000001:{PORT}", f"0177.0.0.1:{PORT}", f"127.0.0.1:{PORT}.evil.example", f"127.0.0.1:0{PORT}",
    f"user@127.0.0.1:{PORT}", f"127.0.0.1:{PORT}/", f"127.0.0.1:{PORT}#", f"127.0.0.1:{PORT},evil.example",
    f"http://127.0.0.1:{PORT}", f"127.0.0.1:{PORT} ", f"\t127.0.0.1:{PORT}", f"127.0.0.1\x00:{PORT}",
    f"１２７.0.0.1:{PORT}".encode().decode("latin-1"), f"*:{PORT}", f"[0:0:0:0:0:0:0:1]:{PORT}",
    f"ip6-localhost:{PORT}",
]  # fmt: skip


@pytest.mark.parametrize("host", ALLOWED_HOSTS)
def test_an_own_name_is_answered(quiet_rig: Rig, host: str) -> None:
    assert ask(quiet_rig.parts.face, "GET", "/v1/health", host=host).status == 200


@pytest.mark.parametrize("host", REFUSED_HOSTS, ids=repr)
@pytest.mark.parametrize("path", ["/v1/health", SESSIONS, "/v1/media/x", "/nothing"])
def test_any_other_host_is_refused_before_routing(quiet_rig: Rig, host: str | None, path: str) -> None:
    answer = ask(quiet_rig.parts.face, "GET", path, {"X-API-Key": KEY}, host=host)
    assert (answer.status, answer.error["code"]) == (421, "MISDIRECTED_REQUEST")


def test_two_hosts_are_refused(rig: Rig) -> None:
    assert ask(rig.parts.face, "GET", "/v1/health", [("Host", HOST)]).status == 421


PAGES = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": f"http://{HOST}"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "unheard-of"},
]


@pytest.mark.parametrize("headers", PAGES, ids=str)
@pytest.mark.parametrize("path", ["/v1/health", SESSIONS, "/v1/media/x", HELLO_PATH])
def test_web_pages_are_refused_before_routing(quiet_rig: Rig, headers: dict[str, str], path: str) -> None:
    answer = ask(quiet_rig.parts.face, "GET", path, {"X-API-Key": KEY, **headers})
    assert (answer.status, answer.error["type"]) == (403, "authorization_error")
    assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize("site", ["none", "same-origin"])
def test_what_a_person_typed_is_answered(rig: Rig, site: str) -> None:
    assert ask(rig.parts.face, "GET", "/v1/health", {"Sec-Fetch-Site": site}).status == 200


def test_hello_proves_that_the_key_is_held(rig: Rig) -> None:
    rig.start()
    answer = rig.ask("GET", f"{HELLO_PATH}?nonce=fresh", key=None)
    assert answer.status == 200
    hello = answer.json
    assert list(hello) == ["proof", "version", "build", "protocol", "proto_min", "proto_max", "organization_id", "pid",
                           "uptime_s", "active_sessions"]  # fmt: skip
    assert proves(KEY, "fresh", PORT, hello["proof"])
    assert not proves(KEY, "other", PORT, hello["proof"])
    assert not proves(KEY, "fresh", PORT + 1, hello["proof"])
    assert (hello["version"], hello["protocol"], hello["organization_id"]) == (__version__, 1, "org_local")
    assert hello["active_sessions"] == 1
    assert rig.ask("GET", f"{HELLO_PATH}?nonce={'x' * 129}", key=None).status == 422


@pytest.mark.parametrize("path", ["/v1/health", "/v1/health/"])
def test_health_needs_no_key(rig: Rig, path: str) -> None:
    answer = rig.ask("GET", path, key=None)
    assert (answer.status, answer.json) == (200, {"status": "ok"})


def test_the_worst_component_decides_the_health(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    good = rig.ask("GET", "/v1/health/details", key=None).json
    assert good == {
        "status": "healthy",
        "components": [{"name": name, "status": "healthy"} for name in ("store", "objects", "renderer")],
    }
    monkeypatch.setattr("focuscli.engine.engine_routes.LOW_DISK_BYTES", 1 << 62)
    assert rig.ask("GET", "/v1/health/details", key=None).json["status"] == "degraded"

    def refuse(_: object) -> bool:
        raise StoreUnavailable("disk I/O error")

    monkeypatch.setattr(type(rig.store), "has_work", refuse)
    worst = rig.ask("GET", "/v1/health/details", key=None).json
    assert worst["status"] == "unhealthy"
    assert worst["components"][0] == {"name": "store", "status": "unhealthy", "details": "disk I/O error"}


def test_the_generators_are_listed(rig: Rig) -> None:
    engines = rig.ask("GET", "/v1/music/org_local/engines", key=GUEST_KEY).json["engines"]
    assert [(engine["engine_key"], engine["default"]) for engine in engines] == [("procedural", True), ("noise", False)]
    assert all(len(engine) == 12 for engine in engines)
