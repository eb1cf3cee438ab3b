"""`adcli plot`: an expression and its derivatives over one variable."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from ..declarations import PICTURES, expression_command
from ..options import (
    TableOptions,
    WholeNumber,
    dark_option,
    measured_options,
    option,
    order_option,
    output_options,
    value_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...draw.chart import Chart
    from ..words import ParsedWords


class Request(NamedTuple):
    """What to draw. The fields are named like the options."""

    order: int
    points: int
    log: str | None
    ylim: str | None
    title: str | None
    xlabel: str | None
    ylabel: str | None
    names: Sequence[str]
    table: TableOptions


@expression_command(PICTURES)
@order_option(0, 2, 1, "Order of the last derivative, each in a panel of its own.")
@option("--log", type=click.Choice(["x", "y", "xy"]), help="Axes with a logarithmic scale [default: none].")
@option("--ylim", metavar="MIN:MAX", help="Range of the values; an end may be empty [default: all values].")
@option("--size", metavar="WxH", help="Size in inches, or of text in columns and lines [default: to fit].")
@option("--title", metavar="TEXT", help="Title [default: the expression].")
@option("--xlabel", metavar="TEXT", help="Label of the horizontal axis [default: its variable].")
@option("--ylabel", metavar="TEXT", help="Label of the axis of the values [default: the results].")
@option(
    "--name", "names", metavar="OLD=NEW", multiple=True, help="New name for a result, as in f=price; may be repeated."
)
@option(
    "--points", type=WholeNumber(10, 100_000), default=1201, show_default=True, metavar="N",
    help="Number of points on each curve.",
)  # fmt: skip
@dark_option
@measured_options
@value_option
@output_options(lambda: ("svg", "png", "pdf", "text"), "svg", in_terminal="text")
def command(
    ctx: click.Context, output: str | None, output_format: str, dark: bool, size: str | None, **options: object
) -> int:
    """Plot an expression and its derivatives over one variable.

    \b
    Examples:
      adcli plot "sin(x)/x" --x -10:10
      adcli plot "a*exp(-k*t)" --t 0:5 --a 2 --k 0.5,1,2 -o decay.svg
      adcli plot "[sin(x), cos(x)]" --x 0:2*pi --order 0 -o waves.pdf
      adcli plot "1/(1 + (w*R*C)^2)" --w 1:1e6 R=1e3 C=1e-6 --log xy -o filter.png
      adcli plot "v0 + g*t" v0=0 g=9.81 --data drops.csv --rename f=speed -o fit.svg

    One variable has a range, START:STOP, and is the horizontal axis. Each other one has a number, or several, 1,2,3
    or START:STOP:COUNT, which give a curve each. Each of several results and each element of an array is a curve. With
    --data the range may be left out. Lines break at poles and jumps, and kinks are marked. Without -o the plot is drawn
    in the terminal. This command needs the extra plot: pip install "adcli[plot]".
    """
    from ..output import note, write
    from ..plot_request import read_size

    dimensions = read_size(size, output_format == "text")
    chart = _build(ctx.obj, Request(**options))  # type: ignore[arg-type]
    if output_format == "text":
        write(_draw_text(chart, dimensions, output), output)
    else:
        from ...draw.chart_figure import draw_chart

        write(draw_chart(chart, output_format, dark=dark, size=dimensions), output)
    for remark in chart.notes:
        note(remark)
    return 0


def _build(words: ParsedWords, request: Request) -> Chart:
    """Return the description of the plot."""
    from ...formula.labels import result_names
    from ...formula.plotting import plot_formula
    from ..inputs import read_formula
    from ..plot_request import choose_axis, make_axis, open_data, read_limits, read_ranges
    from ..result_names import read_new_names

    formula = read_formula(words)
    log = request.log or ""
    labels = result_names(formula.formula)
    new_names = read_new_names(request.names, labels)
    ranges = read_ranges(words, formula)
    limits = read_limits(request.ylim, formula, "y" in log)
    with open_data(request.table, ranges.fixed) as data:
        name = choose_axis(ranges, formula, data)
        measured = data.read(name, [new_names.get(label, label) for label in labels]) if data else None
    return plot_formula(
        formula,
        make_axis(name, ranges, measured, "x" in log, request.points),
        ranges.fixed,
        ranges.families,
        order=request.order,
        new_names=new_names,
        measured=measured,
        log_y="y" in log,
        limits=limits,
        title=request.title,
        x_label=request.xlabel,
        y_label=request.ylabel,
    )


def _draw_text(chart: Chart, size: tuple[float, float] | None, output: str | None) -> str:
    """Return the plot as text. A terminal gets colours and its own size."""
    import os
    import shutil

    from ...draw.chart_text import chart_text
    from ..output import is_terminal

    shown = is_terminal(output)
    colour = shown and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    ascii_only = shown and _has_only_ascii()
    if size is not None:
        width, height = map(int, size)
        return chart_text(chart, width=width, height=height, colour=colour, ascii_only=ascii_only)
    columns, lines = shutil.get_terminal_size() if shown else (80, None)
    screen = None if lines is None else lines - 1  # a line for the prompt
    return chart_text(chart, width=min(columns, 120), screen=screen, colour=colour, ascii_only=ascii_only)


def _has_only_ascii() -> bool:
    """Return whether the encoding of standard output lacks the signs of plots."""
    import sys

    try:
        "⣿│…".encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return True
    return False
