"""What generated code says of itself: the expression, what is computed, in which order the results stand."""

from __future__ import annotations

from collections.abc import Sequence

from .. import __version__
from ..ops import Op
from .layout import Layout, renamings
from .names import comment_lines
from .request import Request

_LISTED = 12  # slopes that a comment spells out


def description(request: Request, layout: Layout, name: str = "f") -> list[str]:
    """The paragraphs of the comment or docstring of the function of this name, each a line of any length."""
    arguments = ", ".join(layout.inputs)
    lines = [request.expression, "", f"{name}({arguments}) computes"]
    for part, text in _PARTS.items():
        if part in request.parts:
            lines.append("  " + text.format(slopes=_slopes(request), seeds=", ".join(request.seeds)))
    if len(request.parts) > 1 or "value" not in request.parts:
        lines.append("Where the value is nan, so are all slopes.")
    lines += renamings(request.program, layout)
    lines.append(f"Made by adcli {__version__}.")
    return lines


_PARTS = {
    "value": "value: of the expression.",
    "gradient": "gradient: {slopes}.",
    "hessian": "hessian: the second derivatives by the same variables, row by row.",
    "jvp": "jvp: the derivative along the tangent ({seeds}).",
}


def _slopes(request: Request) -> str:
    names = [f"df/d{name}" for name in request.wrt]
    return ", ".join(names[:_LISTED]) + (f", … ({len(names)} in all)" if len(names) > _LISTED else "") or "empty"


def block_comment(paragraphs: list[str], opening: str = "/*") -> list[str]:
    """A comment between slashes and stars; nothing in it can end it, begin another, or join lines."""
    lines = [line for text in paragraphs for line in comment_lines(text, ("*/", "/*", "??"))]
    return [opening, *(f" * {line}".rstrip() for line in lines), " */"]


def named(request: Request) -> dict[int, str]:
    """What the mask looks at gets a name, where there is a mask."""
    return {} if set(request.parts) == {"value"} else {request.value: "value"}


def rows(values: tuple[str, ...], count: int) -> list[tuple[str, ...]]:
    """The entries of a Hessian in rows of `count`."""
    return [values[place : place + count] for place in range(0, len(values), count)] if count else []


def nonzero(op: Op, constants: Sequence[float | None]) -> bool:
    """Whether an operation is a quotient whose divisor is a number other than 0."""
    return op.name == "div" and bool(constants[1])
