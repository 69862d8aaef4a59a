"""The live view in a real pseudo-terminal: keys, signals, and the terminal that is left behind."""

import signal

import pytest

from tests.view.ptys import Job, bare

SHOW_CURSOR, HIDE_CURSOR = "\x1b[?25h", "\x1b[?25l"


def ready(job: Job) -> None:
    job.told("ready")
    job.shown("quit")


def test_a_burst_of_twenty_keys_loses_none():
    with Job("--still") as job:
        ready(job)
        job.send(b"+-" * 5 + b"\x1b[A\x1b[B\x1b[C\x1b[D\x1bOA" + b"mnps ")
        expected = ["louder", "softer"] * 5
        expected += ["louder", "softer", "forward", "backward", "louder"]
        expected += ["mute", "next", "pause", "next", "pause"]
        assert job.actions(20) == expected


def test_the_technical_line_is_the_views_own_and_the_end_is_passed_on():
    with Job("--still") as job:
        ready(job)
        job.send(b"ie")
        job.shown("technical")
        assert job.actions(1) == ["end"]


def test_a_lone_escape_closes_the_help_and_is_not_waited_for():
    with Job("--still") as job:
        ready(job)
        job.send(b"?")
        job.shown("mute, or unmute")
        job.send(b"\x1b")
        job.shown("Built-in Audio")


def test_pasted_and_foreign_text_is_no_key():
    with Job("--still") as job:
        ready(job)
        job.send(b"\x1b[200~quit now, mnps\x1b[201~" + "音楽ñ€".encode() + b"\x1b[1;5A\x1b[15~m")
        assert job.actions(1) == ["mute"]


def test_the_terminal_is_asked_to_mark_pastes_and_released_from_it():
    with Job("--still") as job:
        job.shown("\x1b[?2004h")
        ready(job)
        job.send(b"q")
        job.shown("\x1b[?2004l")


def test_q_leaves_the_last_state_and_says_how_things_go_on():
    with Job("--still") as job:
        ready(job)
        job.send(b"q")
        assert job.told("left") == "quit"
        assert job.told("exit") == f"0 {job.before}"
        job.shown("stopped")
        job.shown(SHOW_CURSOR)
        job.shown("session goes on; end it with: focus end")


@pytest.mark.parametrize(
    ("key", "name", "code"), [(b"\x03", "SIGINT", 130), (None, "SIGTERM", 143), (None, "SIGHUP", 129)]
)
def test_signals_leave_the_terminal_as_it_was(key: bytes | None, name: str, code: int):
    with Job("--still") as job:
        ready(job)
        if key is not None:
            job.send(key)
        else:
            job.signal(getattr(signal, name))
        assert job.told("signal") == name
        assert job.told("exit") == f"{code} {job.before}"
        if name != "SIGHUP":
            job.shown(SHOW_CURSOR)


def test_a_second_interrupt_leaves_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DEMO_LINGER", "1")
    with Job("--still") as job:
        ready(job)
        job.send(b"\x03")
        assert job.told("left") == "interrupted"
        job.send(b"\x03")
        assert job.told("exit") == f"{-signal.SIGINT} {job.before}"
        job.shown(SHOW_CURSOR)


def test_suspending_stops_the_sound_first_and_going_on_takes_the_terminal_again():
    with Job("--still") as job:
        ready(job)
        job.send(b"\x1a")
        job.told("suspended")
        assert job.told("stopped") == job.before
        job.shown(SHOW_CURSOR)
        job.resume()
        job.told("resumed")
        job.shown(HIDE_CURSOR)
        job.shown("quit")
        job.send(b"m")
        assert job.actions(1) == ["mute"]
        job.send(b"q")
        assert job.told("exit") == f"0 {job.before}"


def test_an_exception_leaves_the_terminal_as_it_was():
    with Job("--fail") as job:
        assert job.told("exit") == f"1 {job.before}"
        job.shown(SHOW_CURSOR)
        job.shown("ZeroDivisionError")


def test_a_terminal_that_vanishes_ends_the_view():
    with Job() as job:
        ready(job)
        job.vanish()
        assert job.told("exit") == "129 gone"


def test_keys_come_from_the_terminal_when_stdin_is_a_pipe():
    with Job("--still", stdin="< /dev/null") as job:
        ready(job)
        job.send(b"mq")
        assert job.actions(1) == ["mute"]
        assert job.told("exit") == f"0 {job.before}"


def test_another_size_draws_another_layout():
    with Job("--still") as job:
        ready(job)
        job.resize(25, 8)
        job.shown("ready 15")
        job.resize(40, 20)
        job.shown("Built-in Audio Analog Stereo")
        job.send(b"q")
        job.told("exit")


def test_the_plain_view_has_keys_but_draws_nothing_over():
    with Job("--still", "--plain") as job:
        job.told("ready")
        job.shown("sleep session")
        job.send(b"mq")
        assert job.actions(1) == ["mute"]
        assert job.told("exit") == f"0 {job.before}"
        job.shown("session goes on")
        assert "\x1b" not in job.output.decode()


def test_a_pipe_gets_no_animation_even_when_colour_is_forced(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    with Job("--still", stdin="| cat") as job:
        job.told("ready")
        job.shown("sleep session")
        job.send(b"q")
        job.told("exit")
        job.shown("session goes on")
        assert bare(job.output) == job.output.decode()
