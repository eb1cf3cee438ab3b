"""`adcli grad`: the value of an expression and its first derivatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..declarations import DERIVATIVES, expression_command
from ..options import TableOptions, complete, mode_option, option, table_options, wrt_option

if TYPE_CHECKING:
    from ...formula.answer import Answer


@expression_command(DERIVATIVES)
@wrt_option()
@mode_option
@option(
    "--svg",
    metavar="FILE",
    shell_complete=complete("file"),
    help="File for a picture of the graph, with values and adjoints.",
)
@table_options
def command(ctx: click.Context, table: TableOptions, wrt: str | None, mode: str, svg: str | None) -> int:
    """Compute the value and all first derivatives of a number.

    \b
    Examples:
      adcli grad "sin(x**2)*cos(y)" --x 2 --y 3
      adcli grad "u = x^2; sin(u)/u" x=pi/4 --json
      adcli grad "f(t) = t^3 - a; x - f(x)/f'(x)" x=2 a=7
      adcli grad "a*exp(-k*t)" a=2 k=0.5 t=1 --wrt a,k
      adcli grad @formula.txt --x 2 --svg graph.svg
      adcli grad "x**y" --x 1:2:5 --y 1,2
      adcli grad "m*g*h" --data measured.csv g=9.81 -o slopes.csv

    The expression is one quoted word, @FILE, or - for standard input. Its variables are options (--x 2) or words (x=2).
    A value is a constant expression such as pi/4. It may be several (1,2,5 or START:STOP:COUNT) or a column of a table.
    """
    from ..delivery import run_kind

    if svg is not None:
        _check_svg(svg, table.output or "-")
    one_point = "--svg" if svg is not None else "--mode forward" if mode == "forward" else None
    show = None if svg is None else lambda answer: _draw(answer, svg, table.digits)
    return run_kind(ctx.obj, table, "gradient", wrt=wrt, forward=mode == "forward", one_point=one_point, show=show)


def _check_svg(svg: str, output: str) -> None:
    """Raise a RequestError if the picture has the suffix of another format, or goes where the answer goes."""
    from ...errors import RequestError, quoted_path
    from ..output import require_file, same_place
    from ..suffixes import suffix_of

    if suffix_of(svg) not in ("", "svg"):
        raise RequestError(
            f"--svg {quoted_path(svg)}: it writes .svg files", hint="use adcli graph -o for other formats"
        )
    if same_place(svg, output):
        raise RequestError("--svg and the answer go to the same place", hint="give one of them a file of its own")
    require_file("svg", svg)


def _draw(answer: Answer, file: str, digits: int | None) -> None:
    from ...draw.build import DIGITS, Detail, picture_of
    from ...draw.render import draw
    from ...formula.view import view_of
    from ..output import write

    write(draw(picture_of(view_of(answer), Detail(digits or DIGITS)), "svg"), file)
