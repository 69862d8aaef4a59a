"""The sound server of most Linux desktops (PulseAudio, or PipeWire in its place): the one file that knows libpulse.

Its client library is asked through ctypes; a thread of its own talks to the server. A stream is asked without
letting go of the interpreter, so that whoever holds it for long holds us up once, and not at every call. What calls
back into Python (lists of devices) must let go of it, and is asked before there is a stream.
"""

import ctypes
import sys
import time
from collections.abc import Callable
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_int64, c_long, c_size_t, c_uint32, c_uint64, c_void_p
from typing import Any

from focuscli.errors import NoSoundLibrary, SoundError
from focuscli.units import CHANNELS, SAMPLE_RATE

FRAME_BYTES = 4 * CHANNELS
ANSWER_S = 3.0
"""A server that takes longer than this for a question is not there."""

_FLOAT32LE = 5
_NO_AUTOSPAWN = 1
_READY = {"context": 4, "stream": 2}
_BAD = {"context": (5, 6), "stream": (3, 4)}
_RUNNING = 0
_SEEK_ABSOLUTE = 1
_EARLY_REQUESTS = 0x4000
_DUMMY = b"auto_null"
"""What both servers play into, and call success, while there is no device."""


class _Spec(Structure):
    _fields_ = (("format", c_int), ("rate", c_uint32), ("channels", ctypes.c_uint8))


class _Attributes(Structure):
    _fields_ = tuple((name, c_uint32) for name in ("maxlength", "tlength", "prebuf", "minreq", "fragsize"))


class Timing(Structure):
    """`pa_timing_info`: where the server reads in what it was given, in bytes since the stream began."""

    _fields_ = (
        ("seconds", c_long),
        ("microseconds", c_long),
        ("synchronized_clocks", c_int),
        ("sink_usec", c_uint64),
        ("source_usec", c_uint64),
        ("transport_usec", c_uint64),
        ("playing", c_int),
        ("write_index_corrupt", c_int),
        ("write_index", c_int64),
        ("read_index_corrupt", c_int),
        ("read_index", c_int64),
        ("configured_sink_usec", c_uint64),
        ("configured_source_usec", c_uint64),
        ("since_underrun", c_int64),
    )


class _SinkInfo(Structure):
    """The head of `pa_sink_info`: no more of it is read."""

    _fields_ = (("name", c_char_p), ("index", c_uint32), ("description", c_char_p), ("spec", _Spec))


class _ServerInfo(Structure):
    """The head of `pa_server_info`."""

    _fields_ = (
        *((name, c_char_p) for name in ("user", "host", "version", "server")),
        ("spec", _Spec),
        ("default_sink", c_char_p),
    )


_ON_SINK = ctypes.CFUNCTYPE(None, c_void_p, POINTER(_SinkInfo), c_int, c_void_p)
_ON_SERVER = ctypes.CFUNCTYPE(None, c_void_p, POINTER(_ServerInfo), c_void_p)

_RESULTS: dict[str, Any] = {
    "pa_threaded_mainloop_new": c_void_p,
    "pa_threaded_mainloop_get_api": c_void_p,
    "pa_context_new": c_void_p,
    "pa_context_get_sink_info_list": c_void_p,
    "pa_context_get_server_info": c_void_p,
    "pa_stream_new": c_void_p,
    "pa_stream_update_timing_info": c_void_p,
    "pa_stream_get_timing_info": POINTER(Timing),
    "pa_stream_get_device_name": c_char_p,
    "pa_stream_flush": c_void_p,
    "pa_stream_trigger": c_void_p,
    "pa_stream_get_underflow_index": c_int64,
    "pa_strerror": c_char_p,
}


def _library(kind: Any) -> Any:
    if sys.platform != "linux":
        raise NoSoundLibrary("PulseAudio is a matter of Linux")
    try:
        library = kind("libpulse.so.0")
    except OSError as exc:
        raise NoSoundLibrary("libpulse cannot be loaded") from exc
    for name, result in _RESULTS.items():
        getattr(library, name).restype = result
    library.pa_stream_write.argtypes = (c_void_p, c_void_p, c_size_t, c_void_p, c_int64, c_int)
    return library


