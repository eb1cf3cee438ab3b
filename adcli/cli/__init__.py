"""The command line: `main`, and one file a command; files whose names start with `_` are shared by them.

A command's file imports only click and its neighbours at the top and everything else inside its function, so that help
and completion load neither the parser nor NumPy.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # not typing's: importing it before `main` is ready would leave Ctrl-C a traceback
if TYPE_CHECKING:
    from typing import Any, NoReturn

    import click


def run() -> NoReturn:
    """The command as a process of its own: `main`, and the end."""
    import gc

    # One answer leaves nothing worth collecting, least of all at exit: 1.3 becomes 1.1 times `import click`.
    gc.disable()
    # The threads of NumPy's BLAS wait for work in a loop, on cores that read and write tables; let them sleep.
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")
    status = main()
    gc.freeze()
    sys.exit(status)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 1 the mathematics failed, 2 the request was wrong.

    130 after Ctrl-C, 143 after SIGTERM, 129 when the terminal is closed; a closed pipe ends quietly with 0. Never a
    traceback for a user's mistake.
    """
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        return 130


def command_names() -> list[str]:
    """The commands there are: the files of this folder."""
    files = os.listdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "commands"))
    return sorted(name[:-3] for name in files if name.endswith(".py") and not name.startswith("_"))


def load_command(name: str) -> click.Command:
    """The click command of a file of this folder."""
    from importlib import import_module

    loaded: click.Command = import_module(f"{__name__}.commands.{name}").command
    return loaded


def _run(arguments: list[str]) -> int:
    import signal
    from contextlib import suppress

    import click

    from ..errors import AdcliError
    from .output import ClosedPipe, output_failed, say

    def terminate(number: int, frame: Any) -> None:
        raise SystemExit(128 + number)

    with suppress(ValueError):  # not in the main thread: the host decides about signals
        for number in filter(None, (signal.SIGTERM, getattr(signal, "SIGHUP", None))):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup asks
                signal.signal(number, terminate)
    group = _group()
    try:
        if "_ADCLI_COMPLETE" in os.environ:
            group.main(arguments, prog_name="adcli", complete_var="_ADCLI_COMPLETE")
        # Not group.main: it answers a closed pipe and Ctrl-C in its own way.
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
    except ClosedPipe:
        return 0
    except OSError as error:  # click's own printing of help
        return output_failed(error)
    except MemoryError:
        say("out of memory")
        return 2


def _one_line(error: click.ClickException) -> str:
    """Click's message in our style: no capital, no full stop, and where to look further."""
    import click

    message = " ".join(error.format_message().split()).rstrip(".").replace(". Did you mean", ": did you mean")
    message = message[:1].lower() + (message[1:] if len(message) <= 300 else f"{message[1:297]}…")
    if isinstance(error, click.UsageError) and error.ctx is not None and "did you mean" not in message.lower():
        message += f" (see `{error.ctx.command_path} --help`)"
    return message


def _group() -> click.Group:
    import click

    from .. import __version__
    from ..errors import RequestError, closest, quoted
    from .output import write

    class Commands(click.Group):
        """A group whose commands are files, loaded when they are named."""

        def list_commands(self, ctx: click.Context) -> list[str]:
            return command_names()

        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            if not cmd_name.isidentifier() or cmd_name.startswith("_"):
                return None
            try:
                return load_command(cmd_name)
            except ModuleNotFoundError as error:
                if error.name != f"{__name__}.commands.{cmd_name}":
                    raise
                return None

        def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
            name = args[0]
            if not ctx.resilient_parsing and self.get_command(ctx, name) is None:
                meant = closest(name, command_names())
                names = ", ".join(command_names())
                hint = f"did you mean '{meant}'?" if meant else f"the commands are {names}"
                raise RequestError(f"there is no command {quoted(name)}", hint=hint)
            return super().resolve_command(ctx, args)

    def version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
        if wanted and not ctx.resilient_parsing:
            write(f"adcli {__version__}\n")
            ctx.exit()

    @click.group(
        cls=Commands,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )
    @click.option(
        "--version", is_flag=True, is_eager=True, expose_value=False, callback=version,
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
