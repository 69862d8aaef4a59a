"""The compose file of a team: sound as it stands, and its very commands, run as processes, make and serve music."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from focuscli.bench.dask_cluster import free_port
from focuscli.setting_table import BY_NAME
from focuscli.settings import Settings

TOP = Path(__file__).parents[2]
FOLDER = TOP / ".deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LIMIT_S = 60.0


def words_of(service: str) -> list[str]:
    return shlex.split(SERVICES[service]["command"])


def mounts(service: dict[str, Any]) -> list[tuple[str, str]]:
    return [tuple(mount.split(":")[:2]) for mount in service.get("volumes", [])]


def test_there_is_everything_that_a_team_needs() -> None:
    assert SERVICES.keys() == {
        "certificates", "postgres", "bucket", "scheduler", "worker", "engine-1", "engine-2", "proxy",
    }  # fmt: skip
    for service in SERVICES.values():
        assert service["restart"] in {"unless-stopped", "no"}
        assert set(service.get("depends_on", ())) <= SERVICES.keys()
        for source, target in mounts(service):
            assert source in COMPOSE["volumes"] or (source.startswith("./") and target.startswith("/"))
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"proxy": ["443:443"]}  # nothing else can be reached from outside
    assert words_of("engine-1") == words_of("engine-2")


def test_its_variables_and_its_settings_file_are_the_programs_own() -> None:
    told = [line.partition("=")[0] for line in (FOLDER / "environment.example").read_text().splitlines()]
    names = {*SERVICES["engine-1"]["environment"], *(name for name in told if name.startswith("FOCUS_"))}
    known = {setting.variable for setting in BY_NAME.values()}
    assert names <= known | {"FOCUS_HOME"}
    settings = Settings.load(file=FOLDER / "engine.toml", environment={})
    assert settings.cautions == ()
    assert settings.organizations["org_team"].rate_limit == 120_000
    assert float(SERVICES["engine-1"]["stop_grace_period"].removesuffix("s")) > settings["drain"] + 5


def test_the_proxy_asks_both_engines_by_the_name_that_they_answer_to() -> None:
    text = (FOLDER / "nginx.conf").read_text()
    port = words_of("engine-1")[words_of("engine-1").index("--port") + 1]
    for engine in ("engine-1", "engine-2"):
        assert f"server {engine}:{port} " in text
    origin = words_of("engine-1")[words_of("engine-1").index("--public-url") + 1]
    assert f"proxy_set_header Host {urlsplit(origin).netloc};" in text


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    command = SERVICES["certificates"]["command"].replace("/deploy", str(FOLDER)).replace("/certificates ", "")
    words = [
        word.replace("/certificates", str(folder)) if word == "/certificates" else word for word in command.split()
    ]
    try:
        subprocess.run(words, check=True, capture_output=True)
        subprocess.run(words, check=True, capture_output=True)  # once more changes nothing
    except subprocess.CalledProcessError as exc:
        if b"not found" in exc.stderr:
            pytest.skip("openssl is not installed")
        raise
    return folder


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_its_certificates_vouch_for_each_other_and_leave_no_authority_behind(certificates: Path) -> None:
    assert {file.name for file in certificates.iterdir()} == {"ca.pem", "cluster.pem", "cluster.key", "signing.secret"}
    for secret in ("cluster.key", "signing.secret"):
        assert (certificates / secret).stat().st_mode & 0o777 == 0o600
    words = ["openssl", "verify", "-CAfile", str(certificates / "ca.pem"), str(certificates / "cluster.pem")]
    assert subprocess.run(words, check=True, capture_output=True, text=True).stdout.endswith(": OK\n")


class Placed:
    """The file's commands with this machine's places and ports in place of a container's."""

    def __init__(self, folder: Path, certificates: Path) -> None:
        self.port, self.watching = free_port(), free_port()
        scheduler = free_port()
        self._folder = folder
        self._here = (
            ("scheduler:8786", f"127.0.0.1:{scheduler}"), ("/certificates", str(certificates)),
            ("/deploy", str(FOLDER)), ("0.0.0.0", "127.0.0.1"), ("9464", str(self.watching)),
        )  # fmt: skip
        self._whole = {"8786": str(scheduler), "scheduler": "127.0.0.1", "8080": str(self.port)}

    def here(self, word: str) -> str:
        for there, here in self._here:
            word = word.replace(there, here)
        return self._whole.get(word, word)

    def words(self, service: str) -> list[str]:
        program = {"focus": [sys.executable, "-m", "focuscli"], "python": [sys.executable]}
        first, *rest = words_of(service)
        return [*program[first], *map(self.here, rest)]

    def environment(self) -> dict[str, str]:
        told = {name: self.here(value) for name, value in SERVICES["engine-1"]["environment"].items()}
        told |= {"FOCUS_HOME": str(self._folder / "home"), "FOCUS_SEGMENT_SECONDS": "20"}
        for name in ("FOCUS_OBJECTS", "FOCUS_MEDIA_FROM"):  # the engine's own folder: there is no bucket here
            del told[name]
        return {**os.environ, **told, "PYTHONPATH": str(TOP), "OPENBLAS_NUM_THREADS": "1"}

    @contextmanager
    def running(self, service: str, *more: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Its command, as a process with all its children."""
        with (self._folder / f"{service}.log").open("wb") as log:
            process = subprocess.Popen(
                [*self.words(service), *more], cwd=self._folder, env=self.environment(), stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def ask(self, method: str, path: str, key: str = "", body: Any = None) -> bytes:
        """A call as the proxy passes it on."""
        headers = {"Host": "focus.example.org", "Content-Type": "application/json"} | (
            {"X-API-Key": key} if key else {}
        )
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", content, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            answered: bytes = answer.read()
        return answered


def until(holds: Any) -> Any:
    """What is returned as soon as it is something."""
    deadline = time.monotonic() + LIMIT_S
    while True:
        with suppress(OSError):
            if found := holds():
                return found
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.xdist_group("dask")
def test_its_commands_run_as_processes_make_and_serve_music(tmp_path: Path, certificates: Path) -> None:
    placed = Placed(tmp_path, certificates)
    with ExitStack() as stack:
        stack.enter_context(placed.running("scheduler"))
        stack.enter_context(placed.running("worker"))
        local = placed.environment() | {"FOCUS_RENDER_EXECUTOR": ""}
        create = [*placed.words("engine-1")[:3], "engine", "key", "create", "--organization", "org_team"]
        key = subprocess.run(create, env=local, check=True, capture_output=True, text=True).stdout.strip()
        subprocess.run([*create[:4], "stop"], env=local, check=True, capture_output=True)
        engine = stack.enter_context(placed.running("engine-1"))
        sessions = "/v1/music/org_team/focus/sessions"
        body = {"goal": "relax", "target_minutes": 1}
        session_id = until(lambda: json.loads(placed.ask("POST", sessions, key, body)))["session_id"]

        def whole() -> Any:
            session = json.loads(placed.ask("GET", f"{sessions}/{session_id}", key))
            return None if session["more_pending"] else session

        session = until(whole)
        url = urlsplit(session["segments"][0]["playback_url"])
        assert url.netloc == "focus.example.org"
        assert placed.ask("GET", f"{url.path}?{url.query}")[:4] == b"fLaC"
        with urllib.request.urlopen(f"http://127.0.0.1:{placed.watching}/metrics", timeout=30) as answer:
            assert 'focus_segments_total{outcome="ready"} 3.0' in answer.read().decode()
        engine.terminate()
        assert engine.wait(LIMIT_S) == 0
