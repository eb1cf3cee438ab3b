"""SQL for PostgreSQL: results beyond the range of float64 are NULL or 0, and raise no error.

PostgreSQL ends a statement with an error if a product is too large, or so small that it is 0. So the arguments of each
such operation are tested first. Results below 2.3e-308 may become 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import ClassVar

from ...ops import Op
from ...ops.arithmetic import ATOM, NEGATION, PRODUCT, SUM
from ..forms import Form, Spellings, form, infix
from ..layout import Constants
from .sql import LARGEST_FLOAT, ROW
from .sql import Target as SqlTarget

SMALLEST_FLOAT = "2.2250738585072014e-308"
_MOST, _LEAST = float(LARGEST_FLOAT), float(SMALLEST_FLOAT)
_HARMLESS = 1e290  # a sum of the largest number and a smaller one than this rounds to the largest number


def _case(*branches: str) -> Form:
    """Return a choice, a line for each branch. It repeats its arguments, so these have names or are numbers."""
    return form("CASE WHEN " + "\n            WHEN ".join(branches) + " END", ATOM, ATOM)


# The exponent of e that a power would have. Neither ln(…) nor the product may leave the range here.
_EXPONENT = "ln(abs({0})) * CASE WHEN abs({1}) > 1e-290 THEN {1} ELSE 0e0 END"
_SPELLINGS = {
    "add": _case(
        "{1} >= 0 THEN CASE WHEN {0} <= huge - {1} THEN {0} + {1} END",
        "{0} >= -huge - {1} THEN {0} + {1}",
    ),
    "sub": _case(
        "{1} <= 0 THEN CASE WHEN {0} <= huge + {1} THEN {0} - {1} END",
        "{0} >= {1} - huge THEN {0} - {1}",
    ),
    "mul": _case(
        "abs({1}) > 1 THEN CASE WHEN abs({0}) <= huge / abs({1}) THEN {0} * {1} END",
        "abs({0}) <= huge THEN CASE WHEN abs({0}) >= tiny / NULLIF(abs({1}), 0) THEN {0} * {1} ELSE 0e0 * {1} END",
    ),
    "div": _case(
        "abs({1}) < 1 THEN CASE WHEN abs({0}) <= huge * abs({1}) THEN {0} / NULLIF({1}, 0) END",
        "abs({0}) >= tiny * abs({1}) THEN CASE WHEN abs({0}) <= huge THEN {0} / {1} END",
        "abs({0}) <= huge AND abs({1}) <= huge THEN 0e0",
    ),
    "pow": _case(
        "{1} = 0 THEN 1e0",
        "{0} = 0 THEN CASE WHEN {1} > 0 THEN 0e0 END",
        "abs({0}) > huge OR abs({1}) > 1e300 OR ({0} < 0 AND {1} <> floor({1})) THEN NULL",
        f"{_EXPONENT} < -708 THEN 0e0",
        f"{_EXPONENT} < 709.78 THEN power({{0}}, {{1}})",
    ),
} | {name: form(f"{name}(CASE WHEN abs({{0}}) <= huge THEN {{0}} END)", ATOM, ATOM) for name in ("sin", "cos", "tan")}


def _spell_product(position: int, product: str, factor: float) -> Form:
    """Return a product of a number of this size and the argument at a place."""
    if factor == 1.0:
        return form(product, PRODUCT, NEGATION)
    size = f"abs({{{position}}})"
    if factor > 1.0:
        return _case(f"{size} <= {_MOST / factor!r} THEN {product}")
    least = f"{_LEAST / factor if factor else _MOST!r}"
    return _case(f"{size} >= {least} THEN {product}", f"{size} < {least} THEN 0e0")


def _spell_power(exponent: float, template: str) -> Form:
    """Return a power to a known exponent, for which the bases that keep it in the range are known too."""
    low, high = sorted(_root(end, exponent) for end in (_LEAST, _MOST))
    low = max(low * (1.0 + 1e-15), 0.0 if exponent > 0 else 5e-324)
    base, below, above = "{0}", "0e0", "NULL"
    if exponent == int(exponent):
        base = "abs({0})"
    elif exponent > 0:
        below = "CASE WHEN {0} >= 0 THEN 0e0 END"
    if exponent < 0:
        below, above = above, f"CASE WHEN {base} <= huge THEN 0e0 END"
    return _case(
        f"{base} BETWEEN {low!r} AND {min(high * (1.0 - 1e-15), _MOST)!r} THEN {template}",
        f"{base} < 1 THEN {below}",
        f"{base} > 1 THEN {above}",
    )


def _root(end: float, exponent: float) -> float:
    """Return the base whose power is an end of the range, or the largest number if it is beyond the range."""
    try:
        return float(end ** (1.0 / exponent))
    except OverflowError:
        return _MOST


class Target(SqlTarget):
    """One statement.

    >>> from adcli.codegen.request import derive_request
    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> "THEN power(x, 3e0)" in Target.write(derive_request(x**3.0, "x**3"))
    True
    """

    suffixes = ()
    row_columns = f"({ROW}).*"
    spellings: ClassVar[Spellings] = {**SqlTarget.spellings, **_SPELLINGS}
    extra_columns: ClassVar[Mapping[str, str]] = {"huge": LARGEST_FLOAT, "tiny": SMALLEST_FLOAT}

    def spell(self, op: Op, constants: Constants) -> Form:
        """Return the form of an operation, with a test before it if its result may leave the range."""
        number = next((value for value in constants if value is not None), None)
        if op.name in ("add", "sub") and number is not None and abs(number) < _HARMLESS:
            return infix("+" if op.name == "add" else "-", SUM)
        if op.name == "mul" and number:
            position = 1 if constants[0] is not None else 0
            return _spell_product(position, "{0} * {1}", abs(number))
        if op.name == "div" and constants[1]:
            return _spell_product(0, "{0} / {1}", 1.0 / abs(constants[1]))
        if op.name == "square":
            return _spell_power(2.0, "{0} * {0}")
        if op.name == "pow" and constants[1] and isfinite(constants[1]):
            return _spell_power(constants[1], "power({0}, {1})")
        return _SPELLINGS.get(op.name) or super().spell(op, constants)
