"""Strangers' files are decoded elsewhere, to the same samples, and whatever happens there stays there."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from focuscli.audio.block import Block
from focuscli.audio.decode import SoundFile, converted
from focuscli.errors import MediaDamaged
from focuscli.playback.decoder import Decoder, TrustingDecoder
from focuscli.playback.decoding_child import ChildDecoder
from tests.fakes.source import RATE, noise

MOST = 60 * RATE


@pytest.fixture(scope="module")
def child() -> Iterator[ChildDecoder]:
    decoder = ChildDecoder()
    decoder.start()
    yield decoder
    decoder.close()


def written(folder: Path, sound: Block, container: str = "FLAC", coding: str = "PCM_16", rate: int = RATE) -> Path:
    file = folder / f"{container}-{coding}-{rate}"
    soundfile.write(file, sound, rate, format=container, subtype=coding)
    return file


def plain(file: Path) -> Block:
    with SoundFile(file) as sound:
        return np.concatenate(list(converted(sound)))


@pytest.mark.parametrize(
    ("container", "coding"),
    [
        ("FLAC", "PCM_16"),
        ("FLAC", "PCM_24"),
        ("WAV", "PCM_16"),
        ("WAV", "FLOAT"),
        ("OGG", "VORBIS"),
        ("MP3", "MPEG_LAYER_III"),
    ],
)
@pytest.mark.parametrize("rate", [RATE, 44_100])
def test_both_decoders_hand_over_the_same_samples(
    child: ChildDecoder, tmp_path: Path, container: str, coding: str, rate: int
) -> None:
    file = written(tmp_path, noise(3, 1), container, coding, rate)
    expected = plain(file)
    there = child.decode(file, MOST)
    assert np.array_equal(plain(there.playable), expected)
    here = TrustingDecoder().decode(file, MOST)
    assert np.array_equal(plain(here.playable), expected)
    assert here.findings.measured == there.findings.measured
    assert np.array_equal(here.findings.hop_powers, there.findings.hop_powers)


def test_full_scale_survives_in_sixteen_bits(child: ChildDecoder, tmp_path: Path) -> None:
    file = tmp_path / "loud.wav"
    edges = np.array([[-32768, 32767], [32767, -32768], [0, -1], [1, 0]] * 2000, np.int16)
    soundfile.write(file, edges, RATE, subtype="PCM_16")
    there = child.decode(file, MOST)
    assert np.array_equal(soundfile.read(there.playable, dtype="int16")[0], edges)
    assert soundfile.info(there.playable).subtype == "PCM_16"


def test_a_strangers_file_is_never_played_as_it_is(child: ChildDecoder, tmp_path: Path) -> None:
    file = written(tmp_path, noise(1, 1))
    assert child.decode(file, MOST).playable != file
    assert TrustingDecoder().decode(file, MOST).playable == file


@pytest.mark.parametrize("make", [TrustingDecoder, ChildDecoder])
def test_what_cannot_be_played_says_why_and_the_next_file_plays(make: type[Decoder], tmp_path: Path) -> None:
    decoder, good = make(), written(tmp_path, noise(1, 1))
    for body, why in ((b"<html>", "not a WAV"), (b"fLaC" + bytes(200), "cannot be decoded")):
        bad = tmp_path / "bad"
        bad.write_bytes(body)
        with pytest.raises(MediaDamaged, match=why):
            decoder.decode(bad, MOST)
        assert decoder.decode(good, MOST).findings.frames == RATE
    with pytest.raises(MediaDamaged, match="far longer"):
        decoder.decode(good, RATE - 1)
    decoder.close()
    decoder.close()


def test_samples_that_are_no_numbers_are_refused(child: ChildDecoder, tmp_path: Path) -> None:
    sound = noise(1, 1)
    sound[100] = np.nan
    with pytest.raises(MediaDamaged, match="no numbers"):
        child.decode(written(tmp_path, sound, "WAV", "FLOAT"), MOST)


def test_a_process_that_was_killed_is_replaced(tmp_path: Path) -> None:
    decoder, file = ChildDecoder(), written(tmp_path, noise(1, 1))
    decoder.decode(file, MOST)
    assert decoder._process is not None
    first = decoder._process.pid
    decoder._process.kill()
    decoder._process.wait()
    assert decoder.decode(file, MOST).findings.frames == RATE
    assert decoder._process.pid != first
    decoder.close()


def test_the_process_is_kept_from_file_to_file(child: ChildDecoder, tmp_path: Path) -> None:
    file = written(tmp_path, noise(1, 1))
    child.decode(file, MOST)
    assert child._process is not None
    first = child._process.pid
    child.decode(file, MOST)
    assert child._process.pid == first


RECORD = (
    "import struct, sys\ndef tell(kind, body): sys.stdout.buffer.write(struct.pack('<cI', kind, len(body)) + body)\n"
)
SILENCE = "tell(b'S', bytes(8 * 48000)); tell(b'P', bytes(8 * 100))\n"


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "import time; time.sleep(60)",
        "import sys; sys.stdout.buffer.write(b'HTTP/1.1 200 OK')",
        RECORD + "tell(b'Z', b'')",
        RECORD + "sys.stdout.buffer.write(struct.pack('<cI', b'S', 1 << 31)); sys.stdout.buffer.write(bytes(1 << 20))",
        RECORD + "\nwhile True: tell(b'S', bytes(1 << 20))",
        RECORD + "tell(b'S', struct.pack('<2f', float('nan'), 0.0))",
        RECORD + "tell(b'S', bytes(7))",
        RECORD + "tell(b'I', bytes(8)); tell(b'S', bytes(8))",
        RECORD + SILENCE + "tell(b'E', b'{')",
        RECORD + SILENCE + "tell(b'E', b'{\"measured\": [0]}')",
        RECORD + SILENCE + "tell(b'E', b'{\"measured\": [NaN, 0, 0, 0]}')",
        RECORD + SILENCE + "tell(b'S', bytes(8 * 480)); tell(b'E', b'{\"measured\": [0, 0, 0, 0]}')",
    ],
    ids=[
        "crash",
        "hang",
        "http",
        "kind",
        "size",
        "endless",
        "nan",
        "torn",
        "mixed",
        "json",
        "few",
        "figures",
        "powers",
    ],
)
def test_a_process_gone_wrong_is_a_file_that_cannot_be_played(program: str, tmp_path: Path) -> None:
    decoder = ChildDecoder((sys.executable, "-c", program), deadline_s=1.0)
    began = time.monotonic()
    with pytest.raises(MediaDamaged):
        decoder.decode(written(tmp_path, noise(1, 1)), RATE)
    assert time.monotonic() - began < 30.0
    assert decoder._process is not None
    assert decoder._process.poll() is not None
    decoder.close()


def test_its_words_are_safe_for_a_terminal(tmp_path: Path) -> None:
    program = RECORD + r"tell(b'X', b'\x1b]52;c;eA==\x07' + bytes(1000))"
    decoder = ChildDecoder((sys.executable, "-c", program))
    with pytest.raises(MediaDamaged) as caught:
        decoder.decode(written(tmp_path, noise(1, 1)), RATE)
    decoder.close()
    assert caught.value.message.isprintable()
    assert len(caught.value.message) <= 300


PROBE = """
import json, os, resource, socket, struct, sys
from focuscli.playback import decoding_process as place
place._leave_the_network()
place._be_modest()
sys.stdin.readline()
def refused(what):
    try:
        what()
    except (OSError, MemoryError) as exc:
        return type(exc).__name__
    return ""
