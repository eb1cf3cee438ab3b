"""The grammar of the command line: which words are options, which are values, which one is the expression.

`docs/arguments.md` is its one page; `tests/cli/arguments.tsv` its table. Click gets the words after they are sorted,
because its own reading takes ``-x**2`` for an option.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click

from ..errors import AdcliError, RequestError, closest, quoted, short

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
        raise RequestError(
            f"a second expression {quoted(word)} beside {quoted(found.expression)}",
            hint="quote the expression as one word; values are x=2 or --x 2",
        )


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

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        params = super().get_params(ctx)
        if isinstance(ctx.obj, Words) and (ctx.resilient_parsing or ctx.meta.get("help")):
            taken = {option for param in params for option in param.opts}
            for place, name in enumerate(_variables(ctx.obj)):
                if f"--{name}" not in taken:
                    # The explicit parameter name keeps --x and --X apart, which click would fold into one.
                    declaration = [f"variable{place}", f"--{name}"]
                    params.append(click.Option(declaration, metavar="NUMBER", help=f"The value of {name}."))
        return params

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
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
    from ._point import read_function

    if words.expression in (None, "-"):
        return []
    try:
        return list(read_function(words, "").variables)
    except AdcliError:
        return []


class EquationCommand(ExpressionCommand):
    """A command over an equation, which is the first word even where it reads NAME=…"""

    equation = True


def expression_command(
    name: str, cls: type[ExpressionCommand] = ExpressionCommand
) -> Callable[[Callable[..., Any]], click.Command]:
    """The decorator of a command over an expression; its options stand between it and the function."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        return click.command(
            name,
            cls=cls,
            context_settings={"help_option_names": ["-h", "--help"]},
            options_metavar=f"[OPTIONS] {'EQUATION' if cls.equation else 'EXPRESSION'} [NAME=VALUE]...",
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


def format_of(form: str | None, as_json: bool) -> str:
    """The format that ``--format`` and ``--json`` ask for.

    Raises:
        RequestError: they contradict each other.
    """
    if as_json and form not in (None, "json"):
        raise RequestError(f"--json and --format {form} contradict each other", hint="leave one out")
    return "json" if as_json else form or "text"


def point_options(function: Callable[..., Any]) -> Callable[..., Any]:
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
            "--format", "form", type=click.Choice(["text", "json", "csv", "tsv", "value"]),
            help="How to print, text without it; value is bare numbers, one a line.",
        ),
        value_option,
    ):  # fmt: skip
        function = option(function)
    return function
