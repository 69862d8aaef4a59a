"""A proxy of one's own, nginx in one process, for whoever measures or tests with one (Debian: nginx-light)."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LIMIT_S = 30.0
_KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def program() -> str | None:
    """Where nginx is; Debian keeps it where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")


def await_listener(port: int) -> None:
    """Return when somebody listens at a port of loopback; raises TimeoutError."""
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.01)
    raise TimeoutError(f"nobody listens at {port}")


@contextmanager
def nginx(folder: Path, site: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Serve a site, as nginx's image includes one, until the context is left; its files are in the folder.

    It may not listen yet when this is entered. Raises FileNotFoundError where there is no nginx.
    """
    found = program()
    if found is None:
        raise FileNotFoundError("nginx is not installed (Debian: nginx-light)")
    (folder / "site.conf").write_text(site, encoding="utf-8")
    places = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in _KINDS)
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/nginx.pid; events {{}}\n"
        f"http {{ access_log off; {places} include {folder}/site.conf; }}\n",
        encoding="utf-8",
    )
    words = [found, "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"]
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
