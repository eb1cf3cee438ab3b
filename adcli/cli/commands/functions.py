"""`adcli functions`: the table of operations, for people and for programs."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from ..words import format_of

if TYPE_CHECKING:
    from ...ops import Op

FIELDS = ("name", "aliases", "written", "formula", "domain", "derivative", "convention", "error", "description")
FORMS = {"getitem": "x[i], x[i, j:k]", "stack": "[x, y, …], stack(x, y, …, axis=0)",
         "transpose": "x.T, transpose(x, axes…)"}  # fmt: skip
FORMATS = ("text", "json", "csv", "tsv")
ORDERS = ("value", "first", "second", "third")


@click.command("functions", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="How to print: without it by the suffix of -o, or text."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("-o", "--output", metavar="FILE", help="Write there instead of to standard output; - is standard output.")
def command(names: tuple[str, ...], form: str | None, as_json: bool, output: str | None) -> None:
    """The functions there are: domain, derivative, convention at kinks, measured worst error.

    \b
    Examples:
      adcli functions
      adcli functions sqrt erf
      adcli functions --format csv

    Errors are in units in the last place: of the value, and of the first, second and third derivative.
    """
    from ...errors import UnknownNameError, closest
    from ...ops import FUNCTIONS, TABLE
    from ..output import write

    words = {**{op.name: op for op in TABLE.values()}, **FUNCTIONS}
    for name in names:
        if name not in words:
            meant = closest(name, list(words))
            hint = f"did you mean '{meant}'?" if meant else "`adcli functions` lists them all"
            raise UnknownNameError(f"there is no function '{name}'", hint=hint)
    ops = list(dict.fromkeys(words[name] for name in names)) or sorted(TABLE.values(), key=lambda op: op.helper)
    errors = stored_errors()
    records = [record(op, errors.get(op.name, {})) for op in ops]
    write(_PRINTERS[format_of(form, as_json, output, FORMATS)](records), output)


def stored_errors() -> dict[str, dict[str, float]]:
    """The measured worst errors, from `adcli/ops/accuracy.tsv`, in ulps per name and order."""
    from ... import ops

    path = os.path.join(os.path.dirname(os.path.abspath(ops.__file__)), "accuracy.tsv")
    with open(path, encoding="utf-8") as file:
        header, *lines = [line.rstrip("\n").split("\t") for line in file]
    return {
        line[0]: {order: float(cell) for order, cell in zip(header[1:], line[1:], strict=True) if cell}
        for line in lines
    }


def record(op: Op, errors: dict[str, float]) -> dict[str, Any]:
    """What there is to say of one op, by field."""
    names = argument_names(op)
    return {
        "name": op.name,
        "aliases": list(op.aliases),
        "written": written(op, names),
        "formula": formula(op, names),
        "domain": op.domain.text if op.domain else _shapes(op) if op.shape else "(-inf, inf)",
        "derivative": derivatives(op, names),
        "convention": [f"{kink.kind} at {kink.where}" + _says(kink.says) for kink in op.kinks],
        "error": errors,
        "description": op.doc,
    }


def _says(says: Any) -> str:
    return f": {says}" if isinstance(says, str) else ": slopes 0 and 1; each gets its equal share"


def argument_names(op: Op) -> list[str]:
    """The names of the arguments as they are written."""
    from ...ops.signature import argument_names as names_of

    if op.variadic:
        return ["x", "y"]
    if op.shape is not None:
        return ["A", "b"] if op.name == "solve" else ["A"] if "square" in _shapes(op) else ["x", "y"][: op.arity]
    return names_of(op)


def formula(op: Op, names: list[str]) -> str:
    """What a helper is in functions of textbooks; nothing if that depends on its order."""
    from ...graph.expr import Expr, Graph

    if op.textbook is None or not op.helper or op.integers:
        return ""
    graph = Graph()
    shape = () if op.is_elementwise else (2, 2)
    result = op.textbook(*[graph.variable(name, shape) for name in names])
    return str(result) if isinstance(result, Expr) else ""


def written(op: Op, names: list[str]) -> str:
    """The op as one writes it."""
    if op.name in FORMS:
        return FORMS[op.name]
    if op.sign is None:
        return f"{op.name}({', '.join([*names, *(['…'] if op.variadic else []), *_parameters(op)])})"
    return (
        f"{op.sign} {names[0]}"
        if op.arity == 1 and op.sign.isalpha()
        else f" {op.sign} ".join(names)
        if op.arity > 1
        else op.sign + names[0]
    )


def _parameters(op: Op) -> list[str]:
    """``axis=None`` for what has a default, ``shape…`` for what takes several, the name alone for the rest."""
    from ...ops.signature import defaults_of, parameters_of

    names, rest = parameters_of(op)
    defaults = defaults_of(op)
    shown = [name for name in names if name != "vector"]  # it follows from the shapes
    return [
        f"{name}…" if name in (rest, "index") else f"{name}={defaults[name]}" if name in defaults else name
        for name in shown
    ]


def _shapes(op: Op) -> str:
    """What a tensor operation takes; its rule for shapes knows, where it has no parameters."""
    from ...errors import ShapeError

    if op.arity == 2 and not op.helper:
        return "square matrices, and vectors or matrices" if op.name == "solve" else "vectors and matrices"
    taken = []
    rule = op.shape
    if rule is None or op.signature is not None:
        return "arrays"
    for shape in ((), (3,), (2, 3)):
        with suppress(ShapeError):
            rule(shape)
            taken.append(len(shape))
    if 0 in taken:
        return "arrays"
    return "vectors and matrices" if 1 in taken else "matrices" if 2 in taken else "square matrices"


def derivatives(op: Op, names: list[str]) -> dict[str, str]:
    """The partial derivatives as text, by argument; none for a condition or a tensor operation."""
    from ...graph.derive import gradient
    from ...graph.expr import Graph

    if op.is_condition or not op.is_elementwise:
        return {}
    graph = Graph()
    arguments = [graph.variable(name) for name in names]
    fixed = {*op.integers, *op.takes_conditions}
    listed = [place for place in range(len(names)) if place not in fixed]
    slopes = gradient(op(*arguments), [arguments[place] for place in listed])
    return {names[place]: "0" if slope is None else str(slope) for place, slope in zip(listed, slopes, strict=True)}


def _text(records: list[dict[str, Any]]) -> str:
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
            lines.append(
                "  error        " + ", ".join(f"{order} {error:g}" for order, error in entry["error"].items()) + " ulp"
            )
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _json(records: list[dict[str, Any]]) -> str:
    from json import dumps

    return "".join(dumps(entry, ensure_ascii=False) + "\n" for entry in records)


def _table(records: list[dict[str, Any]], separator: str) -> str:
    import csv
    from io import StringIO

    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\n")
    columns = [field for field in FIELDS if field != "error"]
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


_PRINTERS: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "text": _text,
    "json": _json,
    "csv": lambda r: _table(r, ","),
    "tsv": lambda r: _table(r, "\t"),
}
