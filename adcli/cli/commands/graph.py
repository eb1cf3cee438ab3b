"""`adcli graph`: a picture of the computational graph of an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..declarations import PICTURES, expression_command
from ..options import WholeNumber, dark_option, digits_option, output_options, value_option

if TYPE_CHECKING:
    from ...formula.function import Function

MOST = 1000  # boxes in one picture, beyond which readers lose their way


def _formats() -> tuple[str, ...]:
    from ...draw.render import PICTURE_FORMATS

    return (*PICTURE_FORMATS, "html")


@expression_command(PICTURES)
@click.option("--partials", is_flag=True, help="Write the local derivative beside each edge.")
@click.option("--of", metavar="NAME", help="Result whose adjoints are shown, for example f2 [default: the only one].")
@click.option("--gradient", is_flag=True, help="Draw the graph of the derivatives instead.")
@click.option("--constants", is_flag=True, help="Draw constants as boxes of their own, as json always does.")
@click.option("--top-down", is_flag=True, help="Put the inputs at the top and the result at the bottom.")
@dark_option
@click.option(
    "--max-nodes", "most", type=WholeNumber(3), metavar="N",
    help=f"Number of boxes, beyond which bindings are summed up [default: {MOST}, unlimited for dot and json].",
)  # fmt: skip
@value_option
@output_options(_formats, "svg")
@digits_option("6")
def command(
    ctx: click.Context,
    output: str | None,
    form: str,
    digits: int | None,
    partials: bool,
    of: str | None,
    gradient: bool,
    constants: bool,
    top_down: bool,
    dark: bool,
    most: int | None,
) -> int:
    """Draw the computational graph, with values and adjoints.

    \b
    Examples:
      adcli graph "sin(x**2)*cos(y)" -o graph.svg
      adcli graph "u = x*w; sin(u) + u" --x 1 --w 4 -o graph.svg --partials
      adcli graph "exp(-x**2/2)" --format mermaid
      adcli graph "[x*y, x + y]" --x 2 --y 3 --of f1 -o graph.pdf
      adcli graph "u = x*w; sin(u) + u" -o graph.html

    Without values of the variables the picture shows the operations alone. A formula of arrays needs the values for
    their shapes. Each of several results, [f, g], has a box of its own, f1, f2 … Adjoints belong to one result, which
    --of names. An .html file is a page that plays both passes step by step and recomputes them for other inputs.
    """
    from ...draw.picture import Style
    from ...draw.render import draw
    from ...draw.summary import summarize
    from ...errors import RequestError
    from ..drawing import DIGITS, picture_of, view
    from ..inputs import read_function, read_point, tell
    from ..output import note, write

    style = Style("TB" if top_down else "LR", dark)
    function = read_function(ctx.obj, "graph")
    needs_shapes = not (function.is_scalar or _is_of_numbers(function))
    inputs = read_point(ctx.obj, function) if ctx.obj.values or not function.variables or needs_shapes else None
    if partials and inputs is None and form != "html":
        raise RequestError("--partials needs a point", hint="give the variables values, as in --x 2")
    seen = view(function, inputs, function.variables, gradient)
    which = seen.place(of)
    if of is not None and inputs is None and form != "html":
        raise RequestError("--of needs a point", hint="give the variables values, as in --x 2")
    if gradient and not seen.derivatives:
        problem = "the expression has no slopes to draw"
        raise RequestError(problem, hint="no result is a number that depends on a variable")
    if gradient and (of is not None or partials):
        problem = f"{'--partials' if partials else '--of'} and --gradient contradict each other"
        raise RequestError(problem, hint="the graph of a gradient has values alone")
    fold = not constants and form != "json"
    if form == "html":
        if gradient:
            raise RequestError("--gradient is for pictures", hint="a page shows the local slopes by itself")
        if dark:
            raise RequestError("--dark is for pictures", hint="a page follows its reader's own setting")
        from ..page import page_of

        write(page_of(function, seen, style, most or MOST, digits or DIGITS, partials, which, fold), output)
        return tell(seen.notes(), False)
    exact = 17 if form == "json" else DIGITS
    picture = picture_of(seen, digits or exact, partials=partials, gradient=gradient, which=which, fold=fold)
    limit = most or (None if form in ("dot", "json") else MOST)
    count = len(picture.nodes)
    if limit is not None and count > limit:
        picture = summarize(picture, limit)
        note(f"the graph has {count} nodes: summed up in {len(picture.nodes)}; --max-nodes {count} draws them all")
    write(draw(picture, form, style=style), output)
    return tell(seen.notes(), False)


def _is_of_numbers(function: Function) -> bool:
    """Whether a vector has formulas of numbers as its elements, which need no shapes."""
    from ...errors import ShapeError

    try:
        return bool(function.results)
    except ShapeError:
        return False
