"""The passes over a formula at a point as tables: text, Markdown, LaTeX and HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..errors import RequestError, ShapeError
from ..explain.steps import Trace
from ..ops.shapes import shape_text
from .view import view_formula

if TYPE_CHECKING:
    from ..explain.view import View
    from ..graph.expr import Expr
    from ..ops.operands import Numeric
    from .lowered import Lowerings

BAR = "\u0304"  # a combining macron: the adjoint of v is v with a bar


class Section(NamedTuple):
    """A table: its title, the heads of its columns and its rows."""

    title: str
    head: list[str]
    rows: list[list[str]]


class PassTables:
    """The forward and the backward pass at a point as tables. `print` shows them, and so does a notebook.

    Args:
        passes: the passes at the point.
        view: the results with their derivatives and notes.
        starts: the indices of the results whose backward passes are shown.
        names: the variables to differentiate by.
        forward: whether to show tangents beside the values instead of a backward pass.
        digits: significant digits, None for the shortest that round-trips.
    """

    def __init__(
        self, passes: Trace, view: View, starts: Sequence[int], names: Sequence[str], forward: bool, digits: int | None
    ) -> None:
        self.passes, self.view, self.starts, self.names = passes, view, starts, names
        self.forward, self.digits = forward, digits

    def sections(self, latex: bool = False) -> list[Section]:
        """Return the tables, with cells of plain text or of LaTeX."""
        spell = Spelling(self.digits, latex)
        return _forward_sections(self, spell) if self.forward else _reverse_sections(self, spell)

    def __repr__(self) -> str:
        return self.text().rstrip("\n")

    def text(self) -> str:
        """Return aligned columns."""
        return _print_text(self.sections())

    def markdown(self) -> str:
        """Return tables of Markdown."""
        return _print_markdown(self.sections())

    def latex(self) -> str:
        """Return arrays of LaTeX."""
        return _print_latex(self.sections(latex=True))

    def _repr_html_(self) -> str:
        from ..draw.html_table import html_table

        return "\n".join([html_table(section.head, section.rows, section.title) for section in self.sections()])


def trace_formula(
    lowerings: Lowerings,
    inputs: Mapping[str, Numeric],
    names: Sequence[str],
    of: str | None = None,
    *,
    forward: bool = False,
    digits: int | None = None,
    option: str = "of",
) -> PassTables:
    """Return the passes over a formula.

    Args:
        lowerings: the formula.
        inputs: one value per variable.
        names: the variables to differentiate by.
        of: the result whose backward pass is shown [default: all].
        forward: whether to show tangents instead of a backward pass.
        digits: significant digits, None for the shortest that round-trips.
        option: the name of `of` in messages.

    Raises:
        UnknownNameError: there is no such result.
        RequestError: one result is chosen in forward mode.
        ShapeError: a result is an array, and a backward pass starts from a number.
    """
    view = view_formula(lowerings, inputs, names)
    which = view.result_index(of, option)
    if of is not None and forward:
        raise RequestError(f"{option} is for the backward pass", hint="forward mode has the tangents of all results")
    for name, result in zip(view.names, view.results, strict=True):
        if result.shape:
            problem = f"the result {name} has the shape {shape_text(result.shape)}, and a pass goes back from a number"
            raise ShapeError(problem, hint="name its elements, as in [v[0], v[1]], or add them up: sum(v)")
    passes = Trace(view.results, view.answers[0].inspection.values, names, view.names)
    starts = range(len(view.results)) if which is None else [which]
    return PassTables(passes, view, starts, names, forward, digits)


class Spelling(NamedTuple):
    """How names, formulas and numbers are written: their digits, None for all, and whether in LaTeX."""

    digits: int | None
    latex: bool

    def formula(self, formula: Expr) -> str:
        """Return a formula, with its decimals rounded to the digits."""
        if self.latex:
            from ..codegen.typesetting import formula as latex_formula

            text = latex_formula(formula)
        else:
            text = str(formula)
        return text if self.digits is None else re.sub(r"(?<![\w.])\d+\.\d+", self._round_decimal, text)

    def _round_decimal(self, decimal: re.Match[str]) -> str:
        whole = decimal[0].partition(".")[0]
        digits = self.digits or 1
        value = float(decimal[0])
        return f"{value:.{digits}g}" if len(whole) <= digits else f"{value:.0f}"

    def number(self, value: object) -> str:
        """Return a number, a truth value or an array."""
        if isinstance(value, list):
            return f"[{', '.join(map(self.number, value))}]"
        if isinstance(value, bool):
            return self.words(str(value).lower())
        if hasattr(value, "tolist"):  # also a float of NumPy, which prints its type
            return self.number(value.tolist())
        text = f"{value:.{self.digits}g}" if self.digits and isinstance(value, float) else str(value)
        if not self.latex:
            return text
        from ..codegen.typesetting import typeset_number

        return typeset_number(text)[0]

    def name(self, name: str) -> str:
        """Return the name of a step."""
        if not self.latex:
            return name
        from ..codegen.typesetting import symbol

        return symbol(name)

    def bar(self, name: str) -> str:
        """Return the adjoint of a step."""
        return rf"\bar{{{self.name(name)}}}" if self.latex else name + BAR

    def slope(self, of: str, by: str) -> str:
        """Return a partial derivative."""
        if self.latex:
            return rf"\frac{{\partial {self.name(of)}}}{{\partial {self.name(by)}}}"
        return f"∂{of}/∂{by}"

    def pull(self, of: str) -> str:
        """Return the contribution of a tensor operation to the adjoint of its argument."""
        return rf"\operatorname{{pull}}({self.bar(of)})" if self.latex else f"pull({self.bar(of)})"

    def words(self, text: str) -> str:
        """Return words among mathematics."""
        return rf"\text{{{text}}}" if self.latex and text else text

    @property
    def times(self) -> str:
        """The sign between factors."""
        return r" \cdot " if self.latex else "·"


def _steps(passes: Trace, spell: Spelling) -> list[list[str]]:
    return [
        [spell.name(step.name), "" if step.formula is None else spell.formula(step.formula), spell.number(step.value)]
        for step in passes.steps
    ]


def _reverse_sections(request: PassTables, spell: Spelling) -> list[Section]:
    passes, view = request.passes, request.view
    head = [*map(spell.words, ("step", "formula", "value"))]
    sections = [Section("forward pass", head, _steps(passes, spell))]
    gradients = []
    for which in request.starts:
        result = passes.names[passes.results[which]]
        head = [*map(spell.words, ("adjoint", "", "contribution", "local slope", "adds", "so far"))]
        title = "backward pass" + (f" of {result}" if len(view.results) > 1 else "")
        sections.append(Section(title, head, _contributions(passes, which, spell)))
        slopes = view.answers[which].slopes
        gradients += [[spell.slope(result, name), spell.number(slope)] for name, slope in slopes.items()]
    return [*sections, Section("gradient", [*map(spell.words, ("slope", "value"))], gradients)]


def _contributions(passes: Trace, which: int, spell: Spelling) -> list[list[str]]:
    """Return a row for each contribution to an adjoint in the backward pass of one result."""
    rows = [[spell.bar(passes.names[passes.results[which]]), "=", "1", "", "", spell.number(1.0)]]
    for each in passes.backward(which):
        slope = spell.slope(each.source, each.target)
        if each.slope is not None:
            product = f"{spell.bar(each.source)}{spell.times}{slope}"
            local = spell.formula(each.slope)
            factor = spell.number(each.factor)
            formula = f"{slope} = {local}" + ("" if each.slope.constant is not None else f" = {factor}")
        elif each.is_picked:
            product, formula = spell.pull(each.source), ""
        else:
            names = spell.name(each.source), spell.name(each.target)
            product, formula = "0", spell.words(" does not pick ").join(names)
        term, total = spell.number(each.term), spell.number(each.total)
        rows.append([spell.bar(each.target), "+=", product, formula, term, total])
    return rows


def _forward_sections(request: PassTables, spell: Spelling) -> list[Section]:
    passes, names = request.passes, request.names
    tangents = {name: passes.tangents(name) for name in names}
    rows = _steps(passes, spell)
    for row, step in zip(rows, passes.steps, strict=True):
        for name in names:
            tangent = tangents[name].get(step.row)
            row.append("" if isinstance(step.value, bool) else spell.number(0.0 if tangent is None else tangent))
    head = [*map(spell.words, ("step", "formula", "primal"))]
    heads = [spell.words("tangent d/d") + spell.name(name) for name in names]
    return [Section("primal and tangents", head + heads, rows)]


def _print_text(sections: Sequence[Section]) -> str:
    from ..errors import width

    lines = []
    for section in sections:
        with_head = len(section.head) > 3
        rows = [section.head, *section.rows] if with_head else section.rows
        widths = [max([0, *[width(row[i]) for row in rows]]) for i in range(len(section.head))]
        lines.append(section.title)
        for row in rows:
            cells = [cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=True)]
            lines.append(("  " + "  ".join(cells)).rstrip())
        lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def _print_markdown(sections: Sequence[Section]) -> str:
    lines = []
    for section in sections:
        lines += [f"### {section.title.capitalize()}", ""]
        for row in [section.head, ["---"] * len(section.head), *section.rows]:
            lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |")
        lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def _print_latex(sections: Sequence[Section]) -> str:
    lines = []
    for section in sections:
        columns = len(section.head)
        lines += [f"% {section.title}", rf"\begin{{array}}{{{'l' * columns}}}"]
        lines.append(" & ".join(section.head) + r" \\ \hline")
        lines += [" & ".join(row) + r" \\" for row in section.rows]
        lines += [r"\end{array}", ""]
    return "\n".join(lines[:-1]) + "\n"
