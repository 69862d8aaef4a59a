"""Two engines on one Postgres behind the very proxy of `.deploy/`: one session through it, and one engine killed."""

import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import soundfile

from focuscli.bench.dask_cluster import free_port
from focuscli.bench.nginx import await_listener, nginx, program
from focuscli.engine.key_form import Kind, digest, key_id_of, new_key
from focuscli.engine.key_store import KeyStore, StoredKey
from focuscli.engine.keys import CAPABILITIES
from focuscli.engine.store import Owner
from tests.engine.test_compose import FOLDER, LIMIT_S, SERVICES, TOP, until, words_of
from tests.engine.tls import make_certificate
from tests.postgres import new_url

FOCUS = [sys.executable, "-m", "focuscli"]
postgres = pytest.importorskip("focuscli.engine.postgres")
SESSIONS = "/v1/music/org_team/focus/sessions"
pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="signals of POSIX"),
    pytest.mark.skipif(program() is None, reason="needs nginx (Debian: nginx-light)"),
]


class Team:
    """The deployment with this machine's ports and places in place of those of containers."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ports, self.public = folder, (free_port(), free_port()), free_port()
        self.certificate, key = make_certificate(folder)
        self.engines: list[subprocess.Popen[bytes]] = []
        (folder / "signing.secret").write_text(f"{'5e' * 32}\n")
        (folder / "signing.secret").chmod(0o600)
        url = new_url()
        self.environment = {
            **os.environ, "PYTHONPATH": str(TOP), "OPENBLAS_NUM_THREADS": "1", "FOCUS_STORE": url,
            "FOCUS_OBJECTS": f"file://{folder}/objects", "FOCUS_SIGNING_SECRET": str(folder / "signing.secret"),
            "FOCUS_LEASE": "4", "FOCUS_SLOTS": "1", "FOCUS_SEGMENT_SECONDS": "10", "FREDDY_API_KEY": _made_key(url),
        }  # fmt: skip
        self._configure(key)

    def _configure(self, key: Path) -> None:
        """The file of `.deploy/` as nginx's image includes it; only names and places are others."""
        site = (FOLDER / "nginx.conf").read_text()
        for there, here in (
            ("engine-1:8080", f"127.0.0.1:{self.ports[0]}"), ("engine-2:8080", f"127.0.0.1:{self.ports[1]}"),
            ("listen 443", f"listen 127.0.0.1:{self.public}"),
            ("server_name focus.example.org", "server_name localhost"),
            ("Host focus.example.org", f"Host localhost:{self.public}"),
            ("/tls/cert.pem", str(self.certificate)), ("/tls/key.pem", str(key)),
        ):  # fmt: skip
            assert there in site
            site = site.replace(there, here)
        self.site = site

    def engine_words(self, number: int) -> list[str]:
        """The compose file's command of an engine, but for where it listens and who watches."""
        words = words_of(f"engine-{number + 1}")
        here = {"0.0.0.0": "127.0.0.1", "8080": str(self.ports[number]), "/deploy/engine.toml": f"{FOLDER}/engine.toml",
                "https://focus.example.org": f"https://localhost:{self.public}",
                "0.0.0.0:9464": f"127.0.0.1:{free_port()}"}  # fmt: skip
        return [*FOCUS, *(here.get(word, word) for word in words[1:])]

    def start_engine(self, number: int, stack: ExitStack) -> None:
        environment = self.environment | {"FOCUS_HOME": str(self.folder / str(number))}
        self.engines.append(stack.enter_context(process(self.engine_words(number), environment, self.folder)))

    def ask(self, method: str, target: str, headers: dict[str, str], body: Any = None) -> tuple[int, Any, bytes]:
        """One call of the proxy: status, headers, body."""
        trust = ssl.create_default_context(cafile=str(self.certificate))
        connection = http.client.HTTPSConnection("localhost", self.public, context=trust, timeout=30)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, target, content, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()


