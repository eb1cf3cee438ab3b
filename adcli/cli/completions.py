"""What a shell offers for a word: files, variables, columns, results, functions and parts of the derivatives."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from ..errors import AdcliError

if TYPE_CHECKING:
    from ..formula.lowered import Lowerings


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
            names = sorted(each.name + ("/" if each.is_dir() else "") for each in entries if each.name.isprintable())
    except OSError:
        return []
    shown = [name for name in names if name.startswith(start) and (start or not name.startswith("."))]
    return [CompletionItem(f"{before}@{os.path.join(folder, name)}") for name in shown]


def complete_value(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer files for the value of a variable that begins with ``@``."""
    return complete_at_file(typed)


def complete_variables(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the variables of the expression, one after each comma."""
    formula = _formula(ctx)
    return _listed(typed, formula.variables) if formula else []


def complete_variable(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer one variable of the expression."""
    formula = _formula(ctx)
    return _started(typed, formula.variables) if formula else []


def complete_result(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the results of the expression."""
    from ..formula.labels import result_names

    formula = _formula(ctx)
    return _started(typed, result_names(formula.formula)) if formula else []


def complete_assignment(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the variables that have no value yet, as ``x=``."""
    return ctx.command.shell_complete(ctx, typed) if not typed.startswith("-") else []


def complete_keep(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the columns of the table, one after each comma."""
    words = [name for name in _columns(ctx) if "," not in name]
    return _listed(typed, words if "," in typed else ["all", "none", *words])


def complete_rename(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the variables without a column, as ``x=``, and the columns of the table after it."""
    new, equals, _ = typed.partition("=")
    columns = _columns(ctx, renamed=not equals)
    if equals:
        return _started(typed, [f"{new}={name}" for name in columns])
    formula = _formula(ctx)
    return _started(typed, [f"{name}=" for name in formula.variables if name not in columns] if formula else [])


def complete_condition(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Offer the columns of the table for the name at the end of a condition."""
    name = re.search(r"(?<![\w.)\]])(?:[^\W\d]\w*)?$", typed)
    if name is None:
        return []
    before = typed[: name.start()]
    return _started(typed, [before + column for column in _columns(ctx) if column.isidentifier()])


def _formula(ctx: click.Context) -> Lowerings | None:
    formula: Lowerings | None = ctx.command.formula(ctx.obj) if hasattr(ctx.command, "formula") else None
    return formula  # of an `ExpressionCommand`


def _columns(ctx: click.Context, renamed: bool = True) -> list[str]:
    """Return the columns of the first table, after --rename if asked for. Only a local file is opened."""
    from contextlib import closing
    from inspect import signature

    from ..tables.formats import open_table
    from ..tables.read_options import read_options

    path = next(iter(ctx.params.get("data") or ()), "-")
    if path == "-" or not os.path.isfile(path):
        return []
    try:
        options = read_options(**{name: ctx.params[name] for name in signature(read_options).parameters})
        with closing(open_table(path, options)) as table:
            columns = [*table.columns, *table.parts]
    except AdcliError:
        return []
    pairs = [text.partition("=") for text in ctx.params.get("rename") or () if renamed]
    new_names = {old: new for new, _, old in pairs}
    return [name for column in columns if (name := new_names.get(column, column)).isprintable()]


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


def _started(typed: str, words: Iterable[str]) -> list[CompletionItem]:
    return [CompletionItem(word) for word in words if word.startswith(typed)]


def _listed(typed: str, words: Sequence[str]) -> list[CompletionItem]:
    before, comma, last = typed.rpartition(",")
    taken = before.split(",")
    return [CompletionItem(before + comma + word) for word in words if word.startswith(last) and word not in taken]
