"""An engine that serves a team: whether to send anybody to it, its figures, and how it leaves."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from focuscli.bench.dask_cluster import free_port
from focuscli.engine.doors import PublicDoor, Wish, watching_door
from focuscli.engine.store import BACK_OFF_S, StoreUnavailable
from focuscli.errors import UsageError
from focuscli.manual.operations import METRICS
from focuscli.paths import Paths
from tests.engine.rig import KEY, SESSIONS, START, Rig, ask
from tests.engine.test_public_process import FOCUS, focus

READY = "/v1/health/ready"


def test_an_engine_that_leaves_is_not_ready_and_still_answers(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    assert rig.ask("GET", READY, key=None).json["status"] == "healthy"
    rig.parts.lifetime.leave()
    refused = rig.ask("GET", READY, key=None)
    assert (refused.status, refused.error["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert rig.get(session_id)["status"] == "active"
    assert rig.ask("GET", "/v1/health", key=None).status == 200
    rig.parts.lifetime.stop()
    assert rig.ask("GET", f"{SESSIONS}/{session_id}").status == 503


def test_an_engine_without_its_store_is_not_ready(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> bool:
        raise StoreUnavailable("disk I/O error")

    monkeypatch.setattr(type(rig.store), "has_work", refuse)
    refused = rig.ask("GET", READY, key=None)
    assert (refused.status, refused.error["system_message"]) == (503, "store: disk I/O error")


def test_an_engine_without_its_objects_is_not_ready(rig: Rig) -> None:
    rig.objects.root.rmdir()
    refused = rig.ask("GET", READY, key=None)
    assert refused.status == 503
    assert refused.error["system_message"].startswith("objects: ")


def test_an_engine_for_which_nobody_renders_plays_what_there_is(rig: Rig) -> None:
    rig.slots = 0
    answer = rig.ask("GET", READY, key=None)
    assert (answer.status, answer.json["status"]) == (200, "degraded")
    assert answer.json["components"][2]["details"] == "nobody renders just now"


def figures(rig: Rig) -> tuple[str, dict[tuple[str, tuple[tuple[str, str], ...]], float]]:
    """What the door for those who watch says, and that as Prometheus' own client reads it."""
    answer = ask(rig.parts.watching_face, "GET", "/metrics", host="focus-engine-1:9464")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    text = answer.body.decode()
    families = list(text_string_to_metric_families(text))
    return text, {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_figures_are_what_prometheus_reads(rig: Rig) -> None:
    session_id = rig.start()["session_id"]
    rig.get(session_id)
    assert rig.ask("BREW", SESSIONS).status == 405
    text, found = figures(rig)
    assert found["focus_http_requests_total", (("code", "202"), ("method", "POST"))] == 1
    assert found["focus_http_requests_total", (("code", "200"), ("method", "GET"))] == 1
    assert found["focus_http_requests_total", (("code", "405"), ("method", "other"))] == 1
    assert found["focus_http_request_duration_seconds_count", ()] == 3
    assert found["focus_http_request_duration_seconds_bucket", (("le", "+Inf"),)] == 3
    assert found["focus_sessions_active", ()] == 1
    assert found["focus_render_slots", ()] == 1
    assert found["process_cpu_seconds_total", ()] > 0
    for line in text.splitlines():
        name = line.split()[2] if line.startswith("#") else line.partition("{")[0].split()[0]
        assert name.startswith(("focus_", "process_"))
    assert not [word for word in ("org_", "user_", "mfocus_", KEY) if word in text]


def test_every_figure_is_told_of_in_the_page_of_operations(rig: Rig) -> None:
    told = " ".join(name for name, _ in METRICS)
    families = {line.split()[2] for line in figures(rig)[0].splitlines() if line.startswith("# TYPE")}
    assert {name for name in families if not name.startswith("process_")} == set(re.findall(r"focus_[a-z_]+", told))


def test_buckets_grow_and_counters_never_shrink(rig: Rig) -> None:
    rig.start()
    _, before = figures(rig)
    for _ in range(5):
        rig.ask("GET", SESSIONS)
    _, after = figures(rig)
    bounds = [value for (name, _), value in after.items() if name == "focus_http_request_duration_seconds_bucket"]
    assert bounds == sorted(bounds)
    assert all(after[name] >= value for name, value in before.items() if name[0].endswith(("_total", "_count")))


def test_the_queue_is_told_of_and_how_long_the_oldest_has_waited(rig: Rig) -> None:
    def queue() -> tuple[float, float]:
        found = figures(rig)[1]
        return found["focus_queue_segments", ()], found["focus_queue_oldest_seconds", ()]

    assert queue() == (0, 0)
    rig.start()
    rig.clock.step(20.0)
    rig.start()
    rig.clock.step(5.0)
    assert queue() == (6, 25)
    claims = [rig.store.claim("rig", 60.0) for _ in range(5)]
    assert queue() == (1, 5)
    assert claims[0] is not None
    assert rig.store.release(claims[0], "broken")
    assert queue() == (1, 5), "what waits for its next attempt is not due yet"
    rig.clock.step(BACK_OFF_S)
    assert queue() == (2, 5 + BACK_OFF_S)


def test_figures_that_cannot_be_had_are_left_out(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> bool:
        raise StoreUnavailable("disk I/O error")

    monkeypatch.setattr(type(rig.store), "standing", refuse)
    assert ("focus_sessions_active", ()) not in figures(rig)[1]


def test_the_door_for_those_who_watch_has_nothing_of_anybody_behind_it(rig: Rig) -> None:
    door = rig.parts.watching_face
    for method, path in (
        ("GET", SESSIONS),
        ("POST", "/v1/engine/stop"),
        ("GET", "/hello?nonce=x"),
        ("GET", "/v1/media/x"),
    ):
        assert ask(door, method, path, {"X-API-Key": KEY}).status == 404
    assert ask(door, "GET", READY).status == 200
    assert ask(door, "GET", "/metrics", {"Origin": "http://evil.example"}).status == 403
    rig.open_public_door(PublicDoor("0.0.0.0", 8080, "https", "focus.example.org", None))
    assert rig.parts.public_face is not None
    assert ask(rig.parts.public_face, "GET", "/metrics", host="focus.example.org").status == 404
    assert ask(rig.parts.public_face, "GET", READY, host="focus.example.org").status == 200


def test_where_figures_are_told_must_be_said_whole() -> None:
    assert watching_door(Wish()) is None
    assert watching_door(Wish(metrics="[::1]:9464")) == ("::1", 9464)
    assert watching_door(Wish(metrics=":9464")) == ("127.0.0.1", 9464)
    for wrong in ("9464x", "localhost", "localhost:0", "localhost:70000"):
        with pytest.raises(UsageError, match="needs a port"):
            watching_door(Wish(metrics=wrong))


def asked(url: str, key: str = "", body: bytes | None = None) -> tuple[int, Any]:
    headers = {"X-API-Key": key, "Content-Type": "application/json"} if key else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as exc:
        with exc:
            return exc.code, json.loads(exc.read())


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_served_engine_that_is_told_to_leave_finishes_what_it_renders(tmp_path: Path) -> None:
    gate, config, watching, port = tmp_path / "gate", tmp_path / "team.toml", free_port(), free_port()
    os.mkfifo(gate)
    config.write_text('slots = 1\nrender_executor = "tests.engine.jobs:gated"\nlog_format = "json"\n', encoding="utf-8")
    assert focus("engine", "key", "create", "--organization", "org_team").returncode == 0
    assert focus("engine", "stop").returncode == 0
    words = [
        "--config",
        str(config),
        "--behind-proxy",
        "--port",
        str(port),
        "--public-url",
        "https://focus.example.org",
    ]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "FOCUS_TEST_GATE": str(gate)}
    command = [*FOCUS, "engine", "serve", "--json", *words, "--metrics", f"127.0.0.1:{watching}"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as engine:
        assert engine.stdout is not None
        assert engine.stderr is not None
        told = json.loads(engine.stdout.readline())
        ready = f"http://127.0.0.1:{watching}{READY}"
        assert asked(ready)[0] == 200
        key = Path(told["api_key_file"]).read_text().strip()
        session_id = asked(told["url"] + SESSIONS, key, json.dumps(START).encode())[1]["session_id"]
        with gate.open("w", encoding="ascii") as opened:  # somebody waits behind it: the first segment is begun
            engine.send_signal(signal.SIGTERM)
            while asked(ready)[0] == 200:
                pass
            assert asked(ready)[0] == 503
            assert asked(f"{told['url']}{SESSIONS}/{session_id}", key)[1]["status"] == "active"
            opened.write("render")
        assert engine.wait(60) == 0
        lines = [json.loads(line) for line in engine.stderr.read().splitlines()]
    assert "leaving: 1 segments are being rendered, and have 10 s" in [line["message"] for line in lines]
    with closing(sqlite3.connect(Paths.find().engine_data / "engine.db")) as db:
        states = db.execute("SELECT state, count(*) FROM segment GROUP BY state").fetchall()
    assert dict(states) == {"ready": 1, "planned": 29}
