"""Which file reads or prints which format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from .source import Source

if TYPE_CHECKING:
    from .block import Array, Block, Table
    from .cells import Dialect

READERS = {
    "csv": "csv", "tsv": "tsv", "tab": "tsv",
    "json": "ndjson", "ndjson": "ndjson", "jsonl": "ndjson",
    "npy": "npy", "npz": "npz", "parquet": "parquet", "pq": "parquet",
}  # fmt: skip
MAGIC = {b"\x93NUMPY": "npy", b"PK\x03\x04": "npz", b"PAR1": "parquet"}


def open_table(path: str) -> Table:
    """The table of a file, or of standard input for ``-``: its format by its first bytes, or by its suffix.

    Raises:
        RequestError: it cannot be read, or is no table.
    """
    source = Source(path)
    try:
        return _table(source)
    except BaseException:
        source.close()
        raise


def _table(source: Source) -> Table:
    form = next((form for magic, form in MAGIC.items() if source.magic.startswith(magic)), None)
    if form is None:
        name = source.path.rpartition("/")[2].lower()
        form = READERS.get(name.rpartition(".")[2]) if "." in name else None
        if form is None:
            form = "ndjson" if source.magic.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else "text"
    if form in ("npy", "npz"):
        from . import npy

        return npy.Npy(source) if form == "npy" else npy.Npz(source)
    if form == "parquet":
        from .parquet import Parquet

        return Parquet(source)
    if form == "ndjson":
        from .ndjson import NdJson

        return NdJson(source)
    from .delimited import Delimited

    return Delimited(source, {"csv": ",", "tsv": "\t"}.get(form))


class Writer(Protocol):
    """Prints blocks and the results of their rows."""

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """The rows of one block."""

    def finish(self) -> None:
        """What comes after the last row."""

    def close(self) -> None:
        """Let go of what was needed, finished or not."""


class Heading:
    """What a table says before its rows.

    Attributes:
        expression: the text of what is evaluated.
        variables: of the expression.
        inputs: the names of the columns that are kept.
        labels: what text calls the results, as in ``df/dx``.
        names: what columns of them are called, as in ``df_dx``.
        fields: the results as members of a JSON object: text, the place of a result, text, and so on to a text.
        dialect: how a delimited table that is read was written.
    """

    __slots__ = ("dialect", "expression", "fields", "inputs", "labels", "names", "variables")

    def __init__(
        self,
        expression: str,
        variables: Sequence[str],
        inputs: Sequence[str],
        labels: Sequence[str],
        names: Sequence[str],
        fields: Sequence[str],
        dialect: Dialect | None = None,
    ) -> None:
        self.expression = expression
        self.variables = variables
        self.inputs = inputs
        self.labels = labels
        self.names = names
        self.fields = fields
        self.dialect = dialect


def open_writer(form: str, stream: Any, heading: Heading, printer: Callable[[float], str] | None) -> Writer:
    """A writer of that format; into a file it may write by a thread of its own.

    Args:
        form: one of ``text json csv tsv value npy parquet``.
        stream: the binary stream to write to.
        heading: what stands before the rows.
        printer: of the results' numbers; None for the shortest decimal.
    """
    if form in ("csv", "tsv"):
        from . import delimited

        separator = "," if form == "csv" else "\t"
        return _behind(
            delimited.Writer(stream, heading.inputs, heading.names, separator, printer, heading.dialect), stream
        )
    if form == "json":
        from . import ndjson

        return ndjson.Writer(stream, heading.expression, heading.variables, heading.fields, printer)
    if form == "npy":
        from . import npy

        return _behind(npy.Writer(stream, heading.inputs, heading.names), stream)
    if form == "parquet":
        from . import parquet

        return parquet.Writer(stream, heading.inputs, heading.names)
    from . import text

    if form == "value":
        return text.Values(stream, printer)
    return text.Writer(stream, heading.inputs, heading.labels, printer)


def _behind(writer: Writer, stream: Any) -> Writer:
    if stream.streamed:
        return writer
    from .behind import Behind

    return Behind(writer)
