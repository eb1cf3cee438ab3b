"""Write NDJSON: one flat object per row, with the names of the columns. Rows of NDJSON keep their text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..strict_json import json_number
from .block import Block
from .column import Column, Numbers, Texts, quote_json, replace_surrogates
from .json_cells import JSON
from .polars_library import writes_faster
from .threads import write_in_background
from .writer import Heading, Printer, Stream, Writer

if TYPE_CHECKING:
    import polars as pl

    from .column import Array

PART_ROWS = 1 << 14  # write so many rows at a time to a pipe, whose reader may want the first ones only


def open_writer(stream: Stream, heading: Heading, printer: Printer | None, name: str) -> Writer:
    """Open a writer."""
    return write_in_background(NdJsonWriter(stream, heading, printer), stream)


class NdJsonWriter(Writer):
    """Write one object per row: the columns before the results, then the results."""

    def __init__(self, stream: Stream, heading: Heading, printer: Printer | None = None) -> None:
        self._stream = stream
        self._results = quote_json(heading.names)
        self._printer = printer or repr
        self._is_shortest = printer is None
        self._rows = 0

    def write(self, block: Block, results: Sequence[Array]) -> None:
        """Write the rows of one block."""
        if block.count <= PART_ROWS or not self._stream.streamed:
            self._write(block, results)
            return
        for start in range(0, block.count, PART_ROWS):
            part = slice(start, start + PART_ROWS)
            self._write(block.pick(part), [column[part] for column in results])

    def _write(self, block: Block, results: Sequence[Array]) -> None:
        self._rows += block.count
        if self._is_shortest and writes_faster(self._rows):
            data = self._join_fast(block, results)
            if data is not None:
                self._stream.write(data)
                return
        whole, columns = _split_lines(block)
        heads = [line.rstrip()[:-1].rstrip() for line in whole.cells] if whole is not None else None
        cells = [_json(name, column, block) for name, column in columns.items()]
        cells += [_json_numbers(column, self._printer) for column in results]
        names = [*quote_json(list(columns)), *self._results]
        if heads is None:
            rows = _join_rows(names, cells, "{")
        elif "{" in heads:  # an empty object has no comma behind it
            rows = [
                head + (tail if head != "{" else tail[2:])
                for head, tail in zip(heads, _join_rows(names, cells, ", "), strict=True)
            ]
        else:
            rows = list(map(str.__add__, heads, _join_rows(names, cells, ", ")))
        self._stream.write(replace_surrogates("".join(rows)).encode())

    def _join_fast(self, block: Block, results: Sequence[Array]) -> bytes | None:
        """Return the rows of one block, joined by Polars. Return None if that cannot be."""
        from .polars_json import join_rows, number_cells

        whole, columns = _split_lines(block)
        rows = None if whole is None else whole.cells if whole.series is None else whole.series
        cells: list[Sequence[str] | pl.Series] = []
        for name, column in columns.items():
            if _is_number(name, column, block):
                cells.append(number_cells(block.numbers[name]))
            elif isinstance(column, Numbers) and column.cells.dtype == float:
                cells.append(number_cells(column.cells))
            else:
                cells.append(column.json())
        cells += map(number_cells, results)
        return join_rows(rows, [*quote_json(list(columns)), *self._results], cells)


def _split_lines(block: Block) -> tuple[Texts | None, dict[str, Column]]:
    """Return whole rows, None if they lack the names under which their columns are printed, and the other columns."""
    lines, names = block.lines, list(block.columns)
    if lines is None or lines.rows.spelling is not JSON or names[: len(lines.columns)] != [*lines.columns]:
        return None, block.columns
    return lines.rows, {name: block.columns[name] for name in names[len(lines.columns) :]}


def _is_number(name: str, column: Column, block: Block) -> bool:
    """Return whether a column is printed as numbers: a variable that was read from text."""
    return isinstance(column, Texts) and column.spelling is not JSON and name in block.numbers


def _json(name: str, column: Column, block: Block) -> list[str]:
    """Return a column as JSON."""
    if _is_number(name, column, block):
        return _json_numbers(block.numbers[name], repr)
    return column.json()


def _json_numbers(column: Array, printer: Printer) -> list[str]:
    import numpy as np

    texts = list(map(printer, column.tolist()))
    return texts if np.isfinite(column).all() else list(map(json_number, texts))


def _join_rows(names: Sequence[str], columns: Sequence[list[str]], start: str) -> list[str]:
    """Return the members of each row, behind a text, with the end of the object. A missing value is left out."""
    if not all(map(all, columns)):
        rows = [
            ", ".join([f"{name}: {cell}" for name, cell in zip(names, row, strict=True) if cell])
            for row in zip(*columns, strict=True)
        ]
        return [f"{start}{row}}}\n" for row in rows]
    template = ", ".join([f"{name.replace('%', '%%')}: %s" for name in names])
    return list(map(f"{start}{template}}}\n".__mod__, zip(*columns, strict=True)))
