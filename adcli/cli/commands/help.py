"""`adcli help`: the help of a command, or a page of the documentation."""

from __future__ import annotations

import click

from ..declarations import ABOUT, command_in
from ..manual import TOPICS, read_page
from ..output import write


def _complete(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    from ..command_group import command_names

    return [word for word in [*command_names(), *TOPICS] if word.startswith(typed)]


@command_in(ABOUT)
@click.argument("topic", required=False, metavar="[COMMAND|PAGE|FUNCTION]", shell_complete=_complete)
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    """Show the help of a command, a page of the manual, or a function.

    \b
    Examples:
      adcli help grad
      adcli help language
      adcli help tutorial
      adcli help atan2

    The language is how formulas are written. The numbers are kinks, poles, nan and accuracy. Other pages are
    tutorial, arguments, arrays, derivatives, tables, cluster, pictures, targets, recipes, library and cheatsheet.
    """
    from ..command_group import command_names, load_command

    root = ctx.find_root()
    if topic is None:
        write(root.command.get_help(root) + "\n")
    elif topic in TOPICS:
        write(read_page(TOPICS[topic]))
    elif topic in command_names():
        command = load_command(topic)
        with click.Context(command, info_name=topic, parent=root) as context:
            write(command.get_help(context) + "\n")
    else:
        _show_function(ctx, topic)


def _show_function(ctx: click.Context, name: str) -> None:
    """Print what `adcli functions` prints about a function."""
    from ...errors import RequestError, quoted
    from ...ops import FUNCTIONS
    from ..command_group import command_names, load_command
    from ..unknown_command import command_hint

    if name not in FUNCTIONS:
        problem = f"there is no command, page or function {quoted(name)}"
        raise RequestError(problem, hint=command_hint(name, command_names(), TOPICS))
    ctx.invoke(load_command("functions"), names=(name,), output_format="text", output=None)
