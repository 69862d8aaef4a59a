"""A line for a status bar: fields, helpers, groups that are left out, and presets."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from focuscli.commands.formatting import FIELDS, HELPERS, filled
from focuscli.commands.glance import glance
from focuscli.commands.presets import PRESETS
from focuscli.commands.standing import fields_of
from focuscli.errors import ExitCode
from focuscli.paths import Paths
from focuscli.playback.doorway import Doorway
from tests.commands.conftest import Focus
from tests.fakes.engine import FakeEngine

PLAYED = {"goal": "sleep", "left": 4330, "ends": "07:00", "ready": "4", "total": "45", "minutes": "90", "percent": 20}


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("{goal}", "sleep"),
        ("{left}", "4330"),
        ("{left|duration}", "1:12:10"),
        ("{left|minutes} min", "73 min"),
        ("{percent|pad:4}|{goal|upper}", "  20|SLEEP"),
        ("{goal|trunc:4}", "s..."),
        ("{goal|trunc:2}", ".."),
        ("{goal|trunc:5}", "sleep"),
        ("{device|default:no device}", "no device"),
        ("{goal|default:none|upper}", "SLEEP"),
        ("{device|duration|default:-}", "-"),
        ("{goal}[ on {device}][ until {ends}]", "sleep until 07:00"),
        ("[always]", "always"),
        ("{{{goal}}} [[{ends}]]", "{sleep} [07:00]"),
        ("", ""),
    ],
)
def test_a_form_is_filled_in(form: str, line: str) -> None:
    assert filled(form, PLAYED) == line


@pytest.mark.parametrize(
    "form",
    ["{nope}", "{goal", "goal}", "[{goal}", "{goal}]", "[a[b]]]", "{goal|shout}", "{goal|trunc}", "{goal|pad:x}"],
)
def test_what_is_wrong_with_a_form_is_said_even_where_nothing_is_known(form: str) -> None:
    with pytest.raises(ValueError, match=r"no field|no helper|alone|closed|number"):
        filled(form, {})


def test_what_is_escaped_cannot_leave_its_place() -> None:
    harm = {"goal": "<b>&\"'</b> #(reboot)"}
    assert filled("{goal|markup_escape}", harm) == "&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt; #(reboot)"
    assert filled("{goal|tmux_escape}", harm) == "<b>&\"'</b> ##(reboot)"
    assert "<b>" not in PRESETS["waybar"](PLAYED | harm)
    assert PRESETS["tmux"](PLAYED | harm).count("##(") == 1


def test_every_helper_says_what_it_does() -> None:
    assert all(helper.__doc__ for helper in HELPERS.values())


@pytest.fixture
def player(focus: Focus, fake: FakeEngine, paths: Paths) -> Any:
    """A player's doorway, for a session of 90 minutes of which 30 have been played."""
    session_id = focus("start", "--goal", "sleep", "--minutes", "90", "-q").out.strip()
    fake.make_ready(session_id, 20)
    state = {"session_id": session_id, "paused": False, "segment_index": 14, "position_s": 1800.0, "device": "Speakers"}
    with Doorway(
        paths.player_address, lambda _: None, state | {"volume": 60, "muted": False, "sleeps_in_s": None}
    ) as door:
        yield door


@pytest.mark.parametrize("through", ["glance", "run"])
def test_the_player_tells_what_the_engine_cannot_know(player: Doorway, focus: Focus, through: str) -> None:
    how: dict[str, Callable[..., Any]] = {"through": glance} if through == "glance" else {}
    form = "{state} {segment} {left|duration} {ahead|minutes} {percent} {volume} {device}"
    assert focus("status", "--format", form, **how).out == "playing 15 1:00:00 11 33 60 Speakers\n"
    assert "playing: segment 15, 1:00:00 left, ends at " in focus("status", **how).out
    player.told(paused=True)
    assert focus("status", f"--format={form}", **how).out.startswith("paused 15")
    assert "ends at" not in focus("status", **how).out


def test_a_player_of_another_session_says_nothing_of_this_one() -> None:
    fields = fields_of({"session_id": "a", "target_minutes": 1}, {"session_id": "b", "paused": False})
    assert "state" not in fields
    assert set(fields) <= set(FIELDS)


def test_the_presets_are_what_their_bars_read(player: Doorway, focus: Focus) -> None:
    waybar = json.loads(focus("status", "--format", "waybar").out)
    assert set(waybar) == {"text", "alt", "tooltip", "class", "percentage"}
    assert (waybar["text"], waybar["alt"], waybar["percentage"]) == ("sleep 1:00:00", "playing", 33)
    assert waybar["class"] == ["sleep", "playing"]
    assert "20 of 45 segments ready" in waybar["tooltip"]
    blocks = json.loads(focus("status", "--format", "i3blocks").out)
    assert blocks == {"full_text": "sleep 1:00:00 left, 20/45 ready", "short_text": "sleep 1:00:00"}
    assert focus("status", "--format", "tmux").out == "sleep 1:00:00 11m ahead\n"


def test_before_anything_plays_the_presets_say_how_much_is_ready(focus: Focus, fake: FakeEngine) -> None:
    fake.make_ready(focus("start", "-q").out.strip(), 3)
    waybar = json.loads(focus("status", "--format", "waybar").out)
    assert (waybar["text"], waybar["alt"], waybar["percentage"]) == ("focus", "waiting", 10)
    assert focus("status", "--format", "tmux").out == "focus 3/30 ready\n"


@pytest.mark.parametrize("preset", PRESETS)
def test_a_bar_shows_nothing_while_nothing_runs(focus: Focus, preset: str) -> None:
    for through in (glance, None):
        done = focus("status", "--format", preset, **({"through": through} if through else {}))
        assert (done.code, done.out, done.err) == (ExitCode.NOTHING_RUNNING, "\n", "")
