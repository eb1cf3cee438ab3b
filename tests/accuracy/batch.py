"""The worst errors of the batch kernels over many points: `python -m tests.accuracy.batch [POINTS [BACKEND]]`.

10^7 points and the backend `llvm` by default. Points are drawn from all over: even, small, logarithmic over the whole
range (subnormals and huge arguments among them), near 1. From 10^8 on sines and cosines are the scalar kernels,
which have tests of their own. The truth is that of x87 long double (64 bits of mantissa), which is off by about 0.001
of our ulp; the worst points are checked by mpmath. Prints the table of docs/batch.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

import adcli

CHUNK = 500_000
LONG = np.longdouble
Numbers = Any


def _sech(x: Numbers) -> Numbers:
    e = np.exp(-np.abs(x))
    return (e + e) / (1 + e * e)


def _softplus(x: Numbers) -> Numbers:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _real(x: Any) -> Any:
    return x if x >= 0 else mpmath.nan


# name -> the truth in long double, the truth in mpmath
FUNCTIONS: dict[str, tuple[Callable[[Numbers], Numbers], Callable[[Any], Any]]] = {
    "sin(x)": (np.sin, mpmath.sin),
    "cos(x)": (np.cos, mpmath.cos),
    "tan(x)": (np.tan, mpmath.tan),
    "exp(x)": (np.exp, mpmath.exp),
    "log(x)": (np.log, mpmath.log),
    "sqrt(x)": (np.sqrt, mpmath.sqrt),
    "tanh(x)": (np.tanh, mpmath.tanh),
    "sech(x)": (_sech, mpmath.sech),
    "sech(x)**2": (lambda x: _sech(x) ** 2, lambda x: mpmath.sech(x) ** 2),
    "sinh(x)": (np.sinh, mpmath.sinh),
    "cosh(x)": (np.cosh, mpmath.cosh),
    "sigmoid(x)": (lambda x: 1 / (1 + np.exp(-x)), lambda x: 1 / (1 + mpmath.exp(-x))),
    "x**3": (lambda x: x * x * x, lambda x: x**3),
    "x**-2": (lambda x: 1 / (x * x), lambda x: 1 / x**2),
    "x**0.3": (lambda x: x ** LONG(0.3), lambda x: _real(x) ** mpmath.mpf(0.3)),
    "x**-2.5": (lambda x: x ** LONG(-2.5), lambda x: _real(x) ** mpmath.mpf(-2.5)),
    "2**x": (lambda x: LONG(2) ** x, lambda x: mpmath.mpf(2) ** x),
    "abs(x)**x": (lambda x: np.abs(x) ** x, lambda x: abs(x) ** x),
    "cbrt(x)": (np.cbrt, lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x))),
    "expm1(x)": (np.expm1, mpmath.expm1),
    "log1p(x)": (np.log1p, mpmath.log1p),
    "log2(x)": (np.log2, lambda x: mpmath.log(x, 2)),
    "log10(x)": (np.log10, mpmath.log10),
    "softplus(x)": (_softplus, lambda x: mpmath.log1p(mpmath.exp(x))),
}


def draw(rng: np.random.Generator, count: int) -> Numbers:
    """Points from all over the line."""
    fifth = count // 5
    logarithmic = rng.choice([-1.0, 1.0], fifth) * 10.0 ** rng.uniform(-323, 308, fifth)
    return np.concatenate([
        rng.uniform(-1, 1, fifth), rng.uniform(-40, 40, fifth), rng.uniform(-760, 760, fifth),
        logarithmic, 1 + rng.normal(0, 1e-3, count - 4 * fifth),
    ])  # fmt: skip


def errors(got: Numbers, truth: Numbers) -> Numbers:
    """In units in the last place of the truth; where one is not finite and the other is, infinite."""
    nearest = truth.astype(np.float64)
    finite = np.isfinite(nearest)
    distance = np.abs(got.astype(LONG) - truth) / np.spacing(np.abs(np.where(finite, nearest, 1.0))).astype(LONG)
    same = (got == nearest) | (np.isnan(got) & np.isnan(nearest))
    return np.where(finite & np.isfinite(got), distance, np.where(same, 0.0, np.inf)).astype(np.float64)


def confirmed(expression: str, x: float, got: float) -> float:
    """The error at one point, by mpmath."""
    with mpmath.workdps(60):
        truth = FUNCTIONS[expression][1](mpmath.mpf(x))
        return float(abs(mpmath.mpf(got) - truth) / mpmath.mpf(float(np.spacing(abs(float(truth))))))


def worst(expression: str, backend: str, points: int, seed: int = 1) -> tuple[float, float]:
    """The worst error of a function on a backend, and where."""
    rng = np.random.default_rng(seed)
    batch = adcli.compile(expression).batcher((), backend=backend)
    found = 0.0, 0.0
    for _ in range(-(-points // CHUNK)):
        x = draw(rng, min(CHUNK, points))
        if expression in ("sin(x)", "cos(x)", "tan(x)"):
            x = x[np.abs(x) < 1e8]
        got, _slopes = batch({"x": x})
        with np.errstate(all="ignore"):
            distances = errors(got, FUNCTIONS[expression][0](x.astype(LONG)))
        place = int(np.argmax(distances))
        if distances[place] > found[0]:
            value = float(distances[place])
            found = (confirmed(expression, x[place], got[place]) if value < 100 else value), float(x[place])
    return found


def main() -> None:
    """Print the table."""
    points = int(float(sys.argv[1])) if len(sys.argv) > 1 else 10**7
    backend = sys.argv[2] if len(sys.argv) > 2 else "llvm"
    print(f"| {points:.0e} points, {backend} | worst error, ulp | at |\n|---|---|---|")
    for expression in FUNCTIONS:
        error, x = worst(expression, backend, points)
        print(f"| `{expression}` | {error:.2f} | {x:.17g} |", flush=True)


if __name__ == "__main__":
    main()
