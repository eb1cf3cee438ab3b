"""Differentiate operations for every carrier. Only this module reads `partials`, `pulls`, `push`, `picks`.

Reverse mode is `BackwardSweep`, forward mode is `push`. Both are written once and run on symbols, eager values, dual
numbers, floats and arrays alike. An absent cotangent or tangent is None and never becomes a number.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from operator import lt

from .arithmetic import add, div, neg, where
from .op import Op
from .operands import Operand, shape_of, zeros
from .real import on_numbers
from .shapes import broadcast_shape
from .structure import broadcast_to, sum_to
from .support import Supported, absent, restrict, select, settle, split, track


def local(op: Op, position: int, out: Operand, arguments: Sequence[Operand], before: Operand | None = None) -> Operand:
    """Return the local derivative of an elementwise op by one argument: a number, an array, a carrier, or None.

    Args:
        before: the local derivative by an argument before this one. All arguments of a variadic op have the same.
    """
    if before is not None and op.variadic:
        return before
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


def push(
    op: Op, tangents: Sequence[Operand], out: Operand, arguments: Sequence[Operand], tracks: bool = False
) -> Operand:
    """Return the tangent of a result from those of the arguments, or None where it does not move.

    Args:
        tracks: whether structural zeros are told from computed ones: tangents that do not exist everywhere are
            `Supported`.

    >>> from adcli.ops import TABLE
    >>> push(TABLE["mul"], [1.0, None], 6.0, [2.0, 3.0])
    3.0
    """
    if all(tangent is None for tangent in tangents):
        return None
    if tracks and op.shape is not None and op.linear != "each":
        tangents = [None if tangent is None else track(tangent) for tangent in tangents]
    if op.push is not None and not (tracks and op.picks is not None and op.pulls is None):
        return _stretch(op, settle(op.push(tangents, out, *arguments, **op.parameters)), out)
    if op.linear == "jointly":
        missing = absent if tracks else zeros_like
        pairs = zip(tangents, arguments, strict=True)
        return settle(op(*[missing(x) if tangent is None else tangent for tangent, x in pairs]))
    total = partial = None
    for position, tangent in enumerate(tangents):
        if tangent is None:
            continue
        if op.pulls is None and op.linear != "each":
            partial = local(op, position, out, arguments, partial)
        term = _push_one(op, position, tangent, partial, out, arguments, tracks)
        if term is not None:
            total = term if total is None else add(total, term)
    is_number = total.__class__ is out.__class__ is float
    return total if is_number else _stretch(op, settle(total), out)


def _push_one(
    op: Op, position: int, tangent: Operand, partial: Operand, out: Operand, arguments: Sequence[Operand], tracks: bool
) -> Operand:
    """Return what the tangent of one argument adds to that of the result, or None."""
    if op.linear == "each":
        return op(*[tangent if i == position else argument for i, argument in enumerate(arguments)])
    if partial is None:
        return None
    is_plain = tangent.__class__ is not Supported
    term = times(partial, tangent) if is_plain else tangent.with_value(times(partial, tangent.value), partial)
    pick = None if op.picks is None else op.pick(position)
    if pick is None:
        return term
    picked = pick(out, *arguments)
    if picked is False:
        return None
    return restrict(term, picked) if tracks else where(picked, term, 0.0)


def _stretch(op: Op, tangent: Operand, out: Operand) -> Operand:
    """Return the tangent of an elementwise result in the full shape, which the arguments that move need not have."""
    shape, moved = shape_of(out), shape_of(tangent)
    if tangent is None or op.shape is not None or len(moved) > len(shape) or moved == shape:
        return tangent
    return broadcast_to(tangent, shape)


def zeros_like(x: Operand) -> Operand:
    """Return 0.0, or zeros of the shape of an argument."""
    return zeros(shape_of(x))


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
    """The cotangents of a backward sweep, by any key.

    Where an op picks among its arguments, a cotangent travels with the condition under which it exists, as a
    `Supported`, and is selected by it only at the end. So a branch not taken contributes nothing, even where its
    derivative is infinite (docs/decisions/004-conditional-cotangents.md).

    Args:
        at_once: select where the op picks, not at the end, which is much less work on arrays. The results are the same
            if all cotangents are finite. If one is not, the caller must sweep again.
        tracks: also leave out the elements that are known to be 0, such as those that an index does not select.

    Attributes:
        shared_divisors: rows of divisors y whose cotangents 1/y were added to several terms of a sum.
    """

    __slots__ = ("at_once", "cotangents", "shared_divisors", "tracks")

    def __init__(self, at_once: bool = False, tracks: bool = False) -> None:
        self.at_once = at_once
        self.tracks = tracks
        self.shared_divisors: set[int] = set()
        self.cotangents: dict[Hashable, Operand] = {}

    def step(
        self, key: Hashable, op: Op, out: Operand, arguments: Sequence[Operand], keys: Sequence[Hashable | None]
    ) -> None:
        """Add the complete cotangent of one node to those of its arguments, except arguments whose key is None."""
        cotangent = self.cotangents.pop(key)
        value, support = split(cotangent)
        partial: Operand = None
        for position, argument in enumerate(keys):
            if argument is None:
                continue
            if op.pulls is None:
                partial = local(op, position, out, arguments, partial)
                if partial is None:
                    continue
                term = self._multiply(partial, value, out, keys)
                if support is not None:
                    term = cotangent.with_value(term, partial)
            else:
                rule = op.pull(position)
                if rule is None:
                    continue
                pulled = track(cotangent) if self.tracks and op.moves else cotangent
                term = on_numbers(rule, pulled, (out, *arguments), **op.parameters)
            if op.picks is not None and (pick := op.pick(position)) is not None:
                picked = pick(out, *arguments, **op.parameters)
                if picked is False:
                    continue
                if self.at_once and picked is not True:
                    # A product takes a fraction of the time of a choice, whose branch the processor mispredicts.
                    term = term * picked.astype(float)
                    term += 0.0  # -0.0 becomes 0.0
                elif picked is not True:
                    term = restrict(term, picked)
            shape = shape_of(arguments[position])
            if shape_of(term) != shape:
                term = _sum_to_shape(term, shape)
            self.add(argument, term)

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
            root = getattr(slope, "squared", None)
            if root is not None and root.reciprocal is not None and slope.row > out.row:
                return times(root, times(root, cotangent))
        return times(slope, cotangent)

    def selected(self, key: Hashable) -> Operand:
        """Return the cotangent of a key, 0 where it does not exist, or None if there is none."""
        return select(self.cotangents.get(key))

    def add(self, key: Hashable, term: Operand) -> None:
        """Add a contribution, which may exist only under a condition."""
        before = self.cotangents.get(key)
        self.cotangents[key] = settle(term if before is None else before + term)


def _sum_to_shape(term: Operand, shape: tuple[int, ...]) -> Operand:
    """Sum over the axes that broadcasting stretched: its adjoint."""
    full = shape_of(term)
    if len(full) < len(shape) or any(map(lt, full[::-1], shape[::-1])):
        full = broadcast_shape(full, shape)  # a constant derivative
        term = broadcast_to.bind(shape=full)(term)
    return term if full == shape else sum_to.bind(shape=shape)(term)
