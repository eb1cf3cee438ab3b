"""`adcli help`: the help of a command, or a page of the documentation."""

from __future__ import annotations

import os

import click

from ..declarations import ABOUT, command_in
from ..output import write

TOPICS = {  # the pages, which stand beside the package in a checkout and inside it in a wheel
    "language": "grammar/README.md",
    "arguments": "docs/arguments.md",
    "numbers": "docs/numbers.md",
    "arrays": "docs/arrays.md",
    "derivatives": "docs/derivatives.md",
    "tables": "docs/tables.md",
    "cheatsheet": "docs/cheatsheet.md",
}


def _complete(ctx: click.Context, param: click.Parameter, typed: str) -> list[str]:
    from ..command_group import command_names

    return [word for word in [*command_names(), *TOPICS] if word.startswith(typed)]


@command_in(ABOUT)
@click.argument("topic", required=False, metavar="[COMMAND|TOPIC]", shell_complete=_complete)
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    """Show the help of a command, or a page of the manual.

    \b
    Examples:
      adcli help grad
      adcli help language
      adcli help numbers

    The language is how formulas are written. The numbers are kinks, poles, nan and accuracy. Other pages are cheatsheet,
    arguments, arrays, derivatives and tables.
    """
    from ...errors import RequestError, quoted, suggest
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
        topics = f"the pages are {', '.join(TOPICS)}"
        hint = suggest(topic, [*command_names(), *TOPICS], topics)
        raise RequestError(f"there is no command and no page {quoted(topic)}", hint=hint)


def read_page(path: str) -> str:
    """Return a page as text: links without their targets, and no marks of generated tables."""
    import re

    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    inside = os.path.join(package, path)
    place = inside if os.path.exists(inside) else os.path.join(os.path.dirname(package), path)
    with open(place, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"<!--.*?-->\n+", "", text, flags=re.DOTALL)
    return re.sub(r"(?<!!)\[([^\]\[]+)\]\([^()\s]*\)", r"\1", text)
