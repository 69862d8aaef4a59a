"""The machine stays awake while music is heard, and may sleep in a pause, at the end, and when the player is gone."""

import os
import queue
import stat
from pathlib import Path

import pytest

from focuscli.desktop.awake import Awake, ByChild, OfWindows, inhibitor
from focuscli.events import FirstSound, Paused, PlaybackEnded, Resumed


class FakeInhibitor:
    """Counts, and fails where it is told to."""

    def __init__(self, fails: bool = False) -> None:
        self.held = 0
        self.released = 0
        self._fails = fails

    def hold(self) -> bool:
        if self._fails:
            raise OSError("no")
        self.held += 1
        return True

    def release(self) -> None:
        self.released += 1


def test_it_is_held_while_music_is_heard_and_not_in_a_pause() -> None:
    fake, told = FakeInhibitor(), queue.Queue[bool]()
    with Awake(fake, told.put) as awake:
        awake.tell(FirstSound(0.5))
        assert told.get(timeout=10)
        awake.tell(Paused())
        assert not told.get(timeout=10)
        awake.tell(Resumed())
        assert told.get(timeout=10)
        awake.tell(PlaybackEnded("finished"))
        assert not told.get(timeout=10)
    assert (fake.held, fake.released) == (2, 2)


def test_leaving_in_the_middle_lets_go() -> None:
    fake, told = FakeInhibitor(), queue.Queue[bool]()
    with Awake(fake, told.put) as awake:
        awake.tell(FirstSound(0.5))
        assert told.get(timeout=10)
    assert fake.released == 1


def test_before_the_first_sound_nothing_is_held() -> None:
    fake, told = FakeInhibitor(), queue.Queue[bool]()
    with Awake(fake, told.put):
        pass
    assert fake.held == 0


def test_an_inhibitor_that_fails_is_no_failure_of_the_music() -> None:
    told = queue.Queue[bool]()
    with Awake(FakeInhibitor(fails=True), told.put) as awake:
        awake.tell(FirstSound(0.5))
        assert not told.get(timeout=10)


def test_where_there_is_nothing_nothing_happens() -> None:
    with Awake(None, lambda _: pytest.fail("nothing can be held")) as awake:
        awake.tell(FirstSound(0.5))


def program(folder: Path, name: str) -> dict[str, str]:
    """A PATH on which that program is; it writes what it was given, and lives until its stdin ends."""
    file = folder / name
    file.write_text(f'#!/bin/sh\necho "$@" > {folder}/given\nenv > {folder}/environment\nexec /bin/cat\n')
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return {"PATH": str(folder), "FREDDY_API_KEY": "fk_live_secret"}


@pytest.mark.skipif(os.name != "posix", reason="the programs are shell scripts")
@pytest.mark.parametrize(
    ("platform", "name", "words"),
    [("linux", "systemd-inhibit", "--what=idle:sleep"), ("darwin", "caffeinate", "-i -w ")],
)
def test_each_system_has_its_program(tmp_path: Path, platform: str, name: str, words: str) -> None:
    environment = program(tmp_path, name)
    found = inhibitor(environment, platform)
    assert isinstance(found, ByChild)
    assert found.hold()
    child = found._child
    assert child is not None
    assert child.stdin is not None
    child.stdin.close()  # as it is when our process is killed
    child.wait(timeout=10)
    found.release()
    assert words in (tmp_path / "given").read_text()
    assert "fk_live_secret" not in (tmp_path / "environment").read_text()
    found.release()


def test_a_system_without_the_program_has_nothing(tmp_path: Path) -> None:
    assert inhibitor({"PATH": str(tmp_path)}, "linux") is None
    assert inhibitor({"PATH": str(tmp_path)}, "darwin") is None


def test_windows_is_told_and_told_again() -> None:
    said: list[int] = []

    def set_state(flags: int) -> int:
        said.append(flags)
        return 0x8000_0000

    windows = OfWindows(set_state)
    assert windows.hold()
    windows.release()
    assert said == [0x8000_0001, 0x8000_0000]


@pytest.mark.skipif(os.name != "posix", reason="the program is a shell script")
def test_a_program_that_leaves_at_once_holds_nothing(tmp_path: Path) -> None:
    environment = program(tmp_path, "systemd-inhibit")
    (tmp_path / "systemd-inhibit").write_text("#!/bin/sh\nexit 1\n")
    found = inhibitor(environment, "linux")
    assert found is not None
    assert not found.hold()
    found.release()
