"""Check every number of ``tests/cases/ops`` against Arb's interval power series: a second, rigorous source.

Needs ``python-flint`` (not a dependency of the test suite): ``python -m tests.reference.verify_with_flint``.
Arb computes enclosures, so each cell is compared with a proven interval; the derivatives come from power
series of the function itself and not from the closed forms that ``evaluator.py`` uses.  Partials in two
arguments are checked through directional series along four directions scaled to the arguments.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

try:
    import flint  # type: ignore[import-not-found,import-untyped,unused-ignore]
except ImportError:  # only this script needs it
    flint = None

CASES = Path(__file__).resolve().parent.parent / "cases" / "ops"

Series: TypeAlias = Any
arb: Any = flint.arb if flint else None

DIGITS = 49
"""A cell with 50 digits is off by at most half a unit of its last digit; leave that much room."""

CLAMP = "e+20000", "e-20000"


def shifted(s: Series, constant: Any) -> Series:
    """The antiderivative of s with a given constant term."""
    return s.integral() + constant


def inverse(f: Callable[[Any], Any], slope: Callable[[Series], Series]) -> Callable[[Series], Series]:
    """A function from its value and the series of its derivative."""

    def series(x: Series) -> Series:
        step = x.derivative()
        return shifted(slope(x) * step, f(x[0]))

    return series


def sinh(x: Series) -> Series:
    """sinh, with the small argument left to the enclosure."""
    return (x.exp() - (-x).exp()) / 2


def cosh(x: Series) -> Series:
    """cosh."""
    return (x.exp() + (-x).exp()) / 2


def tanh(x: Series) -> Series:
    """tanh, in a form whose derivatives do not cancel."""
    return 1 - 2 / ((2 * x).exp() + 1) if x[0] > 0 else 2 / ((-2 * x).exp() + 1) - 1


def coth(x: Series) -> Series:
    """coth, in a form whose derivatives do not cancel."""
    return 1 + 2 / ((2 * x).exp() - 1) if x[0] > 0 else -1 - 2 / ((-2 * x).exp() - 1)


def lgamma(x: Series) -> Series:
    """log(abs(gamma))."""
    if x[0] > 0:
        return x.lgamma()
    g = x.gamma()
    return (g * g).log() / 2


def digamma(x: Series) -> Series:
    """The logarithmic derivative of gamma; one order is lost."""
    return lgamma(x).derivative()


def sinc(x: Series) -> Series:
    """sin(x)/x: by its Taylor polynomial near 0."""
    if x[0] == 0 or abs(x[0]) < arb(10) ** -40:
        total = flint.arb_series([1])
        term = flint.arb_series([1])
        for k in range(1, 40):
            term = term * x * x * (-1) / ((2 * k) * (2 * k + 1))
            total = total + term
        return total
    return x.sin() / x


def cbrt(x: Series) -> Series:
    """The real cube root."""
    return (x.log() / 3).exp() if x[0] > 0 else -((-x).log() / 3).exp()


def softplus(x: Series) -> Series:
    """log(1 + exp(x)), from the left half line."""
    left = -x if x[0] > 0 else x
    s = shifted(left.derivative() / (1 + (-left).exp()), left[0].exp().log1p())
    return s + x if x[0] > 0 else s


def step(f: Callable[[Fraction], int]) -> Callable[[Series], Series]:
    """A piecewise constant function."""
    return lambda x: flint.arb_series([f(to_fraction(x[0]))])


def to_fraction(x: Any) -> Fraction:
    """An exact ball as fraction."""
    mantissa, exponent = x.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


UNARY: dict[str, Callable[[Series], Series]] = {
    "neg": lambda x: -x,
    "square": lambda x: x * x,
    "sqrt": lambda x: x.sqrt(),
    "cbrt": cbrt,
    "exp": lambda x: x.exp(),
    "expm1": lambda x: x.exp() - 1,
    "log": lambda x: x.log(),
    "log2": lambda x: x.log() / arb(2).log(),
    "log10": lambda x: x.log() / arb(10).log(),
    "log1p": lambda x: (1 + x).log(),
    "sin": lambda x: x.sin(),
    "cos": lambda x: x.cos(),
    "tan": lambda x: x.tan(),
    "sec": lambda x: 1 / x.cos(),
    "csc": lambda x: 1 / x.sin(),
    "cot": lambda x: x.cos() / x.sin(),
    "asin": lambda x: x.asin(),
    "acos": lambda x: x.acos(),
    "atan": lambda x: x.atan(),
    "sinh": sinh,
    "cosh": cosh,
    "tanh": tanh,
    "sech": lambda x: 1 / cosh(x),
    "csch": lambda x: 1 / sinh(x),
    "coth": coth,
    "asinh": inverse(lambda c: c.asinh(), lambda x: (1 + x * x).rsqrt()),
    "acosh": inverse(lambda c: c.acosh(), lambda x: (x * x - 1).rsqrt()),
    "atanh": inverse(lambda c: c.atanh(), lambda x: 1 / (1 - x * x)),
    "abs": lambda x: x if x[0] > 0 else -x,
    "relu": lambda x: x if x[0] > 0 else flint.arb_series([0]),
    "sign": step(lambda v: (v > 0) - (v < 0)),
    "floor": step(math.floor),
    "ceil": step(math.ceil),
    "round": step(round),
    "erf": lambda x: x.erf(),
    "erfc": lambda x: x.erfc(),
    "gamma": lambda x: x.gamma(),
    "lgamma": lgamma,
    "digamma": digamma,
    "sigmoid": lambda x: 1 / (1 + (-x).exp()),
    "softplus": softplus,
    "sinc": sinc,
    "gaussian": lambda x: (-x * x).exp(),
    "semicircle": lambda x: (1 - x * x).sqrt(),
}


def power(x: Series, y: Series) -> Series:
    """x**y; for a negative base only integer exponents, without slope in y."""
    if x[0] > 0:
        return (y * x.log()).exp()
    n = to_fraction(y[0])
    sign = -1 if n.numerator % 2 else 1
    return sign * (y[0] * (-x).log()).exp()


def floor_ratio(x: Series, y: Series) -> int:
    """floor(x/y) of the constant terms."""
    return math.floor(to_fraction(x[0]) / to_fraction(y[0]))


def big(n: int) -> Any:
    """An integer as exact ball."""
    return arb(flint.fmpz(n))


def angle(a: Series, b: Series) -> Series:
    """atan2(a, b)."""
    if abs(b[0]) > abs(a[0]):
        s = (a / b).atan()
    else:
        s = -(b / a).atan()
    return s - s[0] + arb.atan2(a[0], b[0])


def distance(x: Series, y: Series) -> Series:
    """hypot."""
    return (x * x + y * y).sqrt()


BINARY: dict[str, Callable[[Series, Series], Series]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "pow": power,
    "mod": lambda x, y: x - y * big(floor_ratio(x, y)),
    "floordiv": lambda x, y: flint.arb_series([big(floor_ratio(x, y))]),
    "atan2": angle,
    "hypot": distance,
    "direction": lambda x, y: x / distance(x, y),
    "heaviside": lambda x, y: flint.arb_series([1 if x[0] > 0 else 0]),
    "xlogy": lambda x, y: x * y.log(),
    "logaddexp": lambda x, y: x + (1 + (y - x).exp()).log(),
    "min": lambda x, y: x if x[0] < y[0] else y,
    "max": lambda x, y: x if x[0] > y[0] else y,
    "log_base": lambda x, y: x.log() / y.log(),
}


def exact(cell: str) -> Any:
    """A printed decimal as a ball that holds it; the radius is far below one unit of the 50th digit."""
    return arb(cell)


def close(expected: str, ball: Any, scale: Any = None) -> str:
    """'' if the enclosure confirms the printed decimal, else what is wrong."""
    if expected.endswith(CLAMP):
        size = abs(ball)
        if not size.is_finite():
            return ""  # beyond what Arb represents
        if size.rad() > arb(10) ** 20000:
            return ""  # beyond what Arb resolves
        if expected.endswith("e+20000"):
            return "" if size > arb(10) ** 19990 else "clamped, but not that large"
        return "" if size < arb(10) ** -19990 else "clamped, but not that small"
    printed = exact(expected)
    room = (abs(ball) if scale is None else scale) * arb(10) ** -DIGITS
    if expected == "0.0" and scale is None:
        if ball.contains(0):
            return "" if ball.rad() < arb(10) ** -2000 else "loose"
        return f"0 against {ball.str(20)}"
    gap = abs(printed - ball)
    if gap <= room:
        return ""
    if not ball.is_finite() or ball.rad() > room:
        return "loose"
    return f"{expected} against {ball.str(60, radius=False)}"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table."""
    lines = (CASES / f"{name}.tsv").read_text(encoding="ascii").splitlines()
    header = lines[0].split("\t")
    for line in lines[1:]:
        yield dict(zip(header, line.split("\t"), strict=True))


