"""`adcli eval`: the value of an expression at a point."""

from __future__ import annotations

import click

from ._arguments import expression_command, format_of, point_options


@expression_command("eval")
@point_options
def command(ctx: click.Context, form: str | None, as_json: bool, digits: int | None, output: str | None) -> int:
    """The value at a point.

    \b
    Examples:
      adcli eval "exp(-x**2/2)/sqrt(tau)" --x 0.5
      adcli eval "2*pi*sqrt(l/g)" l=1 g=9.81 --format value
      echo "x**3 - 2" | adcli eval - --x 2

    The expression is one quoted word, @FILE or - for standard input. Its variables are options (--x 2) or words (x=2);
    their values are constant expressions such as pi/4.
    """
    from ._formats import deliver
    from ._point import answer, read_function, read_point

    form = format_of(form, as_json)
    function = read_function(ctx.obj, "eval")
    result = answer(function, read_point(ctx.obj, function), None)
    return deliver(result, form, digits, output)
