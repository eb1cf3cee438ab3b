"""SQL for SQLite: the statement of the target sql, with the results joined to the rows by the variables."""

from __future__ import annotations

from ..names import PREFIX
from .sql import ROW
from .sql import Target as SqlTarget


class Target(SqlTarget):
    """One statement. SQLite has no column for a whole row, so each set of equal variables is computed once.

    >>> from adcli.codegen.request import derive_request
    >>> from adcli.graph.expr import Graph
    >>> x = Graph().variable("x")
    >>> print(Target.write(derive_request(x * x, "x*x", ["value"])).partition("SELECT *")[2], end="")
    , x * x AS f FROM inputs
    )
    SELECT adcli_row.*,
        CASE WHEN abs(level1.f) <= 1.7976931348623157e308 THEN level1.f END AS f
    FROM points AS adcli_row JOIN level1 ON adcli_row.x IS level1.adcli_key1;
    """

    suffixes = ()
    distinct = "DISTINCT "

    @classmethod
    def title(cls) -> str:
        """Return the name of the target in messages."""
        return "SQLite"

    def carried(self) -> list[str]:
        """Return the columns of the variables as they stand in the table."""
        return [f"{ROW}.{self._quote(name)} AS {PREFIX}key{n}" for n, name in enumerate(self.request.variables, 1)]

    def joined(self, source: str) -> str:
        """Return the table with the last level."""
        pairs = [
            f"{ROW}.{self._quote(name)} IS {source}.{PREFIX}key{n}" for n, name in enumerate(self.request.variables, 1)
        ]
        return f"{self.table} AS {ROW} JOIN {source} ON {' AND '.join(pairs)}"

    def result_text(self, source: str, number: int) -> str:
        """Return a result with the name of the level, because the table may have a column of the same name."""
        text = self.layout.text(number)
        return f"{source}.{text}" if number in self.layout.names else text