def plain(cell: str) -> bool:
    """Whether a cell holds a finite number."""
    return cell not in ("", "nan", "inf", "-inf")


def univariate(f: Callable[[Series], Series], x: float, cells: list[str]) -> list[str]:
    """Compare value and three derivatives with a power series; precision rises until enclosures are tight."""
    problems: list[str] = []
    for bits in (600, 2400, 5000, 10000):
        flint.ctx.prec = bits
        try:
            series = f(flint.arb_series([arb(x), 1]))
        except (ValueError, ZeroDivisionError):
            problems = ["loose"]  # the enclosure of a divisor still holds 0
            continue
        problems = []
        for k, cell in enumerate(cells):
            if plain(cell):
                verdict = close(cell, series[k] * math.factorial(k))
                if verdict:
                    problems.append(f"order {k}: {verdict}")
        if not any(p.endswith("loose") for p in problems):
            break
    return problems


INDEX = ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (3, 0), (2, 1), (1, 2), (0, 3))


def bivariate(f: Callable[[Series, Series], Series], x: float, y: float, cells: list[str], steady: bool) -> list[str]:
    """Compare all partials along four directions; ``steady`` leaves the second argument fixed."""
    ax = abs(Fraction(x)) or Fraction(1)
    ay = abs(Fraction(y)) or Fraction(1)
    directions = [(ax, Fraction(0))] if steady else [(ax, Fraction(0)), (Fraction(0), ay), (ax, 2 * ay), (ax, -ay)]
    problems: list[str] = []
    for bits in (1200, 5000, 16000, 40000):
        flint.ctx.prec = bits
        problems = []
        for dx, dy in directions:
            bx = arb(flint.fmpz(dx.numerator)) / arb(flint.fmpz(dx.denominator))
            by = arb(flint.fmpz(dy.numerator)) / arb(flint.fmpz(dy.denominator))
            try:
                series = f(flint.arb_series([arb(x), bx]), flint.arb_series([arb(y), by]))
            except (ValueError, ZeroDivisionError):
                problems.append("loose")
                continue
            for order in range(4):
                used = [
                    (i, c)
                    for i, c in zip(INDEX, cells, strict=True)
                    if sum(i) == order and (dx or not i[0]) and (dy or not i[1])
                ]
                if any(not plain(c) or c.endswith(CLAMP) for _, c in used):
                    continue
                total, scale = arb(0), arb(0)
                for (i, j), cell in used:
                    term = exact(cell) * bx**i * by**j / (math.factorial(i) * math.factorial(j))
                    total, scale = total + term, scale + abs(term)
                gap = abs(total - series[order])
                room = scale * arb(10) ** -DIGITS
                if gap <= room or (scale == 0 and series[order].contains(0) and gap < arb(10) ** -2000):
                    continue
                loose = not series[order].is_finite() or series[order].rad() > room
                problems.append(
                    f"direction {directions.index((dx, dy))} order {order}: " + ("loose" if loose else "differs")
                )
        if not any(p.endswith("loose") for p in problems):
            break
    return problems


