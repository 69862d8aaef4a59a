"""Listening to a session: the player in a thread of its own, what is seen of it in the main one."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from focuscli import assemble
from focuscli.client.api import EngineClient
from focuscli.clock import SystemClock, wire_time
from focuscli.commands.bystanders import Bystanders, Links, Notify
from focuscli.commands.ending import EndKey
from focuscli.commands.invocation import Invocation
from focuscli.commands.keeping import Keeper
from focuscli.commands.output import NAMED_FIELDS
from focuscli.commands.turning import OutputKey
from focuscli.errors import EngineUnreachable, ExitCode, FocusError, NoDevice, NotFound, SoundError
from focuscli.events import (
    DeviceOpened,
    Event,
    Paused,
    PlaybackEnded,
    Played,
    Resumed,
    SegmentStarted,
    SessionSeen,
    SleepTimerSet,
    Underrun,
    VolumeChanged,
)
from focuscli.model import Goal
from focuscli.playback.commands import Command, Pause, Quit, Resume, SleepAfter, StayAwake
from focuscli.playback.doorway import Doorway
from focuscli.playback.dropouts import NotedDropout, note_dropout
from focuscli.playback.positions import Position, Remembered
from focuscli.playback.sink import Sink, Turnable
from focuscli.playback.wishes import meant
from focuscli.view.jsonlines import JsonLines, JsonView
from focuscli.view.keys import Action
from focuscli.view.loop import Leaving, View
from focuscli.view.terminal import decide

if TYPE_CHECKING:
    from focuscli.playback.player import Player

_WISHES: dict[Action, dict[str, object]] = {
    Action.PAUSE: {"wish": "toggle"},
    Action.MUTE: {"wish": "mute"},
    Action.NEXT: {"wish": "next"},
    Action.PREVIOUS: {"wish": "previous"},
    Action.FORWARD: {"wish": "seek", "by_s": 10.0},
    Action.BACKWARD: {"wish": "seek", "by_s": -10.0},
}
"""Keys, in the words that other shells and the desktop use."""

_SLEEP_MINUTES = (15, 30, 60, 90)
"""What the key of the sleep timer goes through, until it is off again."""

REMEMBERED_EVERY_S = 10.0
"""How much of the place is lost when the program is killed."""

SUSPENDED_WITHIN_S = 0.5
SILENT_AFTER_S = 0.2
"""The fade of a pause is heard a little later than it is written."""

_WITHOUT_SOUND = "the session goes on; listen without sound: focus watch --no-audio   or: focus export --to FILE"


@dataclass(frozen=True, slots=True)
class Choices:
    """How somebody wants to listen; None and empty leave it to what was set or remembered."""

    device: str = ""
    volume: int | None = None
    audio: bool = True
    plain: bool = False
    sleep_s: float | None = None
    sleep_fade_s: float = 60.0
    rise_s: float = 0.0


def listen(
    around: assemble.Surroundings, client: EngineClient, session_id: str, choices: Choices, asked: Invocation
) -> ExitCode:
    """Play the session until its end or until the listener leaves; returns the exit code.

    A session that was played to its end is ended at the engine. Any other goes on, and the place is remembered.
    Raises what the player raises; a SoundError says how to go on without sound.
    """
    listening = _Listening(around, client, session_id, choices)
    leaving = listening.told_to_a_script() if asked.json else listening.shown(asked.color)
    return leaving.exit_code


class _Listening:
    def __init__(self, around: assemble.Surroundings, client: EngineClient, session_id: str, choices: Choices) -> None:
        memory = Remembered.load(around.paths.player_state)
        if choices.volume is not None:
            memory = replace(memory, volume=choices.volume, muted=False)
        self._memory = memory
        self._around = around
        self._client = client
        self._session_id = session_id
        self._choices = choices
        self._over = threading.Event()
        self._reason = "failed"
        self._position: Position | None = None
        self._error: Exception | None = None
        self._player: Player | None = None
        self._paused = threading.Event()
        self._goes_on = False
        self._sleep_s: float | None = None
        self._keeper: Keeper | None = None
        self._view: View | None = None
        self._sink, turnable = self._output()
        self._output_key = OutputKey(turnable, self._send, self._tell, choices.device)
        self._end_key = EndKey(self._send, self._tell, SystemClock())
        self._goal: Goal | None = None
        self._playing_index: int | None = None
        self._saved_at = 0.0
        self._position_s = 0.0
        state = {"session_id": session_id, "paused": False, "segment_index": 0, "position_s": 0.0, "device": ""}
        knobs = {"volume": self._memory.volume, "muted": self._memory.muted, "sleeps_in_s": None, "awake": False}
        self._door = Doorway(around.paths.player_address, self._send, state | knobs)

    def shown(self, color: str) -> Leaving:
        """Play, and show it to people on stdout."""
        terminal = decide(sys.stdout, self._around.environment, plain=self._choices.plain, color=color)
        window = assemble.window(self._around, terminal)
        view = assemble.view(
            sys.stdout,
            terminal,
            self._act,
            engine=self._client.host if self._around.remote else "local",
            on_suspend=self._suspend,
            on_resume=self._resume,
            window=window,
        )
        return self._play(view, None if window is None else window.notify)

    def told_to_a_script(self) -> Leaving:
        """Play, and tell it in JSON Lines on stdout, whose last but one is the error where there was one."""
        clock = SystemClock()
        lines = JsonLines(sys.stdout, clock, NAMED_FIELDS.get())
        lines.hello(self._session_id, self._client.host if self._around.remote else "local")
        try:
            leaving = self._play(JsonView(lines, None, self._act, clock))
        except FocusError as error:
            lines.error(error)
            lines.bye("failed", error.exit_code)
            raise
        lines.bye(self._reason if leaving.exit_code is ExitCode.OK else leaving.value, leaving.exit_code)
        return leaving

    def _play(self, view: View, notify: Notify | None = None) -> Leaving:
        links = Links(self._wish, lambda held: self._door.noted(awake=held), notify)
        with ExitStack() as stack:
            stack.callback(self._remember)
            bystanders = Bystanders(self._around, self._session_id, links, audible=self._choices.audio)
            stack.enter_context(bystanders)
            stack.enter_context(self._door)
            stack.enter_context(view)
            player = assemble.player(
                self._around,
                self._client,
                self._session_id,
                self._sink,
                self._noting(view, bystanders),
                self._memory,
                stack,
                rise_s=self._choices.rise_s,
            )
            if self._choices.sleep_s is not None:
                player.send(SleepAfter(self._choices.sleep_s, self._choices.sleep_fade_s))
            self._player, self._view = player, view
            self._keeper = Keeper(self._client, self._session_id, view.post)
            thread = threading.Thread(target=self._run, args=(player,), name="player")
            thread.start()
            try:
                leaving = view.run(self._over)
            finally:
                player.send(Quit())
                thread.join()
                self._keeper.finish()
                self._output_key.finish()
            self._end_where_asked(view)
            view.run(self._over)  # shows what happened since
        if isinstance(self._error, SoundError):
            named = self._choices.device or self._around.settings["device"]
            others = "another output: focus devices\n" if named and isinstance(self._error, NoDevice) else ""
            raise type(self._error)(self._error.message, hint=others + _WITHOUT_SOUND) from self._error
        if self._error is not None:
            raise self._error
        if self._reason == "finished" and not self._end_key.ends:
            with contextlib.suppress(EngineUnreachable, NotFound):  # it was played: nobody minds that it is gone
                self._client.end(self._session_id)
        return leaving

    def _run(self, player: "Player") -> None:
        try:
            self._position = player.run()
        except Exception as error:  # noqa: BLE001  # raised again in the main thread
            self._error = error
        finally:
            self._over.set()

    def _noting(self, view: View, bystanders: Bystanders) -> Callable[[Event], None]:
        """Events go to the view, and what has to be kept of them stays here."""

        def emit(event: Event) -> None:
            self._keep(event)
            bystanders.tell(event)
            if isinstance(event, PlaybackEnded):
                self._reason = event.reason
                self._over.set()  # before the post, which wakes the view, so that it does not sleep once more
            view.post(event)

        return emit

    def _keep(self, event: Event) -> None:
        match event:
            case VolumeChanged(volume, muted):
                self._memory = replace(self._memory, volume=volume, muted=muted)
                self._door.told(volume=volume, muted=muted)
            case Paused() | Resumed():
                self._note_pause(paused=isinstance(event, Paused))
            case SleepTimerSet(ends_in_s):
                self._sleep_s = ends_in_s
                self._door.told(sleeps_in_s=ends_in_s)
            case SessionSeen(session):
                self._goal = session.goal
            case SegmentStarted(segment_index, starts_s):
                self._playing_index = segment_index
                self._door.told(segment_index=segment_index, position_s=starts_s)
            case DeviceOpened(name):
                self._door.noted(device=name)
                self._remember_output()
            case Underrun(ms):
                self._note_dropout(ms)
            case Played(position_s):
                self._position_s = position_s
                self._door.noted(position_s=position_s)
                self._remember_now_and_then()
            case _:
                pass

    def _remember_output(self) -> None:
        """One that never opened is not asked for again."""
        device = self._output_key.opened()
        if self._choices.audio and device:
            self._memory = replace(self._memory, device=device)

    def _note_pause(self, *, paused: bool) -> None:
        if paused:
            self._paused.set()
        else:
            self._paused.clear()
        self._door.told(paused=paused)

    def _note_dropout(self, ms: float) -> None:
        """In the mixing thread, which has seconds in hand."""
        dropout = NotedDropout(self._session_id, self._position_s, ms, wire_time(SystemClock().now()))
        with contextlib.suppress(OSError):
            note_dropout(self._around.paths.dropouts, dropout)

    def _remember_now_and_then(self) -> None:
        """In the mixing thread, which has seconds in hand."""
        now = time.monotonic()
        if self._player is not None and now - self._saved_at > REMEMBERED_EVERY_S:
            self._saved_at = now
            with contextlib.suppress(OSError):
                self._memory.left(self._session_id, self._player.position).save(self._around.paths.player_state)

    def _output(self) -> tuple[Sink, Turnable | None]:
        """Where the sound goes, and the same where that can be changed."""
        if not self._choices.audio:
            return assemble.silent_sink(), None
        device = assemble.device_sink(self._around, self._choices.device, self._memory.device)
        return device, device

    def _act(self, action: Action) -> None:
        """What a key asks of the player."""
        if action is Action.SLEEP:
            self._send(self._next_sleep())
            return
        if action is Action.KEEP:
            self._promote()
            return
        if action is Action.OUTPUT:
            self._output_key.pressed()
            return
        if action is Action.END:
            self._end_key.pressed(self._goal if self._sounds else None)
            return
        wish = {"wish": "volume", "by": action.volume_step} if action.volume_step else _WISHES.get(action)
        if wish is not None:
            self._wish(wish)

    def _wish(self, wish: Mapping[str, object]) -> None:
        """What somebody wants, in the words that other shells use; from any thread."""
        if (command := meant(dict(wish))) is not None:
            self._send(command)

    @property
    def _sounds(self) -> bool:
        return self._playing_index is not None and not self._paused.is_set()

    def _end_where_asked(self, view: View) -> None:
        """The player has left; what a key asked for is done before the last picture, which shows it."""
        if self._error is None and self._end_key.ends:
            view.post(SessionSeen(self._client.end(self._session_id).session))

    def _tell(self, event: Event) -> None:
        if self._view is not None:
            self._view.post(event)

    def _promote(self) -> None:
        """The segment that plays becomes a track."""
        if self._keeper is not None and self._playing_index is not None:
            self._keeper.keep(self._playing_index)

    def _next_sleep(self) -> Command:
        set_for = -1.0 if self._sleep_s is None else self._sleep_s
        minutes = next((choice for choice in _SLEEP_MINUTES if choice * 60 > set_for), None)
        return StayAwake() if minutes is None else SleepAfter(minutes * 60.0, self._choices.sleep_fade_s)

    def _send(self, command: Command) -> None:
        self._end_key.sent(command)
        if self._player is not None:
            self._player.send(command)

    def _suspend(self) -> None:
        """Silent before the program stops: what a device holds would play on."""
        self._goes_on = not self._paused.is_set()
        self._send(Pause())
        self._paused.wait(SUSPENDED_WITHIN_S)
        time.sleep(SILENT_AFTER_S)

    def _resume(self) -> None:
        """After Ctrl-Z. A stop that nobody could see coming has paused nothing, and a pause is not ended by it."""
        if self._goes_on:
            self._goes_on = False
            self._send(Resume())

    def _remember(self) -> None:
        position = None if self._reason == "finished" else self._position
        if position is not None or self._reason == "finished":
            self._memory = self._memory.left(self._session_id, position)
        self._memory.save(self._around.paths.player_state)
