"""The music generators that this engine offers: one, its own."""

import msgspec

from focuscli.engine.wire import EngineBody
from focuscli.model import MAX_TARGET_MINUTES

GENERATORS = (
    EngineBody(
        engine_key="procedural",
        display_name="Procedural",
        description="Composes and renders instrumental music on this machine, without a model or a network.",
        max_duration_seconds=MAX_TARGET_MINUTES * 60,
        supports_vocals=False,
        supports_lyrics=False,
        supports_stems=False,
        supported_languages=[],
        licence_class="commercial_cleared",  # made from numbers alone: no sample, recording or model of anybody's
        commercial_use=True,
        requires_attribution=False,
        default=True,
    ),
)

ENGINE_KEYS = tuple(generator.engine_key for generator in GENERATORS)
"""The default one first."""


def generator(engine_key: str) -> EngineBody:
    """The generator of this key; one that is no longer offered is vouched for by nobody."""
    for offered in GENERATORS:
        if offered.engine_key == engine_key:
            return offered
    return msgspec.structs.replace(GENERATORS[0], engine_key=engine_key, licence_class="unclear", default=False)
