"""How a command's file declares its command: the group it belongs to, the words it takes, the layout of its help."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from ..errors import AdcliError
from .options import OUTPUT, OWN, POINTS, Option
from .words import ParsedWords, parse_words

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..formula.lowered import Lowerings

# The groups of commands, in the order of `adcli --help`.
DERIVATIVES, PICTURES, FORMULAS, ABOUT = GROUPS = (
    "Values and derivatives",
    "Pictures and steps",
    "Formulas and code",
    "About",
)
VARIABLES = "Variables"
HELP = {"help_option_names": ["-h", "--help"]}


class OwnHelp(click.Command):
    """A command that prints its help without what click imports for it.

    Click looks for translations of the text of ``--help`` (2 ms), and imports inspect for docstrings (8 ms).
    """

    _own_help: Option | None = None

    def get_help_option(self, ctx: click.Context) -> Option:
        """Return the option, the same one each time."""
        if self._own_help is None:
            self._own_help = Option(
                ["show_help", *self.get_help_option_names(ctx)],
                help="Show this message and exit.",
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_help,
            )
        return self._own_help

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the docstring of the command."""
        from textwrap import dedent

        first, _, rest = (self.help or "").partition("\n")
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(f"{first}\n{dedent(rest)}".strip())


def _show_help(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


class GroupedCommand(OwnHelp):
    """A command that belongs to a group, and whose help lists its own options before the shared ones.

    Attributes:
        group: one of `GROUPS`.
    """

    group = ABOUT

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, then a section for each kind of shared ones."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            # An argument stands in the usage line. Some versions of click also give it a row, without a help text.
            row = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if row is not None:
                sections.setdefault(getattr(param, "section", OWN), []).append(row)
        for section in (OWN, VARIABLES, POINTS, OUTPUT):
            if rows := sections.get(section):
                with formatter.section(section):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write where the language is described."""
        with formatter.section("More"):
            formatter.write_dl([
                ("adcli help language", "how an expression is written"),
                ("adcli help numbers", "kinks, poles, nan and accuracy"),
                ("adcli functions", "the functions, in groups"),
            ])  # fmt: skip


class ExpressionCommand(GroupedCommand):
    """A command over an expression. Its variables are options of the command, also in help and completion.

    The function gets the `ParsedWords` as `ctx.obj`.

    Attributes:
        equation: whether the first word is an equation, even if it looks like a value.
        directed: whether there is a direction in each variable, ``--dx`` for x.
        at_points: whether variables take values.
    """

    equation = False
    directed = False
    at_points = True

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Add an option for each variable if help or completion asks."""
        params = super().get_params(ctx)
        if self.at_points and isinstance(ctx.obj, ParsedWords) and (ctx.resilient_parsing or ctx.meta.get("help")):
            taken = {option for param in params for option in param.opts}
            from .completions import complete_value

            for number, (name, text) in enumerate(self.inputs(ctx.obj).items()):
                if f"--{name}" not in taken:
                    # The explicit parameter name keeps --x and --X apart, which click would treat as one.
                    names = [f"variable{number}", f"--{name}"]
                    params.append(Option(names, VARIABLES, text, metavar="VALUE", shell_complete=complete_value))
        return params

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the variables that have no value before the options, and files after ``@``."""
        from click.shell_completion import CompletionItem

        from .completions import complete_at_file

        words = ctx.obj
        assigned = {name for name, _ in words.values}
        inputs = self.inputs(words) if self.at_points else {}
        missing = [name for name in inputs if name not in assigned]
        if not incomplete.startswith("-"):
            if "@" in incomplete:
                return complete_at_file(incomplete)
            names = [name for name in missing if name.startswith(incomplete)]
            return [CompletionItem(f"{name}=", help=inputs[name]) for name in names]
        items = [item for item in super().shell_complete(ctx, incomplete) if item.value[2:] not in assigned]
        return sorted(items, key=lambda item: item.value[2:] not in missing)

    def inputs(self, words: ParsedWords) -> dict[str, str]:
        """Return the help text of each variable, and of its direction if there is one."""
        formula = self.formula(words)
        names = formula.variables if formula is not None else ()
        values = {name: f"Value of {name}." for name in names}
        directions = {f"d{name}": f"Direction in {name}." for name in names if self.directed}
        return values | directions | values

    def formula(self, words: ParsedWords) -> Lowerings | None:
        """Return an expression that may still be being typed, or None if it cannot be read or is not in a file."""
        from .inputs import read_formula

        word = words.expression
        if word in (None, "-") or (word.startswith("@") and not os.path.isfile(word[1:])):
            return None
        try:
            return read_formula(words)
        except AdcliError:
            return None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Sort the words before click reads the options."""
        takes_value = {
            option: not (isinstance(param, click.Option) and (param.is_flag or param.count))
            for param in super().get_params(ctx)
            for option in (*param.opts, *param.secondary_opts)
            if option.startswith("-")
        }
        ctx.obj = parse_words(args, takes_value, lenient=ctx.resilient_parsing, equation=self.equation)
        ctx.meta["help"] = bool({"-h", "--help"} & set(ctx.obj.options))
        return super().parse_args(ctx, ctx.obj.options)


def command_in(
    group: str, cls: type[GroupedCommand] = GroupedCommand, metavar: str = "[OPTIONS]"
) -> Callable[[Callable[..., object]], GroupedCommand]:
    """Declare a command of a group. Its name is that of its file."""

    def decorate(function: Callable[..., object]) -> GroupedCommand:
        name = function.__module__.rpartition(".")[2]
        command = click.command(name, cls=cls, context_settings=HELP, options_metavar=metavar)(function)
        command.group = group
        return command

    return decorate


def expression_command(
    group: str,
    *,
    equation: bool = False,
    directed: bool = False,
    at_points: bool = True,
    cls: type[ExpressionCommand] = ExpressionCommand,
) -> Callable[[Callable[..., object]], GroupedCommand]:
    """Declare a command over an expression. See `ExpressionCommand` for the arguments."""
    words = f"{'EQUATION' if equation else 'EXPRESSION'}{' [NAME=VALUE]...' if at_points else ''}"

    def decorate(function: Callable[..., object]) -> GroupedCommand:
        declare = command_in(group, cls, f"[OPTIONS] {words}")
        command = declare(click.pass_context(function))
        assert isinstance(command, ExpressionCommand)
        command.equation, command.directed, command.at_points = equation, directed, at_points
        return command

    return decorate
