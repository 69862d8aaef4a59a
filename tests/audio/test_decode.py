"""Reading strangers' sound files."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from focuscli.audio.decode import SoundFile, converted, is_known
from focuscli.errors import MediaDamaged

PLAYED = [
    ("WAV", "PCM_16"),
    ("WAV", "PCM_24"),
    ("WAV", "FLOAT"),
    ("WAVEX", "PCM_16"),
    ("FLAC", "PCM_16"),
    ("FLAC", "PCM_24"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
    ("MP3", "MPEG_LAYER_III"),
]
REFUSED = [
    ("WAV", "PCM_U8"),
    ("WAV", "IMA_ADPCM"),
    ("WAV", "MS_ADPCM"),
    ("WAV", "ULAW"),
    ("AIFF", "PCM_16"),
    ("AU", "PCM_16"),
    ("CAF", "PCM_16"),
    ("W64", "PCM_16"),
]


def made(folder: Path, container: str, coding: str, rate: int = 48_000, channels: int = 2) -> Path:
    file = folder / f"{container}-{coding}"
    time = np.arange(rate // 2)[:, None] / rate
    tone = np.repeat(0.25 * np.sin(2 * np.pi * 440 * time), channels, axis=1)
    soundfile.write(file, tone, rate, format=container, subtype=coding)
    return file


@pytest.mark.parametrize(("container", "coding"), PLAYED)
@pytest.mark.parametrize("rate", [24_000, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_format_comes_out_as_48_khz_stereo(
    tmp_path: Path, container: str, coding: str, rate: int, channels: int
) -> None:
    with SoundFile(made(tmp_path, container, coding, rate, channels)) as file:
        sound = np.concatenate(list(converted(file, 5_000)))
    assert sound.shape[1] == 2
    assert len(sound) == pytest.approx(24_000, abs=3_000 if container == "MP3" else 2)
    middle = sound[8_000:16_000]
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.25 / np.sqrt(2), rel=0.03)
    assert np.abs(middle[:, 0] - middle[:, 1]).max() < 0.01


@pytest.mark.parametrize(("container", "coding"), REFUSED)
def test_other_formats_are_refused(tmp_path: Path, container: str, coding: str) -> None:
    with pytest.raises(MediaDamaged):
        SoundFile(made(tmp_path, container, coding))


def test_adpcm_never_reaches_the_decoder(tmp_path: Path) -> None:
    assert not is_known(made(tmp_path, "WAV", "IMA_ADPCM").read_bytes())
    assert is_known(made(tmp_path, "WAV", "PCM_16").read_bytes())


def test_a_wave_file_may_have_chunks_before_its_format(tmp_path: Path) -> None:
    plain = made(tmp_path, "WAV", "PCM_16").read_bytes()
    assert is_known(plain[:12] + b"JUNK\x05\x00\x00\x00abcde\x00" + plain[12:])


@pytest.mark.parametrize(
    "body", [b"", b"RIFF", b"<html>no</html>", bytes(100), b"RIFF\x00\x00\x00\x00WAVE", b"OggS" * 20]
)
def test_what_is_no_sound_is_refused(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "segment"
    file.write_bytes(body)
    with pytest.raises(MediaDamaged):
        SoundFile(file)


@pytest.mark.parametrize("container", ["FLAC", "OGG", "MP3"])
def test_a_file_that_breaks_off_ends_or_is_refused(tmp_path: Path, container: str) -> None:
    coding = {"FLAC": "PCM_16", "OGG": "VORBIS", "MP3": "MPEG_LAYER_III"}[container]
    file = made(tmp_path, container, coding)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    try:
        with SoundFile(file) as sound:
            frames = sum(len(block) for block in converted(sound))
    except MediaDamaged:
        return
    assert frames < 24_000


def test_samples_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "segment.wav"
    soundfile.write(file, np.array([[0.0, np.nan]] * 10), 48_000, subtype="FLOAT")
    with SoundFile(file) as sound, pytest.raises(MediaDamaged, match="no numbers"):
        list(converted(sound))


def test_more_than_two_channels_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "segment.wav"
    soundfile.write(file, np.zeros((10, 6)), 48_000, subtype="PCM_16")
    with pytest.raises(MediaDamaged):
        SoundFile(file)


def test_one_frame_survives_resampling(tmp_path: Path) -> None:
    file = tmp_path / "segment.wav"
    soundfile.write(file, np.full((1, 1), 0.5), 44_100, subtype="FLOAT")
    with SoundFile(file) as sound:
        assert sum(len(block) for block in converted(sound)) == 1
