"""A certificate for localhost, made for a test and gone after it."""

from pathlib import Path

import pytest

from focuscli.bench import certificate


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """The certificate and its key; skips the test where there is nothing to make them with."""
    try:
        return certificate.make_certificate(folder)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
