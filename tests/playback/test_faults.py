"""Whatever a network and its servers do, the sound goes on, and the key stays at home."""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import soundfile

from focuscli.audio.block import Block
from focuscli.client.api import EngineClient, Wish
from focuscli.client.feed import Feed
from focuscli.client.remote import RemoteWire
from focuscli.client.retry import Retry
from focuscli.errors import MediaDamaged, MediaRefused
from focuscli.events import Event, Holding, PlaybackEnded, SegmentSkipped, SegmentStarted
from focuscli.playback.decoding_child import ChildDecoder
from focuscli.playback.fetch import MediaFetcher
from focuscli.playback.patience import Patience
from focuscli.playback.player import Player
from tests.fakes import faults
from tests.fakes.clock import StepClock
from tests.fakes.engine import FakeEngine, Reply
from tests.fakes.faults import Fault, FaultProxy
from tests.fakes.sink import MemorySink
from tests.fakes.source import RATE, noise
from tests.playback.stage import longest_silence

SEGMENT_S = 3.0
KEY = "fk_live_secret"
QUICK = Patience(0.002, 1.0, 0.002, 0.01, failed_first_s=0.002, failed_most_s=0.02, give_up_s=3600.0)
IMPATIENT = replace(QUICK, give_up_s=20.0)
SOON_S = 0.5
MOST_BYTES = 8 << 20


def encoded(sound: Block, container: str = "FLAC", coding: str = "PCM_16") -> bytes:
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format=container, subtype=coding)
    return file.getvalue()


@lru_cache(maxsize=1)
def bodies() -> list[bytes]:
    return [encoded(noise(SEGMENT_S, seed)) for seed in range(3)]


def not_a_number() -> bytes:
    sound = noise(SEGMENT_S, 1)
    sound[RATE] = np.nan
    return encoded(sound, "WAV", "FLOAT")


@pytest.fixture
def decoder() -> Iterator[ChildDecoder]:
    decoder = ChildDecoder()
    decoder.start()
    yield decoder
    decoder.close()


@dataclass
class Played:
    """A session of three segments, played through a proxy by the real client, fetcher, decoder and player."""

    proxy: FaultProxy
    session_id: str
    decoder: ChildDecoder
    folder: Path
    on_frames: Callable[["Played", int], None] = lambda _played, _frames: None
    pace_s: float = 0.001
    patience: Patience = QUICK
    deadline_s: float = 30.0
    events: list[Event] = field(default_factory=list)
    clock: StepClock = field(default_factory=StepClock)

    def run(self) -> Block:
        """Play it; a device's time is that of the frames it was given, forty times as fast as a real one's."""
        sink = MemorySink(self._written)
        with ExitStack() as stack:
            retry = Retry(attempts=1)
            client = EngineClient(RemoteWire(self.proxy.url), key=KEY, organization="org_local", retry=retry)
            stack.enter_context(client)
            fetcher = MediaFetcher(self.folder, client.base_url, most_bytes=MOST_BYTES, deadline_s=self.deadline_s)
            stack.callback(fetcher.close)
            feed = Feed(client, self.session_id)
            Player(
                feed,
                fetcher,
                sink,
                self.events.append,
                clock=self.clock,
                patience=self.patience,
                decoder=self.decoder,
            ).run()
        return sink.sound

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]

    def _written(self, frames: int) -> None:
        self.clock.step(frames / RATE - self.clock.monotonic())
        self.proxy.stopped.wait(self.pace_s)
        self.on_frames(self, frames)


@contextmanager
def staged(
    folder: Path, decoder: ChildDecoder, spoiled: dict[int, list[Fault]], *, for_ever: bool = False, ready: int = 3
) -> Iterator[Played]:
    with (
        FakeEngine(key=KEY).listening() as engine,
        FaultProxy(engine, bodies(), spoiled, for_ever).listening() as proxy,
    ):
        with EngineClient(RemoteWire(engine.url), key=KEY, organization="org_local") as starter:
            session_id = starter.start(Wish("focus", 6)).session.session_id
        engine.segment_s = SEGMENT_S
        engine.make_ready(session_id, ready)
        yield Played(proxy, session_id, decoder, folder)


