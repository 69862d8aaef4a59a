"""The default generator: the music room behind the contract."""

from typing import TYPE_CHECKING

from focuscli.generator import Description, Licence

if TYPE_CHECKING:
    from focuscli.generator import Samples
    from focuscli.music.timeline import Piece, Span


class Procedural:
    """Composes and renders; see `Continuous`."""

    description = Description(
        key="procedural",
        display_name="Procedural",
        sentence="Composes and renders instrumental music on this machine, without a model or a network.",
        licence=Licence.COMMERCIAL_CLEARED,  # made from numbers alone: no sample, recording or model of anybody's
    )

    def render_span(self, piece: "Piece", span: "Span") -> "Samples":
        """Of the music room."""
        from focuscli.music.render import render_span

        return render_span(piece, span)
