"""SQL as Spark reads it: the statement of the target sql with Spark's quotes and types."""

from __future__ import annotations

from .request import Request
from .sql import statement

SUFFIXES = ()


def write(request: Request) -> str:
    """One statement, with no hint to keep the levels: Spark repeats no expression that is read more than once.

    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("select")
    >>> "CAST(`select` AS DOUBLE) AS select_" in write(Request(x * x, "select*select"))
    True
    """
    return statement(request, quote="`", real="DOUBLE", materialized="", target="spark")