def _made_key(url: str) -> str:
    """As `focus engine key create` makes one."""
    key = new_key(Kind.LIVE)
    key_id = key_id_of(key.encode())
    assert key_id is not None
    with closing(postgres.PostgresDatabase(url)) as database:
        owner, now = Owner("org_team", "user_anna"), time.time()
        KeyStore(database).add(StoredKey(key_id, digest(key.encode()), owner, "anna", CAPABILITIES, now))
    return key


@contextmanager
def process(words: list[str], environment: dict[str, str], folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process with its children, killed at the end."""
    with (folder / "log").open("ab") as log:
        running = subprocess.Popen(words, env=environment, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    try:
        yield running
    finally:
        kill(running)


def kill(running: "subprocess.Popen[bytes]") -> None:
    """SIGKILL, at this instant, of the process and all its children."""
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    team = Team(tmp_path)
    with ExitStack() as stack:
        stack.enter_context(nginx(tmp_path, team.site))
        for number in (0, 1):
            team.start_engine(number, stack)
        yield team


def test_the_proxy_of_the_deployment_is_the_one_that_is_tested() -> None:
    mounted = [mount.split(":")[0] for mount in SERVICES["proxy"]["volumes"]]
    assert mounted[0] == "./nginx.conf"


def test_a_session_comes_whole_through_the_proxy_though_an_engine_is_killed(team: Team) -> None:
    key = {"X-API-Key": team.environment["FREDDY_API_KEY"]}
    for port in team.ports:
        await_listener(port)

    def started() -> Any:
        body = {"goal": "relax", "target_minutes": 3}
        status, _, answer = team.ask("POST", SESSIONS, {**key, "X-Focus-Lease": "5", "Idempotency-Key": "once"}, body)
        return json.loads(answer) if status == 202 else None

    session_id = until(started)["session_id"]
    one = f"{SESSIONS}/{session_id}"
    with_lies = {**key, "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Request-Id": "mine",
                 "Forwarded": "host=evil.example"}  # fmt: skip

    def begun() -> Any:
        status, headers, answer = team.ask("GET", one, with_lies)
        assert status == 200
        assert headers["X-Request-Id"].startswith("req_"), "what a client calls its request is nobody's business"
        return json.loads(answer)["segments"]

    url = urlsplit(until(begun)[0]["playback_url"])
    assert (url.scheme, url.netloc) == ("https", f"localhost:{team.public}"), "whatever a client says it forwards"
    media = f"{url.path}?{url.query}"
    with process([*FOCUS, "export", session_id, "--to", "whole.flac", "--json", "--remote",
                  f"https://localhost:{team.public}", "--organization", "org_team", "--ca-bundle",
                  str(team.certificate)], team.environment, team.folder) as export:  # fmt: skip
        whole = _fetched_from_both(team, media)
        kill(team.engines[0])
        assert json.loads(team.ask("GET", one, key)[2])["more_pending"], "it was killed in the middle"
        status, headers, part = team.ask("GET", media, {"Range": "bytes=100-299"})
        assert (status, part) == (206, whole[100:300])
        assert headers["Content-Range"] == f"bytes 100-299/{len(whole)}"
        rest = team.ask("GET", media, {"Range": "bytes=300-", "If-Range": headers["ETag"]})
        assert (rest[0], rest[2]) == (206, whole[300:]), "another engine's audio is the same to the byte"
        assert export.wait(LIMIT_S) == 0, (team.folder / "log").read_text()
    session = json.loads(team.ask("GET", one, key)[2])
    assert session["ready_count"] == session["total_segments"] == len(session["segments"])
    assert soundfile.info(team.folder / "whole.flac").duration == pytest.approx(180.0, abs=0.1)
    assert len({line.split()[0] for line in _attempts(team)}) == session["total_segments"]


def _fetched_from_both(team: Team, media: str) -> bytes:
    """The same bytes of a URL that one of them signed, whichever answers: the proxy asks them in turn."""
    bodies = {team.ask("GET", media, {})[2] for _ in range(4)}
    assert len(bodies) == 1
    body = bodies.pop()
    assert body[:4] == b"fLaC"
    return body


def _attempts(team: Team) -> list[str]:
    return [str(file.name) for file in sorted((team.folder / "objects").rglob("*.flac"))]
