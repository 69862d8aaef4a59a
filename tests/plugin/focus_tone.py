"""A plug-in as small as can be: a tone for each goal, as a pure function of the session's time."""

import math

from focuscli.generator import Description, Licence

HERTZ = {"focus": 220.0, "relax": 165.0, "sleep": 110.0, "energize": 330.0, "custom_prompt": 262.0}
FADE_S = 2.0


class Tone:
    """See `focuscli.generator.Continuous`."""

    description = Description(
        key="tone",
        display_name="Tone",
        sentence="One sine, for ever.",
        licence=Licence.COMMERCIAL_CLEARED,
        max_duration_s=3600,
    )

    def render_span(self, piece, span):
        """Heavy imports belong here: the engine's own process asks for the description alone."""
        import numpy as np

        from focuscli.music.timeline import planned_level

        t = np.arange(span.start, span.stop) / 48_000
        level_db = (
            -11.0 + np.array([planned_level(piece, float(second)) for second in t[::4800]]).repeat(4800)[: len(t)]
        )
        edges = np.clip(np.minimum(t, piece.duration_s - t) / FADE_S, 0.0, 1.0)
        wave = np.sin(2.0 * math.pi * HERTZ[piece.goal] * t) * edges * 10.0 ** (level_db / 20.0)
        return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)
