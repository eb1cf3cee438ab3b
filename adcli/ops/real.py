"""Rules on numbers: floats whose arithmetic follows IEEE 754 where Python's raises."""

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
        """The number itself: a rule may look whether it is a whole one."""
        return float(self.value)

    def apply_op(self, op: Op, arguments: tuple[Operand, ...]) -> Operand:
        """Compute; what is no number (an array, a carrier of a higher level) is handed on bare."""
        result = op(*[number(argument) for argument in arguments])
        return Real(result) if result.__class__ in NUMBERS else result


def number(x: Operand) -> Operand:
    """The float (or truth) in a Real, or the number itself."""
    return x.value if isinstance(x, Real) else x


def on_numbers(rule: Rule, out: Operand, arguments: Sequence[Operand], **parameters: Operand) -> Operand:
    """A rule applied; where Python's own arithmetic raises (1/0, overflow), once more with that of IEEE 754."""
    try:
        return rule(out, *arguments, **parameters)
    except ArithmeticError:
        safe = [Real(x) if x.__class__ in NUMBERS else x for x in (out, *arguments)]
        return number(rule(*safe, **parameters))
