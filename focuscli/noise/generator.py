"""The generator of noise: the noise room behind the contract."""

from typing import TYPE_CHECKING

from focuscli.generator import Description, Licence

if TYPE_CHECKING:
    from focuscli.generator import Samples
    from focuscli.music.timeline import Piece, Span


class Noise:
    """Coloured noise and weather; see `Continuous`."""

    description = Description(
        key="noise",
        display_name="Noise",
        sentence="White, pink and brown noise, rain, sea, wind, a stream, a fire: made on this machine, never looped.",
        licence=Licence.COMMERCIAL_CLEARED,  # made from numbers alone: no recording is in it
    )

    def render_span(self, piece: "Piece", span: "Span") -> "Samples":
        """Of the noise room."""
        from focuscli.noise.render import render_span

        return render_span(piece, span)
