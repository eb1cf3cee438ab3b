"""The results of a formula for pictures and traces: their nodes and, at a point, their numbers and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..errors import UnknownNameError, join_names, quoted
from ..graph.expr import Expr
from ..ops.operands import Numeric
from .notes import Inspection, Note, unique_notes


class ResultAt(NamedTuple):
    """One result at a point.

    Attributes:
        inputs: one value per variable.
        value: of the result.
        slopes: its derivatives by variable.
        inspection: of every node of the result.
        notes: on the value and the derivatives.
    """

    inputs: Mapping[str, Numeric]
    value: Numeric
    slopes: Mapping[str, Numeric]
    inspection: Inspection
    notes: list[Note]


class View(NamedTuple):
    """The results of a formula.

    Attributes:
        text: of the formula, on one line.
        names: of the results.
        results: their nodes, all of one graph.
        slopes: the nodes of the derivatives of each result by variable, for variables that it depends on.
        answers: one for each result, nothing without a point.
    """

    text: str
    names: Sequence[str]
    results: Sequence[Expr]
    slopes: Sequence[Mapping[str, Expr]]
    answers: Sequence[ResultAt]

    @property
    def derivatives(self) -> dict[str, Expr]:
        """The nodes of all derivatives under names such as ``df1/dx``."""
        return {
            f"d{of}/d{name}": slope
            for of, slopes in zip(self.names, self.slopes, strict=True)
            for name, slope in slopes.items()
        }

    def result_index(self, name: str | None, option: str = "of") -> int | None:
        """Return the index of the result to start the backward pass from, or None if there are several and no name.

        Args:
            name: of the result.
            option: that names it, for messages.

        Raises:
            UnknownNameError: there is no such result.
        """
        if name is None:
            return 0 if len(self.names) == 1 else None
        if name not in self.names:
            several = len(self.names) > 1
            hint = (
                f"the results are {join_names(self.names)}" if several else f"the one result is {quoted(self.names[0])}"
            )
            raise UnknownNameError(f"{option} names {quoted(name)}, which is not a result", hint=hint)
        return list(self.names).index(name)

    def notes(self) -> list[Note]:
        """Return the notes on all results, each once."""
        return unique_notes(note for answer in self.answers for note in answer.notes)
