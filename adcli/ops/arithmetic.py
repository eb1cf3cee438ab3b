"""The table, first part: signs, comparisons, choice, and the functions that are made of straight pieces.

Also `Carrier`, the base of everything that flows through an op in the place of a number; it owes its operators to the
entries above it, its methods to the whole table (`ops/__init__.py`).
"""

from __future__ import annotations

import operator
from math import prod as product_of
from typing import TYPE_CHECKING, Any

from .kernels import derivatives, ieee
from .op import TABLE, Domain, Kink, Op, Rule

# How tightly a sign binds, from `or` to a power; read by the printers. A number is an atom that takes no `.T` or `[…]`.
OR, AND, NOT, COMPARISON, SUM, PRODUCT, NEGATION, POWER, ATOM, POSTFIX = range(1, 11)


def constant(x: Any) -> float | None:
    """The number behind an argument of a rule if it is one that cannot vary, else None."""
    if isinstance(x, (int, float)):
        return float(x)
    value: float | None = getattr(x, "constant", None)
    return value


# ---------------------------------------------------------------- signs


add: Op = Op("add", operator.add, [1.0, 1.0], sign="+", binding=SUM, fast="{0} + {1}", doc="Sum.")
sub: Op = Op("sub", operator.sub, [1.0, -1.0], sign="-", binding=SUM, fast="{0} - {1}", doc="Difference.")
mul: Op = Op(
    "mul", operator.mul, [lambda out, x, y: y, lambda out, x, y: x],
    sign="*", binding=PRODUCT, fast="{0} * {1}", doc="Product.",
)  # fmt: skip
div: Op = Op(
    "div", ieee.div, [lambda out, x, y: 1.0 / y, lambda out, x, y: -(out / y)],
    sign="/", binding=PRODUCT, fast="{0} / {1}",
    kinks=(Kink("pole", "y = 0", lambda out, x, y: eq(y, 0.0), "the divisor is 0"),),
    doc="Quotient.",
)  # fmt: skip
neg: Op = Op("neg", operator.neg, [-1.0], sign="-", binding=NEGATION, fast="-{0}", doc="Negative.")
floordiv: Op = Op(
    "floordiv", ieee.floordiv, [None, None], helper=True, formula="floor(x/y)",
    kinks=(Kink("jump", "x % y = 0", lambda out, x, y: eq(mod(x, y), 0.0), "the value jumps; slope 0 is used"),),
    doc="Floor of the exact quotient.",
)  # fmt: skip
mod: Op = Op(
    "mod", ieee.mod, [1.0, lambda out, x, y: -floordiv(x, y)], sign="%", binding=PRODUCT,
    domain=Domain("the numbers other than 0", lambda x, y: ne(y, 0.0), argument=1),
    kinks=(
        Kink("jump", "x % y = 0", lambda out, x, y: eq(out, 0.0), "the value jumps by y; slope 1 in x is used"),
    ),
    doc="Remainder with the sign of the divisor, as in Python.",
)  # fmt: skip


def _whole(y: Any) -> Any:
    return eq(y, floor(y))


def _power_by_base(out: Any, x: Any, y: Any) -> Any:
    exponent = constant(y)
    if exponent is not None and (exponent - 1.0) + 1.0 == exponent:
        return 0.0 if exponent == 0 else y * power(x, y - 1.0)
    return power_derivative(x, y, 1.0, 0.0)


