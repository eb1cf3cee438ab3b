"""What an operation is: one record that holds every fact about it, the table of these records, and their dispatch.

May import `errors` only. The entries stand in `arithmetic.py`, `elementary.py`, `special.py` and `tensor.py`;
`rules.py` reads how they differentiate.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from types import MethodType
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# What a rule is written over: a float, a float64 array or a carrier (a Value, a Dual, a node, a series).
Operand: TypeAlias = Any
Array: TypeAlias = "NDArray[np.float64]"
Numeric: TypeAlias = "float | NDArray[np.float64]"  # the value of a variable or of a result
Shape: TypeAlias = "tuple[int, ...]"
Rule: TypeAlias = Callable[..., Operand]
Partial: TypeAlias = "Rule | float | None"


class Domain:
    """Where an operation is defined: a text for people, and a condition on the arguments, made of operations.

    >>> interval("(0, inf)").contains(0.0)
    False
    """

    __slots__ = ("argument", "contains", "text")

    def __init__(self, text: str, contains: Rule, argument: int = 0) -> None:
        self.text = text
        self.contains = contains
        self.argument = argument  # the one a message names


def interval(text: str) -> Domain:
    """A Domain of the first argument from its usual notation, such as ``"[-1, 1]"`` or ``"(0, inf)"``."""
    low, high = (float(end) for end in text[1:-1].split(","))
    above, below = "ge" if text[0] == "[" else "gt", "le" if text[-1] == "]" else "lt"

    def contains(x: Any, *_: Any) -> Any:
        return TABLE["and"](TABLE[above](x, low), TABLE[below](x, high))

    return Domain(text, contains)


class Kink:
    """Where an operation has no derivative, and what is used there.

    Args:
        kind: ``"kink"`` (one-sided slopes differ), ``"jump"`` (the value jumps), ``"pole"`` (value or slope is
            infinite), ``"domain"`` or ``"indeterminate"`` (there is no slope, though there is a value).
        where: a condition as people write it, shown by `adcli functions`.
        when: that condition as a function of ``(out, *arguments)``, with the parameters of the op as keywords; of an
            elementwise op it is made of operations, as rules are, so that code can be generated of it.
        says: what a note tells of the slopes there; a text, or a function of ``(out, *arguments)``.
        arguments: which arguments must vary for it to matter; None is any.
    """

    __slots__ = ("arguments", "kind", "says", "when", "where")

    def __init__(
        self,
        kind: str,
        where: str,
        when: Rule,
        says: str | Callable[..., str],
        arguments: tuple[int, ...] | None = None,
    ) -> None:
        self.kind = kind
        self.where = where
        self.when = when
        self.says = says
        self.arguments = arguments


class Op:
    """An operation: what it computes, how it differentiates, where it is defined, how it is spelled.

    Called with numbers or arrays it computes; with a carrier (a symbol, a dual number …) it asks the carrier to apply
    it, so one rule serves every mode. See `docs/adding.md` for how to add one.

    An elementwise operation has `partials`. A tensor operation has `pulls`, a `shape`, and says with `linear` or `push`
    how a tangent goes forward; what shapes its result but is not differentiated (an axis, an index) are its
    `parameters`. The entry of the table has none: `bind` makes the operation with given ones.

    Args:
        name: the spelling that is printed; a helper that users seldom write has a full English name.
        forward: the function on floats, with IEEE 754 results, that never raises; of a tensor operation the function
            on arrays, with the parameters as keywords.
        partials: one entry per argument, the local derivative: a function of ``(out, *arguments)`` written with ops
            and operators, a constant, or None where there is none. One entry with `variadic` stands for all.
        fast: a quicker spelling of `forward` for generated Python, a function of `math` or a template of ``{0}``,
            ``{1}``; it may raise ValueError, OverflowError or ZeroDivisionError where `forward` gives inf or nan.
        fast_within: the size of argument from which on `forward` is needed for its digits.
        picks: for an op that picks among its arguments: per argument a function of ``(out, *arguments)`` that says
            when it is picked (or a function from the argument's number to that); what is not picked contributes
            nothing, neither value nor slope.
        push: the tangent, where it is shorter than the sum over `partials`: ``(tangents, out, *arguments)``, with the
            parameters as keywords; an absent tangent is None.
        pulls: of a tensor operation, per argument its cotangent: ``(cotangent, out, *arguments)`` with the parameters
            as keywords (or a function from the argument's number to that).
        linear: ``"jointly"`` in all its arguments (its push is itself), or in ``"each"`` of them, the others fixed.
        moves: it only moves or adds up numbers, so that its pull also tells which of them are picked.
        reach: where it neither moves nor multiplies: per argument, like a pull of a mask of the result, which of its
            numbers any of these depends on.
        shape: of a tensor operation, the shape of the result from those of the arguments, with the parameters as
            keywords; raises ShapeError. None is elementwise, with broadcasting.
        signature: from what a user writes to ``(arguments, parameters)``.
        sign: the infix or prefix sign, with its `binding` strength; None is written as a function.
        aliases: other spellings the language reads.
        overloads: what the name means with another number of arguments.
        variadic: takes one or more arguments.
        integers: arguments that must be literal whole numbers (orders of derivatives).
        domain: where it is defined; a value is nan outside.
        kinks: where it has no derivative, and the convention there.
        helper: closes the table under differentiation; listed after the rest.
        formula: what a helper is in school functions, for people to read.
        doc: one sentence.
    """

    __slots__ = (
        "aliases", "arity", "array", "array_kernel", "binding", "bound", "call_arrays", "doc", "domain", "fast",
        "fast_within", "formula", "forward", "helper", "integers", "is_condition", "is_plain", "kinks", "linear",
        "moves", "name", "overloads", "parameters", "partials", "picks", "pulls", "push", "reach", "shape", "sign",
        "signature", "takes_conditions", "variadic",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        partials: Sequence[Partial] = (),
        *,
        doc: str,
        fast: str | None = None,
        fast_within: float | None = None,
        picks: Sequence[Rule | None] | Callable[[int], Rule | None] | None = None,
        push: Rule | None = None,
        pulls: Sequence[Rule | None] | Callable[[int], Rule | None] | None = None,
        linear: str | None = None,
        moves: bool = False,
        reach: Sequence[Rule] | None = None,
        shape: Callable[..., Shape] | None = None,
        signature: Callable[..., tuple[tuple[Any, ...], dict[str, Any]]] | None = None,
        sign: str | None = None,
        binding: int = 0,
        aliases: tuple[str, ...] = (),
        overloads: dict[int, Rule] | None = None,
        variadic: bool = False,
        integers: tuple[int, ...] = (),
        domain: Domain | None = None,
        kinks: tuple[Kink, ...] = (),
        is_condition: bool = False,
        takes_conditions: tuple[int, ...] = (),
        helper: bool = False,
        formula: str | None = None,
    ) -> None:
        self.name = name
        self.forward = forward
        self.partials = tuple(partials)
        self.fast = fast
        self.fast_within = fast_within
        self.picks = picks
        self.push = push
        self.pulls = pulls
        self.linear = linear
        self.moves = moves
        self.reach = reach
        self.shape = shape
        self.signature = signature
        self.sign = sign
        self.binding = binding
        self.aliases = aliases
        self.overloads = overloads or {}
        self.variadic = variadic
        self.arity = len(self.partials) if pulls is None else 1 if callable(pulls) else len(pulls)
        self.integers = integers
        self.domain = domain
        self.kinks = kinks
        self.is_condition = is_condition
        self.takes_conditions = takes_conditions
        self.helper = helper
        self.formula = formula
        self.doc = doc
        self.is_plain = shape is None and signature is None and not overloads  # floats need not be looked at
        self.parameters: dict[str, Any] = {}
        self.bound: dict[Hashable, Op] = {}  # the operations made by `bind`, by their parameters
        # The array kernel has the name of `forward`; `array_kernel` looks it up in ops/kernels.
        self.array = forward.__name__.lstrip("_")
        self.array_kernel: Rule | None = None
        self.call_arrays: Rule | None = None
        if name in TABLE:
            raise ValueError(f"two operations are named {name!r}")
        TABLE[name] = self

    def __call__(self, *arguments: Any, **parameters: Any) -> Any:
        """Compute on numbers and arrays, or have the carrier of the highest level among the arguments apply it.

        >>> TABLE["sin"](0.0), TABLE["max"](1.0, 2.0)
        (0.0, 2.0)
        """
        if self.is_plain and not parameters:
            for argument in arguments:
                if argument.__class__ is not float:
                    break
            else:
                return self.forward(*arguments)
        elif self.signature is not None:
            arguments, parameters = self.signature(*arguments, **parameters)
            if parameters:
                return self.bind(**parameters)(*arguments)
        elif self.overloads and (overload := self.overloads.get(len(arguments))) is not None:
            return overload(*arguments, **parameters)
        elif parameters:
            raise TypeError(f"{self.name} takes no {next(iter(parameters))}=")
        applier = None
        only_numbers = True
        for argument in arguments:
            if argument.__class__ in NUMBERS:
                continue
            level = getattr(argument, "level", None)
            if level is None:
                only_numbers = False
            elif applier is None or level > applier.level:
                applier = argument
        if applier is not None:
            return applier.apply_op(self, arguments)
        if only_numbers and self.shape is None:
            return self.forward(*arguments)
        call = self.call_arrays
        return self.on_arrays(arguments) if call is None else call(arguments)

    def on_arrays(self, arguments: Sequence[Any]) -> Any:
        """Compute where there is no carrier among the arguments: on arrays, numbers and lists of them.

        Raises:
            ShapeError: the shapes do not fit; said by the shape rule, not by NumPy.

        >>> TABLE["add"].on_arrays([[1.0, 2.0], 3.0])
        array([4., 5.])
        """
        if self.call_arrays is None:
            from .on_arrays import caller

            self.call_arrays = caller(self)
        return self.call_arrays(arguments)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """As a method of a class, with the instance as the first argument."""
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def __str__(self) -> str:
        return self.sign or self.name

    def __copy__(self) -> Op:
        return self

    def __deepcopy__(self, memo: object) -> Op:
        return self

    def __reduce__(self) -> tuple[Callable[..., Op], tuple[str, dict[str, Any]]]:
        return _operation, (self.name, self.parameters)

    def bind(self, **parameters: Any) -> Op:
        """This operation with parameters; the same object for the same ones, so that graphs find equal nodes.

        >>> TABLE["sum"].bind(axis=0, keepdims=False) is TABLE["sum"].bind(axis=0, keepdims=False)
        True
        """
        try:
            key = tuple(parameters.values())
            made = self.bound.get(key)
        except TypeError:  # an index that is an array
            key, made = None, None
        if made is None:
            made = object.__new__(Op)
            for slot in Op.__slots__:
                setattr(made, slot, getattr(self, slot))
            made.parameters = parameters
            made.forward = partial(self.forward, **parameters)
            made.signature = made.array_kernel = made.call_arrays = None
            if key is not None and len(self.bound) < MOST_BOUND:
                self.bound[key] = made
        return made

    def backward(self, cotangent: Any, out: Any, *arguments: Any) -> tuple[Any, ...]:
        """The cotangent of every argument, None where it does not depend on it.

        >>> TABLE["mul"].backward(1.0, 6.0, 2.0, 3.0)
        (3.0, 2.0)
        """
        from .rules import pull

        return pull(self, cotangent, out, arguments)

    @property
    def is_elementwise(self) -> bool:
        """Whether it computes number by number, as every op on scalars does; else it is a tensor operation."""
        return self.shape is None

    def partial(self, argument: int) -> Partial:
        """The local derivative with respect to one argument."""
        return self.partials[0 if self.variadic else argument]

    def pull(self, argument: int) -> Rule | None:
        """The rule of a tensor operation for the cotangent of one argument."""
        assert self.pulls is not None
        return self.pulls(argument) if callable(self.pulls) else self.pulls[argument]

    def pick(self, argument: int) -> Rule | None:
        """When this argument is picked; None for always."""
        if self.picks is None:
            return None
        return self.picks(argument) if callable(self.picks) else self.picks[argument]


def shape_of(x: Any) -> Shape:
    """The shape of a number (none), an array or a carrier.

    >>> shape_of(2.0)
    ()
    """
    shape: Shape = getattr(x, "shape", ())
    return shape


NUMBERS: frozenset[Any] = frozenset((float, int, bool))
MOST_BOUND = 4096  # of one operation: more kinds of index are made, and not shared


def array_kernel(op: Op) -> Rule:
    """The function of an op on arrays: of our own where there is one, else NumPy's of that name."""
    if op.array_kernel is None:
        import numpy as np

        from .kernels import arrays, tensor

        if op.is_elementwise:
            op.array_kernel = getattr(arrays, op.array, None) or getattr(np, op.array)
        elif hasattr(tensor, op.array):
            kernel = getattr(tensor, op.array)
            op.array_kernel = partial(kernel, **op.parameters) if op.parameters else kernel
        else:
            op.array_kernel = op.forward  # made of other operations
    return op.array_kernel


def shape_of_result(op: Op, shapes: Sequence[Shape]) -> Shape:
    """The shape that an operation gives arguments of these shapes.

    Raises:
        ShapeError: they do not fit.
    """
    if op.shape is not None:
        return op.shape(*shapes, **op.parameters)
    from .tensor import broadcast_shape

    return broadcast_shape(*shapes)


def float_array(array: Any) -> Any:
    """A float64 array of whole numbers, truths or floats of another width; anything else is an error."""
    if array.dtype.kind not in "biuf":
        raise TypeError(f"an array of {array.dtype} is not an array of numbers")
    return array.astype("float64")


TABLE: dict[str, Op] = {}


def spellings(ops: Iterable[Op]) -> dict[str, Op]:
    """Every word the language reads as a function, with its op; an op with a sign has its aliases only."""
    return {word: op for op in ops for word in ((op.name, *op.aliases) if op.sign is None else op.aliases)}


def _operation(name: str, parameters: dict[str, Any]) -> Op:
    op = TABLE[name]
    return op.bind(**parameters) if parameters else op
