"""Take nested lists, tuples and dicts of numbers, arrays and carriers apart and rebuild them, without recursion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from ..ops.op import join_carriers
from ..ops.operands import Operand, holds_carriers

Tree: TypeAlias = Operand  # a number, an array, a carrier, or a nested list, tuple or dict of them
Rebuild: TypeAlias = Callable[[Sequence[Operand]], Tree]


def flatten(tree: Tree, name: str = "") -> tuple[list[Operand], list[str], Rebuild]:
    """Return the leaves of a tree in order, a name for each, and a function that rebuilds the tree from other leaves.

    A list of plain numbers is a container. An array is a leaf. Named tuples keep their type.

    >>> leaves, names, rebuild = flatten({"w": [1.0, 2.0], "b": (3.0,)}, "p")
    >>> leaves, names
    ([1.0, 2.0, 3.0], ["p['w'][0]", "p['w'][1]", "p['b'][0]"])
    >>> rebuild([4.0, 5.0, 6.0])
    {'w': [4.0, 5.0], 'b': (6.0,)}
    """
    leaves: list[Operand] = []
    names: list[str] = []
    # Steps in reverse Polish order. None takes the next leaf, (container, keys or size) packs the last values.
    plan: list[tuple[Tree, Tree] | None] = []
    stack: list[Operand] = [(tree, name)]
    while stack:
        item, path = stack.pop()
        if path is None:
            plan.append(item)
        elif isinstance(item, dict):
            keys = list(item)
            stack.append(((item, keys), None))
            stack.extend([(item[key], f"{path}[{key!r}]") for key in reversed(keys)])
        elif isinstance(item, (list, tuple)):
            stack.append(((item, len(item)), None))
            stack.extend([(item[i], f"{path}[{i}]") for i in reversed(range(len(item)))])
        else:
            plan.append(None)
            leaves.append(join_carriers(item) if holds_carriers(item) else item)
            names.append(path)

    return leaves, names, lambda values: _rebuild(plan, values)


def _rebuild(plan: Sequence[tuple[Tree, Tree] | None], leaves: Sequence[Operand]) -> Tree:
    """Return the tree that a plan of `flatten` describes, with other leaves."""
    remaining = iter(leaves)
    values: list[Tree] = []
    for step in plan:
        if step is None:
            values.append(next(remaining))
            continue
        container, keys = step
        count = len(keys) if isinstance(container, dict) else keys
        parts = values[len(values) - count :]
        del values[len(values) - count :]
        if isinstance(container, dict):
            values.append(dict(zip(keys, parts, strict=True)))
        elif hasattr(container, "_fields"):
            values.append(type(container)(*parts))
        else:
            values.append(tuple(parts) if isinstance(container, tuple) else list(parts))
    return values[0]
