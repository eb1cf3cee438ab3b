"""`adcli diff`: the derivative of an expression as an expression."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from ..declarations import FORMULAS, expression_command
from ..options import complete, option, order_option, output_options, wrt_option

if TYPE_CHECKING:
    from ...formula.lowered import Lowerings

_variables_option = partial(option, shell_complete=complete("variables"))


@expression_command(FORMULAS, at_points=False)
@_variables_option("--symmetric", metavar="A,B", help="Matrices that equal their transposes.")
@_variables_option("--number", metavar="X,Y", help="Variables that are numbers [default: guessed].")
@_variables_option("--vector", metavar="X,Y", help="Variables that are vectors [default: guessed].")
@_variables_option("--matrix", metavar="A,B", help="Variables that are matrices [default: guessed].")
@wrt_option("Differentiate by x, then the result by y [default: by each variable once].")
@order_option(1, 20, 1, "How often to differentiate by one variable.")
@output_options(lambda: ("text", "latex", "json", "value"))
def command(
    ctx: click.Context, wrt: str | None, order: int, output_format: str, output: str | None, **ranks: str | None
) -> int:
    """Differentiate to a formula, simplified for reading.

    \b
    Examples:
      adcli diff "sin(x**2)*cos(y)" --wrt x
      adcli diff "x**5" --order 3
      adcli diff "x**3*y**2" --wrt x,x,y
      adcli diff "exp(-x**2/2)/sqrt(tau)" --format latex
      adcli diff "norm(A @ x - b)^2" --wrt x

    The output is an expression again: adcli diff "x*sin(x)" | adcli eval - --x 2. It is the textbook formula, without
    the conventions at kinks. For numbers at a point, grad keeps all the digits. In formulas of arrays capitals are
    matrices and other names vectors, or numbers where no vector fits.
    """
    from ...errors import RequestError, quoted
    from ..inputs import read_formula, read_texts, read_wrt
    from ..output import write

    function = read_formula(ctx.obj)
    for name in read_texts(ctx.obj, function):
        hint = "grad takes values of variables; eval takes them with what diff prints"
        raise RequestError(f"diff takes no value of {quoted(name)}", hint=hint)
    if not function.variables:
        raise RequestError("there is nothing to differentiate by", hint="the expression has no variables")
    names = read_wrt(wrt, function, repeats=True)
    if wrt is not None and order > 1 and len(names) > 1:
        raise RequestError(
            "--order goes with one variable", hint="name each as often as you differentiate: --wrt x,x,y"
        )
    orders = [names] if wrt is not None and order == 1 else [[name] * order for name in names]
    write(_format_derivatives(output_format, function, orders, ranks), output)
    return 0


def _format_derivatives(
    output_format: str, function: Lowerings, orders: list[list[str]], ranks: dict[str, str | None]
) -> str:
    from ...formula.labels import derivative_label, result_names
    from ..printing import align

    answer: dict[str, object] = {"expression": function.formula.text}
    with_latex = output_format in ("latex", "json")
    if function.is_numeric and not any(ranks.values()):
        from ...formula.symbolic import write_derivative

        pairs = [write_derivative(function.formula, names, with_latex) for names in orders]
    else:
        pairs, answer["variables"] = _differentiate_arrays(function, orders, ranks, with_latex)
    if output_format == "json":
        from ...strict_json import json_text

        answer["derivatives"] = [
            {"wrt": names, "derivative": text, "latex": formula}
            for names, (text, formula) in zip(orders, pairs, strict=True)
        ]
        return json_text(answer) + "\n"
    formulas = [latex if with_latex else text for text, latex in pairs]
    if output_format == "value" or len(pairs) == 1:
        return "".join(f"{formula}\n" for formula in formulas)
    names_of_results = result_names(function.formula)
    name = names_of_results[0] if len(names_of_results) == 1 else "f"
    return align([(derivative_label(names, name), formula) for names, formula in zip(orders, formulas, strict=True)])


def _differentiate_arrays(
    function: Lowerings, orders: list[list[str]], options: dict[str, str | None], with_latex: bool
) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Return texts and LaTeX, and what each variable is. Print a note if it could be something else."""
    from ...errors import RequestError, quoted
    from ...matrix.derive import differentiate_arrays
    from ..inputs import read_wrt
    from ..output import note

    fixed: dict[str, int] = {}
    for rank, word in enumerate(("number", "vector", "matrix")):
        if options[word] is not None:
            for name in read_wrt(options[word], function, option=f"--{word}"):
                if name in fixed:
                    raise RequestError(f"{quoted(name)} has two ranks", hint="leave one out")
                fixed[name] = rank
    symmetric = read_wrt(options["symmetric"], function, option="--symmetric") if options["symmetric"] else []
    for name in symmetric:
        if fixed.get(name, 2) != 2:
            raise RequestError(f"--symmetric names {quoted(name)}, which is not a matrix", hint="leave one out")
    result = differentiate_arrays(function.formula, function.variables, orders, fixed, symmetric, with_latex)
    if result.alternatives:
        note(_describe_reading(result.ranks, result.alternatives))
    return list(zip(result.texts, result.latex or result.texts, strict=True)), result.ranks


def _describe_reading(ranks: dict[str, str], alternatives: dict[str, str]) -> str:
    """Return which ranks were guessed, and the options with which the result is another."""
    from ...errors import join_names

    parts: list[str] = []
    for rank, plural in (("matrix", "matrices"), ("vector", "vectors"), ("number", "numbers")):
        names = [name for name, own in ranks.items() if own == rank]
        if names:
            parts.append(f"{join_names(names)} as {rank if len(names) == 1 else plural}")
    options = join_names([f"--{rank} {name}" for name, rank in alternatives.items()])
    return f"read {', '.join(parts)}; with {options.replace(', ', ' or ')} the result is another"
