"""The rewritings of school algebra and the conditions under which they hold: data for the rules and the tests.

A rewriting may be defined at more points than the original (x/x is 1). It has the same value wherever the original is
defined and the condition holds. Conditions are in the language. An empty one means: wherever the original is defined,
the infinities included. Intermediate results that overflow or underflow do not count.
"""

from __future__ import annotations

from typing import NamedTuple

from ..ops import Op
from ..ops.arithmetic import absolute, sign
from ..ops.elementary import (
    asin,
    asinh,
    atan,
    atanh,
    cbrt,
    cos,
    cosh,
    cot,
    coth,
    csc,
    csch,
    sec,
    sech,
    sin,
    sinh,
    tan,
    tanh,
)  # fmt: skip
from ..ops.special import erf

ODD = {sin, tan, cot, csc, asin, atan, sinh, tanh, coth, csch, asinh, atanh, erf, cbrt, sign}  # f(-u) is -f(u)
EVEN = {cos, sec, cosh, sech, absolute}  # f(-u) is f(u)
# (f, g): (f/g, g/f)
RATIOS = {
    (sin, cos): (tan, cot), (sinh, cosh): (tanh, coth), (sec, tan): (csc, sin), (csc, cot): (sec, cos),
    (sech, tanh): (csch, sinh), (csch, coth): (sech, cosh),
}  # fmt: skip
TRADED_FACTORS = {
    sec,
    csc,
    sech,
    csch,
}  # one factor is replaced if the powers differ: sec(u)**2/tan(u) is sec(u)*csc(u)
# f: (s, g, t), so that f(u)**2 + s is t*g(u)**2.
PYTHAGORAS: dict[Op, tuple[int, Op, int]] = {
    sin: (-1, cos, -1), cos: (-1, sin, -1), sinh: (1, cosh, 1), cosh: (-1, sinh, 1),
    tan: (1, sec, 1), sec: (-1, tan, 1), cot: (1, csc, 1), csc: (-1, cot, 1),
    tanh: (-1, sech, -1), sech: (-1, tanh, -1), coth: (-1, csch, 1), csch: (1, coth, 1),
}  # fmt: skip


class Rewrite(NamedTuple):
    """A formula, the formula that replaces it, and the condition under which the two are equal."""

    before: str
    after: str
    where: str = ""


