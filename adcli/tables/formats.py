"""The table formats: one row of `FORMATS` and one module each.

The command line takes the choices of ``--format``, the suffixes of ``-o`` and the help of ``--data`` from this list.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from .block import Table
    from .read_options import ReadOptions
    from .source import Source
    from .writer import Heading, Printer, Stream, Writer

    class FormatModule(Protocol):
        """The functions that the module of a format defines."""

        open_table: Callable[[Source, str], Table]
        open_writer: Callable[[Stream, Heading, Printer | None, str], Writer]


class TableFormat:
    """A format of tables.

    Attributes:
        name: as ``--format`` names it.
        title: as help texts call it.
        module: of this package. It has `open_table` if the format is read and `open_writer` if it is written.
        suffixes: of file names, in small letters, without the dot.
        reads: whether ``--data`` reads it.
        writes: whether ``--format`` and ``-o`` write it.
        binary: whether it is unreadable on a terminal and holds binary numbers, which have no digits to choose.
        magic: the first bytes of such a file, one of these, if all files begin alike.
        compresses: whether ``--compression`` chooses how its columns are compressed.
        options: of `ReadOptions` that its reader takes.
    """

    __slots__ = (
        "binary", "compresses", "magic", "module", "name", "options", "reads", "suffixes", "title", "writes",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        title: str,
        module: str,
        suffixes: tuple[str, ...] = (),
        reads: bool = True,
        writes: bool = True,
        binary: bool = False,
        magic: tuple[bytes, ...] = (),
        compresses: bool = False,
        options: tuple[str, ...] = ("na",),
    ) -> None:
        self.name = name
        self.title = title
        self.module = module
        self.suffixes = suffixes
        self.reads = reads
        self.writes = writes
        self.binary = binary
        self.magic = magic
        self.compresses = compresses
        self.options = options

    def has_magic(self, head: bytes) -> bool:
        """Return whether a file with these first bytes is of this format.

        >>> BY_NAME["parquet"].has_magic(b"PAR1\\x15\\x04"), BY_NAME["parquet"].has_magic(b"PAR1,PAR2")
        (True, False)
        """
        for magic in self.magic:
            if head.startswith(magic):
                after = head[len(magic) :][:1]
                is_text = magic.isalnum() and (b" " <= after <= b"~" or after.isspace())  # the name of a column
                return not is_text
        return False


ARROW = (b"ARROW1", b"\xff\xff\xff\xff", b"FEA1")  # a file, a stream and version 1 of Feather
TEXT_OPTIONS = ("delimiter", "decimal", "comment", "skip", "header", "encoding", "na")
FORMATS = (
    TableFormat("text", "text", "plain_text", ("txt", "dat"), reads=False),
    TableFormat("json", "NDJSON", "ndjson", ("json", "ndjson", "jsonl"), options=("encoding", "na")),
    TableFormat("csv", "CSV", "delimited", ("csv",), options=TEXT_OPTIONS),
    TableFormat("tsv", "TSV", "delimited", ("tsv", "tab"), options=TEXT_OPTIONS),
    TableFormat("value", "bare numbers", "plain_text", reads=False),
    TableFormat("npy", "npy", "npy", ("npy",), binary=True, magic=(b"\x93NUMPY",)),
    TableFormat("parquet", "Parquet", "parquet", ("parquet", "pq"), binary=True, magic=(b"PAR1",), compresses=True),
    TableFormat("arrow", "Arrow", "arrow", ("arrow", "feather", "ipc"), binary=True, magic=ARROW, compresses=True),
    TableFormat("npz", "npz", "npz", ("npz",), writes=False, binary=True, magic=(b"PK\x03\x04",)),
)
BY_NAME = {row.name: row for row in FORMATS}
BY_SUFFIX = {suffix: row for row in FORMATS for suffix in row.suffixes}


def load_format(name: str) -> FormatModule:
    """Import the module of a format."""
    from importlib import import_module

    module: FormatModule = import_module(f"adcli.tables.{BY_NAME[name].module}")
    return module


def open_table(path: str, options: ReadOptions | None = None, folder: str = "") -> Table:
    """Open the table in a file, or in standard input for ``-``.

    `folder`: to which the path is relative, empty for the current one. Messages do not name it.

    Raises:
        RequestError: it cannot be read, is not a table, or its format does not take one of the options.
    """
    from .source import Source

    source = Source(path, options, folder)
    try:
        name = detect_format(source)
        _check_options(source, BY_NAME[name or "csv"])
        if not BY_NAME[name or "csv"].binary:
            from .foreign_formats import refuse_foreign

            refuse_foreign(source.name, source.magic)
        table = load_format(name or "csv").open_table(source, name)
    except BaseException:
        source.close()
        raise
    table.format = table.dialect.format if table.dialect is not None else name
    return table


def _check_options(source: Source, row: TableFormat) -> None:
    unfit = next((name for name in source.options.changed() if name not in row.options), None)
    if unfit is not None:
        from ..errors import RequestError
        from .read_options import flag

        raise RequestError(f"{flag(unfit)} does not go with {row.title}, which {source.name} is", hint="leave it out")


def detect_format(source: Source) -> str:
    """Return the name of a table's format, by its first bytes or otherwise by its suffix, empty for unknown text."""
    for row in FORMATS:
        if row.has_magic(source.magic):
            return row.name
    name = os.path.basename(source.path).lower()
    by_suffix = BY_SUFFIX.get(name.rpartition(".")[2]) if "." in name else None
    if by_suffix is not None and by_suffix.reads:
        return by_suffix.name
    return "json" if source.magic.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else ""


def open_writer(name: str, stream: Stream, heading: Heading, printer: Printer | None) -> Writer:
    """Open a writer of the format of that name.

    Args:
        name: of a format that is written.
        stream: the binary stream to write to.
        heading: what stands before the rows.
        printer: of the results' numbers, None for the shortest decimals that round-trip.
    """
    return load_format(name).open_writer(stream, heading, printer, name)