def assert_it_sounded(played: Played, sound: Block, started: list[int]) -> None:
    assert played.events[-1] == PlaybackEnded("finished")
    assert [event.segment_index for event in played.of(SegmentStarted)] == started  # type: ignore[union-attr]
    assert longest_silence(sound) <= 240
    assert played.proxy.keys_seen > 0
    assert played.proxy.asked
    for asked in played.proxy.asked:
        assert not {"x-api-key", "authorization", "cookie"} & set(asked.headers)
        assert KEY not in str(asked.headers)


SLOW = {"silence", "drip", "a drip of headers"}
"""What only a deadline ends."""

PASSING: dict[str, list[Fault]] = {
    "latency": [faults.latency],
    "silence": [faults.silent],
    "drip": [faults.drip],
    "a drip of headers": [faults.drip_of_headers],
    "reset": [faults.reset],
    "two resets": [faults.reset, faults.reset],
    "truncation": [faults.truncation],
    "truncation that nobody tells": [faults.quiet_truncation],
    "too great a length": [faults.length_too_great],
    "too small a length": [faults.length_too_small],
    "401": [faults.refused(401)],
    "403": [faults.refused(403)],
    "404": [faults.refused(404)],
    "410": [faults.refused(410)],
    "429": [faults.refused(429, Retry_After="0")],
    "500": [faults.refused(500)],
    "502 and 503": [faults.refused(502), faults.refused(503)],
    "a redirect into the network": [faults.refused(302, Location="https://10.0.0.1/a")],
    "gzip bomb": [faults.gzip_bomb],
    "endless": [faults.endless],
    "a terabyte": [faults.boast],
    "nothing": [faults.other(b"")],
    "a page": [faults.other(b"<html>please sign in</html>")],
    "another format": [faults.other(encoded(noise(SEGMENT_S, 1), "AIFF"))],
    "no numbers": [faults.other(not_a_number())],
    "silence of one frame": [faults.other(encoded(noise(1 / RATE, 1)))],
}


@pytest.mark.parametrize("kind", PASSING)
def test_what_passes_is_survived_with_every_segment(kind: str, decoder: ChildDecoder, tmp_path: Path) -> None:
    with staged(tmp_path, decoder, {1: list(PASSING[kind])}) as played:
        played.deadline_s = SOON_S if kind in SLOW else 30.0
        sound = played.run()
        assert_it_sounded(played, sound, [0, 1, 2])
        assert not played.of(SegmentSkipped)


LASTING: dict[str, Fault] = {
    "a drip of headers": faults.drip_of_headers,
    "reset": faults.reset,
    "quiet truncation": faults.quiet_truncation,
    "length": faults.length_too_great,
    "403": faults.refused(403),
    "404": faults.refused(404),
    "500": faults.refused(500),
    "bomb": faults.gzip_bomb,
    "endless": faults.endless,
    "nothing": faults.other(b""),
    "page": faults.other(b"<html>"),
    "no numbers": faults.other(not_a_number()),
}


@pytest.mark.parametrize("kind", LASTING)
def test_a_segment_that_never_comes_is_left_out(kind: str, decoder: ChildDecoder, tmp_path: Path) -> None:
    with staged(tmp_path, decoder, {1: [LASTING[kind]]}, for_ever=True) as played:
        played.patience = IMPATIENT
        played.deadline_s = SOON_S if kind in SLOW else 30.0
        sound = played.run()
        assert_it_sounded(played, sound, [0, 2])
        assert [event.segment_index for event in played.of(SegmentSkipped)] == [1]  # type: ignore[union-attr]


def test_an_expired_url_is_asked_for_anew(decoder: ChildDecoder, tmp_path: Path) -> None:
    with staged(tmp_path, decoder, {}) as played:
        played.proxy.valid_from = 2
        sound = played.run()
        assert_it_sounded(played, sound, [0, 1, 2])
        assert not played.of(SegmentSkipped)
        first = [asked.minted for asked in played.proxy.asked if asked.index == 0]
        assert first == [1, 2]


