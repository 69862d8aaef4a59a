"""The key that turns to the next output: around the list, told where there is none, kept only where it opened."""

import pytest

from focuscli.commands.turning import OutputKey, following
from focuscli.errors import NoSoundLibrary
from focuscli.events import Event, KeyAnswered
from focuscli.playback.commands import Command, Reopen
from focuscli.playback.sink import Device
from tests.fakes.sink import MemorySink


def devices(*names: str, default: str = "") -> list[Device]:
    return [Device(at, name, "any", 2, 48_000.0, name == default) for at, name in enumerate(names)]


@pytest.mark.parametrize(
    ("name", "names", "default", "then"),
    [
        ("A", ["A", "B", "C"], "A", "B"),
        ("C", ["A", "B", "C"], "A", "A"),
        ("default", ["A", "B", "C"], "B", "C"),
        ("elsewhere", ["A", "B"], "", "A"),
        ("A", ["A", "A", "B"], "", "B"),
        ("A", ["A"], "A", None),
        ("default", ["A"], "A", None),
        ("A", [], "", None),
    ],
)
def test_the_next_output_is_the_one_after_this_around_the_list(
    name: str, names: list[str], default: str, then: str | None
) -> None:
    assert following(name, devices(*names, default=default)) == then


def test_an_output_that_failed_is_passed_over() -> None:
    found = devices("A", "Broken", "C", default="A")
    assert [following("A", found), following("A", found, "Broken"), following("A", found, "C")] == [
        "Broken",
        "C",
        "Broken",
    ]
    hand = Pressed("A", "Broken", "C")
    for _ in range(2):
        hand.press()
        hand.key.opened()
    assert hand.key.opened() == "C"


class Output(MemorySink):
    """Becomes what it is told to, but for what is broken."""

    def __init__(self) -> None:
        super().__init__(returns_at=0)
        self.name = self.device = "A"

    def turn_to(self, device: str) -> None:
        if device != "Broken":
            self.name = self.device = device


class Pressed:
    """The key under a finger, and what came of it."""

    def __init__(self, *names: str, named: str = "", silent: bool = False) -> None:
        self.sent: list[Command] = []
        self.told: list[Event] = []
        self.names = names
        self.key = OutputKey(None if silent else Output(), self.sent.append, self.told.append, named, self.listed)

    def listed(self) -> list[Device]:
        if not self.names:
            raise NoSoundLibrary("the sound library is missing")
        return devices(*self.names)

    def press(self) -> None:
        self.key.pressed()
        self.key.finish()


def test_what_was_turned_to_and_opened_is_chosen() -> None:
    hand = Pressed("A", "B", named="A")
    assert hand.key.opened() == "A"
    hand.press()
    assert (hand.sent, hand.told) == ([Reopen()], [])
    assert [hand.key.opened(), hand.key.opened()] == ["B", "B"]


def test_what_did_not_open_is_not_chosen_and_it_is_said() -> None:
    hand = Pressed("A", "Broken")
    hand.press()
    assert hand.sent == [Reopen()]
    assert hand.key.opened() == ""
    assert hand.told == [KeyAnswered("Broken cannot be opened; the sound stays where it was")]


@pytest.mark.parametrize(
    ("hand", "answer"),
    [
        (Pressed("A"), "there is no other output"),
        (Pressed(), "the sound library is missing"),
        (Pressed("A", "B", silent=True), "there is no output to change: it plays silently"),
    ],
)
def test_without_another_output_it_says_so_and_nothing_changes(hand: Pressed, answer: str) -> None:
    hand.press()
    assert (hand.sent, hand.told) == ([], [KeyAnswered(answer)])
