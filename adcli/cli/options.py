"""The options that several commands have, each declared once.

A command's file lists the decorators it needs. Help shows these options after the command's own, under the heading of
their section.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from ..backends import BACKENDS
from ..errors import RequestError
from ..records import NamedTuple

if TYPE_CHECKING:
    from ..tables.read_options import ReadOptions

Function = TypeVar("Function", bound=Callable[..., object])
Decorator = Callable[[Any], Any]

OWN, POINTS, OUTPUT = "Options", "Points and tables", "Output"  # the sections of help, in this order


class WholeNumber(click.IntRange):
    """An integer between bounds, called a whole number in messages."""

    name = "whole number"


class Option(click.Option):
    """An option that help lists under the heading of its section. The help text is one line."""

    def __init__(self, names: Sequence[str], section: str = OWN, help: str | None = None, **attributes: Any) -> None:
        super().__init__(names, **attributes)
        self.help = help  # click would import inspect (10 ms) to remove the indentation of a text
        self.section = section


class Lookup(click.Choice[str]):
    """A choice among formats that are looked up when help, completion or an answer needs them."""

    def __init__(self, formats: Callable[[], Sequence[str]]) -> None:
        self._formats = formats
        self.case_sensitive = True

    @property
    def choices(self) -> Sequence[str]:  # type: ignore[override]
        """The names of the formats."""
        return self._formats()


def complete(name: str) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """Return ``complete_NAME`` of `completions`, which is imported when a shell asks."""

    def offer(ctx: click.Context, param: click.Parameter, typed: str) -> list[Any]:
        from . import completions

        return cast("list[Any]", getattr(completions, f"complete_{name}")(ctx, param, typed))

    return offer


option = partial(click.option, cls=Option)
_point_option = partial(option, section=POINTS)
_output_option = partial(option, section=OUTPUT)

value_option = _point_option(
    "-p", "values", metavar="NAME=VALUE", multiple=True, expose_value=False, shell_complete=complete("assignment"),
    help="Value of a variable, also of one with the name of an option.",
)  # fmt: skip
dark_option = option("--dark", is_flag=True, help="Draw light on dark.")
mode_option = option(
    "--mode", type=click.Choice(["reverse", "forward"]), default="reverse", show_default=True,
    help="Mode of differentiation.",
)  # fmt: skip


def _local_path(ctx: click.Context, param: click.Parameter, path: str | None) -> str | None:
    """Return a local path for a URL that begins with ``file:/``, other paths as they are."""
    if path is None or ":/" not in path:
        return path
    from ..store.entry import local_path

    return local_path(path)


file_option = _output_option(
    "-o", "--output", metavar="FILE", shell_complete=complete("file"), callback=_local_path,
    help="File or URL to write [default: standard output].",
)  # fmt: skip


def wrt_option(help: str = "Variables to differentiate by [default: all].", metavar: str = "X,Y") -> Decorator:
    """Declare ``--wrt``, which the command gets as `wrt`: a text, or None."""
    return option("--wrt", metavar=metavar, shell_complete=complete("variables"), help=help)


def order_option(first: int, last: int, default: int, help: str) -> Decorator:
    """Declare ``--order``, which the command gets as `order`."""
    return option("--order", type=WholeNumber(first, last), default=default, show_default=True, metavar="N", help=help)


def digits_option(default: str = "the shortest that round-trips") -> Decorator:
    """Declare ``--digits``, which the command gets as `digits`: at most the 17 that a float64 can need, or None."""
    return _output_option(
        "--digits", type=WholeNumber(1, 17), metavar="N", help=f"Significant digits [default: {default}]."
    )


def output_options(
    formats: Callable[[], Sequence[str]], default: str = "text", parts: bool = False, in_terminal: str | None = None
) -> Callable[[Function], Function]:
    """Declare ``-o`` and ``--format``, and ``--json`` if the default is text.

    The command gets `output`, a path or None, and `output_format`, the format that these options choose. If it writes
    `parts` into a directory, their format is empty unless it is given. A format for programs, such as png, is refused
    in a terminal. There the default is `in_terminal`, if it is given.
    """
    terminal = in_terminal or default

    def decorate(function: Function) -> Function:
        @wraps(function)
        def command(
            *args: object, output_format: str | None, output: str | None, as_json: bool = False, **rest: object
        ) -> Any:
            if as_json and output_format not in (None, "json"):
                raise RequestError(f"--json and --format {output_format} contradict each other", hint="leave one out")
            output_format = output_format or ("json" if as_json else None)
            from .output import is_directory, is_terminal, require_file

            if parts and output_format is None and is_directory(output):
                output_format = ""
            elif output_format is None and output is not None:
                from .suffixes import format_by_suffix, with_suffixes

                command_name = click.get_current_context().info_name or ""
                output_format = format_by_suffix(output, with_suffixes(formats()), command_name)
            chosen = (terminal if is_terminal(output) else default) if output_format is None else output_format
            require_file(chosen, output)
            return function(*args, output_format=chosen, output=output, **rest)

        decorated: Any = command
        if default == "text":
            decorated = _output_option("--json", "as_json", is_flag=True, help="The same as --format json.")(decorated)
        shown = f", in a terminal {in_terminal}" if in_terminal else ""
        help = f"Format of the output [default: by the suffix of -o, otherwise {default}{shown}]."
        decorated = _output_option("--format", "output_format", type=Lookup(formats), help=help)(decorated)
        return cast("Function", file_option(decorated))

    return decorate


class TableOptions(NamedTuple):
    """The options about points and about the output of their results.

    Attributes:
        data: files to read points from, ``-`` for standard input.
        rename: ``NEW=OLD`` for columns.
        on_error: what to do with bad rows: ``fail``, ``nan`` or ``skip``.
        zipped: whether sweeps are paired.
        keep: columns to copy to the output: ``all``, ``none`` or names with commas.
        strict: whether an undefined row makes the exit status 1.
        backend: ``python``, ``numpy`` or ``llvm``, None for the one expected to finish first.
        threads: how many threads share the rows, None for one per core.
        output_format: the format of the results, empty for that of the input.
        digits: significant digits of the results, None for the shortest that round-trips.
        output: where to write, None for standard output.
        union: whether tables may lack columns that others have.
        compression: of the columns in a Parquet or Arrow file, None for the default.
        whole: whether the columns of the table are vectors, at one point.
        where: the condition that rows of a table satisfy, None for all rows.
        dialect: how the table is read, None for the default.
        names: ``OLD=NEW`` for results.
        cluster: the address of the scheduler of a cluster that computes the parts.
    """

    data: Sequence[str]
    rename: Sequence[str]
    on_error: str | None
    zipped: bool = False
    keep: str | None = None
    strict: bool = False
    backend: str | None = None
    threads: int | None = None
    output_format: str = "text"
    digits: int | None = None
    output: str | None = None
    union: bool = False
    compression: str | None = None
    whole: bool = False
    where: str | None = None
    dialect: ReadOptions | None = None
    names: Sequence[str] = ()
    cluster: str | None = None


_DIALECT = (
    _point_option("--encoding", metavar="NAME", help="Encoding of the table's text [default: utf-8]."),
    _point_option("--no-header", is_flag=True, help="Read the first row as data, and number the columns from 0."),
    _point_option("--skip", type=WholeNumber(0), metavar="N", help="Lines before the header to leave out."),
    _point_option("--comment", metavar="SIGN", help="Beginning of lines to leave out, as in '#'."),
    _point_option("--decimal", type=click.Choice([".", ","]), help="Decimal sign of the table [default: .]."),
    _point_option("--delimiter", metavar="SIGN", help="Sign between cells [default: by suffix and header]."),
    _point_option("--na", metavar="A,B", help="Cells that are missing values, besides empty ones."),
)
_DIALECT_NAMES = ("delimiter", "decimal", "comment", "skip", "no_header", "encoding", "na")  # of `read_options`
_ROWS = (
    _point_option(
        "--on-error", type=click.Choice(["fail", "nan", "skip"]), help="What to do with a bad row [default: fail]."
    ),
    _point_option(
        "--rename", metavar="NEW=OLD", multiple=True, shell_complete=complete("rename"),
        help="New name for a column; may be repeated.",
    ),
    _point_option(
        "--where", metavar="CONDITION", shell_complete=complete("condition"),
        help="Rows of the table to use, as in 'x > 0' [default: all].",
    ),
    _point_option(
        "--union", is_flag=True, help="Fill columns that some of the tables lack [default: all have the same]."
    ),
)  # fmt: skip
_MEASURED = (
    *_ROWS,
    option(
        "--data",
        metavar="FILE",
        multiple=True,
        shell_complete=complete("file"),
        help="Table of points to draw over the curve, with columns called like the axis and the result; "
        "may be repeated.",
    ),
)
_WHOLE = _point_option(
    "--whole", is_flag=True, help="Take each column as a vector, for one answer [default: row by row]."
)
_READING = (
    *_ROWS,
    _point_option(
        "--data", metavar="FILE", multiple=True, shell_complete=complete("file"),
        help="Table whose columns are values of variables: a file, - for standard input, a directory, a quoted "
        "pattern ('in/*.csv'), a list of files (@files.txt), or a URL of one of these (s3://bucket/in/); "
        "may be repeated. With -o DIR/ each file gives a part.",
    ),
    _point_option("--zip", "zipped", is_flag=True, help="Pair the values of several sweeps [default: their grid]."),
    value_option,
)  # fmt: skip
_WRITING = (
    _output_option(
        "--compression", type=click.Choice(["lz4", "zstd", "none"]),
        help="Compression of the columns in Parquet and Arrow [default: lz4].",
    ),
    _output_option(
        "--name", "names", metavar="OLD=NEW", multiple=True,
        help="New name for a result and its derivatives, as in f=price; may be repeated.",
    ),
    _point_option(
        "--strict", is_flag=True, help="Exit with status 1 if any row has an undefined result or a missing cell."
    ),
    _point_option(
        "--cluster", metavar="ADDRESS",
        help="Scheduler of a Dask cluster that computes the parts of -o DIR/, as tcp://HOST:8786, local:4 for 4 "
        "processes here, or none [default: DASK_SCHEDULER_ADDRESS, otherwise none].",
    ),
    _point_option(
        "--threads", type=WholeNumber(1), metavar="N", help="Threads for many points [default: one per core]."
    ),
    _point_option(
        "--backend", type=click.Choice(["auto", *BACKENDS]),
        help="Backend for many points [default: auto, once for all rows, by their number and installed extras].",
    ),
    _point_option(
        "--keep", metavar="all|none|A,B", shell_complete=complete("keep"),
        help="Columns to copy from the table to the output [default: all].",
    ),
)  # fmt: skip

# The names of options for many points that a variable may have as well.
TABLE_WORDS = (
    "data", "where", "rename", "keep", "union", "zip", "strict", "backend", "threads", "whole",
    "cluster",
    "delimiter", "decimal", "comment", "skip", "encoding", "na",
)  # fmt: skip


def table_word_hint(name: str) -> str:
    """Return the hint for one of `TABLE_WORDS` where a command has no such option."""
    return f"--{name} is an option of grad and others that take {'arrays' if name == 'whole' else 'many points'}"


def reading_options(function: Function) -> Function:
    """Declare the options of a command that reads many points and prints no rows. It gets them as `table`."""
    names = ("data", "rename", "on_error", "zipped", "where", "union", "whole")
    return _with_table(function, (_WHOLE, *_READING), names)


def measured_options(function: Function) -> Function:
    """Declare the options of a command that reads measured points. It gets them as `table`."""
    return _with_table(function, _MEASURED, ("data", "rename", "on_error", "where", "union"))


def table_options(function: Function) -> Function:
    """Declare the options of a command that prints numbers at one or at many points. It gets them as `table`."""
    return _with_results(function, (*_WRITING, _WHOLE, *_READING), without=("dialect",))


def number_table_options(function: Function) -> Function:
    """Declare those of `table_options` that a command has whose variables are numbers."""
    return _with_results(function, (*_WRITING, *_READING), without=("dialect", "whole"))


def _with_results(function: Function, options: Sequence[Decorator], without: Sequence[str]) -> Function:
    names = [name for name in TableOptions._fields if name not in without]
    with_table = digits_option()(_with_table(function, options, names))
    return output_options(_table_formats, parts=True)(cast("Function", with_table))


def _table_formats() -> Sequence[str]:
    from .suffixes import table_formats

    return table_formats()


def _with_table(function: Function, options: Sequence[Decorator], names: Sequence[str]) -> Function:
    """Declare options whose values, with those of the other names, the function gets as one `TableOptions`."""

    @wraps(function)
    def command(ctx: click.Context, /, **values: Any) -> Any:
        if [*values["data"], ctx.obj.expression].count("-") > 1:
            raise RequestError("standard input is read twice", hint="it can be one table, or the expression")
        table = TableOptions(**{name: values.pop(name) for name in names})
        dialect = {name: values.pop(name) for name in _DIALECT_NAMES}
        if any(value not in (None, False) for value in dialect.values()):
            from ..tables.read_options import read_options

            table = table._replace(dialect=read_options(**dialect))
        return function(ctx, table=table, **values)

    decorated: Any = command
    for declare in (*_DIALECT, *options):
        decorated = declare(decorated)
    return cast("Function", decorated)
