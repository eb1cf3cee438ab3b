"""`adcli graph`: a picture of the computational graph of an expression."""

from __future__ import annotations

import click

from ..declarations import PICTURES, expression_command
from ..options import WholeNumber, dark_option, digits_option, output_options, value_option

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
    from ..inputs import read_formula, read_point
    from ..notes import tell
    from ..output import note, write

    style = Style("TB" if top_down else "LR", dark)
    formula = read_formula(ctx.obj, "graph")
    has_point = ctx.obj.values or not formula.variables or not formula.is_numeric
    inputs = read_point(ctx.obj, formula) if has_point else None
    if partials and inputs is None and form != "html":
        raise RequestError("--partials needs a point", hint="give the variables values, as in --x 2")
    seen = view(formula, inputs, formula.variables, gradient)
    which = seen.result_index(of)
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

        write(page_of(formula, seen, style, most or MOST, digits or DIGITS, partials, which, fold), output)
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
