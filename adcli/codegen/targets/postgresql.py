"""SQL as PostgreSQL reads it: what leaves the range of float64 is NULL or 0, where its own arithmetic raises an error.

PostgreSQL ends a statement with an error where a product is too large, or so small that it is 0; so each operation
that can do that is asked first. Results below 2.3e-308 may become 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from ...ops import Op
from ...ops.arithmetic import ATOM, NEGATION, PRODUCT
from ..forms import Form, form
from ..request import Request
from .sql import KNOWN, LARGEST, statement
from .sql import spell as plain

SUFFIXES = ()

SMALLEST = "2.2250738585072014e-308"
_MOST, _LEAST = float(LARGEST), float(SMALLEST)
_HARMLESS = 1e290  # whoever adds it to a number near the largest gets that number


def _case(*branches: str) -> Form:
    """A choice, a line for each branch; its arguments have names or are numbers, for they stand in it repeatedly."""
    return form("CASE WHEN " + "\n            WHEN ".join(branches) + " END", ATOM, ATOM)


# The exponent of e that a power would have; neither ln(…) nor the product may leave the range here.
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


def spell(op: Op, constants: Sequence[float | None]) -> Form:
    """The form of an operation, with a question before it where its result may leave the range."""
    number = next((value for value in constants if value is not None), None)
    if op.name in ("add", "sub") and number is not None and abs(number) < _HARMLESS:
        return plain(op, constants)
    if op.name == "mul" and number:
        place = 1 if constants[0] is not None else 0
        return _scaled(place, "{0} * {1}", abs(number))
    if op.name == "div" and constants[1]:
        return _scaled(0, "{0} / {1}", 1.0 / abs(constants[1]))
    if op.name == "square":
        return _power(2.0, "{0} * {0}")
    if op.name == "pow" and constants[1] and isfinite(constants[1]):
        return _power(constants[1], "power({0}, {1})")
    return _SPELLINGS.get(op.name) or plain(op, constants)


def _scaled(place: int, product: str, factor: float) -> Form:
    """A product of a number of this size and what stands at a place."""
    if factor == 1.0:
        return form(product, PRODUCT, NEGATION)
    size = f"abs({{{place}}})"
    if factor > 1.0:
        return _case(f"{size} <= {_MOST / factor!r} THEN {product}")
    least = f"{_LEAST / factor if factor else _MOST!r}"
    return _case(f"{size} >= {least} THEN {product}", f"{size} < {least} THEN 0e0")


def _power(exponent: float, written: str) -> Form:
    """A power to a known exponent: between which bases it stays in the range is known too."""
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
        f"{base} BETWEEN {low!r} AND {min(high * (1.0 - 1e-15), _MOST)!r} THEN {written}",
        f"{base} < 1 THEN {below}",
        f"{base} > 1 THEN {above}",
    )


def _root(end: float, exponent: float) -> float:
    """The base whose power is an end of the range, if it is in the range itself."""
    try:
        return float(end ** (1.0 / exponent))
    except OverflowError:
        return _MOST


def write(request: Request) -> str:
    """One statement.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> "THEN power(x, 3e0)" in write(Request(x**3.0, "x**3"))
    True
    """
    return statement(
        request, spell, KNOWN | {"square"}, quote='"', real="DOUBLE PRECISION", materialized=" MATERIALIZED",
        constants={"huge": LARGEST, "tiny": SMALLEST},
    )  # fmt: skip
