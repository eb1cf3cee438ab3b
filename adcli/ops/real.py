"""Apply rules to numbers, with floats whose arithmetic follows IEEE 754 where Python's raises."""

from __future__ import annotations

from collections.abc import Sequence

from .carrier import Carrier
from .op import Op
from .operands import NUMBERS, Operand, Rule


class Real(Carrier):
    """A float whose operators follow IEEE 754, so that the rules of the table run on numbers.

    >>> (1.0 / Real(0.0)).value
    inf
    """

    __slots__ = ("value",)
    level = 0

    def __init__(self, value: Operand) -> None:
        self.value = value

    @property
    def constant(self) -> float:
        """The number itself, for rules that test whether it is whole."""
        return float(self.value)

    def apply_op(self, op: Op, arguments: tuple[Operand, ...]) -> Operand:
        """Compute. Arrays and carriers of a higher level are returned as they are."""
        result = op(*[number(argument) for argument in arguments])
        return Real(result) if result.__class__ in NUMBERS else result


def number(x: Operand) -> Operand:
    """Return the float (or truth) in a Real, or the number itself."""
    return x.value if isinstance(x, Real) else x


def on_numbers(rule: Rule, out: Operand, arguments: Sequence[Operand], **parameters: Operand) -> Operand:
    """Apply a rule. If Python's arithmetic raises (1/0, overflow), apply it again with that of IEEE 754."""
    try:
        return rule(out, *arguments, **parameters)
    except ArithmeticError:
        safe = [Real(x) if x.__class__ in NUMBERS else x for x in (out, *arguments)]
        return number(rule(*safe, **parameters))
