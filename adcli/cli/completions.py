"""What a shell offers for a word: names of files, variables, functions and parts of the derivatives."""

from __future__ import annotations

import os

import click
from click.shell_completion import CompletionItem


def complete_file(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer files, also after the ``@`` of a list of files."""
    return complete_at_file(typed) if typed.startswith("@") else [CompletionItem(typed, type="file")]


def complete_at_file(typed: str) -> list[CompletionItem]:
    """Offer the files of a word such as ``@form`` or ``x=@dat``. A folder ends with a slash."""
    before, sign, path = typed.partition("@")
    if not sign:
        return []
    folder, start = os.path.split(path)
    try:
        with os.scandir(folder or ".") as entries:
            names = sorted(entry.name + ("/" if entry.is_dir() else "") for entry in entries)
    except OSError:
        return []
    shown = [name for name in names if name.startswith(start) and (start or not name.startswith("."))]
    return [CompletionItem(f"{before}@{os.path.join(folder, name)}") for name in shown]


def complete_value(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer files for the value of a variable that begins with ``@``."""
    return complete_at_file(typed)


def complete_variables(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the variables of the expression, one after each comma."""
    variables = getattr(ctx.command, "variables", None)  # of an `ExpressionCommand`
    return [] if variables is None else _listed(typed, variables(ctx.obj))


def complete_parts(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the parts of `adcli code --what`, one after each comma."""
    from ..codegen.request import PARTS

    return _listed(typed, PARTS)


def complete_functions(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the names of functions, and those of their groups."""
    from ..ops import PUBLIC
    from ..ops.groups import GROUPS

    words = {name: op.doc for name, op in sorted(PUBLIC.items())} | {group.name: group.title for group in GROUPS}
    return [CompletionItem(word, help=text) for word, text in words.items() if word.startswith(typed)]


def _listed(typed: str, words: list[str] | tuple[str, ...]) -> list[CompletionItem]:
    before, comma, last = typed.rpartition(",")
    taken = before.split(",")
    return [CompletionItem(before + comma + word) for word in words if word.startswith(last) and word not in taken]
