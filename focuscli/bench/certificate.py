"""A certificate for servers of one's own, for whoever measures or tests with one. Debian: `openssl`."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

LOCALHOST = ("DNS:localhost",)


def make_certificate(folder: Path, names: Sequence[str] = LOCALHOST) -> tuple[Path, Path]:
    """A certificate that vouches for itself, and its key, for two days; `names` as openssl has them (DNS:…, IP:…).

    Raises FileNotFoundError where there is no openssl.
    """
    certificate, key = folder / "cert.pem", folder / "key.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
             "2", "-subj", "/CN=localhost", "-addext", f"subjectAltName={','.join(names)}"]  # fmt: skip
    subprocess.run([*words, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    key.chmod(0o600)
    return certificate, key
