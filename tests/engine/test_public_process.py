"""An engine that serves others: TLS on its public door, keys that its keeper makes, nothing without either."""

import json
import os
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from focuscli.bench.durability import EngineProcess
from focuscli.errors import ExitCode
from tests.engine.tls import make_certificate

FOCUS = [sys.executable, "-m", "focuscli"]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return make_certificate(tmp_path)


def focus(*words: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run([*FOCUS, *words], capture_output=True, text=True, env=environment, check=False)


@contextmanager
def serving(*words: str) -> Iterator[dict[str, Any]]:
    """`focus engine serve`, as it describes itself."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "FOCUS_SLOTS": "1"}
    command = [*FOCUS, "engine", "serve", "--json", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as engine:
        assert engine.stdout is not None
        try:
            yield json.loads(engine.stdout.readline())
        finally:
            engine.terminate()
            assert engine.wait() == 0


def test_others_are_served_with_tls_and_a_key_alone(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    tls = ("--tls-cert", str(certificate[0]), "--tls-key", str(certificate[1]))
    port = free_port()
    public = ("--host", "127.0.0.1", "--port", str(port), *tls, "--public-url", f"https://localhost:{port}")
    without = focus("engine", "serve", *public)
    assert without.returncode == ExitCode.CONFLICT
    assert "focus engine key create" in without.stderr
    made = json.loads(focus("engine", "key", "create", "--organization", "org_team", "--name", "anna", "--json").stdout)
    assert focus("engine", "stop").returncode == 0
    with serving(*public) as engine:
        assert engine["public_url"] == f"https://localhost:{port}"
        trust = ssl.create_default_context(cafile=str(certificate[0]))
        url = f"{engine['public_url']}/v1/music/org_team/focus/sessions"
        started = ask(url, trust, made["key"], b'{"goal":"focus","target_minutes":1}')
        assert ask(f"{url}/{started['session_id']}", trust, made["key"])["status"] == "active"
        with pytest.raises(urllib.error.HTTPError, match="401"):
            ask(url, trust, "fk_live_wrong")
        with pytest.raises(urllib.error.URLError, match="certificate verify failed"):
            ask(url, ssl.create_default_context(), made["key"])
        with pytest.raises(OSError):  # plain text is not answered
            ask(url.replace("https", "http"), trust, made["key"])
        (listed,) = json.loads(focus("engine", "key", "list", "--json").stdout)["keys"]
        assert (listed["key_id"], listed["organization_id"]) == (made["key_id"], "org_team")
        assert listed["last_used_at"] is not None
        assert focus("engine", "key", "revoke", made["key_id"]).returncode == 0
        with pytest.raises(urllib.error.HTTPError, match="401"):
            ask(url, trust, made["key"])


def test_a_key_is_said_once_on_stdout_and_never_in_a_list_or_the_log() -> None:
    made = focus("engine", "key", "create", "--expires", "90d", "--user", "user_anna")
    key = made.stdout.strip()
    assert key.startswith("fk_local_")
    assert "not shown again" in made.stderr
    assert key not in made.stderr
    listed = focus("engine", "key", "list")
    assert key[9:17] in listed.stdout
    assert "user_anna" in listed.stdout
    assert key not in listed.stdout
    assert focus("engine", "key", "revoke", "nothere1").returncode == ExitCode.NOT_FOUND
    assert focus("engine", "key", "rotate").stdout == "media URLs are signed with key 2 from now on\n"
    assert focus("engine", "stop").returncode == 0
    engine = EngineProcess(Path(os.environ["FOCUS_HOME"]))
    for file in (engine.paths.engine_log, *engine.paths.engine_data.glob("engine.db*")):
        assert key[18:61].encode() not in file.read_bytes()


def ask(url: str, trust: ssl.SSLContext, key: str, body: bytes | None = None) -> Any:
    request = urllib.request.Request(url, body, {"X-API-Key": key, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, context=trust, timeout=30) as answer:
        return json.loads(answer.read())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
