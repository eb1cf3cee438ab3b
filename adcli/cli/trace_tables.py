"""How `adcli trace` prints the passes: the same tables as text, Markdown, LaTeX and JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ..explain.steps import Trace
    from ..graph.expr import Expr
    from .drawing import View

BAR = "\u0304"  # a combining macron: the adjoint of v is v with a bar


class Section(NamedTuple):
    """A table: what it is, the heads of its columns, its rows, and which columns are mathematics."""

    title: str
    head: list[str]
    rows: list[list[Any]]


def printed(
    form: str,
    passes: Trace,
    seen: View,
    chosen: Sequence[int],
    names: Sequence[str],
    forward: bool,
    digits: int | None,
) -> str:
    """The passes in one of the formats.

    Args:
        form: text, markdown, latex or json.
        passes: at the point.
        seen: for the slopes and the notes.
        chosen: the numbers of the results to go back from.
        names: the variables to differentiate by.
        forward: tangents beside the values instead of a backward pass.
        digits: significant ones; None for the shortest that read back.
    """
    if form == "json":
        return _json(passes, seen, chosen, names, forward)
    from .printing import number_printer

    number = number_printer(digits)

    def text(value: Any) -> str:
        if isinstance(value, list):
            return f"[{', '.join(map(text, value))}]"
        if isinstance(value, bool):
            return str(value).lower()
        return text(value.tolist()) if hasattr(value, "tolist") else number(value)

    write = _latex_text if form == "latex" else str
    spell = Spelling(write, text, form == "latex")
    sections = _forward(passes, names, spell) if forward else _reverse(passes, seen, chosen, spell)
    return {"text": _text, "markdown": _markdown, "latex": _latex}[form](sections)


class Spelling(NamedTuple):
    """How formulas and numbers are written, and whether the signs between them are LaTeX's."""

    formula: Callable[[Expr], str]
    number: Callable[[Any], str]
    latex: bool

    def name(self, name: str) -> str:
        """A name of a step."""
        if not self.latex:
            return name
        from ..codegen.typesetting import symbol

        return symbol(name)

    def bar(self, name: str) -> str:
        """The adjoint of a step."""
        return rf"\bar{{{self.name(name)}}}" if self.latex else name + BAR

    def slope(self, of: str, by: str) -> str:
        """A partial derivative."""
        if self.latex:
            return rf"\frac{{\partial {self.name(of)}}}{{\partial {self.name(by)}}}"
        return f"∂{of}/∂{by}"

    def pulled(self, of: str, by: str) -> str:
        """What a tensor operation makes of the adjoint of its result."""
        return f"pull({self.bar(of)})" if not self.latex else rf"\operatorname{{pull}}({self.bar(of)})"

    def words(self, text: str) -> str:
        """A remark among the mathematics."""
        return rf"\text{{{text}}}" if self.latex else text

    @property
    def times(self) -> str:
        """Between factors."""
        return r" \cdot " if self.latex else "·"


def _latex_text(formula: Expr) -> str:
    from ..codegen.typesetting import formula as written

    return written(formula)


def _steps(passes: Trace, spell: Spelling) -> list[list[str]]:
    return [
        [spell.name(step.name), "" if step.formula is None else spell.formula(step.formula), spell.number(step.value)]
        for step in passes.steps
    ]


def _reverse(passes: Trace, seen: View, chosen: Sequence[int], spell: Spelling) -> list[Section]:
    sections = [Section("forward pass", ["step", "formula", "value"], _steps(passes, spell))]
    gradients = []
    for which in chosen:
        result = passes.names[passes.results[which]]
        head = ["adjoint", "", "contribution", "local slope", "adds", "so far"]
        title = "backward pass" + (f" of {result}" if len(seen.results) > 1 else "")
        sections.append(Section(title, head, _accumulated(passes, which, spell)))
        slopes = seen.answers[which].slopes or {}
        gradients += [[spell.slope(result, name), spell.number(slope)] for name, slope in slopes.items()]
    return [*sections, Section("gradient", ["slope", "value"], gradients)]


