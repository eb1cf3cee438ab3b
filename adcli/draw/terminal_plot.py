"""Plot a curve and its derivative as text, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from adcli.draw.curve import Curve, is_one_scale, limits
from adcli.errors import missing_extra
from adcli.ops.operands import Array

AXIS = 12  # columns beside a panel, for the frame and the numbers of the vertical axis
HEIGHT = 17  # lines of a panel
COLOURS = ["blue", "red"]
ASCII = str.maketrans("─│┌┐└┘…█", "-|++++.#")  # the signs of uniplot and of this module


def plot_text(
    curve: Curve, *, name: str, title: str, labels: Sequence[str], width: int, colour: bool, ascii_only: bool = False
) -> str:
    """Return a plot of the value and the derivative as lines of text.

    Both have a panel of their own if they differ much in height, and without colours, which would tell them apart.

    Args:
        curve: the points.
        name: of the variable.
        title: above the plot.
        labels: of the value and of the derivative.
        width: of the terminal, in columns.
        colour: draw the lines in colours.
        ascii_only: draw with the signs that every terminal has.

    Raises:
        RequestError: uniplot is not installed.
    """
    try:
        from uniplot import plot_to_string
    except ImportError:
        raise missing_extra("a plot in a terminal needs uniplot", "plot") from None
    lines = list(zip((curve.values, curve.slopes), labels, COLOURS, strict=True))
    panels = [lines] if colour and is_one_scale(curve) else [[line] for line in lines]
    texts = [title if len(title) <= width else title[: width - 1] + "…"]
    for panel in panels:
        ys: list[Array] = [y for y, _, _ in panel]
        low, high = limits(ys, bool(curve.breaks))
        reach = high - low  # uniplot fills in lines outside of the panel too, in time that grows with their length
        ys = [y.clip(low - reach, high + reach) for y in ys]
        texts.append(
            plot_to_string(
                xs=[curve.x] * len(panel),
                ys=ys,
                lines=True,
                legend_labels=[label for _, label, _ in panel],
                color=[shade for _, _, shade in panel] if colour else False,
                character_set="ascii" if ascii_only else "braille",
                width=max(width - AXIS, 20),
                height=HEIGHT // len(panels) + len(panels) - 1,
                x_min=float(curve.x[0]),
                x_max=float(curve.x[-1]),
                y_min=low,
                y_max=high,
            )
        )
    texts.append("\n".join([f"horizontal: {name}", *_remarks(curve, name)]))
    text = "\n".join(texts) + "\n"
    return text.translate(ASCII) if ascii_only else text


def _remarks(curve: Curve, name: str) -> list[str]:
    """Return a line for the breaks, the gaps and the kinks, which the curves alone do not show."""
    gaps = [f"{low:.6g} to {high:.6g}" for low, high in curve.gaps]
    places = {
        "poles and jumps": [f"{place:.6g}" for place in curve.breaks],
        "kinks": [f"{place:.6g}" for place, _ in curve.kinks],
        "no value": gaps,
    }
    return [
        f"{what}: {name} = {', '.join(texts[:8])}{', …' if len(texts) > 8 else ''}"
        for what, texts in places.items()
        if texts
    ]
