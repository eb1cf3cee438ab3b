"""`adcli plot`: an expression and its derivative over one variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..words import WholeNumber, expression_command, value_option

if TYPE_CHECKING:
    from ...formula.function import Array, Function
    from ..words import Words

FORMATS = ("svg", "png", "pdf")


@expression_command("plot")
@value_option
@click.option("-o", "--output", metavar="FILE", help="Write there; - or nothing is standard output.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Without it the suffix of FILE, or svg.")
@click.option(
    "--points", type=WholeNumber(10, 100_000), default=1201, metavar="N", help="How many points; 1201 without it."
)
@click.option("--dark", is_flag=True, help="Light on a dark ground.")
def command(ctx: click.Context, output: str | None, form: str | None, points: int, dark: bool) -> int:
    """A plot of the expression and its derivative over one variable, the others fixed.

    \b
    Examples:
      adcli plot "sin(x)/x" --x -10:10 -o plot.svg
      adcli plot "a*abs(x - 1)" --a 2 --x -3:3 -o plot.png
      adcli plot "tan(t)" --t 0:2*pi --dark -o plot.pdf

    One variable has a range, START:STOP. The line breaks at poles and jumps, and kinks are marked. Needs matplotlib:
    pip install 'adcli[plot]'.
    """
    from ...draw.curve import plot_curve, sample_curve
    from ...errors import RequestError, quoted
    from ..inputs import read_function
    from ..output import write

    if form is None:
        suffix = output.rpartition(".")[2].lower() if output and "." in output.rpartition("/")[2] else "svg"
        if suffix not in FORMATS:
            hint = f"name the file .{', '.join(FORMATS)}, or give --format"
            raise RequestError(f"{quoted('.' + suffix)} is no kind of plot", hint=hint)
        form = suffix
    function = read_function(ctx.obj, "plot")
    name, start, stop, fixed = _ranges(ctx.obj, function)

    def evaluate(places: Array) -> tuple[Array, Array]:
        values, slopes = function.batch({**fixed, name: places})
        return values, slopes[name]

    found = sample_curve(evaluate, start, stop, points)
    if not (found.values == found.values).any():
        raise RequestError(f"the expression has no finite value for {name} from {start:g} to {stop:g}")
    labels = ["f", f"df/d{name}"]
    write(plot_curve(found, name=name, title=function.formula.text, format=form, labels=labels, dark=dark), output)
    return 0


def _ranges(words: Words, function: Function) -> tuple[str, float, float, dict[str, float]]:
    """The variable with a range, its ends, and the values of the others."""
    from ...errors import RequestError, listed, quoted, short
    from ..inputs import no_value, read_number, read_texts
    from ..sweeps import pieces

    texts = read_texts(words, function)
    ranges = {name: ends for name, text in texts.items() if len(ends := pieces(text, ":")) > 1}
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
