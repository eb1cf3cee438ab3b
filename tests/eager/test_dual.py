"""`Dual`: numbers that carry how they move, one direction or several, nested to any depth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import adcli
from adcli import Dual, ShapeError, Value


def test_the_worked_example() -> None:
    """sin(x)*cos(y) at (2, 3): two forward passes, one with two directions, and one backward pass agree."""

    def f(x: Any, y: Any) -> Any:
        return adcli.sin(x) * adcli.cos(y)

    by_x, by_y = f(Dual(2.0, 1.0), 3.0), f(2.0, Dual(3.0, 1.0))
    both = f(Dual(2.0, [1.0, 0.0]), Dual(3.0, [0.0, 1.0]))
    assert by_x.value == by_y.value == both.value == math.sin(2) * math.cos(3)
    assert by_x.tangent == pytest.approx(math.cos(2) * math.cos(3), rel=1e-15)
    assert by_y.tangent == pytest.approx(-math.sin(2) * math.sin(3), rel=1e-15)
    np.testing.assert_array_equal(both.tangent, [by_x.tangent, by_y.tangent])
    assert adcli.grad(f)(2.0, 3.0) == pytest.approx((by_x.tangent, by_y.tangent), rel=1e-15)


def test_numbers_on_either_side() -> None:
    x = Dual(2.0, 1.0)
    assert ((3 * x).tangent, (x * 3).tangent, (np.float64(3) * x).tangent) == (3.0, 3.0, 3.0)
    assert ((1 - x).tangent, (8 / x).tangent, (x**2).tangent) == (-1.0, -2.0, 4.0)
    assert (2**x).tangent == pytest.approx(4 * math.log(2))
    np.testing.assert_array_equal((np.array([1.0, 2.0]) * x).tangent, [1.0, 2.0])
    assert np.exp(x).tangent == math.exp(2)
    assert x.exp().tangent == math.exp(2)


def test_what_does_not_move_is_not_a_dual_or_moves_by_zero() -> None:
    x = Dual(2.0, 1.0)
    assert (x * 0.0 + 1.0).tangent == 0.0
    assert Dual(3.0).tangent == 0.0
    assert (Dual(3.0) * 2.0).tangent == 0.0
    assert adcli.floor(x).tangent == 0.0
    np.testing.assert_array_equal(Dual([1.0, 2.0]).tangent, [0.0, 0.0])


def test_comparisons_and_truth() -> None:
    x = Dual(2.0, 1.0)
    assert (x > 1.0) is True
    assert (x if x > 1 else -x) is x
    assert bool(x)
    assert not Dual(0.0, 1.0)


def test_duals_of_arrays() -> None:
    A, T = np.array([[2.0, 1.0], [0.5, 3.0]]), np.array([[1.0, 0.0], [0.0, 2.0]])
    d = adcli.logdet(Dual(A, T))
    assert d.tangent == pytest.approx(np.trace(np.linalg.solve(A, T)), rel=1e-14)
    v = Dual([1.0, 2.0], [1.0, 1.0]) @ A
    np.testing.assert_array_equal(v.tangent, [2.5, 4.0])
    assert v.shape == (2,)


def test_vectors_of_tangents_of_arrays() -> None:
    """Directions come first, through elementwise operations and through the others."""
    x = np.array([1.0, 2.0, 3.0])
    d = Dual(x, np.eye(3))
    np.testing.assert_allclose((d * d + 1.0).tangent, np.diag(2 * x))
    np.testing.assert_allclose((d @ d).tangent, 2 * x)
    np.testing.assert_allclose(adcli.softmax(d).tangent, adcli.jacobian(adcli.softmax)(x), rtol=1e-14)
    np.testing.assert_allclose((d * np.ones((2, 1))).tangent, np.eye(3)[:, None, :] * np.ones((1, 2, 1)))
    one = Dual(2.0, [1.0, 10.0])
    np.testing.assert_allclose((one * x).tangent, [x, 10 * x])
    np.testing.assert_allclose((one + Dual(x, np.ones(3))).tangent, [x * 0 + 2.0, x * 0 + 11.0])


@pytest.mark.parametrize(
    ("value", "tangent"),
    [(1.0, [[1.0]]), ([1.0, 2.0], [1.0, 2.0, 3.0]), ([1.0, 2.0], 1.0), ([[1.0, 2.0]], [1.0, 2.0])],
)
def test_a_tangent_of_another_shape_is_said(value: Any, tangent: Any) -> None:
    with pytest.raises(ShapeError, match="tangent"):
        Dual(value, tangent)


def test_duals_of_duals_give_second_derivatives() -> None:
    x = Dual(Dual(2.0, 1.0), Dual(1.0, 0.0))
    y = x * x * x
    assert (y.value.value, y.value.tangent, y.tangent.value, y.tangent.tangent) == (8.0, 12.0, 12.0, 12.0)


def test_perturbations_are_not_confused() -> None:
    """d/dx [x * d/dy (x + y)] at 1 is 1 (Siskind and Pearlmutter, 2005)."""

    def derivative(f: Any, at: Any) -> Any:
        return adcli.jvp(f, (at,), (1.0,))[1]

    for inner in (derivative, lambda f, at: adcli.grad(f)(at)):
        for outer in (derivative, lambda f, at: adcli.grad(f)(at)):
            assert outer(lambda x, inner=inner: x * inner(lambda y, x=x: x + y, 1.0), 1.0) == 1.0
            assert outer(lambda x, inner=inner: x * inner(lambda y, x=x: x * y, 2.0), 3.0) == 6.0


def test_a_dual_of_the_user_inside_a_transformation() -> None:
    """The user's own Dual of a traced number belongs above it."""

    def cube_slope(x: Any) -> Any:
        return (lambda d: d * d * d)(Dual(x, 1.0)).tangent

    assert cube_slope(2.0) == 12.0
    assert adcli.grad(cube_slope)(2.0) == 12.0
    assert adcli.jvp(cube_slope, (2.0,), (1.0,))[1] == 12.0


def test_a_value_inside_a_transformation_is_a_constant_to_it() -> None:
    v = Value(3.0)
    assert adcli.grad(lambda x: x * v)(2.0) == 3.0
    assert adcli.jvp(lambda x: v * x, (2.0,), (1.0,))[1] == 3.0


def test_repr() -> None:
    assert repr(Dual(2.0, 1.0)) == "Dual(2.0, 1.0)"
    assert repr(Dual([1.0], [2.0])) == "Dual(array([1.]), array([2.]))"


@pytest.mark.parametrize("junk", ["2", object(), 1j])
def test_what_is_no_number_is_refused(junk: Any) -> None:
    with pytest.raises(TypeError):
        Dual(junk, 1.0)
    with pytest.raises(TypeError):
        Dual(1.0, junk)
