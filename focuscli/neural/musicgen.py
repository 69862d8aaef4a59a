"""MusicGen as a generator: a model of half a minute plays a whole session, anchored anew for every segment.

Left to itself such a model drifts: after some windows it has forgotten what was asked for. So every window hears the
prompt's words again, and the last seconds of the piece as an audio prompt. A segment begins with the very end of the
one before, so that the player finds the same sound on both sides of the seam.

The weights are a folder on this machine (`musicgen_weights`), in the form of Hugging Face's `save_pretrained`; nothing
is ever downloaded.
"""

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from focuscli.generator import Description, Licence, Unavailable
from focuscli.model import Goal, Intensity
from focuscli.paths import Paths
from focuscli.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from focuscli.generator import Samples
    from focuscli.music.timeline import Piece

HEARD_S = 6.0
"""How much of the piece a window is prompted with."""
_PEAK = 0.9
_NEEDED = ("torch", "transformers", "sentencepiece")


class Model(Protocol):
    """A model that goes on from words and sound. One thread at a time; slow."""

    rate: int
    """Frames a second of what it hears and makes."""
    longest_s: float
    """What it heard and what it makes are no longer than this together."""

    def go_on(
        self, words: str, heard: "NDArray[np.float32] | None", seconds: float, seed: int
    ) -> "NDArray[np.float32]":
        """New sound after `heard`, mono, shape (frames,), about so many seconds and not without any.

        `heard` is mono as well, at `rate`; None at the beginning. The same arguments give the same sound again.
        """


class MusicGen:
    """Segments from a model; see `BySegment`."""

    remembers_s = HEARD_S

    def __init__(self, weights: Path, model: Model | None = None) -> None:
        """`model` stands for the one in the folder of weights, which otherwise is loaded with the first segment."""
        self.description = _description(licence_of(weights))
        self._weights, self._model = weights, model

    def render_segment(self, piece: "Piece", index: int, before: "Samples | None") -> "Samples":
        """What was heard last, for the overlap, and what the model makes of it."""
        import numpy as np

        from focuscli.music.timeline import OVERLAP_S, spans
        from focuscli.units import SAMPLE_RATE

        model = self._loaded()
        wanted = spans(piece)[index].frames
        shared = None if before is None else before[-round(OVERLAP_S * SAMPLE_RATE) :]
        missing_s = (wanted - (0 if shared is None else len(shared))) / SAMPLE_RATE
        heard = None if before is None else resampled(before.mean(axis=1), SAMPLE_RATE, model.rate)
        made = resampled(_windows(model, piece, index, heard, missing_s), model.rate, SAMPLE_RATE)
        sound = np.repeat(made[:, None], 2, axis=1)
        whole = (sound if shared is None else np.concatenate([shared, sound]))[:wanted]
        highest = float(np.abs(whole).max(initial=0.0))
        return whole if highest <= _PEAK else whole * np.float32(_PEAK / highest)

    def _loaded(self) -> Model:
        if self._model is None:
            from focuscli.neural.transformers_model import TransformersModel

            self._model = TransformersModel(self._weights)
        return self._model


def _windows(
    model: Model, piece: "Piece", index: int, heard: "NDArray[np.float32] | None", seconds: float
) -> "NDArray[np.float32]":
    """So many seconds, one window after the other, each prompted with the end of what there is."""
    import numpy as np

    from focuscli.music.randomness import mix

    frames, prompt = round(seconds * model.rate), words_of(piece)
    made = np.zeros(0, np.float32)
    before = np.zeros(0, np.float32) if heard is None else heard
    while len(made) < frames:
        so_far = np.concatenate([before, made])[-round(HEARD_S * model.rate) :]
        ahead_s = min((frames - len(made)) / model.rate, model.longest_s - len(so_far) / model.rate)
        seed = mix(piece.seed, "musicgen", index, len(made)) & 0x7FFFFFFF
        new = model.go_on(prompt, so_far if len(so_far) else None, ahead_s, seed)
        if not len(new):
            raise ValueError("the model made no sound")
        made = np.concatenate([made, new])
    return made[:frames]


_OF_GOAL = {
    Goal.FOCUS: "calm instrumental electronic music for concentration, soft keys, steady quiet beat",
    Goal.RELAX: "relaxing instrumental music, felt piano, harp, warm pads, slow",
    Goal.SLEEP: "very slow dark ambient drone, soft pads, no drums, no melody",
    Goal.ENERGIZE: "energetic instrumental electronic music, driving bass, arpeggios, drums",
}
_OF_INTENSITY = {
    Intensity.LOW: "sparse and gentle",
    Intensity.MEDIUM: "balanced",
    Intensity.HIGH: "dense and bright",
}


def words_of(piece: "Piece") -> str:
    """What the model is asked for: the prompt as it was written, or the goal in words; never voices."""
    asked = piece.prompt if piece.goal is Goal.CUSTOM_PROMPT else _OF_GOAL[piece.goal]
    return f"{asked}, {_OF_INTENSITY[piece.intensity]}, instrumental"


def resampled(sound: "NDArray[np.float32]", have: int, want: int) -> "NDArray[np.float32]":
    """Mono sound at another rate."""
    import numpy as np
    import soxr  # type: ignore[import-untyped]

    return np.asarray(soxr.resample(sound, have, want, quality="HQ"), np.float32)


def make() -> MusicGen:
    """With the weights that the settings name; raises Unavailable where they, or the libraries, are missing."""
    paths = Paths.find(os.environ)
    named = Settings.load(file=paths.config_file, environment=os.environ)["musicgen_weights"]
    if not named:
        raise Unavailable("no weights are set; name their folder: FOCUS_MUSICGEN_WEIGHTS=FOLDER")
    if not (Path(named) / "config.json").is_file():
        raise Unavailable(f"there are no weights in {named} (no config.json)")
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise Unavailable(f"{', '.join(missing)} cannot be imported; install focus-sessions[musicgen]")
    return MusicGen(Path(named))


def licence_of(weights: Path) -> Licence:
    """What the model card in the folder says, as far as it says it: MusicGen's own is CC-BY-NC."""
    card = weights / "README.md"
    text = card.read_text(encoding="utf-8", errors="replace")[:4096] if card.is_file() else ""
    lines = [line.partition(":")[2].strip().lower() for line in text.splitlines() if line.startswith("license:")]
    return Licence.PERSONAL_ONLY if lines and lines[0].startswith("cc-by-nc") else Licence.UNCLEAR


def _description(licence: Licence) -> Description:
    return Description(
        key="musicgen",
        display_name="MusicGen",
        sentence="A neural model on this machine, anchored on the prompt and on its own last seconds in every window.",
        licence=licence,
        requires_attribution=True,
    )