class _Locked:
    """Entered forty times a second, which a generator makes twice as dear."""

    __slots__ = ("_library", "_loop")

    def __init__(self, library: Any, loop: c_void_p) -> None:
        self._library = library
        self._loop = loop

    def __enter__(self) -> Any:
        self._library.pa_threaded_mainloop_lock(self._loop)
        return self._library

    def __exit__(self, *_: object) -> None:
        self._library.pa_threaded_mainloop_unlock(self._loop)


class Server:
    """A connection to the sound server of this user; raises NoSoundLibrary where none answers."""

    def __init__(self) -> None:
        self._library = _library(ctypes.CDLL)
        self._quick = _library(ctypes.PyDLL)
        self._has_stream = False
        self._loop = c_void_p(self._library.pa_threaded_mainloop_new())
        api = c_void_p(self._library.pa_threaded_mainloop_get_api(self._loop))
        self._context = c_void_p(self._library.pa_context_new(api, b"focus"))
        self._library.pa_threaded_mainloop_start(self._loop)
        try:
            with self.locked() as library:
                asked = library.pa_context_connect(self._context, None, _NO_AUTOSPAWN, None)
            if asked < 0:
                raise NoSoundLibrary("no sound server answers")
            self.until(lambda: self._is_up("context", self._library.pa_context_get_state, self._context))
        except SoundError as exc:
            self.close()
            raise NoSoundLibrary("no sound server answers") from exc

    def locked(self) -> "_Locked":
        """The library, while its own thread stands still."""
        return _Locked(self._quick if self._has_stream else self._library, self._loop)

    def until(self, is_done: Callable[[], bool]) -> None:
        """Ask again and again; raises SoundError when the server does not answer in time."""
        ends_at = time.monotonic() + ANSWER_S
        nap_s = 0.000_2
        while True:
            with self.locked():
                if is_done():
                    return
            if time.monotonic() > ends_at:
                raise SoundError("the sound server does not answer")
            time.sleep(nap_s)
            nap_s = min(0.01, 1.5 * nap_s)

    def answered(self, ask: Callable[[Any], int | None]) -> None:
        """Start what `ask` starts, and wait for the server's answer; raises SoundError."""
        with self.locked() as library:
            operation = c_void_p(ask(library))
        if operation.value is None:
            raise SoundError(f"the sound server refused: {self.why()}")
        try:
            self.until(lambda: self._library.pa_operation_get_state(operation) != _RUNNING)
        finally:
            with self.locked() as library:
                library.pa_operation_unref(operation)

    def sinks(self) -> list[tuple[int, str, str, int, float, bool]]:
        """Index, name, description, channels, rate of every output, and whether it is the default one."""
        default: list[bytes] = []
        found: list[tuple[int, bytes, str, int, float]] = []

        def on_server(_context: Any, info: Any, _data: Any) -> None:
            if info:
                default.append(info.contents.default_sink or b"")

        def on_sink(_context: Any, info: Any, end: int, _data: Any) -> None:
            if not end and info.contents.name != _DUMMY:
                sink = info.contents
                text = (sink.description or sink.name).decode("utf-8", "replace")
                found.append((sink.index, sink.name, text, sink.spec.channels, float(sink.spec.rate)))

        told, listed = _ON_SERVER(on_server), _ON_SINK(on_sink)
        self.answered(lambda library: library.pa_context_get_server_info(self._context, told, None))
        self.answered(lambda library: library.pa_context_get_sink_info_list(self._context, listed, None))
        return [
            (index, name.decode(), text, channels, rate, name in default) for index, name, text, channels, rate in found
        ]

    def stream(self, device: str, queue_frames: int, fragment_frames: int, start_frames: int) -> "Stream":
        """Open a stream of 48 kHz stereo float32 to the sink of that name, empty for the default one."""
        self._has_stream = True
        return Stream(self, device, queue_frames, fragment_frames, start_frames)

    @property
    def context(self) -> c_void_p:
        """The library's own handle."""
        return self._context

    def why(self) -> str:
        """The library's words for what went wrong last."""
        text: bytes = self._library.pa_strerror(self._library.pa_context_errno(self._context))
        return text.decode("utf-8", "replace")

    def is_ready(self, kind: str, ask: Callable[[c_void_p], int], handle: c_void_p) -> bool:
        """Whether a context or a stream is in use and well."""
        return ask(handle) == _READY[kind]

    def _is_up(self, kind: str, ask: Callable[[c_void_p], int], handle: c_void_p) -> bool:
        state = ask(handle)
        if state in _BAD[kind]:
            raise SoundError(f"the sound server refused: {self.why()}")
        return state == _READY[kind]

    def wait_for(self, kind: str, ask: Callable[[c_void_p], int], handle: c_void_p) -> None:
        """Until it is ready; raises SoundError where that will not be."""
        self.until(lambda: self._is_up(kind, ask, handle))

    def close(self) -> None:
        """Leave the server; a second time does nothing."""
        if self._loop.value is None:
            return
        self._has_stream = False
        with self.locked() as library:
            library.pa_context_disconnect(self._context)
            library.pa_context_unref(self._context)
        self._library.pa_threaded_mainloop_stop(self._loop)
        self._library.pa_threaded_mainloop_free(self._loop)
        self._loop = c_void_p()


