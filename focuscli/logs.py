"""What a long-running process writes about itself: one line an event, rotated, private, without secrets."""

import hashlib
import json
import logging
import logging.handlers
import os
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

from focuscli.paths import private_folder
from focuscli.plain_text import printable, printable_lines

_HIDDEN = "•••"
_NAMED = re.compile(r"(?i)((?:x-api-key|authorization|api_key)['\"]?\s*[:=]\s*['\"]?)(?:bearer\s+)?[^\s'\",]+")
_KEY = re.compile(r"\b(fk_(?:live|local)_[a-z0-9]{8}_)[\w-]+")
_SIGNATURE = re.compile(r"([?&]s=)[\w-]+")
_PROMPT = re.compile(r"(?i)(\b(?:custom_)?prompt\\*['\"]?\s*[:=]\s*)(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^\n]+)")
LONGEST_LINE = 16_384

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""The request that is being answered; empty outside of one."""


def redacted(text: str) -> str:
    """The text without keys and URL signatures, and with a digest in place of what a user asked for in words."""
    for pattern in (_NAMED, _KEY, _SIGNATURE):
        text = pattern.sub(rf"\1{_HIDDEN}", text)
    return _PROMPT.sub(
        lambda hit: f"{hit[1]}#{hashlib.sha256(hit[2].encode('utf-8', 'replace')).hexdigest()[:8]}", text
    )


class _Redacted(logging.Formatter):
    """One line an event, but for tracebacks; nothing secret, and nothing that could steer a terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the base class's name
        return printable(super().formatMessage(record), LONGEST_LINE)

    def format(self, record: logging.LogRecord) -> str:
        return printable_lines(redacted(super().format(record)))


class _Json(logging.Formatter):
    """One JSON object a line, for programs that collect logs; nothing secret in it."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage())[:LONGEST_LINE],
        }
        if request_id := REQUEST_ID.get():
            told["request_id"] = request_id
        fields = {name: redacted(value) if isinstance(value, str) else value
                  for name, value in getattr(record, "fields", {}).items()}  # fmt: skip
        if record.exc_info:
            told["exception"] = redacted(self.formatException(record.exc_info))[:LONGEST_LINE]
        return json.dumps({**told, **fields})


class _PrivateFile(logging.handlers.RotatingFileHandler):
    def _open(self):  # type: ignore[no-untyped-def]  # the base class has no annotation
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, self.mode, encoding=self.encoding)


def log_to(file: Path, level: int = logging.INFO) -> None:
    """Send this process's log to a private file of at most five times one mebibyte."""
    private_folder(file.parent)
    handler = _PrivateFile(file, maxBytes=1 << 20, backupCount=4, encoding="utf-8")
    handler.setFormatter(_Redacted("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("focuscli.requests").setLevel(logging.WARNING)  # `log_json` can have them


def log_json(*, requests: bool, level: int = logging.INFO) -> None:
    """Send this process's log to standard error, a JSON object a line; with `requests` a line for each of these too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("focuscli.requests").setLevel(level if requests else logging.WARNING)
