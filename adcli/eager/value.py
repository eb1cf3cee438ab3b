"""`Value`: a number or an array that records what is done with it, and hands gradients back."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from math import isfinite
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ShapeError
from ..ops import Carrier, Op
from ..ops.arithmetic import add, div, mul, power, sub
from ..ops.on_arrays import FLOAT, quietly
from ..ops.operands import NUMBERS, float_array
from ..ops.real import on_numbers
from ..ops.rules import Sweep, pull, zeros_like
from .levels import owned, plain, settled

if TYPE_CHECKING:
    from ..draw.picture import Picture

_number = count().__next__  # of every node: a node's inputs have smaller ones, so no topological sort is needed
_by_number = attrgetter("number")
SCALARS = frozenset((float, bool))
PLAIN = SCALARS | {np.ndarray}


class Value(Carrier):
    """A number or an array, and how it came about.

    Every operation computes at once and appends a node; `backward` on a result fills `grad` of everything that it was
    made of. Operators take numbers and arrays on either side; every function of the table is a method and a function of
    adcli, and NumPy's of the same name (``np.sin(x)``) do as well. Chains may be as long as memory lasts.

    Args:
        value: a number, a list or an array; float64 throughout, and copied.
        label: a name, for pictures, programs and people; it may be set later, on results too.

    Attributes:
        value: a float, or a float64 array; `data` is another name of it. Leaves may be set, then `forward` runs the
            graph again.
        grad: the slope of the output of the last `backward` by this, of the shape of the value; None before.
        op: the operation (``str(x.op)`` is its sign or name), None for a leaf.
        inputs: what the operation was applied to: Values, numbers and arrays.
        label: the name, or None.

    Raises:
        TypeError: the value is no number and no array of numbers.

    >>> x, y = Value(2.0, label="x"), Value(3.0, label="y")
    >>> z = x*y + x**2
    >>> z.backward()
    >>> z.value, x.grad, y.grad
    (10.0, 7.0, 2.0)
    """

    __slots__ = ("_order", "grad", "inputs", "label", "number", "op", "value")
    level = 1

    def __init__(self, value: Any, label: str | None = None) -> None:
        self.value = plain(value)
        if getattr(self.value, "level", 0):
            raise TypeError(f"a Value holds numbers, not a {type(value).__name__}; take its .value")
        self.grad: Any = None
        self.op: Op | None = None
        self.inputs: tuple[Any, ...] = ()
        self.label = label
        self.number = _number()

    # ------------------------------------------------------------ what it is

    @property
    def data(self) -> Any:
        """The value."""
        return self.value

    @data.setter
    def data(self, value: Any) -> None:
        self.value = plain(value)

    @property
    def shape(self) -> tuple[int, ...]:  # type: ignore[override]
        """The shape of the value; () is a number."""
        shape: tuple[int, ...] = getattr(self.value, "shape", ())
        return shape

    @property
    def prev(self) -> tuple[Value, ...]:
        """The Values it was computed from; constants are in `inputs` only.

        >>> x = Value(2.0)
        >>> (3.0 * x).prev == (x,)
        True
        """
        return tuple([x for x in self.inputs if self._is_node(x)])

    def __repr__(self) -> str:
        value = repr(self.value) if not self.shape else np.array2string(self.value, separator=", ", threshold=20)
        parts = [value]
        if self.label is not None:
            parts.append(f"label={self.label!r}")
        if self.op is not None:
            parts.append(f"op={str(self.op)!r}")
        if self.grad is not None:
            grad = self.grad
            parts.append(f"grad={grad!r}" if not self.shape else f"grad of shape {getattr(grad, 'shape', ())}")
        return f"{type(self).__name__}({', '.join(parts)})"

    def __bool__(self) -> bool:
        return bool(self.value)

    # ------------------------------------------------------------ operations

    def apply_op(self, op: Op, arguments: tuple[Any, ...]) -> Any:
        """Compute and record."""
        level, kind = self.level, self.__class__
        inputs, primals = [], []
        numbers, plainly = op.shape is None, True
        for x in arguments:
            primal = x
            if x.__class__ is kind and x.level == level:
                primal = x.value
            elif x.__class__ not in NUMBERS:
                primal = x = self._input(x, level)
            inputs.append(x)
            primals.append(primal)
            if primal.__class__ not in NUMBERS:
                numbers = False
                plainly = plainly and primal.__class__ is np.ndarray
        if numbers:
            value = op.forward(*primals)
        else:
            value = op.on_arrays(primals) if plainly else op(*primals)
        return self._record(op, settled(value), tuple(inputs))

    def _input(self, x: Any, level: int) -> Any:
        other = getattr(x, "level", 0)
        if other == level and x.__class__ is not self.__class__:
            raise TypeError(f"a {type(x).__name__} and a {type(self).__name__} of one level do not mix")
        return plain(x)

    def _is_node(self, x: Any) -> bool:
        """Whether an input is a node of this graph, and not a constant to it."""
        return x.__class__ is self.__class__

    def _record(self, op: Op, value: Any, inputs: tuple[Any, ...]) -> Value:
        node: Value = _new(self.__class__)
        node.value = value
        node.grad = None
        node.op = op
        node.inputs = inputs
        node.label = None
        node.number = _number()
        return node

    # ------------------------------------------------------------ passes

    def order(self) -> list[Any]:
        """Everything this was made of, in order of evaluation, without itself; found once.

        >>> x = Value(2.0)
        >>> (x * x).order() == [x]
        True
        """
        try:
            return self._order
        except AttributeError:
            self._order: list[Any] = nodes_below([self])
            return self._order

    def backward(self, seed: Any = None, *, accumulate: bool = False) -> None:
        """Fill `grad` of everything this was made of.

        Gradients start from zero at each call. What this does not depend on (behind a branch not taken) gets 0. Where
        a scalar result is nan, so are the gradients of the leaves.

        Args:
            seed: the cotangent of this value, of its shape; 1 by default, which only a number may leave out.
            accumulate: add to the gradients that the leaves have.

        Raises:
            ShapeError: no seed for an array, or one of another shape.

        >>> x = Value([1.0, 2.0])
        >>> (x * x).backward(seed=[1.0, 10.0])
        >>> x.grad
        array([ 2., 40.])
        """
        if seed is None:
            if self.shape:
                raise ShapeError(
                    f"backward of an array of shape {self.shape}", hint="give a seed of that shape, or sum it"
                )
            seed = 1.0
        else:
            seed = plain(seed)
            if getattr(seed, "shape", ()) != self.shape:
                raise ShapeError(f"a seed of shape {getattr(seed, 'shape', ())} for a value of shape {self.shape}")
        order = self.order()
        leaves = [node for node in order if node.op is None] if self.op is not None else [self]
        earlier = [leaf.grad for leaf in leaves] if accumulate else []
        has_arrays = sweep([self], [seed], order)
        for node in order:
            if node.grad is None and node.value.__class__ is not bool:
                node.grad = zeros_like(node.value)
        if self.value.__class__ is float and self.value != self.value:
            for leaf in leaves:
                leaf.grad = None if leaf.grad is None else leaf.grad + self.value
        elif has_arrays:
            shared = {id(node.grad) for node in [*order, self] if node.op is not None}
            for leaf in leaves:
                leaf.grad = owned(leaf.grad, shared)
        for leaf, grad in zip(leaves, earlier, strict=False):
            if grad is not None:
                leaf.grad = grad + leaf.grad

    def forward(self) -> Any:
        """Compute everything again from the leaves, whose values may have been set; the new value.

        Choices (`where`, `max`, `relu`, comparisons) are nodes: they are decided anew.

        >>> x = Value(2.0)
        >>> z = x * x
        >>> x.value = 3
        >>> z.forward()
        9.0
        """
        for node in [*self.order(), self]:
            op = node.op
            if op is None:
                node.value = plain(node.value)
                continue
            node.value = settled(op(*[x.value if node._is_node(x) else x for x in node.inputs]))
        return self.value

    def zero_grad(self) -> None:
        """Set the gradient of this, and of everything it was made of, to zero."""
        for node in [*self.order(), self]:
            node.grad = zeros_like(node.value)

    def detach(self) -> Value:
        """A leaf of the same value, which gradients do not pass."""
        return Value(self.value, self.label)

    # ------------------------------------------------------------ pictures

    def picture(self, title: str | None = None) -> Picture:
        """The graph as a description that can be drawn: values, and adjoints once `backward` has run."""
        from .picture import picture_of

        return picture_of([*self.order(), self], title)

    def visualize(self, name: str | None = None) -> Any:
        """Draw the graph: into a file, or as a picture that a notebook shows.

        Args:
            name: a file; its suffix says which format (svg, png, pdf, dot), ``.svg`` is added where there is none.

        Returns:
            The path of the file, or the picture.
        """
        from .picture import visualize

        return visualize([*self.order(), self], name)


class Traced(Value):
    """A Value of a transformation (`grad`, `jacobian` …): its primal may itself be a carrier of a lower level."""

    __slots__ = ("level",)

    def __init__(self, value: Any, level: int) -> None:
        self.value = value
        self.grad = None
        self.op = None
        self.inputs = ()
        self.label = None
        self.number = _number()
        self.level = level

    def _is_node(self, x: Any) -> bool:
        return x.__class__ is Traced and x.level == self.level

    def _input(self, x: Any, level: int) -> Any:
        return x if getattr(x, "level", None) is not None else plain(x)

    def _record(self, op: Op, value: Any, inputs: tuple[Any, ...]) -> Value:
        node: Any = super()._record(op, value, inputs)
        node.level = self.level
        return node  # type: ignore[no-any-return]


_new: Callable[[type[Any]], Any] = object.__new__


def _infix(op: Op) -> Callable[[Value, Any], Any]:
    """An operator on two scalars of one graph without the detour through `apply_op`."""
    compute = op.forward

    def method(self: Value, other: Any) -> Any:
        x = self.value
        if x.__class__ is float and self.__class__ is Value:
            if other.__class__ is Value:
                y = other.value
            elif other.__class__ is int:
                y = other = float(other)
            else:
                y = other
            if y.__class__ is float:
                node = _new(Value)
                node.value = compute(x, y)
                node.grad = None
                node.op = op
                node.inputs = (self, other)
                node.label = None
                node.number = _number()
                return node
        return self.apply_op(op, (self, other)) if other.__class__ is self.__class__ is Value else op(self, other)

    return method


def _reflected(op: Op) -> Callable[[Value, Any], Any]:
    """The same with a number on the left."""
    compute = op.forward

    def method(self: Value, other: Any) -> Any:
        y = self.value
        if y.__class__ is float and self.__class__ is Value and (other.__class__ is float or other.__class__ is int):
            other = float(other)
            node = _new(Value)
            node.value = compute(other, y)
            node.grad = None
            node.op = op
            node.inputs = (other, self)
            node.label = None
            node.number = _number()
            return node
        return op(other, self)

    return method


for _name, _op in {"add": add, "sub": sub, "mul": mul, "truediv": div, "pow": power}.items():
    setattr(Value, f"__{_name}__", _infix(_op))
    setattr(Value, f"__r{_name}__", _reflected(_op))


def nodes_below(roots: list[Any]) -> list[Any]:
    """Every node the roots are made of, in order of evaluation; the roots are left out unless one is below another."""
    found: list[Any] = []
    seen: set[int] = set()
    stack = list(roots)
    kind, level = (roots[0].__class__, roots[0].level) if roots else (Value, 1)
    while stack:
        for x in stack.pop().inputs:
            if x.__class__ is kind and x.number not in seen and x.level == level:
                seen.add(x.number)
                found.append(x)
                if x.op is not None:
                    stack.append(x)
    found.sort(key=_by_number)
    return found


def sweep(roots: list[Any], seeds: list[Any], order: list[Any]) -> bool:
    """One backward pass: fills `grad` of the roots and of the nodes below them; None where nothing arrives.

    Returns:
        Whether there are arrays (or carriers) among the gradients, which may share their memory.
    """
    kinds = {node.value.__class__ for node in order}
    if not kinds <= PLAIN:
        for node in order:
            if node.op is None:
                node.value = plain(node.value)  # it may have been set
        kinds = {node.value.__class__ for node in order}
    for node in order:
        node.grad = None
    if not roots:
        return False
    if len(roots) == 1:
        [root], [seed] = roots, seeds
        if kinds <= SCALARS and root.value.__class__ is float and seed.__class__ is float:
            root.grad = seed
            _scalar_sweep(root, order)
            return False
        tape = [*order, root]
    else:
        below = {node.number for node in order}
        tape = [*order, *[root for root in roots if root.number not in below]]
        tape.sort(key=_by_number)
    kinds.update([root.value.__class__ for root in roots], [seed.__class__ for seed in seeds])
    if not (kinds <= PLAIN and quietly(_array_sweep, roots, seeds, tape, True)):
        quietly(_array_sweep, roots, seeds, tape, False)
    return True


def _array_sweep(roots: list[Any], seeds: list[Any], tape: list[Any], at_once: bool) -> bool:
    """The backward pass of arrays and carriers; False where it selected at once and should not have."""
    general = Sweep(at_once)
    for root, seed in zip(roots, seeds, strict=True):
        is_truth = seed.__class__ is np.ndarray and seed.dtype != FLOAT  # True + True would be True
        general.add(root.number, float_array(seed) if is_truth else seed, None)
    kind, level = roots[0].__class__, roots[0].level
    cotangents = general.cotangents
    for node in reversed(tape):
        number = node.number
        grad = cotangents.get(number) if at_once else general.selected(number)
        if grad is None:
            node.grad = None
            continue
        node.grad = grad = settled(grad)
        if general.has_selected and not _is_finite(grad):
            return False
        if node.op is None:
            continue
        arguments, keys = [], []
        for x in node.inputs:
            mine = x.__class__ is kind and x.level == level
            arguments.append(x.value if mine else x)
            keys.append(x.number if mine else None)
        general.step(number, node.op, node.value, arguments, keys)
    return True


def _is_finite(x: Any) -> bool:
    """Whether all elements are finite and not huge, at the price of one pass."""
    return isfinite(np.vdot(x, x))


def _scalar_sweep(root: Value, order: list[Any]) -> None:
    """The backward pass where every value is a float: on Python's own arithmetic, the commonest ops in line."""
    kind = root.__class__
    for node in [root, *reversed(order)]:
        cotangent, op = node.grad, node.op
        if cotangent is None or op is None:
            continue
        inputs = node.inputs
        if op is add:
            for x in inputs:
                if x.__class__ is kind:
                    x.grad = cotangent if x.grad is None else x.grad + cotangent
            continue
        if op is mul:
            x, y = inputs
            if x.__class__ is kind:
                term = cotangent * (y.value if y.__class__ is kind else y)
                x.grad = term if x.grad is None else x.grad + term
            if y.__class__ is kind:
                term = cotangent * (x.value if x.__class__ is kind else x)
                y.grad = term if y.grad is None else y.grad + term
            continue
        out = node.value
        arguments = [x.value if x.__class__ is kind else x for x in inputs]
        if op.pulls is not None:
            for x, term in zip(inputs, pull(op, cotangent, out, arguments), strict=True):
                if x.__class__ is kind and term is not None:
                    term = settled(term)
                    x.grad = term if x.grad is None else x.grad + term
            continue
        for place, x in enumerate(inputs):
            if x.__class__ is not kind:
                continue
            if op.picks is not None and (pick := op.pick(place)) is not None and not pick(out, *arguments):
                continue
            partial = op.partials[0 if op.variadic else place]
            if partial is None:
                continue
            term = cotangent * (on_numbers(partial, out, arguments) if callable(partial) else partial)
            x.grad = term if x.grad is None else x.grad + term
