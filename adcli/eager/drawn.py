"""The pictures of Values, and what other functions that draw such graphs read of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ops import Op
from ..ops.operands import Numeric, Operand, Shape

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from ..draw.picture import Picture
    from ..draw.show import Drawing


class DrawnValue:
    """The part of `Value` that draws. It has the attributes of micrograd's Value that a copy of `draw_dot` reads."""

    __slots__ = ()

    if TYPE_CHECKING:
        value: Numeric
        grad: Numeric
        op: Op | None
        inputs: tuple[Operand, ...]
        label: str | None
        number: int
        shape: Shape

        @property
        def prev(self) -> tuple[Self, ...]:
            """The Values from which it was computed."""

        def order(self) -> list[Self]:
            """Return the nodes from which this was computed, in order of evaluation."""

    def picture(self, title: str | None = None) -> Picture:
        """Return a description of the graph to draw: values and, after `backward`, adjoints."""
        from .node_picture import picture_of_nodes

        return picture_of_nodes([*self.order(), self], title)

    def visualize(self, name: str | None = None) -> Drawing | Path:
        """Draw the graph into a file, or as a picture that a notebook shows.

        Args:
            name: a file. Its suffix is the format (svg, png, pdf, dot) [default: .svg].

        Returns:
            The path of the file, or the picture.
        """
        from .node_picture import visualize

        return visualize([*self.order(), self], name)

    def _repr_svg_(self) -> str | None:
        """Return the graph of a result. A leaf, and the result of a long computation, are shown as text."""
        from ..draw.show import svg_of_small

        return None if self.op is None else svg_of_small(self.picture, len(self.order()) + 1)

    def _repr_html_(self) -> str | None:
        """Return the same graph as a part of a page, which shrinks to the width of the cell."""
        from ..draw.show import inline_svg

        svg = self._repr_svg_()
        return None if svg is None else inline_svg(svg)

    @property
    def _prev(self) -> set[Self]:
        return {x for x in self.prev if x.value.__class__ is not bool}  # a condition has no gradient

    @property
    def _op(self) -> str:
        return "" if self.op is None else str(self.op)