def test_a_refusal_while_the_engine_is_away_leaves_nothing_out(decoder: ChildDecoder, tmp_path: Path) -> None:
    def refused_and_gone(line: faults.Line, body: bytes) -> None:
        line.server.proxy.engine.answers = [Reply(503, {})]
        faults.refused(403)(line, body)

    with staged(tmp_path, decoder, {2: [refused_and_gone]}) as played:
        sound = played.run()
        assert_it_sounded(played, sound, [0, 1, 2])
        assert not played.of(SegmentSkipped)


def test_a_refusal_is_told_from_expiry_and_said(decoder: ChildDecoder, tmp_path: Path) -> None:
    with staged(tmp_path, decoder, {1: [faults.refused(403)]}, for_ever=True) as played:
        played.run()
        (skipped,) = played.of(SegmentSkipped)
        assert "refuses" in skipped.reason  # type: ignore[union-attr]
        assert "403" in skipped.reason  # type: ignore[union-attr]
        tried = [asked.minted for asked in played.proxy.asked if asked.index == 1]
        assert len(tried) == 2
        assert tried[0] < tried[1]


@pytest.mark.parametrize(("fault", "error"), [(faults.refused(403), MediaRefused), (faults.gzip_bomb, MediaDamaged)])
def test_a_server_that_is_wrong_throughout_is_an_error_and_no_session_played(
    fault: Fault, error: type[Exception], decoder: ChildDecoder, tmp_path: Path
) -> None:
    with staged(tmp_path, decoder, {index: [fault] for index in range(3)}, for_ever=True) as played:
        with pytest.raises(error):
            played.run()
        last = played.events[-1]
        assert isinstance(last, PlaybackEnded)
        assert last.reason == "failed"


def test_a_segment_two_minutes_late_is_waited_for_with_music(decoder: ChildDecoder, tmp_path: Path) -> None:
    def late(played: Played, frames: int) -> None:
        if frames > (2 * SEGMENT_S + 120.0) * RATE:
            played.proxy.engine.make_ready(played.session_id, 3)

    with staged(tmp_path, decoder, {}, ready=2) as played:
        played.on_frames, played.pace_s = late, 0.0
        sound = played.run()
        assert_it_sounded(played, sound, [0, 1, 2])
        assert played.of(Holding)
        held = sound[: round((2 * SEGMENT_S + 118.0) * RATE)]
        power = np.square(held[: len(held) // 19_200 * 19_200]).reshape(-1, 19_200, 2).mean(axis=(1, 2))
        level = 10.0 * np.log10(power[2:-2])
        assert np.abs(level - np.median(level)).max() < 0.5


def test_what_breaks_off_goes_on_where_it_ended(decoder: ChildDecoder, tmp_path: Path) -> None:
    with staged(tmp_path, decoder, {1: [faults.truncation]}) as played:
        played.run()
        second = [asked for asked in played.proxy.asked if asked.index == 1]
        half = len(bodies()[1]) // 2
        assert [asked.headers.get("range") for asked in second] == [None, f"bytes={half}-"]
        assert second[1].headers["if-range"] == '"1"'


@pytest.mark.skipif(sys.platform != "linux", reason="the highest memory since a moment is only told there")
@pytest.mark.parametrize("kind", ["gzip bomb", "endless", "a terabyte", "no numbers", "another format"])
def test_memory_stays_where_it_was(kind: str, decoder: ChildDecoder, tmp_path: Path) -> None:
    warming = ChildDecoder()  # a player closes its own
    warming.start()
    with staged(tmp_path / "warm", warming, {}) as played:
        played.run()
    with staged(tmp_path, decoder, {1: list(PASSING[kind])}) as played:
        before = _memory_bytes("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        played.run()
        assert _memory_bytes("VmHWM") - before <= 64 << 20


def _memory_bytes(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) << 10
    raise AssertionError(name)
