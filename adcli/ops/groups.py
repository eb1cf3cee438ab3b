"""The groups of operations, as `adcli functions` and the documentation list them."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from .op import TABLE, Op


class Group(NamedTuple):
    """A group of operations.

    Attributes:
        name: one word, which `adcli functions` takes.
        title: the heading.
        modules: the modules of this package whose operations belong to it, unless another group names them.
        members: the names of other operations that belong to it, separated by blanks.
    """

    name: str
    title: str
    modules: tuple[str, ...] = ()
    members: str = ""


HELPERS = Group("helpers", "Functions that derivatives use")
GROUPS = (
    Group("operators", "Operators and conditions", (),
          "add sub mul div neg mod pow lt le gt ge eq ne and or not"),
    Group("choices", "Choices, steps and straight pieces", ("arithmetic",)),
    Group("exponential", "Roots, exponentials and logarithms", ("elementary", "root")),
    Group("trig", "Trigonometric functions, of radians and degrees", ("degrees",),
          "sin cos tan sec csc cot asin acos atan atan2 hypot sinc"),
    Group("hyperbolic", "Hyperbolic functions", (),
          "sinh cosh tanh sech csch coth asinh acosh atanh acoth asech acsch"),
    Group("special", "Gamma, beta, error and other special functions", ("special", "beta", "incomplete", "lambert")),
    Group("bessel", "Bessel functions", ("bessel",)),
    Group("normal", "Normal (Gaussian) distribution, and inverses of the error functions", ("normal",)),
    Group("shapes", "Shapes and parts of arrays", ("structure",)),
    Group("reductions", "Reductions of arrays", ("reductions",)),
    Group("linear", "Linear algebra", ("linear",)),
    HELPERS,
)  # fmt: skip


def operations_by_group() -> dict[Group, list[Op]]:
    """Return the operations of each group, in the order of the table.

    >>> groups = {group.name: [op.name for op in ops] for group, ops in operations_by_group().items()}
    >>> groups["hyperbolic"][:2], groups["normal"][0]
    (['sinh', 'cosh'], 'normpdf')
    """
    operations = [*TABLE.values()]  # loads the modules in the order of the table, which that of the groups is not
    members = {name: group for group in GROUPS for name in group.members.split()}
    homes: dict[str, Group] = {}
    for group in GROUPS:
        for module in group.modules:
            for value in vars(import_module(f"{__package__}.{module}")).values():
                # A module also has the operations that it imports. The first one to be listed defines them.
                if isinstance(value, Op):
                    homes.setdefault(value.name, group)
    groups: dict[Group, list[Op]] = {group: [] for group in GROUPS}
    for op in operations:
        groups[HELPERS if op.helper else members.get(op.name) or homes[op.name]].append(op)
    return groups
