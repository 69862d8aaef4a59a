"""The engine as a process: found, proved, spoken to by strangers, killed, stopped."""

import hashlib
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from focuscli.address import Address
from focuscli.bench.durability import SESSIONS, EngineProcess, Refusal
from focuscli.engine.doors import Wish
from focuscli.engine.lock import EngineLock
from focuscli.engine.serve import _outlasted, serve
from focuscli.engine.server import listen
from focuscli.errors import Conflict, UsageError
from focuscli.paths import Paths
from focuscli.settings import Settings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

START = {"goal": "relax", "target_minutes": 1}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    engine = EngineProcess(tmp_path_factory.mktemp("engine"), FOCUS_SEGMENT_SECONDS="20")
    engine.spawn()
    engine.wait()
    yield engine
    code, took_s = engine.stop()
    assert code == 0
    assert took_s < 5  # a second on a quiet machine


@pytest.fixture(scope="module")
def playable(engine: EngineProcess) -> str:
    """A session of which everything is ready."""
    session_id: str = engine.call("POST", SESSIONS, START)["session_id"]
    engine.session_when(session_id, lambda session: not session["more_pending"])
    return session_id


def first_url(engine: EngineProcess, session_id: str) -> str:
    url: str = engine.call("GET", f"{SESSIONS}/{session_id}")["segments"][0]["playback_url"]
    return url


def digest(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2].removesuffix(".flac")


def test_a_session_is_rendered_with_real_music(engine: EngineProcess, playable: str) -> None:
    session = engine.call("GET", f"{SESSIONS}/{playable}")
    assert (session["ready_count"], session["total_segments"], session["status"]) == (3, 3, "active")
    assert sum(item["measured_duration_seconds"] for item in session["segments"]) == pytest.approx(63.0)
    status, body = engine.fetch(session["segments"][0]["playback_url"])
    assert (status, body[:4]) == (200, b"fLaC")