def _accumulated(passes: Trace, which: int, spell: Spelling) -> list[list[str]]:
    """How the adjoints of one result add up, a row for each contribution."""
    rows = [[spell.bar(passes.names[passes.results[which]]), "=", "1", "", "", spell.number(1.0)]]
    for each in passes.backward(which):
        slope = spell.slope(each.source, each.target)
        if each.slope is not None:
            product = f"{spell.bar(each.source)}{spell.times}{slope}"
            local = spell.formula(each.slope)
            factor = spell.number(each.factor)
            formula = f"{slope} = {local}" + ("" if each.slope.constant is not None else f" = {factor}")
        elif each.is_picked:
            product, formula = spell.pulled(each.source, each.target), ""
        else:
            product, formula = "0", spell.words(f"{each.source} does not pick {each.target}")
        term, total = spell.number(each.term), spell.number(each.total)
        rows.append([spell.bar(each.target), "+=", product, formula, term, total])
    return rows


def _forward(passes: Trace, names: Sequence[str], spell: Spelling) -> list[Section]:
    moves = {name: passes.tangents(name) for name in names}
    rows = _steps(passes, spell)
    for row, step in zip(rows, passes.steps, strict=True):
        for name in names:
            tangent = moves[name].get(step.row)
            row.append("" if isinstance(step.value, bool) else spell.number(0.0 if tangent is None else tangent))
    head = ["step", "formula", "primal", *[f"tangent d/d{name}" for name in names]]
    return [Section("primal and tangents", head, rows)]


def _text(sections: Sequence[Section]) -> str:
    from ..errors import width

    lines = []
    for section in sections:
        widths = [max([0, *[width(row[i]) for row in section.rows]]) for i in range(len(section.head))]
        if len(section.head) > 3:
            widths = [max(w, width(head)) for w, head in zip(widths, section.head, strict=True)]
        lines.append(section.title)
        rows = [section.head, *section.rows] if len(section.head) > 3 else section.rows
        for row in rows:
            cells = [cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=True)]
            lines.append(("  " + "  ".join(cells)).rstrip())
        lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def _markdown(sections: Sequence[Section]) -> str:
    lines = []
    for section in sections:
        lines += [f"### {section.title.capitalize()}", ""]
        for row in [section.head, ["---"] * len(section.head), *section.rows]:
            lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |")
        lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def _latex(sections: Sequence[Section]) -> str:
    lines = []
    for section in sections:
        columns = len(section.head)
        lines += [f"% {section.title}", rf"\begin{{array}}{{{'l' * columns}}}"]
        lines.append(" & ".join(rf"\text{{{head}}}" for head in section.head) + r" \\ \hline")
        lines += [" & ".join(row) + r" \\" for row in section.rows]
        lines += [r"\end{array}", ""]
    return "\n".join(lines[:-1]) + "\n"


def _json(passes: Trace, seen: View, chosen: Sequence[int], names: Sequence[str], forward: bool) -> str:
    from json import dumps

    def plain(value: Any) -> Any:
        """Strict JSON: what is not finite is a string, as in every output."""
        if not isinstance(value, float) or value - value == 0.0:
            return value.tolist() if hasattr(value, "tolist") else value
        return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"

    steps: list[dict[str, Any]] = [
        {"name": step.name, "formula": None if step.formula is None else str(step.formula), "value": plain(step.value)}
        for step in passes.steps
    ]
    trace: dict[str, Any] = {
        "expression": seen.text,
        "at": {name: plain(value) for name, value in seen.answers[0].inputs.items()},
        "mode": "forward" if forward else "reverse",
        "forward": steps,
    }
    if forward:
        for name in names:
            moves = passes.tangents(name)
            for step, line in zip(passes.steps, steps, strict=True):
                line.setdefault("tangents", {})[name] = plain(moves.get(step.row, 0.0))
    else:
        several = len(seen.results) > 1
        trace["backward"] = [
            ({"of": passes.names[passes.results[which]]} if several else {})
            | {
                "adjoint": each.target, "from": each.source, "slope": None if each.slope is None else str(each.slope),
                "factor": plain(each.factor), "term": plain(each.term), "total": plain(each.total),
            }
            for which in chosen
            for each in passes.backward(which)
        ]  # fmt: skip
    gradients = [{name: plain(slope) for name, slope in (seen.answers[which].slopes or {}).items()} for which in chosen]
    trace |= {"gradient": gradients[0]} if len(gradients) == 1 else {"jacobian": gradients}
    trace["notes"] = [{"kind": note.kind, "where": note.where, "message": note.message} for note in seen.notes()]
    return dumps(trace, ensure_ascii=False) + "\n"