REWRITES = (
    # sums: like terms collected, numbers exact
    Rewrite("x + x", "2*x"),
    Rewrite("x - x", "0"),
    Rewrite("x*y + y*x", "2*x*y"),
    Rewrite("(x + y) - (x - y)", "2*y"),
    Rewrite("2*(x + y) - 2*y", "2*x"),
    Rewrite("x/3 + x/6", "x/2"),
    Rewrite("0*x + y", "y"),
    Rewrite("-(x - y)", "y - x"),
    # products: powers of one base merged, common factors of a sum taken out
    Rewrite("x*x", "x**2"),
    Rewrite("x*1*y", "x*y"),
    Rewrite("x/x", "1", "x != 0"),
    Rewrite("x**3/x", "x**2", "x != 0"),
    Rewrite("x**y*x**z", "x**(y + z)", "x > 0"),
    Rewrite("x**y/x", "x**(y - 1)", "x != 0 and abs(y) < inf"),
    Rewrite("(x*y)**3", "x**3*y**3"),
    Rewrite("(x/y)**2", "x**2/y**2"),
    Rewrite("(2*x + 4)*y", "2*y*(x + 2)"),
    Rewrite("(x - y)*(y - x)", "-(x - y)**2"),
    Rewrite("2*x**2*(x + y)/(x*(x + y))", "2*x", "x != 0 and x != -y"),
    # powers of powers
    Rewrite("(x**2)**3", "x**6"),
    Rewrite("(x**3)**0.5", "x**(3/2)"),
    Rewrite("sqrt(x**2)", "abs(x)"),
    Rewrite("sqrt(x)**2", "x"),
    Rewrite("sqrt(x)**3", "x**(3/2)"),
    Rewrite("sqrt(x)*sqrt(x)", "x"),
    Rewrite("sqrt(4*x)", "2*sqrt(x)"),
    Rewrite("x**4/factorial(4)", "x**4/24"),
    Rewrite("x**y**2/x**y**2", "1", "x > 0"),
    Rewrite("cbrt(x)**3", "x"),
    Rewrite("hypot(x, y)**2", "x**2 + y**2"),
    Rewrite("hypot(1, x)", "sqrt(x**2 + 1)"),
    # exponentials and logarithms
    Rewrite("exp(x)*exp(y)", "exp(x + y)"),
    Rewrite("exp(x)**2", "exp(2*x)"),
    Rewrite("1/exp(x)", "exp(-x)"),
    Rewrite("exp(log(x))", "x"),
    Rewrite("log(exp(x))", "x"),
    Rewrite("sqrt(exp(x))", "exp(x/2)"),
    Rewrite("exp(x)**y", "exp(x)**y"),
    Rewrite("exp(1)*x", "x*exp(1)"),
    Rewrite("sin(x + exp(1))", "sin(x + exp(1))"),
    Rewrite("log(e)*x", "x"),
    # trigonometric and hyperbolic functions
    *(Rewrite(f"{op.name}(-x)", f"-{op.name}(x)") for op in sorted(ODD, key=lambda op: op.name)),
    *(Rewrite(f"{op.name}(-x)", f"{op.name}(x)") for op in sorted(EVEN, key=lambda op: op.name)),
    *(Rewrite(f"{f.name}(x)/{g.name}(x)", f"{h.name}(x)") for (f, g), (h, _) in RATIOS.items()),
    *(Rewrite(f"{g.name}(x)**2/{f.name}(x)**2", f"{h.name}(x)**2") for (f, g), (_, h) in RATIOS.items()),
    *(
        Rewrite(f"y*{f.name}(x)**2 {'+' if s > 0 else '-'} y", f"{'' if t > 0 else '-'}y*{g.name}(x)**2")
        for f, (s, g, t) in PYTHAGORAS.items()
    ),
    *(
        Rewrite(f"3*{f.name}(x)**2 {'-' if t > 0 else '+'} 3*{g.name}(x)**2", f"{-3 * s}")
        for f, (s, g, t) in PYTHAGORAS.items()
    ),
    # absolute values
    Rewrite("abs(x)**2", "x**2"),
    Rewrite("x*sign(x)", "abs(x)"),
    Rewrite("abs(x)*sign(x)", "x"),
    Rewrite("abs(x)**2*sign(x)", "x*abs(x)"),
    # choices
    Rewrite("where(x > 0, y, y)", "y"),
    Rewrite("where(not x > 0, y, z)", "where(x > 0, z, y)"),
    Rewrite("where(x == max(x, y), z*tie_share(max(x, y), x, y), 0)", "where(x > y, z, 0)", "x != y"),
    Rewrite("where(x == min(x, y), z*tie_share(min(x, y), x, y), 0)", "where(x < y, z, 0)", "x != y"),
    Rewrite(
        "where(x == max(x, y), 3*tie_share(max(x, y), x, y), 0)", "3*heaviside(x - y, 1/2)",
        "x != y or abs(x) < inf",
    ),
    Rewrite(
        "where(x == clip(x, y, z) and y < z, x*tie_share(clip(x, y, z), x, y, z), 0)",
        "where(y < x and x < z, x, 0)", "x != y and x != z",
    ),
    Rewrite("sec(x)**2/tan(x)", "csc(x)*sec(x)"),
    Rewrite("sech(x)**2/tanh(x)", "csch(x)*sech(x)"),
    Rewrite("cosh(x) + sinh(x)", "exp(x)"),
    Rewrite("y*cosh(x) - y*sinh(x)", "y*exp(-x)"),
    Rewrite("3*expm1(x) + 3", "3*exp(x)"),
    Rewrite("exp(-x)*expm1(x)*y + exp(-x)*y", "y"),
    # roots multiplied by their radicands
    Rewrite("x/cbrt(x)**2", "cbrt(x)", "x != 0"),
    Rewrite("x*cbrt(x)", "x*cbrt(x)"),
    Rewrite("x/(y**2*sqrt(x/y))", "sqrt(x/y)/y", "x > 0 and y > 0"),
    Rewrite("sqrt(x/y)*y/x", "1/sqrt(x/y)", "x > 0 and y > 0"),
    Rewrite("x**2/sqrt(x**2*y)", "x**2/sqrt(x**2*y)"),
    # sums and products, whichever is shorter
    Rewrite("x*exp(y) + z*exp(y)", "exp(y)*(x + z)"),
    Rewrite("1/(x + 1) - x/(x + 1)**2", "1/(x + 1)**2"),
    Rewrite("sqrt(x + 1) + x/(2*sqrt(x + 1))", "(3*x + 2)/(2*sqrt(x + 1))"),
    Rewrite("(x + 1)*(x - 1) - x**2", "-1"),
)  # fmt: skip
