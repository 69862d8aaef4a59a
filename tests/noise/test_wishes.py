"""Which sounds a prompt names, in four languages."""

import pytest

from focuscli.model import Goal, Intensity
from focuscli.music.timeline import Piece
from focuscli.noise.wishes import MOST_SOUNDS, sounds_of


def named(prompt: str) -> tuple[str, ...]:
    return sounds_of(Piece(Goal.CUSTOM_PROMPT, Intensity.MEDIUM, 0.0, 1, 600, prompt))


@pytest.mark.parametrize(
    ("prompt", "sounds"),
    [
        ("rain on a tin roof", ("tin",)),
        ("Regen auf einem Blechdach", ("tin",)),
        ("gentle rain at night", ("rain",)),
        ("ozean", ("sea",)),
        ("bruit blanc", ("white",)),
        ("weisses Rauschen", ("white",)),
        ("pink noise", ("pink",)),
        ("brown noise", ("brown",)),
        ("ruido marrón", ("brown",)),
        ("viento", ("wind",)),
        ("feu de camp", ("fire",)),
        ("Lagerfeuer am Meer", ("fire", "sea")),
        ("rain and wind, no sea", ("rain", "wind")),
        ("a fan", ("air",)),
        ("río", ("stream",)),
        ("thunderstorm", ("rain", "wind")),
        ("slow piano", ()),
    ],
)
def test_a_prompt_names_its_sounds(prompt: str, sounds: tuple[str, ...]) -> None:
    assert named(prompt) == sounds


def test_no_more_than_three_are_mixed() -> None:
    assert len(named("rain, wind, sea, river, fire, white noise")) == MOST_SOUNDS
