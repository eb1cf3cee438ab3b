"""`adcli jac`: the Jacobian of a vector at a point, or at many."""

from __future__ import annotations

import click

from ._arguments import TABLE_FORMATS, TableOptions, expression_command, format_of, table_options


@expression_command("jac")
@table_options
@click.option("--wrt", metavar="X,Y", help="Differentiate by these variables only.")
def command(
    ctx: click.Context,
    form: str | None,
    as_json: bool,
    digits: int | None,
    output: str | None,
    table: TableOptions,
    wrt: str | None,
) -> int:
    """The values and all partial derivatives of a vector at a point, or at many.

    \b
    Examples:
      adcli jac "[x*y, x + y]" --x 2 --y 3
      adcli jac "r = hypot(x, y); [r, atan2(y, x)]" x=3 y=4 --json
      adcli jac "[r*cos(t), r*sin(t)]" --data polar.csv -o slopes.csv

    One backward sweep per element or one forward sweep per variable, whichever are fewer.
    Values may be several (1,2,5 or START:STOP:COUNT) or columns of a table.
    """
    from ..quantities import jacobian
    from ._point import read_numeric, read_wrt
    from ._quantities import deliver_quantities

    form = format_of(form, as_json, output, TABLE_FORMATS)
    function = read_numeric(ctx.obj, "jac", vector=True)
    names = read_wrt(wrt, function)
    return deliver_quantities(ctx.obj, table, function, lambda f, _: jacobian(f, names), form, digits, output)
