"""The condition of ``--where``, which chooses rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..errors import AdcliError, RequestError, ShapeError, short
from ..formula.kinds import KINDS, Request, require_numbers
from ..formula.lowered import Lowerings
from ..language.parser import parse_condition

if TYPE_CHECKING:
    from ..ops.operands import Numeric
    from ..tables.block import Block


NUMBERS_HINT = "a condition compares numbers of a row"


class RowFilter:
    """A condition in the language, over the columns of a table and the values that every row gets.

    Args:
        text: the condition.
        fixed: values that every row gets.

    Attributes:
        formula: 1 where the condition holds, otherwise 0.
        variables: the names in it.
        columns: those of them that are columns.

    Raises:
        AdcliError: the text is not a condition.
    """

    def __init__(self, text: str, fixed: Mapping[str, Numeric]) -> None:
        try:
            self.formula = Lowerings(parse_condition(text))
            lowered = require_numbers(self.formula)
        except AdcliError as error:
            error.problem = f"--where: {error.problem}"
            if isinstance(error, ShapeError):
                error.hint = NUMBERS_HINT
            raise
        self.variables = lowered.variables
        self._fixed = {name: fixed[name] for name in self.variables if name in fixed}
        self.columns = [name for name in self.variables if name not in fixed]
        array = next((name for name, value in self._fixed.items() if not isinstance(value, float)), None)
        if array is not None:
            raise RequestError(f"--where: {short(array)} is an array", hint=NUMBERS_HINT)
        outputs = KINDS["value"].build(lowered, Request([]))
        # One backend whatever the number of rows, so that a row is chosen or not whatever stands around it.
        self._compute = outputs.columns("numpy", None, 1)

    def apply(self, block: Block, variables: frozenset[str]) -> Block:
        """Return the rows that satisfy the condition.

        Args:
            block: some rows, with the columns of the condition.
            variables: those of the expression. The numbers of others are dropped.
        """
        import numpy as np

        holds = np.broadcast_to(self._compute({**block.numbers, **self._fixed})[0] != 0.0, block.count)
        for name in [name for name in block.numbers if name not in variables]:
            del block.numbers[name]
            block.missing.pop(name, None)
        return block if holds.all() else block.pick(np.flatnonzero(holds))
