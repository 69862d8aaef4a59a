"""Logs keep secrets out; wire times are whole seconds of UTC."""

import logging
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from focuscli.clock import SystemClock, parse_wire_time, wire_time
from focuscli.logs import log_to


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "state" / "engine.log"
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    log_to(file)
    try:
        yield file
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers[:], root.level = before, level


def test_no_secret_reaches_the_log(log: Path) -> None:
    logger = logging.getLogger("focuscli.test")
    logger.info("headers: {'X-API-Key': 'fk_secret1', 'Authorization': 'Bearer secret2'}")
    logger.info("GET /v1/media/org/x/0/abc.flac?e=1&k=2&s=secret3-_ 200")
    logger.info("FREDDY_API_KEY=secret4 and a harmless word")
    text = log.read_text()
    assert "secret" not in text
    assert "a harmless word" in text
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_wire_times_are_utc_and_whole_seconds() -> None:
    moment = datetime(2026, 6, 28, 12, 30, 0, 999_999, timezone(timedelta(hours=2)))
    assert wire_time(moment) == "2026-06-28T10:30:00Z"
    assert parse_wire_time("2026-06-28T10:30:00Z") == datetime(2026, 6, 28, 10, 30, tzinfo=UTC)
    with pytest.raises(ValueError):
        parse_wire_time("soon")


def test_the_system_clock_goes_forward() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0.001)
    assert clock.monotonic() > before
    assert clock.now().tzinfo is UTC
