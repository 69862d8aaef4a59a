"""A remote engine is reached with its key, and its key reaches nobody else."""

import pytest

from focuscli.errors import ExitCode
from focuscli.paths import Paths
from tests.commands.conftest import Focus
from tests.fakes.engine import FakeEngine, Reply


def test_a_session_there_from_start_to_end(focus: Focus, remote: FakeEngine, paths: Paths) -> None:
    session_id = focus("start", "--json").json["session_id"]
    assert focus("status", "--json").json["session_id"] == session_id
    assert focus("end", "--json").json["status"] == "ended"
    assert not paths.state.exists()  # no engine was started here
    assert {asked.headers["x-api-key"] for asked in remote.asked} == {remote.key}


def test_options_beat_variables_before_and_after_the_verb(focus: Focus, remote: FakeEngine) -> None:
    with FakeEngine(key=remote.key, organization="org_other").listening() as other:
        for words in (
            ["--remote", other.url, "--organization", "org_other", "list", "--json"],
            ["list", "--json", "--remote", other.url, "--organization", "org_other"],
        ):
            assert focus(*words).code == ExitCode.OK
        assert (len(other.asked), len(remote.asked)) == (2, 0)


def test_an_empty_remote_is_this_machine(focus: Focus, remote: FakeEngine, fake: FakeEngine) -> None:
    assert focus("--remote", "", "list").code == ExitCode.OK
    assert (len(remote.asked), bool(fake.asked)) == (0, True)


@pytest.mark.parametrize("key", ["", "  ", "fk_\x07", "schlüssel"])
def test_without_a_usable_key_nobody_is_asked(
    focus: Focus, remote: FakeEngine, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("FREDDY_API_KEY", key)
    error = focus("list", "--json").error
    assert (error["code"], error["exit_code"]) == ("not_signed_in", ExitCode.NOT_SIGNED_IN)
    assert remote.asked == []


def test_without_an_organization_nobody_is_asked(
    focus: Focus, remote: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FOCUS_ORGANIZATION")
    assert "--organization" in focus("list", "--json").error["hint"]
    assert remote.asked == []


def test_plain_http_beyond_this_machine_is_refused(focus: Focus, remote: FakeEngine) -> None:
    done = focus("--remote", "http://api.example.com", "list", "--json")
    assert (done.error["code"], done.code) == ("usage", ExitCode.USAGE)
    assert "plain text" in done.error["message"]


def test_a_redirect_does_not_take_the_key_along(focus: Focus, remote: FakeEngine) -> None:
    with FakeEngine().listening() as thief:
        remote.answers = [Reply(307, {}, {"Location": f"{thief.url}/v1/music/org_abc123/focus/sessions"})]
        assert focus("list", "--json").error["code"] == "engine_failed"
        assert thief.asked == []


def test_the_local_engine_is_never_sent_the_remote_key(
    focus: Focus, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FREDDY_API_KEY", "fk_live_secret")
    focus("start")
    assert not any("fk_live_secret" in str(asked.headers) for asked in fake.asked)


@pytest.mark.parametrize("words", [["list"], ["status"], ["doctor"], ["doctor", "--json"], ["start", "--bogus"]])
def test_no_output_ever_shows_the_key(focus: Focus, remote: FakeEngine, words: list[str]) -> None:
    done = focus(*words)
    assert remote.key not in done.out + done.err


def test_an_unreachable_remote_is_named(focus: Focus, remote: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_REMOTE", "http://127.0.0.1:9")
    error = focus("list", "--json").error
    assert (error["code"], error["exit_code"]) == ("engine_unreachable", ExitCode.ENGINE_UNREACHABLE)
    assert "127.0.0.1:9" in error["message"]
