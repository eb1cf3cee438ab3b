"""Reductions against the same formula written out in numbers: values, first and second derivatives, in both modes.

The references have 60 digits and come from the evaluator of `tests/reference`, which has only operations on numbers.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest

import adcli
from tests.reference.evaluator import Partials, evaluate
from tests.sampling import rotate

INF, NAN = math.inf, math.nan
ULPS = 8.0
LETTERS = "abcdf"


def _sum_of_exponentials(names: Sequence[str]) -> str:
    return " + ".join(f"exp({name})" for name in names)


# Each operation on the vector x, a number, and the same written out.
TWINS: dict[str, Callable[[Sequence[str]], str]] = {
    "logsumexp(x)": lambda names: f"log({_sum_of_exponentials(names)})",
    "softmax(x)[0]": lambda names: f"exp({names[0]})/({_sum_of_exponentials(names)})",
    "softmax(x)[-1]": lambda names: f"exp({names[-1]})/({_sum_of_exponentials(names)})",
    "log_softmax(x)[0]": lambda names: f"{names[0]} - log({_sum_of_exponentials(names)})",
    "log_softmax(x)[-1]": lambda names: f"{names[-1]} - log({_sum_of_exponentials(names)})",
    "norm(x)": lambda names: f"sqrt({' + '.join(f'{name}^2' for name in names)})",
    "mean(x)": lambda names: f"({' + '.join(names)})/{len(names)}",
    "prod(x)": "*".join,
}
SATURATED = [
    [5.0, 0.0], [10.0, 0.0], [0.0, 20.0], [40.0, 0.0], [37.0, 0.0, 1.0], [700.0, 0.0], [0.0, 745.0], [1e4, -1e4],
    [50.0, 49.0, 0.0], [3.0, 1.0, 2.0, -1.0],
]  # fmt: skip
ROUNDED = [[700.3, -0.1], [-700.3, 0.1], [800.1, 799.3, 700.7], [-800.3, -801.1], [-300.0, 300.0, -650.0]]
VANISHING = [[1e-5, -20.0], [-1e-10, -23.0], [-0.6931471805599453] * 2, [-1.0986122886681098] * 3, [-2.0, -0.1, -8.0]]
TINY = [[0.3, 0.3], [1e-8, -1e-8], [1e-160, 1e-10], [1e-300, 1e-300], [1.0, 1e-17], [2.0, 2.0, -30.0], [1e-3] * 5]
UNEVEN = [
    [1e5, 1.0], [1e200, 1e-200], [1e16, 1.0, -2.0], [1e-310, 1e-150], [3e200, 4e200], [5e-324, 1e-320], [1.0, -1e-170],
    [1e-200, 1e-201, 3e-200],
]  # fmt: skip
POINTS = [*SATURATED, *ROUNDED, *VANISHING, *TINY, *UNEVEN]


def reference(name: str, point: Sequence[float]) -> Partials:
    names = LETTERS[: len(point)]
    return evaluate(TWINS[name](names), dict(zip(names, point, strict=True)), 2, list(names))


def index(count: int, *places: int) -> tuple[int, ...]:
    return tuple(places.count(place) for place in range(count))


@cache
def compiled(name: str) -> Any:
    return adcli.compile(name)


def assert_close(got: Any, wanted: Any, where: object) -> None:
    """Within 8 ulp of the true number, or of the least number if the true one is below it."""
    number = float(wanted)
    if math.isinf(number):
        assert got == number, where
    else:
        error = abs(wanted - float(got)) / max(math.ulp(number), 5e-324)
        assert error <= ULPS, (where, float(got), number, f"{float(error):.3g} ulp")


ROWS = [(name, point) for name in TWINS for point in POINTS if max(map(abs, point)) < 1e6 or name[0] not in "ls"]


@pytest.mark.parametrize(("name", "point"), rotate(ROWS, 8))
def test_a_reduction_is_the_formula_written_out(name: str, point: list[float]) -> None:
    truth, count = reference(name, point), len(point)
    function, x = compiled(name), np.array(point)
    assert_close(function.value(x=x), truth[index(count)], name)
    hessian = function.hessian(x=x)["x"]["x"]
    slopes = function.gradient(x=x)["x"]
    for i, direction in enumerate(np.eye(count)):
        assert_close(slopes[i], truth[index(count, i)], (name, point, i))
        assert_close(function.jvp({"x": x}, {"x": direction}), truth[index(count, i)], (name, point, i))
        for j in range(count):
            assert_close(hessian[i, j], truth[index(count, i, j)], (name, point, i, j))


# ---------------------------------------------------------------- many vectors at once, and more elements


def _gradients(op: Callable[..., Any], rows: Any) -> Any:
    """The gradients of every number of a row of the result."""
    x = adcli.Value(rows)
    out = op(x)
    found = []
    for place in np.ndindex(out.shape[1:]):
        seed = np.zeros(out.shape)
        seed[(slice(None), *place)] = 1.0
        x.grad = None
        out.backward(seed)
        found.append(np.array(x.grad))
    return found


AXES = {
    "logsumexp(x)": adcli.logsumexp,
    "softmax(x)": adcli.softmax,
    "log_softmax(x)": adcli.log_softmax,
    "norm(x)": adcli.norm,
}


@pytest.mark.parametrize("name", AXES)
def test_a_batch_has_the_digits_of_its_rows(name: str) -> None:
    """All points of two numbers are rows of one array, extreme ones beside moderate ones."""
    points = [point for point in POINTS if len(point) == 2 and (name[0] == "n" or max(map(abs, point)) < 1e6)]
    rows = np.array(points)
    values = AXES[name](rows, axis=1)
    for each in (adcli.Value(rows), adcli.Dual(rows, np.ones_like(rows))):
        np.testing.assert_array_equal(AXES[name](each, axis=1).value, values)
    np.testing.assert_array_equal(AXES[name](rows.T, axis=0), values.T)
    slopes = _gradients(lambda x: AXES[name](x, axis=1), rows)
    for place, found in enumerate(slopes):
        spelled = name if name in TWINS else f"{name}[{-place}]"
        for row, point in enumerate(points):
            truth = reference(spelled, point)
            assert_close(values[row, place] if values.ndim == 2 else values[row], truth[0, 0], (spelled, point))
            for i in range(2):
                assert_close(found[row, i], truth[index(2, i)], (spelled, point, i))


# ---------------------------------------------------------------- infinite elements

THIRD = 1 / 3
EDGES: list[tuple[str, list[float], float, list[float]]] = [
    ("logsumexp(x)", [0.0, INF], INF, [0.0, 1.0]),
    ("logsumexp(x)", [INF], INF, [1.0]),
    ("logsumexp(x)", [-INF], -INF, [1.0]),
    ("logsumexp(x)", [-INF, 2.0], 2.0, [0.0, 1.0]),
    ("logsumexp(x)", [INF, -INF], INF, [1.0, 0.0]),
    ("logsumexp(x)", [-INF, -INF], -INF, [0.5, 0.5]),
    ("logsumexp(x)", [INF, INF], INF, [0.5, 0.5]),
    ("logsumexp(x)", [-INF, -INF, 2.0], 2.0, [0.0, 0.0, 1.0]),
    ("logsumexp(x)", [INF, 1.0, INF, INF], INF, [THIRD, 0.0, THIRD, THIRD]),
    ("logsumexp(x)", [NAN, 1.0], NAN, [NAN, NAN]),
    ("logsumexp([logsumexp(x[:2]), x[2]])", [-INF, -INF, 2.0], 2.0, [0.0, 0.0, 1.0]),
    ("logaddexp(logaddexp(x[0], x[1]), x[2])", [-INF, -INF, 2.0], 2.0, [0.0, 0.0, 1.0]),
    ("logaddexp(x[0], x[1])", [INF, INF], INF, [0.5, 0.5]),
    ("softmax(x)[0]", [INF, 1.0], 1.0, [0.0, 0.0]),
    ("softmax(x)[0]", [1.0, INF], 0.0, [0.0, 0.0]),
    ("softmax(x)[0]", [-INF, 1.0], 0.0, [0.0, 0.0]),
    ("softmax(x)[0]", [1.0, INF, INF], 0.0, [0.0, 0.0, 0.0]),
    ("softmax(x)[0]", [INF, INF], NAN, [NAN, NAN]),
    ("softmax(x)[0]", [-INF, -INF], NAN, [NAN, NAN]),
    ("log_softmax(x)[0]", [INF, 1.0], 0.0, [0.0, 0.0]),
    ("log_softmax(x)[0]", [1.0, INF], -INF, [1.0, -1.0]),
    ("log_softmax(x)[0]", [-INF, 1.0], -INF, [1.0, -1.0]),
    ("log_softmax(x)[1]", [-INF, 1.0], 0.0, [0.0, 0.0]),
    ("log_softmax(x)[0]", [INF, INF], NAN, [NAN, NAN]),
    ("norm(x)", [INF, 1.0], INF, [1.0, 0.0]),
    ("norm(x)", [3.0, -INF], INF, [0.0, -1.0]),
    ("norm(x)", [INF, -INF, 1.0], INF, [NAN, NAN, 0.0]),
    ("norm(x)", [NAN, INF], INF, [NAN, NAN]),
    ("norm(x)", [1.5e308, 1.5e308], INF, [math.sqrt(0.5), math.sqrt(0.5)]),
    ("max(x)", [INF, 1.0], INF, [1.0, 0.0]),
    ("max(x)", [-INF, -INF], -INF, [0.5, 0.5]),
    ("mean(x)", [INF, 1.0], INF, [0.5, 0.5]),
    ("prod(x)", [INF, 2.0], INF, [2.0, INF]),
]


@pytest.mark.parametrize(("name", "point", "value", "slopes"), EDGES)
def test_infinite_elements_have_their_limits(name: str, point: list[float], value: float, slopes: list[float]) -> None:
    """At one point, with Values, and as a row of a batch whose other row is moderate."""
    function, x = compiled(name), np.array(point)
    np.testing.assert_equal(function.value(x=x), value)
    np.testing.assert_allclose(function.gradient(x=x)["x"], slopes, rtol=1e-15)
    word = name.partition("(")[0]
    if word in ("logsumexp", "norm") and name == f"{word}(x)":
        rows = adcli.Value([point, [0.5 * i for i in range(len(point))]])
        out = getattr(adcli, word)(rows, axis=1)
        out.backward(np.ones(2))
        np.testing.assert_equal(out.value[0], value)
        np.testing.assert_allclose(rows.grad[0], slopes, rtol=1e-15)
        assert np.all(np.isfinite(rows.grad[1]))


@pytest.mark.parametrize(("name", "twin"), [("logsumexp([x, y])", "logaddexp(x, y)"), ("norm([x, y])", "hypot(x, y)")])
def test_two_elements_are_the_function_of_two_numbers(name: str, twin: str) -> None:
    one, other = compiled(name), compiled(twin)
    for x in (0.0, 2.0, INF, -INF, NAN):
        for y in (0.0, 2.0, INF, -INF, NAN):
            np.testing.assert_equal(one.value(x=x, y=y), other.value(x=x, y=y))
            slopes = [list(function.gradient(x=x, y=y).values()) for function in (one, other)]
            np.testing.assert_allclose(*slopes, rtol=1e-15)


# ---------------------------------------------------------------- determinants


def _minor_sum(matrix: Any, directions: Sequence[Any]) -> Any:
    """The derivative of det in directions, from Leibniz' sum over permutations, in integers or floats."""
    n = len(matrix)
    total = 0.0
    for columns in itertools.permutations(range(n)):
        sign = (-1) ** sum(one > other for one, other in itertools.combinations(columns, 2))
        for moved in itertools.permutations(range(n), len(directions)):
            factors = [float(direction[row, columns[row]]) for direction, row in zip(directions, moved, strict=True)]
            factors += [float(matrix[row, columns[row]]) for row in range(n) if row not in moved]
            total += sign * math.prod(factors)
    return total


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_derivatives_of_det_are_polynomials_at_every_rank(n: int) -> None:
    """The first three derivatives, to a few eps of the size of their terms, also next to a singular matrix."""
    random = np.random.default_rng(n)
    directions = random.standard_normal((3, n, n))
    matrices = [random.standard_normal((n, rank)) @ random.standard_normal((rank, n)) for rank in range(n + 1)]
    matrices += [matrix + 1e-13 * random.standard_normal((n, n)) for matrix in matrices[:-1]]
    for matrix in rotate(matrices, 2):
        steps: Callable[..., Any] = adcli.det
        for order in range(1, 4 if n < 5 else 3):
            steps = functools.partial(_along, steps, directions[order - 1])
            wanted = _minor_sum(matrix, directions[:order])
            size = max(np.linalg.norm(matrix, 2), 1e-300) ** max(n - order, 0)
            scale = math.prod(np.linalg.norm(each) for each in directions[:order]) * size * math.factorial(n)
            assert abs(steps(matrix) - wanted) <= 4e-15 * scale, (n, order)


