"""Print the passes of `adcli trace` as text, Markdown, LaTeX or JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..strict_json import json_text
from .printing import note_records, number_printer

if TYPE_CHECKING:
    from ..explain.steps import Trace
    from ..explain.view import View
    from ..graph.expr import Expr

BAR = "\u0304"  # a combining macron: the adjoint of v is v with a bar


class Section(NamedTuple):
    """A table: its title, the heads of its columns and its rows."""

    title: str
    head: list[str]
    rows: list[list[str]]


class TraceRequest(NamedTuple):
    """What to print.

    Attributes:
        passes: the passes at the point.
        view: the results with their derivatives and notes.
        starts: the indices of the results whose backward passes are printed.
        names: the variables to differentiate by.
        forward: whether to print tangents beside the values instead of a backward pass.
        digits: significant digits, None for the shortest that round-trips.
    """

    passes: Trace
    view: View
    starts: Sequence[int]
    names: Sequence[str]
    forward: bool
    digits: int | None


def print_passes(output_format: str, request: TraceRequest) -> str:
    """Return the passes as `text`, `markdown`, `latex` or `json`."""
    if output_format == "json":
        return _print_json(request)
    spell = Spelling(number_printer(request.digits), output_format == "latex")
    sections = _forward_sections(request, spell) if request.forward else _reverse_sections(request, spell)
    return {"text": _print_text, "markdown": _print_markdown, "latex": _print_latex}[output_format](sections)


class Spelling(NamedTuple):
    """How names, formulas and numbers are written, in LaTeX or as plain text."""

    print_number: Callable[[float], str]
    latex: bool

    def formula(self, formula: Expr) -> str:
        """Return a formula."""
        if not self.latex:
            return str(formula)
        from ..codegen.typesetting import formula as latex_formula

        return latex_formula(formula)

    def number(self, value: object) -> str:
        """Return a number, a truth value or an array."""
        if isinstance(value, list):
            return f"[{', '.join(map(self.number, value))}]"
        if isinstance(value, bool):
            return str(value).lower()
        if hasattr(value, "tolist"):  # also a float of NumPy, which prints its type
            return self.number(value.tolist())
        return self.print_number(value) if isinstance(value, float) else str(value)

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
        return rf"\text{{{text}}}" if self.latex else text

    @property
    def times(self) -> str:
        """The sign between factors."""
        return r" \cdot " if self.latex else "·"


def _steps(passes: Trace, spell: Spelling) -> list[list[str]]:
    return [
        [spell.name(step.name), "" if step.formula is None else spell.formula(step.formula), spell.number(step.value)]
        for step in passes.steps
    ]


def _reverse_sections(request: TraceRequest, spell: Spelling) -> list[Section]:
    passes, view = request.passes, request.view
    sections = [Section("forward pass", ["step", "formula", "value"], _steps(passes, spell))]
    gradients = []
    for which in request.starts:
        result = passes.names[passes.results[which]]
        head = ["adjoint", "", "contribution", "local slope", "adds", "so far"]
        title = "backward pass" + (f" of {result}" if len(view.results) > 1 else "")
        sections.append(Section(title, head, _contributions(passes, which, spell)))
        slopes = view.answers[which].slopes
        gradients += [[spell.slope(result, name), spell.number(slope)] for name, slope in slopes.items()]
    return [*sections, Section("gradient", ["slope", "value"], gradients)]


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
            product, formula = "0", spell.words(f"{each.source} does not pick {each.target}")
        term, total = spell.number(each.term), spell.number(each.total)
        rows.append([spell.bar(each.target), "+=", product, formula, term, total])
    return rows


def _forward_sections(request: TraceRequest, spell: Spelling) -> list[Section]:
    passes, names = request.passes, request.names
    tangents = {name: passes.tangents(name) for name in names}
    rows = _steps(passes, spell)
    for row, step in zip(rows, passes.steps, strict=True):
        for name in names:
            tangent = tangents[name].get(step.row)
            row.append("" if isinstance(step.value, bool) else spell.number(0.0 if tangent is None else tangent))
    head = ["step", "formula", "primal", *[f"tangent d/d{name}" for name in names]]
    return [Section("primal and tangents", head, rows)]


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
        lines.append(" & ".join(rf"\text{{{head}}}" for head in section.head) + r" \\ \hline")
        lines += [" & ".join(row) + r" \\" for row in section.rows]
        lines += [r"\end{array}", ""]
    return "\n".join(lines[:-1]) + "\n"


def _print_json(request: TraceRequest) -> str:
    passes, view = request.passes, request.view
    steps: list[dict[str, object]] = [
        {"name": step.name, "formula": None if step.formula is None else str(step.formula), "value": step.value}
        for step in passes.steps
    ]
    if request.forward:
        tangents = {name: passes.tangents(name) for name in request.names}
        for step, record in zip(passes.steps, steps, strict=True):
            if tangents:
                record["tangents"] = {name: moves.get(step.row, 0.0) for name, moves in tangents.items()}
    gradients = [view.answers[which].slopes for which in request.starts]
    trace = {
        "expression": view.text,
        "at": view.answers[0].inputs,
        "mode": "forward" if request.forward else "reverse",
        "forward": steps,
        **({} if request.forward else {"backward": _backward_records(request)}),
        **({"gradient": gradients[0]} if len(gradients) == 1 else {"jacobian": gradients}),
        "notes": note_records(view.notes()),
    }
    return json_text(trace) + "\n"


def _backward_records(request: TraceRequest) -> list[dict[str, object]]:
    passes = request.passes
    several = len(request.view.results) > 1
    return [
        ({"of": passes.names[passes.results[which]]} if several else {})
        | {
            "adjoint": each.target, "from": each.source, "slope": None if each.slope is None else str(each.slope),
            "factor": each.factor, "term": each.term, "total": each.total,
        }
        for which in request.starts
        for each in passes.backward(which)
    ]  # fmt: skip
