"""`adcli graph`: a picture of the computational graph of an expression."""

from __future__ import annotations

import click

from ._arguments import PRECISION, expression_command, value_option

FORMATS = ("svg", "png", "pdf", "dot")


@expression_command("graph")
@value_option
@click.option("-o", "--output", metavar="FILE", help="Write there; - or nothing is standard output.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="The kind of picture; without it the suffix of FILE, or svg."
)
@click.option("--digits", type=PRECISION, metavar="N", help="Significant digits in the boxes; 6 without it.")
def command(ctx: click.Context, output: str | None, form: str | None, digits: int | None) -> int:
    """A picture of the computational graph, at a point with values and adjoints.

    \b
    Examples:
      adcli graph "sin(x**2)*cos(y)" -o graph.svg
      adcli graph "u = x*w; sin(u) + u" --x 1 --w 4 -o graph.svg
      adcli graph "exp(-x**2/2)" --format dot

    No Graphviz needs to be installed. Without values of the variables the picture shows the operations alone;
    a formula of arrays needs them, for their shapes.
    """
    from ..draw.render import draw
    from ..errors import RequestError, quoted
    from ._drawing import picture_of
    from ._output import write
    from ._point import answer, read_function, read_point, tell

    if form is None:
        suffix = output.rpartition(".")[2].lower() if output and "." in output.rpartition("/")[2] else "svg"
        if suffix not in FORMATS:
            hint = f"name the file .{', .'.join(FORMATS)}, or give --format"
            raise RequestError(f"{quoted('.' + suffix)} is no kind of picture", hint=hint)
        form = suffix
    function = read_function(ctx.obj, "graph")
    result = None
    if ctx.obj.values or not function.variables or not function.is_scalar:
        point = read_point(ctx.obj, function)
        is_number = not function.shaped(point).result.shape
        result = answer(function, point, function.variables if is_number else None)
    write(draw(picture_of(function, result, digits), form), output)
    return tell(result.notes, False) if result else 0
