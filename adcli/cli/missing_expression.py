"""The error of a command line without an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..errors import AdcliError, RequestError, quoted, short
from ..formula.lowered import Lowerings
from ..language.parser import parse

if TYPE_CHECKING:
    from .words import ParsedWords


def no_expression(words: ParsedWords) -> RequestError:
    """Return the error of a command line without an expression. The hint is the first example of the command's help."""
    help = click.get_current_context().command.help or ""
    example = next((line.strip() for line in help.splitlines() if line.strip().startswith("adcli ")), "adcli --help")
    hint = f"as in {example}"
    if words.values:
        name, value = words.values[0]
        given = f"{quoted(f'{name}={value.strip()}')} gives {short(name)} a value"
        formula = _formula_in(value)
        hint = (
            f"{given}; write {formula}, or {short(name)} = {formula}; {short(name)}" if formula else f"{given}; {hint}"
        )
    return RequestError(f"there is no {'equation' if words.equation else 'expression'}", hint=hint)


def _formula_in(value: str) -> str | None:
    """Return the text of a value, shortened, if it is a formula with variables."""
    try:
        return short(value.strip()) if Lowerings(parse(value)).variables else None
    except AdcliError:
        return None
