"""A report of a session: for people, for scripts, and as a page and a picture that need nothing else."""

import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from focuscli.errors import ExitCode
from focuscli.paths import Paths
from focuscli.playback.dropouts import KEPT, NotedDropout, note_dropout, read_dropouts
from tests.commands.conftest import Focus
from tests.commands.test_listening import flac
from tests.fakes.engine import FakeEngine

LINKS = {"src", "href", "srcset", "xlink:href", "data"}
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)


@pytest.fixture
def session_id(focus: Focus, fake: FakeEngine) -> str:
    """Two segments of six seconds are ready, of thirty minutes."""
    fake.media, fake.segment_s = flac(6.0), 6.0
    started = focus("start", "--goal", "relax", "--minutes", "30", "-q").out.strip()
    fake.make_ready(started, 2)
    return started


def dropped(paths: Paths, session_id: str) -> None:
    note_dropout(paths.dropouts, NotedDropout(session_id, 4.0, 35.0, "2026-06-28T10:30:00Z"))


def test_people_read_a_line_a_thing(focus: Focus, paths: Paths, session_id: str) -> None:
    dropped(paths, session_id)
    done = focus("report")
    assert done.code == ExitCode.OK
    lines = {line[:12].strip(): line[12:] for line in done.out.splitlines()}
    assert lines["session"] == f"{session_id}, relax, 30 minutes"
    assert lines["heard"].endswith("2 of 15 segments")
    assert set(lines["loudness"]) <= set("▁▂▃▄▅▆▇█ ")
    assert "220 Hz" in lines["segment 1"]
    assert lines["segment 1"].endswith("A")
    assert lines["dropouts"] == "35 ms at 0:04"


def test_scripts_get_figures(focus: Focus, session_id: str) -> None:
    told = focus("report", session_id, "--json").json
    assert [segment["segment_index"] for segment in told["segments"]] == [0, 1]
    assert told["segments"][1]["starts_s"] == pytest.approx(told["seams"][0]["starts_s"])
    assert told["measured_s"] == pytest.approx(told["segments"][1]["ends_s"], abs=0.1)
    assert told["segments"][0]["brightness_hz"] == pytest.approx(220.0, rel=0.05)
    assert told["loudness_lufs"] == pytest.approx(-14.0, abs=0.3)
    assert len(told["short_term_lufs"]) == len(told["momentary_lufs"]) == round(told["measured_s"])


def test_only_what_is_ready_is_heard_and_nothing_is_waited_for(focus: Focus, fake: FakeEngine, session_id: str) -> None:
    assert focus("report", "--json").json["ready_count"] == 2
    assert fake.sessions[session_id]["status"] == "active"


def test_nothing_ready_is_no_report(focus: Focus, fake: FakeEngine) -> None:
    started = focus("start", "-q").out.strip()
    assert focus("report", started, "--json").error["exit_code"] == ExitCode.NOT_FOUND


def test_a_file_that_cannot_be_written_is_told(focus: Focus, session_id: str, tmp_path: Path) -> None:
    done = focus("report", "--html", str(tmp_path / "nowhere" / "report.html"), "--json")
    assert done.code == ExitCode.USAGE


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.targets += [
            value or "" for name, value in attrs if name in {"src", "href", "srcset", "xlink:href", "data"}
        ]


def test_the_page_needs_nothing_else(focus: Focus, paths: Paths, session_id: str, tmp_path: Path) -> None:
    dropped(paths, session_id)
    file = tmp_path / "report.html"
    focus("report", "--html", str(file))
    text = file.read_text(encoding="utf-8")
    links = _Links()
    links.feed(text)
    assert links.targets
    assert all(target.startswith("data:") for target in links.targets)
    assert not links.tags & {"script", "iframe", "object", "embed"}
    assert not re.search(r"url\(|@import|https?:", text)
    assert "prefers-color-scheme: dark" in text
    assert 'class="dropout"' in text
    assert text.count('class="seam"') == 2


def test_a_name_from_a_stranger_is_text(focus: Focus, fake: FakeEngine, session_id: str, tmp_path: Path) -> None:
    fake.sessions[session_id]["engine"] = "<script>alert(1)</script>"
    focus("report", "--html", str(tmp_path / "report.html"))
    assert "<script" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_picture_is_one(focus: Focus, session_id: str, tmp_path: Path) -> None:
    focus("report", "--png", str(tmp_path / "report.png"))
    data = (tmp_path / "report.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (1200, 748)
    if shutil.which("ffmpeg"):
        command = [
            "ffmpeg",
            "-v",
            "error",
            "-i",
            str(tmp_path / "report.png"),
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-",
        ]
        pixels = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.uint8)
        assert pixels.size == 1200 * 748 * 3


def test_an_encoding_without_blocks_gets_letters(session_id: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "focuscli", "report"], capture_output=True, env=environment, check=True, timeout=120
    )
    assert b"?" not in done.stdout
    assert done.stdout.isascii()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A loopback server for the page, and everything that it is asked for."""
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *words: object) -> None:
            super().__init__(*words, directory=str(tmp_path))  # type: ignore[arg-type]

        def log_message(self, *words: object) -> None:
            asked.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/report.html", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(CHROMIUM is None, reason="no headless Chromium (Debian: chromium-headless-shell)")
def test_a_browser_shows_it_and_asks_for_nothing(
    focus: Focus, session_id: str, tmp_path: Path, served: tuple[str, list[str]]
) -> None:
    url, asked = served
    focus("report", "--html", str(tmp_path / "report.html"))
    command = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1200,1900",
        "--enable-logging=stderr", "--log-level=0", f"--user-data-dir={tmp_path / 'profile'}",
        f"--proxy-server={url.removeprefix('http://').partition('/')[0]}", "--proxy-bypass-list=127.0.0.1",
        f"--screenshot={tmp_path / 'shot.png'}", url,
    ]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "CONSOLE" not in done.stderr
    assert asked == ["/report.html"]
    assert (tmp_path / "shot.png").stat().st_size > 20_000


def test_the_record_of_dropouts_keeps_the_newest(tmp_path: Path) -> None:
    file = tmp_path / "dropouts.jsonl"
    old = "".join(f'{{"session_id": "a", "position_s": {n}, "ms": 5, "ts": "t"}}\n' for n in range(KEPT))
    file.write_text(old + "no JSON\n")
    note_dropout(file, NotedDropout("b", 1.0, 20.0, "t"))
    assert read_dropouts(file, "b") == [NotedDropout("b", 1.0, 20.0, "t")]
    assert len(read_dropouts(file)) == KEPT
    assert read_dropouts(file)[0].position_s == 1.0
    assert read_dropouts(tmp_path / "none") == []
