"""The table, first part: signs, comparisons, choice, and the functions that are made of straight pieces."""

from __future__ import annotations

import operator

from . import textbook
from .domain import Domain, Kink
from .kernels import derivatives, ieee
from .op import TABLE, Op
from .operands import Operand, Rule, constant, is_list, shape_of

# How tightly a sign binds, from `or` to a power, for the printers. A number is an atom that takes no `.T` or `[…]`.
OR, AND, NOT, COMPARISON, SUM, PRODUCT, NEGATION, POWER, ATOM, POSTFIX = range(1, 11)

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
    "floordiv", ieee.floordiv, [None, None], helper=True,
    # Another number where x/y rounds to a whole number that it is not.
    textbook=lambda x, y: floor(x / y),
    kinks=(Kink("jump", "x % y = 0", lambda out, x, y: eq(mod(x, y), 0.0), "the value jumps; slope 0 is used"),),
    doc="Floor of the exact quotient.",
)  # fmt: skip
mod: Op = Op(
    "mod", ieee.mod, [1.0, lambda out, x, y: -floordiv(x, y)], sign="%", binding=PRODUCT, aliases=("mod",),
    textbook=lambda x, y: x - y * floor(x / y),
    domain=Domain("the numbers other than 0", lambda x, y: ne(y, 0.0), argument=1),
    kinks=(
        Kink("jump", "x % y = 0", lambda out, x, y: eq(out, 0.0), "the value jumps by y; slope 1 in x is used"),
    ),
    doc="Remainder with the sign of the divisor, as in Python.",
)  # fmt: skip


def _is_whole(y: Operand) -> Operand:
    return eq(y, floor(y))


def _real_root(base: str, x: float, y: float) -> str | None:
    """Return how to write the real root of a negative number, if the exponent is a fraction such as 1/3."""
    from fractions import Fraction  # only messages need it

    fraction = Fraction(y).limit_denominator(99) if abs(y) < 99 else Fraction(0)
    if float(fraction) != y or fraction.denominator % 2 == 0:
        return None
    root = f"cbrt({base})" if fraction.denominator == 3 else f"root({base}, {fraction.denominator})"
    power = f"^{fraction.numerator}" if fraction.numerator != 1 else ""
    return f"write {root}{power} for the real root"


def _power_by_base(out: Operand, x: Operand, y: Operand) -> Operand:
    exponent = constant(y)
    if exponent is not None and (exponent - 1.0) + 1.0 == exponent:
        return 0.0 if exponent == 0 else y * power(x, y - 1.0)
    return power_derivative(x, y, 1.0, 0.0)


