"""`adcli diff`: the derivative of an expression as an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..declarations import FORMULAS, expression_command
from ..options import order_option, output_options, wrt_option

if TYPE_CHECKING:
    from ...formula.lowered import Lowerings


@expression_command(FORMULAS, at_points=False)
@wrt_option("Differentiate by x, then the result by y [default: by each variable once].")
@order_option(1, 20, 1, "How often to differentiate by one variable.")
@output_options(lambda: ("text", "latex", "json", "value"))
def command(ctx: click.Context, wrt: str | None, order: int, output_format: str, output: str | None) -> int:
    """Differentiate to a formula, simplified for reading.

    \b
    Examples:
      adcli diff "sin(x**2)*cos(y)" --wrt x
      adcli diff "x**5" --order 3
      adcli diff "x**3*y**2" --wrt x,x,y
      adcli diff "exp(-x**2/2)/sqrt(tau)" --format latex

    The output is an expression again: adcli diff "x*sin(x)" | adcli eval - --x 2. It is the textbook formula, without
    the conventions at kinks. For numbers at a point, grad keeps all the digits.
    """
    from ...errors import RequestError, quoted
    from ..inputs import read_numeric, read_wrt
    from ..output import write

    function = read_numeric(ctx.obj, "diff")
    if ctx.obj.values:
        hint = "grad takes values of variables; eval takes them with what diff prints"
        raise RequestError(f"diff takes no value of {quoted(ctx.obj.values[0][0])}", hint=hint)
    if not function.variables:
        raise RequestError("there is nothing to differentiate by", hint="the expression has no variables")
    names = read_wrt(wrt, function, repeats=True)
    if wrt is not None and order > 1 and len(names) > 1:
        raise RequestError(
            "--order goes with one variable", hint="name each as often as you differentiate: --wrt x,x,y"
        )
    orders = [names] if wrt is not None and order == 1 else [[name] * order for name in names]
    write(_format_derivatives(output_format, function, orders), output)
    return 0


def _format_derivatives(output_format: str, function: Lowerings, orders: list[list[str]]) -> str:
    from ...codegen.typesetting import lines
    from ...formula.labels import derivative_label, result_names
    from ...formula.symbolic import derivative
    from ...graph.text import program_text
    from ...simplify.tidy import LINE
    from ..printing import align

    results = [derivative(function.formula, names) for names in orders]
    texts = [program_text(result.graph, result.row, LINE) for result in results]
    formulas = [lines(result) for result in results] if output_format in ("latex", "json") else texts
    if output_format == "json":
        from ...strict_json import json_text

        entries = [
            {"wrt": names, "derivative": text, "latex": formula}
            for names, text, formula in zip(orders, texts, formulas, strict=True)
        ]
        return json_text({"expression": function.formula.text, "derivatives": entries}) + "\n"
    if output_format == "value" or len(results) == 1:
        return "".join(f"{formula}\n" for formula in formulas)
    [name] = result_names(function.formula)
    return align([(derivative_label(names, name), formula) for names, formula in zip(orders, formulas, strict=True)])
