"""Write a program as code in other languages: a file of `targets/` for each, over one skeleton, `CodeWriter`.

`docs/targets.md` describes how to add a target. May import `errors`, `ops`, `graph` and `simplify`.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Protocol, cast

from ..errors import RequestError, quoted, suggest
from .request import CodeRequest


class Target(Protocol):
    """The attributes that the registry reads from the `Target` of a file: a subclass of `code_writer.CodeWriter`.

    Attributes:
        suffixes: of files that choose this target if ``--to`` is missing.
        takes_arrays: whether the code computes with arrays.
        takes_elements: whether arguments may be arrays in code that computes with their elements.
    """

    suffixes: tuple[str, ...]
    takes_arrays: bool
    takes_elements: bool

    def write(self, request: CodeRequest) -> str:
        """Return the code, with a line break at its end."""


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


def load_target(name: str) -> Target:
    """Return the target of this name.

    Raises:
        RequestError: if there is none.
    """
    names = target_names()
    if name not in names:
        hint = suggest(name, names, f"the targets are {', '.join(names)}")
        raise RequestError(f"there is no target {quoted(name)}", hint=hint)
    return cast(Target, import_module(f"{__name__}.targets.{name}").Target)
