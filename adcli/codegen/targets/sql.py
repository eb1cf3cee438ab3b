"""SQL: a SELECT that adds value and derivatives to the rows of a table, for DuckDB.

Results are finite. A result that is undefined, infinite, or made of something infinite is NULL.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import ClassVar

from ...errors import RequestError, quoted
from ...ops import Op
from ...ops.arithmetic import AND, ATOM, COMPARISON, NEGATION, NOT, OR, PRODUCT
from ..code_writer import CodeWriter
from ..comments import Comment, description
from ..error_functions import SPELLINGS as ERROR_FUNCTIONS
from ..forms import Form, Spellings, arithmetic, form, tie_share
from ..layout import Constants, Layout
from ..names import PREFIX, Names, words

_RESERVED = """
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
    verbose view virtual when where window with without year inputs oid ctid xmin xmax cmin cmax tableoid abs
    acos acosh asin asinh atan atan2 atanh ceil cos cosh exp floor huge ln log log10 power sign sin sinh sqrt tan tiny
"""

LARGEST_FLOAT = "1.7976931348623157e308"
TABLE_NAME = "points"  # the default table that the statement reads
ROW = f"{PREFIX}row"  # the name of a row of the table, and of the column that holds it whole


def _guard(function: str, condition: str) -> Form:
    """Return a function that is NULL unless a condition on its argument holds. Some databases raise errors there."""
    return form(f"{function}(CASE WHEN {condition} THEN {{0}} END)", ATOM, COMPARISON + 1)


_POWER = form(
    "CASE WHEN {0} > 0 OR ({0} = 0 AND {1} >= 0) OR ({0} < 0 AND {1} = floor({1})) THEN power({0}, {1}) END",
    ATOM,
    COMPARISON + 1,
)
_SPELLINGS: Spellings = arithmetic() | ERROR_FUNCTIONS | {
    "eq": form("{0} = {1}", COMPARISON, COMPARISON + 1),
    # A comparison with NULL is neither true nor false. `not` and `!=` hold where an argument is undefined.
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
    "sqrt": _guard("sqrt", "{0} >= 0"),
    # Here atan(1/x) would be NULL at 0.
    "acot": form("CASE WHEN {0} = 0 THEN 1.5707963267948966e0 ELSE atan(1e0 / {0}) END", ATOM, COMPARISON + 1),
    "exp": form(
        "CASE WHEN {0} < -708 THEN 0e0 WHEN {0} < 709.78 THEN exp({0}) END", ATOM, COMPARISON + 1
    ),
    "log": _guard("ln", "{0} > 0"),
    "log10": _guard("log10", "{0} > 0"),
    "sin": form("sin({0})"),
    "cos": form("cos({0})"),
    "tan": form("tan({0})"),
    "asin": _guard("asin", "{0} BETWEEN -1 AND 1"),
    "acos": _guard("acos", "{0} BETWEEN -1 AND 1"),
    "atan": form("atan({0})"),
    "atan2": form("atan2({0}, {1})"),
    "sinh": _guard("sinh", "{0} BETWEEN -710 AND 710"),
    "cosh": _guard("cosh", "{0} BETWEEN -710 AND 710"),
    "tanh": form("tanh({0})"),
    "asinh": form("asinh({0})"),
    "acosh": _guard("acosh", "{0} >= 1"),
    "atanh": _guard("atanh", "{0} > -1 AND {0} < 1"),
    "pow": _POWER,
}  # fmt: skip


class Target(CodeWriter):
    """One statement. Each level of it names values, and reads those of the level before.

    One column of the levels holds the whole row of the table, so that the names of its columns and of the values do
    not meet.

    Class attributes:
        quote: the mark around a name that is not a plain word.
        whole_row: a row of the table as one column.
        row_columns: all columns of such a column.
        distinct: the word that keeps equal rows once, with a space after it.
        real: the type of a float64.
        materialized: the hint to compute a level once instead of copying it into the next one.
        largest: the largest number of operations in one expression.
        extra_columns: columns of numbers that the spellings read.

    >>> from adcli.codegen.request import derive_request
    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(Target.write(derive_request(x * x, "x*x", ["value"])).partition("WITH")[2], end="")
     inputs AS MATERIALIZED (
        SELECT adcli_row,
            NULLIF(CAST(adcli_row.x AS DOUBLE PRECISION), 'NaN') AS x
        FROM points AS adcli_row
    ),
    level1 AS MATERIALIZED (
        SELECT *, x * x AS f FROM inputs
    )
    SELECT adcli_row.*,
        CASE WHEN abs(f) <= 1.7976931348623157e308 THEN f END AS f
    FROM level1;
    """

    suffixes: ClassVar[tuple[str, ...]] = (".sql",)
    comment = Comment("--", forbidden=("${",))  # Spark replaces ${…} even in comments
    reserved = words(_RESERVED)
    folded_names = True
    spellings = _SPELLINGS
    reads_table = True
    quote: ClassVar[str] = '"'
    whole_row: ClassVar[str] = ROW
    row_columns: ClassVar[str] = f"{ROW}.*"
    distinct: ClassVar[str] = ""
    real: ClassVar[str] = "DOUBLE PRECISION"
    materialized: ClassVar[str] = " MATERIALIZED"
    largest: ClassVar[int] = 12  # SQLite's parser keeps a stack of 100
    extra_columns: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def title(cls) -> str:
        """Return the name of the target in messages."""
        return "SQL"

    def take_name(self) -> str:
        """Return the name for the column of the value."""
        if not self.request.variables:
            raise RequestError("SQL needs a variable", hint="the columns of a table are the variables")
        table = TABLE_NAME if self.request.table is None else self.request.table
        if not table or not table.isprintable():
            raise RequestError(f"{quoted(table)} is not the name of a table", hint="give a name such as runs")
        self.table = self._quote(table)
        self.tables = Names({*self.reserved - {"inputs"}, table}, folded=True)
        return self.request.name

    def make_layout(self) -> Layout:
        """Return the statements. A result has the name of its column."""
        self.columns = self._columns()
        request = self.request
        pairs = [
            *zip(request.results, request.values, strict=True),
            *((name, value) for name, value, _ in self.columns),
        ]
        labels = {value: column for column, value in reversed(pairs)}
        return Layout(request.program, self.spell, self.number, self.names, labels, len(request.values), self.largest)

    def spell(self, op: Op, constants: Constants) -> Form:
        """Return the form of an operation. It is NULL where the operation is undefined or infinite."""
        if op.name == "div":
            if constants[1]:
                return form("{0} / {1}", PRODUCT, (PRODUCT, PRODUCT + 1))
            return form("{0} / NULLIF({1}, 0)", PRODUCT, (PRODUCT, 0))
        if op.name == "pow":
            return _spell_power(constants[1])
        if op.name == "tie_share":
            share = "CASE WHEN {0} IS NOT NULL THEN COALESCE(1e0 / NULLIF({ties}, 0), 0e0) END"
            return tie_share(len(constants), "CASE WHEN {0} = {1} THEN 1e0 ELSE 0e0 END", share)
        return super().spell(op, constants)

    def number(self, value: float) -> tuple[str, float]:
        """Return a literal. Its exponent makes it a float instead of a decimal. Infinity and nan are NULL."""
        if not isfinite(value):
            return "NULL", ATOM
        text = repr(value)
        return text if "e" in text else f"{text.removesuffix('.0')}e0", NEGATION if text.startswith("-") else ATOM

    def lines(self) -> list[str]:
        """Return a comment and the statement."""
        source = self.tables.take("inputs")
        inputs = ",\n        ".join([*self.carried(), *self._inputs()])
        tables = [
            f"{source} AS{self.materialized} (\n    SELECT {self.distinct}{inputs}\n    FROM {self.table} AS {ROW}\n)"
        ]
        for position, level in enumerate(self._levels(), 1):
            select = f"SELECT *, {f',{chr(10)}        '.join(level)} FROM {source}"
            source = self.tables.take(f"level{position}")
            tables.append(f"{source} AS{self.materialized} (\n    {select}\n)")
        results = ",\n".join([f"SELECT {self.row_columns}", *self._results(source)])
        return [*self.heading(), "WITH " + ",\n".join(tables), results, f"FROM {self.joined(source)};"]

    def carried(self) -> list[str]:
        """Return the columns that lead from the last level back to the rows of the table."""
        return [self.whole_row]

    def joined(self, source: str) -> str:
        """Return what the last SELECT reads: the last level."""
        return source

    def _inputs(self) -> list[str]:
        """Return the columns of the variables, as numbers."""
        inputs = zip(self.request.variables, self.layout.inputs, strict=True)
        columns = [f"{self.cast(f'{ROW}.{self._quote(name)}')} AS {column}" for name, column in inputs]
        return columns + [f"{value} AS {column}" for column, value in self.extra_columns.items()]

    def cast(self, column: str) -> str:
        """Return a column as a number, NULL for nan."""
        return f"NULLIF(CAST({column} AS {self.real}), 'NaN')"

    def heading(self) -> list[str]:
        """Return the comment that describes the statement."""
        lines = description(self.request, self.layout, "f")
        table = self.request.table or TABLE_NAME
        lines[2] = f"From the table {table} with the columns {', '.join(self.request.variables)}:"
        note = "A result that is undefined or infinite, or made of something infinite, is NULL."
        position = next((position for position, line in enumerate(lines) if line.startswith("Where the value")), None)
        if position is None:
            lines.insert(-1, note)
        else:
            lines[position] = note
        return self.comment.lines(lines)

    def _columns(self) -> list[tuple[str, int, int]]:
        """Return the names of the results, their numbers, and those of the values that make them NULL.

        They are ``f``, ``df_dx``, ``d2f_dx_dy`` and ``jvp``, those of a vector ``f1``, ``df1_dx`` … ``jvp1``.
        """
        request = self.request
        slopes = [f"d{of}_d{name}" for of in request.results for name in request.wrt]
        labels = {
            "value": request.results,
            "gradient": slopes,
            "jacobian": slopes,
            "hessian": [f"d2{of}_d{x}_d{y}" for of in request.results for x in request.wrt for y in request.wrt],
            "jvp": ["jvp"] if request.is_number else [_jvp_name(name, request.name) for name in request.results],
        }
        return [
            column
            for part in request.parts
            for column in zip(labels[part], request.numbers(part), request.masks(part), strict=True)
        ]

    def _levels(self) -> list[list[str]]:
        """Return the columns of each level, which read only columns of the levels before."""
        depth: dict[int, int] = {}
        levels: list[list[str]] = []
        for each in self.layout.statements:
            level = max((depth.get(value, -1) for value in self.layout.reads(each.value)), default=-1) + 1
            depth[each.value] = level
            if level == len(levels):
                levels.append([])
            text = f"({each.text})" if each.is_condition else each.text
            levels[level].append(f"{text} AS {each.name}")
        return levels

    def _results(self, source: str) -> list[str]:
        """Return the columns of the results, which are NULL unless the value and the result are finite."""
        names = Names({*self.reserved, *self.layout.inputs}, folded=True)
        first = len(self.request.variables)
        literals = range(first, first + len(self.request.program.constants))
        results = []
        for column, number, value in self.columns:
            text = self.result_text(source, number)
            tested = [self.result_text(source, value)] if number != value else []
            if number not in literals:
                tested.append(text)
            condition = " AND ".join(f"abs({each}) <= {LARGEST_FLOAT}" for each in tested)
            checked = f"CASE WHEN {condition} THEN {text} END" if condition else text
            results.append(f"    {checked} AS {names.take(column)}")
        return results

    def result_text(self, source: str, number: int) -> str:
        """Return a result, which is a column of the last level or a number, as the last SELECT reads it."""
        return self.layout.text(number)

    def _quote(self, name: str) -> str:
        """Return the name of a column in the table, in quotes if it needs them."""
        if name not in self.reserved and name.isascii() and name.isidentifier() and name == name.lower():
            return name
        return self.quote + name.replace(self.quote, self.quote * 2) + self.quote


def _jvp_name(result: str, function: str) -> str:
    """Return the column of a slope along the tangent, as the command jvp names it: ``jvp1`` of ``f1``."""
    number = result.removeprefix(function)
    return f"jvp{number}" if number.isdigit() and number != result else f"jvp_{result}"


def _spell_power(exponent: float | None) -> Form:
    """Return a power. If the exponent is known, only the base is tested."""
    if exponent is None or not isfinite(exponent):
        return _POWER
    if exponent == int(exponent):
        return form("power({0}, {1})" if exponent > 0 else "power(NULLIF({0}, 0), {1})")
    sign = ">=" if exponent > 0 else ">"
    return form(f"power(CASE WHEN {{0}} {sign} 0 THEN {{0}} END, {{1}})", ATOM, COMPARISON + 1)
