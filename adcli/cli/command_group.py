"""The command `adcli` itself, a group of the commands in `commands/`."""

from __future__ import annotations

import os

import click

from .._version import __version__
from ..errors import RequestError, quoted
from .declarations import GROUPS, HELP, GroupedCommand, OwnHelp
from .options import option
from .output import write

COMMANDS = f"{__package__}.commands"


def command_names() -> list[str]:
    """Return the names of the commands, which are the files in `commands/`."""
    files = os.listdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "commands"))
    return sorted(name[:-3] for name in files if name.endswith(".py") and not name.startswith("_"))


def load_command(name: str) -> GroupedCommand:
    """Return the command of a file in `commands/`."""
    from importlib import import_module

    command: GroupedCommand = import_module(f"{COMMANDS}.{name}").command
    return command


class Commands(OwnHelp, click.Group):
    """A group whose commands are files, which are loaded when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return command_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> GroupedCommand | None:
        """Return the command of that name, or None."""
        if not cmd_name.isidentifier() or cmd_name.startswith("_"):
            return None
        try:
            return load_command(cmd_name)
        except ModuleNotFoundError as error:
            if error.name != f"{COMMANDS}.{cmd_name}":
                raise
            return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first word names.

        Raises:
            RequestError: there is none.
        """
        name = args[0]
        if not ctx.resilient_parsing and self.get_command(ctx, name) is None:
            from .unknown_command import command_hint

            raise RequestError(f"there is no command {quoted(name)}", hint=command_hint(name, command_names()))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section for each group of commands, with the first line of each command's help."""
        commands = {name: load_command(name) for name in command_names()}
        for group in dict.fromkeys([*GROUPS, *[command.group for command in commands.values()]]):
            rows = [(n, (c.help or "").partition("\n")[0]) for n, c in commands.items() if c.group == group]
            if rows:
                with formatter.section(group):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names of the pages of the manual."""
        from .manual import TOPICS

        with formatter.section("Pages of adcli help"):
            formatter.write_text(", ".join(TOPICS))


def _show_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        write(f"adcli {__version__}\n")
        ctx.exit()


@click.group(cls=Commands, invoke_without_command=True, context_settings=HELP | {"max_content_width": 110})
@option(
    "-V", "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version,
    help="Show the version and exit.",
)  # fmt: skip
@click.pass_context
def adcli(ctx: click.Context) -> None:
    """Exact values and derivatives of a quoted expression.

    \b
    Examples:
      adcli grad "sin(x**2)*cos(y)" --x 2 --y 3
      adcli eval "exp(-x**2/2)/sqrt(tau)" --x 0.5
      adcli graph "sin(x**2)*cos(y)" --x 2 --y 3 -o graph.svg
      adcli functions
      adcli help language
    """
    if ctx.invoked_subcommand is None:
        write(ctx.get_help() + "\n")
