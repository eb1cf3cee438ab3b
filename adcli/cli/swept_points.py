"""Many points from the words of the command line: the grid of sweeps, or what `points.py` makes of tables."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ..errors import RequestError
from ..tables.block import Block
from ..tables.sweep import Grid
from .inputs import no_value, read_number, read_texts
from .ranges import is_sweep, read_sweep

if TYPE_CHECKING:
    from ..formula.lowered import Lowerings
    from ..tables.bad_rows import BadRows
    from ..tables.delimited_cells import TextDialect
    from .options import TableOptions
    from .points import TablePoints
    from .words import ParsedWords

# Python computes sweeps up to these sizes one point at a time, in less time than importing NumPy takes.
FEW_POINTS = 100
FEW_OPERATIONS = 50_000  # at all points together


def open_points(
    words: ParsedWords, table: TableOptions, formula: Lowerings, directed: bool = False, unknown: str | None = None
) -> SweptPoints | TablePoints:
    """Open the points that the words name.

    Args:
        words, table: of the command line.
        formula: the expression.
        directed: whether directions may be among the variables.
        unknown: a variable that is computed. Its starts are not printed before the results.
    """
    if table.data:
        from .points import TablePoints

        return TablePoints(words, table, formula, directed, unknown)
    return SweptPoints(words, formula, table.zipped, directed, unknown)


class SweptPoints:
    """The points of sweeps, and of the values that are not swept.

    Attributes:
        formula: the expression. With `directed` the directions that have values are variables of it.
        directions: per variable that moves the name of its direction.
        inputs: the names of the columns that are printed before the results.
        fixed: the values that are the same everywhere.
        dialect: None, because no table is read.
        remarks: none, for the same reason.
    """

    def __init__(
        self, words: ParsedWords, formula: Lowerings, zipped: bool, directed: bool, unknown: str | None
    ) -> None:
        self.directions: dict[str, str] = {}
        if directed:
            from .directions import read_directions

            formula, self.directions = read_directions(words, formula)
        self.formula = formula
        texts = read_texts(words, formula)
        missing = [name for name in formula.variables if name not in texts]
        if missing:
            raise no_value(missing, formula)
        self.inputs = [name for name in formula.variables if name != unknown]
        self.dialect: TextDialect | None = None
        self.remarks: Sequence[str] = ()
        swept = {
            name: read_sweep(name, text, partial(read_number, name, formula=formula))
            for name, text in texts.items()
            if is_sweep(text)
        }
        if zipped and len(swept) < 2:
            raise RequestError("--zip needs several swept variables", hint="as in --x 0:1:11 --y 0:2:11 --zip")
        self.fixed = {name: read_number(name, text, formula) for name, text in texts.items() if name not in swept}
        self._grid = Grid(swept, zipped)

    def are_few(self, operations: int) -> bool:
        """Return whether importing NumPy takes longer than so many operations at each of the points."""
        count = self._grid.count
        return count <= FEW_POINTS and count * operations <= FEW_OPERATIONS

    def columns(self) -> dict[str, list[float]]:
        """Return the values of every variable at each of a few points."""
        fixed = {name: [number] * self._grid.count for name, number in self.fixed.items()}
        return fixed | self._grid.columns()

    def blocks(self, bad: BadRows) -> Generator[Block, None, None]:
        """Return the points, in order. None of them is bad."""
        return self._grid.blocks(self.inputs, self.fixed)

    def part(self, rows: int) -> float | None:
        """Return how much of the whole so many rows are, from 0 to 1."""
        return rows / self._grid.count

    def has_rows(self, limit: int) -> bool:
        """Return whether there are at least so many points."""
        return self._grid.count >= limit

    def close(self) -> None:
        """Do nothing."""
