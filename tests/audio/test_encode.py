"""The delivered file holds just the rounded samples, and says clearly when it cannot be written."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from focuscli.audio.decode import SoundFile
from focuscli.audio.dither import to_int16
from focuscli.audio.encode import write_flac
from focuscli.errors import Conflict


def test_a_file_holds_exactly_the_rounded_samples(tmp_path: Path) -> None:
    samples = np.random.default_rng(2).normal(0, 0.1, (150_001, 2)).astype(np.float32)
    write_flac(tmp_path / "a.flac", samples, 777)
    info = soundfile.info(tmp_path / "a.flac")
    assert (info.format, info.subtype, info.samplerate, info.channels) == ("FLAC", "PCM_16", 48_000, 2)
    read, _ = soundfile.read(tmp_path / "a.flac", dtype="int16")
    assert np.array_equal(read, to_int16(samples, 777))


def test_a_delivered_file_says_that_it_is_mastered_and_a_strangers_does_not(tmp_path: Path) -> None:
    samples = np.zeros((10, 2), np.float32)
    write_flac(tmp_path / "ours.flac", samples, 0)
    soundfile.write(tmp_path / "theirs.flac", samples, 48_000)
    with SoundFile(tmp_path / "ours.flac") as ours, SoundFile(tmp_path / "theirs.flac") as theirs:
        assert (ours.is_mastered, theirs.is_mastered) == (True, False)


def test_the_overlap_of_two_files_is_the_same_to_the_bit(tmp_path: Path) -> None:
    music = np.random.default_rng(3).normal(0, 0.1, (200_000, 2)).astype(np.float32)
    write_flac(tmp_path / "a.flac", music[:120_000], 0)
    write_flac(tmp_path / "b.flac", music[70_000:], 70_000)
    first, _ = soundfile.read(tmp_path / "a.flac", dtype="int16")
    second, _ = soundfile.read(tmp_path / "b.flac", dtype="int16")
    assert np.array_equal(first[70_000:], second[:50_000])


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match=r"nowhere.a\.flac cannot be written"):
        write_flac(tmp_path / "nowhere" / "a.flac", np.zeros((10, 2), np.float32), 0)