found = {
    "key": "FREDDY_API_KEY" in os.environ,
    "memory": refused(lambda: bytearray(2 << 30)),
    "file": refused(lambda: os.write(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT), b"x")),
    "network": refused(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[2])), 5)),
}
body = json.dumps(found).encode()
sys.stdout.buffer.write(struct.pack("<cI", b"X", len(body)) + body)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other limits, or none")
def test_the_process_has_little_memory_no_files_no_key_and_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import signal
    import socket

    monkeypatch.setenv("FREDDY_API_KEY", "fk_secret")
    listening = socket.create_server(("127.0.0.1", 0))
    program = f"import signal; signal.signal({int(signal.SIGXFSZ)}, signal.SIG_IGN)\n{PROBE}"
    decoder = ChildDecoder((sys.executable, "-c", program, str(tmp_path / "out"), str(listening.getsockname()[1])))
    with pytest.raises(MediaDamaged) as caught:
        decoder.decode(written(tmp_path, noise(1, 1)), RATE)
    decoder.close()
    listening.close()
    found = json.loads(caught.value.message)
    assert not found["key"]
    assert found["memory"] == "MemoryError"
    assert found["file"] == "OSError"
    may_leave = Path("/proc/self/ns/user").exists() and _can_unshare()
    assert bool(found["network"]) is may_leave


def _can_unshare() -> bool:
    import subprocess

    program = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x50000000) != 0)"
    return subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
