"""Segments are kept, tracks listed, shown and deleted, engines and usage told: for people and for scripts."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from focuscli.commands.keeping import Keeper
from focuscli.errors import EngineUnreachable, ExitCode, NotFound
from focuscli.events import Event, NotPromoted, Promoted
from focuscli.paths import Paths
from focuscli.playback.doorway import Doorway
from tests.commands.conftest import Focus
from tests.fakes.engine import FakeEngine, Reply, envelope


@pytest.fixture
def session(focus: Focus, fake: FakeEngine) -> str:
    """A session of which three segments are ready."""
    session_id = focus("start", "-q").out.strip()
    fake.make_ready(session_id, 3)
    return session_id


def promoted(fake: FakeEngine) -> list[tuple[str, int]]:
    return list(fake.by_segment)


def test_promote_prints_the_apis_object_as_it_is(focus: Focus, fake: FakeEngine, session: str) -> None:
    done = focus("promote", session, "1", "--title", "slow rain", "--json")
    assert done.code == ExitCode.OK
    assert done.json == next(iter(fake.tracks.values()))
    assert (done.json["title"], promoted(fake)) == ("slow rain", [(session, 1)])


def test_without_words_the_newest_session_and_its_last_ready_segment_are_meant(
    focus: Focus, fake: FakeEngine, session: str
) -> None:
    done = focus("promote")
    (track_id,) = fake.tracks
    assert done.out == f"{track_id}: segment 3 of {session} is kept. See: focus tracks\n"
    assert promoted(fake) == [(session, 2)]


@pytest.mark.parametrize(("played", "expected"), [(None, 1), ("mfocus_other", 2)])
def test_what_plays_here_is_meant_where_it_is_of_that_session(
    focus: Focus, fake: FakeEngine, paths: Paths, session: str, played: str | None, expected: int
) -> None:
    state = {"session_id": played or session, "segment_index": 1}
    with Doorway(paths.player_address, lambda _: None, state):
        focus("promote")
    assert promoted(fake) == [(session, expected)]


def test_promoting_before_anything_is_ready_is_told(focus: Focus, fake: FakeEngine) -> None:
    focus("start")
    assert focus("promote", "--json").error["code"] == "not_found"
    assert focus("promote").code == ExitCode.NOT_FOUND


def test_promoting_when_nothing_runs_is_told(focus: Focus, fake: FakeEngine) -> None:
    assert focus("promote").code == ExitCode.NOTHING_RUNNING


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (envelope(404, "RESOURCE_NOT_FOUND", "Focus segment not found"), ExitCode.NOT_FOUND),
        (envelope(403, "INSUFFICIENT_PERMISSIONS", "USE_MUSIC_GENERATION capability required"),
         ExitCode.NOT_SIGNED_IN),
        (envelope(422, "VALIDATION_ERROR", "title is too long", field="title"), ExitCode.USAGE),
        (Reply(429, {}, {"retry-after": "3600"}), ExitCode.LIMIT_REACHED),
    ],
)  # fmt: skip
def test_a_refusal_has_its_exit_code(
    focus: Focus, fake: FakeEngine, session: str, reply: Reply, code: ExitCode
) -> None:
    fake.answers = [reply] * 3
    assert focus("promote", session, "0").code == code


def test_tracks_are_listed_newest_first(focus: Focus, fake: FakeEngine, session: str) -> None:
    for index, title in ((0, "one"), (1, "two")):
        focus("promote", session, str(index), "--title", title)
    newest, oldest = reversed(fake.tracks)
    listed = focus("tracks", "--json").json
    assert listed["schema"] == 1
    assert [track["id"] for track in listed["tracks"]] == [newest, oldest]
    assert focus("tracks").out.splitlines()[0] == f"{newest}  2026-06-28T10:30:00Z  120.4 s  two"


def test_every_page_of_tracks_is_asked_for(
    focus: Focus, fake: FakeEngine, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("focuscli.commands.tracks.PAGE", 2)
    for index in range(3):
        focus("promote", session, str(index))
    assert len(focus("tracks", "--json").json["tracks"]) == 3


def test_a_track_is_shown_and_deleted(focus: Focus, fake: FakeEngine, session: str) -> None:
    track_id = focus("promote", session, "0", "--json").json["id"]
    assert focus("tracks", track_id, "--json").json == fake.tracks[track_id]
    assert focus("tracks", track_id).out.endswith("commercial_cleared, made by local\n")
    assert focus("tracks", track_id, "--delete").out == f"{track_id} is deleted\n"
    assert fake.tracks == {}
    assert focus("tracks", track_id, "--delete", "--json").error["code"] == "not_found"
    done = focus("tracks")
    assert (done.code, done.out) == (ExitCode.OK, "")
    assert "No track" in done.err


def test_deleting_wants_an_id(focus: Focus, fake: FakeEngine) -> None:
    assert focus("tracks", "--delete").code == ExitCode.USAGE
    assert fake.asked == []


def test_a_title_from_the_engine_steers_no_terminal(focus: Focus, fake: FakeEngine, session: str) -> None:
    focus("promote", session, "0")
    next(iter(fake.tracks.values()))["title"] = "\x1b[2Jgone"
    assert "\x1b" not in focus("tracks").out


def test_engines_are_told(focus: Focus, fake: FakeEngine) -> None:
    assert focus("engines", "--json").json["engines"][0]["engine_key"] == "local"
    assert focus("engines").out.startswith("local (default): ")


def test_usage_is_told(focus: Focus, fake: FakeEngine) -> None:
    assert focus("usage", "--json").json == fake._usage()
    lines = focus("usage").out.splitlines()
    assert lines[0] == "day    since 2026-06-22T00:00:00Z  0.06 CHF of 5.00, 3 segments"
    assert lines[2].endswith("0.06 CHF no cap, 3 segments")


class Kept:
    """Stands for the client: promotes, or raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def promote(self, session_id: str, segment_index: int) -> dict[str, Any]:
        if self.error:
            raise self.error
        return {"id": f"mtrack_of_{session_id}_{segment_index}"}


@pytest.mark.parametrize(
    ("client", "told"),
    [
        (Kept(), Promoted(4, "mtrack_of_mfocus_a_4")),
        (Kept(NotFound("not ready")), NotPromoted(4, "not ready")),
        (Kept(EngineUnreachable("no engine")), NotPromoted(4, "no engine")),
    ],
)
def test_the_key_tells_what_came_of_it(client: Any, told: Event) -> None:
    events: list[Event] = []
    keeper = Keeper(client, "mfocus_a", events.append)
    keeper.keep(4)
    keeper.finish()
    assert events == [told]


def test_every_verb_asks_this_machines_engine_with_its_key(focus: Focus, fake: FakeEngine, session: str) -> None:
    verbs: list[Callable[[], object]] = [
        lambda: focus("promote"),
        lambda: focus("tracks"),
        lambda: focus("engines"),
        lambda: focus("usage"),
    ]
    for verb in verbs:
        fake.asked.clear()
        verb()
        api = [asked for asked in fake.asked if asked.target.startswith("/v1/")]
        assert api
        assert all(asked.carried_a_key for asked in api)


def test_a_promotion_is_repeated_under_one_idempotency_key(focus: Focus, fake: FakeEngine, session: str) -> None:
    fake.answers = [Reply(503, {}, {"retry-after": "0"})]
    assert focus("promote", session, "0").code == ExitCode.OK
    sent = [asked for asked in fake.asked if asked.target.endswith("/promote")]
    assert len(sent) == 2
    assert len({asked.headers["idempotency-key"] for asked in sent}) == 1
    assert json.loads(sent[0].body) == {}