def check(name: str) -> tuple[int, list[str]]:
    """All rows of one table: how many were compared, and what does not agree."""
    count = 0
    problems: list[str] = []
    for row in rows(name):
        keys = list(row)
        inputs = [float(row[k]) for k in keys if k in ("n", "x", "y", "z")]
        cells = [row[k] for k in keys if k.startswith("f")]
        if not all(map(math.isfinite, inputs)) or not plain(cells[0]) or (name in UNARY and cells[2] == ""):
            continue
        count += 1
        if name in UNARY:
            found = univariate(UNARY[name], inputs[0], cells)
        elif name in ("polygamma", "sinc_derivative"):
            n = int(inputs[0])

            def derived(x: Series, n: int = n) -> Series:
                series = digamma(x) if name == "polygamma" else sinc(x)
                for _ in range(n):
                    series = series.derivative()
                return series

            found = univariate(derived, inputs[1], cells)
        else:
            if cells[3] == "":
                count -= 1
                continue
            steady = name == "pow" and inputs[0] < 0
            found = bivariate(BINARY[name], inputs[0], inputs[1], cells, steady)
        problems += [f"{name} {inputs}: {p}" for p in found]
    return count, problems


def main(names: list[str]) -> int:
    """Check the tables named, or all but clip, whose rows are exact."""
    if flint is None:
        print("python-flint is not installed", file=sys.stderr)
        return 2
    flint.ctx.cap = 12
    bad = 0
    for path in sorted(CASES.glob("*.tsv")):
        name = path.stem
        if name == "clip" or (names and name not in names):
            continue
        count, problems = check(name)
        bad += len(problems)
        print(f"{name}: {count} rows compared, {len(problems)} problems", flush=True)
        for problem in problems[:5]:
            print("   ", problem)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
