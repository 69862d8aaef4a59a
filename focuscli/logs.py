"""What a long-running process writes about itself: one line an event, rotated, private, without secrets."""

import logging
import logging.handlers
import os
import re
from pathlib import Path

from focuscli.paths import private_folder

SECRETS = re.compile(
    r"(?i)(x-api-key|authorization|api_key)(['\"]?\s*[:=]\s*['\"]?)(bearer\s+)?[^\s'\",]+|([?&]s=)[\w-]+"
)


class _Redacted(logging.Formatter):
    """Keys, tokens and URL signatures never reach the file."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRETS.sub(lambda hit: (hit[1] or "") + (hit[2] or "") + (hit[4] or "") + "•••", super().format(record))


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
