"""The command line: `main`, and one file for each command in `commands/`.

A command's file imports only click and the declarations of this package at the top and everything else inside its
function, so that help and completion load neither the parser nor NumPy.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # avoid importing typing (15 ms), during which Ctrl-C would print a traceback
if TYPE_CHECKING:
    from typing import NoReturn

    import click


def run() -> NoReturn:
    """Run the command as a process of its own."""
    import gc

    # One answer leaves no garbage worth collecting. Without this the process takes 1.2 times as long.
    gc.disable()
    from ..shutdown import exit_at_signals, exit_process
    from .click_import import import_click

    exit_at_signals()
    import_click()
    # Idle threads of NumPy's BLAS spin on cores that read and write tables. Let them sleep.
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")
    exit_process(_main_or_message())


def _main_or_message() -> int:
    """Run `main`. Print one line for what it should not raise, such as a panic of a library."""
    try:
        return main()
    except SystemExit as end:  # from click's completion
        return end.code if isinstance(end.code, int) else 0
    except BaseException as error:
        if "ADCLI_TRACEBACK" in os.environ:
            raise
        from .output import say

        lines = str(error).splitlines() or [""]
        say(f"internal error, {type(error).__name__}: {lines[0][:200]} (ADCLI_TRACEBACK=1 shows where)")
        return 2


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status.

    The status is 0 for done, 1 if the mathematics failed, 2 if the request was wrong, and 130 after Ctrl-C. A closed
    pipe ends quietly with 0. `run` also ends with 143 after SIGTERM and 129 if the terminal was closed.
    """
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str]) -> int:
    import click

    from ..errors import AdcliError
    from .command_group import adcli as group
    from .output import ClosedPipeError, output_failed, say

    try:
        if "_ADCLI_COMPLETE" in os.environ:
            from .shell_scripts import register_shells

            register_shells()
            group.main(arguments, prog_name="adcli", complete_var="_ADCLI_COMPLETE")
        # group.main would handle a closed pipe and Ctrl-C in its own way.
        with group.make_context("adcli", list(arguments)) as ctx:
            return int(group.invoke(ctx) or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except AdcliError as error:
        say(error.command_message())
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


def _one_line(error: click.ClickException) -> str:
    """Return click's message in the style of the others: no capital, no full stop, and a pointer to help."""
    import click

    message = " ".join(error.format_message().split()).rstrip(".").replace(". Did you mean", ": did you mean")
    message = message[:1].lower() + (message[1:] if len(message) <= 300 else f"{message[1:297]}…")
    if isinstance(error, click.UsageError) and error.ctx is not None and "did you mean" not in message.lower():
        message += f" (see `{error.ctx.command_path} --help`)"
    return message