IMPORTS = """
import sys, focuscli.engine.__main__, focuscli.engine.serve, focuscli.engine.workers, focuscli.engine.running
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_the_engine_itself_imports_nothing_that_makes_sound_or_speaks_to_people() -> None:
    words = [sys.executable, "-c", IMPORTS]
    output = subprocess.run(words, cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True).stdout
    assert not {"numpy", "scipy", "soundfile", "soxr", "httpx", "typer", "rich"} & set(output.split())


def test_the_files_are_for_their_owner_alone(engine: EngineProcess) -> None:
    for file in (engine.paths.engine_address, engine.paths.engine_key):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for folder in (engine.paths.runtime, engine.paths.engine_data, engine.paths.engine_data / "objects"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_curl_can_start_get_play_and_end(engine: EngineProcess, tmp_path: Path) -> None:
    curl = shutil.which("curl")
    if not curl:
        pytest.skip("curl is not installed")

    def run(*words: str) -> bytes:
        return subprocess.run([curl, "-sS", "--fail-with-body", *words], check=True, capture_output=True).stdout

    key = ["-H", f"x-api-key: {engine.key}"]
    started = json.loads(run(*key, "-d", json.dumps(START), engine.url + SESSIONS))
    path = f"{engine.url}{SESSIONS}/{started['session_id']}"
    engine.session_when(started["session_id"], lambda session: session["ready_count"] > 0)
    url = json.loads(run(*key, path))["segments"][0]["playback_url"]
    whole, resumed = tmp_path / "whole.flac", tmp_path / "resumed.flac"
    run("-o", str(whole), url)
    assert hashlib.sha256(whole.read_bytes()).hexdigest() == digest(url)
    resumed.write_bytes(whole.read_bytes()[:1000])
    run("-C", "-", "-o", str(resumed), url)
    assert resumed.read_bytes() == whole.read_bytes()
    assert run("-I", url).startswith(b"HTTP/1.1 200")
    assert json.loads(run(*key, "-X", "POST", path + "/end"))["status"] == "ended"
    assert json.loads(run(*key, "-X", "POST", "-H", "Content-Length: 0", path + "/end"))["status"] == "ended"


def test_requests_can_speak_to_it(engine: EngineProcess, playable: str) -> None:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {engine.key}"
        listed = session.get(engine.url + SESSIONS, params={"limit": 5}, timeout=30)
        assert listed.ok
        assert playable in [item["session_id"] for item in listed.json()["items"]]
        started = session.post(engine.url + SESSIONS, json=START, timeout=30)
        assert started.status_code == 202
        ended = session.post(f"{engine.url}{SESSIONS}/{started.json()['session_id']}/end", timeout=30)
        assert ended.json()["status"] == "ended"
        assert session.delete(engine.url + SESSIONS, timeout=30).headers["allow"] == "GET, HEAD, POST"
    part = requests.get(first_url(engine, playable), headers={"Range": "bytes=4-7"}, timeout=30)
    assert (part.status_code, len(part.content)) == (206, 4)


NODE = """
const [base, key, url] = process.argv.slice(1);
const headers = {"X-API-Key": key, "Content-Type": "application/json"};
const body = JSON.stringify({goal: "sleep", target_minutes: 1});
const started = await fetch(base + "/v1/music/org_local/focus/sessions", {method: "POST", headers, body});
const session = await started.json();
const end = base + "/v1/music/org_local/focus/sessions/" + session.session_id + "/end";
const ended = await (await fetch(end, {method: "POST", headers: {"X-API-Key": key}})).json();
const audio = new Uint8Array(await (await fetch(url)).arrayBuffer());
const refused = await fetch(base + "/v1/health", {headers: {"Host": "evil.example", "Origin": "http://evil.example"}});
console.log(JSON.stringify([started.status, ended.status, audio.length, refused.status]));
"""


def test_nodes_fetch_can_speak_to_it(engine: EngineProcess, playable: str) -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed")
    url = first_url(engine, playable)
    words = [node, "--input-type=module", "-e", NODE, "--", engine.url, engine.key, url]
    output = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    started, ended, length, refused = json.loads(output)
    assert (started, ended) == (202, "ended")
    assert length == len(engine.fetch(url)[1])
    assert refused in {403, 421}


def test_a_refused_upload_is_answered_and_the_connection_goes_on(engine: EngineProcess) -> None:
    parts = urlsplit(engine.url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    for key, status in (("", 401), (engine.key, 413)):
        connection.request("POST", SESSIONS, b" " * 300_000, {"X-API-Key": key})
        answer = connection.getresponse()
        assert answer.status == status
        assert json.loads(answer.read())["error"]["status"] == status
    connection.request("GET", "/v1/health")
    assert connection.getresponse().read() == b'{"status":"ok"}'
    connection.close()


@pytest.mark.parametrize("request_line", [b"GET /v1/health HTTP/1.1\r\n\r\n", b"GET /v1/health HTTP/1.0\r\n\r\n"])
def test_a_request_without_a_host_is_refused_on_the_wire(engine: EngineProcess, request_line: bytes) -> None:
    parts = urlsplit(engine.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) as wire:
        wire.sendall(request_line)
        wire.shutdown(socket.SHUT_WR)
        assert wire.recv(65536).split()[1] in {b"400", b"421"}


def test_a_second_auto_started_engine_leaves_silently(engine: EngineProcess) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "focuscli.engine", "--auto"],
        env={**os.environ, **engine._environment},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )
    assert (second.returncode, second.stdout, second.stderr) == (0, b"", b"")
    address = Address.read(engine.paths.engine_address)
    assert address is not None
    assert address.pid == engine.process_id


def test_an_engine_that_a_person_starts_says_who_is_in_the_way(engine: EngineProcess) -> None:
    with pytest.raises(Conflict, match=f"already running at {engine.url}"):
        serve(settings(), engine.paths, auto_started=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "example.com", "127.0.0.2", ""])
def test_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(UsageError, match="nothing there is encrypted"):
        serve(settings(), Paths.find(), wish=Wish(host), auto_started=False)


def settings() -> Settings:
    return Settings.load(file=None, environment={})


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[EngineProcess]:
    engine = EngineProcess(tmp_path / "fresh", FOCUS_SEGMENT_SECONDS="5")
    yield engine
    if engine._process and engine._process.poll() is None:
        engine.kill()


def test_sigterm_in_the_middle_leaves_nothing_behind_and_loses_nothing(fresh: EngineProcess) -> None:
    fresh.spawn()
    fresh.wait()
    session_id = fresh.call("POST", SESSIONS, START)["session_id"]
    fresh.session_when(session_id, lambda session: session["ready_count"] > 0)
    code, _ = fresh.stop()
    assert code == 0
    assert not fresh.paths.engine_address.exists()
    fresh.spawn()
    fresh.wait()
    session = fresh.session_when(session_id, lambda session: not session["more_pending"])
    assert session["ready_count"] == 12


def test_the_stop_call_ends_the_process(fresh: EngineProcess) -> None:
    fresh.spawn()
    fresh.wait()
    assert fresh.call("POST", "/v1/engine/stop") == {"status": "stopping"}
    assert fresh._process is not None
    assert fresh._process.wait(30) == 0
    assert not fresh.paths.engine_address.exists()


def test_an_idle_engine_leaves_by_itself_and_ignores_a_closing_terminal(tmp_path: Path) -> None:
    engine = EngineProcess(tmp_path / "idle", FOCUS_IDLE_EXIT="1")
    engine.spawn()
    engine.wait()
    os.kill(engine.process_id, signal.SIGHUP)
    assert engine._process is not None
    assert engine._process.wait(30) == 0
    assert not engine.paths.engine_address.exists()


def test_a_stale_address_is_replaced(fresh: EngineProcess) -> None:
    fresh.spawn()
    fresh.wait()
    fresh.kill()
    stale = Address.read(fresh.paths.engine_address)
    assert stale is not None
    fresh.spawn()
    fresh.wait()
    assert fresh.url != stale.url


def test_a_key_file_that_others_can_read_stops_the_start(fresh: EngineProcess) -> None:
    fresh.paths.engine_key.parent.mkdir(parents=True)
    fresh.paths.engine_key.write_text("k" * 43, encoding="ascii")
    fresh.paths.engine_key.chmod(0o644)
    fresh.spawn()
    with pytest.raises(Refusal, match="did not start"):
        fresh.wait()
    assert fresh._process is not None
    assert fresh._process.returncode == 9


def test_of_many_that_start_at_once_one_serves(fresh: EngineProcess) -> None:
    racers = []
    for _ in range(4):
        fresh.spawn()
        racers.append(fresh._process)
    while len(left := [racer for racer in racers if racer and racer.poll() is None]) > 1:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
    assert sorted(str(racer.poll()) for racer in racers if racer) == ["0", "0", "0", "None"]
    (fresh._process,) = left
    fresh.wait()
    assert fresh.stop()[0] == 0


def test_what_is_not_http_is_refused_in_the_envelope_too(engine: EngineProcess) -> None:
    parts = urlsplit(engine.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) as wire:
        wire.sendall(b"HELO focus\r\n\r\n")
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    error = json.loads(body)["error"]
    assert (error["code"], error["status"], len(error)) == ("BAD_REQUEST", 400, 8)
    assert f"x-request-id: {error['trace_id']}".encode() in head


def test_answers_on_a_kept_connection_are_not_held_back() -> None:
    """Head and body go out in two pieces; without TCP_NODELAY the second waits 40 ms for the first one's receipt."""
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.proto == socket.IPPROTO_TCP  # what asyncio looks at before it sets TCP_NODELAY


def test_an_engine_that_is_about_to_leave_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = Paths.find(os.environ)
    leaving, next_one = EngineLock(paths.engine_lock), EngineLock(paths.engine_lock)
    assert leaving.acquire()
    assert not next_one.acquire()
    monkeypatch.setattr("focuscli.engine.serve.time.sleep", lambda _: leaving.release())
    assert _outlasted(next_one, paths)
    next_one.release()
