"""Differentiate operations for every carrier. Only this module reads `partials`, `pulls`, `push`, `picks`.

Reverse mode is `BackwardSweep`, forward mode is `push`. Both are written once and run on symbols, eager values, dual
numbers, floats and arrays alike. An absent cotangent or tangent is None and never becomes a number.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from operator import lt

from .arithmetic import add, both, div, either, ne, neg, where
from .op import Op
from .operands import Operand, shape_of
from .real import on_numbers
from .shapes import broadcast_shape
from .structure import broadcast_to, sum_to


def local(op: Op, position: int, out: Operand, arguments: Sequence[Operand]) -> Operand:
    """Return the local derivative of an elementwise op by one argument: a number, an array, a carrier, or None."""
    partial = op.partial(position)
    return on_numbers(partial, out, arguments) if callable(partial) else partial


def times(slope: Operand, other: Operand) -> Operand:
    """Return a local derivative times a cotangent or tangent. 1 and -1 never become numbers of a graph.

    A symbol records that it is 1/y. Times 1/y becomes over y: one operation and one rounding less, and no 1/y that
    overflows by itself.
    """
    if slope.__class__ is float:
        if slope == 1.0:
            return other
        if slope == -1.0:
            return neg(other)
    if other.__class__ is float:
        if other == 1.0:
            return slope
        if other == -1.0:
            return neg(slope)
    reciprocal = getattr(slope, "reciprocal", None)
    return other * slope if reciprocal is None else _over(other, *reciprocal)


def _over(x: Operand, divisor: Operand, negative: bool) -> Operand:
    quotient = div(x, divisor)
    return neg(quotient) if negative else quotient


# ---------------------------------------------------------------- forward mode


def push(op: Op, tangents: Sequence[Operand], out: Operand, arguments: Sequence[Operand]) -> Operand:
    """Return the tangent of a result from those of the arguments, or None where it does not move.

    >>> from adcli.ops import TABLE
    >>> push(TABLE["mul"], [1.0, None], 6.0, [2.0, 3.0])
    3.0
    """
    if all(tangent is None for tangent in tangents):
        return None
    if op.push is not None:
        return _stretch(op, op.push(tangents, out, *arguments, **op.parameters), out)
    total = None
    if op.linear == "jointly":
        pairs = zip(tangents, arguments, strict=True)
        return op(*[zeros_like(x) if tangent is None else tangent for tangent, x in pairs])
    for position, tangent in enumerate(tangents):
        if tangent is None:
            continue
        if op.linear == "each":
            term = op(*[tangent if i == position else argument for i, argument in enumerate(arguments)])
        elif op.pulls is not None:
            continue  # no tangent goes through it
        else:
            partial = local(op, position, out, arguments)
            if partial is None:
                continue
            term = times(partial, tangent)
            pick = op.pick(position)
            if pick is not None:
                term = where(pick(out, *arguments), term, 0.0)
        total = term if total is None else add(total, term)
    return _stretch(op, total, out)


def _stretch(op: Op, tangent: Operand, out: Operand) -> Operand:
    """Return the tangent of an elementwise result in the full shape, which the arguments that move need not have."""
    shape, moved = shape_of(out), shape_of(tangent)
    if tangent is None or op.shape is not None or len(moved) > len(shape) or moved == shape:
        return tangent
    return broadcast_to(tangent, shape)


def zeros_like(x: Operand) -> Operand:
    """Return 0.0, or zeros of the shape of an argument."""
    shape = shape_of(x)
    if not shape:
        return 0.0
    import numpy as np

    return np.zeros(shape)


# ---------------------------------------------------------------- reverse mode


def pull(op: Op, cotangent: Operand, out: Operand, arguments: Sequence[Operand]) -> tuple[Operand, ...]:
    """Return the cotangent of every argument from that of the result, None for an argument without a derivative.

    >>> from adcli.ops import TABLE
    >>> pull(TABLE["mul"], 1.0, 6.0, [2.0, 3.0])
    (3.0, 2.0)
    """
    sweep = BackwardSweep()
    sweep.cotangents["out"] = cotangent
    sweep.step("out", op, out, arguments, range(len(arguments)))
    return tuple([sweep.selected(position) for position in range(len(arguments))])


def backward(op: Op, cotangent: Operand, out: Operand, *arguments: Operand) -> tuple[Operand, ...]:
    """Return the cotangent of every argument from that of the result: the method `Op.backward`.

    >>> from adcli.ops import TABLE
    >>> TABLE["mul"].backward(1.0, 6.0, 2.0, 3.0)
    (3.0, 2.0)
    """
    return pull(op, cotangent, out, arguments)


class BackwardSweep:
    """The cotangents of a backward sweep, by any key, and the conditions under which they exist (None: always).

    Where an op picks among its arguments, a cotangent travels with the condition under which it exists, and is
    selected by it only at the end. So a branch not taken contributes nothing, even where its derivative is infinite
    (docs/decisions/004-conditional-cotangents.md).

    Args:
        at_once: select where the op picks, not at the end, which is much less work on arrays. The results are the same
            if all cotangents are finite. If one is not, the caller must sweep again.

    Attributes:
        has_selected: whether a cotangent was selected at once.
        shared_divisors: rows of divisors y whose cotangents 1/y were added to several terms of a sum.
    """

    __slots__ = ("at_once", "conditions", "cotangents", "has_selected", "shared_divisors")

    def __init__(self, at_once: bool = False) -> None:
        self.at_once = at_once
        self.has_selected = False
        self.shared_divisors: set[int] = set()
        self.cotangents: dict[Hashable, Operand] = {}
        self.conditions: dict[Hashable, Operand] = {}

    def step(
        self, key: Hashable, op: Op, out: Operand, arguments: Sequence[Operand], keys: Sequence[Hashable | None]
    ) -> None:
        """Add the complete cotangent of one node to those of its arguments, except arguments whose key is None."""
        cotangent, condition = self.cotangents.pop(key), self.conditions.pop(key, None) if self.conditions else None
        for position, argument in enumerate(keys):
            if argument is None:
                continue
            if op.pulls is None:
                partial = local(op, position, out, arguments)
                if partial is None:
                    continue
                term, when = self._multiply(partial, cotangent, out, keys), condition
            else:
                rule = op.pull(position)
                if rule is None:
                    continue
                term, when = apply_pull(op, position, rule, cotangent, condition, out, arguments)
            if op.picks is not None and (pick := op.pick(position)) is not None:
                picked = pick(out, *arguments, **op.parameters)
                if picked is False:
                    continue
                if self.at_once and picked is not True:
                    # A product takes a fraction of the time of a choice, whose branch the processor mispredicts.
                    term = term * picked.astype(float)
                    term += 0.0  # -0.0 becomes 0.0
                    self.has_selected = True
                elif picked is not True:
                    when = picked if when is None else both(when, picked)
            shape = shape_of(arguments[position])
            if shape_of(term) != shape or (when is not None and shape_of(when) not in ((), shape)):
                term, when = _sum_to_shape(term, when, shape)
            self.add(argument, term, when)

    def _multiply(self, slope: Operand, cotangent: Operand, out: Operand, keys: Sequence[Hashable | None]) -> Operand:
        """Return a local derivative times the cotangent, on symbols in the fewest operations.

        A cotangent 1/y makes quotients too, unless a sum passes it to several terms. Times a new (1/y)**2 becomes over
        y, and over y again.
        """
        if cotangent.__class__ is float:
            return times(slope, cotangent)
        reciprocal = getattr(cotangent, "reciprocal", None)
        if reciprocal is not None:
            if slope.__class__ is float:
                if len(keys) - keys.count(None) > 1:
                    self.shared_divisors.add(reciprocal[0].row)
            elif getattr(slope, "reciprocal", None) is None and reciprocal[0].row not in self.shared_divisors:
                return _over(slope, *reciprocal)
        elif slope.__class__ is not float:
            root = getattr(slope, "root", None)
            if root is not None and root.reciprocal is not None and slope.row > out.row:
                return times(root, times(root, cotangent))
        return times(slope, cotangent)

    def selected(self, key: Hashable) -> Operand:
        """Return the cotangent of a key, 0 where its condition does not hold, or None if there is none."""
        cotangent = self.cotangents.get(key)
        return None if cotangent is None else select(self.conditions.get(key), cotangent)

    def add(self, key: Hashable, term: Operand, when: Operand) -> None:
        """Add a contribution that exists only under a condition."""
        before = self.cotangents.get(key)
        if before is None:
            self.cotangents[key] = term
            if when is not None:
                self.conditions[key] = when
            return
        earlier = self.conditions.pop(key, None) if self.conditions else None
        if earlier is None and when is None:
            self.cotangents[key] = before + term
        elif earlier is not None and when is not None and _same(earlier, when):
            self.cotangents[key] = before + term
            self.conditions[key] = earlier
        elif earlier is not None and when is not None and _opposite(earlier, when):
            self.cotangents[key] = where(earlier, before, term)
        else:
            self.cotangents[key] = select(earlier, before) + select(when, term)
            if earlier is not None and when is not None:
                self.conditions[key] = either(earlier, when)


def select(condition: Operand, cotangent: Operand) -> Operand:
    """Return a cotangent where its condition holds, 0 elsewhere."""
    return cotangent if condition is None else where(condition, cotangent, 0.0)


def apply_pull(
    op: Op,
    position: int,
    rule: Operand,
    cotangent: Operand,
    condition: Operand,
    out: Operand,
    arguments: Sequence[Operand],
) -> tuple[Operand, Operand]:
    """Apply a tensor rule to a cotangent and, if there is one, to its condition."""
    if condition is None:
        return on_numbers(rule, cotangent, (out, *arguments), **op.parameters), None
    pulled = rule(select(condition, cotangent), out, *arguments, **op.parameters)
    # A number of the argument counts if it reaches a number of the result that is picked.
    mask = where(condition, ones(shape_of(out)), 0.0)
    if op.reach is not None:
        reach = op.reach(position) if callable(op.reach) else op.reach[position]
        reached = reach(mask, out, *arguments, **op.parameters)
    elif op.moves:
        reached = rule(mask, out, *arguments, **op.parameters)
    else:  # a product: that of ones shows which numbers meet
        reached = rule(mask, out, *[ones(shape_of(x)) for x in arguments], **op.parameters)
    return pulled, ne(reached, 0.0)


def _sum_to_shape(term: Operand, when: Operand, shape: tuple[int, ...]) -> tuple[Operand, Operand]:
    """Sum over the axes that broadcasting stretched: its adjoint, also under a condition."""
    full = shape_of(term) if when is None else broadcast_shape(shape_of(term), shape_of(when))
    if len(full) < len(shape) or any(map(lt, full[::-1], shape[::-1])):
        full = broadcast_shape(full, shape)  # a constant derivative
    if shape_of(term) != full:
        term = broadcast_to.bind(shape=full)(term)
    if when is None:
        return (term if full == shape else sum_to.bind(shape=shape)(term)), None
    mask = where(when, ones(full), 0.0)
    return sum_to(where(when, term, 0.0), shape), ne(sum_to(mask, shape), 0.0)


def ones(shape: tuple[int, ...]) -> Operand:
    """Return 1.0, or ones of a shape."""
    if not shape:
        return 1.0
    import numpy as np

    return np.ones(shape)


def _same(one: Operand, other: Operand) -> bool:
    """Return whether two conditions are known to be the same. Only symbols are compared."""
    compare: Callable[[Operand], bool] | None = getattr(one, "is_same", None)
    return one is other or (compare is not None and compare(other))


def _opposite(one: Operand, other: Operand) -> bool:
    """Return whether one condition is known to be the negation of the other."""
    compare: Callable[[Operand], bool] | None = getattr(one, "is_opposite", None)
    return compare is not None and compare(other)
