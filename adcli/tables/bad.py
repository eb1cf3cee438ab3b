"""Bad rows: what happens to them (``--on-error fail|nan|skip``), and how many there were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..errors import RequestError
from .block import Block


class BadRows:
    """What is done with bad rows, and the count of them.

    Attributes:
        mode: ``fail`` ends the run at the first, ``nan`` makes its inputs nan, ``skip`` leaves it out.
        count: how many there were.
        first: the first one.
    """

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self.count = 0
        self.first = ""

    def treated(self, name: str, blocks: Iterable[Block]) -> Iterator[Block]:
        """The blocks of the table `name` without problems.

        Raises:
            RequestError: there is a bad row and the mode is ``fail``; the rows before it were given out.
        """
        for block in blocks:
            if not block.problems:
                yield block
                continue
            import numpy as np

            first = min(block.problems)
            message = f"{name}, {block.problems[first]}"
            if self.mode == "fail":
                if first:
                    yield block.pick(slice(0, first))
                raise RequestError(message, hint="--on-error nan or skip goes on after bad rows")
            self.first = self.first or message
            self.count += len(block.problems)
            if self.mode == "skip":
                good = np.ones(block.count, dtype=bool)
                good[list(block.problems)] = False
                if good.any():
                    yield block.pick(np.flatnonzero(good))
                continue
            for column in block.numbers.values():
                column[list(block.problems)] = np.nan
            block.problems = {}
            yield block

    def report(self) -> str | None:
        """What to say at the end, or None."""
        if not self.count:
            return None
        rows = "1 bad row" if self.count == 1 else f"{self.count} bad rows"
        done = "left out" if self.mode == "skip" else "given nan"
        return f"{rows} {done}; the first: {self.first}"
