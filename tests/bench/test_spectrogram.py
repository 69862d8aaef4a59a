"""The picture of a sound shows what is in it, in a file that others can read."""

import subprocess
import xml.etree.ElementTree as ET
from base64 import b64decode
from pathlib import Path
from shutil import which

import numpy as np
import pytest

from focuscli.bench.spectrogram import HEIGHT, WIDTH, svg
from focuscli.spectra.picture import HIGHEST_HZ, LOWEST_HZ, levels, png, shades


def a_sine(hertz: float, seconds: float = 2.0) -> np.ndarray:  # type: ignore[type-arg]
    wave = 0.5 * np.sin(2.0 * np.pi * hertz * np.arange(round(seconds * 48_000)) / 48_000)
    return np.stack((wave, wave), axis=1).astype(np.float32)


@pytest.mark.parametrize("hertz", [60.0, 440.0, 3000.0, 12_000.0])
def test_a_sine_is_a_line_at_its_pitch(hertz: float) -> None:
    picture = levels(a_sine(hertz), columns=40, rows=200)
    row = 199 - int(200 * np.log(hertz / LOWEST_HZ) / np.log(HIGHEST_HZ / LOWEST_HZ))
    assert abs(int(picture[:, 20].argmax()) - row) <= 2
    assert picture.max() == pytest.approx(0.0, abs=1e-9)
    assert picture[(row + 100) % 200, 20] < -50.0


def test_silence_before_a_tone_is_dark() -> None:
    sound = a_sine(440.0)
    sound[:48_000] = 0.0
    picture = levels(sound, columns=40, rows=60)
    assert picture[:, :15].max() < -80.0 < picture[:, 25:].max()


@pytest.mark.skipif(which("ffmpeg") is None, reason="ffmpeg reads the image")
def test_others_read_the_image(tmp_path: Path) -> None:
    drawing = ET.fromstring(svg(a_sine(440.0), 60.0, "a sine"))
    image = drawing.find("{http://www.w3.org/2000/svg}image")
    assert image is not None
    data = b64decode(image.attrib["href"].split(",")[1])
    drawn = levels(a_sine(440.0), WIDTH, HEIGHT)
    assert data == png(shades(drawn))
    (tmp_path / "image.png").write_bytes(data)
    command = ["ffmpeg", "-v", "error", "-i", str(tmp_path / "image.png"), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    pixels = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.uint8)
    brightness = pixels.reshape(340, 1000, 3).sum(axis=(1, 2))
    assert brightness.argmax() == drawn.mean(axis=1).argmax()
    labels = [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert "a sine" in labels
    assert "1 kHz" in labels
    assert "1:00" in labels or "60.0 s" in labels
