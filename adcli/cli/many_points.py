"""Whether a command line means one point or many."""

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
    for option, value in (("--rename", table.rename), ("--keep", table.keep), ("--on-error", table.on_error)):
        if value is not None and value != ():
            raise RequestError(f"{option} needs a table", hint="--data FILE names it")
    option = "--where" if table.where is not None else ""
    if table.dialect is not None:
        from ..tables.read_options import flag

        option = next(map(flag, table.dialect.changed()), option)
    if option:
        hint = f"--data FILE names it; {option[2:]}=VALUE, without --, is a variable"
        raise RequestError(f"{option} needs a table", hint=hint)
