"""Count the rows of a file up to a limit, without reading their cells."""

from __future__ import annotations

from contextlib import closing

from ..tables.formats import BY_NAME, detect_format, load_format
from ..tables.read_options import ReadOptions
from ..tables.source import Source, count_byte


def count_rows(path: str, limit: int, options: ReadOptions | None = None) -> int:
    """Return how many rows a table has, or at least `limit`. In text they are the lines that end.

    `options`: how the table is read.

    Raises:
        RequestError: it cannot be read, or is not a table.
    """
    with closing(Source(path, options)) as source:
        name = detect_format(source)
        if name and BY_NAME[name].binary:
            return load_format(name).open_table(source, name).count_rows()
        lines = -1 if name != "json" else 0  # the header is not a row
        for data in source.chunks():
            lines += count_byte(data, b"\n")
            if lines >= limit:
                break
        return max(lines, 0)
