"""A Postgres server that goes away and comes back, and what is told of it: never a password, and 503 meanwhile."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace

import pytest

from focuscli.bench.cluster import CannotStart, Cluster, cluster
from focuscli.database_url import DatabaseUrl
from focuscli.engine.migrations import read_migrations
from focuscli.engine.sentences import FOLDER, Sentence
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.store import Idempotency, StoreUnavailable
from focuscli.errors import BadSetting, Conflict
from focuscli.settings import Settings
from tests.contract.test_store import new, ready
from tests.engine.rig import LOCAL, SteppedClock
from tests.postgres import new_url

SECRET = "s3cret/%?"
URL = "postgresql://team:s3cret%2F%25%3F@127.0.0.1:1/focus"


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    try:
        with cluster(durable=True) as server:
            yield server
    except CannotStart as exc:
        pytest.skip(str(exc))


def test_an_engine_that_falls_silent_holds_nobody_up() -> None:
    postgres = pytest.importorskip("focuscli.engine.postgres")
    with closing(postgres.PostgresDatabase(new_url())) as database, database.write() as db:
        limits = {
            name: db.value(Sentence(f"SELECT setting::integer FROM pg_settings WHERE name = '{name}'"))
            for name in ("idle_in_transaction_session_timeout", "tcp_keepalives_idle", "tcp_user_timeout")
        }
    # ms, s and ms: a lock that somebody frozen has, a connection of a machine that is gone, and what was sent to it
    assert limits == {
        "idle_in_transaction_session_timeout": 5000,
        "tcp_keepalives_idle": 15,
        "tcp_user_timeout": 30_000,
    }


@pytest.mark.skipif(os.name != "posix", reason="descriptors of POSIX")
def test_an_engine_with_more_than_a_thousand_connections_hears_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number beyond 1023 is none that select(2) takes."""
    import resource

    presence = pytest.importorskip("focuscli.engine.presence")
    monkeypatch.setattr(presence, "LOOKS", 1)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(2048, hard) if hard > 0 else 2048, hard))
    with ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for _ in range(1024):
            stack.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        with closing(presence.Presence("")) as there:
            assert there._is_alone(SimpleNamespace(value=lambda _: True)) is False


def test_a_server_that_restarts_loses_nothing_and_nobody_starts_anew(server: Cluster) -> None:
    postgres = pytest.importorskip("focuscli.engine.postgres")
    heard: SimpleQueue[str] = SimpleQueue()
    with closing(postgres.PostgresDatabase(server.create("restarted"))) as database:
        store = SqlStore(database, SteppedClock())
        with database.joining():
            pass
        database.listen(heard.put)
        store.create(new(), Idempotency("key", "digest"))
        claim = store.claim(database.owner, 3600.0)
        assert claim is not None
        server.stop()
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                store.session(LOCAL, "mfocus_000000000001")
        with pytest.raises(StoreUnavailable):
            store.finish(claim, ready(claim))
        while not heard.empty():
            heard.get()
        server.start()
        assert store.finish(claim, ready(claim))
        assert store.create(new("mfocus_b"), Idempotency("key", "digest")).ready_count == 1
        assert {heard.get(timeout=30) for _ in range(2)} == {"work", "keys"}, "it listens again, and looks"
        assert store.take_back() == 0


def test_a_server_that_was_away_between_two_calls_is_not_even_noticed(server: Cluster) -> None:
    postgres = pytest.importorskip("focuscli.engine.postgres")
    with closing(postgres.PostgresDatabase(server.create("unnoticed"))) as database:
        store = SqlStore(database, SteppedClock())
        store.create(new(), None)
        server.stop("immediate")
        server.start()
        assert store.session(LOCAL, "mfocus_000000000001") is not None
        assert store.claim("engine", 60.0) is not None


