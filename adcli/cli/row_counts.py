"""What a run over many rows counts and reports at its end: bad, incomplete, undefined and imprecise rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ..errors import DomainError, join_names
from ..formula.answer import answer_at
from ..strict_json import finite_or_name
from ..tables.bad_rows import BadRows
from .output import note, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..explain.notes import Note
    from ..formula.outputs import Outputs
    from ..tables.block import Block
    from ..tables.column import AnyArray, Array
    from ..tables.read_options import Mask


class RowCounts:
    """How many rows there are, and which of them need a note.

    Args:
        on_error: what to do with bad rows.

    Attributes:
        rows: how many were computed.
        bad: the bad ones.
    """

    def __init__(self, on_error: str) -> None:
        self.rows = 0
        self.bad = BadRows(on_error)
        self._missing, self._undefined, self._imprecise = _NotedRows(), _NotedRows(), _NotedRows()

    def add(self, block: Block, results: Sequence[Array], imprecise: AnyArray | None) -> None:
        """Count the rows of a block. `imprecise`: which of them have few digits."""
        self.rows += block.count
        missing = block.find_missing()
        self._missing.add(block, missing)
        self._undefined.add(block, _find_undefined(results, missing))
        self._imprecise.add(block, imprecise)

    def facts(self) -> dict[str, Any]:
        """Return the counts as data for JSON."""
        return {
            "rows": self.rows,
            "bad": {"count": self.bad.count, "first": self.bad.first},
            "missing": self._missing.facts(),
            "undefined": self._undefined.facts(),
            "imprecise": self._imprecise.facts(),
        }

    def add_facts(self, facts: Mapping[str, Any]) -> None:
        """Count the rows that `facts` was returned for, after those that are counted."""
        self.rows += facts["rows"]
        self.bad.count += facts["bad"]["count"]
        self.bad.first = self.bad.first or facts["bad"]["first"]
        self._missing.add_facts(facts["missing"])
        self._undefined.add_facts(facts["undefined"])
        self._imprecise.add_facts(facts["imprecise"])

    def report(self, outputs: Outputs, fixed: dict[str, float], strict: bool) -> int:
        """Print a note for each kind of rows, and return the exit status.

        Args:
            outputs, fixed: of the rows.
            strict: whether a row with a missing cell or an undefined result is an error.
        """
        if bad := self.bad.report():
            note(bad)
        incomplete = self._missing.report(
            ("has a missing cell", "have a missing cell"), self.rows, _name_missing, strict
        )
        explain = partial(_explain, outputs, fixed, _is_cancellation)
        self._imprecise.report(("is imprecise", "are imprecise"), self.rows, explain, False)
        explain = partial(_explain, outputs, fixed, _is_fatal)
        return self._undefined.report(("is undefined", "are undefined"), self.rows, explain, strict) or incomplete


def _is_cancellation(remark: Note) -> bool:
    return remark.kind == "cancellation"


def _is_fatal(remark: Note) -> bool:
    return remark.fatal


def _name_missing(point: Mapping[str, float]) -> str:
    """Return the variables without a value."""
    return join_names([name for name, number in point.items() if number != number])


def _explain(
    outputs: Outputs, fixed: Mapping[str, float], is_cause: Callable[[Note], bool], point: Mapping[str, float]
) -> str:
    """Return the first note on a point that `is_cause` accepts, an empty text if there is none."""
    try:
        notes = answer_at(outputs, {**fixed, **point}).notes
    except DomainError as error:
        return str(error)
    return next((str(remark) for remark in notes if is_cause(remark)), "")


def _find_undefined(results: Sequence[Array], missing: Mask | None) -> AnyArray:
    """Return for each row whether a result is nan and no value is missing."""
    import numpy as np

    undefined: AnyArray = np.isnan(results[0])
    for column in results[1:]:
        undefined = undefined | np.isnan(column)
    return undefined if missing is None else undefined & ~missing


class _NotedRows:
    """The rows of which a note is printed: how many, and the first."""

    def __init__(self) -> None:
        self._count = 0
        self._first: tuple[str, dict[str, float]] | None = None  # where it came from, and its numbers

    def add(self, block: Block, mask: AnyArray | None) -> None:
        """Count those of a block."""
        import numpy as np

        count = 0 if mask is None else int(np.count_nonzero(mask))
        if mask is not None and count and self._first is None:
            row = int(np.argmax(mask))
            self._first = block.describe_row(row), {name: float(column[row]) for name, column in block.numbers.items()}
        self._count += count

    def facts(self) -> dict[str, Any]:
        """Return the same as data for JSON."""
        if self._first is None:
            return {"count": self._count, "first": None}
        place, point = self._first
        numbers = {name: finite_or_name(number) for name, number in point.items()}
        return {"count": self._count, "first": {"row": place, "point": numbers}}

    def add_facts(self, facts: Mapping[str, Any]) -> None:
        """Count the rows that `facts` was returned for."""
        self._count += facts["count"]
        first = facts["first"]
        if self._first is None and first is not None:
            self._first = first["row"], {name: float(number) for name, number in first["point"].items()}

    def report(
        self, verbs: tuple[str, str], rows: int, explain: Callable[[Mapping[str, float]], str], strict: bool
    ) -> int:
        """Print how many there are, if there are any, and return the exit status.

        Args:
            verbs: what one row, or several, are.
            rows: of the table.
            explain: returns the reason, from the numbers of the first such row.
            strict: whether such a row is an error.
        """
        if self._first is None:
            return 0
        place, point = self._first
        text = f"{self._count} of {count_text(rows)} {verbs[self._count > 1]}"
        text += f"; the first: {place}"
        if cause := explain(point):
            text += f", {cause}"
        if strict:
            say(text)
            return 1
        note(text)
        return 0


def count_text(rows: int) -> str:
    """Return a number of rows as text."""
    return "1 row" if rows == 1 else f"{rows} rows"
