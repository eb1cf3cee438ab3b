"""What users of dual numbers write: seeds, chunks, nested duals, branches; and perturbations that must not mix."""

from __future__ import annotations

from math import cos, exp, sin
from typing import Any

import numpy as np
import pytest

import adcli
from adcli import Dual, grad, jacobian, jvp


def derivative(f: Any, x: float) -> Any:
    """ForwardDiff's name for it."""
    return jvp(f, (x,), (1.0,))[1]


def test_the_worked_example() -> None:
    x, y = Dual(2.0, [1.0, 0.0]), Dual(3.0, [0.0, 1.0])
    f = adcli.sin(x) * adcli.cos(y)
    assert f.value == sin(2) * cos(3)
    np.testing.assert_allclose(f.tangent, [cos(2) * cos(3), -sin(2) * sin(3)], rtol=1e-15)


@pytest.mark.parametrize(
    ("f", "tangent"),
    [
        (lambda x: 1 / x, -0.25),
        (lambda x: 3 - x, -1.0),
        (lambda x: 2**x, 4 * np.log(2)),
        (lambda x: x**x, 4 * (1 + np.log(2))),
        (lambda x: abs(-x), 1.0),
        (lambda x: x % 1.5, 1.0),
        (lambda x: np.exp(x), exp(2)),
        (lambda x: adcli.hypot(x, 1.5), 0.8),
        (lambda x: adcli.max(x, 1.0, x), 1.0),
        (lambda x: x if x > 1 else -x, 1.0),
    ],
)
def test_numbers_on_either_side(f: Any, tangent: float) -> None:
    assert f(Dual(2.0, 1.0)).tangent == pytest.approx(tangent, rel=1e-14)
    assert f(Dual(2.0, [1.0, -2.0])).tangent == pytest.approx([tangent, -2 * tangent], rel=1e-14)


def test_perturbations_do_not_mix() -> None:
    """Siskind and Pearlmutter's example, and what grows out of it."""
    assert derivative(lambda x: x * derivative(lambda y: x + y, 1.0), 1.0) == 1.0
    assert grad(lambda x: x * derivative(lambda y: x + y, 1.0))(1.0) == 1.0
    assert derivative(lambda x: x * grad(lambda y: x + y)(1.0), 1.0) == 1.0
    assert derivative(lambda x: derivative(lambda y: x * y, 2.0) * x, 3.0) == 6.0
    # A function made by one derivative, used in another: d/dx of (d/dy of x*y**2 at x) is that of 2*x**2.
    assert derivative(lambda x: derivative(lambda y: x * y**2, x), 3.0) == 12.0


def test_second_derivatives_by_hand() -> None:
    x = Dual(Dual(0.5, 1.0), Dual(1.0, 0.0))
    y = adcli.exp(x * x)
    assert y.tangent.value == y.value.tangent == pytest.approx(exp(0.25))
    assert y.tangent.tangent == pytest.approx((2 + 4 * 0.25) * exp(0.25))


def test_derivatives_of_higher_order() -> None:
    f: Any = adcli.sin
    for exact in (cos(0.3), -sin(0.3), -cos(0.3), sin(0.3), cos(0.3)):
        f = (lambda g: lambda x: derivative(g, x))(f)
        assert f(0.3) == pytest.approx(exact, rel=1e-12)


def test_a_chunk_of_tangents_of_arrays() -> None:
    x = np.array([0.4, 0.9, 1.1])
    matrix = np.array([[1.0, 2.0, 0.0], [0.5, -1.0, 3.0], [0.0, 1.0, 1.0]])
    chunk = adcli.solve(Dual(matrix, np.zeros((3, 3))), Dual(x, np.eye(3)))
    np.testing.assert_allclose(chunk.tangent.T, np.linalg.inv(matrix), rtol=1e-13)
    np.testing.assert_allclose(jacobian(lambda x: adcli.solve(matrix, x))(x), np.linalg.inv(matrix), rtol=1e-13)


def test_a_solver_is_differentiated_through() -> None:
    """The tangent of Newton's iteration for a square root is that of the root."""

    def root(a: Any) -> Any:
        x = a
        while abs(x * x - a) > 1e-14 * a:
            x = (x + a / x) / 2
        return x

    assert derivative(root, 2.0) == pytest.approx(0.5 / 2**0.5, rel=1e-14)


def test_what_does_not_move_is_zero() -> None:
    assert Dual(2.0).tangent == 0.0
    assert adcli.floor(Dual(2.5, 1.0)).tangent == 0.0
    assert derivative(lambda x: 1.0, 2.0) == 0.0
