"""The live view draws only what has changed, which is what keeps it cheap."""

from datetime import timedelta

from focuscli.bench import view
from focuscli.events import Played


def test_every_changed_frame_is_drawn_and_the_cost_is_a_share_of_a_core() -> None:
    share, frames = view.cost(minutes=0.1, columns=80)
    assert share > 0.0
    assert 20 <= frames <= 26  # 24 are asked for; where the meter stands still, none is drawn


def test_equal_frames_are_not_drawn() -> None:
    face = view.listening_face(80)
    still = [Played(1.0, 0, (-20.0, -20.0), 8.0)]
    for number in range(40):
        face.show(still, view.BEGAN + timedelta(milliseconds=number), visible=True)
    assert face.frames <= 3
