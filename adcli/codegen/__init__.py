"""Code in other languages from a program: one file a target, over a shared layout and a shared library of kernels.

A file of this folder with a `write` function is a target; `docs/targets.md` says how to add one. May import `errors`,
`ops` and `graph`.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Protocol, cast

from ..errors import RequestError, quoted, suggest
from .request import Request


class Target(Protocol):
    """What the file of a target holds.

    Attributes:
        SUFFIXES: of the files it is usually written to; they choose the target where none is named.
    """

    SUFFIXES: tuple[str, ...]

    def write(self, request: Request) -> str:
        """The code, with a line break at its end."""


def target_summaries() -> list[tuple[str, str]]:
    """The targets there are, the files of this folder that write code, and the first line of what each says."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "targets")
    found = []
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py") and not name.startswith("_"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read()
            if "\ndef write(" in text:
                found.append((name[:-3], text.partition('"""')[2].partition("\n")[0].removesuffix('"""')))
    return found


def target_names() -> list[str]:
    """The names of the targets.

    >>> "javascript" in target_names()
    True
    """
    return [name for name, _ in target_summaries()]


def load_target(name: str) -> Target:
    """The target of this name.

    Raises:
        RequestError: there is none.
    """
    names = target_names()
    if name not in names:
        hint = suggest(name, names, f"the targets are {', '.join(names)}")
        raise RequestError(f"there is no target {quoted(name)}", hint=hint)
    return cast(Target, import_module(f"{__name__}.targets.{name}"))
