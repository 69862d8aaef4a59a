"""Every JSON document is as its schema says, no key of it is undocumented, and a schema is only ever added to."""

import copy
import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import validator_for

from focuscli import events
from focuscli.commands.output import narrowed
from focuscli.errors import ExitCode, LimitReached
from focuscli.main import VERBS, Program, app
from focuscli.model import Goal, Session, SessionStatus
from focuscli.paths import Paths
from focuscli.playback.doorway import Doorway
from focuscli.playback.dropouts import NotedDropout, note_dropout
from focuscli.playback.sink import Device
from focuscli.schemas import BESIDE, DOCUMENTS, STREAMS, fields_of, schema
from focuscli.view.jsonlines import JsonLines
from tests.commands.conftest import Done, Focus
from tests.commands.test_listening import flac
from tests.fakes.clock import StepClock
from tests.fakes.engine import FakeEngine

PROMISED = Path(__file__).parent.parent / "golden" / "schemas"
NAMES = sorted(file.stem for file in Path("focuscli/schemas").glob("*.json"))
SEEN = Session("mfocus_1", SessionStatus.ACTIVE, Goal.FOCUS, "local", 4, 2, 1, (), True, "2026-06-28T10:30:00Z")
HAPPENINGS = (
    events.SessionSeen(SEEN),
    events.EngineQuiet("gone"),
    events.Offline(1, 2),
    events.SegmentFetched(0, 1000),
    events.SegmentStarted(0, 0.0, 120.0, -1.5),
    events.CrossfadeStarted(0, 1, 8.0, 1.0),
    events.Holding(1),
    events.SegmentSkipped(1, "damaged"),
    events.Played(1.0, 0, (-math.inf, -20.0), 5.0),
    events.FirstSound(0.5),
    events.Underrun(20.0),
    events.Paused(),
    events.Resumed(),
    events.SleepTimerSet(None),
    events.VolumeChanged(60, muted=False),
    events.Promoted(0, "mtrack_1"),
    events.NotPromoted(0, "no longer there"),
    events.KeyAnswered("scripts have no keys"),
    events.DeviceOpened("Speakers", 0.1),
    events.DeviceGone("Speakers"),
)


def closed(shape: Any) -> Any:
    """The same shape, in which a key that it does not describe is wrong."""
    if isinstance(shape, list):
        return [closed(item) for item in shape]
    if not isinstance(shape, dict):
        return shape
    told = {key: closed(value) for key, value in shape.items()}
    return told | {"additionalProperties": False} if isinstance(shape.get("properties"), dict) else told


def check(name: str, document: Any) -> None:
    shape = schema(name)
    if name == "stream":
        shape = {"$ref": f"#/$defs/{document['type']}", "$defs": shape["$defs"]}
    Draft202012Validator(closed(shape)).validate(document)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one(name: str) -> None:
    shape = schema(name)
    validator_for(shape).check_schema(shape)
    assert shape["$id"] == f"focus:{name}"
    assert shape["title"]


def test_every_command_has_a_schema_and_every_schema_a_command() -> None:
    spoken = set(leaves(typer.main.get_command(app)))
    assert spoken == set(DOCUMENTS) | {line for line in STREAMS if " --" not in line}
    assert set(DOCUMENTS.values()) | set(STREAMS.values()) | set(BESIDE) == set(NAMES)


def leaves(command: Any, path: str = "") -> list[str]:
    """Every command that can be typed, `engine key list` among them."""
    if isinstance(command, Program):
        below = {name: command.get_command(None, name) for name in VERBS}
    else:
        below = getattr(command, "commands", {})
    return [leaf for name, child in below.items() for leaf in leaves(child, f"{path} {name}".strip())] or [path]