power: Op = Op(
    "pow", ieee.power, [_power_by_base, lambda out, x, y: power_derivative(x, y, 0.0, 1.0)],
    sign="**", binding=POWER, fast="pow", aliases=("pow",),
    domain=Domain("[0, inf) for an exponent that is not whole", lambda x, y: either(ge(x, 0.0), _is_whole(y)),
                  hint=_real_root),
    kinks=(
        Kink("jump", "x = 0, y = 0", lambda out, x, y: both(eq(x, 0.0), eq(y, 0.0)),
             "a power of 0 jumps from 1 to 0; slope 0 in the exponent is used", (1,)),
        Kink("pole", "x = 0, y < 1", lambda out, x, y: both(eq(x, 0.0), both(lt(y, 1.0), ne(y, 0.0))),
             "the base is 0", (0,)),
        Kink("indeterminate", "x = 0, y < 0", lambda out, x, y: both(eq(x, 0.0), lt(y, 0.0)),
             "0 has no slope in a negative exponent", (1,)),
        Kink("domain", "x < 0", lambda out, x, y: lt(x, 0.0), "a negative base has no slope in the exponent", (1,)),
    ),
    doc="Power. A whole exponent takes any base.",
)  # fmt: skip
square: Op = Op(
    "square", ieee.square, [lambda out, x: 2.0 * x], fast="{0} * {0}", helper=True, textbook=lambda x: x**2.0,
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
    integers=(2, 3), helper=True, textbook=textbook.power_derivative,
    doc="x**y differentiated k times in x and m times in y, without cancellation. For k = 1, m = 0 it is y*x**(y - 1).",
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


def _push_where(tangents: Operand, out: Operand, condition: Operand, x: Operand, y: Operand) -> Operand:
    _, tangent_x, tangent_y = tangents
    if condition.__class__ is bool:
        return tangent_x if condition else tangent_y
    return where(condition, 0.0 if tangent_x is None else tangent_x, 0.0 if tangent_y is None else tangent_y)


where: Op = Op(
    "where", _where, [None, 1.0, 1.0], fast="({1} if {0} else {2})", takes_conditions=(0,), push=_push_where,
    picks=(None, lambda out, c, x, y: c, lambda out, c, x, y: negate(c)),
    doc="x where the condition holds, else y. The branch not taken contributes nothing.",
)  # fmt: skip

# ---------------------------------------------------------------- straight pieces

tie_share: Op = Op(
    "tie_share", ieee.tie_share, [None], variadic=True, helper=True,
    doc="1 over the number of the later arguments that equal the first: the share of each at a tie.",
)  # fmt: skip


def _share(out: Operand, *arguments: Operand) -> Operand:
    return tie_share(out, *arguments)


def _is_out(argument: int) -> Rule:
    return lambda out, *arguments: eq(arguments[argument], out)


def _is_tie(out: Operand, *arguments: Operand) -> Operand:
    share = tie_share(out, *arguments)
    return both(gt(share, 0.0), lt(share, 1.0))


def _describe_tie(out: float, *arguments: float) -> str:
    ties = arguments.count(out)
    return f"{ties} arguments tie at {repr(out).removesuffix('.0')}: slopes 0 and 1; 1/{ties} is used for each"


def _reduce_one(reduction: str) -> Rule:
    """Return the rule of `max` or `min` with one argument: it reduces an array and returns a number itself."""

    def reduce(x: Operand, **parameters: Operand) -> Operand:
        return TABLE[reduction](x, **parameters) if shape_of(x) or parameters or is_list(x) else x

    return reduce


_ties = (Kink("kink", "a tie", _is_tie, _describe_tie),)
minimum: Op = Op("min", ieee.minimum, [_share], variadic=True, picks=_is_out, kinks=_ties,
             overloads={1: _reduce_one("amin")}, doc="The least argument, and nan if one is nan.")  # fmt: skip
maximum: Op = Op("max", ieee.maximum, [_share], variadic=True, picks=_is_out, kinks=_ties,
             overloads={1: _reduce_one("amax")}, doc="The greatest argument, and nan if one is nan.")  # fmt: skip


def _clip_picks(argument: int) -> Rule:
    """Return when an argument of `clip` is picked. Between bounds that coincide or cross, x is never picked."""
    if argument == 0:
        return lambda out, x, lo, hi: both(eq(x, out), lt(lo, hi))
    return _is_out(argument)


clip: Op = Op(
    "clip", ieee.clip, [_share, _share, _share], picks=_clip_picks, aliases=("clamp",),
    textbook=lambda x, lo, hi: minimum(maximum(x, lo), hi),
    kinks=(
        Kink("kink", "x = lo or x = hi", lambda out, x, lo, hi: both(lt(lo, hi), either(eq(x, lo), eq(x, hi))),
             "x is at a bound: slopes 0 and 1; 1/2 is used"),
    ),
    doc="x limited to the range from lo to hi.",
)  # fmt: skip
relu: Op = Op(
    "relu", ieee.relu, [1.0], picks=(lambda out, x: gt(x, 0.0),),
    textbook=lambda x: where(le(x, 0.0), 0.0, x),
    kinks=(Kink("kink", "x = 0", lambda out, x: eq(x, 0.0), "slopes 0 (left) and 1 (right); 0 is used"),),
    doc="max(x, 0) with slope 0 at 0.",
)  # fmt: skip
absolute: Op = Op(
    "abs", ieee.absolute, [lambda out, x: sign(x)], aliases=("fabs",),
    kinks=(Kink("kink", "x = 0", lambda out, x: eq(x, 0.0), "slopes -1 (left) and 1 (right); 0 is used"),),
    doc="Absolute value.",
)  # fmt: skip


def _jump(where: str, when: Rule) -> tuple[Kink, ...]:
    return (Kink("jump", where, when, "the value jumps; slope 0 is used"),)


def _is_at_whole(out: Operand, x: Operand) -> Operand:
    return both(eq(x, out), eq(x - x, 0.0))


def _round_by_floor(x: Operand) -> Operand:
    whole = floor(x)
    rest = x - whole
    even = eq(floor(whole / 2.0), whole / 2.0)
    return where(lt(rest, 0.5), whole, where(gt(rest, 0.5), whole + 1.0, where(even, whole, whole + 1.0)))


sign: Op = Op("sign", ieee.sign, [None], aliases=("sgn",), kinks=_jump("x = 0", lambda out, x: eq(x, 0.0)),
              doc="The sign of x: -1, 0 or 1.")  # fmt: skip
floor: Op = Op("floor", ieee.floor, [None], kinks=_jump("whole x", _is_at_whole),
               doc="Greatest whole number not above x.")  # fmt: skip
ceil: Op = Op("ceil", ieee.ceil, [None], kinks=_jump("whole x", _is_at_whole),
              doc="Least whole number not below x.")  # fmt: skip
round_: Op = Op(
    "round", ieee.round_half_even, [None], textbook=_round_by_floor,
    kinks=_jump("x half way between wholes", lambda out, x: eq(absolute(x - out), 0.5)),
    doc="Nearest whole number. Halves go to the even one.",
)  # fmt: skip
trunc: Op = Op(
    "trunc", ieee.trunc, [None], aliases=("fix",), textbook=lambda x: where(gt(x, 0.0), floor(x), ceil(x)),
    kinks=_jump("whole x other than 0", lambda out, x: both(_is_at_whole(out, x), ne(x, 0.0))),
    doc="The whole part of x, rounded towards 0.",
)  # fmt: skip
fmod: Op = Op(
    "fmod", ieee.fmod, [1.0, lambda out, x, y: -round_((x - out) / y)], textbook=lambda x, y: x - y * trunc(x / y),
    domain=Domain("the numbers other than 0", lambda x, y: ne(y, 0.0), argument=1),
    kinks=(
        Kink("jump", "fmod(x, y) = 0, x not 0", lambda out, x, y: both(eq(out, 0.0), ne(x, 0.0)),
             "the value jumps by y; slope 1 in x is used"),
    ),
    doc="Remainder with the sign of the dividend x, as in C.",
)  # fmt: skip
heaviside: Op = Op(
    "heaviside", ieee.heaviside, [None, lambda out, x, at0: where(eq(x, 0.0), 1.0, 0.0)],
    overloads={1: lambda x: heaviside(x, 0.5)},
    textbook=lambda x, at0: where(gt(x, 0.0), 1.0, where(lt(x, 0.0), 0.0, at0 + 0.0 * x)),
    kinks=(Kink("jump", "x = 0", lambda out, x, at0: eq(x, 0.0), "the value jumps; slope 0 is used", (0,)),),
    doc="Unit step: 0 for x < 0, 1 for x > 0, at0 for x = 0 [default: 0.5].",
)  # fmt: skip