def _along(function: Callable[..., Any], direction: Any, matrix: Any) -> Any:
    return adcli.jvp(function, (matrix,), (direction,))[1]


def test_the_hessian_of_det_in_a_batch_with_a_singular_matrix() -> None:
    rows = np.array([[[1.0, 2.0], [2.0, 4.0]], [[1.0, 2.0], [3.0, 4.0]], [[0.0, 0.0], [0.0, 0.0]]])
    direction = np.array([[1.0, 2.0], [3.0, 5.0]])
    moved = adcli.hvp(lambda a: adcli.sum(adcli.det(a)), (rows,), (np.broadcast_to(direction, rows.shape),))
    np.testing.assert_array_equal(
        moved[0] if isinstance(moved, tuple) else moved, np.broadcast_to([[5.0, -3.0], [-2.0, 1.0]], rows.shape)
    )


def test_det_has_the_digits_of_its_products() -> None:
    rows = [np.diag([3e50, 7.0]), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[NAN, 1.0], [1.0, 1.0]])]
    wanted = [3e50 * 7.0, -2.0, NAN]
    for matrix, value in zip(rows, wanted, strict=True):
        np.testing.assert_equal(float(adcli.det(matrix)), value)
    np.testing.assert_equal(adcli.det(np.stack(rows)), wanted)
    np.testing.assert_equal(adcli.det(np.diag([1e200, 1e200, 1e-300])[None]), [1e100])
    assert math.isnan(adcli.det(np.full((4, 4), NAN)))


def test_the_hessian_of_det_keeps_its_digits_if_rows_have_other_sizes() -> None:
    """Powers of 2 on the rows scale the minors exactly, so that a minor must be the scaled one."""
    plain = np.array([[2.0, 1.0, 0.0, 3.0], [1.0, 4.0, 2.0, 1.0], [0.0, 1.0, 5.0, 2.0], [2.0, 0.0, 1.0, 3.0]])
    exponents = np.array([400, 0, 0, -400])
    found = [
        adcli.compile("det(A)").hessian(A=np.ldexp(plain, powers[:, None]))["A"]["A"]
        for powers in (np.zeros(4, int), exponents)
    ]
    left = exponents.sum() - exponents[:, None] - exponents  # of the two rows that a minor has
    scaled = np.ldexp(found[1], -left[:, None, :, None])
    np.testing.assert_allclose(scaled, found[0], rtol=1e-13, atol=1e-13)