def _session(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    started = focus("start", "--json")
    fake.make_ready(started.json["session_id"], 2)
    return [started, *(focus(*words, "--json") for words in (["status"], ["show"], ["end"]))]


def _sessions(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    focus("start")
    return [focus("list", "--json")]


def _devices(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    return [focus("devices", "--json")]


def _doctor(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    return [focus("doctor", "--json")]


def _version(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    told = focus("version", "--json")
    paths.engine_address.unlink()
    return [told, focus("version", "--json")]


def _player(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    state = {"session_id": "mfocus_1", "paused": False, "segment_index": 0, "position_s": 1.0, "device": ""}
    with Doorway(
        paths.player_address, lambda _: None, state | {"volume": 60, "muted": False, "sleeps_in_s": None, "awake": True}
    ):
        return [focus("volume", "--json")]


def _engine(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    running = focus("engine", "status", "--json")
    fake.on_stop = paths.engine_address.unlink
    return [running, focus("engine", "stop", "--json"), focus("engine", "status", "--json")]


def _engine_logs(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    paths.engine_log.parent.mkdir(parents=True, exist_ok=True)
    paths.engine_log.write_text("a line\n")
    return [focus("engine", "logs", "--json")]


def _config_list(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    paths.config.mkdir(parents=True)
    paths.config_file.write_text('goal = "relax"\n[remotes.team]\nurl = "https://focus.example.org"\n')
    return [focus("config", "list", "--json")]


def _config_get(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    return [focus("config", "get", name, "--json") for name in ("goal", "minutes", "latency")]


def _config_path(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    return [focus("config", "path", "--json")]


def _config_file(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    return [focus("config", "set", "goal", "relax", "--json"), focus("config", "unset", "goal", "--json")]


REMOTE = ("--remote", "https://focus.example.org", "--organization", "org_1")


def _auth_status(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    return [focus("auth", "status", "--no-check", "--json"), focus("auth", "status", "--no-check", "--json", *REMOTE)]


def _auth_logout(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    return [focus("auth", "logout", "--json", *REMOTE)]


def _track(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    fake.make_ready(focus("start", "-q").out.strip(), 1)
    kept = focus("promote", "--json", "--title", "Rain")
    return [kept, focus("tracks", kept.json["id"], "--json")]


def _tracks(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    _track(focus, fake, paths)
    return [focus("tracks", "--json")]


def _deleted(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    kept, _ = _track(focus, fake, paths)
    return [focus("tracks", kept.json["id"], "--delete", "--json")]


def _engines(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    return [focus("engines", "--json")]


def _usage(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    return [focus("usage", "--json")]


def _report(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    fake.media, fake.segment_s = flac(2.0), 2.0
    fake.make_ready(focus("start", "--minutes", "4", "-q").out.strip(), 2)
    note_dropout(paths.dropouts, NotedDropout(next(iter(fake.sessions)), 1.0, 20.0, "2026-06-28T10:30:00Z"))
    return [focus("report", "--json")]


def _help(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    return [focus("help", "--json"), focus("help", "keys", "--json")]


def _explanation(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    return [focus("start", "--prompt", "slow rain, harp, 70 bpm", "--explain", "--json")]


def _completion(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    return [focus("completion", shell, "--json") for shell in ("bash", "fish")]


def _engine_service(focus: Focus, fake: FakeEngine, paths: Paths) -> list[Done]:
    return [focus("engine", "service", "--json")]


CASES: dict[str, Callable[[Focus, FakeEngine, Paths], list[Done]]] = {
    "session": _session,
    "sessions": _sessions,
    "devices": _devices,
    "doctor": _doctor,
    "version": _version,
    "player": _player,
    "engine": _engine,
    "engine-logs": _engine_logs,
    "engine-service": _engine_service,
    "completion": _completion,
    "config-list": _config_list,
    "config-get": _config_get,
    "config-path": _config_path,
    "config-file": _config_file,
    "auth-status": _auth_status,
    "auth-logout": _auth_logout,
    "track": _track,
    "tracks": _tracks,
    "deleted": _deleted,
    "engines": _engines,
    "usage": _usage,
    "report": _report,
    "help": _help,
    "explanation": _explanation,
}


@pytest.mark.parametrize("name", CASES)
def test_a_document_is_as_its_schema_says(
    focus: Focus, fake: FakeEngine, paths: Paths, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    speakers = [Device(0, "Speakers", "ALSA", 2, 48_000.0, True)]
    monkeypatch.setattr("focuscli.commands.devices.list_devices", lambda: speakers)
    monkeypatch.setattr("focuscli.playback.sink.list_devices", lambda: speakers)
    for done in CASES[name](focus, fake, paths):
        assert done.out.count("\n") == 1
        check(name, done.json)


def test_every_record_of_a_stream_is_as_its_schema_says(focus: Focus, fake: FakeEngine) -> None:
    fake.media, fake.segment_s = flac(0.3), 0.3
    fake.make_ready(focus("start", "--minutes", "4", "-q").out.strip(), 2)
    told = [json.loads(line) for line in focus("watch", "--no-audio", "--sleep", "30", "--json").out.splitlines()]
    told += [json.loads(line) for line in focus("start", "--wait", "--minutes", "30000", "--json").out.splitlines()]
    for record in told:
        check("stream", record)
    seen = {record["type"] for record in told}
    assert {"hello", "session", "ready", "fetched", "now", "first_sound", "sleep", "position", "bye"} <= seen


def test_whatever_happens_is_told_as_its_schema_says() -> None:
    stream, clock = io.StringIO(), StepClock()
    lines = JsonLines(stream, clock)
    lines.hello(None, "local")
    for event in HAPPENINGS:
        lines.post(event)
    lines.idle()
    lines.estimate(12.5)
    lines.log_line("2026-06-28T10:30:00Z started")
    lines.error(LimitReached("slowly", retry_after_s=60.0))
    lines.bye()
    records = [json.loads(line) for line in stream.getvalue().splitlines()]
    for record in records:
        check("stream", record)
    assert {record["type"] for record in records} == set(schema("stream")["$defs"])
    assert {type(event) for event in HAPPENINGS} == set(get_args(events.Event)) - {events.PlaybackEnded}


@pytest.mark.parametrize("words", [["status"], ["list", "extra"], ["start", "--fields", "nope"], ["nope"]])
def test_an_error_is_as_its_schema_says(focus: Focus, words: list[str]) -> None:
    check("error", json.loads(focus(*words, "--json").err))


def test_a_key_that_nobody_described_is_found() -> None:
    with pytest.raises(ValidationError, match="Additional properties"):
        check("config-file", {"schema": 1, "file": "", "more": 1})


@pytest.mark.parametrize("name", sorted(file.stem for file in PROMISED.glob("*.json")))
def test_what_was_promised_is_still_there(name: str) -> None:
    assert broken(json.loads((PROMISED / f"{name}.json").read_text()), schema(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_there_is_promised(name: str) -> None:
    """A new key is a promise too: copy the schema to tests/golden/schemas."""
    assert broken(schema(name), json.loads((PROMISED / f"{name}.json").read_text())) == []


def broken(old: dict[str, Any], new: dict[str, Any], at: str = "") -> list[str]:
    """What a program that was written for the old shape would miss in the new one."""
    wrong = [] if _types(new) <= _types(old) else [f"{at}: another type"]
    wrong += [f"{at}: no longer always {key}" for key in set(old.get("required", [])) - set(new.get("required", []))]
    wrong += [f"{at}: another constant"] if old.get("const") != new.get("const") else []
    wrong += [f"{at}: the word {word} is gone" for word in set(old.get("enum", [])) - set(new.get("enum", []))]
    for group in ("properties", "$defs"):
        for key, value in old.get(group, {}).items():
            there = new.get(group, {}).get(key)
            wrong += [f"{at}/{key}: gone"] if there is None else broken(value, there, f"{at}/{key}")
    return wrong + (broken(old["items"], new.get("items", {}), f"{at}[]") if "items" in old else [])


def _types(shape: dict[str, Any]) -> set[str]:
    types = shape.get("type", [])
    return {types} if isinstance(types, str) else set(types)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda shape: shape["properties"].pop("goal"), "/goal: gone"),
        (lambda shape: shape["required"].remove("goal"), ": no longer always goal"),
        (lambda shape: shape["properties"]["ready_count"].update(type="string"), "/ready_count: another type"),
        (
            lambda shape: shape["properties"]["ready_count"].update(type=["integer", "null"]),
            "/ready_count: another type",
        ),
        (lambda shape: shape["properties"]["status"]["enum"].remove("ended"), "/status: the word ended is gone"),
        (
            lambda shape: shape["properties"]["segments"]["items"]["properties"].clear(),
            "/segments[]/segment_index: gone",
        ),
        (lambda shape: shape["properties"].update(mood={"type": "string"}), None),
        (lambda shape: shape["properties"]["goal"]["enum"].append("study"), None),
    ],
)
def test_a_change_that_takes_something_away_is_found(harm: Callable[[Any], Any], said: str | None) -> None:
    changed = copy.deepcopy(schema("session"))
    harm(changed)
    found = broken(schema("session"), changed)
    assert found == [] if said is None else said in found


def test_fields_narrow_a_document_a_list_and_a_stream(focus: Focus, fake: FakeEngine) -> None:
    assert focus("list", "--fields", "session_id").json == {"schema": 1, "sessions": []}
    session_id = focus("start", "-q").out.strip()
    fake.make_ready(session_id, 2)
    assert focus("status", "--fields", "goal, ready_count").json == {"goal": "focus", "ready_count": 2}
    assert focus("list", "--fields", "session_id").json == {"schema": 1, "sessions": [{"session_id": session_id}]}
    assert focus("show", "--fields", "goal,segment_index").json == {
        "goal": "focus",
        "segments": [{"segment_index": 0}, {"segment_index": 1}],
    }
    fake.make_ready(session_id, 30)
    lines = focus("start", "--if-none", "--wait", "--fields", "ready_count").out.splitlines()
    records = [json.loads(line) for line in lines]
    assert [set(record) for record in records[1:-1]] == [{"type", "ts", "seq"}, {"type", "ready_count", "ts", "seq"}]
    assert {"schema", "engine"} <= set(records[0])
    assert "reason" in records[-1]


def test_a_field_that_is_none_is_refused_before_anything_is_done(focus: Focus, fake: FakeEngine) -> None:
    error = focus("start", "--fields", "session_id,gaol").error
    assert (error["exit_code"], "gaol" in error["message"], "goal" in error["hint"]) == (ExitCode.USAGE, True, True)
    assert fake.asked == []
    assert focus("status", "--fields", "").code == ExitCode.USAGE


def test_every_command_knows_its_fields() -> None:
    assert all(fields_of(command) for command in DOCUMENTS)
    assert {"ready_count", "level_db"} <= set(fields_of("watch"))
    assert narrowed({"schema": 1, "a": 1, "b": [{"c": 2, "d": 3}]}, ["c"]) == {"schema": 1, "b": [{"c": 2}]}