class Stream:
    """Frames that the server holds for us, every one of which can be replaced until the server has read it."""

    def __init__(self, server: Server, device: str, queue_frames: int, fragment_frames: int, start_frames: int) -> None:
        self._server = server
        spec = _Spec(_FLOAT32LE, SAMPLE_RATE, CHANNELS)
        frames = (queue_frames, queue_frames, start_frames, fragment_frames, 0)
        attributes = _Attributes(*(FRAME_BYTES * count for count in frames))
        with server.locked() as library:
            self._handle = c_void_p(library.pa_stream_new(server.context, b"music", byref(spec), None))
            if self._handle.value is None:
                raise SoundError(f"the sound server refused: {server.why()}")
            named = device.encode() if device else None
            library.pa_stream_connect_playback(self._handle, named, byref(attributes), _EARLY_REQUESTS, None, None)
            self._state = library.pa_stream_get_state
        server.wait_for("stream", self._state, self._handle)

    @property
    def is_well(self) -> bool:
        """Whether there is a device behind it: not after the server or the device went away."""
        with self._server.locked() as library:
            if not self._server.is_ready("stream", self._state, self._handle):
                return False
            return bool(library.pa_stream_get_device_name(self._handle) != _DUMMY)

    def timing(self) -> Timing:
        """Where the server is now, freshly asked; raises SoundError."""
        self._server.answered(lambda library: library.pa_stream_update_timing_info(self._handle, None, None))
        with self._server.locked() as library:
            told = library.pa_stream_get_timing_info(self._handle)
            if not told:
                raise SoundError("the sound server does not say where it is")
            copy = Timing()
            ctypes.pointer(copy)[0] = told.contents
            return copy

    @property
    def underflow_frame(self) -> int:
        """Where the server last found nothing to read; negative where it always did."""
        with self._server.locked() as library:
            return int(library.pa_stream_get_underflow_index(self._handle)) // FRAME_BYTES

    def write(self, address: int, frame_count: int, at: int) -> None:
        """Give the server frames from that address on for place `at`; raises SoundError."""
        with self._server.locked() as library:
            done = library.pa_stream_write(
                self._handle, address, FRAME_BYTES * frame_count, None, FRAME_BYTES * at, _SEEK_ABSOLUTE
            )
        if done < 0:
            raise SoundError(f"the sound server took nothing: {self._server.why()}")

    def start(self) -> None:
        """Play what there is, be it ever so little."""
        self._server.answered(lambda library: library.pa_stream_trigger(self._handle, None, None))

    def flush(self) -> None:
        """Forget what has not been read yet."""
        self._server.answered(lambda library: library.pa_stream_flush(self._handle, None, None))

    def close(self) -> None:
        """Give it back."""
        with self._server.locked() as library:
            library.pa_stream_disconnect(self._handle)
            library.pa_stream_unref(self._handle)
