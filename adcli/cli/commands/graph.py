"""`adcli graph`: a picture of the computational graph of an expression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from ..declarations import PICTURES, expression_command
from ..options import WholeNumber, complete, dark_option, digits_option, option, output_options, value_option

if TYPE_CHECKING:
    from ...draw.build import Detail
    from ...draw.picture import Measure, Style
    from ...explain.view import View
    from ..words import ParsedWords

MOST = 1000  # boxes in one picture, beyond which readers lose their way
MEASURES: dict[str, Measure | None] = {"relative": "relative", "absolute": "absolute", "off": None}
FLOW_HELP = (
    "What the width of an edge shows: how much the result changes if the value at its tail changes by 1 % (relative), "
    "or what the edge adds to the adjoint at its tail (absolute) [default: relative]."
)


def _formats() -> tuple[str, ...]:
    from ...draw.render import PICTURE_FORMATS

    return (*PICTURE_FORMATS, "html")


@expression_command(PICTURES)
@option("--partials", is_flag=True, help="Write the local derivative on each edge.")
@option("--flow", type=click.Choice(list(MEASURES)), help=FLOW_HELP)
@option(
    "--of", metavar="NAME", shell_complete=complete("result"),
    help="Result whose adjoints are shown, for example f2 [default: the only one].",
)  # fmt: skip
@option("--gradient", is_flag=True, help="Draw the graph of the derivatives instead.")
@option("--constants", is_flag=True, help="Draw constants as boxes of their own, as json always does.")
@option("--top-down", is_flag=True, help="Put the inputs at the top and the result at the bottom.")
@option("--legend", is_flag=True, help="Explain widths, colours and numbers under the title.")
@dark_option
@option(
    "--max-nodes", "most", type=WholeNumber(3), metavar="N",
    help=f"Number of boxes, beyond which bindings are summed up [default: {MOST}, unlimited for dot and json].",
)  # fmt: skip
@value_option
@output_options(_formats, "svg")
@digits_option("6")
def command(
    ctx: click.Context,
    output: str | None,
    output_format: str,
    digits: int | None,
    partials: bool,
    flow: str | None,
    of: str | None,
    gradient: bool,
    constants: bool,
    top_down: bool,
    legend: bool,
    dark: bool,
    most: int | None,
) -> int:
    """Draw the computational graph, with values and adjoints.

    \b
    Examples:
      adcli graph "sin(x**2)*cos(y)" -o graph.svg
      adcli graph "u = x*w; sin(u) + u" --x 1 --w 4 -o graph.svg --partials
      adcli graph "exp(-x**2/2)" --format mermaid
      adcli graph "S*N - K*exp(-r*T)*M" S=100 N=0.6 K=95 r=0.03 T=1 M=0.5 --legend -o graph.svg
      adcli graph "[x*y, x + y]" --x 2 --y 3 --of f1 -o graph.pdf
      adcli graph "u = x*w; sin(u) + u" -o graph.html

    Without values of the variables the picture shows the operations alone. A formula of arrays needs the values for
    their shapes. At a point an edge is as wide as its part in the derivative: blue where the result rises with the
    value at its tail, orange where it falls. Each of several results, [f, g], has a box of its own, f1, f2 … Adjoints
    belong to one result, which --of names. An .html file is a page that plays both passes step by step and recomputes
    them for other inputs.
    """
    from ...draw.picture import Style

    style = Style("TB" if top_down else "LR", dark, legend)
    request = Drawing(partials, flow, of, gradient, constants, digits, most, style)
    return _draw(ctx.obj, request, output_format, output)


class Drawing(NamedTuple):
    """What to draw. The fields are named like the options."""

    partials: bool
    flow: str | None
    of: str | None
    gradient: bool
    constants: bool
    digits: int | None
    most: int | None
    style: Style


def _draw(words: ParsedWords, request: Drawing, output_format: str, output: str | None) -> int:
    from ...draw.build import DIGITS, Detail
    from ...formula.view import view_formula
    from ..inputs import read_formula, read_point
    from ..output import write
    from ..printing import print_notes

    formula = read_formula(words)
    has_point = words.values or not formula.variables or not formula.is_numeric
    inputs = read_point(words, formula) if has_point else None
    _check_options(request, output_format, inputs is not None)
    view = view_formula(formula, inputs, formula.variables, request.gradient)
    which = view.result_index(request.of, "--of")
    if request.gradient:
        _check_gradient(request, view)
    elif request.flow not in (None, "off") and output_format != "html":  # a page has a menu of the results
        _check_flow(view, which)
    exact = 17 if output_format == "json" else DIGITS
    fold = not request.constants and output_format != "json"
    measure = MEASURES[request.flow or "relative"]
    detail = Detail(request.digits or exact, request.partials, request.gradient, which, fold, measure)
    if output_format == "html":
        page = _draw_page(request, view, detail, formula.variables)
    else:
        page = _draw_picture(request, view, detail, output_format)
    write(page, output)
    return print_notes(view.notes())


def _check_options(request: Drawing, output_format: str, has_point: bool) -> None:
    """Raise a RequestError for an option that needs a point, or that does not go with the format."""
    from ...errors import RequestError

    given = {"--partials": request.partials, "--flow": request.flow is not None, "--of": request.of is not None}
    for name in [name for name, is_given in given.items() if is_given and not has_point]:
        if output_format != "html":
            raise RequestError(f"{name} needs a point", hint="give the variables values, as in --x 2")
    if request.style.legend and output_format in ("json", "mermaid"):
        raise RequestError(f"--legend is not for {output_format}", hint="draw .svg, .png, .pdf or .dot")


def _check_flow(view: View, which: int | None) -> None:
    """Raise a RequestError unless there is one result to show the flow to, and it is a number."""
    from ...errors import RequestError

    if which is None:
        hint = f"name one with --of, as in --of {view.names[0]}"
        raise RequestError("--flow shows the derivative of one result, and there are several", hint=hint)
    if view.results[which].shape:
        problem = "--flow shows the derivative of a number, and the result is an array"
        raise RequestError(problem, hint="draw an element of it, or its sum")


def _check_gradient(request: Drawing, view: View) -> None:
    """Raise a RequestError if there is no graph of derivatives, or if an option does not go with it."""
    from ...errors import RequestError

    if not view.derivatives:
        problem = "the expression has no slopes to draw"
        raise RequestError(problem, hint="no result is a number that depends on a variable")
    given = {
        "--partials": request.partials,
        "--flow": request.flow not in (None, "off"),
        "--of": request.of is not None,
    }
    for name in [name for name, is_given in given.items() if is_given]:
        problem = f"{name} and --gradient contradict each other"
        raise RequestError(problem, hint="the graph of a gradient shows only values")


def _draw_page(request: Drawing, view: View, detail: Detail, variables: Sequence[str]) -> bytes:
    from ...errors import RequestError
    from ..page import page_of

    if request.gradient:
        raise RequestError("--gradient is for pictures", hint="a page shows the local slopes by itself")
    if request.style.legend:
        raise RequestError("--legend is for pictures", hint="a page explains its arrows under 'help'")
    if request.style.dark:
        raise RequestError("--dark is for pictures", hint="a page follows its reader's own setting")
    return page_of(view, variables, detail, request.style, request.most or MOST)


def _draw_picture(request: Drawing, view: View, detail: Detail, output_format: str) -> bytes:
    from ...draw.build import picture_of
    from ...draw.render import draw
    from ...draw.summary import summarize
    from ..output import note

    picture = picture_of(view, detail)
    limit = request.most or (None if output_format in ("dot", "json") else MOST)
    count = len(picture.nodes)
    if limit is not None and count > limit:
        picture = summarize(picture, limit)
        note(f"the graph has {count} nodes: summed up in {len(picture.nodes)}; --max-nodes {count} draws them all")
    return draw(picture, output_format, style=request.style)
