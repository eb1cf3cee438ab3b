"""The grammar of the command line: which words are options, which are values, which one is the expression.

`docs/arguments.md` is its one page; `tests/cli/arguments.tsv` its table. Click gets the words after they are sorted,
because its own reading takes ``-x**2`` for an option.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any

import click

from ..backends import BACKENDS
from ..errors import AdcliError, RequestError, closest, quoted, quoted_path, short
from ..tables.formats import BY_SUFFIX, FORMATS

_NAME = r"[^\W\d][\w\u0300-\u036f]*"
_OPTION = re.compile(rf"--{_NAME}(?:=.*)?", re.DOTALL)
_VALUE = re.compile(rf"\s*({_NAME})\s*=(?!=)([^;\n]*)")


class Words:
    """The words of a command line, sorted.

    Attributes:
        expression: the word that is the expression, as given, or None.
        values: ``(name, text)`` in order.
        options: the words for click: the options of the command, each as ``--name``, ``--name=value`` or ``-o value``.
        known: the options there are, for messages.
        equation: whether the expression is an equation.
    """

    __slots__ = ("equation", "expression", "known", "options", "values")

    def __init__(self, known: Sequence[str] = (), equation: bool = False) -> None:
        self.known = known
        self.equation = equation
        self.expression: str | None = None
        self.values: list[tuple[str, str]] = []
        self.options: list[str] = []


def sort_words(words: list[str], takes_value: dict[str, bool], lenient: bool = False, equation: bool = False) -> Words:
    """Tell options, values and the expression apart.

    Args:
        words: the command line after the command's name.
        takes_value: the long and short options of the command, as ``--name`` or ``-n``, and whether each takes a value.
        lenient: for completion, where the last word is still missing: leave out what is wrong.
        equation: the first word that is no option is the expression, also where it looks like a value.

    >>> sorted_ = sort_words(["-x**2", "--x", "-2"], {"--json": False})
    >>> sorted_.expression, sorted_.values
    ('-x**2', [('x', '-2')])
    """
    found = Words(list(takes_value), equation)
    rest = iter(words)
    for word in rest:
        if word == "--":
            for last in rest:
                _plain(last, found)
            break
        try:
            _sort(word, rest, takes_value, found)
        except RequestError:
            if not lenient:
                raise
    return found


def _sort(word: str, rest: Iterator[str], takes_value: dict[str, bool], found: Words) -> None:
    if word == "-p":
        assignment = _next(rest, word, "a value such as x=2", takes_value)
        match = _VALUE.fullmatch(assignment)
        if match is None:
            raise RequestError(f"-p takes NAME=VALUE, not {quoted(assignment)}", hint="as in -p x=2")
        found.values.append((match[1], match[2]))
    elif word in ("-h", "-o") and word in takes_value:
        found.options.append(word)
        if takes_value[word]:
            found.options.append(_next(rest, word, "a file", takes_value))
    elif _is_option(word, takes_value):
        name, equals, value = word.partition("=")
        if name in takes_value:
            if equals or not takes_value[name]:
                found.options.append(word)
            else:
                found.options.append(f"{name}={_next(rest, name, 'a value', takes_value)}")
        else:
            found.values.append((name[2:], value if equals else _next(rest, name, "a value", takes_value)))
    else:
        _plain(word, found)


def _plain(word: str, found: Words) -> None:
    match = _VALUE.fullmatch(word)
    if match and not (found.equation and found.expression is None):
        found.values.append((match[1], match[2]))
    elif found.expression is None:
        found.expression = word
    else:
        hint = "quote the expression as one word; values are x=2 or --x 2"
        if "--data" in found.known and os.path.isfile(word):
            hint = f"points in a file are --data {word}"
        raise RequestError(f"a second expression {quoted(word)} beside {quoted(found.expression)}", hint=hint)


def _is_option(word: str, takes_value: dict[str, bool]) -> bool:
    return word.startswith("--") and (word.partition("=")[0] in takes_value or _OPTION.fullmatch(word) is not None)


def _next(rest: Iterator[str], option: str, what: str, takes_value: dict[str, bool]) -> str:
    """The word after an option; one that is itself an option was not meant to be its value."""
    word = next(rest, None)
    if word is None or word in takes_value or _is_option(word, takes_value):
        meant = None if option in takes_value else closest(option, list(takes_value))
        hint = f"did you mean {meant}?" if meant else None
        if word is not None:
            hint = f"{quoted(word)} is an option itself"
        raise RequestError(f"{short(option)} needs {what} after it", hint=hint)
    return word


class ExpressionCommand(click.Command):
    """A command over an expression: its variables are options of the command, in help and in completion too.

    The function gets the sorted `Words` as `ctx.obj`.
    """

    equation = False
    directed = False
    at_points = True

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Add an option per variable for help and completion."""
        params = super().get_params(ctx)
        if self.at_points and isinstance(ctx.obj, Words) and (ctx.resilient_parsing or ctx.meta.get("help")):
            taken = {option for param in params for option in param.opts}
            helps = {name: f"The value of {name}." for name in _variables(ctx.obj)}
            if self.directed:
                helps = {f"d{name}": f"The direction in {name}." for name in helps} | helps
            for place, (name, says) in enumerate(helps.items()):
                if f"--{name}" not in taken:
                    # The explicit parameter name keeps --x and --X apart, which click would fold into one.
                    params.append(click.Option([f"variable{place}", f"--{name}"], metavar="VALUE", help=says))
        return params

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Sort the words before click reads the options."""
        takes_value = {
            option: not (isinstance(param, click.Option) and (param.is_flag or param.count))
            for param in super().get_params(ctx)
            for option in (*param.opts, *param.secondary_opts)
            if option.startswith("-")
        }
        ctx.obj = sort_words(args, takes_value, lenient=ctx.resilient_parsing, equation=self.equation)
        ctx.meta["help"] = bool({"-h", "--help"} & set(ctx.obj.options))
        return super().parse_args(ctx, ctx.obj.options)


def _variables(words: Words) -> list[str]:
    """The variables of an expression being typed, as far as it can be read."""
    from .inputs import read_function

    if words.expression in (None, "-"):
        return []
    try:
        return list(read_function(words, "").variables)
    except AdcliError:
        return []


class DirectedCommand(ExpressionCommand):
    """A command that takes a direction in each variable, ``--dx`` for x."""

    directed = True


class FormulaCommand(ExpressionCommand):
    """A command that takes no values, because it is for all points."""

    at_points = False


class EquationCommand(ExpressionCommand):
    """A command over an equation, which is the first word even where it reads NAME=…"""

    equation = True


def expression_command(
    name: str, kind: type[ExpressionCommand] = ExpressionCommand
) -> Callable[[Callable[..., Any]], click.Command]:
    """The decorator of a command over an expression; its options stand between it and the function."""

    takes = f"{'EQUATION' if kind.equation else 'EXPRESSION'}{' [NAME=VALUE]...' if kind.at_points else ''}"

    def decorate(function: Callable[..., Any]) -> click.Command:
        return click.command(
            name,
            cls=kind,
            context_settings={"help_option_names": ["-h", "--help"]},
            options_metavar=f"[OPTIONS] {takes}",
        )(click.pass_context(function))

    return decorate


class WholeNumber(click.IntRange):
    """A whole number between bounds, by that name in messages."""

    name = "whole number"


PRECISION = WholeNumber(1, 17)  # digits a float64 can need
value_option = click.option(
    "-p", "values", metavar="NAME=VALUE", multiple=True, expose_value=False,
    help="A value, for names that clash with options.",
)  # fmt: skip


SUFFIXES = {suffix: row.name for suffix, row in BY_SUFFIX.items()} | {
    "tex": "latex", "md": "markdown", "svg": "svg", "png": "png", "pdf": "pdf",
}  # fmt: skip
BINARY_FORMATS = {row.name for row in FORMATS if row.binary} | {"svg", "png", "pdf"}  # never fall back to text
POINT_FORMATS = ("text", "json", "csv", "tsv", "value")
TABLE_FORMATS = tuple(row.name for row in FORMATS if row.writes)


def suffix_of(path: str) -> str:
    """The suffix of a file's name in small letters, ``.gz`` taken off; empty where there is none.

    >>> suffix_of("a.b/Rows.CSV.gz"), suffix_of("a.b/rows")
    ('csv', '')
    """
    name = path.rpartition("/")[2].lower().removesuffix(".gz")
    return name.rpartition(".")[2] if "." in name else ""


def format_of(form: str | None, as_json: bool, output: str | None, forms: Sequence[str]) -> str:
    """The format that ``--format`` and ``--json`` ask for, or else the suffix of the output; text without any.

    Raises:
        RequestError: they contradict each other, or the suffix is of one of `BINARY_FORMATS` that is none of `forms`.
    """
    if as_json and form not in (None, "json"):
        raise RequestError(f"--json and --format {form} contradict each other", hint="leave one out")
    if as_json or form:
        return form or "json"
    meant = SUFFIXES.get(suffix_of(output), "text") if output else "text"
    if meant in BINARY_FORMATS and meant not in forms:
        hint = f"--format says which it is: {', '.join(forms)}"
        raise RequestError(f"this command does not write {meant}, as {quoted_path(output or '')} says", hint=hint)
    return meant if meant in forms else "text"


def point_options(function: Callable[..., Any], forms: Sequence[str] = POINT_FORMATS) -> Callable[..., Any]:
    """The options every command has that prints numbers at a point."""
    for option in (
        click.option(
            "-o", "--output", metavar="FILE", help="Write there instead of to standard output; - is standard output."
        ),
        click.option(
            "--digits", type=PRECISION, metavar="N",
            help="Significant digits; without it the shortest that read back the same.",
        ),
        click.option("--json", "as_json", is_flag=True, help="The same as --format json."),
        click.option(
            "--format", "form", type=click.Choice(forms),
            help="How to print: without it by the suffix of -o, or text; value is bare numbers, one a line.",
        ),
        value_option,
    ):  # fmt: skip
        function = option(function)
    return function


class TableOptions:
    """What was said about points, and about how their results are printed.

    Attributes:
        form: the format of the results.
        digits: significant digits of the results; None for the shortest that read back the same.
        output: where to write; None for standard output.
        data: the files to read points from, ``-`` for standard input.
        rename: ``NEW=OLD`` for columns.
        keep: which columns are carried through: ``all``, ``none`` or names with commas.
        on_error: what happens to bad rows: ``fail``, ``nan`` or ``skip``.
        strict: whether an undefined row makes the exit status 1.
        zipped: whether sweeps are paired.
        backend: what computes: ``python``, ``numpy`` or ``llvm``; None for the one that is quickest.
        threads: how many share the rows; None for as many as there are cores.
    """

    __slots__ = (
        "backend", "data", "digits", "form", "keep", "on_error", "output", "rename", "strict", "threads", "zipped"
    )  # fmt: skip

    def __init__(
        self,
        data: Sequence[str],
        rename: Sequence[str],
        on_error: str | None,
        zipped: bool,
        keep: str | None = None,
        strict: bool = False,
        backend: str | None = None,
        threads: int | None = None,
        form: str = "text",
        digits: int | None = None,
        output: str | None = None,
    ) -> None:
        self.form = form
        self.digits = digits
        self.output = output
        self.data = data
        self.rename = rename
        self.keep = keep
        self.on_error = on_error
        self.strict = strict
        self.zipped = zipped
        self.backend = backend
        self.threads = threads


_READING = (
    click.option(
        "--on-error", type=click.Choice(["fail", "nan", "skip"]),
        help="At a bad row of the table: end, which is the rule, or go on with nan, or without it.",
    ),
    click.option(
        "--rename", metavar="NEW=OLD", multiple=True, help="Call the column OLD of the table NEW; can be repeated."
    ),
    click.option(
        "--data", metavar="FILE", multiple=True,
        help=f"Points from the columns of a table: {', '.join(row.title for row in FORMATS if row.reads)}; "
        "- is standard input.",
    ),
    click.option("--zip", "zipped", is_flag=True, help="Pair the values of several swept variables; no grid."),
)  # fmt: skip
_WRITING = (
    click.option(
        "--threads", type=WholeNumber(1), metavar="N",
        help="How many threads share many points; without it as many as there are cores.",
    ),
    click.option(
        "--backend", type=click.Choice(["auto", *BACKENDS]),
        help="What computes many points; auto, also the rule, picks by their number and what is installed.",
    ),
    click.option("--strict", is_flag=True, help="Exit status 1 where a row of many has an undefined result."),
    click.option(
        "--keep", metavar="all|none|A,B",
        help="Columns of the table to print beside the variables; all without it.",
    ),
)  # fmt: skip


# Those of them that a variable may be called as well.
TABLE_WORDS = ("data", "rename", "keep", "zip", "strict", "backend", "threads")


def reading_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that reads points and prints no row for each; it gets them as `table`."""
    return _with_table(function, _READING, ("data", "rename", "on_error", "zipped"))


def table_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that prints numbers at one point or at many; it is given them as `table`."""
    with_table = _with_table(function, _WRITING + _READING, TableOptions.__slots__)

    @wraps(with_table)
    def command(ctx: click.Context, /, form: str | None, as_json: bool, output: str | None, **given: Any) -> Any:
        return with_table(ctx, form=format_of(form, as_json, output, TABLE_FORMATS), output=output, **given)

    return point_options(command, TABLE_FORMATS)


def _with_table(
    function: Callable[..., Any], options: Sequence[Callable[..., Any]], names: Sequence[str]
) -> Callable[..., Any]:
    """The command with these options, which gets what is given under these names as `table`."""

    @wraps(function)
    def command(ctx: click.Context, /, **given: Any) -> Any:
        if [*given["data"], ctx.obj.expression].count("-") > 1:
            raise RequestError("standard input is read twice", hint="it can be one table, or the expression")
        table = TableOptions(**{name: given.pop(name) for name in names})
        return function(ctx, table=table, **given)

    wrapped: Callable[..., Any] = command
    for option in options:
        wrapped = option(wrapped)
    return wrapped
