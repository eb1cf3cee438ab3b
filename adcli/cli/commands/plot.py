"""`adcli plot`: an expression and its derivative over one variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..declarations import PICTURES, expression_command
from ..options import WholeNumber, dark_option, option, output_options, value_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...draw.curve import Curve
    from ...formula.function import Function
    from ...ops.operands import Array
    from ..words import ParsedWords


@expression_command(PICTURES)
@option(
    "--points", type=WholeNumber(10, 100_000), default=1201, show_default=True, metavar="N",
    help="Number of points on the curve.",
)  # fmt: skip
@dark_option
@value_option
@output_options(lambda: ("svg", "png", "pdf", "text"), "svg", in_terminal="text")
def command(ctx: click.Context, output: str | None, output_format: str, points: int, dark: bool) -> int:
    """Plot an expression and its derivative over one variable.

    \b
    Examples:
      adcli plot "sin(x)/x" --x -10:10
      adcli plot "sin(x)/x" --x -10:10 -o plot.svg
      adcli plot "a*abs(x - 1)" --a 2 --x -3:3 -o plot.png
      adcli plot "tan(t)" --t 0:2*pi --dark -o plot.pdf

    One variable has a range, START:STOP, and each other one a number. The line breaks at poles and jumps, and kinks are
    marked. Without -o the plot is drawn in the terminal. This command needs the extra plot: pip install "adcli[plot]".
    """
    from ...draw.curve import plot_curve, sample_curve
    from ...errors import RequestError
    from ...formula.function import Function
    from ...formula.labels import derivative_label, result_names
    from ..inputs import read_numeric
    from ..output import write

    function = Function(read_numeric(ctx.obj, "plot").formula)
    name, start, stop, fixed = _read_ranges(ctx.obj, function)

    def evaluate(xs: Array) -> tuple[Array, Array]:
        values, slopes = function.batch({**fixed, name: xs})
        return values, slopes[name]

    curve = sample_curve(evaluate, start, stop, points)
    if not (curve.values == curve.values).any():
        raise RequestError(f"the expression has no finite value for {name} from {start:g} to {stop:g}")
    [label] = result_names(function.formula)
    labels = [label, derivative_label([name], label)]
    title = function.formula.text
    if output_format == "text":
        text = _draw_text(curve, name, title, labels, output)
        write(text, output)
    else:
        write(plot_curve(curve, name=name, title=title, format=output_format, labels=labels, dark=dark), output)
    return 0


def _draw_text(curve: Curve, name: str, title: str, labels: Sequence[str], output: str | None) -> str:
    """Return the plot as text. A terminal gets colours and its own width."""
    import os
    import shutil

    from ...draw.terminal_plot import plot_text
    from ..output import is_terminal

    shown = is_terminal(output)
    colour = shown and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    ascii_only = shown and _has_only_ascii()
    width = min(shutil.get_terminal_size().columns, 120) if shown else 80
    return plot_text(curve, name=name, title=title, labels=labels, width=width, colour=colour, ascii_only=ascii_only)


def _has_only_ascii() -> bool:
    """Return whether the encoding of standard output lacks the signs of plots."""
    import sys

    try:
        "⣿│…".encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _read_ranges(words: ParsedWords, function: Function) -> tuple[str, float, float, dict[str, float]]:
    """Return the variable with a range, its two ends, and the values of the others."""
    from ...errors import RequestError, join_names, short
    from ..inputs import no_value, read_number, read_texts
    from ..ranges import split_outside

    texts = read_texts(words, function)
    ranges = {name: ends for name, text in texts.items() if len(ends := split_outside(text, ":")) > 1}
    if len(ranges) != 1:
        problem = f"{join_names(list(ranges))} have ranges" if ranges else "no variable has a range"
        raise RequestError(problem, hint="give one variable START:STOP, as in --x -3:3, and each other one number")
    [(name, ends)] = ranges.items()
    if len(ends) != 2:
        hint = "give the number of points with --points"
        raise RequestError(f"{short(name)}={short(texts[name])}: a range is START:STOP", hint=hint)
    missing = [other for other in function.variables if other not in texts]
    if missing:
        raise no_value(missing, function)
    start, stop = (read_number(name, end, function) for end in ends)
    if not (start < stop and stop - start < float("inf")):
        problem = f"{short(name)}={short(texts[name])}: START must be below STOP, and both finite"
        raise RequestError(problem, hint="write a range as -3:3")
    fixed = {other: read_number(other, text, function) for other, text in texts.items() if other != name}
    return name, start, stop, fixed
