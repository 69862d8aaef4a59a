"""Signing in keeps a key for one host; what is shown of it is never enough to use it."""

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from focuscli.errors import ExitCode
from focuscli.keyfiles import KeyFiles, origin_of
from focuscli.main import run
from focuscli.paths import Paths
from tests.commands.conftest import Focus
from tests.fakes.engine import FakeEngine

KEY = "fk_live_0123456789abcdef"


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEngine]:
    """A remote engine that the environment names, without a key for it."""
    with FakeEngine(key=KEY, organization="org_abc123", prefix="/freddy").listening() as engine:
        monkeypatch.setenv("FOCUS_REMOTE", engine.url)
        monkeypatch.setenv("FOCUS_ORGANIZATION", engine.organization)
        yield engine


def _stdin(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_session_runs_on_a_key_that_was_signed_in_with(
    focus: Focus, there: FakeEngine, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert focus("list").code == ExitCode.NOT_SIGNED_IN
    assert there.asked == []
    _stdin(monkeypatch, f"{KEY}\n")
    done = focus("auth", "login")
    assert done.code == ExitCode.OK
    assert KEY not in done.out + done.err
    assert "fk_…cdef" in done.out
    assert focus("start", "--json").json["status"] == "active"
    assert {asked.headers["x-api-key"] for asked in there.asked} == {KEY}
    assert focus("auth", "logout").code == ExitCode.OK
    assert focus("list").code == ExitCode.NOT_SIGNED_IN
    assert focus("auth", "logout").code == ExitCode.OK


def test_the_kept_key_goes_to_its_own_host_alone(
    focus: Focus, there: FakeEngine, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stdin(monkeypatch, KEY)
    focus("auth", "login")
    with FakeEngine(key=KEY, organization="org_abc123").listening() as thief:
        assert focus("--remote", thief.url, "list").code == ExitCode.NOT_SIGNED_IN
        assert thief.asked == []
    focus("--remote", "", "start")
    assert KEY not in str([asked.headers for asked in fake.asked])


def test_a_key_of_one_operator_is_not_sent_to_another(
    focus: Focus, there: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FREDDY_API_KEY", KEY)
    monkeypatch.setenv("FOCUS_API", "emogg")
    error = focus("list", "--json").error
    assert error["code"] == "not_signed_in"
    assert "EMOGG_API_KEY" in error["hint"]
    assert there.asked == []


def test_a_refused_key_is_not_kept(
    focus: Focus, there: FakeEngine, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stdin(monkeypatch, "fk_live_wrong0000000000\n")
    done = focus("auth", "login", "--json")
    assert done.error["exit_code"] == ExitCode.NOT_SIGNED_IN
    assert "not kept" in done.error["message"]
    assert not paths.keys.exists()


def test_an_engine_that_is_away_can_be_signed_in_to_unchecked(
    focus: Focus, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = ["--remote", "http://127.0.0.1:9", "--organization", "org_1"]
    _stdin(monkeypatch, KEY)
    done = focus("auth", "login", *away)
    assert done.code == ExitCode.ENGINE_UNREACHABLE
    assert "--no-check" in done.err
    assert not paths.keys.exists()
    _stdin(monkeypatch, KEY)
    assert focus("auth", "login", "--no-check", *away).code == ExitCode.OK
    assert focus("auth", "status", *away).code == ExitCode.ENGINE_UNREACHABLE
    assert focus("auth", "status", "--no-check", *away).code == ExitCode.OK


@pytest.mark.parametrize("typed", ["", "\n", "two words", "schlüssel"])
def test_what_is_no_key_is_refused_before_anybody_is_asked(
    focus: Focus, there: FakeEngine, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    _stdin(monkeypatch, typed)
    assert focus("auth", "login").code == ExitCode.USAGE
    assert there.asked == []


def test_a_person_types_it_unseen(focus: Focus, there: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    asked: list[str] = []

    def getpass(prompt: str) -> str:
        asked.append(prompt)
        return KEY

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", getpass)
    assert focus("auth", "login").code == ExitCode.OK
    assert asked == [f"Key for {there.url}: "]


@pytest.mark.parametrize("words", [["--key", KEY], ["--token", KEY], [KEY]])
def test_a_key_is_taken_from_no_argument(focus: Focus, there: FakeEngine, words: list[str]) -> None:
    assert focus("auth", "login", *words).code == ExitCode.USAGE


def test_the_status_names_source_host_organization_and_state(
    focus: Focus, there: FakeEngine, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stdin(monkeypatch, KEY)
    focus("auth", "login")
    (host,) = focus("auth", "status", "--json").json["hosts"]
    assert host == {
        "url": there.url,
        "active": True,
        "key": "fk_…cdef",
        "source": f"file {KeyFiles(paths.keys).file_of(origin_of(there.url))}",
        "problem": None,
        "hint": None,
        "exit_code": 0,
        "name": None,
        "organization": "org_abc123",
        "api": "freddy",
        "checked": True,
    }
    assert "the key is accepted" in focus("auth", "status").out


def test_the_variable_beats_the_kept_key_and_that_is_said(
    focus: Focus, there: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stdin(monkeypatch, KEY)
    focus("auth", "login")
    monkeypatch.setenv("FREDDY_API_KEY", "fk_live_other00000000000")
    done = focus("auth", "status", "--json")
    assert done.code == ExitCode.NOT_SIGNED_IN
    assert done.json["hosts"][0]["source"] == "variable FREDDY_API_KEY"
    assert "not known" in done.json["hosts"][0]["problem"]
    done = focus("auth", "status")
    assert f"FREDDY_API_KEY beats the key that is kept for {origin_of(there.url)}" in done.err
    assert "FREDDY_API_KEY is set, and beats" in focus("auth", "logout").err


def _loose(keys: KeyFiles, there: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> str:
    keys.keep(origin_of(there.url), KEY).file.chmod(0o644)
    return "chmod 600"


def _absent(keys: KeyFiles, there: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> str:
    return "focus auth login"


def _refused(keys: KeyFiles, there: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> str:
    keys.keep(origin_of(there.url), "fk_live_wrong0000000000")
    return "focus auth login"


def _of_another_organization(keys: KeyFiles, there: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> str:
    keys.keep(origin_of(there.url), KEY)
    monkeypatch.setenv("FOCUS_ORGANIZATION", "org_other")
    return "--organization"


@pytest.mark.parametrize("harm", [_loose, _absent, _refused, _of_another_organization])
def test_what_is_wrong_is_named_with_a_way_to_mend_it(
    harm: Callable[..., str], focus: Focus, there: FakeEngine, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = harm(KeyFiles(paths.keys), there, monkeypatch)
    done = focus("auth", "status", "--json")
    assert done.code == ExitCode.NOT_SIGNED_IN
    assert done.json["hosts"][0]["problem"]
    assert way in done.json["hosts"][0]["hint"]
    said = focus("auth", "status")
    assert said.code == ExitCode.NOT_SIGNED_IN
    assert way.splitlines()[0] in said.out
    assert KEY not in said.out + said.err


def test_nowhere_signed_in_is_code_4(focus: Focus, paths: Paths) -> None:
    assert focus("auth", "status").code == ExitCode.NOT_SIGNED_IN
    assert focus("auth", "status", "--json").json == {"schema": 1, "hosts": []}
    assert not paths.config.exists()


def test_other_hosts_are_listed_and_not_asked(focus: Focus, there: FakeEngine, paths: Paths) -> None:
    keys = KeyFiles(paths.keys)
    keys.keep(origin_of(there.url), KEY)
    keys.keep("https://elsewhere.example", KEY)
    hosts = focus("auth", "status", "--json").json["hosts"]
    assert [(host["url"], host["active"]) for host in hosts] == [
        (there.url, True),
        ("https://elsewhere.example", False),
    ]
    assert "https://elsewhere.example  (not in use)" in focus("auth", "status").out


def test_without_a_remote_there_is_nothing_to_sign_in_to(focus: Focus) -> None:
    for words in (["login"], ["logout"]):
        done = focus("auth", *words)
        assert done.code == ExitCode.USAGE
        assert "--remote" in done.err


def test_the_environments_key_is_used_before_any_file_or_keyring_is_touched(
    there: FakeEngine, paths: Paths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FREDDY_API_KEY", KEY)
    paths.keys.mkdir(parents=True)
    paths.keys.chmod(0o777)
    KeyFiles(paths.keys).file_of(origin_of(there.url)).write_text('{"origin": "x", "store": "keyring"}')
    assert run(["list", "--json"]) == ExitCode.OK
    assert "keyring" not in sys.modules


def test_a_key_of_an_api_that_only_ends_sessions_is_kept_unchecked(
    focus: Focus, there: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOCUS_API", "agenthuman")
    _stdin(monkeypatch, KEY)
    assert focus("auth", "login").out.endswith(", unchecked\n")
    assert there.asked == []
    (host,) = focus("auth", "status", "--json").json["hosts"]
    assert (host["api"], host["checked"], host["problem"]) == ("agenthuman", False, None)
