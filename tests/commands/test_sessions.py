"""Sessions are started, seen, listed and ended, for people and for scripts."""

import json
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

import pytest

from focuscli.assemble import Surroundings, running_client
from focuscli.commands.durations import until
from focuscli.commands.invocation import Invocation
from focuscli.commands.waiting import wait_until_ready
from focuscli.errors import ExitCode
from focuscli.paths import Paths
from tests.commands.conftest import Focus
from tests.fakes.clock import StepClock
from tests.fakes.engine import FakeEngine


def last_body(fake: FakeEngine) -> object:
    return json.loads(next(asked for asked in reversed(fake.asked) if asked.method == "POST").body)


def test_start_prints_the_apis_object_as_it_is(focus: Focus, fake: FakeEngine) -> None:
    done = focus("start", "--goal", "sleep", "--minutes", "90", "--json")
    assert done.code == ExitCode.OK
    assert done.json == next(iter(fake.sessions.values()))
    assert len(done.json) == 10
    assert done.out.count("\n") == 1
    assert last_body(fake) == {"goal": "sleep", "target_minutes": 90, "intensity": "medium"}


def test_start_tells_people_the_id_and_what_to_do_next(focus: Focus, fake: FakeEngine) -> None:
    done = focus("start")
    (session_id,) = fake.sessions
    assert done.out == f"{session_id} active: focus, 60 min. Listen: focus watch   End: focus end\n"
    assert done.err == ""


def test_start_quiet_prints_the_id_alone(focus: Focus, fake: FakeEngine) -> None:
    assert focus("start", "--quiet").out.split() == list(fake.sessions)


@pytest.mark.parametrize(
    ("minutes", "expected"), [("90", 90), ("90m", 90), ("1h30m", 90), ("5400s", 90), ("61s", 2), ("24h", 1440)]
)
def test_minutes_are_written_as_people_do(focus: Focus, fake: FakeEngine, minutes: str, expected: int) -> None:
    assert focus("start", "--minutes", minutes, "--json").json["target_minutes"] == expected


@pytest.mark.parametrize("minutes", ["0", "-5", "1441", "25h", "1.5", "m", "", "90 min", "٩٠", "1m1h"])
def test_minutes_that_make_no_sense_are_refused_before_anything_starts(
    focus: Focus, fake: FakeEngine, minutes: str
) -> None:
    assert focus("start", f"--minutes={minutes}", "--json").error["code"] == "usage"
    assert fake.asked == []