power: Op = Op(
    "pow", ieee.power, [_power_by_base, lambda out, x, y: power_derivative(x, y, 0.0, 1.0)],
    sign="**", binding=POWER, fast="pow",
    domain=Domain("[0, inf) for an exponent that is not whole", lambda x, y: either(ge(x, 0.0), _whole(y))),
    kinks=(
        Kink("jump", "x = 0, y = 0", lambda out, x, y: both(eq(x, 0.0), eq(y, 0.0)),
             "a power of 0 jumps from 1 to 0; slope 0 in the exponent is used", (1,)),
        Kink("pole", "x = 0, y < 1", lambda out, x, y: both(eq(x, 0.0), both(lt(y, 1.0), ne(y, 0.0))),
             "the base is 0", (0,)),
        Kink("indeterminate", "x = 0, y < 0", lambda out, x, y: both(eq(x, 0.0), lt(y, 0.0)),
             "0 has no slope in a negative exponent", (1,)),
        Kink("domain", "x < 0", lambda out, x, y: lt(x, 0.0), "a negative base has no slope in the exponent", (1,)),
    ),
    doc="Power; a whole exponent needs no logarithm and takes any base.",
)  # fmt: skip
square: Op = Op(
    "square", ieee.square, [lambda out, x: 2.0 * x], fast="{0} * {0}", helper=True, formula="x**2",
    doc="x**2, rounded once.",
)  # fmt: skip
power_derivative: Op = Op(
    "power_derivative", derivatives.power_derivative,
    [
        lambda out, x, y, k, m: power_derivative(x, y, k + 1.0, m),
        lambda out, x, y, k, m: power_derivative(x, y, k, m + 1.0),
        None,
        None,
    ],
    integers=(2, 3), helper=True,
    doc="x**y differentiated k times in x and m times in y, without cancellation; y*x**(y - 1) is k = 1, m = 0.",
)  # fmt: skip

# ---------------------------------------------------------------- conditions and choice


def _less(x: float, y: float) -> bool:
    return x < y


def _less_equal(x: float, y: float) -> bool:
    return x <= y


def _greater(x: float, y: float) -> bool:
    return x > y


def _greater_equal(x: float, y: float) -> bool:
    return x >= y


def _equal(x: float, y: float) -> bool:
    return x == y


def _not_equal(x: float, y: float) -> bool:
    return x != y


def _logical_and(x: bool, y: bool) -> bool:
    return x and y


def _logical_or(x: bool, y: bool) -> bool:
    return x or y


def _logical_not(x: bool) -> bool:
    return not x


def _where(condition: bool, x: float, y: float) -> float:
    return x if condition else y


def _comparison(name: str, sign: str, forward: Rule, doc: str) -> Op:
    return Op(name, forward, [None, None], sign=sign, binding=COMPARISON, fast=f"{{0}} {sign} {{1}}",
              is_condition=True, doc=doc)  # fmt: skip


lt: Op = _comparison("lt", "<", _less, "Less than.")
le: Op = _comparison("le", "<=", _less_equal, "Less than or equal.")
gt: Op = _comparison("gt", ">", _greater, "Greater than.")
ge: Op = _comparison("ge", ">=", _greater_equal, "Greater than or equal.")
eq: Op = _comparison("eq", "==", _equal, "Equal.")
ne: Op = _comparison("ne", "!=", _not_equal, "Not equal.")
both: Op = Op("and", _logical_and, [None, None], sign="and", binding=AND, fast="{0} and {1}", is_condition=True,
          takes_conditions=(0, 1), doc="Both conditions hold.")  # fmt: skip
either: Op = Op("or", _logical_or, [None, None], sign="or", binding=OR, fast="{0} or {1}", is_condition=True,
            takes_conditions=(0, 1), doc="One of the conditions holds.")  # fmt: skip
negate: Op = Op("not", _logical_not, [None], sign="not", binding=NOT, fast="not {0}", is_condition=True,
            takes_conditions=(0,), doc="The condition does not hold.")  # fmt: skip


def _push_where(tangents: Any, out: Any, condition: Any, x: Any, y: Any) -> Any:
    _, of_x, of_y = tangents
    return where(condition, 0.0 if of_x is None else of_x, 0.0 if of_y is None else of_y)


where: Op = Op(
    "where", _where, [None, 1.0, 1.0], fast="({1} if {0} else {2})", takes_conditions=(0,), push=_push_where,
    picks=(None, lambda out, c, x, y: c, lambda out, c, x, y: negate(c)),
    doc="x where the condition holds, else y; the branch not taken contributes nothing.",
)  # fmt: skip

