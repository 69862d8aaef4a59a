"""Keyboards of both systems, and terminals that are not ours or not there any more."""

import os
import pty
import termios

import pytest

from focuscli.view.keyboard import HungUp
from focuscli.view.keyboard_posix import PosixKeyboard
from focuscli.view.keyboard_windows import WindowsKeyboard
from focuscli.view.keys import KeyParser


class FakeConsole:
    def __init__(self, typed: str) -> None:
        self._typed = list(typed)

    def kbhit(self) -> bool:
        return bool(self._typed)

    def getwch(self) -> str:
        return self._typed.pop(0)


def test_windows_keys_are_read_by_the_same_parser():
    keyboard = WindowsKeyboard(FakeConsole(" q\xe0H\x00P\xe0M\xe0K\xe0Gé音\x1b"))
    parser = KeyParser()
    assert keyboard.attend()
    assert keyboard.fileno() is None
    names = parser.feed(keyboard.read()) + parser.flush()
    assert names == ["space", "q", "up", "down", "right", "left", "é", "音", "esc"]
    assert keyboard.read() == b""
    keyboard.release()
    keyboard.close()


def test_without_any_terminal_there_is_no_keyboard(tmp_path):
    with (tmp_path / "file").open("w") as file:
        assert PosixKeyboard.open(file.fileno(), str(tmp_path / "missing")) is None


def test_a_terminal_that_is_not_ours_is_left_alone():
    """A pseudo-terminal of this test is not its controlling terminal, so this process is not in its foreground."""
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    keyboard = PosixKeyboard(slave)
    assert keyboard.attend() is False
    keyboard.release()
    keyboard.close()
    assert termios.tcgetattr(slave) == before
    os.close(master)
    os.close(slave)


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch):
    """A pseudo-terminal that says it is ours."""
    master, slave = pty.openpty()
    monkeypatch.setattr(os, "tcgetpgrp", lambda _descriptor: os.getpgrp())
    yield master, slave
    for descriptor in (master, slave):
        try:
            os.close(descriptor)
        except OSError:
            continue


def test_it_is_taken_once_and_given_back_as_it_was(ours):
    _, slave = ours
    before = termios.tcgetattr(slave)
    keyboard = PosixKeyboard(slave)
    assert keyboard.attend()
    taken = termios.tcgetattr(slave)
    assert not taken[3] & (termios.ECHO | termios.ICANON)
    assert taken[3] & termios.ISIG
    termios.tcsetattr(slave, termios.TCSANOW, before)
    assert keyboard.attend()
    assert termios.tcgetattr(slave) == before, "cbreak is set once, not for every read"
    keyboard.release()
    assert keyboard.attend()
    assert termios.tcgetattr(slave) == taken
    keyboard.close()
    keyboard.close()
    assert termios.tcgetattr(slave) == before


def test_what_comes_after_the_last_key_of_a_closed_terminal_is_a_hang_up(ours):
    master, slave = ours
    keyboard = PosixKeyboard(slave)
    keyboard.attend()
    os.write(master, b"m")
    assert keyboard.read() == b"m"
    os.close(master)
    with pytest.raises(HungUp):
        keyboard.read()
    keyboard.close()


def test_a_failed_read_in_the_background_is_no_hang_up(ours, monkeypatch: pytest.MonkeyPatch):
    master, slave = ours
    keyboard = PosixKeyboard(slave)
    monkeypatch.setattr(os, "tcgetpgrp", lambda _descriptor: os.getpgrp() + 1)
    os.close(master)
    assert keyboard.read() == b""
    keyboard.close()


def test_an_opened_terminal_is_closed_and_pastes_are_left_alone_on_request(ours):
    master, slave = ours
    keyboard = PosixKeyboard(os.dup(slave), owned=True, paste=False)
    keyboard.attend()
    keyboard.close()
    os.set_blocking(master, False)
    with pytest.raises(BlockingIOError):
        os.read(master, 10)
