"""Python, with nothing but math: the bits of adcli, and like it without an exception for any floats."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Sequence
from math import isfinite, isnan

from ...ops import Op
from ...ops.arithmetic import AND, ATOM, COMPARISON, NEGATION, NOT, OR
from ..comments import description, named, nonzero, rows
from ..forms import CHOICE, Form, Table, arithmetic, call, form
from ..layout import Layout
from ..names import Names, comment_lines
from ..request import Request
from ..source import Library, python_text

SUFFIXES = (".py",)

RESERVED = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "math", "functools", "np", "jax", "jnp"})

SPELLINGS: Table = {name: spelled for name, spelled in arithmetic().items() if name != "div"} | {
    "and": form("{0} and {1}", AND, (AND, AND + 1)),
    "or": form("{0} or {1}", OR, (OR, OR + 1)),
    "not": form("not {0}", NOT, COMPARISON),
    "where": form("{1} if {0} else {2}", CHOICE, OR),
    "abs": "abs",
    "hypot": "math.hypot",
    "atan": "math.atan",
    "atan2": "math.atan2",
    "asinh": "math.asinh",
    "erf": "math.erf",
}
_DIVISION = arithmetic()["div"]


def spell(op: Op, constants: Sequence[float | None], helpers: Library) -> Form:
    """The form of an operation: a sign where Python's cannot raise, else a call of a kernel."""
    if nonzero(op, constants):
        return _DIVISION
    known = SPELLINGS.get(op.name)
    return known if isinstance(known, Form) else call(known or helpers.kernel(op), len(constants))


def number(value: float) -> tuple[str, float]:
    """A literal, and how tightly it binds."""
    text = "math.nan" if isnan(value) else repr(value) if isfinite(value) else "-math.inf" if value < 0 else "math.inf"
    return text, NEGATION if text.startswith("-") else ATOM


def write(request: Request) -> str:
    """A function of floats that returns the one part, or a tuple of the parts.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(write(Request(x * x, "x*x")).partition('Made by')[2].partition('"\\n')[2], end="")
        x = float(x)
        value = x * x
        if value != value:
            return math.nan, (math.nan,)
        return value, (x + x,)
    """
    helpers = Library()
    names = Names(RESERVED, ascii_only=False)
    name = names.take(request.name)
    layout = Layout(request.program, lambda op, constants: spell(op, constants, helpers), number, names, named(request))
    lines = [f"def {name}({', '.join(layout.inputs)}):", *docstring(request, layout, name)]
    if layout.inputs:
        floats = ", ".join(f"float({each})" for each in layout.inputs)
        lines.append(f"    {', '.join(layout.inputs)} = {floats}")
    lines += [f"    {statement.name} = {statement.text}" for statement in layout.statements]
    value = layout.text(request.value, COMPARISON + 1)
    if set(request.parts) != {"value"}:
        lines += [f"    if {value} != {value}:", f"        return {answer(request, layout, 'math.nan')}"]
    lines.append(f"    return {answer(request, layout)}")
    body = [*python_text(helpers.definitions.values()), "\n".join(lines)]
    imports = "\n".join(f"import {module}" for module in sorted({"math", *helpers.modules}))
    return "\n\n\n".join([imports, *body]) + "\n"


def docstring(request: Request, layout: Layout, name: str) -> list[str]:
    """The docstring of the function, line by line."""
    paragraphs = description(request, layout, name)
    lines = [f"    {line}".rstrip() for text in paragraphs for line in comment_lines(text, ('"""',))]
    return [f'    """{lines[0].lstrip()}', *lines[1:], '    """']


def answer(request: Request, layout: Layout, undefined: str | None = None) -> str:
    """What is returned: the part, or the parts as a tuple; the gradient is a tuple, the Hessian one of rows."""
    texts = []
    for part, values in request.parts.items():
        entries = tuple(undefined or layout.text(value, OR) for value in values)
        if part == "hessian":
            entries = tuple(tuple_text(row) for row in rows(entries, len(request.wrt)))
        texts.append(tuple_text(entries) if part in ("gradient", "hessian") else entries[0])
    return ", ".join(texts)


def tuple_text(entries: Sequence[str]) -> str:
    """A tuple, also of one entry."""
    return f"({', '.join(entries)}{',' if len(entries) == 1 else ''})"
