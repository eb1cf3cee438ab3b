"""`adcli plot`: an expression and its derivative over one variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..declarations import PICTURES, expression_command
from ..options import WholeNumber, dark_option, output_options, value_option
from ..suffixes import with_suffixes

if TYPE_CHECKING:
    from ...formula.function import Array, Function
    from ..words import ParsedWords


@expression_command(PICTURES)
@click.option(
    "--points", type=WholeNumber(10, 100_000), default=1201, show_default=True, metavar="N",
    help="Number of points on the curve.",
)  # fmt: skip
@dark_option
@value_option
@output_options(lambda: with_suffixes(["svg", "png", "pdf"]), "svg")
def command(ctx: click.Context, output: str | None, form: str, points: int, dark: bool) -> int:
    """Plot an expression and its derivative over one variable.

    \b
    Examples:
      adcli plot "sin(x)/x" --x -10:10 -o plot.svg
      adcli plot "a*abs(x - 1)" --a 2 --x -3:3 -o plot.png
      adcli plot "tan(t)" --t 0:2*pi --dark -o plot.pdf

    One variable has a range, START:STOP, and each other one a number. The line breaks at poles and jumps, and kinks are
    marked. This command needs matplotlib: pip install 'adcli[plot]'.
    """
    from ...draw.curve import curve, plotted
    from ...errors import RequestError
    from ..inputs import read_function
    from ..output import write

    function = read_function(ctx.obj, "plot")
    name, start, stop, fixed = _ranges(ctx.obj, function)

    def evaluate(places: Array) -> tuple[Array, Array]:
        values, slopes = function.batch({**fixed, name: places})
        return values, slopes[name]

    found = curve(evaluate, start, stop, points)
    if not (found.values == found.values).any():
        raise RequestError(f"the expression has no finite value for {name} from {start:g} to {stop:g}")
    labels = ["f", f"df/d{name}"]
    write(plotted(found, name=name, title=function.formula.text, format=form, labels=labels, dark=dark), output)
    return 0


def _ranges(words: ParsedWords, function: Function) -> tuple[str, float, float, dict[str, float]]:
    """The variable with a range, its ends, and the values of the others."""
    from ...errors import RequestError, listed, quoted, short
    from ..inputs import no_value, read_number, read_texts
    from ..ranges import split_outside

    texts = read_texts(words, function)
    ranges = {name: ends for name, text in texts.items() if len(ends := split_outside(text, ":")) > 1}
    if len(ranges) != 1:
        problem = f"the ranges of {listed(list(ranges))} are too many" if ranges else "no variable has a range"
        raise RequestError(problem, hint="give one variable START:STOP, as in --x -3:3, and each other one number")
    [(name, ends)] = ranges.items()
    if len(ends) != 2:
        hint = "a range is START:STOP, and --points says how many"
        raise RequestError(f"the value of {short(name)}, {quoted(texts[name])}, is not a range", hint=hint)
    missing = [other for other in function.variables if other not in texts]
    if missing:
        raise no_value(missing, function)
    start, stop = (read_number(name, end, function) for end in ends)
    if not (start < stop and stop - start < float("inf")):
        hint = "its ends are finite numbers, the smaller one first"
        raise RequestError(f"the range of {short(name)}, {quoted(texts[name])}, is empty", hint=hint)
    return (
        name,
        start,
        stop,
        {other: read_number(other, text, function) for other, text in texts.items() if other != name},
    )
