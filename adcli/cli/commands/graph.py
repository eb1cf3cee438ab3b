"""`adcli graph`: a picture of the computational graph of an expression."""

from __future__ import annotations

import click

from ..words import PRECISION, WholeNumber, expression_command, value_option

FORMATS = ("svg", "png", "pdf", "dot", "mermaid", "json", "html")
SUFFIXES = {"mmd": "mermaid", "gv": "dot", "htm": "html"}
MOST = 1000  # boxes of a picture that people can still find their way in


@expression_command("graph")
@value_option
@click.option("-o", "--output", metavar="FILE", help="Write there; - or nothing is standard output.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="The kind of picture; without it the suffix of FILE, or svg."
)
@click.option("--digits", type=PRECISION, metavar="N", help="Significant digits in the boxes; 6 without it.")
@click.option("--partials", is_flag=True, help="Write the local slope beside each edge.")
@click.option(
    "--of", metavar="NAME", help="The result, of several f1, f2 …, whose adjoints are shown; none without it."
)
@click.option("--gradient", is_flag=True, help="Draw the graph of the partial derivatives instead.")
@click.option("--constants", is_flag=True, help="Constants as boxes of their own, as json has them anyway.")
@click.option("--top-down", is_flag=True, help="Inputs above, the result below.")
@click.option("--dark", is_flag=True, help="Light on a dark ground.")
@click.option(
    "--max-nodes", "most", type=WholeNumber(3), metavar="N",
    help=f"Sum up a graph of more boxes by its bindings; {MOST} without it, and no limit for dot and json.",
)  # fmt: skip
def command(
    ctx: click.Context,
    output: str | None,
    form: str | None,
    digits: int | None,
    partials: bool,
    of: str | None,
    gradient: bool,
    constants: bool,
    top_down: bool,
    dark: bool,
    most: int | None,
) -> int:
    """A picture of the computational graph, at a point with values and adjoints.

    \b
    Examples:
      adcli graph "sin(x**2)*cos(y)" -o graph.svg
      adcli graph "u = x*w; sin(u) + u" --x 1 --w 4 -o graph.svg --partials
      adcli graph "exp(-x**2/2)" --format mermaid
      adcli graph "[x*y, x + y]" --x 2 --y 3 --of f1 -o graph.pdf
      adcli graph "u = x*w; sin(u) + u" -o graph.html

    No Graphviz needs to be installed. Without values of the variables the picture shows the operations alone; a
    formula of arrays needs them, for their shapes. Of several results, [f, g], each has a box of its own, f1, f2 …;
    an adjoint is that of one result, which --of names. An .html file is a page that plays both passes step by step,
    and computes them anew for other inputs.
    """
    from ...draw.picture import Style
    from ...draw.render import draw
    from ...draw.summary import summarize
    from ...errors import RequestError
    from ..drawing import DIGITS, picture_of, view
    from ..inputs import read_formula, read_point
    from ..notes import tell
    from ..output import note, write

    form = form or _format_of(output)
    style = Style("TB" if top_down else "LR", dark)
    formula = read_formula(ctx.obj, "graph")
    has_point = ctx.obj.values or not formula.variables or not formula.is_numeric
    inputs = read_point(ctx.obj, formula) if has_point else None
    if partials and inputs is None and form != "html":
        raise RequestError("--partials needs a point", hint="give the variables values, as in --x 2")
    seen = view(formula, inputs, formula.variables, gradient)
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


def _format_of(output: str | None) -> str:
    """The format that a file's suffix asks for."""
    from ...errors import RequestError, quoted

    suffix = output.rpartition(".")[2].lower() if output and "." in output.rpartition("/")[2] else "svg"
    form = SUFFIXES.get(suffix, suffix)
    if form not in FORMATS:
        hint = f"name the file .{', .'.join(FORMATS)}, or give --format"
        raise RequestError(f"{quoted('.' + suffix)} is no kind of picture", hint=hint)
    return form