def test_a_length_can_be_said_in_three_ways_and_only_in_one(
    focus: Focus, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert focus("start", "--for", "1h30m", "--json").json["target_minutes"] == 90
    assert 1 <= focus("start", "--until", "07:00", "--json").json["target_minutes"] <= 1440
    before = len(fake.asked)
    for words in (["--for", "5", "--until", "07:00"], ["--until", "7 am"], ["--until", "25:00"]):
        assert focus("start", *words).code == ExitCode.USAGE
    assert len(fake.asked) == before


@pytest.mark.parametrize(
    ("clock", "at", "expected"),
    [
        ("07:00", "2026-01-15 23:00:30", 480),
        ("7:00", "2026-01-15 06:59:59", 1),
        ("07:00", "2026-01-15 07:00:00", 1440),
        ("00:00", "2026-01-15 23:59:00", 1),
    ],
)
def test_a_time_of_day_is_the_next_one(clock: str, at: str, expected: int) -> None:
    assert until(clock, datetime.fromisoformat(at)) == expected


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone of a process can be set on POSIX alone")
def test_a_night_in_which_the_clocks_change_is_as_long_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    try:
        assert until("07:00", datetime.fromisoformat("2026-03-28 23:00:00")) == 7 * 60
        assert until("07:00", datetime.fromisoformat("2026-10-24 23:00:00")) == 9 * 60
    finally:
        monkeypatch.undo()
        time.tzset()


def test_if_none_starts_one_session_however_often_it_is_asked(focus: Focus, fake: FakeEngine) -> None:
    first = focus("start", "--if-none", "-q").out
    assert focus("start", "--if-none", "--goal", "sleep", "-q").out == first
    assert focus("start", "--if-none", "--json").json["session_id"] == first.strip()
    focus("end")
    assert focus("start", "--if-none", "-q").out != first
    assert len(fake.sessions) == 2


def test_every_option_of_start_reaches_the_engine(focus: Focus, fake: FakeEngine) -> None:
    words = [
        "--intensity",
        "high",
        "--divergence",
        "0.4",
        "--engine",
        "local",
        "--seed",
        "7",
        "--minutes",
        "3",
        "--modulation",
        "high",
    ]
    assert focus("start", "--prompt", "slow rainy piano", *words).code == ExitCode.OK
    assert last_body(fake) == {
        "goal": "custom_prompt",
        "custom_prompt": "slow rainy piano",
        "intensity": "high",
        "divergence": 0.4,
        "engine": "local",
        "target_minutes": 3,
    }
    assert fake.asked[-1].headers["x-focus-seed"] == "7"
    assert fake.asked[-1].headers["x-focus-modulation"] == "high"


def test_settings_are_the_defaults_of_start(focus: Focus, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_GOAL", "relax")
    monkeypatch.setenv("FOCUS_MINUTES", "20")
    monkeypatch.setenv("FOCUS_INTENSITY", "low")
    focus("start")
    assert last_body(fake) == {"goal": "relax", "target_minutes": 20, "intensity": "low"}
    assert not {"x-focus-seed", "x-focus-modulation"} & fake.asked[-1].headers.keys()


@pytest.mark.parametrize(
    "words",
    [
        ["--goal", "custom_prompt"],
        ["--goal", "sleep", "--prompt", "rain"],
        ["--prompt", "  "],
        ["--prompt", "x" * 2001],
        ["--goal", "party"],
        ["--divergence", "1.5"],
        ["--divergence", "nan"],
        ["--seed", "-1"],
        ["--seed", "x"],
        ["--seed", "²"],
        ["--modulation", "deep"],
        ["--watch", "--wait"],
        ["--no-audio"],
        ["extra"],
    ],
)
def test_a_start_that_makes_no_sense_is_refused_before_anything_starts(
    focus: Focus, fake: FakeEngine, words: list[str]
) -> None:
    error = focus("start", *words, "--json").error
    assert (error["code"], error["exit_code"]) == ("usage", ExitCode.USAGE)
    assert error["hint"]
    assert fake.asked == []


def test_waiting_counts_until_all_is_ready(focus: Focus, fake: FakeEngine) -> None:
    _ready_at_the_next_question(fake)
    done = focus("start", "--wait", "--minutes", "4")
    assert done.err.splitlines() == ["0 of 2 segments ready", "2 of 2 segments ready"]
    assert done.out.startswith("mfocus_")


def test_waiting_is_told_to_scripts_record_by_record(focus: Focus, fake: FakeEngine) -> None:
    _ready_at_the_next_question(fake)
    records = [json.loads(line) for line in focus("start", "--wait", "--minutes", "4", "--json").out.splitlines()]
    types = [record["type"] for record in records]
    assert types == ["hello", "session", "ready", "ready", "estimate", "bye"]
    assert [record["ready_count"] for record in records if record["type"] == "ready"] == [0, 2]
    assert [record["ready_in_s"] for record in records if record["type"] == "estimate"] == [0.0]
    assert (records[0]["schema"], records[-1]["reason"]) == (1, "ready")


def test_what_is_still_to_come_is_estimated_from_what_came_while_it_was_waited_for(
    focus: Focus, fake: FakeEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    session_id = focus("start", "--minutes", "8", "-q").out.strip()
    fake.make_ready(session_id, 1)
    ready = iter([1, 2, 2, 3, 4])
    clock = _Stepping([lambda: (clock.step(29.5), fake.make_ready(session_id, next(ready)))] * 5)
    with ExitStack() as stack:
        client = running_client(Surroundings.find(os.environ, {}), stack)
        assert client is not None
        wait_until_ready(client, client.get(session_id), Invocation(), clock)
    assert capsys.readouterr().err.splitlines() == [
        "1 of 4 segments ready",
        "2 of 4 segments ready, about 2 min more",
        "3 of 4 segments ready, about 1 min more",
        "4 of 4 segments ready",
    ]


def test_waiting_for_what_is_ended_meanwhile_is_a_conflict_in_the_stream_too(focus: Focus, fake: FakeEngine) -> None:
    start = fake._start

    def start_and_end(asked):  # type: ignore[no-untyped-def]
        reply = start(asked)
        for session in fake.sessions.values():
            fake._end(session)
        return reply

    fake._start = start_and_end  # type: ignore[method-assign]
    done = focus("start", "--wait", "--json")
    records = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == ExitCode.CONFLICT
    assert [record["type"] for record in records][-2:] == ["error", "bye"]
    assert records[-2]["error"] == json.loads(done.err)["error"]
    assert records[-1]["exit_code"] == ExitCode.CONFLICT


def test_end_ends_the_newest_and_twice_gives_the_same(focus: Focus, fake: FakeEngine) -> None:
    focus("start")
    session_id = focus("start", "-q").out.strip()
    first = focus("end", "--json")
    assert (first.code, first.json["session_id"], first.json["status"]) == (ExitCode.OK, session_id, "ended")
    assert focus("end", session_id, "--json").json == first.json
    assert focus("end").out.endswith("ended: 0 of 30 segments ready\n")


@pytest.mark.parametrize("running", [True, False])
def test_ending_when_nothing_runs_is_no_error(focus: Focus, fake: FakeEngine, paths: Paths, running: bool) -> None:
    if not running:
        paths.engine_address.unlink()
    done = focus("end")
    assert (done.code, done.out) == (ExitCode.OK, "")
    assert "nothing to end" in done.err
    assert focus("end", "--json").json is None


def test_a_session_that_is_named_while_the_engine_is_not_running_cannot_be_ended(focus: Focus) -> None:
    assert focus("end", "mfocus_000000000000", "--json").error["code"] == "engine_unreachable"


def test_status_says_how_much_is_ready(focus: Focus, fake: FakeEngine) -> None:
    session_id = focus("start", "--goal", "sleep", "--minutes", "90", "-q").out.strip()
    fake.make_ready(session_id, 4)
    assert focus("status").out == (
        f"{session_id}  active  sleep, 90 min\n4 of 45 segments ready, 8.0 min, more is being made (this machine)\n"
    )
    assert focus("status", session_id, "--json").json["ready_count"] == 4


def test_quiet_status_is_for_ifs(focus: Focus, fake: FakeEngine) -> None:
    assert (focus("status", "-q").code, focus("status", "-q").err) == (ExitCode.NOTHING_RUNNING, "")
    focus("start")
    done = focus("status", "--quiet")
    assert (done.code, done.out) == (ExitCode.OK, "")
    assert focus("status", "-q", "--json").code == ExitCode.USAGE
    assert focus("status", "-q", "--follow").code == ExitCode.USAGE


def test_show_tells_all_of_a_session_segment_by_segment(focus: Focus, fake: FakeEngine) -> None:
    assert focus("show", "--json").error["code"] == "nothing_running"
    session_id = focus("start", "--goal", "relax", "-q").out.strip()
    fake.make_ready(session_id, 2)
    assert focus("show").out.splitlines() == [
        f"session: {session_id}",
        "status: active",
        "goal: relax",
        "minutes: 60",
        "engine: local (this machine)",
        "ready: 2 of 30 segments ready, 4.0 min, more is being made",
        "segment 1: 120.4 s at -14 LUFS, fades of 0.1 and 0.1 s",
        "segment 2: 120.4 s at -14 LUFS, fades of 0.1 and 0.1 s",
    ]
    focus("end")
    assert focus("show", session_id, "--json").json == focus("status", session_id, "--json").json
    assert focus("show", "mfocus_000000000000").code == ExitCode.NOT_FOUND


def test_status_in_a_form_of_ones_own(focus: Focus, fake: FakeEngine) -> None:
    form = "{goal}: {ready}{more} of {total}"
    idle = focus("status", "--format", form)
    assert (idle.code, idle.out, idle.err) == (ExitCode.NOTHING_RUNNING, "\n", "")
    fake.make_ready(focus("start", "--goal", "relax", "-q").out.strip(), 4)
    assert focus("status", "--format", form).out == "relax: 4+ of 30\n"


@pytest.mark.parametrize("form", ["{nope}", "{goal", "{goal.x.y}", "{0}", "{ready:%%}"])
def test_a_form_that_cannot_be_filled_in_is_refused(focus: Focus, fake: FakeEngine, form: str) -> None:
    assert focus("status", "--format", form).code == ExitCode.USAGE
    assert focus("status", "--format", form, "--json").error["code"] == "usage"


def test_following_tells_what_changes_and_an_empty_line_for_nothing(
    focus: Focus, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = focus("start", "--minutes", "4", "-q").out.strip()
    steps = [lambda: None, lambda: fake.make_ready(session_id, 2), lambda: fake._end(fake.sessions[session_id])]
    for as_json in ([], ["--json"]):
        monkeypatch.setattr("focuscli.commands.following.SystemClock", lambda: _Stepping(list(steps)))
        done = focus("status", "--follow", *(as_json or ["--format", "{ready}"]))
        assert done.code == ExitCode.INTERRUPTED
        if as_json:
            records = [json.loads(line) for line in done.out.splitlines()]
            assert [record["type"] for record in records] == ["hello", "idle", "bye"]
        else:
            assert done.out == "0\n2\n\n"


def test_status_of_a_remote_names_its_host(focus: Focus, remote: FakeEngine) -> None:
    focus("start")
    assert f"(127.0.0.1:{remote.url.split(':')[2].split('/')[0]}, {remote.organization})" in focus("status").out


def test_list_is_an_object_with_a_named_array(focus: Focus, fake: FakeEngine) -> None:
    first, second = (focus("start", "-q").out.strip() for _ in range(2))
    listed = focus("list", "--json").json
    assert listed["schema"] == 1
    assert [session["session_id"] for session in listed["sessions"]] == [second, first]
    assert focus("list").out.splitlines()[0] == (
        f"{second}  active  focus, 60 min  0 of 30 segments ready, more is being made"
    )


def test_list_without_an_engine_is_empty(focus: Focus) -> None:
    done = focus("list", "--json")
    assert (done.code, done.json) == (ExitCode.OK, {"schema": 1, "sessions": []})


def test_an_engines_words_cannot_steer_the_terminal(focus: Focus, fake: FakeEngine) -> None:
    session_id = focus("start", "-q").out.strip()
    fake.sessions[session_id]["goal"] = "\x1b]52;c;AAAA\x07"
    for words in (["list"], ["status"], ["end"]):
        done = focus(*words)
        assert "\x1b" not in done.out + done.err
        assert "\x07" not in done.out + done.err


class _Stepping(StepClock):
    """Does one thing at each wait, and is interrupted when there is nothing left to do."""

    def __init__(self, steps: list[Callable[[], object]]) -> None:
        super().__init__()
        self._steps = steps

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if not self._steps:
            raise KeyboardInterrupt
        self._steps.pop(0)()


def _ready_at_the_next_question(fake: FakeEngine) -> None:
    in_organization = fake._in_organization

    def ready_when_asked(asked, path, query):  # type: ignore[no-untyped-def]
        if asked.method == "GET":
            for session_id in fake.sessions:
                fake.make_ready(session_id, 2)
        return in_organization(asked, path, query)

    fake._in_organization = ready_when_asked  # type: ignore[method-assign]
