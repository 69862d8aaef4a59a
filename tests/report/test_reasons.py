"""What changed is told where it can be heard, and laid to the arc only where the arc asks for it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from focuscli.model import Goal
from focuscli.music.arc import moment
from focuscli.music.stages import stages
from focuscli.report.figures import Heard, Portrait
from focuscli.report.reasons import explained

HOUR = 3600.0


def at(starts_s: float, **figures: float) -> Portrait:
    heard = Heard(0, starts_s, starts_s + 120.0, 0.0, -2.0, -20.0)
    plain = Portrait(heard, -20.0, 500.0, 2.0, np.eye(12)[0])
    return replace(plain, **figures)  # type: ignore[arg-type]


def told(before: Portrait, after: Portrait, goal: Goal = Goal.SLEEP) -> tuple[str | None, str | None]:
    last = explained([before, after], stages(goal, HOUR), goal, HOUR)[1]
    return last.change, last.reason


def test_what_cannot_be_heard_is_no_change() -> None:
    change, reason = told(at(0.0), at(120.0, loudness_lufs=-20.5, brightness_hz=520.0))
    assert (change, reason) == ("much as before", None)


def test_what_the_arc_asks_for_is_laid_to_it() -> None:
    change, reason = told(at(600.0), at(1000.0, brightness_hz=350.0, onsets_per_s=1.5))
    assert change == "darker by 30%, sparser by 25%"
    assert reason is not None
    assert reason.startswith("the arc, settling, asks for less brightness")
    assert "less density" in reason


def test_what_goes_against_the_arc_is_the_pieces_own() -> None:
    change, reason = told(at(600.0), at(1000.0, brightness_hz=800.0))
    assert change == "brighter by 60%"
    assert reason == "the piece's own variation: the arc, settling, asks for none of it"


def test_other_notes_and_loudness_are_told() -> None:
    change, reason = told(at(3000.0), at(3300.0, loudness_lufs=-26.0, notes=np.eye(12)[7]))
    assert change == "quieter by 6.0 LU, other notes (C to G)"
    assert reason is not None
    assert "less level" in reason
    assert reason.endswith("and the rest is the piece's own variation")


def test_nothing_is_claimed_of_a_strangers_plan() -> None:
    last = explained([at(0.0), at(120.0, onsets_per_s=4.0)], (), Goal.CUSTOM_PROMPT, HOUR)[1]
    assert (last.stage, last.change, last.reason) == (None, "denser by 100%", "nothing is known of its plan")


@pytest.mark.parametrize("goal", [Goal.FOCUS, Goal.RELAX, Goal.SLEEP, Goal.ENERGIZE])
@pytest.mark.parametrize("duration_s", [300.0, HOUR, 8 * HOUR])
def test_stages_follow_one_another_from_the_first_second_to_the_last(goal: Goal, duration_s: float) -> None:
    found = stages(goal, duration_s)
    assert (found[0].starts_s, found[-1].ends_s) == (0.0, duration_s)
    assert all(one.ends_s == other.starts_s for one, other in pairwise(found))
    assert all(stage.ends_s > stage.starts_s for stage in found)


def test_the_arc_does_what_its_stages_say() -> None:
    arriving, working, leaving = stages(Goal.FOCUS, HOUR)
    assert moment(Goal.FOCUS, arriving.ends_s, HOUR).density == pytest.approx(1.0)
    assert moment(Goal.FOCUS, arriving.ends_s - 10.0, HOUR).density < 1.0
    assert moment(Goal.FOCUS, working.ends_s, HOUR).brightness == pytest.approx(1.0)
    assert moment(Goal.FOCUS, (leaving.starts_s + leaving.ends_s) / 2, HOUR).brightness < 0.95
    fading = stages(Goal.SLEEP, HOUR)[-1]
    assert moment(Goal.SLEEP, fading.starts_s + 60.0, HOUR).level < moment(Goal.SLEEP, fading.starts_s, HOUR).level
    cooling = stages(Goal.ENERGIZE, HOUR)[-1]
    assert moment(Goal.ENERGIZE, cooling.starts_s + 60.0, HOUR).density < 1.0


def test_a_prompt_has_an_arc_of_its_own() -> None:
    assert stages(Goal.CUSTOM_PROMPT, HOUR) == ()
