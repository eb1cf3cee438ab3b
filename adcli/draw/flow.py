"""How much of a derivative goes along each arrow: the numbers, and the widths and colours that show them.

What a use adds to an adjoint is the adjoint of the user times the local derivative. Its unit is that of the result over
that of the argument, so two arrows compare only if they leave the same box. Multiplied by the size of the argument, it
is the change of the result if the argument grows by 100 %, as far as the slope holds. All arrows compare then.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite, isinf, isnan, sqrt
from typing import NamedTuple

from adcli.draw.picture import Edge, Flow, Measure
from adcli.ops.operands import Operand, shape_of

THINNEST, THICKEST = 0.8, 6.0  # points, of an arrow without flow and of the largest flow
PALEST = 0.4  # the part of its colour that the smallest flow has


class Palette(NamedTuple):
    """The colours of arrows. In grey, a rise and a fall differ in lightness."""

    neutral: str
    rise: str
    fall: str
    undefined: str


LIGHT = Palette("#a3a9b1", "#124a8f", "#e07b00", "#a0307c")
DARK = Palette("#6d747f", "#a3d5ff", "#d96f0a", "#e58acb")


def flow_of(term: Operand, value: Operand, measure: Measure) -> Flow:
    """Return the flow of one use.

    Args:
        term: what it adds to the adjoint of the argument, of the shape of the argument.
        value: of the argument.
        measure: `absolute` is the term, `relative` is the term times the size of the value. An infinite term stays so.

    >>> flow_of(-2.0, -3.0, "relative"), flow_of(-2.0, -3.0, "absolute")
    (Flow(size=6.0, net=-6.0), Flow(size=2.0, net=-2.0))
    """
    if not shape_of(term):
        part = float(term)
        if measure == "relative" and part and not isinf(part):
            part *= abs(float(value))
        return Flow(abs(part), part)
    import numpy as np

    with np.errstate(all="ignore"):
        is_kept = (term == 0) | np.isinf(term) | (measure == "absolute")
        parts = np.where(is_kept, term, term * np.abs(value))
        return Flow(float(np.abs(parts).sum()), float(parts.sum()))


def largest(edges: Iterable[Edge]) -> float:
    """Return the largest finite flow, 0 if there is none.

    >>> largest([Edge(0, 1, flow=Flow(2.0, -2.0)), Edge(0, 2)])
    2.0
    """
    return max((edge.flow.size for edge in edges if edge.flow is not None and isfinite(edge.flow.size)), default=0.0)


def width_of(flow: Flow, most: float) -> float:
    """Return the width of an arrow in points. It grows in proportion to the flow.

    >>> width_of(Flow(0.0, 0.0), 5.0), width_of(Flow(5.0, -5.0), 5.0)
    (0.8, 6.0)
    """
    if isnan(flow.size):
        return 2 * THINNEST
    share = min(flow.size / most, 1.0) if most else float(flow.size > 0)
    return round(THINNEST + (THICKEST - THINNEST) * share, 2)


def colour_of(flow: Flow, most: float, dark: bool) -> str:
    """Return the colour of an arrow: towards blue for a rise and towards orange for a fall, grey without flow.

    >>> colour_of(Flow(0.0, 0.0), 5.0, False) == LIGHT.neutral, colour_of(Flow(5.0, -5.0), 5.0, False) == LIGHT.fall
    (True, True)
    """
    palette = DARK if dark else LIGHT
    if isnan(flow.size) or isnan(flow.net):
        return palette.undefined
    if not flow.net:
        return palette.neutral
    share = min(flow.size / most, 1.0) if most else 1.0
    one_sided = abs(flow.net) / flow.size if isfinite(flow.size) else 1.0
    depth = one_sided * (PALEST + (1 - PALEST) * sqrt(share))
    return mix(palette.neutral, palette.rise if flow.net > 0 else palette.fall, depth)


def mix(ground: str, colour: str, depth: float) -> str:
    """Return a colour between two.

    >>> mix("#000000", "#ff8000", 0.5)
    '#804000'
    """
    pairs = [(int(ground[i : i + 2], 16), int(colour[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(low + (high - low) * depth):02x}" for low, high in pairs)
