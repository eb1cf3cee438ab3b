"""`adcli diff`: the derivative of an expression as an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..words import FormulaCommand, WholeNumber, expression_command, format_of

if TYPE_CHECKING:
    from ...formula.lowered import Lowerings

FORMATS = ("text", "latex", "json", "value")


@expression_command("diff", FormulaCommand)
@click.option("--wrt", metavar="X,Y", help="Differentiate by x, then by y; without it by each variable.")
@click.option("--order", type=WholeNumber(1, 20), default=1, metavar="N", help="How often, by one variable.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS),
    help="How to print: without it by the suffix of -o, or text; value is bare formulas.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("-o", "--output", metavar="FILE", help="Write there instead of to standard output; - is standard output.")
def command(
    ctx: click.Context, wrt: str | None, order: int, form: str | None, as_json: bool, output: str | None
) -> int:
    """The derivative as an expression, simplified for reading.

    \b
    Examples:
      adcli diff "sin(x**2)*cos(y)" --wrt x
      adcli diff "x**5" --order 3
      adcli diff "x**3*y**2" --wrt x,x,y
      adcli diff "exp(-x**2/2)/sqrt(tau)" --format latex

    What is printed can be read back: adcli diff "x*sin(x)" | adcli eval - --x 2. It is the formula of school, without
    the conventions at kinks; for numbers at a point, grad keeps all the digits.
    """
    from ...errors import RequestError, quoted
    from ..inputs import read_numeric, read_wrt
    from ..output import write

    form = format_of(form, as_json, output, FORMATS)
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
    write(_printed(form, function, orders), output)
    return 0


def _printed(form: str, function: Lowerings, orders: list[list[str]]) -> str:
    from ...codegen.typesetting import lines
    from ...formula.labels import derivative_label, result_names
    from ...formula.symbolic import derivative
    from ...graph.text import program_text
    from ...simplify.tidy import LINE
    from ..printing import columns

    results = [derivative(function.formula, names) for names in orders]
    texts = [program_text(result.graph, result.row, LINE) for result in results]
    formulas = [lines(result) for result in results] if form in ("latex", "json") else texts
    if form == "json":
        from json import dumps

        entries = [
            {"wrt": names, "derivative": text, "latex": formula}
            for names, text, formula in zip(orders, texts, formulas, strict=True)
        ]
        return dumps({"expression": function.formula.text, "derivatives": entries}, ensure_ascii=False) + "\n"
    if form == "value" or len(results) == 1:
        return "".join(f"{formula}\n" for formula in formulas)
    [name] = result_names(function.formula)
    return columns([(derivative_label(names, name), formula) for names, formula in zip(orders, formulas, strict=True)])
