"""Find operations by name, by group, or by a pattern such as ``gauss*``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from ..errors import UnknownNameError, quoted, suggest
from ..language.foreign_names import function_hint
from ..ops import FUNCTIONS, PUBLIC, TABLE, Op
from ..ops.groups import Group, operations_by_group

LIST_HINT = "`adcli functions` lists them all"
GRAMMAR = "it is part of the language: write"
SYNTAX = {
    "diff": f"{GRAMMAR} diff(u, x) for the derivative of u by x",
    "len": f"{GRAMMAR} len(v) for the elements of v",
}


def find_operations(words: Sequence[str]) -> list[Op]:
    """Return the operations that the words name, each once.

    A word is the name of an operation or else of a group. A pattern with ``*`` or ``?`` is compared with names and with
    the words of descriptions and titles of groups. Capital letters do not matter in patterns.

    Raises:
        UnknownNameError: a word names nothing.

    >>> [op.name for op in find_operations(["log1*", "erf"])]
    ['log10', 'log1p', 'erf']
    """
    return list(dict.fromkeys(op for word in words for op in _find(word)))


def _find(word: str) -> list[Op]:
    operations = {op.name: op for op in TABLE.values()} | FUNCTIONS
    if word in operations:
        return [operations[word]]
    groups = operations_by_group()
    if set(word) & set("*?"):
        pattern = word.lower()
        matching = [op for group, ops in groups.items() for op in ops if _matches(pattern, _texts(op, group))]
        if matching:
            return matching
        raise UnknownNameError(f"no function matches {quoted(word)}", hint=LIST_HINT)
    members = next((ops for group, ops in groups.items() if group.name == word), None)
    if members is None:
        hint = SYNTAX.get(word) or function_hint(
            word, suggest(word, [*PUBLIC, *[each.name for each in groups]], LIST_HINT)
        )
        raise UnknownNameError(f"there is no function {quoted(word)}", hint=hint)
    return members


def _texts(op: Op, group: Group) -> list[str]:
    return [op.name, *op.aliases, op.doc, group.title]


def _matches(pattern: str, texts: Sequence[str]) -> bool:
    words = [word for text in texts for word in (text, *re.findall(r"\w+", text))]
    return any(fnmatchcase(word.lower(), pattern) for word in words)
