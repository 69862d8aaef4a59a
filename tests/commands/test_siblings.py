"""`focus end` ends a session on a remote of another API, in that API's words."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from focuscli.errors import ExitCode
from tests.commands.conftest import Focus

ENDED = b'{"success":true,"session":{"session_id":"s_1","status":"ended","started_at":"a","ended_at":"b"}}'
STOPPED = b'{"_id":"s_1","state":"finished"}'


class Other:
    """A remote that answers every call alike and keeps what it was asked."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status, self.body = status, body
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.url = ""

    @contextmanager
    def listening(self) -> Iterator["Other"]:
        other = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                other.asked.append((self.command, self.path, headers))
                self.send_response(other.status)
                self.send_header("content-length", str(len(other.body)))
                self.end_headers()
                self.wfile.write(other.body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}/prefix"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@contextmanager
def meant(monkeypatch: pytest.MonkeyPatch, api: str, status: int, body: bytes) -> Iterator[Other]:
    with Other(status, body).listening() as other:
        monkeypatch.setenv("FOCUS_REMOTE", other.url)
        monkeypatch.setenv("FOCUS_API", api)
        monkeypatch.setenv(f"{api.upper()}_API_KEY", "fk_other")
        yield other


def test_agenthuman_is_asked_with_its_header(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    with meant(monkeypatch, "agenthuman", 200, ENDED) as other:
        assert focus("end", "s_1").out == "s_1 ended\n"
        assert focus("end", "s_1", "--json").json["session"]["status"] == "ended"
    (method, path, headers), _ = other.asked
    assert (method, path) == ("POST", "/prefix/v1/sessions/s_1/end")
    assert headers["x-api-key"] == "fk_other"
    assert "authorization" not in headers


def test_emogg_is_asked_with_a_bearer(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    with meant(monkeypatch, "emogg", 200, STOPPED) as other:
        assert focus("end", "s_1", "--json").json == {"_id": "s_1", "state": "finished"}
    ((method, path, headers),) = other.asked
    assert (method, path) == ("POST", "/prefix/v1/sessions/s_1/stop")
    assert headers["authorization"] == "Bearer fk_other"
    assert "x-api-key" not in headers


def test_ending_what_is_over_there_is_no_error(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = b'{"error":true,"status":400,"message":"Session is not active"}'
    with meant(monkeypatch, "emogg", 400, refusal):
        done = focus("end", "s_1")
    assert (done.code, done.out) == (ExitCode.OK, "s_1 ended\n")


@pytest.mark.parametrize(
    ("api", "status", "body", "code", "said"),
    [
        ("agenthuman", 401, b'{"error":"API key required"}', ExitCode.NOT_SIGNED_IN, "API key required"),
        (
            "agenthuman",
            404,
            b'{"success":false,"error":{"message":"Session not found"}}',
            ExitCode.NOT_FOUND,
            "Session not found",
        ),
        ("agenthuman", 400, b'{"error":"odd"}', ExitCode.ENGINE_UNREACHABLE, "odd"),
        ("emogg", 401, b'{"error":true,"status":401,"message":"who?"}', ExitCode.NOT_SIGNED_IN, "who?"),
        ("emogg", 404, b'{"message":"none\\u001b[2J"}', ExitCode.NOT_FOUND, "none\ufffd[2J"),
        ("emogg", 404, b'{"error":true,"status":404,"message":"none"}', ExitCode.NOT_FOUND, "none"),
        ("emogg", 418, b"<html>", ExitCode.ENGINE_UNREACHABLE, "418"),
        ("agenthuman", 200, b"<html>", ExitCode.ENGINE_UNREACHABLE, "not JSON"),
    ],
)
def test_refusals_have_our_exit_codes(
    focus: Focus, monkeypatch: pytest.MonkeyPatch, api: str, status: int, body: bytes, code: ExitCode, said: str
) -> None:
    with meant(monkeypatch, api, status, body):
        done = focus("end", "s_1", "--json")
    assert done.code == code
    assert said in done.error["message"]
    assert "\x1b" not in done.err


def test_a_session_has_to_be_named(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    with meant(monkeypatch, "emogg", 200, STOPPED) as other:
        assert focus("end").code == ExitCode.USAGE
    assert other.asked == []


def test_other_commands_say_what_can_be_done(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    with meant(monkeypatch, "agenthuman", 200, ENDED) as other:
        error = focus("list", "--json").error
    assert (error["code"], error["hint"]) == ("usage", "end one: focus end SESSION")
    assert other.asked == []


def test_an_api_that_nobody_knows_is_a_bad_setting(focus: Focus, monkeypatch: pytest.MonkeyPatch) -> None:
    with meant(monkeypatch, "unknown", 200, ENDED):
        assert focus("end", "s_1").code == ExitCode.USAGE