# ---------------------------------------------------------------- straight pieces

tie_share: Op = Op(
    "tie_share", ieee.tie_share, [None], variadic=True, helper=True,
    doc="1 over the number of the later arguments that equal the first: the share of each at a tie.",
)  # fmt: skip


def _share(out: Any, *arguments: Any) -> Any:
    return tie_share(out, *arguments)


def _is_out(argument: int) -> Rule:
    return lambda out, *arguments: eq(arguments[argument], out)


def _tie(out: Any, *arguments: Any) -> Any:
    share = tie_share(out, *arguments)
    return both(gt(share, 0.0), lt(share, 1.0))


def _tie_says(out: float, *arguments: float) -> str:
    ties = arguments.count(out)
    return f"{ties} arguments tie at {repr(out).removesuffix('.0')}: slopes 0 and 1; 1/{ties} is used for each"


_ties = (Kink("kink", "a tie", _tie, _tie_says),)
minimum: Op = Op("min", ieee.minimum, [_share], variadic=True, picks=_is_out, kinks=_ties, overloads={1: lambda x: x},
             doc="The least of its arguments; nan if one is nan.")  # fmt: skip
maximum: Op = Op("max", ieee.maximum, [_share], variadic=True, picks=_is_out, kinks=_ties, overloads={1: lambda x: x},
             doc="The greatest of its arguments; nan if one is nan.")  # fmt: skip


def _clipped(argument: int) -> Rule:
    """Between bounds that coincide or cross nothing of x is left."""
    if argument == 0:
        return lambda out, x, lo, hi: both(eq(x, out), lt(lo, hi))
    return _is_out(argument)


clip: Op = Op(
    "clip", ieee.clip, [_share, _share, _share], picks=_clipped, aliases=("clamp",),
    kinks=(
        Kink("kink", "x = lo or x = hi", lambda out, x, lo, hi: both(lt(lo, hi), either(eq(x, lo), eq(x, hi))),
             "x is at a bound: slopes 0 and 1; 1/2 is used"),
    ),
    doc="x, but not below lo and not above hi.",
)  # fmt: skip
relu: Op = Op(
    "relu", ieee.relu, [1.0], picks=(lambda out, x: gt(x, 0.0),),
    kinks=(Kink("kink", "x = 0", lambda out, x: eq(x, 0.0), "slopes 0 (left) and 1 (right); 0 is used"),),
    doc="max(x, 0) with slope 0 at 0.",
)  # fmt: skip
absolute: Op = Op(
    "abs", ieee.absolute, [lambda out, x: sign(x)], aliases=("fabs",),
    kinks=(Kink("kink", "x = 0", lambda out, x: eq(x, 0.0), "slopes -1 (left) and 1 (right); 0 is used"),),
    doc="Absolute value.",
)  # fmt: skip


def _step(name: str, forward: Rule, when: Rule, at: str, doc: str, aliases: tuple[str, ...] = ()) -> Op:
    jump = Kink("jump", at, when, "the value jumps; slope 0 is used")
    return Op(name, forward, [None], kinks=(jump,), doc=doc, aliases=aliases)


def _at_whole(out: Any, x: Any) -> Any:
    return both(eq(x, out), eq(x - x, 0.0))


sign: Op = _step("sign", ieee.sign, lambda out, x: eq(x, 0.0), "x = 0", "-1, 0 or 1.", ("sgn",))
floor: Op = _step("floor", ieee.floor, _at_whole, "whole x", "Greatest whole number not above x.")
ceil: Op = _step("ceil", ieee.ceil, _at_whole, "whole x", "Least whole number not below x.")
round_: Op = _step("round", ieee.round_half_even, lambda out, x: eq(absolute(x - out), 0.5),
                  "x half way between wholes", "Nearest whole number, halves to even.")  # fmt: skip
