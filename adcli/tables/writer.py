"""The interface of the writers of all formats: the stream they write to, the heading, and their methods."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from ..records import NamedTuple

if TYPE_CHECKING:
    from .block import Block
    from .column import Array
    from .delimited_cells import TextDialect

Printer = Callable[[float], str]
SEPARATORS = {"csv": ",", "tsv": "\t"}  # between the cells of these formats


class Stream(Protocol):
    """A binary output.

    Attributes:
        streamed: whether bytes leave at once and cannot be taken back, as on a pipe.
        rewritable: whether the beginning can be written again.
    """

    streamed: bool
    rewritable: bool

    def write(self, data: bytes | memoryview, /) -> None:
        """Write all of the bytes."""

    def rewrite(self, data: bytes, /) -> None:
        """Write over the beginning, if it is `rewritable`."""


class Heading(NamedTuple):
    """The facts about a table that a writer needs before its rows.

    Attributes:
        variables: of the expression.
        inputs: the names of the columns before the results.
        labels: the results as text names them, like ``df/dx``.
        names: the results as columns are named, like ``df_dx``.
        dialect: how the table that is read is written, if it is CSV or TSV.
        compression: of the columns in a Parquet or Arrow file, ``none``, ``lz4`` or ``zstd``; None for the default.
    """

    variables: Sequence[str]
    inputs: Sequence[str]
    labels: Sequence[str]
    names: Sequence[str]
    dialect: TextDialect | None = None
    compression: str | None = None


class Writer(ABC):
    """Write blocks and the results of their rows."""

    @abstractmethod
    def write(self, block: Block, results: Sequence[Array]) -> None:
        """Write the rows of one block."""

    def finish(self) -> None:
        """Write what comes after the last row."""
        return

    def close(self) -> None:
        """Release resources, finished or not."""
        return