def test_what_the_engine_answers_while_the_server_is_away(server: Cluster, tmp_path: Path) -> None:
    postgres = pytest.importorskip("focuscli.engine.postgres")
    from tests.engine.rig import SESSIONS, START, Rig

    with closing(postgres.PostgresDatabase(server.create("away"), by_engines_clock=True)) as database:
        rig = Rig(tmp_path, database=database)
        session_id = rig.start()["session_id"]
        rig.make_ready(2)
        assert rig.get(session_id)["ready_count"] == 2
        server.stop()
        try:
            for method, path, body in (("GET", f"{SESSIONS}/{session_id}", None), ("POST", SESSIONS, START)):
                refused = rig.ask(method, path, body)
                assert (refused.status, refused.error["code"]) == (503, "SERVICE_UNAVAILABLE")
                assert refused.headers["retry-after"] == "1"
            health = rig.ask("GET", "/v1/health/details", key=None).json
            assert (health["status"], health["components"][0]["name"]) == ("unhealthy", "store")
        finally:
            server.start()
        assert rig.get(session_id)["ready_count"] == 2


def test_a_newer_schema_and_a_changed_step_are_refused() -> None:
    postgres = pytest.importorskip("focuscli.engine.postgres")
    url = new_url()
    with closing(postgres.PostgresDatabase(url)) as database:
        change = "UPDATE migration SET number = number + :by"
        with database.write() as db:
            db.execute(Sentence(change), {"by": 1000})
        try:
            with pytest.raises(Conflict, match="knows versions up to"):
                postgres.PostgresDatabase(url)
        finally:
            with database.write() as db:
                db.execute(Sentence(change), {"by": -1000})


def test_text_with_a_nul_is_kept_without_it() -> None:
    postgres = pytest.importorskip("focuscli.engine.postgres")
    with closing(postgres.PostgresDatabase(new_url())) as database:
        store = SqlStore(database, SteppedClock())
        assert store.session(LOCAL, "mfocus_\0") is None


def test_both_databases_know_the_same_steps_from_the_fourth_on() -> None:
    of_postgres = [step.number for step in read_migrations(FOLDER / "postgres")]
    assert of_postgres == [step.number for step in read_migrations() if step.number >= 4]


def test_sqlite_is_used_without_psycopg() -> None:
    import subprocess

    program = "import sys; sys.modules['psycopg'] = None; import focuscli.engine.running, focuscli.engine.sql_store"
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": str(Path(__file__).parents[2])})


def test_the_password_is_hidden_wherever_the_setting_is_shown() -> None:
    settings = Settings.load(file=None, environment={"FOCUS_STORE": URL})
    store = settings["store"]
    assert isinstance(store, DatabaseUrl)
    assert store.whole == URL
    assert store == "postgresql://team:***@127.0.0.1:1/focus"
    assert "s3cret" not in f"{store} {store!r} {json.dumps(store)}"
    assert (
        DatabaseUrl("postgresql://h/d?password=s3cret&sslmode=require")
        == "postgresql://h/d?password=***&sslmode=require"
    )
    assert Settings.load(file=None, environment={})["store"] == ""


@pytest.mark.parametrize("text", ["mysql://team:s3cret@h/d", "team:s3cret@h", "https://u:s3cret@h"])
def test_what_is_no_url_of_postgres_stops_the_program(text: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        Settings.load(file=None, environment={"FOCUS_STORE": text})
    assert "postgresql://" in str(refusal.value)
    assert ":s3cret@" not in str(refusal.value) or "//" not in text


@pytest.mark.parametrize("url", [URL, "postgresql://team:s3cret@h:port/d", "postgresql://u:s3cret@[bad/d"])
def test_a_refusal_names_no_password(url: str) -> None:
    postgres = pytest.importorskip("focuscli.engine.postgres")
    with pytest.raises(Conflict) as refusal:
        postgres.PostgresDatabase(url)
    assert "s3cret" not in f"{refusal.value} {refusal.value.hint}"
    assert refusal.value.hint
