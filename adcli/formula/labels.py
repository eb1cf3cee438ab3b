"""The names of results and of their derivatives, in text and as columns of tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ..errors import RequestError, quoted
from ..language.ast import Call, Formula, Name, Node
from ..language.lower import is_vector


def result_names(formula: Formula) -> list[str]:
    """Return the name of each result: that of its binding, otherwise ``f``, or ``f1``, ``f2`` … in a vector.

    Results that would have the same name are numbered.

    >>> from adcli import parse
    >>> result_names(parse("x*y")), result_names(parse("price = x*y; [price, x, 2*y]"))
    (['f'], ['price', 'f2', 'f3'])
    """
    result = formula.result
    elements: Sequence[Node] = (result,)
    numbered = ["f"]
    if isinstance(result, Call) and is_vector(result):
        elements = result.arguments
        numbered = [f"f{number}" for number, _ in enumerate(elements, 1)]
    bound = {binding.name for binding in formula.bindings}
    names = [
        element.name if isinstance(element, Name) and element.name in bound else number
        for element, number in zip(elements, numbered, strict=True)
    ]
    while len(set(names)) < len(names):
        names = [number if names.count(name) > 1 else name for name, number in zip(names, numbered, strict=True)]
    return names


def derivative_label(names: Sequence[str], of: str = "f") -> str:
    """Return the usual notation of the derivative by these variables, one after the other.

    >>> derivative_label(["x"]), derivative_label(["x", "x", "y"])
    ('df/dx', 'd3f/dx2dy')
    """
    counts = {name: list(names).count(name) for name in names}
    order = "" if len(names) == 1 else str(len(names))
    below = "".join(f"d{name}{'' if count == 1 else count}" for name, count in counts.items())
    return f"d{order}{of}/{below}"


def column_names(labels: Sequence[str]) -> list[str]:
    """Return labels as the names of columns.

    >>> column_names(["f", "d2f/dxdy"])
    ['f', 'd2f_dxdy']
    """
    return [label.replace("/", "_") for label in labels]


def rename_label(label: str, of: str, new_names: Mapping[str, str]) -> str:
    """Return the new label of an output. A derivative follows its value.

    Args:
        label: of the output.
        of: the label of its value.
        new_names: by columns.

    >>> rename_label("d2f/dxdy", "f", {"f": "price"}), rename_label("df/dx", "f", {"f": "price", "df_dx": "delta"})
    ('d2price/dxdy', 'delta')
    """
    [column] = column_names([label])
    if column in new_names:
        return new_names[column]
    above, slash, below = label.partition("/")
    order = above.removesuffix(of)
    is_derivative = bool(slash) and above.endswith(of) and re.fullmatch(r"d\d*", order)
    return f"{order}{new_names[of]}/{below}" if is_derivative and of in new_names else label


def refuse_equal_names(names: Iterable[str]) -> None:
    """Raise a RequestError if two results have one label or column, as under `jvp` a result that is called ``jvp``."""
    taken: set[str] = set()
    for name in names:
        if name in taken:
            problem = f"two results have the name {quoted(name)}"
            hint = "rename a variable"
            raise RequestError(problem, hint=hint, command_hint=f"{hint}, or --format json")
        taken.add(name)
