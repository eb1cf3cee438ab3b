"""`adcli grad`: the value of an expression and all its partial derivatives at a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..words import TableOptions, expression_command, table_options

if TYPE_CHECKING:
    from ...formula.answer import Answer


@expression_command("grad")
@table_options
@click.option("--wrt", metavar="X,Y", help="Differentiate by these variables only.")
@click.option(
    "--mode", type=click.Choice(["reverse", "forward"]), default="reverse",
    help="One backward sweep for all slopes, or one tangent for each.",
)  # fmt: skip
@click.option("--svg", metavar="FILE", help="Also draw the graph, with values and adjoints.")
def command(
    ctx: click.Context,
    wrt: str | None,
    mode: str,
    svg: str | None,
    table: TableOptions,
) -> int:
    """The value and all partial derivatives at a point, or at many.

    \b
    Examples:
      adcli grad "sin(x**2)*cos(y)" --x 2 --y 3
      adcli grad "u = x^2; sin(u)/u" x=pi/4 --json
      adcli grad "a*exp(-k*t)" a=2 k=0.5 t=1 --wrt a,k
      adcli grad @formula.txt --x 2 --svg graph.svg
      adcli grad "x**y" --x 1:2:5 --y 1,2
      adcli grad "m*g*h" --data measured.csv g=9.81 -o slopes.csv

    The expression is one quoted word, @FILE or - for standard input. Its variables are options (--x 2) or words (x=2);
    their values are constant expressions such as pi/4, several of them (1,2,5 or START:STOP:COUNT), or columns of a
    table.
    """
    from ...errors import RequestError
    from ..delivery import run_kind
    from ..output import same_place

    if svg is not None and same_place(svg, table.output or "-"):
        raise RequestError("--svg and the answer go to the same place", hint="give one of them a file of its own")
    one_point = "--svg" if svg is not None else "--mode forward" if mode == "forward" else None
    show = None if svg is None else lambda answer: _draw(answer, svg, table.digits)
    return run_kind(ctx.obj, table, "gradient", wrt=wrt, forward=mode == "forward", one_point=one_point, show=show)


def _draw(answer: Answer, file: str, digits: int | None) -> None:
    from ...draw.build import picture_of
    from ...draw.render import draw
    from ...formula.view import view_of
    from ..output import write

    write(draw(picture_of(view_of(answer), digits), "svg"), file)
