"""The engine of this machine is found only if it proves itself, and started by whoever needs it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest

from focuscli.address import Address
from focuscli.client.keeper import keeper_of
from focuscli.client.local import Launch, client_of, find_local
from focuscli.client.nearby import is_loopback
from focuscli.client.spawn import spawn
from focuscli.errors import Conflict, EngineUnreachable
from focuscli.paths import Paths
from tests.fakes.engine import Asked, FakeEngine, Reply


class Children:
    """Spawns Python one-liners in place of engines, and sees them off."""

    def __init__(self, *programs: str) -> None:
        self.programs = list(programs)
        self.children: list[subprocess.Popen[bytes]] = []

    def __call__(self, _log_file: str, _environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        child = subprocess.Popen([sys.executable, "-c", self.programs.pop(0)], stdin=subprocess.PIPE)
        self.children.append(child)
        return child

    def see_off(self) -> None:
        for child in self.children:
            child.communicate()


@pytest.fixture
def children() -> Iterator[Children]:
    children = Children()
    yield children
    children.see_off()


def test_what_proves_itself_is_found_and_the_key_goes_to_it(fake: FakeEngine, paths: Paths) -> None:
    fake.announce(paths)
    engine = find_local(paths)
    assert engine is not None
    assert engine.url == fake.url
    assert not any(asked.carried_a_key for asked in fake.asked)
    assert client_of(engine).sessions() == []
    assert fake.asked[-1].headers["x-api-key"] == fake.key


def test_an_impostor_on_the_stale_port_gets_no_key(fake: FakeEngine, paths: Paths) -> None:
    fake.announce(paths)
    fake.knows_the_key = False
    for _ in range(3):
        assert find_local(paths) is None
    assert len(fake.asked) == 3
    assert not any(asked.carried_a_key for asked in fake.asked)
    assert not any(fake.key in asked.target or fake.key.encode() in asked.body for asked in fake.asked)


def test_an_impostor_that_passes_the_challenge_on_to_the_real_engine_gets_no_key(
    fake: FakeEngine, paths: Paths
) -> None:
    class Relay(FakeEngine):
        """Answers every hello with what the real engine answers to it."""

        def _reply(self, asked: Asked) -> Reply:
            return fake._reply(asked)

    fake.announce(paths)
    with Relay().listening() as relay:
        Address(relay.url, 4711, "0.1.0", 1, "2026-01-01T00:00:00Z").write(paths.engine_address)
        assert find_local(paths) is None
        assert [asked.carried_a_key for asked in relay.asked] == [False]


@pytest.mark.skipif(os.name != "posix", reason="owners and modes of POSIX")
@pytest.mark.parametrize("trick", ["writable", "link", "pipe", "owner"])
def test_a_key_that_another_user_could_have_put_there_is_not_believed(
    fake: FakeEngine, paths: Paths, monkeypatch: pytest.MonkeyPatch, trick: str
) -> None:
    fake.announce(paths)
    if trick == "writable":
        paths.engine_key.chmod(0o620)
    elif trick == "link":
        paths.engine_key.rename(paths.state / "planted")
        paths.engine_key.symlink_to(paths.state / "planted")
    elif trick == "pipe":
        paths.engine_key.unlink()
        os.mkfifo(paths.engine_key, 0o600)
    else:
        monkeypatch.setattr("os.geteuid", lambda: os.getuid() + 1)
    assert find_local(paths) is None
    assert fake.asked == []


def test_an_address_beyond_this_machine_is_not_asked(paths: Paths, fake: FakeEngine) -> None:
    fake.announce(paths)
    paths.engine_address.write_text(paths.engine_address.read_text().replace("127.0.0.1", "0.0.0.0"))
    assert find_local(paths) is None
    assert fake.asked == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"url": 5}', '{"url": "http://127.0.0.1"}'])
def test_a_damaged_address_is_no_engine(paths: Paths, fake: FakeEngine, content: str) -> None:
    fake.announce(paths)
    paths.engine_address.write_text(content)
    assert find_local(paths) is None


def test_another_protocol_is_a_conflict_but_can_still_be_stopped(fake: FakeEngine, paths: Paths) -> None:
    fake.announce(paths, protocol=2, version="9.0.0")
    engine = find_local(paths)
    assert engine is not None
    with pytest.raises(Conflict, match=r"9\.0\.0.*protocol 2"):
        client_of(engine)
    assert keeper_of(engine).stop()


def test_a_running_engine_is_not_started_again(fake: FakeEngine, paths: Paths, children: Children) -> None:
    fake.announce(paths)
    launched = Launch(paths, os.environ, limit_s=5, spawn=children)
    assert launched.wait(pytest.fail).url == fake.url
    assert children.children == []


def test_it_is_waited_for_and_announced_when_it_takes_long(fake: FakeEngine, paths: Paths, children: Children) -> None:
    children.programs = ["input()"]
    launched = Launch(paths, os.environ, limit_s=5, spawn=children)
    announced: list[str] = []

    def announce(line: str) -> None:
        announced.append(line)
        fake.announce(paths)

    assert launched.wait(announce).url == fake.url
    assert announced == ["starting the engine …"]


def test_one_that_dies_is_told_with_its_log(paths: Paths, children: Children) -> None:
    children.programs = ["raise SystemExit(1)"]
    launched = Launch(paths, os.environ, limit_s=5, spawn=children)
    with pytest.raises(EngineUnreachable, match="exit code 1") as caught:
        launched.wait(lambda _: None)
    assert str(paths.engine_log) in caught.value.hint
    assert "focus doctor" in caught.value.hint


def test_one_that_never_answers_is_given_up_on(paths: Paths, children: Children) -> None:
    children.programs = ["input()"]
    launched = Launch(paths, os.environ, limit_s=0.05, spawn=children)
    with pytest.raises(EngineUnreachable, match=r"within 0\.05 s"):
        launched.wait(lambda _: None)


def test_where_the_other_engine_was_just_leaving_a_second_one_is_started(
    fake: FakeEngine, paths: Paths, children: Children
) -> None:
    children.programs = ["", "input()"]

    def spawned(log_file: str, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        if children.children:
            fake.announce(paths)
        return children(log_file, environment)

    assert Launch(paths, os.environ, limit_s=10, spawn=spawned).wait(lambda _: None).url == fake.url
    assert len(children.children) == 2


def test_the_engine_is_given_settings_and_no_key(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "focuscli.client.spawn.COMMAND",
        (sys.executable, "-c", "import os, sys; sys.stderr.write(f'{os.getcwd()} {sorted(os.environ)}')"),
    )
    environment = {"FREDDY_API_KEY": "secret", "FOCUS_REMOTE": "https://a.b", "FOCUS_SLOTS": "1"}
    assert spawn(str(paths.engine_log), environment).wait() == 0
    said = paths.engine_log.read_text()
    assert said.startswith("/ ")
    assert "FOCUS_SLOTS" in said
    assert "FREDDY_API_KEY" not in said
    assert "FOCUS_REMOTE" not in said
    assert paths.engine_log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("authority", "expected"),
    [
        ("127.0.0.1:80", True),
        ("127.8.9.1", True),
        ("localhost:80", True),
        ("[::1]:80", True),
        ("127.0.0.1.example.com:80", False),
        ("10.0.0.1:80", False),
        ("0.0.0.0:80", False),
        ("localhost.example:80", False),
        ("[::2]:80", False),
        ("", False),
    ],
)
def test_only_this_machine_is_loopback(authority: str, expected: bool) -> None:
    assert is_loopback(authority) is expected
