"""What `adcli plot` draws, from the words of the command line: the axis, the families, the points, the sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from ..errors import RequestError, UnknownNameError, join_names, quoted, short, suggest
from ..tables.bad_rows import BadRows
from .inputs import no_value, read_number, read_texts, read_value
from .output import note
from .ranges import is_sweep, read_sweep, split_outside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..draw.axis import Axis
    from ..draw.limits import Limits
    from ..formula.lowered import Lowerings
    from ..formula.plotting import Measured
    from ..ops.operands import Numeric
    from ..parts.data_set import DataSet
    from ..tables.block import Block
    from .options import TableOptions
    from .words import ParsedWords

MOST_VALUES = 1000  # of a family, beyond which its values are not made

_RANGE_HINT = "give one variable START:STOP, as in --x -3:3, and each other one a number, or several as 1,2,3"


class Ranges(NamedTuple):
    """The values of the variables of a plot.

    Attributes:
        ends: per variable with a range START:STOP its two ends.
        families: per variable with several values these values.
        fixed: the values of the others.
        missing: the variables without a value.
    """

    ends: Mapping[str, tuple[float, float]]
    families: Mapping[str, Sequence[float]]
    fixed: Mapping[str, Numeric]
    missing: Sequence[str]


def read_ranges(words: ParsedWords, formula: Lowerings) -> Ranges:
    """Read the values of the variables."""
    ends: dict[str, tuple[float, float]] = {}
    families: dict[str, Sequence[float]] = {}
    fixed: dict[str, Numeric] = {}
    texts = read_texts(words, formula)
    for name, text in texts.items():
        read = partial(read_number, name, formula=formula)
        parts = split_outside(text, ":")
        if not is_sweep(text):
            fixed[name] = read_value(name, text, formula)
        elif len(parts) == 2 and len(split_outside(text, ",")) == 1:
            start, stop = (read(end) for end in parts)
            if not (start < stop and stop - start < float("inf")):
                problem = f"{short(name)}={short(text)}: START must be below STOP, and both finite"
                raise RequestError(problem, hint="write a range as -3:3")
            ends[name] = start, stop
        else:
            families[name] = _read_family(name, text, formula)
    return Ranges(ends, families, fixed, [name for name in formula.variables if name not in texts])


def _read_family(name: str, text: str, formula: Lowerings) -> Sequence[float]:
    import numpy as np

    sweep = read_sweep(name, text, partial(read_number, name, formula=formula))
    if sweep.count > MOST_VALUES:
        hint = "the axis is START:STOP, and --points sets the number of its points"
        raise RequestError(f"{short(name)}={short(text)} would be {sweep.count} curves", hint=hint)
    values: list[float] = sweep.at(np.arange(sweep.count, dtype=np.int64)).tolist()
    return values


def choose_axis(ranges: Ranges, formula: Lowerings, data: DataColumns | None) -> str:
    """Return the variable of the horizontal axis: the one with a range, or the one that only a table has.

    Args:
        ranges: the values of the variables.
        formula: the expression.
        data: the columns of the table.
    """
    if len(ranges.ends) > 1:
        hint = "one variable is the axis; give the others a number, or several as 1,2,3 or START:STOP:COUNT"
        raise RequestError(f"{join_names(list(ranges.ends))} have ranges", hint=hint)
    if ranges.ends:
        if ranges.missing:
            raise no_value(list(ranges.missing), formula)
        return next(iter(ranges.ends))
    tabled = [name for name in ranges.missing if data is not None and name in data.names]
    if len(tabled) == 1:
        if others := [name for name in ranges.missing if name not in tabled]:
            raise no_value(others, formula)
        return tabled[0]
    long = next((name for name, values in ranges.families.items() if len(values) > 3), None)
    hint = f"write {short(long)}=START:STOP; --points N sets the number of points" if long else _RANGE_HINT
    if data is not None and len(ranges.missing) == 1:
        name = ranges.missing[0]
        raise data.no_column("", name, f", or give {short(name)} a range, as in {short(name)}=-3:3")
    raise RequestError("no variable has a range START:STOP", hint=hint)


def make_axis(name: str, ranges: Ranges, measured: Measured | None, log: bool, points: int) -> Axis:
    """Return the horizontal axis over the range of its variable, or over the measured points."""
    from ..draw.axis import Axis

    if name in ranges.ends:
        start, stop = ranges.ends[name]
    else:
        assert measured is not None
        start, stop = _find_ends(name, measured, log)
    return Axis(name, start, stop, log, points)


def _find_ends(name: str, measured: Measured, log: bool) -> tuple[float, float]:
    """Return the ends of an axis over measured points, with a margin that does not reach over 0."""
    x = measured.x[measured.x > 0 if log else measured.x == measured.x]  # without nan
    if not x.size or x.min() == x.max():
        hint = f"give {short(name)} its range, as in {short(name)}=-3:3"
        raise RequestError(f"the points of {measured.label} have no range of {short(name)}", hint=hint)
    low, high = float(x.min()), float(x.max())
    if log:
        step = (high / low) ** 0.02
        return low / step, high * step
    margin = 0.02 * (high - low)
    return (low if low - margin <= 0 <= low else low - margin), (high if high <= 0 <= high + margin else high + margin)


def read_limits(text: str | None, formula: Lowerings, log: bool) -> Limits:
    """Return the ends of the vertical axis in a text like ``0:5``, None for one that is left out."""
    if text is None:
        return None, None
    parts = split_outside(text, ":")
    if len(parts) != 2:
        raise RequestError(
            f"--ylim takes MIN:MAX, not {quoted(text)}", hint="as in --ylim 0:5, or --ylim 0: for one end"
        )
    low, high = (read_number("--ylim", part, formula) if part.strip() else None for part in parts)
    if not all(end is None or isfinite(end) for end in (low, high)) or not (low is None or high is None or low < high):
        raise RequestError(f"--ylim {quoted(text)}: MIN must be below MAX, and both finite", hint="as in --ylim 0:5")
    if log and any(end is not None and end <= 0 for end in (low, high)):
        raise RequestError(f"--ylim {quoted(text)}: a logarithmic axis needs ends above 0", hint="as in --ylim 0.1:10")
    return low, high


def read_size(text: str | None, is_text: bool) -> tuple[float, float] | None:
    """Return width and height in a text like ``7x4``: in inches, or columns and lines of text."""
    if text is None:
        return None
    from ..draw.axis import INCHES

    unit, example, (least, most) = (
        ("columns and lines", "100x30", (10, 1000)) if is_text else ("inches", "7x4.5", INCHES)
    )
    width, _, height = text.partition("x")
    try:
        size = float(width), float(height)
    except ValueError:
        size = 0.0, 0.0
    if not all(least <= each <= most for each in size):
        problem = f"--size takes WIDTHxHEIGHT in {unit}, from {least} to {most}, not {quoted(text)}"
        raise RequestError(problem, hint=f"as in --size {example}")
    return size


@contextmanager
def open_data(options: TableOptions, fixed: Mapping[str, Numeric]) -> Iterator[DataColumns | None]:
    """Open the tables of measured points, None for no table. `fixed` has the values that a condition may use."""
    if not options.data:
        if options.rename:
            raise RequestError("--rename is for columns of a table", hint="add --data FILE")
        if options.where is not None:
            raise RequestError("--where is for rows of a table", hint="add --data FILE")
        yield None
        return
    from ..parts.data_files import list_files
    from ..parts.data_set import DataSet

    with closing(DataSet(list_files(options.data), options.dialect, options.union)) as data:
        yield DataColumns(data, options, fixed)


class DataColumns:
    """The columns of tables that are points of a plot.

    Attributes:
        names: of the columns by their new names.
    """

    def __init__(self, data: DataSet, options: TableOptions, fixed: Mapping[str, Numeric]) -> None:
        self._data = data
        self._bad = BadRows(options.on_error or "fail")
        self._condition = None
        if options.where is not None:
            from .row_filter import RowFilter

            self._condition = RowFilter(options.where, fixed)
        self.names = {column.strip(): column for column in data.columns}
        for text in options.rename:
            new, equals, old = (part.strip() for part in text.partition("="))
            if not equals or not new or not old:
                raise RequestError(f"--rename takes NEW=OLD, not {quoted(text)}", hint="as in --rename f=speed")
            if old not in self.names:
                raise self.no_column("--rename: ", old)
            self.names[new] = self.names.pop(old)
        self._wanted = {name: self._column_of(name) for name in self._condition.columns} if self._condition else {}

    def read(self, name: str, results: Sequence[str]) -> Measured:
        """Return the points: positions of a variable, and values of each result that has a column.

        One result may have a column with any name, if it is the only other one.
        """
        import numpy as np

        from ..formula.plotting import Measured
        from .array_files import join_blocks

        if name not in self.names:
            raise self.no_column("", name)
        columns = {result: self.names[result] for result in results if result in self.names and result != name}
        others = [other for other in self.names if other != name]
        if not columns and len(results) == len(others) == 1:
            columns = {results[0]: self.names[others[0]]}
        if not columns:
            raise self.no_column("", results[0])
        keys = {result: f"result {result}" for result in columns}  # a variable may have the name of a result
        sources = {name: self.names[name], **{key: columns[result] for result, key in keys.items()}}
        numbers = join_blocks(self._blocks(sources), list(sources), self._data.first.name)
        if report := self._bad.report():
            note(report)
        x = numbers.pop(name)
        infinite = ~np.isfinite(x)
        for y in numbers.values():
            y[infinite] = np.nan
        values = {result: numbers[key] for result, key in keys.items()}
        return Measured(self._data.first.name.strip("'"), np.where(infinite, np.nan, x), values)

    def _blocks(self, columns: Mapping[str, str]) -> Iterator[Block]:
        """Yield the rows that are drawn, with nan for missing cells."""
        import numpy as np

        for number in range(len(self._data.files)):
            with closing(self._data.open(number)) as table:
                table.rejects_new_columns = False
                for block in self._bad.apply(table.name, table.blocks({**self._wanted, **columns}, [])):
                    if self._condition is not None:
                        block = self._condition.apply(block, frozenset(columns))
                    for name, mask in block.missing.items():
                        block.numbers[name] = np.where(mask, np.nan, block.numbers[name])
                    yield block
                for phrase in table.remarks:
                    note(f"{table.name} {phrase}")

    def _column_of(self, name: str) -> str:
        if name not in self.names:
            raise self.no_column("--where: ", name)
        return self.names[name]

    def no_column(self, option: str, name: str, otherwise: str = "") -> UnknownNameError:
        """Return the error for a missing column. `otherwise` ends its hint."""
        problem = f"{option}{self._data.first.name} has no column {quoted(name)}"
        hint = suggest(name, list(self.names), f"its columns are {join_names(list(self.names))}")
        return UnknownNameError(
            problem, hint=hint if option else f"{hint}; --rename {short(name)}=COLUMN chooses one{otherwise}"
        )