heaviside: Op = Op(
    "heaviside", ieee.heaviside, [None, lambda out, x, at0: where(eq(x, 0.0), 1.0, 0.0)],
    overloads={1: lambda x: heaviside(x, 0.5)},
    kinks=(Kink("jump", "x = 0", lambda out, x, at0: eq(x, 0.0), "the value jumps; slope 0 is used", (0,)),),
    doc="0 below 0, 1 above, at0 at 0 (0.5 unless given).",
)  # fmt: skip


class Carrier:
    """What flows through an op in the place of a number: gives its operators, asks `apply_op(op, arguments)` of it.

    Every word of the table that takes an array first is a method: ``x.sin()``, ``x.sum(axis=0)``. Functions of NumPy
    find the operation of their name: ``np.sin(x)``, ``np.sum(x)``, ``array * x``.

    Attributes:
        level: where carriers of several kinds meet, the one of the highest level applies the op.
        shape: of the array that it stands for; () is a number.
        reciprocal: what a symbol of 1/y knows, y and whether it is -(1/y).
        root: what a symbol of x**2 knows, x.
    """

    __slots__ = ()
    level = 0
    reciprocal: Any = None
    root: Any = None
    shape: tuple[int, ...]
    __hash__ = object.__hash__

    if TYPE_CHECKING:  # the methods that `ops/__init__.py` makes of the table

        def __getattr__(self, name: str) -> Rule: ...

    def apply_op(self, op: Op, arguments: tuple[Any, ...]) -> Any:
        """Apply the op to arguments of which at least one is of this kind; numbers may stand among them."""
        raise TypeError(f"{type(self).__name__} does not say how it applies an op")

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        return product_of(self.shape)

    @property
    def T(self) -> Any:
        """The axes reversed."""
        return TABLE["transpose"](self)

    def __getitem__(self, index: Any) -> Any:
        return TABLE["getitem"](self, index)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a number has no length")
        return self.shape[0]

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        op = UFUNCS.get(ufunc.__name__)
        if op is None or method != "__call__" or options:
            return NotImplemented
        return op(*inputs)

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        op = UFUNCS.get(function.__name__)
        most = MOST_AXES.get(function.__name__) if function.__module__ == "numpy" else None
        if op is None or (most is not None and any(len(getattr(x, "shape", ())) > most for x in arguments)):
            return NotImplemented
        return op(*arguments, **options)

    def __add__(self, other: Any) -> Any:
        return add(self, other)

    def __radd__(self, other: Any) -> Any:
        return add(other, self)

    def __sub__(self, other: Any) -> Any:
        return sub(self, other)

    def __rsub__(self, other: Any) -> Any:
        return sub(other, self)

    def __mul__(self, other: Any) -> Any:
        return mul(self, other)

    def __rmul__(self, other: Any) -> Any:
        return mul(other, self)

    def __truediv__(self, other: Any) -> Any:
        return div(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return div(other, self)

    def __mod__(self, other: Any) -> Any:
        return mod(self, other)

    def __rmod__(self, other: Any) -> Any:
        return mod(other, self)

    def __pow__(self, other: Any) -> Any:
        return power(self, other)

    def __rpow__(self, other: Any) -> Any:
        return power(other, self)

    def __matmul__(self, other: Any) -> Any:
        return TABLE["matmul"](self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return TABLE["matmul"](other, self)

    def __lt__(self, other: Any) -> Any:
        return lt(self, other)

    def __le__(self, other: Any) -> Any:
        return le(self, other)

    def __gt__(self, other: Any) -> Any:
        return gt(self, other)

    def __ge__(self, other: Any) -> Any:
        return ge(self, other)

    def __eq__(self, other: Any) -> Any:
        return eq(self, other)

    def __ne__(self, other: Any) -> Any:
        return ne(self, other)

    def __neg__(self) -> Any:
        return neg(self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return absolute(self)


# NumPy's names of functions -> what they are on carriers; filled from the whole table.
UFUNCS: dict[str, Rule] = {}
# Functions of NumPy that mean something else with more axes than these: they take the first two, not the last two.
MOST_AXES = {"outer": 1, "dot": 2, "trace": 2, "diagonal": 2}
