"""SQL for Spark: the statement of the target sql with Spark's quotes and types."""

from __future__ import annotations

from ...errors import RequestError, quoted
from .sql import ROW
from .sql import Target as SqlTarget

MAX_LEVELS = 40  # levels of names that Spark resolves with its default settings


class Target(SqlTarget):
    """One statement. It has no hint to keep the levels, since Spark repeats no expression that is read more than once.

    >>> from adcli.codegen.request import derive_request
    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("select")
    >>> "CAST(adcli_row.`select` AS DOUBLE)" in Target.write(derive_request(x * x, "select*select"))
    True
    """

    suffixes = ()
    quote = "`"
    whole_row = f"struct({ROW}.*) AS {ROW}"
    real = "DOUBLE"
    materialized = ""
    largest = 60  # Spark's parser has no such limit, but its planner has one for levels

    def take_name(self) -> str:
        """Refuse a column whose name Spark would replace before it reads the statement."""
        for name in self.request.variables:
            if "${" in name:
                raise RequestError(f"Spark replaces ${{…}} in statements, and a column is called {quoted(name)}")
        return super().take_name()

    def lines(self) -> list[str]:
        """Return a comment and the statement, after a setting if it has many levels."""
        lines = super().lines()
        levels = "\n".join(lines).count("\nlevel")
        if levels <= MAX_LEVELS:
            return lines
        setting = f"-- SET spark.sql.analyzer.maxIterations = {10 * levels};"
        return [f"-- {levels} levels of names: more than Spark resolves unless you first say:", setting, *lines]
