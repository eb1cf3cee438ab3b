"""NumPy: whole arrays at once, by the array kernels of adcli."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isnan

from ...ops import Op
from ...ops.arithmetic import ATOM, NEGATION
from ..comments import named, rows
from ..forms import Form, Table, arithmetic, call
from ..layout import Layout
from ..names import Names
from ..request import Request
from ..source import Library, python_text
from .python import RESERVED, docstring, tuple_text

SUFFIXES = ()

SPELLINGS: Table = arithmetic() | {"where": "np.where", "abs": "np.abs", "and": "np.logical_and", "or": "np.logical_or",
                                   "not": "np.logical_not"}  # fmt: skip


def number(value: float) -> tuple[str, float]:
    """A literal, and how tightly it binds."""
    text = "np.nan" if isnan(value) else repr(value) if isfinite(value) else "-np.inf" if value < 0 else "np.inf"
    return text, NEGATION if text.startswith("-") else ATOM


def write(request: Request) -> str:
    """A function of arrays that broadcast; it returns the one part, or a tuple of the parts, all of the same shape.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(write(Request(x * x, "x*x")).partition('Made by')[2].partition('"\\n')[2], end="")
        x = np.asarray(x, dtype=float)
        with np.errstate(all="ignore"):
            value = x * x
            undefined = np.isnan(value)
            gradient_0 = np.where(undefined, np.nan, x + x)
            return value, (gradient_0,)
    """
    helpers = Library(arrays=True)
    names = Names(RESERVED, ascii_only=False)
    name = names.take(request.name)

    def spell(op: Op, constants: Sequence[float | None]) -> Form:
        known = SPELLINGS.get(op.name)
        return known if isinstance(known, Form) else call(known or helpers.kernel(op), len(constants))

    layout = Layout(request.program, spell, number, names, named(request))
    lines = [f"def {name}({', '.join(layout.inputs)}):", *docstring(request, layout, name)]
    if layout.inputs:
        arrays = ", ".join(f"np.asarray({each}, dtype=float)" for each in layout.inputs)
        lines.append(f"    {', '.join(layout.inputs)} = {arrays}")
    if len(layout.inputs) > 1:
        listed = ", ".join(layout.inputs)
        lines.append(f"    {listed} = np.broadcast_arrays({listed})")
    lines.append('    with np.errstate(all="ignore"):')
    lines += [f"        {statement.name} = {statement.text}" for statement in layout.statements]
    value = layout.text(request.value)
    mask = names.take("undefined")
    if set(request.parts) != {"value"}:
        lines.append(f"        {mask} = np.isnan({value})")
    answers = []
    for part, values in request.parts.items():
        if part == "value":
            answers.append(value if request.value in _computed(request) else _filled(value, layout))
            continue
        entries: list[str] = []
        for place, each in enumerate(values):
            entries.append(names.take(part if part == "jvp" else f"{part}_{place}"))
            lines.append(f"        {entries[-1]} = np.where({mask}, np.nan, {layout.text(each)})")
        if part == "jvp":
            answers.append(entries[0])
        elif part == "gradient":
            answers.append(tuple_text(entries))
        else:
            answers.append(tuple_text([tuple_text(row) for row in rows(tuple(entries), len(request.wrt))]))
    lines.append(f"        return {', '.join(answers)}")
    body = [*python_text(helpers.definitions.values()), "\n".join(lines)]
    modules = sorted({"np", *helpers.modules} - {"np"})
    imports = "\n".join([*(f"import {module}" for module in modules), *([""] if modules else []), "import numpy as np"])
    return "\n\n\n".join([imports, *body]) + "\n"


def _computed(request: Request) -> set[int]:
    """The values that are made of variables, and so have the shape of the arrays."""
    moving = set(range(len(request.program.variables)))
    computed = set()
    for _, out, inputs in request.program.instructions:
        if not moving.isdisjoint(inputs):
            moving.add(out)
            computed.add(out)
    return computed


def _filled(value: str, layout: Layout) -> str:
    """A copy of an input, or a constant in the shape of the inputs."""
    return f"np.full({layout.inputs[0]}.shape, {value})" if layout.inputs else f"np.asarray({value})"
