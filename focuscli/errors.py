"""Every error this program raises on purpose, and the exit code that each ends in.

    FocusError                          1  unexpected
    ├── UsageError                      2  wrong usage
    ├── NothingRunning                  3  there is no active session
    ├── NotSignedIn                     4  no key, key rejected, wrong organization
    ├── NotFound                        5  no such session, segment or device
    ├── EngineUnreachable               6  the engine cannot be reached, or did not start
    │   └── EngineFailed                6  it answered, but with an error of its own (5xx) or nonsense
    ├── TimedOut                        7  waited long enough
    ├── SoundError                      8
    │   ├── NoSoundLibrary              8  neither PortAudio nor miniaudio can be loaded
    │   ├── NoDevice                    8  the library works and finds no output
    │   └── DeviceLost                  8  the output went away while it played
    ├── Conflict                        9  lock held, version too old, a state that forbids it
    ├── LimitReached                   10  quota, spend cap, rate
    ├── StorageError                    1  what must be kept cannot be written
    ├── MediaError                      1
    │   ├── MediaRefused                1  the URL expired or was refused
    │   └── MediaDamaged                1  what came cannot be decoded
    └── BadSetting                      2  a value in a file, variable or option makes no sense

A foreign exception is translated once, at the border where it arises, with `raise … from exc`.
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """The one table of exit codes: code, help, man page and tests read it. Codes are only ever added."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    NOTHING_RUNNING = 3
    NOT_SIGNED_IN = 4
    NOT_FOUND = 5
    ENGINE_UNREACHABLE = 6
    TIMED_OUT = 7
    NO_SOUND = 8
    CONFLICT = 9
    LIMIT_REACHED = 10
    HANG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


EXIT_CODE_MEANINGS: dict[ExitCode, str] = {
    ExitCode.OK: "done; also: you pressed q, the session reached its end, nothing was left to end",
    ExitCode.FAILURE: "unexpected failure",
    ExitCode.USAGE: "wrong usage",
    ExitCode.NOTHING_RUNNING: "nothing is running",
    ExitCode.NOT_SIGNED_IN: "not signed in, key rejected, or wrong organization",
    ExitCode.NOT_FOUND: "no such session, segment or device",
    ExitCode.ENGINE_UNREACHABLE: "the engine cannot be reached, did not start, or failed",
    ExitCode.TIMED_OUT: "timed out",
    ExitCode.NO_SOUND: "no sound: library missing, no device, or device lost",
    ExitCode.CONFLICT: "conflict: lock held, or versions that do not fit",
    ExitCode.LIMIT_REACHED: "limit reached: quota, spend cap or rate",
    ExitCode.HANG_UP: "the terminal went away",
    ExitCode.INTERRUPTED: "interrupted with Ctrl-C",
    ExitCode.TERMINATED: "terminated",
}


class FocusError(Exception):
    """What failed and why, a hint what to do about it, and a stable code word for scripts.

    `message` says what failed and why in one sentence; `hint` what to do, as a sentence or a command
    (may span lines); `request_id` the engine's trace id where there is one.
    """

    code: ClassVar[str] = "failure"
    exit_code: ClassVar[ExitCode] = ExitCode.FAILURE

    def __init__(self, message: str, *, hint: str = "", request_id: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.request_id = request_id


class UsageError(FocusError):
    """The command line does not make sense."""

    code = "usage"
    exit_code = ExitCode.USAGE


class BadSetting(UsageError):
    """A setting's value cannot be used; the message names where it came from."""

    code = "bad_setting"


class NothingRunning(FocusError):
    """There is no active session to act on."""

    code = "nothing_running"
    exit_code = ExitCode.NOTHING_RUNNING


class NotSignedIn(FocusError):
    """The engine wants a key, or refuses the one it was given."""

    code = "not_signed_in"
    exit_code = ExitCode.NOT_SIGNED_IN


class NotFound(FocusError):
    """The session, segment or device that was named does not exist (or is someone else's)."""

    code = "not_found"
    exit_code = ExitCode.NOT_FOUND


class EngineUnreachable(FocusError):
    """Nobody answers where the engine should be."""

    code = "engine_unreachable"
    exit_code = ExitCode.ENGINE_UNREACHABLE


class EngineFailed(EngineUnreachable):
    """The engine answered with a failure of its own, or with something that is not its contract."""

    code = "engine_failed"


class TimedOut(FocusError):
    """What was waited for did not happen in time."""

    code = "timed_out"
    exit_code = ExitCode.TIMED_OUT


class SoundError(FocusError):
    """No sound can be made."""

    code = "no_sound"
    exit_code = ExitCode.NO_SOUND


class NoSoundLibrary(SoundError):
    """Neither PortAudio nor miniaudio can be loaded."""

    code = "audio_no_library"


class NoDevice(SoundError):
    """The sound library works, but there is no (such) output device."""

    code = "audio_no_device"


class DeviceLost(SoundError):
    """The output device went away while it was in use."""

    code = "audio_device_lost"


class Conflict(FocusError):
    """Something else holds what is needed."""

    code = "conflict"
    exit_code = ExitCode.CONFLICT


class LimitReached(FocusError):
    """A quota, spend cap or rate limit was reached; `retry_after_s` where the engine said when."""

    code = "limit_reached"
    exit_code = ExitCode.LIMIT_REACHED

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        request_id: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint, request_id=request_id)
        self.retry_after_s = retry_after_s


class StorageError(FocusError):
    """What must be kept cannot be written: the disk is full, or the folder is somebody else's."""

    code = "storage"


class MediaError(FocusError):
    """A segment's audio could not be had."""

    code = "media"


class MediaRefused(MediaError):
    """The signed URL expired or was refused; a fresh one may work."""

    code = "media_refused"


class MediaDamaged(MediaError):
    """What was fetched cannot be decoded as the audio it should be."""

    code = "media_damaged"
