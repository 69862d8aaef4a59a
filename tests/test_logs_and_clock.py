"""Logs keep secrets out; wire times are whole seconds of UTC."""

import json
import logging
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from focuscli.clock import SystemClock, parse_wire_time, wire_time
from focuscli.engine.key_form import Kind, new_key
from focuscli.logs import REQUEST_ID, log_json, log_to, redacted


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


@given(st.sampled_from(Kind), st.sampled_from(["{}", "key={}", "got '{}'", "/x?k={}&y", '{{"key":"{}"}}', "{}, then"]))
def test_a_key_of_ours_is_known_wherever_it_stands(kind: Kind, sentence: str) -> None:
    key = new_key(kind)
    shown = redacted(sentence.format(key))
    assert key[17 if kind is Kind.LIVE else 18 :] not in shown
    assert key.split("_")[2] in shown


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=6, max_size=30)


@given(WORDS, WORDS)
def test_what_a_user_asked_for_in_words_is_kept_as_a_digest(first: str, second: str) -> None:
    prompt = f"QQ{first} {second}QQ"
    inner = json.dumps({"prompt": prompt}, ensure_ascii=False)
    for line in (
        inner,
        json.dumps({"custom_prompt": prompt, "goal": "custom_prompt"}, ensure_ascii=False),
        json.dumps({"piece": inner}, ensure_ascii=False),
        repr({"prompt": prompt}),
        f"custom_prompt={prompt}",
        f"ValueError: prompt: {prompt}",
    ):
        shown = redacted(line)
        assert "QQ" not in shown, line
        assert second not in shown or second in line.replace(prompt, "")
    assert redacted(inner) == redacted(inner)


def test_no_event_can_forge_another_or_steer_a_terminal(log: Path) -> None:
    logging.getLogger("focuscli.test").info("from %s", "a\n2026-01-01 INFO forged\x1b[2J\x9b\u202e")
    logging.getLogger("focuscli.test").error("failed", exc_info=ValueError("two\nlines\x1b]52;c;x\x07"))
    text = log.read_text(encoding="utf-8")
    assert text.count("\n20") + text.startswith("20") == 2
    assert "ValueError: two\nlines" in text
    assert not {"\x1b", "\x9b", "\u202e", "\x07"} & set(text)


def test_a_log_is_at_most_five_mebibytes_in_private_files(log: Path) -> None:
    logger = logging.getLogger("focuscli.test")
    for _ in range(7 * 70):
        logger.info("x" * 16_000)
    files = sorted(log.parent.iterdir())
    assert [file.name for file in files] == ["engine.log", *(f"engine.log.{n}" for n in range(1, 5))]
    assert all(file.stat().st_size <= 1 << 20 for file in files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


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


def test_a_log_in_json_has_an_object_a_line_with_its_request_and_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    root, requests = logging.getLogger(), logging.getLogger("focuscli.requests")
    before, level, asked = root.handlers[:], root.level, requests.level
    try:
        log_json(requests=True)
        token = REQUEST_ID.set("req_0123456789ab")
        logging.getLogger("focuscli.test").warning("headers: {'X-API-Key': 'fk_secret1'}\nforged")
        logging.getLogger("focuscli.test").error("failed", exc_info=ValueError("X-API-Key: secret2"))
        requests.info("GET", extra={"fields": {"path": "/v1/x?s=secret3", "status": 200}})
        REQUEST_ID.reset(token)
        log_json(requests=False)
        requests.info("nobody asked for it")
        logging.getLogger("focuscli.test").info("between requests")
    finally:
        root.handlers[:], root.level = before, level
        requests.setLevel(asked)
    text = capsys.readouterr().err
    assert "secret" not in text
    first, second, third, last = map(json.loads, text.splitlines())
    assert {line["request_id"] for line in (first, second, third)} == {"req_0123456789ab"}
    assert "request_id" not in last
    assert (first["level"], first["logger"], last["message"]) == ("warning", "focuscli.test", "between requests")
    assert "ValueError" in second["exception"]
    assert (third["status"], third["path"]) == (200, "/v1/x?s=•••")
    assert datetime.fromisoformat(first["time"]).tzinfo is not None
