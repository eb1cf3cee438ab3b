"""SQL as Spark reads it: the statement of the target sql with Spark's quotes and types."""

from __future__ import annotations

from ...errors import RequestError, quoted
from ..request import Request
from .sql import KNOWN, spell, statement

SUFFIXES = ()

MOST = 60  # operations in one expression: its parser minds none, and its planner minds levels
LEVELS = 40  # that it resolves with the iterations it is given


def write(request: Request) -> str:
    """One statement, with no hint to keep the levels: Spark repeats no expression that is read more than once.

    Raises:
        RequestError: a column whose name Spark would replace before it reads the statement.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("select")
    >>> "CAST(`select` AS DOUBLE)" in write(Request(x * x, "select*select"))
    True
    """
    for name in request.variables:
        if "${" in name:
            raise RequestError(f"Spark replaces ${{…}} in statements, and a column is called {quoted(name)}")
    text = statement(request, spell, KNOWN, quote="`", real="DOUBLE", materialized="", most=MOST)
    levels = text.count("\nlevel")
    if levels > LEVELS:
        advice = f"-- SET spark.sql.analyzer.maxIterations = {10 * levels};"
        return f"-- {levels} levels of names: more than Spark resolves unless you first say:\n{advice}\n{text}"
    return text
