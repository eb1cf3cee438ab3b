"""The class of operations: one record that holds every fact about one, the table of these records, and their dispatch.

May import `errors` only. `ops/__init__.py` lists the modules with the entries. `rules.py` applies their derivatives.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import partial
from types import MethodType
from typing import TYPE_CHECKING

from .lazy_table import LazyTable
from .operands import NUMBERS as NUMBERS
from .operands import Array as Array
from .operands import Call, CarriersInArrayError, Parameters, Partial, float_of, holds_carriers
from .operands import Numeric as Numeric
from .operands import Operand as Operand
from .operands import Rule as Rule
from .operands import Shape as Shape
from .operands import float_array as float_array
from .operands import is_list as is_list
from .operands import shape_of as shape_of
from .shapes import broadcast_shape

if TYPE_CHECKING:
    from inspect import Signature
    from typing import Self, TypedDict, Unpack

    from .domain import Domain, Kink

    class Facts(TypedDict, total=False):
        """The facts that an entry may state beside name, kernel, partials and description. `Op` explains each."""

        textbook: Rule
        fast: str
        fast_within: float
        picks: Sequence[Rule | None] | Callable[[int], Rule | None]
        push: Rule
        pulls: Sequence[Rule | None] | Callable[[int], Rule | None]
        linear: str
        moves: bool
        spread: Callable[[Shape, Shape], tuple[Shape, Shape, Shape]]
        shape: Callable[..., Shape]
        signature: Callable[..., Call]
        sign: str
        binding: int
        aliases: tuple[str, ...]
        overloads: dict[int, Rule]
        variadic: bool
        integers: tuple[int, ...]
        shape_parameters: tuple[int, ...]
        domain: Domain
        kinks: tuple[Kink, ...]
        is_condition: bool
        takes_conditions: tuple[int, ...]
        helper: bool


class Op:
    """An operation: what it computes, how it differentiates, where it is defined, how it is spelled.

    Called with numbers or arrays it computes. Called with a carrier (a symbol, a dual number …) it asks the carrier to
    apply it, so that one rule serves every mode. `docs/adding.md` shows how to add one.

    An elementwise operation has `partials`. A tensor operation has `pulls`, a `shape`, and `linear` or `push` for
    tangents. What shapes its result but is not differentiated (an axis, an index) are its `parameters`. The entry of
    the table has none: `bind` makes the operation with given ones. A copy of an operation is the operation itself.
    """

    # The local derivative by each argument: a function of ``(out, *arguments)`` written with ops and operators, a
    # constant, or None where there is none. With `variadic` one entry stands for all arguments.
    partials: tuple[Partial, ...] = ()
    # The same function of the reals written with other operations. Formulas for people and power series use it for
    # helpers, generated code uses it for targets that lack the function.
    textbook: Rule | None = None
    # A quicker spelling of `forward` for generated Python, a function of `math` or a template of ``{0}``, ``{1}``. It
    # may raise ValueError, OverflowError or ZeroDivisionError where `forward` gives inf or nan.
    fast: str | None = None
    fast_within: float | None = None  # from this size of argument on, `fast` has too few digits
    # For an op that picks among its arguments: when each is picked, as functions of ``(out, *arguments)``. An argument
    # that is not picked contributes neither value nor derivative.
    picks: Sequence[Rule | None] | Callable[[int], Rule | None] | None = None
    # The tangent, where it is shorter than the sum over `partials`: ``(tangents, out, *arguments)``, with the
    # parameters as keywords. An absent tangent is None.
    push: Rule | None = None
    # The cotangent of each argument of a tensor operation: ``(cotangent, out, *arguments)``, with the parameters as
    # keywords. It may be a function from the number of the argument to that.
    pulls: Sequence[Rule | None] | Callable[[int], Rule | None] | None = None
    linear: str | None = None  # ``"jointly"`` in all arguments (the push is the op itself) or in ``"each"`` of them
    moves: bool = False  # it only moves or adds up numbers, so that it also shows which of them exist
    # Of a product of arrays: the shapes of both factors whose product element by element is summed to a third one.
    spread: Callable[[Shape, Shape], tuple[Shape, Shape, Shape]] | None = None
    # The shape of the result of a tensor operation from those of the arguments, with the parameters as keywords. It
    # raises ShapeError. None means elementwise, with broadcasting.
    shape: Callable[..., Shape] | None = None
    signature: Callable[..., Call] | None = None  # from what a user writes to ``(arguments, parameters)``
    sign: str | None = None  # the infix or prefix sign. An op without one is written as a function
    binding: int = 0  # the strength of the sign
    aliases: tuple[str, ...] = ()  # other spellings that the language reads
    overloads: Mapping[int, Rule] = {}  # what the name means with another number of arguments
    variadic: bool = False  # it takes one or more arguments
    integers: tuple[int, ...] = ()  # arguments that must be literal whole numbers (orders of derivatives)
    shape_parameters: tuple[int, ...] = ()  # those of `integers` that may be any number, and have no derivative
    domain: Domain | None = None  # a value is nan outside
    kinks: tuple[Kink, ...] = ()  # where it has no derivative, and the convention there
    is_condition: bool = False
    takes_conditions: tuple[int, ...] = ()  # arguments that are conditions
    helper: bool = False  # not for users, but needed to close the table under differentiation

    if TYPE_CHECKING:  # added by `ops/__init__.py`
        __signature__: Signature

        def backward(self, cotangent: Operand, out: Operand, *arguments: Operand) -> tuple[Operand, ...]:
            """Return the cotangent of every argument."""

    def __init__(
        self, name: str, forward: Rule, partials: Sequence[Partial] = (), *, doc: str, **facts: Unpack[Facts]
    ) -> None:
        if TABLE.has_loaded(name):
            raise ValueError(f"two operations are named {name!r}")
        if unknown := facts.keys() - DEFAULTS.keys():
            raise TypeError(f"{name}: an operation has no {min(unknown)}=")
        vars(self).update(DEFAULTS)
        vars(self).update(facts)
        self.name = name  # the spelling that is printed. A helper has a full English name
        self.forward = forward  # on floats with IEEE 754 results, never raising. Of a tensor operation, on arrays
        self.partials = tuple(partials)
        self.doc = doc  # one sentence
        pulls = self.pulls
        self.arity = len(self.partials) if pulls is None else 1 if callable(pulls) else len(pulls)
        # Whether floats can go to `forward` without further tests.
        self.is_plain = self.shape is None and self.signature is None and not self.overloads
        self.parameters: Parameters = {}
        self.bound: dict[Hashable, Self] = {}  # the operations made by `bind`, by their parameters
        self.kernel_name = forward.__name__.lstrip("_")  # the array kernel has the same name
        self._array_kernel: Rule | None = None
        self._call_arrays: Callable[[Sequence[Operand]], Operand] | None = None
        self.__name__ = self.__qualname__ = name
        self.__module__ = "adcli"
        self.__doc__ = f"{doc}\n\nDomain: {self.domain.text}." if self.domain else doc
        TABLE[name] = self

    def __call__(self, *arguments: Operand, **parameters: Operand) -> Operand:  # noqa: PLR0912 - runs at every operation
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
        try:
            only_numbers = True
            applier = None
            for argument in arguments:
                if argument.__class__ is int:
                    return self(*[float_of(x) if x.__class__ is int else x for x in arguments])
                if argument.__class__ not in NUMBERS:
                    only_numbers = False
                    level = getattr(argument, "level", None)
                    if level is not None and (applier is None or level > applier.level):
                        applier = argument
            if applier is not None:
                return applier.apply_op(self, arguments)
            if only_numbers and self.shape is None:
                return self.forward(*arguments)
            call = self._call_arrays
            result = self.on_arrays(arguments) if call is None else call(arguments)
            return result.item() if only_numbers and result.shape == () else result
        except CarriersInArrayError:
            return self(*[join_carriers(x) if holds_carriers(x) else x for x in arguments])

    def on_arrays(self, arguments: Sequence[Operand]) -> Operand:
        """Compute on arrays, numbers and lists of them, without a carrier among the arguments.

        Raises:
            ShapeError: the shapes do not fit. The message is that of the shape rule, not NumPy's.

        >>> TABLE["add"].on_arrays([[1.0, 2.0], 3.0])
        array([4., 5.])
        """
        if self._call_arrays is None:
            from .on_arrays import make_caller

            self._call_arrays = make_caller(self.array_kernel(), self.takes_conditions, self.shape_of_result)
        return self._call_arrays(arguments)

    def array_kernel(self) -> Rule:
        """Return the function on arrays, with the parameters bound. The default is a loop over `forward`."""
        if self._array_kernel is None:
            from .on_arrays import elementwise_kernel, tensor_kernel

            if self.is_elementwise:
                self._array_kernel = elementwise_kernel(self.kernel_name, self.forward)
            else:
                kernel = tensor_kernel(self.kernel_name)
                bound = partial(kernel, **self.parameters) if kernel and self.parameters else kernel
                self._array_kernel = bound or self.forward  # without a kernel, `forward` consists of other operations
        return self._array_kernel

    def shape_of_result(self, shapes: Sequence[Shape]) -> Shape:
        """Return the shape of the result from those of the arguments.

        Raises:
            ShapeError: they do not fit.
        """
        return broadcast_shape(*shapes) if self.shape is None else self.shape(*shapes, **self.parameters)

    def __get__(self, instance: object, owner: type | None = None) -> Operand:
        """Return the method of a class that has the instance as its first argument."""
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def __str__(self) -> str:
        return self.sign or self.name

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Callable[[str, Parameters], Op], tuple[str, Parameters]]:
        return _operation, (self.name, self.parameters)

    def bind(self, **parameters: Operand) -> Self:
        """Return this operation with parameters: the same object for the same ones, so that graphs find equal nodes.

        >>> TABLE["sum"].bind(axis=0, keepdims=False) is TABLE["sum"].bind(axis=0, keepdims=False)
        True
        """
        try:
            key = tuple(parameters.values())
            bound = self.bound.get(key)
        except TypeError:  # an index that is an array
            key, bound = None, None
        if bound is None:
            bound = object.__new__(type(self))
            vars(bound).update(vars(self))
            bound.parameters = parameters
            bound.forward = partial(self.forward, **parameters)
            bound.signature = bound._array_kernel = bound._call_arrays = None
            if key is not None and len(self.bound) < MOST_BOUND:
                self.bound[key] = bound
        return bound

    @property
    def is_elementwise(self) -> bool:
        """Whether it computes number by number, as every op on scalars does. Else it is a tensor operation."""
        return self.shape is None

    def partial(self, argument: int) -> Partial:
        """Return the local derivative by one argument."""
        return self.partials[0 if self.variadic else argument]

    def pull(self, argument: int) -> Rule | None:
        """Return the rule of a tensor operation for the cotangent of one argument."""
        assert self.pulls is not None
        return self.pulls(argument) if callable(self.pulls) else self.pulls[argument]

    def pick(self, argument: int) -> Rule | None:
        """Return when this argument is picked. None means always."""
        if self.picks is None:
            return None
        return self.picks(argument) if callable(self.picks) else self.picks[argument]


# The facts that an entry may leave out, with their defaults.
DEFAULTS: dict[str, object] = {name: vars(Op)[name] for name in Op.__annotations__ if name in vars(Op)}
TABLE: LazyTable[Op] = LazyTable()
MOST_BOUND = 4096  # the most operations with parameters that one entry stores for sharing


def _operation(name: str, parameters: Parameters) -> Op:
    """Return the operation that was pickled."""
    return TABLE[name].bind(**parameters) if parameters else TABLE[name]


def join_carriers(x: Operand) -> Operand:
    """Return the carriers of a list, or of an array of objects, as one carrier."""
    return TABLE["stack"](list(x)) if is_list(x) or x.shape else x.item()


def spellings(ops: Iterable[Op]) -> dict[str, Op]:
    """Return every word that the language reads as a function, with its op. An op with a sign has only its aliases."""
    return {word: op for op in ops for word in ((op.name, *op.aliases) if op.sign is None else op.aliases)}
