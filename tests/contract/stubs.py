"""The types of the public functions, for editors and type checkers: `python -m tests.contract.stubs` writes them.

`adcli/_functions.pyi` is made from the table. `tests/contract/test_functions.py` holds the two in step.
"""

from __future__ import annotations

from inspect import Parameter, signature
from pathlib import Path

import adcli
from adcli.ops import PUBLIC, Op

STUB = Path(adcli.__file__).parent / "_functions.pyi"
HEAD = '''"""The functions of the table, typed. Made by `python -m tests.contract.stubs`."""

# mypy: disable-error-code="overload-overlap"

from collections.abc import Sequence
from typing import Any, TypeVar, overload

from numpy.typing import NDArray

from .ops import Carrier
from .ops.op import Array, Numeric
from .ops.shapes import Axis

C = TypeVar("C", bound=Carrier)
A = NDArray[Any] | Sequence[Any]  # an array, or nested lists of numbers
'''
# The types of parameters, by name; what is not here is differentiated.
PARAMETERS = {
    "axis": "Axis", "keepdims": "bool", "shape": "int | Sequence[int]", "axes": "int | Sequence[int]", "axis1": "int",
    "axis2": "int", "index": "object", "vector": "bool | None",
}  # fmt: skip
ARRAYS = {"reshape", "broadcast_to", "transpose", "swapaxes", "stack", "concatenate", "diag", "outer", "solve", "inv"}


def overloads(op: Op) -> list[tuple[str, str]]:
    """Return the parameters and the result of each overload: numbers, carriers, arrays."""
    parameters = list(signature(op).parameters.values())
    operands = [each.name for i, each in enumerate(parameters) if each.name not in PARAMETERS and i not in op.integers]
    kinds: list[tuple[dict[str, str], str]] = []
    if op.is_elementwise:
        kinds.append((dict.fromkeys(operands, "float"), "float"))
    for place, name in enumerate(operands):
        before = dict.fromkeys(operands[:place], "float | A")
        kinds.append((before | {name: "C"} | dict.fromkeys(operands[place + 1 :], "C | float | A"), "C"))
    arrays = "Array" if op.is_elementwise or op.name in ARRAYS else "Numeric"
    kinds.append((dict.fromkeys(operands, "float | A"), arrays))
    if op.variadic:
        first = operands[0]
        kinds = [({first: "float"}, "float")] if op.is_elementwise else [({first: "C | Sequence[C]"}, "C")]
        kinds += [({first: "float | A"}, "Array"), ({first: "C | float | A"}, "C")]
    return [(", ".join(declared(op, each, types) for each in parameters), result) for types, result in kinds]


def declared(op: Op, parameter: Parameter, types: dict[str, str]) -> str:
    """Return one parameter with its type and, where it has one, its default."""
    kind = types.get(parameter.name) or PARAMETERS.get(parameter.name, "int")
    star = "*" if parameter.kind is Parameter.VAR_POSITIONAL else ""
    default = "" if parameter.default is Parameter.empty else " = ..."
    return f"{star}{parameter.name}: {kind}{default}"


def text() -> str:
    """Return the whole stub."""
    blocks = [HEAD]
    for word, op in PUBLIC.items():
        if word != op.name and op.name in PUBLIC:
            blocks.append(f"{word} = {op.name}\n")
            continue
        found = overloads(op)
        lines = [f"@overload\ndef {word}({parameters}) -> {result}: ...\n" for parameters, result in found[:-1]]
        parameters, result = found[-1]
        lines.append(f'@overload\ndef {word}({parameters}) -> {result}:\n    """{op.doc}"""\n')
        blocks.append("".join(lines))
    return "\n".join(blocks)


if __name__ == "__main__":
    STUB.write_text(text(), encoding="utf-8")
