"""Treat bad rows as ``--on-error fail|nan|skip`` asks, and count them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..errors import RequestError
from .block import Block


class BadRows:
    """Treat bad rows and count them.

    Attributes:
        mode: ``fail`` ends the run at the first bad row, ``nan`` makes its inputs nan, ``skip`` leaves it out.
        count: of bad rows so far.
        first: what is wrong with the first one.
    """

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self.count = 0
        self.first = ""

    def apply(self, name: str, blocks: Iterable[Block]) -> Iterator[Block]:
        """Yield the blocks of the table `name` without problems.

        Raises:
            RequestError: there is a bad row and the mode is ``fail``. The rows before it were yielded.
        """
        empty: Block | None = None  # for the types of the columns, if all rows are left out
        has_rows = False
        for block in blocks:
            if not block.problems:
                has_rows = True
                yield block
                continue
            first = min(block.problems)
            message = f"{name}, {block.problems[first]}"
            if self.mode == "fail":
                if first:
                    yield block.pick(slice(0, first))
                raise RequestError(message, hint="use --on-error nan or skip to go on after bad rows")
            self.first = self.first or message
            self.count += len(block.problems)
            for rest in self._without_problems(block):
                has_rows = True
                yield rest
            empty = empty or block.pick(slice(0, 0))
        if empty is not None and not has_rows:
            yield empty

    def _without_problems(self, block: Block) -> Iterator[Block]:
        import numpy as np

        bad = list(block.problems)
        good = np.ones(block.count, dtype=bool)
        good[bad] = False
        if self.mode == "skip":
            if good.any():
                yield block.pick(np.flatnonzero(good))
            return
        for name, column in block.numbers.items():
            block.numbers[name] = column = np.require(column, requirements="W")  # a copy of what may not be changed
            column[bad] = np.nan
        block.missing = {name: mask & good for name, mask in block.missing.items()}  # count a row once
        block.problems = {}
        yield block

    def report(self) -> str | None:
        """Return the message for the end, or None."""
        if not self.count:
            return None
        rows = "1 bad row" if self.count == 1 else f"{self.count} bad rows"
        treatment = "left out" if self.mode == "skip" else "given nan"
        return f"{rows} {treatment}; the first: {self.first}"
