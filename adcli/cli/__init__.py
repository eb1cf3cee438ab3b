"""The command line: `main`, and one file for each command in `commands/`.

A command's file imports only click and the declarations of this package at the top and everything else inside its
function, so that help and completion load neither the parser nor NumPy.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # avoid importing typing (15 ms), during which Ctrl-C would print a traceback
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

    import click

    from .declarations import GroupedCommand


def run() -> NoReturn:
    """Run the command as a process of its own."""
    import gc

    # One answer leaves no garbage worth collecting. Without this the process takes 1.2 times as long.
    gc.disable()
    # Idle threads of NumPy's BLAS spin on cores that read and write tables. Let them sleep.
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")
    status = main()
    gc.freeze()
    sys.exit(status)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status.

    The status is 0 for done, 1 if the mathematics failed, 2 if the request was wrong, 130 after Ctrl-C, 143 after
    SIGTERM and 129 if the terminal was closed. A closed pipe ends quietly with 0.
    """
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        return 130


def command_names() -> list[str]:
    """Return the names of the commands, which are the files in `commands/`."""
    files = os.listdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "commands"))
    return sorted(name[:-3] for name in files if name.endswith(".py") and not name.startswith("_"))


def load_command(name: str) -> GroupedCommand:
    """Return the command of a file in `commands/`."""
    from importlib import import_module

    command: GroupedCommand = import_module(f"{__name__}.commands.{name}").command
    return command


def _run(arguments: list[str]) -> int:
    import click

    from ..errors import AdcliError
    from .output import ClosedPipeError, output_failed, say

    _exit_on_signals()
    group = _group()
    try:
        if "_ADCLI_COMPLETE" in os.environ:
            group.main(arguments, prog_name="adcli", complete_var="_ADCLI_COMPLETE")
        # group.main would handle a closed pipe and Ctrl-C in its own way.
        with group.make_context("adcli", list(arguments)) as ctx:
            return int(group.invoke(ctx) or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except AdcliError as error:
        say(str(error))
        return error.exit_status
    except click.ClickException as error:
        say(_one_line(error))
        return 2
    except ClosedPipeError:
        return 0
    except OSError as error:  # from click, which prints help itself
        return output_failed(error)
    except MemoryError:
        say("out of memory")
        return 2


def _exit_on_signals() -> None:
    """Make SIGTERM and SIGHUP raise SystemExit, so that no temporary file stays. An ignored signal stays ignored."""
    import signal
    from contextlib import suppress

    def terminate(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    with suppress(ValueError):  # only the main thread may set handlers
        for number in filter(None, (signal.SIGTERM, getattr(signal, "SIGHUP", None))):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores it
                signal.signal(number, terminate)


def _one_line(error: click.ClickException) -> str:
    """Return click's message in the style of the others: no capital, no full stop, and a pointer to help."""
    import click

    message = " ".join(error.format_message().split()).rstrip(".").replace(". Did you mean", ": did you mean")
    message = message[:1].lower() + (message[1:] if len(message) <= 300 else f"{message[1:297]}…")
    if isinstance(error, click.UsageError) and error.ctx is not None and "did you mean" not in message.lower():
        message += f" (see `{error.ctx.command_path} --help`)"
    return message


def _group() -> click.Group:
    import click

    from .. import __version__
    from ..errors import RequestError, quoted, suggest
    from .declarations import GROUPS, HELP
    from .output import write

    class Commands(click.Group):
        """A group whose commands are files, which are loaded when they are named."""

        def list_commands(self, ctx: click.Context) -> list[str]:
            return command_names()

        def get_command(self, ctx: click.Context, cmd_name: str) -> GroupedCommand | None:
            if not cmd_name.isidentifier() or cmd_name.startswith("_"):
                return None
            try:
                return load_command(cmd_name)
            except ModuleNotFoundError as error:
                if error.name != f"{__name__}.commands.{cmd_name}":
                    raise
                return None

        def resolve_command(
            self, ctx: click.Context, args: list[str]
        ) -> tuple[str | None, click.Command | None, list[str]]:
            name = args[0]
            if not ctx.resilient_parsing and self.get_command(ctx, name) is None:
                hint = suggest(name, command_names(), f"the commands are {', '.join(command_names())}")
                raise RequestError(f"there is no command {quoted(name)}", hint=hint)
            return super().resolve_command(ctx, args)

        def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
            """Write a section for each group of commands, with the first line of each command's help."""
            commands = {name: load_command(name) for name in command_names()}
            for group in dict.fromkeys([*GROUPS, *[command.group for command in commands.values()]]):
                rows = [(n, (c.help or "").partition("\n")[0]) for n, c in commands.items() if c.group == group]
                if rows:
                    with formatter.section(group):
                        formatter.write_dl(rows)

    def show_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
        if wanted and not ctx.resilient_parsing:
            write(f"adcli {__version__}\n")
            ctx.exit()

    @click.group(cls=Commands, invoke_without_command=True, context_settings=HELP | {"max_content_width": 110})
    @click.option(
        "--version", is_flag=True, is_eager=True, expose_value=False, callback=show_version,
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
        """
        if ctx.invoked_subcommand is None:
            write(ctx.get_help() + "\n")

    return adcli
