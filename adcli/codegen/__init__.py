"""Code in other languages from a program: a file of `targets/` for each, over one skeleton, `code_writer.CodeWriter`.

`docs/targets.md` says how to add a target. May import `errors`, `ops`, `graph` and `simplify`.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, cast

from ..errors import RequestError, closest, quoted

if TYPE_CHECKING:
    from .code_writer import CodeWriter


def target_summaries() -> list[tuple[str, str]]:
    """Return the name of each target, a file of `targets/`, and the first line of its docstring."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "targets")
    summaries = []
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py") and not name.startswith("_"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read()
            summaries.append((name[:-3], text.partition('"""')[2].partition("\n")[0].removesuffix('"""')))
    return summaries


def target_names() -> list[str]:
    """Return the names of the targets.

    >>> "javascript" in target_names()
    True
    """
    return [name for name, _ in target_summaries()]


def load_target(name: str) -> type[CodeWriter]:
    """Return the target of this name.

    Raises:
        RequestError: if there is none.
    """
    names = target_names()
    if name not in names:
        close = closest(name, names)
        hint = f"did you mean '{close}'?" if close else f"the targets are {', '.join(names)}"
        raise RequestError(f"there is no target {quoted(name)}", hint=hint)
    return cast("type[CodeWriter]", import_module(f"{__name__}.targets.{name}").Target)


def target_of(path: str) -> str | None:
    """Return the target that the suffix of a file's name chooses, or None.

    >>> target_of("f.c"), target_of("notes.txt")
    ('c', None)
    """
    suffix = os.path.splitext(path)[1].lower()
    return next((name for name in target_names() if suffix in load_target(name).suffixes), None) if suffix else None
