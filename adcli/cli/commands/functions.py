"""`adcli functions`: the table of operations, for people and for programs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypedDict

import click

from ..declarations import ABOUT, command_in
from ..options import complete, output_options

if TYPE_CHECKING:
    from ...ops import Op
    from ...ops.domain import Kink
    from ...ops.groups import Group

SPELLINGS = {  # of operations that are not written as a call or with a sign alone
    "getitem": "x[i], x[i, j:k]",
    "stack": "[x, y, …], stack(x, y, …, axis=0)",
    "transpose": "x.T, transpose(x, axes…)",
}
ORDERS = ("value", "first", "second", "third")


class Record(TypedDict):
    """The description of one operation. JSON has these fields in this order."""

    name: str
    aliases: list[str]
    written: str
    formula: str
    domain: str
    derivative: dict[str, str]  # as text, by argument
    convention: list[str]
    error: dict[str, float]  # in ulps, by the order of the derivative
    description: str
    group: str


@command_in(ABOUT)
@click.argument("names", nargs=-1, metavar="[NAME|GROUP|PATTERN]...", shell_complete=complete("functions"))
@output_options(lambda: tuple(_PRINTERS))
def command(names: tuple[str, ...], output_format: str, output: str | None) -> None:
    """List the functions: domain, derivative, convention, error.

    \b
    Examples:
      adcli functions
      adcli functions sqrt erf
      adcli functions trig
      adcli functions 'gauss*'
      adcli functions --format csv

    Without a name the list has all functions in groups. A pattern finds names, and words of their descriptions.
    Conventions are those at kinks. Errors are the worst measured ones, in units in the last place, of the value and of
    the first, second and third derivative.
    """
    from ...ops.groups import operations_by_group
    from ..function_search import find_operations
    from ..output import write

    groups = operations_by_group()
    if not names and output_format == "text":
        write(_print_list(groups), output)
        return
    ops = find_operations(names) if names else [op for members in groups.values() for op in members]
    errors = read_accuracy()
    homes = {op: group.name for group, members in groups.items() for op in members}
    write(_PRINTERS[output_format]([describe(op, errors.get(op.name, {}), homes[op]) for op in ops]), output)


def read_accuracy() -> dict[str, dict[str, float]]:
    """Return the worst measured errors from `adcli/ops/accuracy.tsv`, in ulps by name and order."""
    from ... import ops

    path = os.path.join(os.path.dirname(os.path.abspath(ops.__file__)), "accuracy.tsv")
    with open(path, encoding="utf-8") as file:
        header, *lines = [line.rstrip("\n").split("\t") for line in file]
    return {
        line[0]: {order: float(cell) for order, cell in zip(header[1:], line[1:], strict=True) if cell}
        for line in lines
    }


def describe(op: Op, errors: dict[str, float], group: str) -> Record:
    """Return the description of one operation, by field."""
    names = _argument_names(op)
    return {
        "name": op.name,
        "aliases": list(op.aliases),
        "written": _spell(op, names),
        "formula": _textbook_formula(op, names),
        "domain": op.domain.text if op.domain else _describe_shapes(op) if op.shape else "(-inf, inf)",
        "derivative": _derivatives(op, names),
        "convention": [f"{kink.kind} at {kink.where}: {_describe_slopes(kink)}" for kink in op.kinks],
        "error": errors,
        "description": op.doc,
        "group": group,
    }


def _describe_slopes(kink: Kink) -> str:
    return kink.says if isinstance(kink.says, str) else "slopes 0 and 1; each gets its equal share"


def _argument_names(op: Op) -> list[str]:
    """Return the names of the arguments as they are written."""
    from ...ops.signature import argument_names

    if op.variadic:
        return ["x", "y"]
    if op.name == "solve":
        return ["A", "b"]
    if op.shape is not None:
        return ["A"] if "square" in _describe_shapes(op) else ["x", "y"][: op.arity]
    return argument_names(op)


def _textbook_formula(op: Op, names: list[str]) -> str:
    """Return a helper in functions of textbooks, or nothing if the formula depends on its order."""
    from ...graph.expr import Expr, Graph

    if op.textbook is None or not op.helper or op.integers:
        return ""
    graph = Graph()
    shape = () if op.is_elementwise else (2, 2)
    result = op.textbook(*[graph.variable(name, shape) for name in names])
    return str(result) if isinstance(result, Expr) else ""


def _spell(op: Op, names: list[str]) -> str:
    """Return the operation as it is written in an expression."""
    if op.name in SPELLINGS:
        return SPELLINGS[op.name]
    if op.sign is None:
        return f"{op.name}({', '.join([*names, *(['…'] if op.variadic else []), *_parameters(op)])})"
    if op.arity > 1:
        return f" {op.sign} ".join(names)
    return f"{op.sign} {names[0]}" if op.sign.isalpha() else op.sign + names[0]


def _parameters(op: Op) -> list[str]:
    """Return ``axis=None`` with a default, ``shape…`` for several values, otherwise the name alone."""
    from ...ops.signature import defaults_of, parameters_of

    names, rest = parameters_of(op)
    defaults = defaults_of(op)
    shown = [name for name in names if name != "vector"]  # follows from the shapes
    return [
        f"{name}…" if name in (rest, "index") else f"{name}={defaults[name]}" if name in defaults else name
        for name in shown
    ]


def _describe_shapes(op: Op) -> str:
    """Return what a tensor operation takes, by trying its rule for shapes on a number, a vector and a matrix."""
    from ...errors import ShapeError

    if op.arity == 2 and not op.helper:
        return "square matrices, and vectors or matrices" if op.name == "solve" else "vectors and matrices"
    ranks = []
    rule = op.shape
    if rule is None or op.signature is not None:
        return "arrays"
    for shape in ((), (3,), (2, 3)):
        with suppress(ShapeError):
            rule(shape)
            ranks.append(len(shape))
    if 0 in ranks:
        return "arrays"
    return "vectors and matrices" if 1 in ranks else "matrices" if 2 in ranks else "square matrices"


def _derivatives(op: Op, names: list[str]) -> dict[str, str]:
    """Return the partial derivatives as text, by argument. A condition and a tensor operation have none."""
    from ...graph.derive import gradient
    from ...graph.expr import Graph

    if op.is_condition or not op.is_elementwise:
        return {}
    graph = Graph()
    arguments = [graph.variable(name) for name in names]
    fixed = {*op.integers, *op.takes_conditions}
    slopes: dict[str, str] = {}
    for i in [i for i in range(len(names)) if i not in fixed]:
        with suppress(ValueError):  # a derivative that can be written only at a literal order
            [slope] = gradient(op(*arguments), [arguments[i]])
            slopes[names[i]] = "0" if slope is None else str(slope)
    return slopes


def _print_list(groups: Mapping[Group, Sequence[Op]]) -> str:
    """Return a line for each function, under the heading of its group. Helpers of derivatives are left out."""
    blocks = []
    for group, ops in groups.items():
        rows = [(_spell(op, _argument_names(op)), op.doc) for op in ops if not op.helper]
        if rows:
            lines = [f"{written:<22}  {text}" for written, text in rows]
            blocks.append("\n".join([f"{group.title} ({group.name})", *lines]) + "\n")
    last = "`adcli functions NAME` or a group (trig) or a pattern ('log*'): domain, derivative, convention and error\n"
    return "\n".join([*blocks, last])


def _print_text(records: list[Record]) -> str:
    blocks = []
    for entry in records:
        lines = [f"{entry['written']:<22}  {entry['description']}"]
        if entry["aliases"]:
            lines.append(f"  also         {', '.join(entry['aliases'])}")
        if entry["formula"]:
            lines.append(f"  is           {entry['formula']}")
        lines.append(f"  domain       {entry['domain']}")
        lines += [f"  d/d{name:<10}{text}" for name, text in entry["derivative"].items()]
        lines += [f"  convention   {text}" for text in entry["convention"]]
        if entry["error"]:
            errors = ", ".join(f"{order} {error:g}" for order, error in entry["error"].items())
            lines.append(f"  error        {errors} ulp")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _print_json(records: list[Record]) -> str:
    from ...strict_json import json_text

    return "".join(json_text(entry) + "\n" for entry in records)


def _print_table(records: list[Record], separator: str) -> str:
    import csv
    from io import StringIO

    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\n")
    columns = [field for field in Record.__annotations__ if field != "error"]
    writer.writerow([*columns, *(f"ulp_{order}" for order in ORDERS)])
    for entry in records:
        cells = {
            **entry,
            "aliases": " ".join(entry["aliases"]),
            "derivative": "; ".join(f"d/d{name} = {text}" for name, text in entry["derivative"].items()),
            "convention": "; ".join(entry["convention"]),
        }
        writer.writerow([*(cells[column] for column in columns), *(entry["error"].get(order, "") for order in ORDERS)])
    return buffer.getvalue()


_PRINTERS: dict[str, Callable[[list[Record]], str]] = {
    "text": _print_text,
    "json": _print_json,
    "csv": lambda records: _print_table(records, ","),
    "tsv": lambda records: _print_table(records, "\t"),
}
