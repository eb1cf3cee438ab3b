"""The new names that ``--name`` gives to results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import RequestError, UnknownNameError, join_names, quoted, suggest
from ..formula.labels import column_names, refuse_equal_names

if TYPE_CHECKING:
    from ..formula.outputs import Outputs


def rename_results(outputs: Outputs, texts: Sequence[str]) -> None:
    """Give results the names in texts like ``f=price``.

    Raises:
        RequestError: there is no such result, it gets two names, or a text is not of this form.
    """
    outputs.rename(read_new_names(texts, outputs.labels))
    refuse_equal_names(outputs.names)


def read_new_names(texts: Sequence[str], labels: Sequence[str]) -> dict[str, str]:
    """Return the new names of results by their columns. See `rename_results`."""
    known = dict.fromkeys([*labels, *column_names(labels)])
    new_names: dict[str, str] = {}
    for text in texts:
        old, equals, new = (part.strip() for part in text.partition("="))
        if not equals or not old or not new:
            raise RequestError(f"--name takes OLD=NEW, not {quoted(text)}", hint="as in --name f=price")
        if old not in known:
            hint = suggest(old, known, f"the results are {join_names(labels)}")
            if new in known:
                hint = f"it is OLD=NEW: did you mean {quoted(f'{new}={old}')}?"
            raise UnknownNameError(f"--name: there is no result {quoted(old)}", hint=hint)
        if not new.isidentifier():
            hint = "a name has letters, digits and _, as in --name f=price"
            raise RequestError(f"--name: {quoted(new)} is not a name", hint=hint)
        [column] = column_names([old])
        if column in new_names:
            raise RequestError(f"--name gives the result {quoted(old)} two names", hint="leave one out")
        new_names[column] = new
    names = Counter(new_names.get(column, column) for column in column_names(labels))
    if twice := next((name for name in new_names.values() if names[name] > 1), None):
        raise RequestError(f"--name: two results have the name {quoted(twice)}", hint="give each one its own name")
    return new_names
