"""Money: each segment is charged once, no cap is ever passed, and usage says what was spent."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from focuscli.engine.objects import object_key
from focuscli.engine.spending import Budget, Window, budget_of
from focuscli.engine.store import EndReason
from focuscli.errors import BadSetting
from focuscli.settings import Settings
from tests.engine.rig import GUEST_KEY, LOCAL, SESSIONS, Rig, place

USAGE = "/v1/music/org_local/usage"
PRICE = 20_000  # 0.02 CHF


def budget(**caps: int) -> Budget:
    return Budget({"procedural": PRICE}, {Window(name): segments * PRICE for name, segments in caps.items()})


@pytest.fixture
def priced(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Rig]:
    rig = Rig(tmp_path, budget=getattr(request, "param", budget()))
    yield rig
    rig.file.close()


def windows(rig: Rig) -> dict[str, Any]:
    answer = rig.ask("GET", USAGE)
    assert answer.status == 200
    assert answer.json["organization_id"] == "org_local"
    return {window["window"]: window for window in answer.json["windows"]}


def test_usage_has_three_windows_that_begin_with_the_calendar(rig: Rig) -> None:
    rig.start()
    rig.make_ready(2)
    body = rig.ask("GET", USAGE).json
    assert list(body) == ["organization_id", "windows"]
    assert [window["window"] for window in body["windows"]] == ["day", "week", "month"]
    assert [window["window_start"] for window in body["windows"]] == [
        "2026-06-28T00:00:00Z",  # a Sunday
        "2026-06-22T00:00:00Z",
        "2026-06-01T00:00:00Z",
    ]
    for window in body["windows"]:
        assert list(window) == ["window", "window_start", "cost_chf", "limit_chf", "by_engine"]
        assert (window["cost_chf"], window["limit_chf"]) == (0.0, None)
        assert window["by_engine"] == [{"engine": "procedural", "track_count": 2, "cost_chf": 0.0}]


@pytest.mark.parametrize(
    ("moment", "starts"),
    [
        ("2026-01-01T00:00:00", ("2026-01-01", "2025-12-29", "2026-01-01")),
        ("2026-06-28T23:59:59", ("2026-06-28", "2026-06-22", "2026-06-01")),
        ("2026-06-29T00:00:00", ("2026-06-29", "2026-06-29", "2026-06-01")),
        ("2024-02-29T12:00:00", ("2024-02-29", "2024-02-26", "2024-02-01")),
    ],
)
def test_windows_are_aligned_with_the_calendar_in_utc(moment: str, starts: tuple[str, ...]) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert tuple(window.start(now).date().isoformat() for window in Window) == starts


def test_what_was_spent_leaves_the_windows_one_after_the_other(priced: Rig) -> None:
    priced.start()
    priced.make_ready(3)
    assert {name: window["cost_chf"] for name, window in windows(priced).items()} == dict.fromkeys(Window, 0.06)
    priced.clock.step(86_400)  # Monday
    assert {name: window["cost_chf"] for name, window in windows(priced).items()} == {
        "day": 0.0, "week": 0.0, "month": 0.06,
    }  # fmt: skip
    priced.clock.step(3 * 86_400)
    assert windows(priced)["month"]["cost_chf"] == 0.0


@pytest.mark.parametrize("priced", [budget(day=3), budget(week=3), budget(month=3, day=9)], indirect=True)
def test_a_session_stops_before_the_segment_that_would_pass_a_cap(priced: Rig) -> None:
    session_id = priced.start()["session_id"]
    priced.make_ready(3)
    assert priced.store.claim("rig", 60.0) is None
    session = priced.get(session_id)
    assert (session["status"], session["ready_count"], session["more_pending"]) == ("stopped_cap", 3, False)
    assert session["next_ready_at"] is None
    stored = priced.store.session(LOCAL, session_id)
    assert stored is not None
    assert stored.end_reason is EndReason.CAP
    assert windows(priced)["month"]["cost_chf"] == 0.06
    assert priced.ask("POST", f"{SESSIONS}/{session_id}/end").json["status"] == "stopped_cap"


@pytest.mark.parametrize("priced", [budget(day=2)], indirect=True)
def test_what_is_being_made_counts_as_spent(priced: Rig) -> None:
    priced.start()
    first, second = priced.store.claim("rig", 60.0), priced.store.claim("rig", 60.0)
    assert first is not None
    assert second is not None
    assert priced.store.claim("rig", 60.0) is None
    assert windows(priced)["day"]["cost_chf"] == 0.0


@pytest.mark.parametrize("priced", [budget(day=2)], indirect=True)
def test_what_was_given_back_is_not_spent(priced: Rig) -> None:
    session_id = priced.start()["session_id"]
    for _ in range(3):
        claim = priced.store.claim("rig", 60.0)
        assert claim is not None
        assert priced.store.release(claim)
    priced.make_ready(2)
    assert priced.get(session_id)["status"] == "active"


@pytest.mark.parametrize("priced", [budget(day=2)], indirect=True)
def test_a_start_after_the_cap_is_answered_and_stopped(priced: Rig) -> None:
    priced.start()
    priced.make_ready(2)
    answer = priced.ask("POST", SESSIONS, {"goal": "focus", "target_minutes": 60})
    session = answer.json
    assert (answer.status, session["status"], session["ready_count"]) == (202, "stopped_cap", 0)
    assert (session["more_pending"], session["next_ready_at"]) == (False, None)
    priced.clock.step(86_400)
    assert priced.start()["status"] == "active"


@pytest.mark.parametrize("priced", [budget(day=1)], indirect=True)
def test_users_of_an_organization_share_its_cap(priced: Rig) -> None:
    priced.start()
    priced.make_ready()
    guest = priced.ask("POST", SESSIONS, {"goal": "focus", "target_minutes": 60}, key=GUEST_KEY)
    assert guest.json["status"] == "stopped_cap"
    assert priced.ask("GET", USAGE, key=GUEST_KEY).json["windows"][0]["limit_chf"] == 0.02


@pytest.mark.parametrize("priced", [budget(day=2)], indirect=True)
def test_a_segment_that_is_made_again_is_free(priced: Rig) -> None:
    session_id = priced.start(target_minutes=4)["session_id"]
    priced.make_ready(2)
    lost = priced.store.segment("org_local", session_id, 0)
    assert lost is not None
    priced.store.lose(lost)
    priced.make_ready()
    assert priced.get(session_id)["ready_count"] == 2
    assert windows(priced)["day"]["by_engine"] == [{"engine": "procedural", "track_count": 2, "cost_chf": 0.04}]


def test_a_claim_that_was_overtaken_is_not_charged(priced: Rig) -> None:
    priced.start()
    slow = priced.store.claim("slow", 1.0)
    priced.clock.step(2.0)
    quick = priced.store.claim("quick", 60.0)
    assert slow is not None
    assert quick is not None
    late = place(priced.objects, object_key(slow.session_id, 0, slow.attempt), 0)
    assert not priced.store.finish(slow, late)
    assert windows(priced)["day"]["by_engine"] == []
    assert priced.store.finish(quick, priced.place(quick))
    assert windows(priced)["day"]["cost_chf"] == 0.02


def test_free_segments_pass_no_cap(tmp_path: Path) -> None:
    rig = Rig(tmp_path, budget=Budget({}, dict.fromkeys(Window, 0)))
    session_id = rig.start(target_minutes=4)["session_id"]
    rig.make_ready(2)
    assert rig.get(session_id)["ready_count"] == 2
    rig.file.close()


@pytest.mark.parametrize(
    ("priced", "asked"),
    [(budget(), 0), (Budget({"procedural": PRICE}, {}, {"org_local": {}}), 0), (budget(day=9), 1)],
    indirect=["priced"],
)
def test_the_price_is_asked_only_where_there_is_a_cap(priced: Rig, asked: int) -> None:
    priced.start()
    said: list[str] = []
    priced.file._writer.set_trace_callback(said.append)
    assert priced.store.claim("rig", 60.0) is not None
    assert any("UPDATE segment" in sentence for sentence in said)
    assert sum("segment_microchf FROM session" in sentence for sentence in said) == asked


def test_prices_and_caps_come_from_the_settings() -> None:
    environment = {"FOCUS_PRICES": "procedural=0.02, musicgen=0.5", "FOCUS_CAP_DAY": "5", "FOCUS_CAP_MONTH": "0"}
    made = budget_of(Settings.load(file=None, environment=environment))
    assert made.prices_microchf == {"procedural": 20_000, "musicgen": 500_000}
    assert made.caps_microchf == {Window.DAY: 5_000_000, Window.MONTH: 0}
    assert budget_of(Settings.load(file=None, environment={})) == Budget({}, {})


@pytest.mark.parametrize(
    "variable", [("FOCUS_PRICES", "0.02"), ("FOCUS_PRICES", "x="), ("FOCUS_PRICES", "x=-1"), ("FOCUS_CAP_WEEK", "nan")]
)
def test_money_that_makes_no_sense_stops_the_program(variable: tuple[str, str]) -> None:
    with pytest.raises(BadSetting):
        Settings.load(file=None, environment=dict([variable]))


ORGANIZATIONS = """
cap_day = 1
cap_month = 30
[organizations.org_team]
cap_day = 5
rate_limit = 600
[organizations.org_free]
cap_day = ""
cap_month = ""
[organizations.org_quick]
rate_limit = 0
"""


def test_an_organization_can_have_caps_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "team.toml"
    file.write_text(ORGANIZATIONS, encoding="utf-8")
    made = budget_of(Settings.load(file=file, environment={}))
    assert made.caps("org_other") == made.caps("org_quick") == {Window.DAY: 1_000_000, Window.MONTH: 30_000_000}
    assert made.caps("org_team") == {Window.DAY: 5_000_000, Window.MONTH: 30_000_000}
    assert made.caps("org_free") == {}


@pytest.mark.parametrize(
    "priced",
    [Budget({"procedural": PRICE}, {Window.DAY: PRICE}, {"org_local": {Window.DAY: 2 * PRICE}})],
    indirect=True,
)
def test_a_cap_of_its_own_stops_an_organization_and_no_other(priced: Rig) -> None:
    key = priced.ask("POST", "/v1/engine/keys", {"organization_id": "org_other"}).json["key"]
    other = "/v1/music/org_other/focus/sessions"
    assert priced.ask("POST", other, {"goal": "focus", "target_minutes": 60}, key=key).json["status"] == "active"
    session_id = priced.start()["session_id"]
    claimed = [priced.store.claim("rig", 60.0) for _ in range(6)]
    assert sum(claim is not None and claim.session_id == session_id for claim in claimed) == 2
    assert sum(claim is not None for claim in claimed) == 3
    assert priced.get(session_id)["status"] == "stopped_cap"
    assert windows(priced)["day"]["limit_chf"] == 0.04
    usage = priced.ask("GET", "/v1/music/org_other/usage", key=key).json
    assert usage["windows"][0]["limit_chf"] == 0.02


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("organizations = 5", "is no table"), ("[organizations]\nx = 1", r"\[organizations.x\] is no table"),
        ("[organizations.x]\ncap_year = 1", "cap_year is no word of it"),
        ("[organizations.x]\ncap_day = -1", "cap_day = -1: must be an amount"),
        ("[organizations.x]\ncap_day = nan", "cap_day = nan: must be"),
        ("[organizations.x]\nrate_limit = 1.5", "rate_limit = 1.5: must be a whole number"),
        ("[organizations.x]\nrate_limit = true", "rate_limit = True: must be a whole number"),
    ],
)  # fmt: skip
def test_an_allotment_that_makes_no_sense_stops_the_program(tmp_path: Path, written: str, complaint: str) -> None:
    file = tmp_path / "team.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(BadSetting, match=complaint):
        Settings.load(file=file, environment={})
