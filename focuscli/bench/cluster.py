"""A Postgres server of one's own, in a temporary folder, for whoever measures or tests with one.

Debian: `postgresql`. As root it runs as the user `postgres`, for it refuses to be root.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from focuscli.engine.database import Database

START_S = 30.0
LOOPBACK = "127.0.0.1"
_EMPTY = """TRUNCATE session, segment, track, charge, idempotency, organization, "user", membership, api_key,
key_capability RESTART IDENTITY"""
_RECOVERS_SOON = ("recovery_init_sync_method=syncfs",)
"""After a crash it would sync a thousand files of its own, one by one (Linux)."""

_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class CannotStart(Exception):
    """There is no server program here, or nobody it could run as."""


def programs() -> Path:
    """The folder of initdb and pg_ctl; raises CannotStart."""
    found = shutil.which("pg_ctl")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    places = [*folders[::-1], *([Path(found).resolve().parent] if found else [])]
    for folder in places:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise CannotStart("no Postgres server is installed (Debian: postgresql)")


def _user() -> str | None:
    """Whom it runs as where this process is root's; raises CannotStart."""
    if os.name != "posix":
        raise CannotStart("a server of one's own is started on POSIX systems alone")
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise CannotStart("Postgres does not run as root, and there is no user postgres or nobody")


class Cluster:
    """A server, on loopback if nothing else is said; databases are made and dropped in it."""

    def __init__(self, folder: Path, *, durable: bool, host: str = LOOPBACK, within: Sequence[str] = ()) -> None:
        """`durable`: it waits for the disk, as servers do. `within` is what runs it in another network, as root."""
        self._programs, self._folder, self._user = programs(), folder, _user()
        self._host, self._within = host, within
        if self._user:
            shutil.chown(folder, self._user)
        made_with = ("-U", "focus", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        self._run("initdb", "-D", str(self._data), *made_with)
        with closing(socket.socket()) as probe:
            probe.bind((LOOPBACK, 0))
            self.port = probe.getsockname()[1]
        if host != LOOPBACK:
            with (self._data / "pg_hba.conf").open("a", encoding="ascii") as file:
                file.write("host all all samenet trust\n")
        settings = [f"listen_addresses={host}", f"port={self.port}", f"unix_socket_directories={folder}"]
        settings += ["max_connections=100", "shared_buffers=32MB", "log_min_messages=fatal"]
        settings += () if durable else _QUICK
        settings += _RECOVERS_SOON if within else ()
        with (self._data / "postgresql.conf").open("a", encoding="ascii") as file:
            file.writelines(f"{name} = '{value}'\n" for name, _, value in (one.partition("=") for one in settings))

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def process_id(self) -> int:
        """Of the process that all others of the server come from, while it runs."""
        return int((self._data / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def url(self, database: str = "postgres") -> str:
        """Where a database is."""
        return f"postgresql://focus@{self._host}:{self.port}/{database}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._run("pg_ctl", "-D", str(self._data), "-l", str(self._folder / "log"), "-w", "-t", f"{START_S:g}", "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it; "immediate" is a crash, of which it recovers when it starts."""
        self._run("pg_ctl", "-D", str(self._data), "-m", how, "-w", "stop")

    def _run(self, program: str, *words: str) -> None:
        user = None if self._within else self._user  # only root gets into another network
        as_whom = ("setpriv", f"--reuid={self._user}", f"--regid={self._user}", "--clear-groups")
        done = subprocess.run(
            [*((*self._within, *as_whom) if self._within else ()), self._programs / program, *words],
            user=user,
            group=user and pwd.getpwnam(user).pw_gid,
            extra_groups=[] if user else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # the server would hold a pipe open
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            raise CannotStart(f"{program} failed with {done.returncode}")

    def create(self, database: str) -> str:
        """A new database with nothing in it; its URL."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"'.encode())
        return self.url(database)


class Databases:
    """One database with the engine's schema that is as good as new for each who asks: emptying it is quicker."""

    def __init__(self, server: Cluster) -> None:
        from focuscli.engine.postgres import PostgresDatabase

        self._url = server.create("engine")
        PostgresDatabase(self._url).close()

    def url(self) -> str:
        """Of the database, with nothing in it; whoever had it before has closed it."""
        import psycopg

        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(_EMPTY)
        return self._url

    def opener(self) -> "Callable[[Path], Database]":
        """Opens a new one, and the same one again; leases count on the clock of whoever asks."""
        from focuscli.engine.postgres import PostgresDatabase

        url = self.url()
        return lambda _: PostgresDatabase(url, by_engines_clock=True)


@contextmanager
def cluster(*, durable: bool = False, host: str = LOOPBACK, within: Sequence[str] = ()) -> Iterator[Cluster]:
    """A running server (see `Cluster`), for as long as the context lasts; raises CannotStart."""
    try:
        import psycopg  # noqa: F401
    except ImportError as exc:
        raise CannotStart("psycopg is not installed: pip install 'focus-sessions[team]'") from exc
    with tempfile.TemporaryDirectory(prefix="focus-postgres-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        server = Cluster(Path(folder), durable=durable, host=host, within=within)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
