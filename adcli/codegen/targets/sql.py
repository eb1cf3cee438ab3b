"""SQL: a SELECT that adds value and slopes to the rows of a table; for DuckDB and SQLite.

Results are finite: where one is undefined, infinite, or made of something infinite, it is NULL.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import isfinite
from types import MappingProxyType

from ...errors import RequestError
from ...ops import Op
from ...ops.arithmetic import AND, ATOM, COMPARISON, NEGATION, NOT, OR, PRODUCT
from ..comments import description
from ..defined import expand
from ..forms import Form, Table, arithmetic, form
from ..layout import Layout, Speller, refuse
from ..names import Names, comment_lines, words
from ..request import Request

SUFFIXES = (".sql",)

RESERVED = words(
    """
    abort action add after all alter always analyse analyze and anti any array as asc asymmetric at attach
    authorization before begin between binary both by cascade case cast check collate collation column commit
    concurrently conflict constraint create cross current current_catalog current_date current_role current_schema
    current_time current_timestamp current_user database day default deferrable deferred delete desc describe detach
    distinct do drop e each else end escape except exclude exclusive exists explain fail false fetch filter first
    following for foreign freeze from full function generated glob grant group groups having if ignore ilike
    immediate in index indexed inf initially inner insert instead intersect interval into is isnull join key lambda
    last lateral leading left like limit localtime localtimestamp map match materialized minus month nan natural no
    not nothing notnull null nulls of offset on only or order others out outer over overlaps partition pi pivot
    placing plan pragma preceding primary qualify query raise range recursive references regexp reindex release
    rename replace restrict returning right rollback row rowid rows savepoint second select semi session_user show
    similar some summarize symmetric table tablesample temp temporary then ties time timestamp to trailing
    transaction trigger true unbounded union unique unpivot unsigned update user using vacuum values variadic
    verbose view virtual when where window with without year points inputs oid ctid xmin xmax cmin cmax tableoid abs
    acos acosh asin asinh atan atan2 atanh ceil cos cosh exp floor huge ln log log10 power sign sin sinh sqrt tan tiny
    """
)

MOST = 12  # operations in one expression: SQLite's parser keeps a stack of 100
LARGEST = "1.7976931348623157e308"
POINTS = "points"  # the table that is read


def _guarded(function: str, condition: str) -> Form:
    """A function where a condition on its argument holds, else NULL: some databases raise errors there."""
    return form(f"{function}(CASE WHEN {condition} THEN {{0}} END)", ATOM, COMPARISON + 1)


SPELLINGS: Table = arithmetic() | {
    "eq": form("{0} = {1}", COMPARISON, COMPARISON + 1),
    # A comparison with NULL is neither true nor false; `not` and `!=` hold where something is undefined.
    "ne": form("COALESCE({0} <> {1}, TRUE)"),
    "and": form("{0} AND {1}", AND, (AND, AND + 1)),
    "or": form("{0} OR {1}", OR, (OR, OR + 1)),
    "not": form("NOT COALESCE({0}, FALSE)", NOT),
    "where": form("CASE WHEN {0} THEN {1} ELSE {2} END"),
    "min": form("CASE WHEN {0} <= {1} THEN {0} WHEN {1} < {0} THEN {1} END", ATOM, COMPARISON + 1),
    "max": form("CASE WHEN {0} >= {1} THEN {0} WHEN {1} > {0} THEN {1} END", ATOM, COMPARISON + 1),
    "abs": form("abs({0})"),
    "sign": form(
        "CASE WHEN {0} > 0 THEN 1e0 WHEN {0} < 0 THEN -1e0 WHEN {0} = 0 THEN 0e0 END", ATOM, COMPARISON + 1
    ),
    "floor": form("floor({0})"),
    "ceil": form("ceil({0})"),
    "sqrt": _guarded("sqrt", "{0} >= 0"),
    "exp": form(
        "CASE WHEN {0} < -708 THEN 0e0 WHEN {0} < 709.78 THEN exp({0}) END", ATOM, COMPARISON + 1
    ),
    "log": _guarded("ln", "{0} > 0"),
    "log10": _guarded("log10", "{0} > 0"),
    "sin": form("sin({0})"),
    "cos": form("cos({0})"),
    "tan": form("tan({0})"),
    "asin": _guarded("asin", "{0} BETWEEN -1 AND 1"),
    "acos": _guarded("acos", "{0} BETWEEN -1 AND 1"),
    "atan": form("atan({0})"),
    "atan2": form("atan2({0}, {1})"),
    "sinh": _guarded("sinh", "{0} BETWEEN -710 AND 710"),
    "cosh": _guarded("cosh", "{0} BETWEEN -710 AND 710"),
    "tanh": form("tanh({0})"),
    "asinh": form("asinh({0})"),
    "acosh": _guarded("acosh", "{0} >= 1"),
    "atanh": _guarded("atanh", "{0} > -1 AND {0} < 1"),
}  # fmt: skip
_POWER = form(
    "CASE WHEN {0} > 0 OR ({0} = 0 AND {1} >= 0) OR ({0} < 0 AND {1} = floor({1})) THEN power({0}, {1}) END",
    ATOM, COMPARISON + 1,
)  # fmt: skip
KNOWN = {*SPELLINGS, "pow", "tie_share"} - {"min", "max", "square"}


def spell(op: Op, constants: Sequence[float | None]) -> Form:
    """The form of an operation; it is NULL where it is undefined or infinite."""
    if op.name == "div":
        if constants[1]:
            return form("{0} / {1}", PRODUCT, (PRODUCT, PRODUCT + 1))
        return form("{0} / NULLIF({1}, 0)", PRODUCT, (PRODUCT, 0))
    if op.name == "pow":
        return _power(constants[1])
    if op.name == "tie_share":
        count = len(constants)
        ties = " + ".join(f"CASE WHEN {{0}} = {{{place}}} THEN 1e0 ELSE 0e0 END" for place in range(1, count))
        return form(f"1e0 / NULLIF({ties}, 0)", PRODUCT, COMPARISON + 1)._replace(repeated=frozenset({0}))
    known = SPELLINGS.get(op.name)
    if not isinstance(known, Form):
        raise refuse(op, "SQL")
    return known


def _power(exponent: float | None) -> Form:
    """A power; of a known exponent only the base is guarded."""
    if exponent is None or not isfinite(exponent):
        return _POWER
    if exponent == int(exponent):
        return form("power({0}, {1})" if exponent > 0 else "power(NULLIF({0}, 0), {1})")
    sign = ">=" if exponent > 0 else ">"
    return form(f"power(CASE WHEN {{0}} {sign} 0 THEN {{0}} END, {{1}})", ATOM, COMPARISON + 1)


def number(value: float) -> tuple[str, float]:
    """A literal with an exponent, which makes it a float and no decimal; what is not finite is NULL."""
    if not isfinite(value):
        return "NULL", ATOM
    text = repr(value)
    return text if "e" in text else f"{text.removesuffix('.0')}e0", NEGATION if text.startswith("-") else ATOM


def write(request: Request) -> str:
    """One statement; every level of it names values, and reads those of the level before.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(write(Request(x * x, "x*x", ["value"])).partition("WITH")[2], end="")
     inputs AS MATERIALIZED (
        SELECT NULLIF(CAST(x AS DOUBLE PRECISION), 'NaN') AS x FROM points
    ),
    level1 AS MATERIALIZED (
        SELECT *, x * x AS f FROM inputs
    )
    SELECT x,
        CASE WHEN abs(f) <= 1.7976931348623157e308 THEN f END AS f
    FROM level1;
    """
    return statement(request, spell, KNOWN, quote='"', real="DOUBLE PRECISION", materialized=" MATERIALIZED")


def statement(
    request: Request,
    speller: Speller,
    known: Collection[str],
    *,
    quote: str,
    real: str,
    materialized: str,
    constants: Mapping[str, str] = MappingProxyType({}),
    most: int = MOST,
) -> str:
    """The statement in one of the dialects.

    Args:
        request: what is to be computed.
        speller: how the dialect spells an operation.
        known: the names of those that it spells.
        quote: what stands around a name that is no plain word.
        real: the type of a float64.
        materialized: what keeps a level from being written into the next one, over and over.
        constants: columns of numbers that the spellings read.
        most: operations in one expression.
    """
    if not request.variables:
        raise RequestError("SQL needs a variable", hint="the columns of a table are the variables")
    request = request.over(expand(request.program, known))
    names = Names(RESERVED, folded=True)
    columns = _columns(request)
    layout = Layout(
        request.program, speller, number, names,
        {request.value: request.name} | {value: column for column, value in reversed(columns)}, most,
    )  # fmt: skip
    levels = _levels(layout)
    reads = [
        f"NULLIF(CAST({_quoted(name, quote)} AS {real}), 'NaN') AS {column}"
        for name, column in zip(request.variables, layout.inputs, strict=True)
    ]
    reads += [f"{value} AS {column}" for column, value in constants.items()]
    listed = ",\n        ".join(reads)
    parts = [f"inputs AS{materialized} (\n    SELECT {listed} FROM {POINTS}\n)"]
    source = "inputs"
    for place, level in enumerate(levels, 1):
        listed = ",\n        ".join(level)
        parts.append(f"level{place} AS{materialized} (\n    SELECT *, {listed} FROM {source}\n)")
        source = f"level{place}"
    taken = Names({*RESERVED, *layout.inputs}, folded=True)
    value = layout.text(request.value)
    results = []
    constants_end = len(request.program.variables) + len(request.program.constants)
    for column, number_ in columns:
        text = layout.text(number_)
        checked = [value] if number_ != request.value else []
        if not len(request.program.variables) <= number_ < constants_end:  # a number says itself what it is
            checked.append(text)
        finite = " AND ".join(f"abs({each}) <= {LARGEST}" for each in checked)
        shown = f"CASE WHEN {finite} THEN {text} END" if finite else text
        results.append(f"    {shown} AS {taken.take(column)}")
    given = [
        column if column == name else f"{column} AS {_quoted(name, quote)}"
        for name, column in zip(request.variables, layout.inputs, strict=True)
    ]
    comment = [f"-- {line}".rstrip() for text in _description(request, layout) for line in comment_lines(text, ["${"])]
    body = f"WITH {','.join(chr(10) * bool(place) + part for place, part in enumerate(parts))}"
    return "\n".join([*comment, body, f"SELECT {', '.join(given)},", ",\n".join(results), f"FROM {source};"]) + "\n"


def _columns(request: Request) -> list[tuple[str, int]]:
    """The names of the results, and the values they hold: ``f``, ``df_dx``, ``d2f_dx_dy``, ``jvp``."""
    slopes = [f"df_d{name}" for name in request.wrt]
    curvatures = [f"d2f_d{one}_d{other}" for one in request.wrt for other in request.wrt]
    labels = {"value": [request.name], "gradient": slopes, "hessian": curvatures, "jvp": ["jvp"]}
    return [pair for part, values in request.parts.items() for pair in zip(labels[part], values, strict=True)]


def _levels(layout: Layout) -> list[list[str]]:
    """The columns of each level: those whose inputs stand in the levels before."""
    depth: dict[int, int] = {}
    levels: list[list[str]] = []
    for each in layout.statements:
        level = max((depth.get(value, -1) for value in layout.reads(each.value)), default=-1) + 1
        depth[each.value] = level
        if level == len(levels):
            levels.append([])
        text = f"({each.text})" if each.condition else each.text
        levels[level].append(f"{text} AS {each.name}")
    return levels


def _quoted(name: str, quote: str) -> str:
    """A column as it is called in the table."""
    if name not in RESERVED and name.isascii() and name.isidentifier() and name == name.lower():
        return name
    return quote + name.replace(quote, quote * 2) + quote


def _description(request: Request, layout: Layout) -> list[str]:
    lines = description(request, layout)
    lines[2] = f"From the table {POINTS} with the columns {', '.join(request.variables)}:"
    place = next((i for i, line in enumerate(lines) if line.startswith("Where the value")), None)
    note = "A result that is undefined or infinite, or made of something infinite, is NULL."
    return [*lines[:place], note, *lines[place + 1 :]] if place is not None else [*lines[:-1], note, lines[-1]]
