"""Whether the command line asks for one point or for many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import RequestError

if TYPE_CHECKING:
    from .options import TableOptions
    from .words import ParsedWords


def is_table(words: ParsedWords, table: TableOptions) -> bool:
    """Return whether there are many points: a table, a value that is several, or a format that only tables have.

    Raises:
        RequestError: an option asks for what needs a table or many points, and there is none.
    """
    if table.compression is not None and table.output_format:
        check_compression(table)
    if table.data and table.whole:
        _check_whole(table)
        return False
    if table.data:
        return True
    _refuse_table_options(table)
    from .printing import PRINTERS

    if table.output_format not in PRINTERS:
        return True
    candidates = [text for _, text in words.values if "," in text or ":" in text]
    if candidates:
        from .ranges import is_sweep

        if any(map(is_sweep, candidates)):
            return True
    for option, choice in (("--backend", table.backend), ("--threads", table.threads)):
        if choice:
            hint = "sweep a variable, as in --x 0:1:11, or give --data"
            raise RequestError(f"{option} is for many points", hint=hint)
    if table.zipped:
        raise RequestError("--zip needs several swept variables", hint="as in --x 0:1:11 --y 0:2:11 --zip")
    return False


def _refuse_table_options(table: TableOptions) -> None:
    """Raise a RequestError if there is an option that needs a table."""
    needs_table = ("--rename", table.rename), ("--keep", table.keep), ("--on-error", table.on_error)
    for option, value in (*needs_table, ("--union", table.union or None), ("--whole", table.whole or None)):
        if value is not None and value != ():
            raise RequestError(f"{option} needs a table", hint="--data FILE names it")
    option = "--where" if table.where is not None else ""
    if table.dialect is not None:
        from ..tables.read_options import flag

        option = next(map(flag, table.dialect.changed()), option)
    if option:
        hint = f"--data FILE names it; {option[2:]}=VALUE, without --, is a variable"
        raise RequestError(f"{option} needs a table", hint=hint)


def check_compression(table: TableOptions) -> None:
    """Raise a RequestError if the format of the output has no columns that are compressed."""
    from ..tables.formats import BY_NAME, FORMATS

    if not BY_NAME[table.output_format].compresses:
        names = " and ".join([row.name for row in FORMATS if row.compresses])
        hint = "other formats are compressed by their suffix, as in -o FILE.csv.zst"
        raise RequestError(f"--compression is for {names}, not {table.output_format}", hint=hint)


def _check_whole(table: TableOptions) -> None:
    """Raise a RequestError if an option does not go with columns that are vectors."""
    from .printing import PRINTERS

    options = {"--keep": table.keep, "--backend": table.backend, "--threads": table.threads, "--zip": table.zipped}
    option = next((name for name, value in options.items() if value), None)
    if option is not None:
        raise RequestError(f"{option} does not go with --whole", hint="it is for rows, and --whole gives one answer")
    if table.output_format not in PRINTERS:
        hint = f"use {', '.join(PRINTERS)}"
        raise RequestError(f"--whole gives one answer, which {table.output_format} cannot hold", hint=hint)
